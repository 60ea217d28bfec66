//! What the program tells the reader in a page: how something stands, and what was done a moment ago with a way to take it back.

use actix_web::HttpRequest;
use askama::{Template, filters::HtmlSafe};

use super::{Icon, Tone};
use crate::{
    csrf::{self, CsrfField},
    i18n::Texts,
};

/// How something stands, with what to do about it.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<div class="sh-note {{ tone.class() }}"{% if self.is_bad() %} role="alert"{% endif %}><p><b>{{ title }}</b></p>{% if !body.is_empty() %}<p>{{ body }}</p>{% endif %}{% if let Some((href, text)) = action %}<p><a class="btn btn-sm" href="{{ href }}">{{ text }}</a></p>{% endif %}</div>"#,
    ext = "html"
)]
pub struct StatusBlock {
    /// Its colour.
    pub tone: Tone,
    /// How it stands.
    pub title: String,
    /// Why, and what to do; may be empty.
    pub body: String,
    /// Where that is done: address and words.
    pub action: Option<(String, String)>,
}
impl HtmlSafe for StatusBlock {}

impl StatusBlock {
    fn is_bad(&self) -> bool {
        self.tone == Tone::Bad
    }
}

/// A figure with what it counts; several stand in `<div class="sh-stats">`.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"{% if let Some(href) = href %}<a class="sh-stat {{ self.class() }}" href="{{ href }}"><b>{{ value }}</b><span>{{ text }}</span></a>{% else %}<div class="sh-stat {{ self.class() }}"><b>{{ value }}</b><span>{{ text }}</span></div>{% endif %}"#,
    ext = "html"
)]
pub struct Figure {
    /// The figure as written.
    pub value: String,
    /// What it counts.
    pub text: String,
    /// Where more is told.
    pub href: Option<String>,
    /// Its colour, where it says something.
    pub tone: Option<Tone>,
}
impl HtmlSafe for Figure {}

impl Figure {
    fn class(&self) -> &'static str {
        self.tone.map_or("", Tone::class)
    }
}

/// What was just done, with a button that takes it back. Shown once, on the page after the redirect; it stays for twenty seconds with
/// script, and until the next page without.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<div class="sh-toasts sh-toasts-page"><div class="sh-toast sh-ok" role="status" data-dismiss-after="20"><span>{{ text }}</span><form method="post" action="{{ action }}">{{ csrf }}{% for (name, value) in fields %}<input type="hidden" name="{{ name }}" value="{{ value }}">{% endfor %}<button class="btn btn-sm">{{ undo }}</button></form><button type="button" class="sh-js" data-dismiss aria-label="{{ close }}">{{ cross }}</button></div></div>"#,
    ext = "html"
)]
pub struct UndoToast {
    text: String,
    action: String,
    fields: Vec<(String, String)>,
    undo: String,
    close: String,
    cross: Icon,
    csrf: CsrfField,
}
impl HtmlSafe for UndoToast {}

impl UndoToast {
    /// Says `text`; the button posts `fields` to `action`.
    pub fn new(t: &Texts<'_>, req: &HttpRequest, text: String, action: String, fields: Vec<(String, String)>) -> Self {
        Self { text, action, fields, undo: t.text("undo"), close: t.text("close"), cross: Icon("x"), csrf: csrf::field(req) }
    }
}

/// A link to a page with one question or one short form. With script the page opens as a dialog over this one; without, it is a page.
#[derive(Debug, Clone, Template)]
#[template(source = r#"<a class="btn {{ class }}" href="{{ href }}" data-dialog data-dialog-close="{{ close }}">{{ text }}</a>"#, ext = "html")]
pub struct DialogLink {
    href: String,
    text: String,
    class: &'static str,
    close: String,
}
impl HtmlSafe for DialogLink {}

impl DialogLink {
    /// A link that looks like a button, with Bootstrap's class for its weight (`btn-primary`, `btn-danger`, or nothing).
    pub fn new(t: &Texts<'_>, href: String, text: String, class: &'static str) -> Self {
        Self { href, text, class, close: t.text("close") }
    }
}
