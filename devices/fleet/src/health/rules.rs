//! How bad a device's state is, and in which order support looks at them.

use std::cmp::Reverse;

use jiff::{SignedDuration, Timestamp};

use super::Status;
use crate::downtime::rules::BACK_WITHIN;

/// A device that says nothing for this long is silent, whatever it said last.
pub const SILENT_AFTER: SignedDuration = SignedDuration::from_mins(5);
/// More events than this waiting for our acknowledgement are trouble: a full window is under way and some more wait.
pub const LONG_QUEUE: i64 = 200;
/// A fresh event that needed longer than this from the door to the database is trouble.
pub const SLOW_MS: i64 = 5_000;
/// A clock this far off shows wrong times to parents.
pub const WRONG_CLOCK_MS: i64 = 60_000;

/// How a device is, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Condition {
    /// Out of service on purpose.
    Retired,
    /// As it should be.
    Well,
    /// There, but with a long queue, slow, or with a wrong clock.
    Troubled,
    /// Registered and never heard of.
    NeverSeen,
    /// Offline, or saying nothing.
    Silent,
}

impl Condition {
    /// All conditions, worst first, as filters offer them.
    pub const ALL: [Self; 5] = [Self::Silent, Self::NeverSeen, Self::Troubled, Self::Well, Self::Retired];

    /// As in URLs and message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Retired => "retired",
            Self::Well => "well",
            Self::Troubled => "troubled",
            Self::NeverSeen => "never-seen",
            Self::Silent => "silent",
        }
    }

    /// Reads a filter.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|condition| condition.as_str() == text)
    }
}

impl Status {
    /// How the device is at this moment.
    pub fn condition(&self, now: Timestamp) -> Condition {
        let exceeds = |value: Option<i64>, limit: i64| value.is_some_and(|value| value.saturating_abs() > limit);
        let Some(seen_at) = self.seen_at else {
            return if self.retired_at.is_some() { Condition::Retired } else { Condition::NeverSeen };
        };
        if self.retired_at.is_some() {
            Condition::Retired
        } else if self.status.as_deref() != Some("online") || self.unheard_for(seen_at, now) > SILENT_AFTER {
            Condition::Silent
        } else if exceeds(self.queue, LONG_QUEUE) || exceeds(self.latency_ms, SLOW_MS) || exceeds(self.clock_offset_ms, WRONG_CLOCK_MS) {
            Condition::Troubled
        } else {
            Condition::Well
        }
    }

    /// For how long it could have been heard and was not: what the service slept through, and the time to come back after that, is left out.
    fn unheard_for(&self, seen_at: Timestamp, now: Timestamp) -> SignedDuration {
        let since = self.listened_since.filter(|since| *since > seen_at).map_or(seen_at, |since| since + BACK_WITHIN);
        let until = self.listened_at.map_or(now, |at| at.max(seen_at).min(now));
        until.duration_since(since)
    }

    /// Since when the device says nothing, as far as it ever spoke.
    pub fn silent_since(&self) -> Option<Timestamp> {
        match (self.status.as_deref(), self.status_since) {
            (Some("offline"), Some(since)) => Some(since),
            _ => self.seen_at,
        }
    }
}

/// Sorts devices so that the one which needs a person most comes first.
pub fn worst_first(statuses: &mut [Status], now: Timestamp) {
    statuses.sort_by_cached_key(|status| {
        let condition = status.condition(now);
        let silence = (condition == Condition::Silent).then(|| status.silent_since()).flatten();
        let (queue, latency) = (status.queue.unwrap_or(0), status.latency_ms.unwrap_or(0));
        (Reverse(condition), silence, Reverse(queue), Reverse(latency), status.school_code.clone(), status.code.clone())
    });
}

#[cfg(test)]
mod tests {
    use kernel::id::{DeviceId, SchoolId, Uuid};
    use proptest::prelude::*;

    use super::*;

