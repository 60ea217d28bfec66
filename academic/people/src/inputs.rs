//! A field of a card's form: what was typed stays, the error stands at the field, and what may be left empty is not required.

use askama::{Template, filters::HtmlSafe};

/// What one types into it.
#[derive(Debug, Clone)]
pub enum Kind {
    /// A line, with its greatest length.
    Line(usize),
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A day.
    Day,
    /// A number with a part, as `0,75`.
    Number,
    /// One of these: value and words.
    Choice(Vec<(String, String)>),
}

/// Whether it may be left empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It may not.
    Required,
    /// It may.
    Optional,
}

/// A field of a form.
#[derive(Debug, Clone, Template)]
#[template(path = "input.html")]
pub struct Input {
    /// Name and id.
    pub name: &'static str,
    /// Its label.
    pub label: String,
    /// What was typed.
    pub value: String,
    /// A hint under the label.
    pub hint: Option<String>,
    /// What is wrong with it.
    pub error: Option<String>,
    /// What one types.
    pub kind: Kind,
    /// Whether it may be left empty.
    pub need: Need,
}
impl HtmlSafe for Input {}

impl Input {
    /// A field without hint and error.
    pub fn new(name: &'static str, label: String, value: impl Into<String>, kind: Kind, need: Need) -> Self {
        Self { name, label, value: value.into(), hint: None, error: None, kind, need }
    }

    /// The same with a hint.
    #[must_use]
    pub fn hinted(self, hint: String) -> Self {
        Self { hint: Some(hint), ..self }
    }

    fn is_required(&self) -> bool {
        self.need == Need::Required
    }

    fn described_by(&self) -> Option<String> {
        match (&self.error, &self.hint) {
            (Some(_), _) => Some(format!("{}-error", self.name)),
            (None, Some(_)) => Some(format!("{}-hint", self.name)),
            (None, None) => None,
        }
    }

    fn html_type(&self) -> &'static str {
        match self.kind {
            Kind::Line(_) | Kind::Number | Kind::Choice(_) => "text",
            Kind::Phone => "tel",
            Kind::Email => "email",
            Kind::Day => "date",
        }
    }

    fn most(&self) -> usize {
        match self.kind {
            Kind::Line(most) => most,
            Kind::Phone | Kind::Number | Kind::Day | Kind::Choice(_) => 30,
            Kind::Email => 200,
        }
    }
}
