//! What may be written into a card, and what a change is. Pure.

use std::collections::HashMap;

use jiff::civil::{Date, date};
use kernel::{Error, Result, error::FieldError};

/// What forms send.
pub type Typed = HashMap<String, String>;

/// A field of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// Surname.
    Surname,
    /// Given name.
    GivenName,
    /// Patronymic; many have none.
    Patronymic,
    /// Date of birth.
    BirthDate,
    /// Sex.
    Sex,
    /// Citizenship, as two letters of a country.
    Citizenship,
    /// What is spoken at home.
    HomeLanguage,
    /// Address, in one text.
    Address,
    /// Telephone.
    Phone,
    /// E-mail.
    Email,
    /// The language in which one is written to.
    Language,
}

/// Countries that forms offer; anything else is `other`.
pub const COUNTRIES: [&str; 14] = ["kz", "ru", "uz", "kg", "tj", "tm", "cn", "mn", "tr", "by", "ua", "az", "kr", "other"];
/// Languages of homes that forms offer.
pub const HOME_LANGUAGES: [&str; 9] = ["kk", "ru", "uz", "ug", "tg", "tr", "ko", "de", "other"];
/// Languages in which the product writes.
pub const LANGUAGES: [&str; 3] = ["kk", "ru", "en"];
/// The two sexes of the register.
pub const SEXES: [&str; 2] = ["f", "m"];
const LONGEST_ADDRESS: usize = 300;
const LONGEST_REASON: usize = 300;

impl Field {
    /// All of them, as pages show them.
    pub const ALL: [Self; 11] = [
        Self::Surname,
        Self::GivenName,
        Self::Patronymic,
        Self::BirthDate,
        Self::Sex,
        Self::Citizenship,
        Self::HomeLanguage,
        Self::Address,
        Self::Phone,
        Self::Email,
        Self::Language,
    ];
    /// Who a pupil is.
    pub const WHO: &'static [Self] = &[Self::Surname, Self::GivenName, Self::Patronymic, Self::BirthDate, Self::Sex, Self::Citizenship];
    /// Where a pupil lives, and how the family is reached.
    pub const CONTACTS: &'static [Self] = &[Self::Address, Self::Phone, Self::HomeLanguage];
    /// What is written down of a guardian.
    pub const GUARDIAN: &'static [Self] =
        &[Self::Surname, Self::GivenName, Self::Patronymic, Self::BirthDate, Self::Phone, Self::Email, Self::Address, Self::Language];

    /// As in SQL, in forms, and at the end of message keys; never renamed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Surname => "surname",
            Self::GivenName => "given_name",
            Self::Patronymic => "patronymic",
            Self::BirthDate => "birth_date",
            Self::Sex => "sex",
            Self::Citizenship => "citizenship",
            Self::HomeLanguage => "home_language",
            Self::Address => "address",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Language => "locale",
        }
    }

    /// Reads a stored field.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == text)
    }

    /// Whether it stands in the person's own row, one for all schools.
    pub fn is_of_person(self) -> bool {
        matches!(self, Self::Surname | Self::GivenName | Self::Patronymic | Self::BirthDate | Self::Sex | Self::Language)
    }

    /// What may stand in it: nothing, or a tidy value; `Err` for what cannot be taken.
    pub(crate) fn read(self, typed: &str, today: Date) -> std::result::Result<Option<String>, &'static str> {
        let text = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        let one_of = |known: &[&str], message| match text.as_str() {
            "" => Ok(None),
            text if known.contains(&text) => Ok(Some(text.to_owned())),
            _ => Err(message),
        };
        match self {
            Self::Surname => name(text, "people-field-surname").and_then(|name| name.map(Some).ok_or("people-field-surname")),
            Self::GivenName => name(text, "people-field-given-name").and_then(|name| name.map(Some).ok_or("people-field-given-name")),
            Self::Patronymic => name(text, "people-field-patronymic"),
            Self::BirthDate if text.is_empty() => Ok(None),
            Self::BirthDate => day(&text).filter(|born| *born >= date(1900, 1, 1) && *born <= today).map(|born| Some(born.to_string())).ok_or("people-field-birth-date"),
            Self::Sex => one_of(&SEXES, "card-wrong-choice"),
            Self::Citizenship => one_of(&COUNTRIES, "card-wrong-choice"),
            Self::HomeLanguage => one_of(&HOME_LANGUAGES, "card-wrong-choice"),
            Self::Language => one_of(&LANGUAGES, "card-wrong-choice").and_then(|language| language.map(Some).ok_or("card-wrong-choice")),
            Self::Address if text.chars().count() > LONGEST_ADDRESS => Err("card-wrong-address"),
            Self::Address => Ok(Some(text).filter(|text| !text.is_empty())),
            Self::Phone if text.is_empty() => Ok(None),
            Self::Phone => phone(&text).map(Some).ok_or("card-wrong-phone"),
            Self::Email if text.is_empty() => Ok(None),
            Self::Email => email(&text).map(Some).ok_or("card-wrong-email"),
        }
    }
}

