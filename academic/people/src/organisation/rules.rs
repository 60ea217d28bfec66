//! What an organisation may be called. Pure.

use kernel::{Error, Result, error::FieldError};

/// The three names of an organisation, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// In Kazakh.
    pub kk: String,
    /// In Russian.
    pub ru: String,
    /// In English.
    pub en: String,
}

impl Names {
    /// Reads the fields of a form; all that is wrong with them is said at once.
    pub fn parse(kk: &str, ru: &str, en: &str) -> Result<Self> {
        let [kk, ru, en] = [kk, ru, en].map(|name| name.split_whitespace().collect::<Vec<_>>().join(" "));
        let wrong: Vec<FieldError> = [("name_kk", &kk), ("name_ru", &ru), ("name_en", &en)]
            .into_iter()
            .filter(|(_, name)| !is_name(name))
            .map(|(field, _)| FieldError { field, message: "people-field-organisation" })
            .collect();
        if wrong.is_empty() { Ok(Self { kk, ru, en }) } else { Err(Error::Invalid(wrong)) }
    }
}

fn is_name(text: &str) -> bool {
    (2..=200).contains(&text.chars().count()) && text.chars().any(char::is_alphabetic) && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organisation_has_three_names() {
        let names = Names::parse(" № 1  мектеп ", "Школа № 1", "School No. 1").unwrap();
        assert_eq!(names.kk, "№ 1 мектеп");
        let Err(Error::Invalid(wrong)) = Names::parse("", "12", &"x".repeat(201)) else { panic!("they were taken") };
        assert_eq!(wrong.iter().map(|field| field.field).collect::<Vec<_>>(), ["name_kk", "name_ru", "name_en"]);
    }
}
