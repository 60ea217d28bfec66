//! The clock of one work day, and what may be typed into the register. Pure.

use std::collections::BTreeSet;

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, DateTime, Time, Weekday},
    tz::TimeZone,
};
use kernel::{Error, Result, error::FieldError};

/// The longest text of a register entry, in characters.
pub const LONGEST: usize = 4_000;
/// The longest line: a contact, the number of a letter.
const LONGEST_LINE: usize = 300;
/// How far back an incident may have been noticed when it is written down.
const OLDEST: SignedDuration = SignedDuration::from_hours(24 * 366);
/// With less left than this, the clock is said to be short.
const SHORT: SignedDuration = SignedDuration::from_hours(4);

/// By when the authorised body has to know of what was noticed at this moment.
///
/// One work day: noticed on a work day, the same hour of the next one; noticed on a day off, the end of the first work day after it. Of
/// the readings that the order allows (a day counted from the moment, or days counted whole) this is never the later one.
pub fn due(noticed: Timestamp, zone: &TimeZone, days_off: &BTreeSet<Date>) -> Option<Timestamp> {
    let noticed = noticed.to_zoned(zone.clone());
    let next = next_work_day(noticed.date(), days_off)?;
    let due = match is_work_day(noticed.date(), days_off) {
        true => DateTime::from_parts(next, noticed.time()),
        false => DateTime::from_parts(next.tomorrow().ok()?, Time::midnight()),
    };
    Some(due.to_zoned(zone.clone()).ok()?.timestamp())
}

fn is_work_day(day: Date, days_off: &BTreeSet<Date>) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !days_off.contains(&day)
}

/// The first work day after a day; the longest row of days off is shorter than a month.
fn next_work_day(day: Date, days_off: &BTreeSet<Date>) -> Option<Date> {
    let following = std::iter::successors(day.tomorrow().ok(), |day| day.tomorrow().ok());
    following.take(31).find(|day| is_work_day(*day, days_off))
}

/// How the clock of an incident stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// The authorised body was told in time.
    InTime,
    /// It was told, and too late.
    Late,
    /// There is time left.
    Left(SignedDuration),
    /// There is less than four hours.
    Short(SignedDuration),
    /// It should have been told.
    Over(SignedDuration),
    /// Closed as nothing to report.
    Closed,
}

impl Clock {
    /// How it stands now.
    pub fn of(due: Timestamp, reported: Option<Timestamp>, closed: Option<Timestamp>, now: Timestamp) -> Self {
        match (reported, closed) {
            (Some(reported), _) if reported <= due => Self::InTime,
            (Some(_), _) => Self::Late,
            (None, Some(_)) => Self::Closed,
            (None, None) if now >= due => Self::Over(now.duration_since(due)),
            (None, None) if due.duration_since(now) < SHORT => Self::Short(due.duration_since(now)),
            (None, None) => Self::Left(due.duration_since(now)),
        }
    }
}

/// What is typed to register an incident, as it came.
#[derive(Debug, Clone, Default, serde::Deserialize)]
pub struct Typed {
    /// The id that the form was given, so that it is sent once.
    #[serde(default)]
    pub id: String,
    /// The day it was noticed.
    #[serde(default)]
    pub day: String,
    /// The time of day.
    #[serde(default)]
    pub time: String,
    /// What happened.
    #[serde(default)]
    pub happened: String,
    /// Who answers for it, and how to reach them.
    #[serde(default)]
    pub contact: String,
}

/// What is typed to register an incident, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// When it was noticed.
    pub detected_at: Timestamp,
    /// What happened.
    pub happened: String,
    /// Who answers for it.
    pub contact: String,
}

impl Draft {
    /// Reads the form.
    ///
    /// # Errors
    /// The fields that cannot be taken.
    pub fn parse(typed: &Typed, now: Timestamp, zone: &TimeZone) -> Result<Self> {
        let (noticed, happened, contact) = (moment(&typed.day, &typed.time, zone), text(&typed.happened, LONGEST), text(&typed.contact, LONGEST_LINE));
        let detected_at = noticed.filter(|noticed| *noticed <= now && now.duration_since(*noticed) < OLDEST);
        match (detected_at, happened, contact) {
            (Some(detected_at), Some(happened), Some(contact)) => Ok(Self { detected_at, happened, contact }),
            (detected_at, happened, contact) => {
                let wrong = [("day", "breaches-field-day", detected_at.is_none()), ("happened", "breaches-field-happened", happened.is_none()), ("contact", "breaches-field-contact", contact.is_none())];
                Err(Error::Invalid(wrong.into_iter().filter(|(_, _, wrong)| *wrong).map(|(field, message, _)| FieldError { field, message }).collect()))
            }
        }
    }
}

/// A text without blank edges; nothing for an empty or an endless one.
pub fn text(typed: &str, longest: usize) -> Option<String> {
    let text = typed.trim();
    (!text.is_empty() && text.chars().count() <= longest).then(|| text.to_owned())
}

/// One line: the number of a letter.
pub fn line(typed: &str) -> Option<String> {
    text(typed, LONGEST_LINE).filter(|line| !line.chars().any(char::is_control))
}