fn name(text: String, message: &'static str) -> std::result::Result<Option<String>, &'static str> {
    if text.is_empty() {
        return Ok(None);
    }
    if crate::pupils::is_name(&text) { Ok(Some(text)) } else { Err(message) }
}

/// `2026-09-01` as browsers send it, or `01.09.2026` as people type it.
pub fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    text.parse().ok().or_else(|| Date::strptime("%d.%m.%Y", text).ok())
}

/// A number as the whole world dials it: `8 701 …` and `7 701 …` are `+7701…`.
pub fn phone(text: &str) -> Option<String> {
    if !text.chars().all(|one| one.is_ascii_digit() || matches!(one, '+' | ' ' | '-' | '(' | ')' | '.')) {
        return None;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let abroad = text.starts_with('+') && !digits.starts_with('7');
    let digits = match (abroad, digits.len()) {
        (true, 8..=15) => digits,
        (false, 11) if digits.starts_with(['7', '8']) => format!("7{}", digits.get(1..)?),
        (false, 10) if digits.starts_with('7') => format!("7{digits}"),
        _ => return None,
    };
    Some(format!("+{digits}"))
}

/// Something before and after one `@`, with a dot behind it: more a letter itself would have to say.
fn email(text: &str) -> Option<String> {
    let (name, host) = text.split_once('@')?;
    let fits = !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.') && !host.contains('@') && !text.contains(' ') && text.len() <= 200;
    fits.then(|| text.to_lowercase())
}

/// Why a value is another one now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// Life changed it, from this day on.
    Changed(Date),
    /// It was a mistake, and why.
    Corrected(String),
}

impl How {
    /// As in SQL.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Changed(_) => "changed",
            Self::Corrected(_) => "corrected",
        }
    }
}

/// Reads the fields of a form; all that is wrong with them is said at once.
pub fn read(fields: &[Field], typed: &Typed, today: Date) -> Result<(Vec<(Field, Option<String>)>, How)> {
    let text = |name: &str| typed.get(name).map(|text| text.trim()).unwrap_or_default();
    let (mut wanted, mut wrong) = (Vec::new(), Vec::new());
    for field in fields {
        match field.read(text(field.as_str()), today) {
            Ok(value) => wanted.push((*field, value)),
            Err(message) => wrong.push(FieldError { field: field.as_str(), message }),
        }
    }
    let how = match (text("how"), text("from"), text("reason")) {
        ("corrected", _, reason) if (1..=LONGEST_REASON).contains(&reason.chars().count()) => Ok(How::Corrected(reason.to_owned())),
        ("corrected", _, _) => Err(FieldError { field: "reason", message: "card-wrong-reason" }),
        (_, "", _) => Ok(How::Changed(today)),
        (_, from, _) => day(from).filter(|from| (date(1990, 1, 1)..=today).contains(from)).map(How::Changed).ok_or(FieldError { field: "from", message: "card-wrong-from" }),
    };
    match how {
        Ok(how) if wrong.is_empty() => Ok((wanted, how)),
        Ok(_) => Err(Error::Invalid(wrong)),
        Err(error) => Err(Error::Invalid(wrong.into_iter().chain([error]).collect())),
    }
}

/// An open value: what it says and since when; `None` since before anybody wrote it down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// The field.
    pub field: Field,
    /// What it says.
    pub value: Option<String>,
    /// Since when.
    pub since: Option<Date>,
}

/// What becomes of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The field.
    pub field: Field,
    /// What it said.
    pub before: Option<String>,
    /// What it says now.
    pub after: Option<String>,
    /// From when the new value holds.
    pub from: Option<Date>,
}

