//! From which moment on a rule keeps. Pure.

use jiff::{Timestamp, ToSpan, tz::TimeZone};

/// A century: longer than any rule, and short enough for the calendar.
const LONGEST: i32 = 1_200;

/// What is older than this may leave: so many calendar months back, as long as the month allows.
pub fn cut_off(now: Timestamp, keep_months: i32) -> Timestamp {
    let back = now.to_zoned(TimeZone::UTC).checked_sub(keep_months.clamp(1, LONGEST).months());
    // Nothing is older than the calendar.
    back.map_or(Timestamp::MIN, |then| then.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inv_1_a_rule_keeps_whole_months_and_at_least_one() {
        for (now, months, then) in [
            ("2026-11-22T03:00:00Z", 36, "2023-11-22T03:00:00Z"),
            ("2026-03-31T03:00:00Z", 1, "2026-02-28T03:00:00Z"),
            ("2026-11-22T03:00:00Z", 0, "2026-10-22T03:00:00Z"),
            ("2026-11-22T03:00:00Z", -7, "2026-10-22T03:00:00Z"),
        ] {
            assert_eq!(cut_off(now.parse().unwrap(), months), then.parse().unwrap(), "{months} before {now}");
        }
        assert_eq!(cut_off("2026-11-22T03:00:00Z".parse().unwrap(), i32::MAX), "1926-11-22T03:00:00Z".parse().unwrap());
    }
}
