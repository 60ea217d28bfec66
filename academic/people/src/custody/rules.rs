//! What may be written down as a limit. Pure.

use jiff::civil::Date;
use kernel::{Error, Result, error::FieldError, id::PersonId};

/// By what a limit holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Basis {
    /// A court's act.
    CourtAct {
        /// Its number.
        number: String,
        /// Its date.
        date: Date,
    },
    /// The family's word.
    FamilyWord,
}

impl Basis {
    /// As in SQL.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::CourtAct { number: _, date: _ } => "court_act",
            Self::FamilyWord => "family_word",
        }
    }

    /// Number and date of the act, where there is one.
    pub fn act(&self) -> (Option<String>, Option<Date>) {
        match self {
            Self::CourtAct { number, date } => (Some(number.clone()), Some(*date)),
            Self::FamilyWord => (None, None),
        }
    }
}

/// What a guardian may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limited {
    /// See the child's data.
    Data,
    /// Pick the child up.
    Pickup,
    /// Neither.
    Both,
}

impl Limited {
    /// Reads a form.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "data" => Some(Self::Data),
            "pickup" => Some(Self::Pickup),
            "both" => Some(Self::Both),
            _ => None,
        }
    }

    /// Whether the data is closed, and whether the child is not handed over.
    pub fn columns(self) -> (bool, bool) {
        match self {
            Self::Data => (true, false),
            Self::Pickup => (false, true),
            Self::Both => (true, true),
        }
    }
}

/// A limit to write down, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLimit {
    /// Of which guardian.
    pub guardian: PersonId,
    /// What they may not.
    pub limited: Limited,
    /// By what.
    pub basis: Basis,
    /// From which day.
    pub from: Date,
    /// To which day, if there is an end.
    pub to: Option<Date>,
}

/// What was typed.
#[derive(Debug, Clone, Copy)]
pub struct Typed<'a> {
    /// The guardian's id.
    pub guardian: &'a str,
    /// What they may not.
    pub limited: &'a str,
    /// By what.
    pub basis: &'a str,
    /// Number of the act.
    pub act_number: &'a str,
    /// Date of the act.
    pub act_date: &'a str,
    /// First day.
    pub from: &'a str,
    /// Last day.
    pub to: &'a str,
}

impl NewLimit {
    /// Reads a form; all that is wrong with it is said at once.
    pub fn parse(typed: Typed<'_>, guardians: &[PersonId], today: Date) -> Result<Self> {
        let mut wrong = Vec::new();
        let mut miss = |field, message| wrong.push(FieldError { field, message });
        let guardian = typed.guardian.parse().ok().filter(|person| guardians.contains(person));
        if guardian.is_none() {
            miss("guardian", "custody-field-guardian");
        }
        let limited = Limited::parse(typed.limited);
        if limited.is_none() {
            miss("limited", "custody-field-limited");
        }
        let number = typed.act_number.split_whitespace().collect::<Vec<_>>().join(" ");
        let act_date = day(typed.act_date).filter(|date| *date <= today);
        let basis = match (typed.basis, act_date) {
            ("family_word", _) => Some(Basis::FamilyWord),
            ("court_act", Some(date)) if (1..=100).contains(&number.chars().count()) => Some(Basis::CourtAct { number, date }),
            ("court_act", _) => {
                miss("act_number", "custody-field-act");
                None
            }
            _ => {
                miss("basis", "custody-field-basis");
                None
            }
        };
        let from = if typed.from.trim().is_empty() { Some(today) } else { day(typed.from) };
        let to = if typed.to.trim().is_empty() { Some(None) } else { day(typed.to).map(Some) };
        if from.is_none() {
            miss("from", "custody-field-day");
        }
        if to.is_none_or(|to| to.is_some_and(|to| to < from.unwrap_or(today).max(today))) {
            miss("to", "custody-field-day");
        }
        match (guardian, limited, basis, from, to) {
            (Some(guardian), Some(limited), Some(basis), Some(from), Some(to)) if wrong.is_empty() => Ok(Self { guardian, limited, basis, from, to }),
            _ => Err(Error::Invalid(wrong)),
        }
    }
}

/// `2027-05-25` as browsers send it, or `25.05.2027` as people type it; within living memory.
fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    let day: Date = text.parse().ok().or_else(|| Date::strptime("%d.%m.%Y", text).ok())?;
    (1990..2100).contains(&day.year()).then_some(day)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::id::Uuid;

    use super::*;

    const GUARDIAN: PersonId = PersonId(Uuid::from_u128(7));

    fn parse(limited: &str, basis: &str, act: (&str, &str), days: (&str, &str)) -> Result<NewLimit> {
        let guardian = GUARDIAN.to_string();
        NewLimit::parse(Typed { guardian: &guardian, limited, basis, act_number: act.0, act_date: act.1, from: days.0, to: days.1 }, &[GUARDIAN], date(2026, 11, 22))
    }

    #[test]
    fn inv_3_a_limit_by_a_court_names_the_act() {
        let limit = parse("both", "court_act", (" № 2-1234/26 ", "15.10.2026"), ("", "2027-10-15")).unwrap();
        assert_eq!((limit.basis.act(), limit.limited.columns()), ((Some("№ 2-1234/26".to_owned()), Some(date(2026, 10, 15))), (true, true)));
        assert_eq!(limit.from, date(2026, 11, 22));
        assert!(parse("data", "family_word", ("", ""), ("", "")).is_ok());
        for act in [("", "15.10.2026"), ("№ 1", ""), ("№ 1", "2026-11-23"), ("№ 1", "15.10.1820")] {
            let Err(Error::Invalid(wrong)) = parse("data", "court_act", act, ("", "")) else { panic!("{act:?}") };
            assert_eq!(wrong.iter().map(|field| field.field).collect::<Vec<_>>(), ["act_number"]);
        }
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let Err(Error::Invalid(wrong)) = NewLimit::parse(Typed { guardian: "x", limited: "", basis: "", act_number: "", act_date: "", from: "?", to: "2020-01-01" }, &[GUARDIAN], date(2026, 11, 22)) else { panic!("it was taken") };
        assert_eq!(wrong.iter().map(|field| field.field).collect::<Vec<_>>(), ["guardian", "limited", "basis", "from", "to"]);
    }
}
