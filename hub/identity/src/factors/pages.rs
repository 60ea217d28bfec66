//! `/account/second-factor`: switching it on and off, and the recovery codes.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{ServiceConfig, get, post},
};
use askama::Template;
use kernel::Error;
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::Field,
    cookie,
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{
    qr::Picture,
    service::{self, Pending, Standing},
};
use crate::{
    MyGuard,
    accounts::{Done, NoFields, PasswordForm, Policy, Visit, password_field, refusal, to},
};

const PATH: &str = "/account/second-factor";
const ENROL: &str = "/account/second-factor/enrol";

/// The routes of one's own second factor.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(PATH, get().to(show))
        .route("/account/second-factor/begin", post().to(begin))
        .route(ENROL, get().to(enrol))
        .route("/account/second-factor/confirm", post().to(confirm))
        .route("/account/second-factor/codes", post().to(renew_codes))
        .route("/account/second-factor/off", post().to(turn_off));
}

#[derive(Deserialize)]
struct ConfirmForm {
    code: String,
}

#[derive(Template)]
#[template(path = "second_factor.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    standing: Standing,
    required: bool,
    possible: bool,
    just_off: bool,
    password: Field,
}

#[derive(Template)]
#[template(path = "second_factor_enrol.html")]
struct EnrolView<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    required: bool,
    picture: Picture,
    secret: String,
    code: Field,
}

#[derive(Template)]
#[template(path = "second_factor_codes.html")]
struct CodesView<'a> {
    t: Texts<'a>,
    codes: Vec<String>,
}

async fn show(req: HttpRequest, guard: MyGuard, query: Asked<Done>) -> Answer {
    page(&req, &guard, query.done.as_deref() == Some("off"), None).await
}

async fn page(req: &HttpRequest, guard: &MyGuard, just_off: bool, problem: Option<&'static str>) -> Answer {
    let (site, policy, t) = (Site::of(req)?, Policy::of(req), web::page::texts(req)?);
    let view = View {
        csrf: csrf::field(req),
        standing: service::standing(site, &guard.identity).await?,
        required: policy.asks_second_factor_of(&guard.identity.roles()),
        possible: policy.sealer.is_some(),
        just_off,
        password: password_field(&t, "password", "account-password-now", problem),
        t: t.clone(),
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Page::new(t.text("second-factor-title")).narrow().status(status).respond(req, &view)
}

async fn begin(req: HttpRequest, guard: MyGuard, _form: Posted<NoFields>) -> Answer {
    match service::begin(Site::of(&req)?, Policy::of(&req), &guard.identity, &Visit::of(&req)).await {
        Err(Error::Refused("account.second_factor_on")) => Ok(to(PATH)),
        outcome => {
            outcome?;
            Ok(to(ENROL))
        }
    }
}

async fn enrol(req: HttpRequest, guard: MyGuard) -> Answer {
    match service::pending(Site::of(&req)?, Policy::of(&req), &guard.identity).await? {
        Some(pending) => enrol_page(&req, &guard, pending, None),
        None => Ok(to(PATH)),
    }
}

fn enrol_page(req: &HttpRequest, guard: &MyGuard, pending: Pending, problem: Option<&'static str>) -> Answer {
    let t = web::page::texts(req)?;
    let code = Field {
        name: "code",
        kind: "text",
        label: t.text("second-factor-first-code"),
        value: String::new(),
        hint: Some(t.text("second-factor-first-code-hint")),
        error: problem.map(|code| refusal(&t, code)),
        autocomplete: Some("one-time-code"),
    };
    let view = EnrolView {
        csrf: csrf::field(req),
        required: Policy::of(req).asks_second_factor_of(&guard.identity.roles()),
        picture: Picture::of(&pending.address, t.text("second-factor-picture"))?,
        secret: pending.typed,
        code,
        t: t.clone(),
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Page::new(t.text("second-factor-enrol-title")).narrow().status(status).respond(req, &view)
}

async fn confirm(req: HttpRequest, guard: MyGuard, form: Posted<ConfirmForm>) -> Answer {
    let (site, policy) = (Site::of(&req)?, Policy::of(&req));
    match service::confirm(site, policy, &guard.identity, &form.0.code, &Visit::of(&req)).await {
        Ok(confirmed) => keep(codes_page(&req, confirmed.codes)?, site, confirmed.token),
        Err(Error::Refused("account.second_factor_on")) => Ok(to(PATH)),
        Err(Error::Refused(problem)) => match service::pending(site, policy, &guard.identity).await? {
            Some(pending) => enrol_page(&req, &guard, pending, Some(problem)),
            None => Ok(to(PATH)),
        },
        Err(error) => Err(error.into()),
    }
}

/// Shown in the answer itself and never again: the database has only their hashes.
fn codes_page(req: &HttpRequest, codes: Vec<String>) -> Answer {
    let t = web::page::texts(req)?;
    Page::new(t.text("second-factor-codes-title")).narrow().respond(req, &CodesView { codes, t: t.clone() })
}

/// Gives the browser the token that its session goes on under.
fn keep(mut answer: HttpResponse, site: &Site, token: Option<String>) -> Answer {
    if let Some(token) = token {
        answer.add_cookie(&cookie::session(site, token)).map_err(|error| Error::broken(error.to_string()))?;
    }
    Ok(answer)
}

async fn renew_codes(req: HttpRequest, guard: MyGuard, form: Posted<PasswordForm>) -> Answer {
    match service::renew_codes(Site::of(&req)?, &guard.identity, form.0.password, &Visit::of(&req)).await {
        Ok(codes) => codes_page(&req, codes),
        Err(Error::Refused("account.second_factor_off")) => Ok(to(PATH)),
        Err(Error::Refused(problem)) => page(&req, &guard, false, Some(problem)).await,
        Err(error) => Err(error.into()),
    }
}

async fn turn_off(req: HttpRequest, guard: MyGuard, form: Posted<PasswordForm>) -> Answer {
    let site = Site::of(&req)?;
    match service::turn_off(site, &guard.identity, form.0.password, &Visit::of(&req)).await {
        Ok(token) => keep(to("/account/second-factor?done=off"), site, token),
        Err(Error::Refused(problem)) => page(&req, &guard, false, Some(problem)).await,
        Err(error) => Err(error.into()),
    }
}