/// A day and a time of day as browsers send them.
pub fn moment(day: &str, time: &str, zone: &TimeZone) -> Option<Timestamp> {
    let (day, time): (Date, Time) = (day.trim().parse().ok()?, time.trim().parse().ok()?);
    Some(DateTime::from_parts(day, time).to_zoned(zone.clone()).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn almaty() -> TimeZone {
        TimeZone::get("Asia/Almaty").unwrap()
    }

    fn at(text: &str) -> Timestamp {
        format!("{text}+05:00").parse().unwrap()
    }

    fn republic_day() -> BTreeSet<Date> {
        BTreeSet::from([date(2027, 3, 22), date(2027, 3, 23), date(2026, 12, 16)])
    }

    #[test]
    fn inv_1_the_clock_is_one_work_day() {
        for (noticed, by) in [
            ("2026-11-24T10:15", "2026-11-25T10:15"),
            ("2026-11-27T16:40", "2026-11-30T16:40"),
            ("2026-11-28T09:00", "2026-12-01T00:00"),
            ("2026-11-29T23:59", "2026-12-01T00:00"),
            ("2026-12-15T12:00", "2026-12-17T12:00"),
            ("2026-12-16T12:00", "2026-12-18T00:00"),
            ("2027-03-19T18:00", "2027-03-24T18:00"),
            ("2027-03-20T18:00", "2027-03-25T00:00"),
        ] {
            assert_eq!(due(at(noticed), &almaty(), &republic_day()), Some(at(by)), "{noticed}");
        }
    }

    #[test]
    fn inv_1_a_day_without_an_end_has_no_clock() {
        let endless: BTreeSet<Date> = date(2026, 1, 1).series(jiff::Span::new().days(1)).take(800).collect();
        assert_eq!(due(at("2026-11-24T10:15"), &almaty(), &endless), None);
    }

    #[test]
    fn the_clock_says_what_is_left_and_what_is_over() {
        let due = at("2026-11-25T10:00");
        for (reported, closed, now, stands) in [
            (None, None, "2026-11-24T10:00", Clock::Left(SignedDuration::from_hours(24))),
            (None, None, "2026-11-25T07:00", Clock::Short(SignedDuration::from_hours(3))),
            (None, None, "2026-11-25T10:00", Clock::Over(SignedDuration::ZERO)),
            (Some("2026-11-25T10:00"), None, "2026-12-25T10:00", Clock::InTime),
            (Some("2026-11-25T10:01"), Some("2026-11-26T10:00"), "2026-12-25T10:00", Clock::Late),
            (None, Some("2026-11-24T11:00"), "2026-12-25T10:00", Clock::Closed),
        ] {
            assert_eq!(Clock::of(due, reported.map(at), closed.map(at), at(now)), stands, "{now}");
        }
    }

    #[test]
    fn what_is_noticed_lies_in_the_past_and_every_wrong_field_is_named() {
        let now = at("2026-11-24T12:00");
        let typed = |day: &str, time: &str, happened: &str, contact: &str| Typed { day: day.into(), time: time.into(), happened: happened.into(), contact: contact.into(), ..Typed::default() };
        assert_eq!(
            Draft::parse(&typed("2026-11-24", "11:30", " A laptop was lost. ", "A. Ospanova, +7 700 000 00 00"), now, &almaty()).unwrap(),
            Draft { detected_at: at("2026-11-24T11:30"), happened: "A laptop was lost.".into(), contact: "A. Ospanova, +7 700 000 00 00".into() }
        );
        for (draft, fields) in [
            (typed("2026-11-24", "12:30", "x", "y"), vec!["day"]),
            (typed("2025-11-20", "12:30", "x", "y"), vec!["day"]),
            (typed("", "", " ", ""), vec!["day", "happened", "contact"]),
            (typed("2026-11-24", "11:30", &"x".repeat(LONGEST + 1), "y"), vec!["happened"]),
        ] {
            let Err(Error::Invalid(wrong)) = Draft::parse(&draft, now, &almaty()) else { panic!("{draft:?}") };
            assert_eq!(wrong.iter().map(|wrong| wrong.field).collect::<Vec<_>>(), fields);
        }
    }

    proptest! {
        #[test]
        fn inv_1_it_is_never_more_than_the_next_whole_work_day(seconds in 0_i64..200_000_000) {
            let noticed = at("2026-01-01T00:00") + SignedDuration::from_secs(seconds);
            let days_off = republic_day();
            let due = due(noticed, &almaty(), &days_off).unwrap().to_zoned(almaty());
            let first = next_work_day(noticed.to_zoned(almaty()).date(), &days_off).unwrap();
            let end = DateTime::from_parts(first.tomorrow().unwrap(), Time::midnight()).to_zoned(almaty()).unwrap();
            prop_assert!(due.timestamp() > noticed && due <= end);
        }

        #[test]
        fn no_text_panics(day in ".{0,20}", time in ".{0,20}", happened in ".{0,50}") {
            drop(Draft::parse(&Typed { id: String::new(), day, time, happened, contact: "x".into() }, at("2026-11-24T12:00"), &almaty()));
        }
    }
}
