//! A field of a form: its label, what it asks for, a hint, and the error beside it with what was typed kept.
//!
//! ```ignore
//! FormField::text("surname", t.text("people-surname"), Need::Required).value(&typed.surname).error_in(&errors, t)
//! FormField::select("class", t.text("people-class"), Need::optional(t), options).value(&typed.class)
//! ```

use askama::{Template, filters::HtmlSafe};
use kernel::error::FieldError;

use crate::i18n::Texts;

/// Whether a field may stay empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// The form is not taken without it.
    Required,
    /// It may stay empty; the word beside the label says so.
    Optional(String),
}

impl Need {
    /// May stay empty, and says so in the reader's language.
    pub fn optional(t: &Texts<'_>) -> Self {
        Self::Optional(t.text("field-optional"))
    }
}

/// A value to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// In words.
    pub text: String,
    /// A line below it, where the words are not enough.
    pub hint: Option<String>,
}

impl Choice {
    /// A value and its words.
    pub fn new(value: impl Into<String>, text: impl Into<String>) -> Self {
        Self { value: value.into(), text: text.into(), hint: None }
    }
}

/// What the reader types into or chooses from.
#[derive(Debug, Clone)]
enum Control {
    /// One line: `text`, `tel`, `email`, `password`, `date`, `number`, …
    Line { kind: &'static str, autocomplete: Option<&'static str>, most: Option<u32> },
    /// Several lines.
    Area { rows: u32 },
    /// One of many.
    Select { choices: Vec<Choice>, nothing: Option<String> },
    /// One of a few.
    Radios { choices: Vec<Choice> },
    /// Any of a few, each sent under the field's name.
    Checks { choices: Vec<Choice> },
}

/// A field of a form.
#[derive(Debug, Clone, Template)]
#[template(path = "component/field.html")]
pub struct FormField {
    name: String,
    label: String,
    need: Need,
    control: Control,
    values: Vec<String>,
    hint: Option<String>,
    error: Option<String>,
}
impl HtmlSafe for FormField {}

impl FormField {
    fn new(name: impl Into<String>, label: String, need: Need, control: Control) -> Self {
        Self { name: name.into(), label, need, control, values: Vec::new(), hint: None, error: None }
    }

    /// A line of text.
    pub fn text(name: impl Into<String>, label: String, need: Need) -> Self {
        Self::line(name, "text", label, need)
    }

    /// A line of another kind: `tel`, `email`, `number`, …
    pub fn line(name: impl Into<String>, kind: &'static str, label: String, need: Need) -> Self {
        Self::new(name, label, need, Control::Line { kind, autocomplete: None, most: None })
    }

    /// A day. It is sent as `2026-11-22`; browsers without a calendar send what was typed, and [`crate::form::day`] reads both.
    pub fn date(name: impl Into<String>, label: String, need: Need) -> Self {
        Self::line(name, "date", label, need)
    }

    /// Several lines of text.
    pub fn area(name: impl Into<String>, label: String, need: Need, rows: u32) -> Self {
        Self::new(name, label, need, Control::Area { rows })
    }

    /// One of many. `nothing` is said where none is chosen yet.
    pub fn select(name: impl Into<String>, label: String, need: Need, choices: Vec<Choice>, nothing: Option<String>) -> Self {
        Self::new(name, label, need, Control::Select { choices, nothing })
    }

    /// One of a few.
    pub fn radios(name: impl Into<String>, label: String, need: Need, choices: Vec<Choice>) -> Self {
        Self::new(name, label, need, Control::Radios { choices })
    }

    /// Any of a few.
    pub fn checks(name: impl Into<String>, label: String, need: Need, choices: Vec<Choice>) -> Self {
        Self::new(name, label, need, Control::Checks { choices })
    }

    /// What was typed or is known; never a password.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.values = vec![value.into()];
        self
    }

    /// What was chosen.
    #[must_use]
    pub fn values(mut self, values: Vec<String>) -> Self {
        self.values = values;
        self
    }

    /// A line that helps before something is typed.
    #[must_use]
    pub fn hint(mut self, hint: String) -> Self {
        self.hint = Some(hint);
        self
    }

    /// What is wrong with it.
    #[must_use]
    pub fn error(mut self, error: Option<String>) -> Self {
        self.error = error;
        self
    }

    /// What is wrong with it, found among what is wrong with the form.
    #[must_use]
    pub fn error_in(self, errors: &[FieldError], t: &Texts<'_>) -> Self {
        let own = errors.iter().find(|error| error.field == self.name).map(|error| t.text(error.message));
        self.error(own)
    }

    /// What browsers may fill in.
    #[must_use]
    pub fn autocomplete(mut self, what: &'static str) -> Self {
        if let Control::Line { autocomplete, .. } = &mut self.control {
            *autocomplete = Some(what);
        }
        self
    }

    /// The longest text that is taken.
    #[must_use]
    pub fn most(mut self, letters: u32) -> Self {
        if let Control::Line { most, .. } = &mut self.control {
            *most = Some(letters);
        }
        self
    }

    fn only(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }

    fn has(&self, choice: &Choice) -> bool {
        self.values.contains(&choice.value)
    }

    fn is_required(&self) -> bool {
        self.need == Need::Required
    }

    /// The word beside the label of what may stay empty.
    fn aside(&self) -> Option<&str> {
        if let Need::Optional(word) = &self.need { Some(word) } else { None }
    }

    /// Several controls under one legend.
    fn is_group(&self) -> bool {
        matches!(self.control, Control::Radios { .. } | Control::Checks { .. })
    }

    /// The ids of hint and error, for `aria-describedby`.
    fn described(&self) -> Option<String> {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.name));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.name));
        let ids: Vec<String> = hint.into_iter().chain(error).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hint_and_error_are_read_with_the_field_and_what_was_typed_stays() {
        let html = FormField::text("surname", "Surname".into(), Need::Required).value("О\"спан").hint("As in the passport".into()).error(Some("Write it".into())).most(80).render().unwrap();
        for part in ["aria-describedby=\"surname-hint surname-error\"", "aria-invalid=\"true\"", " required", "maxlength=\"80\"", "value=\"О&#34;спан\"", "id=\"surname-error\""] {
            assert!(html.contains(part), "{part} is not in {html}");
        }
    }

    #[test]
    fn what_may_stay_empty_says_so_and_is_not_required() {
        let html = FormField::date("born", "Born".into(), Need::Optional("optional".into())).render().unwrap();
        assert!(!html.contains("required") && html.contains("optional") && !html.contains("aria-describedby"), "{html}");
    }

    #[test]
    fn a_group_has_a_legend_and_keeps_what_was_chosen() {
        let choices = vec![Choice::new("kk", "Қазақша"), Choice::new("ru", "Орысша")];
        let html = FormField::checks("language", "Languages".into(), Need::Required, choices).values(vec!["ru".into()]).error(Some("Choose".into())).render().unwrap();
        assert!(html.contains("<fieldset") && html.contains("<legend") && html.contains("aria-describedby=\"language-error\""), "{html}");
        assert_eq!(html.matches(" checked").count(), 1, "{html}");
    }
}
