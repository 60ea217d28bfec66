//! The individual identification number (IIN): twelve digits that the state gives a person once. Parsed before it is kept or looked for, never
//! shown whole, and told apart from the numbers of invented people.
//!
//! Digits 1–6 are a day (`YYMMDD`), the seventh says century and sex (1, 2: 1800s; 3, 4: 1900s; 5, 6: 2000s; odd for men), four are a serial
//! number, the last is a check digit by two rows of weights. Since 2013 the day need not be the person's day of birth, so that nothing but
//! this module reads one out of it.
//!
//! **A synthetic IIN** has the check digit of its eleven digits plus five (modulo ten). The state's register computes the check digit itself, so
//! that no real person has such a number: it fails the state's own check in every system that it might leak to, and it cannot be reached from
//! a real one but by changing a digit. A mark inside the digits (a serial number, a century) would hold only until the state uses it.
//!
//! Always true:
//!  1. What parses has a day that exists and a check digit that fits, as a real or as a synthetic number; no number is both.
//!  2. Neither `Debug` nor `Display` shows more than the last four digits.

use std::fmt;

use jiff::civil::Date;

/// So many digits.
const LENGTH: usize = 12;
/// What a synthetic check digit is away from the real one.
const SYNTHETIC: u32 = 5;
const FIRST_WEIGHTS: [u32; LENGTH - 1] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const SECOND_WEIGHTS: [u32; LENGTH - 1] = [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2];

/// Why a text is no IIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAnIin {
    /// Not twelve digits.
    #[error("not twelve digits")]
    Length,
    /// No such day, or a century that the number cannot say.
    #[error("no such day")]
    Day,
    /// The check digit does not fit.
    #[error("the check digit does not fit")]
    Check,
}

/// Whose number it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Whose {
    Real,
    Synthetic,
}

/// An individual identification number.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Iin {
    digits: String,
    day: Date,
    whose: Whose,
}

impl Iin {
    /// Reads what a person typed; spaces are forgiven.
    ///
    /// # Errors
    /// Why it is none.
    pub fn parse(typed: &str) -> Result<Self, NotAnIin> {
        let digits: String = typed.chars().take(100).filter(|one| !one.is_whitespace()).collect();
        let numbers: Vec<u32> = digits.chars().map_while(|one| one.to_digit(10)).collect();
        if numbers.len() != LENGTH || digits.chars().count() != LENGTH {
            return Err(NotAnIin::Length);
        }
        let (last, first) = numbers.split_last().ok_or(NotAnIin::Length)?;
        let day = day_of(first).ok_or(NotAnIin::Day)?;
        let check = check_digit(first).ok_or(NotAnIin::Check)?;
        let whose = if *last == check {
            Whose::Real
        } else if *last == (check + SYNTHETIC) % 10 {
            Whose::Synthetic
        } else {
            return Err(NotAnIin::Check);
        };
        Ok(Self { digits, day, whose })
    }

    /// An invented person's number: a day, the digit of century and sex, a serial number. Nothing for eleven digits that are never issued.
    pub fn synthetic(day: Date, woman: bool, serial: u16) -> Option<Self> {
        let century = match day.year() {
            1800..1900 => 1,
            1900..2000 => 3,
            2000..2100 => 5,
            _ => return None,
        } + u32::from(woman);
        let digits = format!("{:02}{:02}{:02}{century}{:04}", day.year().rem_euclid(100), day.month(), day.day(), serial % 10_000);
        let numbers: Vec<u32> = digits.chars().filter_map(|one| one.to_digit(10)).collect();
        let check = check_digit(&numbers)?;
        Self::parse(&format!("{digits}{}", (check + SYNTHETIC) % 10)).ok()
    }

    /// Whether nobody real has it.
    pub fn is_synthetic(&self) -> bool {
        self.whose == Whose::Synthetic
    }

