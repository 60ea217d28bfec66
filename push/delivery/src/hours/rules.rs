//! Until when a push waits. Pure: the moment and the zone are given.

use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};
use notice::Urgency;

/// Minutes of a day.
const DAY: i32 = 24 * 60;

/// A time on the wall clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct WallTime(i32);

impl WallTime {
    /// From minutes after midnight, as stored.
    pub fn of_minutes(minutes: i32) -> Option<Self> {
        (0..DAY).contains(&minutes).then_some(Self(minutes))
    }

    /// Reads `22:00`, `7:05`, and `22.00` as people type it where the browser has no clock to choose from.
    pub fn parse(text: &str) -> Option<Self> {
        let (hours, minutes) = text.trim().split_once([':', '.'])?;
        let number = |part: &str, most: i32| (1..=2).contains(&part.len()).then(|| part.parse().ok()).flatten().filter(|number: &i32| (0..most).contains(number));
        // Some browsers send seconds.
        let minutes = minutes.split_once(':').map_or(minutes, |(minutes, _)| minutes);
        Some(Self(number(hours, 24)? * 60 + number(minutes, 60)?))
    }

    /// As stored.
    pub fn minutes(self) -> i32 {
        self.0
    }

    /// The next moment at which the wall clock shows this, after `now`. A time that a day skips is its first moment afterwards.
    fn next(self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let today = now.to_zoned(zone.clone()).date();
        let on = |day: Date| Some(day.to_datetime(self.time()?).to_zoned(zone.clone()).ok()?.timestamp());
        // The day before, too: where the clock is set back it may still be to come.
        let days = [today.yesterday().ok(), Some(today), today.tomorrow().ok(), today.tomorrow().ok().and_then(|day| day.tomorrow().ok())];
        days.into_iter().flatten().filter_map(on).find(|moment| *moment > now)
    }

    fn time(self) -> Option<Time> {
        Time::new(i8::try_from(self.0 / 60).ok()?, i8::try_from(self.0 % 60).ok()?, 0, 0).ok()
    }
}

impl std::fmt::Display for WallTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// What alarms do in quiet hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Alarms {
    /// They come all the same.
    #[default]
    Pass,
    /// They wait like all others.
    Wait,
}

impl Alarms {
    /// As in SQL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Wait => "wait",
        }
    }

    /// As stored, which a CHECK keeps to ours.
    pub fn stored(text: &str) -> Self {
        if text == "wait" { Self::Wait } else { Self::Pass }
    }
}

/// Quiet from one time to another, over midnight where the second is the smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    /// From this time on.
    pub from: WallTime,
    /// Until before this one.
    pub to: WallTime,
}

impl Quiet {
    fn holds_at(self, now: Timestamp, zone: &TimeZone) -> bool {
        let time = now.to_zoned(zone.clone()).time();
        let now = WallTime(i32::from(time.hour()) * 60 + i32::from(time.minute()));
        if self.from <= self.to { self.from <= now && now < self.to } else { self.from <= now || now < self.to }
    }
}

/// What a guardian wishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hours {
    /// When it shall be quiet.
    pub quiet: Option<Quiet>,
    /// Whether alarms keep to it.
    pub alarms: Alarms,
    /// When the digest comes, for who wants one.
    pub digest: Option<WallTime>,
}

impl Hours {
    /// As stored.
    pub fn stored(quiet_from: Option<i32>, quiet_to: Option<i32>, alarms: Option<&str>, digest_at: Option<i32>) -> Self {
        let wall = |minutes: Option<i32>| minutes.and_then(WallTime::of_minutes);
        let quiet = wall(quiet_from).zip(wall(quiet_to)).map(|(from, to)| Quiet { from, to });
        Self { quiet, alarms: alarms.map(Alarms::stored).unwrap_or_default(), digest: wall(digest_at) }
    }

