//! Why something was not delivered, in words that say what to do; and how far back a page looks. Pure.

use jiff::{SignedDuration, Timestamp};

use crate::channels::Via;

/// So many are opened by one act: a minute's work for the slowest channel that may take them later.
pub const MOST: i64 = 5_000;

/// What has to be mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The provider does not know us: a key, a password, a project.
    Credentials,
    /// The provider had too much of us until it was too late.
    Busy,
    /// The provider was out of order until it was too late.
    Provider,
    /// The provider takes no such message.
    Payload,
    /// There was no way to the provider.
    Network,
    /// We did not try in time.
    Ours,
    /// This installation has no such channel.
    NoChannel,
}

impl Cause {
    /// Reads what stands in a row: by what it was sent, and the few words that the last attempt left.
    pub fn of(channel: &str, outcome: &str, detail: &str) -> Self {
        let number = detail.split(' ').next().and_then(|word| word.parse::<u16>().ok());
        match (number, Via::stored(channel)) {
            (Some(530 | 534 | 535), Some(Via::Mail)) => Self::Credentials,
            (Some(400..=499), Some(Via::Mail)) => Self::Provider,
            (Some(401 | 403 | 404), _) => Self::Credentials,
            (Some(429), _) => Self::Busy,
            (Some(500..=599), Some(Via::Mail)) => Self::Payload,
            (Some(500..=599), _) => Self::Provider,
            (Some(_), _) => Self::Payload,
            (None, _) if detail == "no such channel here" => Self::NoChannel,
            (None, _) if detail.is_empty() || detail == "panic" => Self::Ours,
            (None, _) if detail == "many at once" || detail == "the provider asks to wait" => Self::Busy,
            (None, _) if outcome == "refused" => Self::Payload,
            (None, _) => Self::Network,
        }
    }

    /// What it is, as a message key.
    pub fn key(self) -> &'static str {
        match self {
            Self::Credentials => "undelivered-cause-credentials",
            Self::Busy => "undelivered-cause-busy",
            Self::Provider => "undelivered-cause-provider",
            Self::Payload => "undelivered-cause-payload",
            Self::Network => "undelivered-cause-network",
            Self::Ours => "undelivered-cause-ours",
            Self::NoChannel => "undelivered-cause-no-channel",
        }
    }
}

/// How far back a page looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Period {
    /// A day.
    Day,
    /// As long as the longest-lived news lasts.
    #[default]
    Days3,
    /// A week.
    Week,
    /// A month.
    Month,
}

impl Period {
    /// All, the shortest first.
    pub const ALL: [Self; 4] = [Self::Day, Self::Days3, Self::Week, Self::Month];

    /// As in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "1",
            Self::Days3 => "3",
            Self::Week => "7",
            Self::Month => "30",
        }
    }

    /// Reads one; the usual one for what is none.
    pub fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|period| period.as_str() == text).unwrap_or_default()
    }

    /// Its words, as a message key.
    pub fn key(self) -> &'static str {
        match self {
            Self::Day => "undelivered-period-1",
            Self::Days3 => "undelivered-period-3",
            Self::Week => "undelivered-period-7",
            Self::Month => "undelivered-period-30",
        }
    }

    /// Where it begins.
    pub fn begins(self, now: Timestamp) -> Timestamp {
        let hours = match self {
            Self::Day => 24,
            Self::Days3 => 72,
            Self::Week => 7 * 24,
            Self::Month => 30 * 24,
        };
        now.saturating_sub(SignedDuration::from_hours(hours)).unwrap_or(Timestamp::MIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_says_what_to_mend() {
        let catalog = web::Catalog::build(crate::LOCALES).unwrap();
        for (channel, outcome, detail, expected) in [
            ("fcm", "expired", "401 UNAUTHENTICATED", Cause::Credentials),
            ("fcm", "refused", "403 SENDER_ID_MISMATCH", Cause::Credentials),
            ("fcm", "refused", "400 INVALID_ARGUMENT", Cause::Payload),
            ("fcm", "expired", "503 UNAVAILABLE", Cause::Provider),
            ("web_push", "refused", "413", Cause::Payload),
            ("web_push", "expired", "429", Cause::Busy),
            ("telegram", "expired", "401", Cause::Credentials),
            ("telegram", "expired", "many at once", Cause::Busy),
            ("telegram", "refused", "no chat", Cause::Payload),
            ("mail", "expired", "451 4.2", Cause::Provider),
            ("mail", "refused", "535 5.7", Cause::Credentials),
            ("mail", "refused", "554 5.7", Cause::Payload),
            ("mail", "refused", "no such channel here", Cause::NoChannel),
            ("fcm", "expired", "no answer in time", Cause::Network),
            ("fcm", "expired", "", Cause::Ours),
            ("carrier_pigeon", "expired", "panic", Cause::Ours),
        ] {
            assert_eq!(Cause::of(channel, outcome, detail), expected, "{channel} {outcome} {detail}");
            assert!(catalog.has(expected.key()), "{expected:?}");
        }
    }

    #[test]
    fn a_period_is_one_of_four() {
        let now: Timestamp = "2026-11-26T06:00:00Z".parse().unwrap();
        for period in Period::ALL {
            assert_eq!(Period::parse(period.as_str()), period);
            assert!(period.begins(now) < now);
        }
        assert_eq!(Period::parse("all"), Period::Days3);
        assert!(notice::KINDS.iter().all(|kind| kind.expires_after <= SignedDuration::from_hours(72)), "the usual page shows all that is news");
    }
}
