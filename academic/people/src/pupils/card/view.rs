//! A card in words: facts, the fields of a form, and lines of history.

use std::collections::HashMap;

use jiff::civil::Date;
use kernel::error::FieldError;
use web::Texts;

use super::{
    Card, Field, Former,
    rules::{COUNTRIES, HOME_LANGUAGES, LANGUAGES, SEXES, Typed},
};
use crate::inputs::{Input, Kind, Need};

/// What a card says in these fields; what it does not say is left out.
pub(crate) fn facts(t: &Texts<'_>, card: &Card, fields: &[Field]) -> Vec<(String, String)> {
    let said = |field: &Field| card.value(*field).map(|value| (label(t, *field), words(t, *field, &value)));
    fields.iter().filter_map(said).collect()
}

/// The words of a value.
pub(crate) fn words(t: &Texts<'_>, field: Field, value: &str) -> String {
    match field {
        Field::BirthDate => value.parse().map_or_else(|_| value.to_owned(), day),
        Field::Sex => t.text(format!("card-sex-{value}")),
        Field::Citizenship => t.text(format!("card-country-{value}")),
        Field::HomeLanguage | Field::Language => t.text(format!("card-language-{value}")),
        Field::Surname | Field::GivenName | Field::Patronymic | Field::Address | Field::Phone | Field::Email => value.to_owned(),
    }
}

/// `22.11.2026`
pub(crate) fn day(day: Date) -> String {
    day.strftime("%d.%m.%Y").to_string()
}

/// What a field is called.
pub(crate) fn label(t: &Texts<'_>, field: Field) -> String {
    t.text(format!("card-field-{}", field.as_str().replace('_', "-")))
}

/// What was in the card, as a form begins.
pub(crate) fn typed_of(card: &Card, fields: &[Field]) -> Typed {
    fields.iter().map(|field| (field.as_str().to_owned(), card.value(*field).unwrap_or_default())).collect()
}

/// The fields of a form, with what was typed and what is wrong with it, and how it came to be.
pub(crate) fn inputs(t: &Texts<'_>, fields: &[Field], typed: &Typed, wrong: &[FieldError]) -> Vec<Input> {
    let mut inputs: Vec<Input> = fields.iter().map(|field| input(t, *field, typed)).chain(how_inputs(t, typed)).collect();
    mark(t, &mut inputs, wrong);
    inputs
}

/// How a change came to be: the fields that every form of a card ends with.
pub(crate) fn how_inputs(t: &Texts<'_>, typed: &Typed) -> [Input; 3] {
    let text = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let hows = ["changed", "corrected"].map(|how| (how.to_owned(), t.text(format!("card-how-{how}")))).into();
    [
        Input::new("how", t.text("card-how"), text("how"), Kind::Choice(hows), Need::Optional),
        Input::new("from", t.text("card-from"), text("from"), Kind::Day, Need::Optional).hinted(t.text("card-from-hint")),
        Input::new("reason", t.text("card-reason"), text("reason"), Kind::Line(300), Need::Optional).hinted(t.text("card-reason-hint")),
    ]
}

/// Writes what is wrong beside the fields.
pub(crate) fn mark(t: &Texts<'_>, inputs: &mut [Input], wrong: &[FieldError]) {
    let errors: HashMap<&str, &str> = wrong.iter().map(|wrong| (wrong.field, wrong.message)).collect();
    for input in inputs {
        input.error = errors.get(input.name).map(|message| t.text(message));
    }
}

/// A field of a form, with what was typed.
pub(crate) fn input(t: &Texts<'_>, field: Field, typed: &Typed) -> Input {
    let value = typed.get(field.as_str()).cloned().unwrap_or_default();
    let choice = |known: &[&str], words: &dyn Fn(&str) -> String| {
        let nothing = (String::new(), t.text("card-not-said"));
        Kind::Choice(std::iter::once(nothing).chain(known.iter().map(|one| ((*one).to_owned(), words(one)))).collect())
    };
    let (kind, need) = match field {
        Field::Surname | Field::GivenName => (Kind::Line(80), Need::Required),
        Field::Patronymic => (Kind::Line(80), Need::Optional),
        Field::BirthDate => (Kind::Day, Need::Optional),
        Field::Sex => (choice(&SEXES, &|one| t.text(format!("card-sex-{one}"))), Need::Optional),
        Field::Citizenship => (choice(&COUNTRIES, &|one| t.text(format!("card-country-{one}"))), Need::Optional),
        Field::HomeLanguage => (choice(&HOME_LANGUAGES, &|one| t.text(format!("card-language-{one}"))), Need::Optional),
        Field::Language => (Kind::Choice(LANGUAGES.map(|one| (one.to_owned(), t.text(format!("card-language-{one}")))).into()), Need::Required),
        Field::Address => (Kind::Line(300), Need::Optional),
        Field::Phone => (Kind::Phone, Need::Optional),
        Field::Email => (Kind::Email, Need::Optional),
    };
    let input = Input::new(field.as_str(), label(t, field), value, kind, need);
    match field {
        Field::Phone => input.hinted(t.text("card-phone-hint")),
        Field::Address => input.hinted(t.text("card-address-hint")),
        _ => input,
    }
}

/// A line of a card's history.
pub(crate) struct Line {
    /// Which field.
    pub field: String,
    /// What it said.
    pub value: String,
    /// Since when, until when.
    pub days: String,
    /// Who ended it, when, and why.
    pub ended: String,
}

/// History in words.
pub(crate) fn lines(t: &Texts<'_>, history: &[Former]) -> Vec<Line> {
    history.iter().map(|former| line(t, former)).collect()
}

fn line(t: &Texts<'_>, former: &Former) -> Line {
    let days = match (former.from, former.to) {
        (_, None) => t.text("card-days-never"),
        (None, Some(to)) => t.with("card-days-until", [("to", day(to))]),
        (Some(from), Some(to)) => t.with("card-days-from-until", (("from", day(from)), ("to", day(to)))),
    };
    let who = former.by.clone().unwrap_or_else(|| t.text("card-somebody"));
    let at = former.at.map(|at| t.moment(at)).unwrap_or_default();
    let ended = match &former.reason {
        Some(reason) => t.with("card-corrected-by", (("who", who), ("at", at), ("reason", reason.clone()))),
        None => t.with("card-changed-by", (("who", who), ("at", at))),
    };
    let value = former.value.as_ref().map_or_else(|| t.text("card-empty"), |value| words(t, former.field, value));
    Line { field: label(t, former.field), value, days, ended }
}
