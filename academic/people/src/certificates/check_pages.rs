//! `/certificate`: whoever was shown a certificate asks whether it is genuine. Open to everybody, and slow for who tries many codes.

use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{ServiceConfig, get},
};
use askama::Template;
use identity::{papers, schools};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{StatusDot, Tone},
    form::Asked,
};

use super::{
    rules::{Code, initials},
    service,
    store::Checked,
};
use crate::years::short;

/// The open page.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/certificate", get().to(check));
}

#[derive(Debug, Deserialize)]
struct CodeQuery {
    #[serde(default)]
    code: String,
}

#[derive(Template)]
#[template(path = "certificate_check.html")]
struct CheckPage<'a> {
    t: Texts<'a>,
    typed: String,
    problem: Option<String>,
    found: Option<Genuine>,
}

impl CheckPage<'_> {
    fn logo(&self) -> String {
        web::assets::address("logo.svg")
    }
}

/// What the page tells of a certificate.
struct Genuine {
    state: StatusDot,
    facts: Vec<(String, String)>,
}

async fn check(req: HttpRequest, query: Asked<CodeQuery>) -> Answer {
    let (site, t, typed) = (Site::of(&req)?, web::page::texts(&req)?, query.into_inner().code);
    if typed.trim().is_empty() {
        return render(&req, &t, typed, StatusCode::OK, None, None);
    }
    if papers::ask(&req)?.is_err() {
        return render(&req, &t, typed, StatusCode::TOO_MANY_REQUESTS, Some("certificates-check-wait"), None);
    }
    let checked = match Code::read(&typed) {
        Some(code) => service::check(&site.db, &code).await?,
        None => None,
    };
    match checked {
        Some(checked) => {
            let found = genuine(site, &t, &checked).await?;
            render(&req, &t, typed, StatusCode::OK, None, Some(found))
        }
        None => render(&req, &t, typed, StatusCode::UNPROCESSABLE_ENTITY, Some("certificates-check-none"), None),
    }
}

async fn genuine(site: &Site, t: &Texts<'_>, checked: &Checked) -> kernel::Result<Genuine> {
    let school = schools::by_id(site, checked.school_id).await?.map(|school| school.name(t.locale()).to_owned()).unwrap_or_default();
    let (tone, key) = if checked.revoked_at.is_none() { (Tone::Ok, "certificates-check-valid") } else { (Tone::Bad, "certificates-check-revoked") };
    let fact = |key: &str, value: String| (t.text(key.to_owned()), value);
    let facts = vec![
        fact("certificates-check-school", school),
        fact("certificates-check-number", checked.number.to_string()),
        fact("certificates-check-dated", short(checked.dated)),
        fact("certificates-check-initials", initials(&checked.surname, &checked.given_name)),
    ];
    Ok(Genuine { state: StatusDot { tone, text: t.text(key) }, facts })
}

fn render(req: &HttpRequest, t: &Texts<'_>, typed: String, status: StatusCode, problem: Option<&str>, found: Option<Genuine>) -> Answer {
    let typed = typed.chars().take(40).collect();
    let view = CheckPage { typed, problem: problem.map(|key| t.text(key.to_owned())), found, t: t.clone() };
    Page::new(t.text("certificates-check-title")).plain().status(status).respond(req, &view)
}
