//! The small parts that pages are put together from, as structs: a template writes `{{ dot }}`. Class names are those of
//! `assets/README.md`. `/kit` of a demonstration shows each of them.

pub mod address;
pub mod calendar;
pub mod chart;
pub mod chosen;
pub mod field;
pub mod flow;
pub mod job;
pub mod notice;
pub mod table;
pub mod upload;

pub use address::Address;
pub use calendar::MonthCalendar;
pub use chart::{Bar, BarChart};
pub use chosen::Chosen;
pub use field::{Choice, FormField, Need};
pub use flow::{Happening, Reached, Step, Steps, Timeline};
pub use job::JobProgress;
pub use notice::{DialogLink, Figure, StatusBlock, UndoToast};
pub use table::{DataColumn, DataTable, Sort};
pub use upload::UploadProgress;

use askama::{Template, filters::HtmlSafe};
use jiff::Timestamp;

use crate::{assets, i18n::Texts};

/// The colour of a state. Never alone: the text says the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// As it should be.
    Ok,
    /// Somebody should look.
    Warn,
    /// Broken.
    Bad,
    /// Not known.
    Unknown,
}

impl Tone {
    /// The class.
    pub fn class(self) -> &'static str {
        match self {
            Self::Ok => "sh-ok",
            Self::Warn => "sh-warn",
            Self::Bad => "sh-bad",
            Self::Unknown => "sh-unknown",
        }
    }
}

/// A dot with its text.
#[derive(Debug, Clone, Template)]
#[template(source = r#"<span class="sh-dot {{ tone.class() }}">{{ text }}</span>"#, ext = "html")]
pub struct StatusDot {
    /// Its colour.
    pub tone: Tone,
    /// What it says.
    pub text: String,
}
impl HtmlSafe for StatusDot {}

/// An icon by name.
#[derive(Debug, Clone, Template)]
#[template(source = r#"<svg class="sh-icon" aria-hidden="true"><use href="{{ address() }}"/></svg>"#, ext = "html")]
pub struct Icon(pub &'static str);
impl HtmlSafe for Icon {}

impl Icon {
    fn address(&self) -> String {
        assets::icon(self.0)
    }
}

/// What stands where there is nothing to list.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<div class="sh-empty">{{ icon }}<h2>{{ title }}</h2><p>{{ body }}</p>{% if let Some((href, text)) = action %}<a class="btn" href="{{ href }}">{{ text }}</a>{% endif %}</div>"#,
    ext = "html"
)]
pub struct Empty {
    /// Its picture.
    pub icon: Icon,
    /// What is not there.
    pub title: String,
    /// Why, and what to do.
    pub body: String,
    /// A link and its text.
    pub action: Option<(String, String)>,
}
impl HtmlSafe for Empty {}

/// Links to the neighbouring pages of a list with keyset paging.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"{% if first.is_some() || next.is_some() %}<nav class="sh-pages" aria-label="{{ label }}">{% if let Some((href, text)) = first %}<a rel="prev" href="{{ href }}">{{ text }}</a>{% endif %}<span></span>{% if let Some((href, text)) = next %}<a rel="next" href="{{ href }}">{{ text }}</a>{% endif %}</nav>{% endif %}"#,
    ext = "html"
)]
pub struct Paging {
    /// What a screen reader calls it.
    pub label: String,
    /// Back to the beginning: address and text.
    pub first: Option<(String, String)>,
    /// What comes after: address and text.
    pub next: Option<(String, String)>,
}
impl HtmlSafe for Paging {}

impl Paging {
    /// The links of a list at `path`, which shows what comes after `shown_after` and is followed by what comes after `next_after`.
    pub fn of(t: &Texts<'_>, path: &str, shown_after: Option<&str>, next_after: Option<&str>) -> Self {
        let joint = if path.contains('?') { '&' } else { '?' };
        Self {
            label: t.text("pages-label"),
            first: shown_after.map(|_| (path.to_owned(), t.text("pages-first"))),
            next: next_after.map(|after| (format!("{path}{joint}after={}", crate::failure::encoded(after)), t.text("pages-next"))),
        }
    }
}

/// A moment: the time of day in the school's zone, machine-readable, kept fresh as "3 min ago" by script when asked.
#[derive(Debug, Clone, Template)]
#[template(source = r#"<time datetime="{{ machine }}"{% if ago %} data-ago{% endif %}>{{ text }}</time>"#, ext = "html")]
pub struct Moment {
    machine: String,
    text: String,
    ago: bool,
}
impl HtmlSafe for Moment {}

impl Moment {
    /// `07:52`
    pub fn time(t: &Texts<'_>, at: Timestamp) -> Self {
        Self { machine: at.to_string(), text: t.time(at), ago: false }
    }

    /// `21.11.2026 07:52`
    pub fn full(t: &Texts<'_>, at: Timestamp) -> Self {
        Self { machine: at.to_string(), text: t.moment(at), ago: false }
    }