    /// Until when a push of now waits; nothing where it goes at once. Bulk waits for the digest, whatever waits ends in no quiet.
    pub fn wait(&self, urgency: Urgency, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let digest = self.digest.filter(|_| urgency == Urgency::Bulk).and_then(|at| at.next(now, zone));
        let quiet = self.quiet.filter(|_| urgency != Urgency::Alarm || self.alarms == Alarms::Wait);
        let from = digest.unwrap_or(now);
        match quiet.filter(|quiet| quiet.holds_at(from, zone)) {
            Some(quiet) => quiet.to.next(from, zone),
            None => digest,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn zone() -> TimeZone {
        TimeZone::get("Asia/Almaty").unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn night() -> Hours {
        Hours { quiet: Some(Quiet { from: WallTime::parse("22:00").unwrap(), to: WallTime::parse("07:00").unwrap() }), ..Hours::default() }
    }

    #[test]
    fn a_time_is_read_as_sent_and_as_typed() {
        for (text, shown) in [("22:00", "22:00"), ("7:05", "07:05"), (" 07.05 ", "07:05"), ("00:00", "00:00"), ("23:59:00", "23:59")] {
            assert_eq!(WallTime::parse(text).map(|time| time.to_string()).as_deref(), Some(shown), "{text}");
        }
        for text in ["", "24:00", "7:60", "7", "007:00", "-1:00", "сағат"] {
            assert_eq!(WallTime::parse(text), None, "{text}");
        }
    }

    #[test]
    fn inv_1_the_night_waits_for_the_morning_of_the_schools_zone() {
        // 23:30 in Almaty, 18:30 in London's winter: UTC+5.
        assert_eq!(night().wait(Urgency::Now, at("2026-11-21T18:30:00Z"), &zone()), Some(at("2026-11-22T02:00:00Z")));
        assert_eq!(night().wait(Urgency::Now, at("2026-11-21T01:59:00Z"), &zone()), Some(at("2026-11-21T02:00:00Z")));
        assert_eq!(night().wait(Urgency::Now, at("2026-11-21T02:00:00Z"), &zone()), None, "the end is not quiet");
        assert_eq!(night().wait(Urgency::Now, at("2026-11-21T16:59:59Z"), &zone()), None);
        // Before 1 March 2024 Almaty kept UTC+6: the rule of that day holds.
        assert_eq!(night().wait(Urgency::Now, at("2024-02-20T18:30:00Z"), &zone()), Some(at("2024-02-21T01:00:00Z")));
    }

    #[test]
    fn inv_2_alarms_pass_unless_their_reader_said_otherwise() {
        let now = at("2026-11-21T18:30:00Z");
        assert_eq!(night().wait(Urgency::Alarm, now, &zone()), None);
        assert!(Hours { alarms: Alarms::Wait, ..night() }.wait(Urgency::Alarm, now, &zone()).is_some());
    }

    #[test]
    fn the_digest_gathers_bulk_and_nothing_else_and_keeps_the_quiet() {
        let evening = Hours { digest: WallTime::parse("19:00"), ..night() };
        let noon = at("2026-11-21T07:00:00Z");
        assert_eq!(evening.wait(Urgency::Bulk, noon, &zone()), Some(at("2026-11-21T14:00:00Z")));
        assert_eq!(evening.wait(Urgency::Normal, noon, &zone()), None);
        let in_the_quiet = Hours { digest: WallTime::parse("23:00"), ..night() };
        assert_eq!(in_the_quiet.wait(Urgency::Bulk, noon, &zone()), Some(at("2026-11-22T02:00:00Z")));
    }

    fn hours() -> impl Strategy<Value = Hours> {
        let wall = || (0..DAY).prop_map(WallTime);
        let quiet = proptest::option::of((wall(), wall()).prop_filter_map("differ", |(from, to)| (from != to).then_some(Quiet { from, to })));
        (quiet, any::<bool>(), proptest::option::of(wall())).prop_map(|(quiet, wait, digest)| Hours { quiet, alarms: if wait { Alarms::Wait } else { Alarms::Pass }, digest })
    }

    proptest! {
        #[test]
        fn inv_1_whatever_waits_ends_within_two_days_and_not_in_the_quiet(hours in hours(), second in 1_700_000_000_i64..1_900_000_000) {
            let now = Timestamp::from_second(second).unwrap();
            for urgency in [Urgency::Alarm, Urgency::Now, Urgency::Normal, Urgency::Bulk] {
                match hours.wait(urgency, now, &zone()) {
                    Some(until) => {
                        prop_assert!(until > now && until.duration_since(now).as_hours() <= 49);
                        prop_assert!(hours.quiet.is_none_or(|quiet| !quiet.holds_at(until, &zone())), "{until}");
                        prop_assert!(hours.quiet.is_some() || (urgency == Urgency::Bulk && hours.digest.is_some()));
                    }
                    None => prop_assert!(urgency == Urgency::Alarm || hours.quiet.is_none_or(|quiet| !quiet.holds_at(now, &zone()))),
                }
            }
        }
    }
}
