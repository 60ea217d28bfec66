//! Which devices a filter leaves, and how many there are of each condition.

use fleet::{Condition, Status};
use jiff::Timestamp;

/// What support chose to see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// One school only.
    pub school: Option<String>,
    /// One condition only.
    pub condition: Option<Condition>,
    /// Words of the name, place, code or school, as typed.
    pub words: String,
}

impl Filter {
    /// Whether the device is to be shown.
    pub fn admits(&self, status: &Status, now: Timestamp) -> bool {
        let school = self.school.as_ref().is_none_or(|school| *school == status.school_code);
        let condition = self.condition.is_none_or(|condition| status.condition(now) == condition);
        school && condition && self.finds(status)
    }

    fn finds(&self, status: &Status) -> bool {
        let text = [&status.name, &status.place, &status.code, &status.school_code, &status.school_name_kk, &status.school_name_ru, &status.school_name_en]
            .map(|part| part.to_lowercase())
            .join(" ");
        self.words.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}

/// How many devices are in each condition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Silent.
    pub silent: usize,
    /// Registered and never heard of.
    pub never_seen: usize,
    /// Troubled.
    pub troubled: usize,
    /// Well.
    pub well: usize,
}

impl Totals {
    /// Counts, leaving out what is retired.
    pub fn of(statuses: &[Status], now: Timestamp) -> Self {
        let mut totals = Self::default();
        for status in statuses {
            match status.condition(now) {
                Condition::Silent => totals.silent += 1,
                Condition::NeverSeen => totals.never_seen += 1,
                Condition::Troubled => totals.troubled += 1,
                Condition::Well => totals.well += 1,
                Condition::Retired => {}
            }
        }
        totals
    }
}
