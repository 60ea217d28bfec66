//! What may be written down of a person.

use jiff::civil::{Date, date};
use kernel::{Error, Result, error::FieldError};

use super::store::{Guardian, Pupil};

/// How a guardian stands to the child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KinshipKind {
    /// Mother.
    Mother,
    /// Father.
    Father,
    /// Grandmother or grandfather.
    Grandparent,
    /// Legal representative.
    LegalRepresentative,
    /// Somebody else whom the family named.
    Other,
}

impl KinshipKind {
    /// All kinds, as forms offer them.
    pub const ALL: [Self; 5] = [Self::Mother, Self::Father, Self::Grandparent, Self::LegalRepresentative, Self::Other];

    /// As in SQL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mother => "mother",
            Self::Father => "father",
            Self::Grandparent => "grandparent",
            Self::LegalRepresentative => "legal_representative",
            Self::Other => "other",
        }
    }

    /// Reads a form's text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A person to write down, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPerson {
    /// Surname.
    pub surname: String,
    /// Given name.
    pub given_name: String,
    /// Patronymic; many have none.
    pub patronymic: Option<String>,
    /// Date of birth, where it is known.
    pub birth_date: Option<Date>,
}

impl NewPerson {
    /// Reads the fields of a form; all that is wrong with them is said at once.
    pub fn parse(surname: &str, given_name: &str, patronymic: &str, birth_date: &str, today: Date) -> Result<Self> {
        let [surname, given_name, patronymic] = [surname, given_name, patronymic].map(tidy);
        let birth_date = match birth_date.trim() {
            "" => Ok(None),
            text => read_date(text).filter(|born| *born >= date(1900, 1, 1) && *born <= today).map(Some).ok_or(()),
        };
        let mut wrong = Vec::new();
        if !is_name(&surname) {
            wrong.push(FieldError { field: "surname", message: "people-field-surname" });
        }
        if !is_name(&given_name) {
            wrong.push(FieldError { field: "given_name", message: "people-field-given-name" });
        }
        if !patronymic.is_empty() && !is_name(&patronymic) {
            wrong.push(FieldError { field: "patronymic", message: "people-field-patronymic" });
        }
        if birth_date.is_err() {
            wrong.push(FieldError { field: "birth_date", message: "people-field-birth-date" });
        }
        match birth_date {
            Ok(birth_date) if wrong.is_empty() => {
                Ok(Self { surname, given_name, patronymic: Some(patronymic).filter(|name| !name.is_empty()), birth_date })
            }
            _ => Err(Error::Invalid(wrong)),
        }
    }
}

/// One space where several were typed.
fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `2016-04-15` as browsers send it, or `15.04.2016` as people type it.
fn read_date(text: &str) -> Option<Date> {
    text.parse().ok().or_else(|| Date::strptime("%d.%m.%Y", text).ok())
}

/// Whether a text can be somebody's name.
pub fn is_name(text: &str) -> bool {
    let fits = (1..=80).contains(&text.chars().count());
    fits && text.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’' | '.'))
}

impl Pupil {
    /// As lists and documents write it: surname, given name, patronymic.
    pub fn full_name(&self) -> String {
        full_name(&self.surname, &self.given_name, self.patronymic.as_deref())
    }
}

impl Guardian {
    /// As lists and documents write it: surname, given name, patronymic.
    pub fn full_name(&self) -> String {
        full_name(&self.surname, &self.given_name, self.patronymic.as_deref())
    }
}

/// As lists and documents write it: surname, given name, patronymic.
pub fn full_name(surname: &str, given_name: &str, patronymic: Option<&str>) -> String {
    [Some(surname), Some(given_name), patronymic].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_read_as_people_type() {
        let today = date(2026, 11, 22);
        let person = NewPerson::parse("  Оспанова ", "Айзере", "", "15.04.2016", today).unwrap();
        assert_eq!((person.surname.as_str(), person.patronymic, person.birth_date), ("Оспанова", None, Some(date(2016, 4, 15))));
        for (surname, given, born, fields) in [
            ("", "Айзере", "", vec!["surname"]),
            ("Оспанова", "<b>", "2016-04-15", vec!["given_name"]),
            ("О’Нил", "Анна Мария", "2027-01-01", vec!["birth_date"]),
            ("7", "", "вчера", vec!["surname", "given_name", "birth_date"]),
        ] {
            let Err(Error::Invalid(wrong)) = NewPerson::parse(surname, given, "", born, today) else { panic!("{surname}") };
            assert_eq!(wrong.iter().map(|field| field.field).collect::<Vec<_>>(), fields);
        }
    }
}
