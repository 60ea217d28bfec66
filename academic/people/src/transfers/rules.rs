//! The code of a slip, and when a pupil may go. Pure.

use jiff::civil::Date;
use kernel::id::Uuid;
use ring::digest;

use crate::years::{Calendar, Day};

/// How many working days a slip is good for: rules of admission of 2018, as amended, appendix 2.
const WORKING_DAYS: usize = 3;
/// How many letters a code has: 30¹⁰ codes, which nobody searches through in three days.
const LETTERS: usize = 10;
const ALPHABET: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTUVWXY";

/// Why a pupil goes to another school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The family wants it.
    Wish,
    /// The family moves.
    Moving,
    /// A court's decision.
    Court,
    /// Leaves the country.
    Abroad,
    /// Violence or bullying.
    Bullying,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Wish, Self::Moving, Self::Court, Self::Abroad, Self::Bullying];

    /// As in SQL and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wish => "wish",
            Self::Moving => "moving",
            Self::Court => "court",
            Self::Abroad => "abroad",
            Self::Bullying => "bullying",
        }
    }

    /// Reads a form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text)
    }

    /// Whether a pupil may go on a day: by wish in the breaks only, for the other reasons at any time.
    pub fn is_admitted(self, calendar: &Calendar, day: Date) -> bool {
        self != Self::Wish || matches!(calendar.day(day, 0), Day::Break(_) | Day::Outside)
    }
}

/// The last day of a slip made on a day.
pub fn expires(calendar: &Calendar, made: Date) -> Date {
    calendar.working_days_after(made, WORKING_DAYS)
}

/// A code as typed or printed, in its one spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// A code out of random bits.
    pub fn of(random: Uuid) -> Self {
        let base = u128::from(u8::try_from(ALPHABET.len()).unwrap_or(30));
        let letter = |place: usize| {
            // The random half of an id, far from its time.
            let digit = (random.as_u128() & u128::from(u64::MAX)) / base.pow(u32::try_from(place).unwrap_or_default()) % base;
            usize::try_from(digit).ok().and_then(|digit| ALPHABET.get(digit)).copied().map_or('2', char::from)
        };
        Self((0..LETTERS).map(letter).collect())
    }

    /// Reads what a person typed: with or without dashes, in any case. Nothing for what cannot be a code.
    pub fn read(text: &str) -> Option<Self> {
        let letters: String = text.chars().take(60).filter(|one| one.is_alphanumeric()).flat_map(char::to_uppercase).collect();
        let plausible = letters.len() == LETTERS && letters.bytes().all(|one| ALPHABET.contains(&one));
        plausible.then_some(Self(letters))
    }

    /// `ABCDE-FGHJK`, for paper.
    pub fn printed(&self) -> String {
        let half = LETTERS / 2;
        let (first, second) = (self.0.get(..half).unwrap_or_default(), self.0.get(half..).unwrap_or_default());
        format!("{first}-{second}")
    }

    /// The key of its row.
    pub fn hash(&self) -> Vec<u8> {
        digest::digest(&digest::SHA256, format!("shanyraq transfer: {}", self.0).as_bytes()).as_ref().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::years::{Span, SpanKind};

    fn calendar() -> Calendar {
        let span = |starts, ends| Span { starts, ends };
        let spans = BTreeMap::from([(SpanKind::Year, span(date(2026, 9, 1), date(2027, 5, 25))), (SpanKind::WinterBreak, span(date(2026, 12, 28), date(2027, 1, 10)))]);
        Calendar { year: 2026, spans, days_off: BTreeSet::from([date(2026, 12, 16)]), own: BTreeMap::new(), week_days: 5 }
    }

    #[test]
    fn by_wish_in_the_breaks_and_for_a_reason_at_any_time() {
        let calendar = calendar();
        assert!(!Reason::Wish.is_admitted(&calendar, date(2026, 11, 23)) && Reason::Wish.is_admitted(&calendar, date(2027, 1, 5)) && Reason::Wish.is_admitted(&calendar, date(2027, 7, 1)));
        assert!(Reason::ALL.into_iter().filter(|reason| *reason != Reason::Wish).all(|reason| reason.is_admitted(&calendar, date(2026, 11, 23))));
        assert_eq!(expires(&calendar, date(2026, 12, 11)), date(2026, 12, 17));
    }

    proptest! {
        #[test]
        fn inv_1_a_code_is_kept_by_its_hash_and_read_as_people_type_it(bits: u128) {
            let code = Code::of(Uuid::from_u128(bits));
            prop_assert_eq!(Code::read(&code.printed()), Some(code.clone()));
            prop_assert_eq!(Code::read(&code.printed().to_lowercase().replace('-', " ")), Some(code.clone()));
            prop_assert_eq!(code.hash().len(), 32);
        }

        #[test]
        fn no_text_panics(text in ".{0,60}") { Code::read(&text); }
    }
}
