//! From a record to the cells of its line, and what a line lacks.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use kernel::id::Uuid;

use super::mapping::{Column, Mapping, What};

/// What we know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// Words, a number, or a value that may have a code.
    Text(String),
    /// A day.
    Day(Date),
}

/// Somebody, or a class: what stands in its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Who or which.
    pub id: Uuid,
    /// As lists show it.
    pub name: String,
    /// Field → what we know; nothing where we know nothing.
    pub told: HashMap<&'static str, Told>,
}

impl Record {
    /// A record of these fields; empty texts are nothing.
    pub fn new(id: Uuid, name: String, texts: impl IntoIterator<Item = (&'static str, Option<String>)>, days: impl IntoIterator<Item = (&'static str, Option<Date>)>) -> Self {
        let texts = texts.into_iter().filter_map(|(field, text)| Some((field, Told::Text(text.filter(|text| !text.trim().is_empty())?))));
        let days = days.into_iter().filter_map(|(field, day)| Some((field, Told::Day(day?))));
        Self { id, name, told: texts.chain(days).collect() }
    }
}

/// What stands in a cell; nothing where we know nothing, or have no code for what we know.
pub fn cell(mapping: &Mapping, column: &Column, record: &Record) -> Option<String> {
    match record.told.get(column.field.as_str())? {
        Told::Day(day) => Some(day.strftime(column.day_format()).to_string()),
        Told::Text(text) => match &column.codes {
            Some(list) => mapping.codes.get(list)?.get(text).cloned().filter(|code| !code.is_empty()),
            None => Some(text.clone()),
        },
    }
}

/// Of which mandatory columns, by their place, which records lack something.
pub fn lacking<'a>(mapping: &Mapping, what: What, records: &'a [Record]) -> BTreeMap<usize, Vec<&'a Record>> {
    let mandatory = mapping.columns(what).iter().enumerate().filter(|(_, column)| column.mandatory);
    mandatory.map(|(at, column)| (at, records.iter().filter(|record| cell(mapping, column, record).is_none()).collect())).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn mapping() -> Mapping {
        Mapping::parse(
            "name = \"x\"\n[[pupils]]\nheading = \"S\"\nfield = \"sex\"\ncodes = \"sex\"\nmandatory = true\n[[pupils]]\nheading = \"B\"\nfield = \"birth_date\"\nformat = \"yyyy-mm-dd\"\nmandatory = true\n[[pupils]]\nheading = \"N\"\nfield = \"surname\"\n\
             [[staff]]\nheading = \"A\"\nfield = \"surname\"\n[[classes]]\nheading = \"A\"\nfield = \"class\"\n[codes.sex]\nm = \"1\"\n",
        )
        .unwrap()
    }

    fn record(sex: Option<&str>, born: Option<Date>, surname: &str) -> Record {
        Record::new(Uuid::nil(), surname.to_owned(), [("sex", sex.map(str::to_owned)), ("surname", Some(surname.to_owned()))], [("birth_date", born)])
    }

    #[test]
    fn a_cell_is_a_code_a_day_or_words() {
        let mapping = mapping();
        let line = |record: &Record| mapping.columns(What::Pupils).iter().map(|column| cell(&mapping, column, record)).collect::<Vec<_>>();
        assert_eq!(line(&record(Some("m"), Some(date(2014, 3, 8)), "Ким")), [Some("1".into()), Some("2014-03-08".into()), Some("Ким".into())]);
        assert_eq!(line(&record(Some("f"), None, " ")), [None, None, None], "a value without a code is lacking");
    }

    proptest! {
        #[test]
        fn what_is_lacking_is_what_stands_empty(sexes in prop::collection::vec((prop::option::of("[mfx]"), any::<bool>()), 0..20)) {
            let mapping = mapping();
            let records: Vec<Record> = sexes.iter().map(|(sex, born)| record(sex.as_deref(), born.then(|| date(2014, 3, 8)), "Ким")).collect();
            let lacking = lacking(&mapping, What::Pupils, &records);
            prop_assert_eq!(lacking.keys().copied().collect::<Vec<_>>(), vec![0, 1], "columns that may be empty are not counted");
            for (at, without) in lacking {
                let column = &mapping.columns(What::Pupils)[at];
                prop_assert_eq!(without.len(), records.iter().filter(|record| cell(&mapping, column, record).is_none()).count());
            }
        }
    }
}