/// The steps from what is open to what is wanted; none for a field that says the same.
pub fn steps(open: &[Open], wanted: &[(Field, Option<String>)], how: &How) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    for (field, after) in wanted {
        let known = open.iter().find(|open| open.field == *field);
        let before = known.and_then(|open| open.value.clone());
        if before == *after {
            continue;
        }
        let since = known.and_then(|open| open.since);
        let from = match how {
            How::Corrected(_) => since,
            How::Changed(from) if since.is_some_and(|since| *from < since) => return Err(Error::invalid("from", "card-wrong-before")),
            How::Changed(from) => Some(*from),
        };
        steps.push(Step { field: *field, before, after: after.clone(), from });
    }
    Ok(steps)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TODAY: Date = date(2026, 11, 22);

    fn typed(fields: &[(&str, &str)]) -> Typed {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_phone_is_one_number_however_it_is_typed() {
        for text in ["87011234567", "8 (701) 123-45-67", "+7 701 123 45 67", "7011234567", "7 701 1234567"] {
            assert_eq!(phone(text).as_deref(), Some("+77011234567"), "{text}");
        }
        assert_eq!(phone("+998 90 123 45 67").as_deref(), Some("+998901234567"));
        for text in ["", "123", "8 701", "анама", "+7 701 123 45 67 89", "990112345678"] {
            assert_eq!(phone(text), None, "{text}");
        }
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once_and_what_may_be_empty_is() {
        let (wanted, how) = read(Field::CONTACTS, &typed(&[("address", "  Көкше к., 5 ")]), TODAY).unwrap();
        assert_eq!(wanted, [(Field::Address, Some("Көкше к., 5".to_owned())), (Field::Phone, None), (Field::HomeLanguage, None)]);
        assert_eq!(how, How::Changed(TODAY));
        let bad = typed(&[("surname", ""), ("given_name", "7"), ("birth_date", "2027-01-01"), ("sex", "x"), ("citizenship", "mars"), ("from", "2026-11-23")]);
        let Err(Error::Invalid(wrong)) = read(Field::WHO, &bad, TODAY) else { panic!("it was taken") };
        assert_eq!(wrong.iter().map(|wrong| wrong.field).collect::<Vec<_>>(), ["surname", "given_name", "birth_date", "sex", "citizenship", "from"]);
        let Err(Error::Invalid(wrong)) = read(Field::CONTACTS, &typed(&[("how", "corrected"), ("phone", "x")]), TODAY) else { panic!("it was taken") };
        assert_eq!(wrong.iter().map(|wrong| wrong.field).collect::<Vec<_>>(), ["phone", "reason"]);
    }

    #[test]
    fn a_change_begins_no_earlier_than_what_it_changes() {
        let open = [Open { field: Field::Phone, value: Some("+77011234567".into()), since: Some(date(2026, 10, 1)) }];
        let wanted = [(Field::Phone, None)];
        assert!(steps(&open, &wanted, &How::Changed(date(2026, 9, 30))).is_err());
        assert_eq!(steps(&open, &wanted, &How::Changed(TODAY)).unwrap()[0].from, Some(TODAY));
        assert_eq!(steps(&open, &wanted, &How::Corrected("қате".into())).unwrap()[0].from, Some(date(2026, 10, 1)), "it was so all the time");
    }

    proptest! {
        #[test]
        fn inv_2_what_is_done_is_not_done_again(values in proptest::collection::vec(proptest::option::of("[а-я]{1,8}"), 11), wanted in proptest::collection::vec(proptest::option::of("[а-я]{1,8}"), 11)) {
            let open: Vec<Open> = Field::ALL.into_iter().zip(&values).map(|(field, value)| Open { field, value: value.clone(), since: None }).collect();
            let wanted: Vec<(Field, Option<String>)> = Field::ALL.into_iter().zip(wanted).collect();
            let done = steps(&open, &wanted, &How::Changed(TODAY)).unwrap();
            for step in &done {
                prop_assert_ne!(&step.before, &step.after);
            }
            let after: Vec<Open> = open.iter().map(|open| match done.iter().find(|step| step.field == open.field) {
                Some(step) => Open { field: step.field, value: step.after.clone(), since: step.from },
                None => open.clone(),
            }).collect();
            prop_assert_eq!(after.iter().map(|open| (open.field, open.value.clone())).collect::<Vec<_>>(), wanted.clone());
            prop_assert!(steps(&after, &wanted, &How::Changed(TODAY)).unwrap().is_empty());
        }
    }
}
