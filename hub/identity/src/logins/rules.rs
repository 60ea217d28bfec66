//! What a login, a period and a printed secret may be. Pure.

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use kernel::{Error, Result, error::FieldError, id::ClassId};

/// For so many classes a role is given at most; for more it is given for the whole school.
const MOST_CLASSES: usize = 100;

/// Letters and digits that nobody takes for one another, on paper or on a phone.
const ALPHABET: &[u8; 30] = b"23456789abcdefghjkmnpqrstvwxyz";

/// A text of so many letters of the alphabet that nobody can guess, made of random bytes; nothing when they are too few.
pub fn secret(random: &[u8], letters: usize) -> Option<String> {
    // Bytes beyond the last whole alphabet are left out: every letter is as likely.
    let fair = random.iter().filter(|byte| **byte < 240).filter_map(|byte| ALPHABET.get(usize::from(byte % 30)));
    let text: String = fair.take(letters).map(|letter| char::from(*letter)).collect();
    (text.len() == letters).then_some(text)
}

/// From when until when somebody holds a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// From here on.
    pub from: Timestamp,
    /// Up to here, if there is an end.
    pub until: Option<Timestamp>,
}

impl Period {
    /// Reads the days of a form: nothing typed means from now on, and without an end. The last day belongs to it.
    pub fn parse(from: &str, until: &str, now: Timestamp, zone: &TimeZone) -> Result<Self> {
        let today = now.to_zoned(zone.clone()).date();
        let first = day(from).map_err(|()| Error::invalid("from", "logins-field-day"))?;
        let last = day(until).map_err(|()| Error::invalid("until", "logins-field-day"))?;
        if last.is_some_and(|last| last < first.unwrap_or(today).max(today)) {
            return Err(Error::invalid("until", "logins-field-until"));
        }
        let from = match first.filter(|first| *first > today) {
            Some(first) => start_of(first, zone)?,
            None => now,
        };
        let until = last.map(|last| last.tomorrow().map_err(|_| too_far()).and_then(|end| start_of(end, zone))).transpose()?;
        Ok(Self { from, until })
    }
}

/// For whom a role is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// For the whole school.
    Whole,
    /// For these classes, each once and in order.
    Classes(Vec<ClassId>),
}

impl Reach {
    /// Reads a form. Whoever says "some classes" names at least one, and only of this school: nothing else may become "the whole school".
    pub fn parse<'a>(reach: &str, chosen: impl Iterator<Item = &'a str>, there: &[ClassId]) -> Result<Self> {
        let wrong = || Error::invalid("classes", "standing-field-classes");
        let chosen: Option<BTreeSet<ClassId>> = chosen.map(|class| class.parse().ok().filter(|class| there.contains(class))).collect();
        let chosen: Vec<ClassId> = chosen.ok_or_else(wrong)?.into_iter().collect();
        match (reach, chosen.is_empty()) {
            ("classes", false) if chosen.len() <= MOST_CLASSES => Ok(Self::Classes(chosen)),
            // An old form knows no reach.
            ("" | "whole", true) => Ok(Self::Whole),
            _ => Err(wrong()),
        }
    }
}

fn start_of(day: Date, zone: &TimeZone) -> Result<Timestamp> {
    day.to_zoned(zone.clone()).map(|start| start.timestamp()).map_err(|_| too_far())
}

fn too_far() -> Error {
    Error::invalid("until", "logins-field-day")
}

/// `2027-05-25` as browsers send it, or `25.05.2027` as people type it; within this century.
fn day(text: &str) -> std::result::Result<Option<Date>, ()> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let day: Date = text.parse().ok().or_else(|| Date::strptime("%d.%m.%Y", text).ok()).ok_or(())?;
    if (2000..2100).contains(&day.year()) { Ok(Some(day)) } else { Err(()) }
}

/// A login and password that somebody chose, checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Chosen {
    /// What they will type, in small letters.
    pub login: String,
    /// Their password.
    pub password: String,
}

