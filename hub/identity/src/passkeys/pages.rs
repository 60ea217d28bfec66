//! `/account/passkeys`: one's passkeys; adding, naming and removing them.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
    http::StatusCode,
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use kernel::{Error, Result};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::Moment,
    cookie,
    csrf::{self, CsrfField},
    form::{self, Posted},
};

use super::{
    PasskeyId,
    relying_party::{is_possible, relying_party},
    service::{self, ANSWERED_WITHIN, Asked},
};
use crate::{
    MyGuard,
    accounts::{Done, NoFields, Policy, Visit, refusal, to},
};

const PATH: &str = "/account/passkeys";

/// The routes of one's own passkeys.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(PATH, get().to(show))
        .route(PATH, post().to(add))
        .route("/account/passkeys/options", post().to(ask_to_add))
        .route("/account/passkeys/{id}/name", post().to(rename))
        .route("/account/passkeys/{id}/remove", post().to(remove));
}

#[derive(Deserialize)]
struct Named {
    id: PasskeyId,
}

#[derive(Deserialize)]
struct AskForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
}

#[derive(Deserialize)]
struct AddForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    credential: String,
}

#[derive(Deserialize)]
struct NameForm {
    #[serde(default)]
    name: String,
}

#[derive(Template)]
#[template(path = "passkeys.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    possible: bool,
    required: bool,
    done: Option<String>,
    problem: Option<String>,
    passkeys: Vec<Line>,
}

struct Line {
    id: PasskeyId,
    name: String,
    since: Moment,
    used: Option<Moment>,
}

async fn show(req: HttpRequest, guard: MyGuard, query: form::Asked<Done>) -> Answer {
    page(&req, &guard, query.done.as_deref(), None).await
}

async fn page(req: &HttpRequest, guard: &MyGuard, done: Option<&str>, problem: Option<&'static str>) -> Answer {
    let (site, t) = (Site::of(req)?, web::page::texts(req)?);
    let passkeys = service::list(site, &guard.identity).await?;
    let done = ["added", "renamed", "removed"].into_iter().find(|known| done == Some(*known));
    let view = View {
        csrf: csrf::field(req),
        possible: is_possible(req),
        required: !guard.identity.second_factor && Policy::of(req).asks_second_factor_of(&guard.identity.roles()),
        done: done.map(|done| t.text(format!("passkeys-done-{done}"))),
        problem: problem.map(|code| refusal(&t, code)),
        passkeys: passkeys
            .into_iter()
            .map(|passkey| Line { id: passkey.id, name: passkey.name, since: Moment::full(&t, passkey.created_at), used: passkey.used_at.map(|at| Moment::full(&t, at)) })
            .collect(),
        t: t.clone(),
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Page::new(t.text("passkeys-title")).narrow().status(status).respond(req, &view)
}

async fn ask_to_add(req: HttpRequest, guard: MyGuard, form: Posted<AskForm>) -> Answer {
    let (site, party) = (Site::of(&req)?, relying_party(&req)?);
    let AskForm { name, password } = form.0;
    let asked = service::ask_to_add(site, &party, &guard.identity, &name, password, &Visit::of(&req)).await?;
    Ok(ask(site, asked)?)
}

async fn add(req: HttpRequest, guard: MyGuard, form: Posted<AddForm>) -> Answer {
    let (site, party) = (Site::of(&req)?, relying_party(&req)?);
    let question = question(&req).unwrap_or_default();
    match service::add(site, &party, &guard.identity, &question, &form.0.credential, &form.0.name, &Visit::of(&req)).await {
        Ok(token) => {
            let mut answer = to("/account/passkeys?done=added");
            set(&mut answer, cookie::session(site, token))?;
            set(&mut answer, removal(site))?;
            Ok(answer)
        }
        Err(Error::Refused(problem)) => page(&req, &guard, None, Some(problem)).await,
        Err(error) => Err(error.into()),
    }
}

async fn rename(req: HttpRequest, guard: MyGuard, path: Path<Named>, form: Posted<NameForm>) -> Answer {
    match service::rename(Site::of(&req)?, &guard.identity, path.id, &form.0.name, &Visit::of(&req)).await {
        Ok(()) => Ok(to("/account/passkeys?done=renamed")),
        Err(Error::Refused(problem)) => page(&req, &guard, None, Some(problem)).await,
        Err(error) => Err(error.into()),
    }
}

async fn remove(req: HttpRequest, guard: MyGuard, path: Path<Named>, _form: Posted<NoFields>) -> Answer {
    let site = Site::of(&req)?;
    let mut answer = to("/account/passkeys?done=removed");
    if let Some(token) = service::remove(site, &guard.identity, path.id, &Visit::of(&req)).await? {
        set(&mut answer, cookie::session(site, token))?;
    }
    Ok(answer)
}

/// What the browser's script is told, with the cookie by which its answer is recognised.
pub(super) fn ask(site: &Site, asked: Asked) -> Result<HttpResponse> {
    let mut answer = HttpResponse::Ok().json(&asked.options);
    set(&mut answer, kept(site, asked.token))?;
    Ok(answer)
}

fn name(site: &Site) -> &'static str {
    if site.is_https() { "__Host-passkey" } else { "passkey" }
}

/// The token of the question that this browser was asked.
pub(super) fn question(req: &HttpRequest) -> Option<String> {
    let site = Site::of(req).ok()?;
    req.cookie(name(site)).map(|cookie| cookie.value().to_owned())
}

fn kept(site: &Site, token: String) -> Cookie<'static> {
    let lives_for = Duration::seconds(ANSWERED_WITHIN.as_secs());
    Cookie::build(name(site), token).path("/").http_only(true).same_site(SameSite::Lax).secure(site.is_https()).max_age(lives_for).finish()
}

/// Takes the cookie away.
pub(super) fn removal(site: &Site) -> Cookie<'static> {
    let mut cookie = kept(site, String::new());
    cookie.make_removal();
    cookie
}

/// Puts a cookie onto an answer.
pub(super) fn set(answer: &mut HttpResponse, cookie: Cookie<'static>) -> Result<()> {
    answer.add_cookie(&cookie).map_err(|error| Error::broken(error.to_string()))
}
