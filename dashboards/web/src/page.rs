//! The layout around a page's body. A full page, or the body alone when htmx asked: one template for both.
//!
//! ```ignore
//! let view = DevicesPage { t: site.texts(locale_of(&req)), devices };
//! Page::new(view.t.text("devices-title")).wide().live("/live/support").respond(&req, &view)
//! ```

use actix_web::{HttpMessage, HttpRequest, HttpResponseBuilder, http::StatusCode};
use askama::Template;
use jiff::Timestamp;
use kernel::{
    Locale,
    right::{Granted, Place, Role},
};

use crate::{
    assets, cookie,
    csrf::{self, CsrfField},
    failure::Answer,
    i18n::Texts,
    navigation::{self, Link, Navigation},
    site::{Mode, Site},
};

/// Who looks at the page; put into the request by `identity` when it has recognised the session.
#[derive(Debug, Clone, Default)]
pub struct Viewer {
    /// The language of the account, where one was chosen.
    pub locale: Option<Locale>,
    /// As the person is addressed in the corner of the page.
    pub name: String,
    /// The roles held anywhere.
    pub roles: Vec<Role>,
    /// The roles that count at the school whose pages are in the navigation.
    pub roles_here: Vec<Role>,
    /// The rights that came with roles of that school's own.
    pub granted_here: Granted,
    /// Code of the school whose pages are in the navigation.
    pub school: Option<String>,
    /// Zone of the school in sight.
    pub zone: Option<String>,
    /// The organisations where the person works, to go from one to another.
    pub places: Vec<Workplace>,
    /// By what the phone knows whose pages it keeps; nothing while somebody else looks: they keep none.
    pub reader: Option<String>,
    /// Until when somebody else looks with this person's eyes, if somebody does.
    pub seen_until: Option<Timestamp>,
}

/// An organisation where the person works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workplace {
    /// Its code.
    pub code: String,
    /// Its name in the reader's language.
    pub name: String,
    /// Whether its pages are in the navigation now.
    pub current: bool,
}

/// The language of a request: account, then cookie, then `Accept-Language`, then Kazakh.
pub fn locale_of(req: &HttpRequest) -> Locale {
    let account = req.extensions().get::<Viewer>().and_then(|viewer| viewer.locale);
    account.or_else(|| cookie::chosen_locale(req)).or_else(|| accepted(req)).unwrap_or_default()
}

/// The messages for a request, in its language and its school's zone.
///
/// # Errors
/// When the server forgot to register the site.
pub fn texts(req: &HttpRequest) -> kernel::Result<Texts<'_>> {
    let t = Site::of(req)?.texts(locale_of(req));
    let zone = req.extensions().get::<Viewer>().and_then(|viewer| viewer.zone.clone());
    Ok(match zone {
        Some(zone) => t.in_zone(&zone),
        None => t,
    })
}

/// Whether htmx asks for the body alone.
pub fn is_fragment(req: &HttpRequest) -> bool {
    let has = |name: &str| req.headers().contains_key(name);
    has("hx-request") && !has("hx-boosted") && !has("hx-history-restore-request")
}

/// The first entry of the viewer's navigation: where their work begins.
///
/// # Errors
/// When the server forgot to register the site.
pub fn first_link(req: &HttpRequest) -> kernel::Result<Option<String>> {
    Ok(navigation::links_of(req)?.into_iter().next().map(|link| link.href))
}

/// Wraps a body into the layout with nothing special.
///
/// # Errors
/// When a template cannot be rendered.
pub fn page(req: &HttpRequest, title: impl Into<String>, body: &impl Template) -> Answer {
    Page::new(title).respond(req, body)
}

/// The first language of `Accept-Language` that we speak, by the reader's preference.
fn accepted(req: &HttpRequest) -> Option<Locale> {
    let header = req.headers().get("accept-language")?.to_str().ok()?;
    let weighted = header.split(',').take(20).filter_map(|item| {
        let (tag, rest) = item.trim().split_once(';').unwrap_or((item.trim(), ""));
        let weight = rest.trim().strip_prefix("q=").map_or(Some(1.0), |weight| weight.parse::<f32>().ok())?;
        Some((Locale::parse(tag)?, weight))
    });
    // The first of equals wins, as browsers mean it.
    weighted.filter(|(_, weight)| *weight > 0.0).reduce(|best, next| if next.1 > best.1 { next } else { best }).map(|(locale, _)| locale)
}

/// How wide the main column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Width {
    Normal,
    Narrow,
    Wide,
    Plain,
}

/// What the layout needs to know of a page.
#[derive(Debug)]
pub struct Page {
    title: String,
    width: Width,
    live: Option<String>,
    snapshot: Option<(String, String)>,
    rev: Option<u64>,
    heartbeat: Option<u32>,
    status: StatusCode,
}

