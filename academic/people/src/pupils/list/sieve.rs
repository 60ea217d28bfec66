//! What is asked for of the list, as its address says it. Pure.

use jiff::{ToSpan, civil::Date};
use kernel::id::ClassId;
use web::component::{
    Address, Sort,
    table::Order as Way,
};

/// What may be missing of a pupil.
pub const MISSING: [&str; 4] = ["guardian", "iin", "birth-date", "sex"];
/// Languages of teaching.
pub const LANGUAGES: [&str; 5] = ["kk", "ru", "ug", "uz", "tg"];
/// By what the list is sorted.
pub const SORTS: [&str; 3] = ["name", "class", "born"];

/// Which pupils. Empty texts leave out nobody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sieve {
    /// Words of the name or class, as typed.
    pub words: String,
    /// One class only.
    pub class: Option<ClassId>,
    /// One grade only.
    pub grade: Option<i16>,
    /// One shift only.
    pub shift: Option<i16>,
    /// Language of teaching.
    pub language: String,
    /// `m`, `f`.
    pub sex: String,
    /// What is not written down of them: one of [`MISSING`].
    pub missing: String,
    /// Birthdays on one of these days, as `11-22`.
    pub birthdays: Option<Vec<String>>,
}

/// In which order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// The Kazakh alphabet.
    #[default]
    Name,
    /// From its end.
    NameBack,
    /// By class, then the alphabet.
    Class,
    /// From the last class.
    ClassBack,
    /// The eldest first.
    Born,
    /// The youngest first.
    BornBack,
}

impl Sieve {
    /// As an address says. What is no value of a filter is passed over.
    pub fn of(address: &Address, today: Date) -> Self {
        let known = |name: &str, known: &[&str]| Some(address.get(name)).filter(|value| known.contains(value)).unwrap_or_default().to_owned();
        let number = |name: &str| address.get(name).parse().ok();
        Self {
            words: address.get("q").trim().chars().take(100).collect(),
            class: address.get("class").parse().ok(),
            grade: number("grade"),
            shift: number("shift"),
            language: known("language", &LANGUAGES),
            sex: known("sex", &["m", "f"]),
            missing: known("missing", &MISSING),
            birthdays: (address.get("birthday") == "week").then(|| week_from(today)),
        }
    }

    /// What of it an audit row keeps: never what was typed.
    pub fn told(&self) -> serde_json::Value {
        let Self { words, class, grade, shift, language, sex, missing, birthdays } = self;
        let shown = serde_json::json!({
            "class": class, "grade": grade, "shift": shift, "language": filled(language), "sex": filled(sex), "missing": filled(missing),
            "birthdays": birthdays.as_ref().map(|_| "week"), "searched": !words.is_empty(),
        });
        let kept = shown.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
        serde_json::Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
    }
}

fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// Today and six days more.
fn week_from(today: Date) -> Vec<String> {
    (0..7).map(|after| today.saturating_add(after.days()).strftime("%m-%d").to_string()).collect()
}

impl Order {
    /// As a table is sorted.
    pub fn of(sort: Option<Sort>) -> Self {
        match sort.map(|sort| (sort.by, sort.order)) {
            Some(("class", Way::Ascending)) => Self::Class,
            Some(("class", Way::Descending)) => Self::ClassBack,
            Some(("born", Way::Ascending)) => Self::Born,
            Some(("born", Way::Descending)) => Self::BornBack,
            Some((_, Way::Descending)) => Self::NameBack,
            Some((_, Way::Ascending)) | None => Self::Name,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn an_address_means_what_it_can_and_nothing_else() {
        let today = date(2026, 12, 29);
        let address = Address::sent("/s/pupils", "q=%20%D3%99%20&grade=7&shift=x&sex=f&language=de&missing=iin&birthday=week");
        let sieve = Sieve::of(&address, today);
        assert_eq!((sieve.words.as_str(), sieve.grade, sieve.shift, sieve.sex.as_str(), sieve.language.as_str()), ("ә", Some(7), None, "f", ""));
        assert_eq!(sieve.birthdays.as_deref().and_then(|days| Some((days.first()?.as_str(), days.last()?.as_str()))), Some(("12-29", "01-04")));
        assert_eq!(sieve.told().to_string(), r#"{"birthdays":"week","grade":7,"missing":"iin","searched":true,"sex":"f"}"#);
        assert_eq!(Sieve::of(&Address::new("/s/pupils"), today), Sieve::default());
    }
}
