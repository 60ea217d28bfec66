//! The theme of a browser, and where to go after a form. The language is chosen at `POST /locale` of `identity`, which keeps it with
//! the account.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{LOCATION, REFERER},
    web::{Form, ServiceConfig, post},
};
use serde::Deserialize;

use crate::{cookie, failure::Answer};

/// `POST /theme`.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/theme", post().to(choose_theme));
}

/// Where to go after a form: a path of ours, and nothing that a browser could read as another site.
pub fn own_path(next: &str) -> Option<&str> {
    let ours = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n', '\t']) && next.len() < 2_000;
    ours.then_some(next)
}

/// The page that a form was posted from, as a path.
pub fn previous_page(req: &HttpRequest) -> String {
    let path = req.headers().get(REFERER).and_then(|referer| referer.to_str().ok()).and_then(|referer| referer.split_once("://")).and_then(|(_, rest)| rest.find('/').and_then(|slash| rest.get(slash..)));
    path.and_then(own_path).unwrap_or("/").to_owned()
}

pub(crate) fn theme_named(name: &str) -> Option<&'static str> {
    ["auto", "light", "dark"].into_iter().find(|theme| *theme == name)
}

#[derive(Deserialize)]
struct ThemeChoice {
    theme: String,
}

async fn choose_theme(req: HttpRequest, choice: Form<ThemeChoice>) -> Answer {
    let theme = theme_named(&choice.theme).unwrap_or("auto");
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, previous_page(&req))).cookie(cookie::theme(theme)).finish())
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn only_paths_of_ours_are_followed() {
        for ours in ["/", "/my?after=1", "/12mektep/live"] {
            assert_eq!(own_path(ours), Some(ours));
        }
        for foreign in ["", "//evil.example", "https://evil.example", "/\\evil.example", "/\tx", "javascript:alert(1)"] {
            assert_eq!(own_path(foreign), None, "{foreign}");
        }
    }
}