    fn now() -> Timestamp {
        "2026-11-22T08:00:00Z".parse().unwrap()
    }

    fn device(code: &str, status: Option<&str>, seen_s_ago: i64, queue: i64, latency_ms: i64) -> Status {
        let seen = now() - SignedDuration::from_secs(seen_s_ago);
        Status {
            school: SchoolId(Uuid::nil()), school_code: "s001".into(), school_name_kk: String::new(), school_name_ru: String::new(),
            school_name_en: String::new(), zone: "Asia/Almaty".into(), id: DeviceId(Uuid::nil()), code: code.into(), kind: "turnstile".into(),
            name: code.into(), place: String::new(), retired_at: None, status: status.map(str::to_owned), status_since: status.map(|_| seen),
            seen_at: status.map(|_| seen), last_event_at: None, latency_ms: Some(latency_ms), clock_offset_ms: None, queue: Some(queue),
            reader_errors: None, temperature_c: None, disk_free_percent: None, link_percent: None, rx_bytes: None, tx_bytes: None,
            firmware: None, store: None, listened_since: None, listened_at: None,
        }
    }

    #[test]
    fn the_condition_follows_from_what_is_known() {
        for (status, seen_s_ago, queue, latency, condition) in [
            (Some("online"), 10, 0, 20, Condition::Well),
            (Some("online"), 10, 201, 20, Condition::Troubled),
            (Some("online"), 10, 0, 5_001, Condition::Troubled),
            (Some("online"), 301, 0, 20, Condition::Silent),
            (Some("offline"), 10, 0, 20, Condition::Silent),
            (None, 0, 0, 0, Condition::NeverSeen),
        ] {
            assert_eq!(device("a", status, seen_s_ago, queue, latency).condition(now()), condition, "{status:?} {seen_s_ago} {queue} {latency}");
        }
    }

    #[test]
    fn a_service_that_is_or_was_away_makes_nobody_silent() {
        let ago = |s_ago: i64| Some(now() - SignedDuration::from_secs(s_ago));
        let quiet = device("a", Some("online"), 4_000, 0, 20);
        for (listened_since, listened_at, condition) in [
            (None, None, Condition::Silent),
            // It listens since three minutes; since twelve and a half.
            (ago(180), ago(5), Condition::Well),
            (ago(750), ago(5), Condition::Silent),
            // It has listened for long and does not any more: the device spoke two minutes before that, or ten.
            (ago(9_000), ago(3_880), Condition::Well),
            (ago(9_000), ago(3_400), Condition::Silent),
        ] {
            assert_eq!(Status { listened_since, listened_at, ..quiet.clone() }.condition(now()), condition, "{listened_since:?} {listened_at:?}");
        }
    }

    #[test]
    fn inv_2_the_worst_stands_first() {
        let mut all = vec![
            device("well", Some("online"), 1, 0, 10),
            device("slow", Some("online"), 1, 0, 9_000),
            device("full", Some("online"), 1, 900, 10),
            device("gone-short", Some("offline"), 60, 0, 10),
            device("gone-long", Some("offline"), 6_000, 0, 10),
            device("new", None, 0, 0, 0),
        ];
        worst_first(&mut all, now());
        let order: Vec<&str> = all.iter().map(|status| status.code.as_str()).collect();
        assert_eq!(order, ["gone-long", "gone-short", "new", "full", "slow", "well"]);
    }

    proptest! {
        #[test]
        fn inv_2_a_worse_condition_never_stands_below(devices in prop::collection::vec((any::<bool>(), 0_i64..900, 0_i64..400, 0_i64..9_000), 0..40)) {
            let mut all: Vec<Status> = devices.into_iter()
                .map(|(online, seen, queue, latency)| device("d", Some(if online { "online" } else { "offline" }), seen, queue, latency)).collect();
            worst_first(&mut all, now());
            prop_assert!(all.windows(2).all(|pair| pair[0].condition(now()) >= pair[1].condition(now())));
        }
    }
}
