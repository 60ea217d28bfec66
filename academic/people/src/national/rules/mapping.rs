//! The mapping: which columns a file has, what of ours stands in each, and by which codes. Read from a file and checked as a whole, so that a mistake
//! is found when the program starts and not in the file that a school sends.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::{pupils::card, staff};

/// What a file is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// Who learns here.
    Pupils,
    /// Who works here.
    Staff,
    /// The classes.
    Classes,
}

impl What {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Pupils, Self::Staff, Self::Classes];

    /// As in addresses, message keys and the mapping.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pupils => "pupils",
            Self::Staff => "staff",
            Self::Classes => "classes",
        }
    }

    /// Reads an address.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.as_str() == text)
    }

    /// Its fields.
    fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Pupils => &[
                "iin", "surname", "given_name", "patronymic", "full_name", "birth_date", "sex", "citizenship", "home_language", "address", "phone", "class", "grade", "letter", "language", "shift",
                "class_kind", "profile", "enrolled_on", "order_number", "order_date", "guardian_name", "guardian_phone", "school_code", "school_name_kk", "school_name_ru",
            ],
            Self::Staff => &[
                "iin", "surname", "given_name", "patronymic", "full_name", "birth_date", "sex", "citizenship", "phone", "email", "post", "subject", "rate", "hired_on", "category", "category_to",
                "degree", "school_code", "school_name_kk", "school_name_ru",
            ],
            Self::Classes => &[
                "class", "grade", "letter", "language", "shift", "class_kind", "profile", "year", "opened_on", "pupils", "boys", "girls", "teacher", "school_code", "school_name_kk", "school_name_ru",
            ],
        }
    }
}

/// The values that a field has, where it is a choice.
fn values(field: &str) -> Option<&'static [&'static str]> {
    Some(match field {
        "sex" => &card::rules::SEXES,
        "citizenship" => &card::rules::COUNTRIES,
        "home_language" => &card::rules::HOME_LANGUAGES,
        "language" => &["kk", "ru", "ug", "uz", "tg"],
        "class_kind" => &["ordinary", "special", "correction", "inclusive", "home", "combined"],
        "profile" => &["general", "gymnasium", "lyceum", "science", "humanities"],
        "post" => &staff::POSITIONS,
        "category" => &staff::CATEGORIES,
        "degree" => &staff::DEGREES,
        _ => return None,
    })
}

fn is_day(field: &str) -> bool {
    matches!(field, "birth_date" | "enrolled_on" | "order_date" | "hired_on" | "category_to" | "opened_on")
}

/// Forms of a day.
const FORMATS: [(&str, &str); 3] = [("dd.mm.yyyy", "%d.%m.%Y"), ("yyyy-mm-dd", "%Y-%m-%d"), ("dd/mm/yyyy", "%d/%m/%Y")];
/// More is no layout.
const COLUMNS_MOST: usize = 100;

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// What stands above it.
    pub heading: String,
    /// What of ours stands in it.
    pub field: String,
    /// Whether it must be filled.
    #[serde(default)]
    pub mandatory: bool,
    /// The form of a day.
    #[serde(default)]
    pub format: Option<String>,
    /// The list of codes.
    #[serde(default)]
    pub codes: Option<String>,
}

impl Column {
    /// The form of its days, as they are written.
    pub fn day_format(&self) -> &'static str {
        let wanted = self.format.as_deref().unwrap_or("dd.mm.yyyy");
        FORMATS.into_iter().find(|(name, _)| *name == wanted).map_or("%d.%m.%Y", |(_, written)| written)
    }
}

/// A mapping.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// What the page calls it.
    pub name: String,
    /// By whom and when it was confirmed; empty as long as nobody did.
    #[serde(default)]
    pub confirmed: String,
    /// What parts the cells of a CSV file.
    #[serde(default)]
    separator: String,
    #[serde(default)]
    pupils: Vec<Column>,
    #[serde(default)]
    staff: Vec<Column>,
    #[serde(default)]
    classes: Vec<Column>,
    /// Our value → theirs, by list.
    #[serde(default)]
    pub codes: BTreeMap<String, BTreeMap<String, String>>,
}

