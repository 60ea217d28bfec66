//! From when on somebody is a guardian no more. Pure.

use jiff::civil::{Date, date};
use kernel::{Error, Result};

use crate::pupils::card::rules::day;

/// Reads the first day on which somebody is a guardian no more: today where nothing is typed, never a day to come.
pub fn ended_from(typed: &str, today: Date) -> Result<Date> {
    if typed.trim().is_empty() {
        return Ok(today);
    }
    day(typed).filter(|day| (date(1990, 1, 1)..=today).contains(day)).ok_or_else(|| Error::invalid("day", "families-wrong-day"))
}

/// Digits of what was typed, for a search by phone; nothing for fewer than four.
pub fn digits(typed: &str) -> Option<String> {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    // In the country people write 8 for +7.
    let local = digits.strip_prefix('8').filter(|_| digits.len() == 11).unwrap_or(&digits).to_owned();
    Some(local).filter(|digits| digits.len() >= 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_ended_tomorrow() {
        let today = date(2026, 11, 22);
        assert_eq!(ended_from(" ", today).unwrap(), today);
        assert_eq!(ended_from("01.11.2026", today).unwrap(), date(2026, 11, 1));
        for typed in ["2026-11-23", "кеше", "01.01.1800"] {
            assert!(ended_from(typed, today).is_err(), "{typed}");
        }
    }

    #[test]
    fn a_phone_is_searched_as_it_is_typed() {
        assert_eq!(digits("8 701 123 45 67").as_deref(), Some("7011234567"));
        assert_eq!(digits("+7 (701) 12").as_deref(), Some("770112"));
        assert_eq!(digits("Оспанова 12"), None);
    }
}