    /// The day that it names. For numbers given since 2013 not always the day of birth.
    pub fn day(&self) -> Date {
        self.day
    }

    /// All twelve digits, for the one who seals or hashes them. Never for a log or a page.
    pub fn reveal(&self) -> &str {
        &self.digits
    }
}

impl fmt::Display for Iin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "********{}", self.digits.get(LENGTH - 4..).unwrap_or_default())
    }
}

impl fmt::Debug for Iin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Iin({self})")
    }
}

fn day_of(digits: &[u32]) -> Option<Date> {
    let [y1, y2, m1, m2, d1, d2, century, ..] = digits else { return None };
    let hundreds = match century {
        1 | 2 => 1800,
        3 | 4 => 1900,
        5 | 6 => 2000,
        _ => return None,
    };
    let small = |tens: &u32, ones: &u32| i8::try_from(tens * 10 + ones).ok();
    Date::new(hundreds + i16::from(small(y1, y2)?), small(m1, m2)?, small(d1, d2)?).ok()
}

/// The check digit of eleven digits; nothing where both rows of weights give ten, since such numbers are never issued.
fn check_digit(digits: &[u32]) -> Option<u32> {
    let sum = |weights: [u32; LENGTH - 1]| digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum::<u32>() % 11;
    [FIRST_WEIGHTS, SECOND_WEIGHTS].map(sum).into_iter().find(|check| *check < 10)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn inv_1_numbers_made_by_the_states_own_rule_are_read() {
        for (text, day) in [
            ("160415563059", date(2016, 4, 15)),
            ("171102624869", date(2017, 11, 2)),
            ("121229579555", date(2012, 12, 29)),
            ("850620331817", date(1985, 6, 20)),
            ("790308 457443", date(1979, 3, 8)),
        ] {
            let iin = Iin::parse(text).unwrap();
            assert_eq!((iin.day(), iin.is_synthetic()), (day, false), "{text}");
        }
        for last in 0..10 {
            assert_eq!(Iin::parse(&format!("15050561451{last}")), Err(NotAnIin::Check), "these eleven digits are never issued");
        }
        for (text, why) in [
            ("", NotAnIin::Length),
            ("79030845744", NotAnIin::Length),
            ("7903084574433", NotAnIin::Length),
            ("79030845744x", NotAnIin::Length),
            ("790230457443", NotAnIin::Day),
            ("790308057443", NotAnIin::Day),
            ("790308957443", NotAnIin::Day),
            ("790308457444", NotAnIin::Check),
            ("123456789011", NotAnIin::Day),
        ] {
            assert_eq!(Iin::parse(text), Err(why), "{text}");
        }
    }

    #[test]
    fn inv_2_it_is_never_shown_whole() {
        let iin = Iin::parse("790308457443").unwrap();
        assert_eq!((iin.to_string(), format!("{iin:?}")), ("********7443".to_owned(), "Iin(********7443)".to_owned()));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,20}") {
            drop(Iin::parse(&text));
        }

        #[test]
        fn inv_1_an_invented_number_is_synthetic_and_no_real_one_is(year in 1900_i16..2100, month in 1_i8..=12, day in 1_i8..=28, woman: bool, serial in 0_u16..10_000) {
            let day = Date::new(year, month, day).unwrap();
            if let Some(iin) = Iin::synthetic(day, woman, serial) {
                prop_assert!(iin.is_synthetic() && iin.day() == day);
                let last = iin.reveal()[11..].parse::<u32>().unwrap();
                let real = Iin::parse(&format!("{}{}", &iin.reveal()[..11], (last + 5) % 10)).unwrap();
                prop_assert!(!real.is_synthetic());
                let others = (0..10).filter(|digit| ![last, (last + 5) % 10].contains(digit));
                for other in others {
                    prop_assert_eq!(Iin::parse(&format!("{}{other}", &iin.reveal()[..11])), Err(NotAnIin::Check));
                }
            }
        }
    }
}
