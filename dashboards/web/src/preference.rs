//! The theme of a browser, the columns of its tables, and where to go after a form. The language is chosen at `POST /locale` of `identity`, which keeps it with
//! the account.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{LOCATION, REFERER},
    web::{Form, ServiceConfig, post},
};
use serde::Deserialize;

use crate::{cookie, failure::Answer};

/// `POST /theme`, `POST /columns`.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/theme", post().to(choose_theme)).route("/columns", post().to(choose_columns));
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

/// The boxes of a table's columns: `table`, and `column` for each that is ticked. With nothing ticked only what is never hidden is left.
async fn choose_columns(req: HttpRequest, chosen: Form<Vec<(String, String)>>) -> Answer {
    let of = |name: &str| chosen.iter().filter(|(one, _)| one == name).map(|(_, value)| value.clone()).filter(|value| is_key(value)).take(60).collect::<Vec<_>>();
    let mut answer = HttpResponse::SeeOther();
    answer.insert_header((LOCATION, previous_page(&req)));
    if let [table] = of("table").as_slice() {
        answer.cookie(cookie::columns(table, &of("column")));
    }
    Ok(answer.finish())
}

/// A name that we gave to a table or a column.
fn is_key(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::{is_key, own_path};

    #[test]
    fn only_names_of_ours_go_into_a_cookie() {
        assert!(is_key("birth_date") && is_key("people-pupils"));
        for foreign in ["", "a b", "a;b", "a=b", "A", "ә", &"a".repeat(41)] {
            assert!(!is_key(foreign), "{foreign}");
        }
    }

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
