//! What somebody writes down from a signed form.

use std::collections::HashMap;

use jiff::civil::Date;
use kernel::{Error, Locale, Result, error::FieldError, id::PersonId};

use super::{
    rules::{Purpose, Wish},
    service::Given,
};

/// A signed form: who signed when, in which language, and what was ticked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Paper {
    pub(super) by: PersonId,
    pub(super) signed_on: Date,
    pub(super) locale: Locale,
    pub(super) said: Vec<Given>,
}

impl Paper {
    /// Reads the fields of a form; all that is wrong with them is said at once. A purpose left open is not spoken of.
    pub(super) fn parse(fields: &HashMap<String, String>, today: Date) -> Result<Self> {
        let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
        let by = field("by").parse().map_err(|_| FieldError { field: "by", message: "consents-field-by" });
        let signed_on = field("signed_on").parse::<Date>().ok().filter(|day| *day <= today && *day >= jiff::civil::date(2013, 11, 25));
        let signed_on = signed_on.ok_or(FieldError { field: "signed_on", message: "consents-field-signed-on" });
        // The printed form is in Kazakh and Russian.
        let locale = if field("language") == Locale::Ru.as_str() { Locale::Ru } else { Locale::Kk };
        let said: Vec<Given> = Purpose::ALL.into_iter().filter_map(|purpose| Some(Given { purpose, wish: Wish::parse(field(purpose.as_str()))?, version: None })).collect();
        let nothing = said.is_empty().then_some(FieldError { field: "said", message: "consents-field-said" });
        match (by, signed_on, nothing) {
            (Ok(by), Ok(signed_on), None) => Ok(Self { by, signed_on, locale, said }),
            (by, signed_on, nothing) => Err(Error::Invalid([by.err(), signed_on.err(), nothing].into_iter().flatten().collect())),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::id::Uuid;

    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> HashMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_form_is_read_as_it_was_ticked() {
        let by = PersonId(Uuid::from_u128(7));
        let today = date(2026, 11, 22);
        let paper = Paper::parse(&fields(&[("by", &by.to_string()), ("signed_on", "2026-11-20"), ("language", "ru"), ("photos", "yes"), ("ai", "no"), ("meals", "")]), today).unwrap();
        let given = |purpose, wish| Given { purpose, wish, version: None };
        assert_eq!(paper, Paper { by, signed_on: date(2026, 11, 20), locale: Locale::Ru, said: vec![given(Purpose::Photos, Wish::Yes), given(Purpose::Ai, Wish::No)] });
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let today = date(2026, 11, 22);
        let Err(Error::Invalid(wrong)) = Paper::parse(&fields(&[("by", "somebody"), ("signed_on", "2026-11-23"), ("photos", "maybe")]), today) else { panic!("taken") };
        assert_eq!(wrong.iter().map(|field| field.field).collect::<Vec<_>>(), ["by", "signed_on", "said"]);
        // Before the law there was nothing to sign.
        let Err(Error::Invalid(wrong)) = Paper::parse(&fields(&[("by", &PersonId(Uuid::nil()).to_string()), ("signed_on", "1999-01-01"), ("photos", "yes")]), today) else { panic!("taken") };
        assert_eq!(wrong[0].field, "signed_on");
    }
}