impl Mapping {
    /// Reads a mapping, and checks it as a whole.
    ///
    /// # Errors
    /// All that is wrong, a sentence each.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mapping: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        let wrong = mapping.wrong();
        if wrong.is_empty() { Ok(mapping) } else { Err(wrong.join("; ")) }
    }

    /// The columns of a file.
    pub fn columns(&self, what: What) -> &[Column] {
        match what {
            What::Pupils => &self.pupils,
            What::Staff => &self.staff,
            What::Classes => &self.classes,
        }
    }

    /// Whether whole IINs are asked for.
    pub fn asks_iin(&self, what: What) -> bool {
        self.columns(what).iter().any(|column| column.field == "iin")
    }

    /// What parts the cells of a CSV file.
    pub fn separator(&self) -> u8 {
        match self.separator.as_str() {
            "," => b',',
            "tab" => b'\t',
            _ => b';',
        }
    }

    fn wrong(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        if self.name.trim().is_empty() {
            wrong.push("name is empty".to_owned());
        }
        if !["", ";", ",", "tab"].contains(&self.separator.as_str()) {
            wrong.push(format!("separator {:?} is none of \";\", \",\", \"tab\"", self.separator));
        }
        for what in What::ALL {
            self.wrong_columns(what, &mut wrong);
        }
        let used: BTreeSet<(&str, &str)> = What::ALL.iter().flat_map(|what| self.columns(*what)).filter_map(|column| Some((column.codes.as_deref()?, column.field.as_str()))).collect();
        for (list, codes) in &self.codes {
            let known: Vec<&str> = used.iter().filter(|(name, _)| name == list).filter_map(|(_, field)| values(field)).flatten().copied().collect();
            let strange = codes.keys().filter(|value| !known.contains(&value.as_str()) && !known.is_empty());
            wrong.extend(strange.map(|value| format!("codes.{list}: {value:?} is none of our values ({})", known.join(", "))));
        }
        wrong
    }

    fn wrong_columns(&self, what: What, wrong: &mut Vec<String>) {
        let (name, columns) = (what.as_str(), self.columns(what));
        if columns.is_empty() || columns.len() > COLUMNS_MOST {
            wrong.push(format!("{name}: {} columns; a file has 1 to {COLUMNS_MOST}", columns.len()));
        }
        let mut headings = BTreeSet::new();
        for column in columns {
            let (heading, field) = (column.heading.trim(), column.field.as_str());
            let mut say = |problem: String| wrong.push(format!("{name}, column {heading:?}: {problem}"));
            if heading.is_empty() || !headings.insert(heading) {
                say("the heading is empty, or stands twice".to_owned());
            }
            if !what.fields().contains(&field) {
                say(format!("{field:?} is no field; there are {}", what.fields().join(", ")));
            }
            match column.format.as_deref() {
                Some(_) if !is_day(field) => say(format!("{field} is no day and has no format")),
                Some(format) if !FORMATS.iter().any(|(name, _)| *name == format) => say(format!("format {format:?} is none of {}", FORMATS.map(|(name, _)| name).join(", "))),
                _ => {}
            }
            match column.codes.as_deref() {
                Some(_) if values(field).is_none() => say(format!("{field} is no choice and has no codes")),
                Some(list) if !self.codes.contains_key(list) => say(format!("there is no list codes.{list}")),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn inv_1_the_delivered_mapping_is_right_a_proposal_and_has_a_code_for_every_value() {
        let mapping = Mapping::parse(include_str!("../mapping.toml")).unwrap();
        assert!(mapping.confirmed.is_empty() && mapping.name.contains("ұсыныс"));
        for column in What::ALL.iter().flat_map(|what| mapping.columns(*what)) {
            let codes = column.codes.as_ref().and_then(|list| mapping.codes.get(list));
            let without = codes.map(|codes| values(&column.field).unwrap().iter().filter(|value| !codes.contains_key(**value)).collect::<Vec<_>>());
            assert_eq!(without.unwrap_or_default(), Vec::<&&str>::new(), "{}", column.heading);
        }
        // Whoever writes their own finds every field in it.
        let text = include_str!("../mapping.toml");
        for field in What::ALL.iter().flat_map(|what| what.fields()) {
            assert!(text.split(|one: char| !one.is_ascii_lowercase() && one != '_').any(|word| word == *field), "{field} is not explained");
        }
    }

    #[test]
    fn mistakes_are_said_with_their_place() {
        let column = |more: &str| format!("name = \"x\"\n[[pupils]]\nheading = \"A\"\n{more}\n[[staff]]\nheading = \"A\"\nfield = \"surname\"\n[[classes]]\nheading = \"A\"\nfield = \"class\"\n");
        assert!(Mapping::parse(&column("field = \"surname\"")).is_ok());
        for (more, said) in [
            ("field = \"shoe_size\"", "shoe_size"),
            ("field = \"pupils\"", "is no field"),
            ("field = \"surname\"\nformat = \"dd.mm.yyyy\"", "has no format"),
            ("field = \"birth_date\"\nformat = \"mm.yyyy\"", "mm.yyyy"),
            ("field = \"surname\"\ncodes = \"sex\"", "has no codes"),
            ("field = \"sex\"\ncodes = \"sexes\"", "codes.sexes"),
            ("field = \"sex\"\ncodes = \"s\"\n[codes.s]\nx = \"1\"", "\"x\" is none of our values"),
            ("field = \"sex\"\nmandatry = true", "mandatry"),
            ("field = \"sex\"\n[[pupils]]\nheading = \"A\"\nfield = \"iin\"", "stands twice"),
        ] {
            let error = Mapping::parse(&column(more)).unwrap_err();
            assert!(error.contains(said), "{more}: {error}");
        }
        assert!(Mapping::parse("").unwrap_err().contains("name"));
        assert!(Mapping::parse("name = \"x\"\nseparator = \"|\"").unwrap_err().contains("separator"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[a-z\\[\\]=\"\n. ]{0,80}") {
            drop(Mapping::parse(&text));
        }
    }
}
