//! `/account/identifiers`: one's own phone and e-mail; `/confirm-email`: where the link of a letter leads.

use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{ServiceConfig, get, post},
};
use askama::Template;
use kernel::Error;
use serde::Deserialize;
use web::{
    Answer, Failure, Page, Site, Texts,
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{own, writing::Known};
use crate::{
    MyGuard,
    accounts::{Asking, Done, Limits, PasswordForm, Policy, Visit, refusal, to},
    letters::mailer_of,
};

const PATH: &str = "/account/identifiers";
const CONFIRM: &str = "/confirm-email";

/// The routes of one's own identifiers.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(PATH, get().to(show))
        .route("/account/identifiers/phone", post().to(set_phone))
        .route("/account/identifiers/email", post().to(ask_email))
        .route("/account/identifiers/email/remove", post().to(remove_email))
        .route(CONFIRM, get().to(confirm_form))
        .route(CONFIRM, post().to(confirm));
}

#[derive(Deserialize)]
struct PhoneForm {
    #[serde(default)]
    phone: String,
    #[serde(default)]
    password: String,
}

#[derive(Deserialize)]
struct EmailForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    token: String,
}

#[derive(Template)]
#[template(path = "identifiers.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    known: Known,
    possible: bool,
    mail: bool,
    done: Option<String>,
    /// What is wrong with the phone's form, with that of the e-mail.
    wrong: [Option<String>; 2],
    typed: [String; 2],
}

#[derive(Template)]
#[template(path = "confirm_email.html")]
struct ConfirmView<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    token: String,
    outcome: Option<bool>,
}

/// Which of the two forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Phone,
    Email,
}

async fn show(req: HttpRequest, guard: MyGuard, query: Asked<Done>) -> Answer {
    page(&req, &guard, query.done.as_deref(), None).await
}

async fn page(req: &HttpRequest, guard: &MyGuard, done: Option<&str>, problem: Option<(Form, &'static str, String)>) -> Answer {
    let (site, policy, t) = (Site::of(req)?, Policy::of(req), web::page::texts(req)?);
    let known = own::own(site, policy, &guard.identity).await?;
    let done = ["phone", "sent", "removed"].into_iter().find(|known| done == Some(*known));
    let wrong = |form| problem.as_ref().filter(|(at, ..)| *at == form).map(|(_, code, _)| refusal(&t, code));
    let typed = |form, kept: &Option<String>| problem.as_ref().filter(|(at, ..)| *at == form).map(|(.., typed)| typed.clone()).or_else(|| kept.clone()).unwrap_or_default();
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let view = View {
        csrf: csrf::field(req),
        possible: policy.sealer.is_some(),
        mail: mailer_of(req).is_some(),
        done: done.map(|done| t.text(format!("identifiers-done-{done}"))),
        wrong: [wrong(Form::Phone), wrong(Form::Email)],
        typed: [typed(Form::Phone, &known.phone), typed(Form::Email, &known.email)],
        known,
        t: t.clone(),
    };
    Page::new(t.text("identifiers-title")).narrow().status(status).respond(req, &view)
}

async fn set_phone(req: HttpRequest, guard: MyGuard, form: Posted<PhoneForm>) -> Answer {
    let (site, PhoneForm { phone, password }) = (Site::of(&req)?, form.0);
    limit(site, &guard)?;
    match own::set_phone(site, Policy::of(&req), &guard.identity, &phone, password, &Visit::of(&req)).await {
        Ok(()) => Ok(to("/account/identifiers?done=phone")),
        Err(Error::Refused(problem)) => page(&req, &guard, None, Some((Form::Phone, problem, phone))).await,
        Err(error) => Err(error.into()),
    }
}

async fn ask_email(req: HttpRequest, guard: MyGuard, form: Posted<EmailForm>) -> Answer {
    let (site, EmailForm { email, password }) = (Site::of(&req)?, form.0);
    limit(site, &guard)?;
    let mailer = mailer_of(&req);
    let asked = own::ask_email(site, Policy::of(&req), mailer.as_ref(), &guard.identity, &email, password, &Visit::of(&req), web::page::locale_of(&req)).await;
    match asked {
        Ok(()) => Ok(to("/account/identifiers?done=sent")),
        Err(Error::Refused(problem)) => page(&req, &guard, None, Some((Form::Email, problem, email))).await,
        Err(error) => Err(error.into()),
    }
}

async fn remove_email(req: HttpRequest, guard: MyGuard, form: Posted<PasswordForm>) -> Answer {
    match own::remove_email(Site::of(&req)?, &guard.identity, form.0.password, &Visit::of(&req)).await {
        Ok(()) => Ok(to("/account/identifiers?done=removed")),
        Err(Error::Refused(problem)) => page(&req, &guard, None, Some((Form::Email, problem, String::new()))).await,
        Err(error) => Err(error.into()),
    }
}

fn limit(site: &Site, guard: &MyGuard) -> Result<(), Failure> {
    site.memory.of::<Limits>().take(Asking::Identifier(guard.identity.account), site.clock.now()).map_err(Failure::TooMany)
}

/// Following a link changes nothing yet: programs that read mail follow links too.
async fn confirm_form(req: HttpRequest, query: Asked<Link>) -> Answer {
    confirm_page(&req, query.into_inner().token, None)
}

async fn confirm(req: HttpRequest, form: Posted<Link>) -> Answer {
    let followed = own::confirm_email(Site::of(&req)?, &form.0.token, &Visit::of(&req)).await?;
    confirm_page(&req, String::new(), Some(followed))
}

fn confirm_page(req: &HttpRequest, token: String, outcome: Option<bool>) -> Answer {
    let t = web::page::texts(req)?;
    let status = if outcome == Some(false) { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let view = ConfirmView { csrf: csrf::field(req), token: token.chars().take(100).collect(), outcome, t: t.clone() };
    Page::new(t.text("confirm-email-title")).plain().status(status).respond(req, &view)
}

impl ConfirmView<'_> {
    fn logo(&self) -> String {
        web::assets::address("logo.svg")
    }
}