impl Page {
    /// A page of normal width.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), width: Width::Normal, live: None, snapshot: None, rev: None, heartbeat: None, status: StatusCode::OK }
    }

    /// One column: forms, and the guardian's pages.
    #[must_use]
    pub fn narrow(mut self) -> Self {
        self.width = Width::Narrow;
        self
    }

    /// The whole window: support's boards.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.width = Width::Wide;
        self
    }

    /// Without header: one sheet in the middle.
    #[must_use]
    pub fn plain(mut self) -> Self {
        self.width = Width::Plain;
        self
    }

    /// Opens this WebSocket and applies its frames.
    #[must_use]
    pub fn live(mut self, address: impl Into<String>) -> Self {
        self.live = Some(address.into());
        self
    }

    /// Where the live part is fetched whole (default: this page), and what it replaces the inside of (`#live`).
    #[must_use]
    pub fn snapshot(mut self, address: impl Into<String>, target: impl Into<String>) -> Self {
        self.snapshot = Some((address.into(), target.into()));
        self
    }

    /// Promises that the live stream says something at least this often, so that the page notices a dead connection.
    #[must_use]
    pub fn heartbeat(mut self, seconds: u32) -> Self {
        self.heartbeat = Some(seconds);
        self
    }

    /// The revision of the live stream that the body shows.
    #[must_use]
    pub fn rev(mut self, rev: u64) -> Self {
        self.rev = Some(rev);
        self
    }

    /// Another status than 200.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The page, or the body alone.
    ///
    /// # Errors
    /// When a template cannot be rendered.
    pub fn respond(self, req: &HttpRequest, body: &impl Template) -> Answer {
        let body = body.render()?;
        let html = if is_fragment(req) { body } else { self.wrap(req, body)? };
        Ok(HttpResponseBuilder::new(self.status).content_type("text/html; charset=utf-8").body(html))
    }

    fn wrap(&self, req: &HttpRequest, body: String) -> Result<String, crate::Failure> {
        let site = Site::of(req)?;
        let t = texts(req)?;
        let viewer = req.extensions().get::<Viewer>().cloned();
        let (nav, search) = viewer.as_ref().map(|viewer| navigation::header(site, &t, viewer, req.path())).unwrap_or_default();
        let layout = Layout {
            title: &self.title,
            theme: cookie::chosen_theme(req),
            now: site.clock.now().to_string(),
            banner: match site.mode {
                Mode::Live => None,
                Mode::Demo => Some(t.text("mode-demo")),
                Mode::Test => Some(t.text("mode-test")),
            },
            plain: self.width == Width::Plain,
            main_class: match self.width {
                Width::Normal | Width::Plain => "sh-main",
                Width::Narrow => "sh-main sh-narrow",
                Width::Wide => "sh-main sh-wide",
            },
            live: self.live.as_deref(),
            snapshot: self.snapshot.as_ref().map(|(address, target)| (address.as_str(), target.as_str())),
            rev: self.rev,
            heartbeat: self.heartbeat,
            nav,
            search,
            languages: Locale::ALL.map(|locale| Choice { value: locale.as_str(), text: t.text(format!("language-{}", locale.as_str())), chosen: locale == t.locale() }),
            themes: ["auto", "light", "dark"].map(|theme| Choice { value: theme, text: t.text(format!("theme-{theme}")), chosen: theme == cookie::chosen_theme(req) }),
            hands_over: viewer.as_ref().is_some_and(|viewer| viewer.roles_here.iter().any(|role| role.place() == Place::School && *role != Role::Own)),
            viewer,
            csrf: csrf::field(req),
            t,
            body,
        };
        Ok(layout.render()?)
    }
}

struct Choice {
    value: &'static str,
    text: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "layout.html")]
struct Layout<'a> {
    t: Texts<'a>,
    title: &'a str,
    theme: &'static str,
    now: String,
    banner: Option<String>,
    plain: bool,
    main_class: &'static str,
    live: Option<&'a str>,
    snapshot: Option<(&'a str, &'a str)>,
    rev: Option<u64>,
    heartbeat: Option<u32>,
    nav: Navigation,
    search: Option<Link>,
    languages: [Choice; 3],
    themes: [Choice; 3],
    /// Whether the reader has a role that they can hand to a colleague.
    hands_over: bool,
    viewer: Option<Viewer>,
    csrf: CsrfField,
    body: String,
}

impl Layout<'_> {
    fn asset(&self, name: &str) -> String {
        assets::address(name)
    }

    /// As the style sheet names it, so that the browser fetches it once.
    fn font(&self) -> &'static str {
        "/assets/sh-400.woff2"
    }

    fn icon(&self, name: &str) -> String {
        assets::icon(name)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use kernel::Locale;

    use super::*;

    #[test]
    fn the_language_is_the_accounts_then_the_cookies_then_the_browsers_then_kazakh() {
        let viewer = |locale| Viewer { locale, ..Viewer::default() };
        let request = |cookie: Option<&str>, accepted: Option<&str>| {
            let mut request = TestRequest::get();
            if let Some(cookie) = cookie {
                request = request.insert_header(("cookie", format!("locale={cookie}")));
            }
            if let Some(accepted) = accepted {
                request = request.insert_header(("accept-language", accepted));
            }
            request.to_http_request()
        };
        assert_eq!(locale_of(&request(None, None)), Locale::Kk);
        assert_eq!(locale_of(&request(None, Some("de,fr;q=0.9"))), Locale::Kk);
        assert_eq!(locale_of(&request(None, Some("de, en;q=0.5, ru-RU;q=0.9"))), Locale::Ru);
        assert_eq!(locale_of(&request(Some("en"), Some("ru"))), Locale::En);
        assert_eq!(locale_of(&request(Some("xx"), Some("ru"))), Locale::Ru);
        let with_account = request(Some("en"), Some("ru"));
        with_account.extensions_mut().insert(viewer(Some(Locale::Kk)));
        assert_eq!(locale_of(&with_account), Locale::Kk);
        let undecided = request(Some("en"), None);
        undecided.extensions_mut().insert(viewer(None));
        assert_eq!(locale_of(&undecided), Locale::En);
    }
}