impl Chosen {
    /// Reads the fields of a form. A login begins with a letter, so that nobody takes another's phone, IIN or e-mail for theirs.
    pub fn parse(login: &str, password: &str) -> Result<Self> {
        let login = login.trim().to_lowercase();
        let begins = login.chars().next().is_some_and(|first| first.is_ascii_lowercase());
        let plain = login.chars().all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || matches!(one, '.' | '-' | '_'));
        let mut wrong = Vec::new();
        if !(begins && plain && (4..=40).contains(&login.len())) {
            wrong.push(FieldError { field: "login", message: "join-field-login" });
        }
        let length = password.chars().count();
        if !(8..=200).contains(&length) || password.to_lowercase() == login {
            wrong.push(FieldError { field: "password", message: "join-field-password" });
        }
        if wrong.is_empty() { Ok(Self { login, password: password.to_owned() }) } else { Err(Error::Invalid(wrong)) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn almaty() -> TimeZone {
        TimeZone::get("Asia/Almaty").unwrap()
    }

    #[test]
    fn a_secret_has_no_letters_that_look_alike() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(secret(&bytes, 60).unwrap().get(..30).unwrap().as_bytes(), ALPHABET);
        for confusing in ['0', '1', 'i', 'l', 'o', 'u'] {
            assert!(!secret(&bytes, 200).unwrap().contains(confusing));
        }
        assert_eq!(secret(&[255; 50], 1), None, "too few fair bytes");
    }

    #[test]
    fn the_last_day_of_a_period_belongs_to_it() {
        let now: Timestamp = "2026-11-22T03:00:00Z".parse().unwrap();
        let parse = |from: &str, until: &str| Period::parse(from, until, now, &almaty());
        assert_eq!(parse("", "").unwrap(), Period { from: now, until: None });
        assert_eq!(parse("2026-11-22", "25.05.2027").unwrap(), Period { from: now, until: Some("2027-05-25T19:00:00Z".parse().unwrap()) });
        assert_eq!(parse("2026-12-01", "").unwrap().from, "2026-11-30T19:00:00Z".parse().unwrap());
        for (from, until) in [("tomorrow", ""), ("", "2026-11-21"), ("2026-12-05", "2026-12-04"), ("", "9999-12-31"), ("1820-01-01", "")] {
            assert!(parse(from, until).is_err(), "{from} {until}");
        }
    }

    #[test]
    fn a_role_for_some_classes_never_becomes_one_for_the_whole_school() {
        let (here, elsewhere) = (ClassId(kernel::id::Uuid::from_u128(1)), ClassId(kernel::id::Uuid::from_u128(2)));
        let parse = |reach: &str, chosen: &[&str]| Reach::parse(reach, chosen.iter().copied(), &[here]).ok();
        let (own, foreign) = (here.to_string(), elsewhere.to_string());
        assert_eq!(parse("classes", &[&own, &own]), Some(Reach::Classes(vec![here])));
        assert_eq!((parse("whole", &[]), parse("", &[])), (Some(Reach::Whole), Some(Reach::Whole)));
        for (reach, chosen) in [("classes", vec![]), ("classes", vec![foreign.as_str()]), ("classes", vec![&own, "7А"]), ("whole", vec![own.as_str()]), ("", vec![own.as_str()]), ("all", vec![])] {
            assert_eq!(parse(reach, &chosen), None, "{reach} {chosen:?}");
        }
    }

    #[test]
    fn nobody_takes_a_number_or_an_address_for_a_login() {
        assert_eq!(Chosen::parse(" Aigul.S ", "құпия сөз 1").map(|chosen| chosen.login).ok().as_deref(), Some("aigul.s"));
        for (login, password) in [("87011234567", "long enough"), ("790308457443", "long enough"), ("a@b.kz", "long enough"), ("abc", "long enough"), ("айгүл", "long enough"), ("aigul.s", "short"), ("aigul.saparova", "Aigul.Saparova")] {
            assert!(Chosen::parse(login, password).is_err(), "{login}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(from in ".{0,20}", until in ".{0,20}", login in ".{0,50}") {
            let now: Timestamp = "2026-11-22T03:00:00Z".parse().unwrap();
            drop(Period::parse(&from, &until, now, &almaty()));
            drop(Chosen::parse(&login, &until));
        }
    }
}
