//! The cookies: the session (set by `identity`, read here for the form token), the language, the theme and the columns of tables.

use std::borrow::Cow;

use actix_web::{
    HttpMessage, HttpRequest,
    cookie::{Cookie, SameSite, time::Duration},
};
use kernel::Locale;

use crate::site::Site;

const LOCALE: &str = "locale";
const THEME: &str = "theme";
/// Before the table's name.
const COLUMNS: &str = "columns-";

/// The session cookie's name: with the `__Host-` promise wherever the browser lets us make it.
pub fn session_name(site: &Site) -> &'static str {
    if site.is_https() { "__Host-session" } else { "session" }
}

/// The session's token was exchanged for this one while a page was made: [`crate::shell`] gives it to the browser, and the page's forms hold its
/// token.
#[derive(Debug, Clone)]
pub struct Renewed(pub String);

/// The session token that the browser sent, or the one that it gets with this answer in its place.
pub fn session_token(req: &HttpRequest) -> Option<String> {
    if let Some(Renewed(token)) = req.extensions().get::<Renewed>() {
        return Some(token.clone());
    }
    let site = Site::of(req).ok()?;
    req.cookie(session_name(site)).map(|cookie| cookie.value().to_owned()).filter(|token| !token.is_empty())
}

/// A session cookie; it ends with the browser or when the server says so.
pub fn session(site: &Site, token: String) -> Cookie<'static> {
    Cookie::build(session_name(site), token).path("/").http_only(true).same_site(SameSite::Lax).secure(site.is_https()).max_age(Duration::days(180)).finish()
}

/// Takes the session cookie away.
pub fn session_removal(site: &Site) -> Cookie<'static> {
    let mut cookie = session(site, String::new());
    cookie.make_removal();
    cookie
}

/// The language chosen in this browser.
pub fn locale(locale: Locale) -> Cookie<'static> {
    preference(LOCALE, locale.as_str())
}

/// The theme chosen in this browser.
pub fn theme(theme: &'static str) -> Cookie<'static> {
    preference(THEME, theme)
}

pub(crate) fn chosen_locale(req: &HttpRequest) -> Option<Locale> {
    req.cookie(LOCALE).and_then(|cookie| Locale::parse(cookie.value()))
}

pub(crate) fn chosen_theme(req: &HttpRequest) -> &'static str {
    req.cookie(THEME).and_then(|cookie| crate::preference::theme_named(cookie.value())).unwrap_or("auto")
}

/// The columns of a table chosen in this browser. The names are checked by [`crate::preference`].
pub(crate) fn columns(table: &str, keys: &[String]) -> Cookie<'static> {
    preference(format!("{COLUMNS}{table}"), keys.join("."))
}

/// The columns that the reader chose for a table; nothing where they chose none.
pub(crate) fn chosen_columns(req: &HttpRequest, table: &str) -> Option<Vec<String>> {
    let cookie = req.cookie(&format!("{COLUMNS}{table}"))?;
    Some(cookie.value().split('.').map(str::to_owned).collect())
}

fn preference(name: impl Into<Cow<'static, str>>, value: impl Into<Cow<'static, str>>) -> Cookie<'static> {
    Cookie::build(name, value).path("/").same_site(SameSite::Lax).max_age(Duration::days(365)).finish()
}
