//! `/recover`: asking for a link; `/recover/password`: where the link leads.

use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, ServiceConfig, get, post},
};
use askama::Template;
use kernel::Error;
use serde::Deserialize;
use web::{
    Answer, Failure, Page, Site, Texts,
    component::Field,
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::service;
use crate::{
    accounts::{Asking, Limits, Policy, Visit, identifiers::Identifier, refusal},
    letters::mailer_of,
};

const PATH: &str = "/recover";
const PASSWORD: &str = "/recover/password";
/// More of a password is not looked at.
const MOST_TYPED: usize = 1_000;

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(PATH, get().to(ask)).route(PATH, post().to(send)).route(PASSWORD, get().to(password_form)).route(PASSWORD, post().to(renew));
}

#[derive(Deserialize)]
struct EmailForm {
    #[serde(default)]
    email: String,
}

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    token: String,
}

#[derive(Deserialize)]
struct RenewForm {
    #[serde(default)]
    token: String,
    #[serde(default)]
    new: String,
    #[serde(default)]
    again: String,
}

/// How far somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Asked for the e-mail.
    Asked,
    /// Told to look into the mailbox, whether there is a letter or not.
    Sent,
    /// No letters here.
    NotSetUp,
}

#[derive(Template)]
#[template(path = "recover.html")]
struct AskView<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    stage: Stage,
    email: Field,
}

/// What a link is good for.
enum LinkState {
    /// A new password may be typed: the token, and the fields.
    Open(String, Box<[Field; 2]>),
    /// The password is a new one now.
    Done,
    /// Used, too old, or none.
    Over,
}

#[derive(Template)]
#[template(path = "recover_password.html")]
struct PasswordView<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    state: LinkState,
}

async fn ask(req: HttpRequest) -> Answer {
    ask_page(&req, if is_set_up(&req) { Stage::Asked } else { Stage::NotSetUp }, String::new(), None)
}

async fn send(req: HttpRequest, form: Posted<EmailForm>) -> Answer {
    let (site, typed) = (Site::of(&req)?, form.0.email);
    let (Some(mailer), Some(shared), Some(policy), true) = (mailer_of(&req), req.app_data::<Data<Site>>().cloned(), req.app_data::<Data<Policy>>().cloned(), is_set_up(&req)) else {
        return ask_page(&req, Stage::NotSetUp, String::new(), None);
    };
    let Some(email) = Identifier::email(&typed) else { return ask_page(&req, Stage::Asked, typed, Some("account.not_an_email")) };
    let visit = Visit::of(&req);
    site.memory.of::<Limits>().take(Asking::Recovery(visit.address), site.clock.now()).map_err(Failure::TooMany)?;
    let read = web::page::locale_of(&req);
    // After the answer: how long it takes tells nobody whether the address is somebody's.
    actix_web::rt::spawn(async move {
        if let Err(error) = service::send_link(&shared, &policy, &mailer, &email, &visit, read).await {
            tracing::error!(%error, "a link to a new password could not be made");
        }
    });
    ask_page(&req, Stage::Sent, String::new(), None)
}

fn is_set_up(req: &HttpRequest) -> bool {
    mailer_of(req).is_some() && Policy::of(req).sealer.is_some()
}

fn ask_page(req: &HttpRequest, stage: Stage, typed: String, problem: Option<&'static str>) -> Answer {
    let t = web::page::texts(req)?;
    let email = Field {
        name: "email",
        kind: "email",
        label: t.text("recover-email"),
        value: typed,
        hint: Some(t.text("recover-email-hint")),
        error: problem.map(|code| refusal(&t, code)),
        autocomplete: Some("email"),
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let view = AskView { csrf: csrf::field(req), stage, email, t: t.clone() };
    Page::new(t.text("recover-title")).plain().status(status).respond(req, &view)
}

async fn password_form(req: HttpRequest, query: Asked<Link>) -> Answer {
    let token = query.into_inner().token;
    if service::works(Site::of(&req)?, &token).await? { password_page(&req, Some(token), None) } else { over(&req) }
}

async fn renew(req: HttpRequest, form: Posted<RenewForm>) -> Answer {
    let (site, RenewForm { token, new, again }) = (Site::of(&req)?, form.0);
    if !service::works(site, &token).await? {
        return over(&req);
    }
    if new != again {
        return password_page(&req, Some(token), Some("account.password_differs"));
    }
    let new: String = new.chars().take(MOST_TYPED).collect();
    match service::renew_password(site, Policy::of(&req), &token, new, &Visit::of(&req)).await {
        Ok(true) => show(&req, StatusCode::OK, LinkState::Done),
        Ok(false) => over(&req),
        Err(Error::Refused(problem)) => password_page(&req, Some(token), Some(problem)),
        Err(error) => Err(error.into()),
    }
}

fn over(req: &HttpRequest) -> Answer {
    show(req, StatusCode::UNPROCESSABLE_ENTITY, LinkState::Over)
}

fn password_page(req: &HttpRequest, token: Option<String>, problem: Option<&'static str>) -> Answer {
    let t = web::page::texts(req)?;
    let at_again = problem == Some("account.password_differs");
    let field = |name, label: &str, hint, error: Option<&'static str>| Field { name, kind: "password", label: t.text(label), value: String::new(), hint, error: error.map(|code| refusal(&t, code)), autocomplete: Some("new-password") };
    let hint = t.with("account-password-hint", [("least", Policy::of(req).password_least)]);
    let fields = [
        field("new", "account-password-new", Some(hint), problem.filter(|_| !at_again)),
        field("again", "account-password-again", None, problem.filter(|_| at_again)),
    ];
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    show(req, status, LinkState::Open(token.unwrap_or_default(), Box::new(fields)))
}

fn show(req: &HttpRequest, status: StatusCode, state: LinkState) -> Answer {
    let t = web::page::texts(req)?;
    let view = PasswordView { csrf: csrf::field(req), state, t: t.clone() };
    Page::new(t.text("recover-password-title")).plain().status(status).respond(req, &view)
}

impl AskView<'_> {
    fn logo(&self) -> String {
        web::assets::address("logo.svg")
    }
}

impl PasswordView<'_> {
    fn logo(&self) -> String {
        web::assets::address("logo.svg")
    }
}