    /// `21.11.2026 07:52`, shown as "3 min ago" where script runs.
    pub fn ago(t: &Texts<'_>, at: Timestamp) -> Self {
        Self { machine: at.to_string(), text: t.moment(at), ago: true }
    }
}

/// A line that has to be filled in, as the sign-in has it. Forms with other needs take [`FormField`].
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<div class="sh-field{% if error.is_some() %} sh-invalid{% endif %}"><label for="{{ name }}">{{ label }}</label>{% if let Some(hint) = hint %}<p class="sh-hint" id="{{ name }}-hint">{{ hint }}</p>{% endif %}<input class="form-control" id="{{ name }}" name="{{ name }}" type="{{ kind }}" value="{{ value }}"{% if let Some(autocomplete) = autocomplete %} autocomplete="{{ autocomplete }}"{% endif %}{% if error.is_some() %} aria-invalid="true" aria-describedby="{{ name }}-error"{% else if hint.is_some() %} aria-describedby="{{ name }}-hint"{% endif %} required>{% if let Some(error) = error %}<p class="sh-error" id="{{ name }}-error">{{ error }}</p>{% endif %}</div>"#,
    ext = "html"
)]
pub struct Field {
    /// Name and id.
    pub name: &'static str,
    /// `text`, `password`, …
    pub kind: &'static str,
    /// Its label.
    pub label: String,
    /// What was typed; never a password.
    pub value: String,
    /// A hint under the label.
    pub hint: Option<String>,
    /// What is wrong with it.
    pub error: Option<String>,
    /// What browsers may fill in.
    pub autocomplete: Option<&'static str>,
}
impl HtmlSafe for Field {}

/// The head of a table.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<thead><tr>{% for column in columns %}<th scope="col"{% if column.numeric() %} class="sh-num"{% endif %}>{{ column.text }}</th>{% endfor %}</tr></thead>"#,
    ext = "html"
)]
pub struct TableHead {
    /// The columns in order.
    pub columns: Vec<Column>,
}
impl HtmlSafe for TableHead {}

/// A column of a table.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its heading.
    pub text: String,
    /// How its cells stand.
    pub align: Align,
}

/// How cells stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Text,
    /// Figures, to the right.
    Number,
}

impl Column {
    fn numeric(&self) -> bool {
        self.align == Align::Number
    }
}

/// Where a child is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whereabouts {
    /// In school.
    In,
    /// Has left.
    Out,
    /// Not seen today.
    None,
}

impl Whereabouts {
    /// The class.
    pub fn class(self) -> &'static str {
        match self {
            Self::In => "sh-in",
            Self::Out => "sh-out",
            Self::None => "sh-none",
        }
    }
}

/// Where a child is now: the part of a [`ChildCard`] that live frames replace.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<div class="w-100 {{ whereabouts.class() }}" id="child-state-{{ child }}"{% if swapped %} hx-swap-oob="outerHTML"{% endif %}><p class="sh-child-now">{{ now }}</p>{% if let Some((moment, place)) = note %}<p class="sh-child-note">{{ moment }}{% if !place.is_empty() %} · {{ place }}{% endif %}</p>{% endif %}</div>"#,
    ext = "html"
)]
pub struct ChildState {
    /// The child's id, as shown.
    pub child: String,
    /// Colours the state.
    pub whereabouts: Whereabouts,
    /// `In school since 07:52`.
    pub now: String,
    /// Since when, and by which door.
    pub note: Option<(Moment, String)>,
    swapped: bool,
}
impl HtmlSafe for ChildState {}

impl ChildState {
    /// A state inside its card.
    pub fn new(child: String, whereabouts: Whereabouts, now: String, note: Option<(Moment, String)>) -> Self {
        Self { child, whereabouts, now, note, swapped: false }
    }

    /// The same as a fragment that htmx puts in place of the one on the page.
    #[must_use]
    pub fn out_of_band(self) -> Self {
        Self { swapped: true, ..self }
    }
}

/// A child on the guardian's screen.
#[derive(Debug, Clone, Template)]
#[template(path = "child_card.html")]
pub struct ChildCard {
    /// Where the child's own page is; nothing on that page itself.
    pub href: Option<String>,
    /// The child's name.
    pub name: String,
    /// Class, and school where it is not said elsewhere.
    pub place: String,
    /// Where the child is now.
    pub state: ChildState,
}
impl HtmlSafe for ChildCard {}

impl ChildCard {
    /// The first letters of surname and given name.
    fn initials(&self) -> String {
        self.name.split_whitespace().take(2).filter_map(|word| word.chars().next()).collect()
    }

    /// One of six steady colours.
    fn colour(&self) -> u32 {
        self.name.chars().map(u32::from).fold(7_u32, |sum, letter| sum.wrapping_mul(31).wrapping_add(letter)) % 6 + 1
    }
}
