//! Kinds of movement, and what may follow what. Pure.

use jiff::{SignedDuration, Timestamp};

/// How long an act can be taken back.
pub const UNDO_FOR: SignedDuration = SignedDuration::from_hours(24);

/// How a pupil comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ArrivalKind {
    /// For the first time into any school, or from nobody knows where.
    New,
    /// From another school.
    Transferred,
    /// Back to this school.
    Returned,
}

impl ArrivalKind {
    /// All of them, as forms offer them.
    pub const ALL: [Self; 3] = [Self::New, Self::Transferred, Self::Returned];

    /// As the book stores it: its kind, and its reason.
    pub fn columns(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::New => ("arrival", Some("new")),
            Self::Transferred => ("arrival", Some("from_school")),
            Self::Returned => ("return", None),
        }
    }

    /// As forms send it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Transferred => "from_school",
            Self::Returned => "returned",
        }
    }

    /// Reads a form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// How a pupil changes the class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MoveKind {
    /// Within the year.
    ClassChange,
    /// Into the next grade.
    Promotion,
    /// Into the same grade of the next year.
    Repeat,
}

impl MoveKind {
    /// As in SQL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ClassChange => "class_change",
            Self::Promotion => "promotion",
            Self::Repeat => "repeat",
        }
    }
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $Name:ident = $text:literal),* $(,)?) => {
        /// Why a pupil leaves.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Reason { $($(#[$doc])* $Name),* }

        impl Reason {
            /// All of them.
            pub const ALL: [Self; [$($text),*].len()] = [$(Self::$Name),*];

            /// As in SQL and in message keys.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$Name => $text),* }
            }
        }
    };
}

reasons! {
    /// The family moves.
    Moving = "moving",
    /// To another school of their own wish.
    OtherSchool = "other_school",
    /// To a college.
    College = "college",
    /// Out of the country.
    Abroad = "abroad",
    /// A court's or commission's decision.
    Decision = "decision",
    /// Health.
    Health = "health",
    /// Finished the school.
    Graduated = "graduated",
    /// Died.
    Death = "death",
    /// Something else.
    Other = "other",
}

impl Reason {
    /// What the form for one pupil offers: who finishes leaves with the whole year.
    pub fn offered() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|reason| *reason != Self::Graduated)
    }

    /// Reads a form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::offered().find(|reason| reason.as_str() == text)
    }
}

/// Whether an act can still be taken back.
pub fn may_undo(made_at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(made_at) < UNDO_FOR
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_forms_send_reads_back_and_nobody_graduates_alone() {
        for kind in ArrivalKind::ALL {
            assert_eq!(ArrivalKind::parse(kind.as_str()), Some(kind));
        }
        for reason in Reason::offered() {
            assert_eq!(Reason::parse(reason.as_str()), Some(reason));
        }
        assert_eq!((Reason::parse("graduated"), Reason::parse("")), (None, None));
    }

    #[test]
    fn a_day_and_no_longer() {
        let made: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        assert!(may_undo(made, made + SignedDuration::from_hours(23)));
        assert!(!may_undo(made, made + UNDO_FOR));
    }
}
