//! What follows one another: the steps of a long form, and what happened on which day.

use askama::{Template, filters::HtmlSafe};

use super::Moment;

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// Behind the reader.
    Done,
    /// Where the reader is.
    Now,
    /// Still to come.
    Ahead,
}

/// A step of a long form.
#[derive(Debug, Clone)]
pub struct Step {
    /// What is done in it.
    pub text: String,
    /// How far it is.
    pub reached: Reached,
    /// Back to it, where that is possible.
    pub href: Option<String>,
}

/// Where the reader is in a long form.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<ol class="sh-stepper" aria-label="{{ label }}">{% for step in steps %}<li class="{{ self.class(step) }}"{% if step.reached == Reached::Now %} aria-current="step"{% endif %}>{% if let Some(href) = step.href %}<a href="{{ href }}">{{ step.text }}</a>{% else %}<span>{{ step.text }}</span>{% endif %}{% if step.reached == Reached::Done %}<span class="sh-visually-hidden">{{ done }}</span>{% endif %}</li>{% endfor %}</ol>"#,
    ext = "html"
)]
pub struct Steps {
    /// What a screen reader calls them.
    pub label: String,
    /// The word for a step that is done.
    pub done: String,
    /// The steps in order.
    pub steps: Vec<Step>,
}
impl HtmlSafe for Steps {}

impl Steps {
    /// Steps of which the one at this place, from zero, is where the reader is.
    pub fn at(label: String, done: String, texts: Vec<String>, now: usize) -> Self {
        let reached = |place: usize| match place.cmp(&now) {
            std::cmp::Ordering::Less => Reached::Done,
            std::cmp::Ordering::Equal => Reached::Now,
            std::cmp::Ordering::Greater => Reached::Ahead,
        };
        Self { label, done, steps: texts.into_iter().enumerate().map(|(place, text)| Step { text, reached: reached(place), href: None }).collect() }
    }

    fn class(&self, step: &Step) -> &'static str {
        match step.reached {
            Reached::Done => "sh-done",
            Reached::Now => "sh-now",
            Reached::Ahead => "sh-ahead",
        }
    }
}

/// Something that happened.
#[derive(Debug, Clone)]
pub struct Happening {
    /// When.
    pub at: Moment,
    /// What.
    pub title: String,
    /// By whom, where, why; may be empty.
    pub note: String,
    /// Colours its point: `sh-in`, `sh-out`, `sh-meal`, `sh-alarm`, or nothing.
    pub class: &'static str,
}

/// What happened, by days.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"{% for (day, happenings) in days %}<h3 class="sh-day">{{ day }}</h3><ol class="sh-timeline">{% for one in happenings %}<li{% if !one.class.is_empty() %} class="{{ one.class }}"{% endif %}>{{ one.at }}<div><b>{{ one.title }}</b>{% if !one.note.is_empty() %}<span>{{ one.note }}</span>{% endif %}</div></li>{% endfor %}</ol>{% endfor %}"#,
    ext = "html"
)]
pub struct Timeline {
    /// Each day in words, with what happened on it.
    pub days: Vec<(String, Vec<Happening>)>,
}
impl HtmlSafe for Timeline {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reader_is_at_one_step() {
        let html = Steps::at("Import".into(), "done".into(), ["File", "Columns", "Preview"].map(String::from).into(), 1).render().unwrap();
        assert_eq!((html.matches("aria-current").count(), html.matches("sh-done").count(), html.matches("sh-ahead").count()), (1, 1, 1), "{html}");
    }
}
