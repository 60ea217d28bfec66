//! What an absence note may say, and when it may be taken back. Pure.

use jiff::{ToSpan, civil::Date};
use kernel::{Error, Result, error::FieldError};

/// The longest note: what is longer is an order of the school, not a note.
pub const MOST_DAYS: i64 = 60;
/// A note is told at most so long beforehand.
pub const MOST_AHEAD: i64 = 200;
/// So far back the school may write down what it learnt late.
pub const MOST_BACK: i64 = 14;
/// The longest words.
pub const LONGEST: usize = 300;

/// Why a child stays away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The child is ill.
    Ill,
    /// For the family's sake.
    Family,
    /// A competition, an olympiad.
    Competition,
    /// Something else, which the words say.
    Other,
}

impl Reason {
    /// All of them, as forms show them.
    pub const ALL: [Self; 4] = [Self::Ill, Self::Family, Self::Competition, Self::Other];

    /// As in SQL, in forms and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ill => "ill",
            Self::Family => "family",
            Self::Competition => "competition",
            Self::Other => "other",
        }
    }

    /// Reads a sent or stored one.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text)
    }
}

/// Who writes a note: a guardian on their page, or the school at the telephone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A guardian.
    Page,
    /// The school.
    Telephone,
}

impl Way {
    /// As in SQL and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Telephone => "telephone",
        }
    }

    fn earliest(self, today: Date) -> Date {
        match self {
            Self::Page => today,
            Self::Telephone => today.saturating_sub(MOST_BACK.days()),
        }
    }
}

/// What was typed.
#[derive(Debug, Clone, Default, serde::Deserialize)]
pub struct Typed {
    /// The form's own id: sent twice, it is one note.
    #[serde(default)]
    pub id: String,
    /// The first day.
    #[serde(default)]
    pub from: String,
    /// The last; the first where nothing is said.
    #[serde(default)]
    pub to: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// In words.
    #[serde(default)]
    pub words: String,
}

/// A note that may be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNote {
    /// The first day.
    pub from: Date,
    /// The last.
    pub to: Date,
    /// Why.
    pub reason: Reason,
    /// In words.
    pub words: Option<String>,
    /// By whom.
    pub way: Way,
}

impl NewNote {
    /// Reads what was typed.
    ///
    /// # Errors
    /// All that is wrong with it at once.
    pub fn parse(typed: &Typed, way: Way, today: Date) -> Result<Self> {
        let mut wrong = Vec::new();
        let mut say = |field, message| wrong.push(FieldError { field, message });
        let from = web::form::day(&typed.from);
        let to = if typed.to.trim().is_empty() { from } else { web::form::day(&typed.to) };
        let latest = today.saturating_add(MOST_AHEAD.days());
        if !from.is_some_and(|from| way.earliest(today) <= from && from <= latest) {
            say("from", if way == Way::Page { "absences-wrong-from" } else { "absences-wrong-from-late" });
        }
        let fits = |from: Date, to: Date| from <= to && to < from.saturating_add(MOST_DAYS.days());
        if !from.zip(to).is_some_and(|(from, to)| fits(from, to)) && from.is_some() {
            say("to", "absences-wrong-to");
        }
        let reason = Reason::parse(&typed.reason);
        if reason.is_none() {
            say("reason", "absences-wrong-reason");
        }
        let words = Some(typed.words.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|words| !words.is_empty());
        if words.as_ref().is_some_and(|words| words.chars().count() > LONGEST) || (reason == Some(Reason::Other) && words.is_none()) {
            say("words", "absences-wrong-words");
        }
        match (from, to, reason) {
            (Some(from), Some(to), Some(reason)) if wrong.is_empty() => Ok(Self { from, to, reason, words, way }),
            _ => Err(Error::Invalid(wrong)),
        }
    }
}

/// Whether a note may be taken back: by a guardian before its first day, by the school always.
pub fn may_take_back(way: Way, from: Date, today: Date) -> bool {
    match way {
        Way::Page => today < from,
        Way::Telephone => true,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const TODAY: Date = date(2026, 11, 23);

    fn typed(from: &str, to: &str, reason: &str, words: &str) -> Typed {
        Typed { id: String::new(), from: from.into(), to: to.into(), reason: reason.into(), words: words.into() }
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once_and_one_day_needs_no_end() {
        let Err(Error::Invalid(wrong)) = NewNote::parse(&typed("2026-11-22", "2026-11-20", "x", ""), Way::Page, TODAY) else { panic!("it was taken") };
        assert_eq!(wrong.iter().map(|wrong| wrong.field).collect::<Vec<_>>(), ["from", "to", "reason"]);
        let Err(Error::Invalid(wrong)) = NewNote::parse(&typed("", "", "other", " "), Way::Page, TODAY) else { panic!("it was taken") };
        assert_eq!(wrong.iter().map(|wrong| wrong.field).collect::<Vec<_>>(), ["from", "words"]);
        let note = NewNote::parse(&typed("2026-11-24", "", "ill", " тұмау  "), Way::Page, TODAY).unwrap();
        assert_eq!((note.from, note.to, note.words.as_deref()), (date(2026, 11, 24), date(2026, 11, 24), Some("тұмау")));
        assert!(NewNote::parse(&typed("2026-11-20", "", "ill", ""), Way::Telephone, TODAY).is_ok(), "the school learns it late");
    }

    proptest! {
        #[test]
        fn a_note_that_is_taken_is_bounded(from in -40_i64..300, length in -5_i64..90, telephone: bool) {
            let way = if telephone { Way::Telephone } else { Way::Page };
            let (first, last) = (TODAY.saturating_add(from.days()), TODAY.saturating_add((from + length).days()));
            let note = NewNote::parse(&typed(&first.to_string(), &last.to_string(), "family", ""), way, TODAY);
            let earliest = if telephone { -MOST_BACK } else { 0 };
            prop_assert_eq!(note.is_ok(), (earliest..=MOST_AHEAD).contains(&from) && (0..MOST_DAYS).contains(&length));
        }

        #[test]
        fn inv_3_a_guardian_takes_back_nothing_that_has_begun(from in -30_i64..30) {
            let first = TODAY.saturating_add(from.days());
            prop_assert_eq!(may_take_back(Way::Page, first, TODAY), from > 0);
            prop_assert!(may_take_back(Way::Telephone, first, TODAY));
        }
    }
}
