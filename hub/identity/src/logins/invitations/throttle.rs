//! Slows the trying of codes. Counted by address: a code belongs to nobody yet. In memory and bounded; a restart forgives. The limit is
//! generous, since a school's hall stands behind one address when parents join together.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};

const FREE_TRIES: u32 = 30;
const WAIT: SignedDuration = SignedDuration::from_secs(10 * 60);
const MOST: usize = 20_000;

/// Recent tries of codes that were none.
#[derive(Default)]
pub struct Throttle {
    failures: Mutex<HashMap<IpAddr, (u32, Timestamp)>>,
}

impl Throttle {
    /// How many seconds to wait before another try; none when it may be now.
    pub fn wait(&self, address: IpAddr, now: Timestamp) -> Option<u32> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, last) = failures.get(&address)?;
        let left = (WAIT - now.duration_since(*last)).as_secs();
        (*count >= FREE_TRIES && left > 0).then(|| u32::try_from(left).unwrap_or(u32::MAX))
    }

    /// One more code that was none.
    pub fn failed(&self, address: IpAddr, now: Timestamp) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= MOST {
            failures.retain(|_, (_, last)| now.duration_since(*last) < WAIT);
        }
        if failures.len() >= MOST {
            failures.clear();
        }
        let (count, last) = failures.entry(address).or_insert((0, now));
        if now.duration_since(*last) >= WAIT {
            *count = 0;
        }
        (*count, *last) = (count.saturating_add(1), now);
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn inv_4_an_address_that_tries_many_codes_waits_and_its_neighbour_does_not() {
        let at = |seconds: i64| Timestamp::from_second(1_700_000_000 + seconds).unwrap();
        let (here, elsewhere) = (IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1)), IpAddr::V4(Ipv4Addr::new(10, 0, 0, 2)));
        let throttle = Throttle::default();
        for _ in 0..FREE_TRIES {
            assert_eq!(throttle.wait(here, at(0)), None);
            throttle.failed(here, at(0));
        }
        assert_eq!(throttle.wait(here, at(1)), Some(599));
        assert_eq!(throttle.wait(elsewhere, at(1)), None);
        assert_eq!(throttle.wait(here, at(600)), None);
        throttle.failed(here, at(600));
        assert_eq!(throttle.wait(here, at(601)), None, "a new count began");
    }
}
