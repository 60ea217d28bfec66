//! `/sign-in/code`: the second step of signing in.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{ServiceConfig, get, post},
};
use askama::Template;
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::Field,
    csrf::{self, CsrfField},
    form::Posted,
};

use super::{half_open, service, service::Outcome};
use crate::accounts::{Policy, Visit, entered, to};

const PATH: &str = "/sign-in/code";

/// The routes of the second step.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(PATH, get().to(ask)).route(PATH, post().to(take));
}

#[derive(Deserialize)]
struct CodeForm {
    code: String,
}

#[derive(Template)]
#[template(path = "sign_in_code.html")]
struct CodePage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    problem: Option<String>,
    code: Field,
}

async fn ask(req: HttpRequest) -> Answer {
    let site = Site::of(&req)?;
    match half_open::token(&req) {
        Some(token) if service::is_waiting(site, &token).await? => show(&req, StatusCode::OK, None),
        _ => Ok(to("/sign-in")),
    }
}

async fn take(req: HttpRequest, form: Posted<CodeForm>) -> Answer {
    let (site, visit) = (Site::of(&req)?, Visit::of(&req));
    let Some(token) = half_open::token(&req) else { return Ok(to("/sign-in")) };
    let t = web::page::texts(&req)?;
    match service::enter(site, Policy::of(&req), &token, &form.0.code, &visit).await? {
        Outcome::Entered(person, next) => {
            let mut answer = entered(site, person, &next)?;
            take_cookie(&mut answer, site)?;
            Ok(answer)
        }
        Outcome::Wrong => show(&req, StatusCode::UNPROCESSABLE_ENTITY, Some(t.text("sign-in-code-wrong"))),
        Outcome::Wait(seconds) => show(&req, StatusCode::TOO_MANY_REQUESTS, Some(t.with("sign-in-wait", [("seconds", seconds)]))),
        Outcome::Over => {
            let mut answer = to("/sign-in");
            take_cookie(&mut answer, site)?;
            Ok(answer)
        }
    }
}

fn take_cookie(answer: &mut HttpResponse, site: &Site) -> kernel::Result<()> {
    answer.add_cookie(&half_open::removal(site)).map_err(|error| kernel::Error::broken(error.to_string()))
}

fn show(req: &HttpRequest, status: StatusCode, problem: Option<String>) -> Answer {
    let t = web::page::texts(req)?;
    let code = Field { name: "code", kind: "text", label: t.text("sign-in-code"), value: String::new(), hint: Some(t.text("sign-in-code-hint")), error: None, autocomplete: Some("one-time-code") };
    let view = CodePage { csrf: csrf::field(req), problem, code, t: t.clone() };
    Page::new(t.text("sign-in-code-title")).plain().status(status).respond(req, &view)
}

impl CodePage<'_> {
    fn logo(&self) -> String {
        web::assets::address("logo.svg")
    }
}
