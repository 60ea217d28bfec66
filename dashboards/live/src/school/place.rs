//! A place in the stream: the row after which to go on.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use kernel::id::DeviceId;

/// Names one row of the stream by the key it is sorted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// When the hub got it.
    pub received_at: Timestamp,
    /// The device.
    pub device: DeviceId,
    /// Its journal.
    pub store: String,
    /// Its number there.
    pub seq: i64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}.{}", self.received_at.as_microsecond(), self.device, self.store, self.seq)
    }
}

/// A text that names no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoPlace;

impl FromStr for Place {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let mut parts = text.splitn(4, '.');
        let mut part = || parts.next().ok_or(NoPlace);
        let micros: i64 = part()?.parse().map_err(|_| NoPlace)?;
        let received_at = Timestamp::from_microsecond(micros).map_err(|_| NoPlace)?;
        let device = part()?.parse().map_err(|_| NoPlace)?;
        let store = part()?.to_owned();
        let seq = part()?.parse().map_err(|_| NoPlace)?;
        Ok(Self { received_at, device, store, seq })
    }
}

#[cfg(test)]
mod tests {
    use kernel::id::Uuid;

    use super::*;

    #[test]
    fn inv_1_a_place_reads_back_as_written() {
        let place = Place {
            received_at: "2026-11-22T02:52:01.123456Z".parse().unwrap(),
            device: DeviceId(Uuid::from_u128(77)),
            store: "k3_-x".into(),
            seq: 12,
        };
        assert_eq!(place.to_string().parse(), Ok(place));
        for text in ["", "1", "x.y.z.1", "1.2.3.4", "99999999999999999999.a.b.1"] {
            assert_eq!(text.parse::<Place>(), Err(NoPlace), "{text}");
        }
    }
}
