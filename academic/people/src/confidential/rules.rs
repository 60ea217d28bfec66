//! What may be written down in each realm, and which counts may be said.

use std::collections::HashMap;

use jiff::civil::{Date, date};
use kernel::{Error, Result, error::FieldError, vault::Realm};
use serde::{Deserialize, Serialize};

/// Counts below this are not said: a few pupils of one school are soon guessed.
pub const LEAST_SHOWN: i64 = 5;
const LONGEST_NOTES: usize = 4_000;
const LONGEST_PROOF: usize = 200;

/// A social category, as the school's social passport counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// An orphan.
    Orphan,
    /// Left without parental care.
    WithoutCare,
    /// A child with a disability or special educational needs.
    Disability,
    /// Of a family with many children.
    LargeFamily,
    /// Of a family with targeted social assistance.
    LowIncome,
    /// Of a family with one parent.
    OneParent,
    /// In a hard life situation.
    HardSituation,
    /// On the school's own register.
    SchoolRegister,
    /// Something else that the notes tell.
    Other,
}

impl Category {
    /// All, as forms offer them.
    pub const ALL: [Self; 9] =
        [Self::Orphan, Self::WithoutCare, Self::Disability, Self::LargeFamily, Self::LowIncome, Self::OneParent, Self::HardSituation, Self::SchoolRegister, Self::Other];

    /// As in forms and message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Orphan => "orphan",
            Self::WithoutCare => "without-care",
            Self::Disability => "disability",
            Self::LargeFamily => "large-family",
            Self::LowIncome => "low-income",
            Self::OneParent => "one-parent",
            Self::HardSituation => "hard-situation",
            Self::SchoolRegister => "school-register",
            Self::Other => "other",
        }
    }

    /// Reads what a form or a reference row says.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.as_str() == text)
    }
}

/// What a version says. Exists in the clear in memory only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "realm", rename_all = "snake_case")]
pub enum Content {
    /// The nurse's.
    Health {
        /// The health group, 1 to 5.
        group: u8,
        /// What else is to be known.
        notes: String,
    },
    /// The social pedagogue's.
    Social {
        /// The category.
        category: Category,
        /// The document that proves it.
        proof: String,
        /// From when it holds.
        from: Date,
        /// Until when, where the document says so.
        to: Option<Date>,
        /// What else is to be known.
        notes: String,
    },
    /// The psychologist's.
    Psychology {
        /// What was observed or agreed.
        notes: String,
    },
}

/// Nothing of it is ever shown by accident.
impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Content(***)")
    }
}

impl Content {
    /// Reads the fields of a form; all that is wrong with them is said at once.
    pub fn parse(realm: Realm, typed: &HashMap<String, String>) -> Result<Self> {
        let field = |name: &str| typed.get(name).map(|text| text.trim().to_owned()).unwrap_or_default();
        let mut wrong = Vec::new();
        let mut expect = |good: bool, field: &'static str, message: &'static str| {
            if !good {
                wrong.push(FieldError { field, message });
            }
        };
        let notes = field("notes");
        let may_be_empty = realm != Realm::Psychology;
        expect(notes.chars().count() <= LONGEST_NOTES && (may_be_empty || !notes.is_empty()), "notes", "confidential-field-notes");
        let content = match realm {
            Realm::Health => {
                let group = field("group").parse().ok().filter(|group| (1..=5).contains(group));
                expect(group.is_some(), "group", "confidential-field-group");
                group.map(|group| Self::Health { group, notes })
            }
            Realm::Social => {
                let (category, proof) = (Category::parse(&field("category")), field("proof"));
                let (from, to) = (read_day(&field("from")), Some(field("to")).filter(|to| !to.is_empty()));
                let until = to.as_deref().map(read_day);
                expect(category.is_some(), "category", "confidential-field-category");
                expect((1..=LONGEST_PROOF).contains(&proof.chars().count()), "proof", "confidential-field-proof");
                expect(from.is_some(), "from", "confidential-field-from");
                let ends_well = until.is_none_or(|until| until.is_some_and(|until| from.is_none_or(|from| until >= from)));
                expect(ends_well, "to", "confidential-field-to");
                category.zip(from).map(|(category, from)| Self::Social { category, proof, from, to: until.flatten(), notes })
            }
            Realm::Psychology => Some(Self::Psychology { notes }),
        };
        content.filter(|_| wrong.is_empty()).ok_or(Error::Invalid(wrong))
    }

    /// Its realm.
    pub fn realm(&self) -> Realm {
        match self {
            Self::Health { .. } => Realm::Health,
            Self::Social { .. } => Realm::Social,
            Self::Psychology { .. } => Realm::Psychology,
        }
    }
}

/// `2026-09-01` as browsers send it, or `01.09.2026` as people type it, of this and the last century.
fn read_day(text: &str) -> Option<Date> {
    let day: Option<Date> = text.parse().ok().or_else(|| Date::strptime("%d.%m.%Y", text).ok());
    day.filter(|day| (date(1990, 1, 1)..date(2100, 1, 1)).contains(day))
}

/// A count as it may be said; nothing for a few.
pub fn shown_count(pupils: i64) -> Option<i64> {
    Some(pupils).filter(|pupils| *pupils >= LEAST_SHOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(fields: &[(&str, &str)]) -> HashMap<String, String> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn wrong(realm: Realm, fields: &[(&str, &str)]) -> Vec<&'static str> {
        match Content::parse(realm, &typed(fields)) {
            Ok(_) => Vec::new(),
            Err(Error::Invalid(wrong)) => wrong.into_iter().map(|wrong| wrong.field).collect(),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn each_realm_asks_for_its_own() {
        assert_eq!(wrong(Realm::Health, &[("group", "3")]), [""; 0]);
        assert_eq!(wrong(Realm::Health, &[("group", "6"), ("notes", &"x".repeat(4_001))]), ["notes", "group"]);
        assert_eq!(wrong(Realm::Psychology, &[("notes", "  ")]), ["notes"]);
        let proof = [("category", "orphan"), ("proof", "№ 12"), ("from", "01.09.2026")];
        assert_eq!(wrong(Realm::Social, &proof), [""; 0]);
        assert_eq!(wrong(Realm::Social, &[proof.as_slice(), &[("to", "2026-08-31")]].concat()), ["to"]);
        assert_eq!(wrong(Realm::Social, &[("category", "rich"), ("to", "someday")]), ["category", "proof", "from", "to"]);
    }

    #[test]
    fn a_content_is_never_shown_by_accident_and_reads_back() {
        let content = Content::parse(Realm::Psychology, &typed(&[("notes", "a secret")])).unwrap();
        assert!(!format!("{content:?}").contains("secret"));
        let text = serde_json::to_vec(&content).unwrap();
        assert!(serde_json::from_slice::<Content>(&text).unwrap() == content);
    }

    #[test]
    fn a_few_are_not_counted_aloud() {
        assert_eq!([0, 1, 4, 5, 90].map(shown_count), [None, None, None, Some(5), Some(90)]);
    }
}
