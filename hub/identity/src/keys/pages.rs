//! `/account/keys`: one's keys; making and revoking them, and connecting an app.

use std::collections::BTreeMap;

use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use kernel::{Error, Result};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::Moment,
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{
    KeyId,
    rules::{self, Draft, OWN},
    service,
};
use crate::{
    MyGuard,
    accounts::{Done, NoFields, Visit, refusal, to},
    roles::right_key,
};

const PATH: &str = "/account/keys";

/// The routes of one's own keys.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(PATH, get().to(show)).route(PATH, post().to(make)).route("/account/keys/{id}/revoke", post().to(revoke));
}

#[derive(Deserialize)]
struct Named {
    id: KeyId,
}

/// Beside name, days, kind and password every field is a scope that was ticked.
type Fields = BTreeMap<String, String>;

#[derive(Template)]
#[template(path = "keys.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    just_revoked: bool,
    problem: Option<String>,
    keys: Vec<Line>,
    scopes: Vec<ScopeBox>,
    typed: Typed,
}

#[derive(Debug, Default)]
struct Typed {
    name: String,
    days: String,
    is_app: bool,
}

struct Line {
    id: KeyId,
    name: String,
    bound: bool,
    scopes: Vec<String>,
    since: Moment,
    until: String,
    used: Option<Moment>,
}

struct ScopeBox {
    name: String,
    text: String,
    on: bool,
}

/// What is shown once.
enum Secret {
    Token(String),
    Code(String),
}

#[derive(Template)]
#[template(path = "key_made.html")]
struct MadeView<'a> {
    t: Texts<'a>,
    secret: Secret,
}

async fn show(req: HttpRequest, guard: MyGuard, query: Asked<Done>) -> Answer {
    page(&req, &guard, query.done.as_deref() == Some("revoked"), &Fields::new(), None).await
}

async fn page(req: &HttpRequest, guard: &MyGuard, just_revoked: bool, fields: &Fields, problem: Option<&'static str>) -> Answer {
    let (site, t) = (Site::of(req)?, web::page::texts(req)?);
    let words = |scope: &String| words_of(site, &t, scope);
    let typed = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let keys = service::list(site, &guard.identity).await?.into_iter().map(|key| Line {
        id: key.id,
        bound: key.bound,
        scopes: key.scopes.iter().map(words).collect(),
        since: Moment::full(&t, key.created_at),
        until: t.date(key.expires_at),
        used: key.used_at.map(|at| Moment::full(&t, at)),
        name: key.name,
    });
    let view = View {
        csrf: csrf::field(req),
        just_revoked,
        problem: problem.map(|code| refusal(&t, code)),
        keys: keys.collect(),
        scopes: rules::offered(&guard.identity, &site.rights).into_iter().map(|scope| ScopeBox { text: words(&scope), on: fields.contains_key(&scope), name: scope }).collect(),
        typed: Typed { name: typed("name"), days: typed("days"), is_app: typed("kind") == "app" },
        t: t.clone(),
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Page::new(t.text("keys-title")).narrow().status(status).respond(req, &view)
}

/// What a scope opens, in words; a right of a newer version by its bare name.
fn words_of(site: &Site, t: &Texts<'_>, scope: &str) -> String {
    let key = if scope == OWN { "keys-scope-own".to_owned() } else { right_key(scope) };
    if site.catalog.has(&key) { t.text(key) } else { scope.to_owned() }
}

async fn make(req: HttpRequest, guard: MyGuard, form: Posted<Fields>) -> Answer {
    match made(&req, &guard, &form.0).await {
        Ok(secret) => {
            let t = web::page::texts(&req)?;
            Page::new(t.text("keys-made-title")).narrow().respond(&req, &MadeView { secret, t: t.clone() })
        }
        Err(Error::Refused(problem)) => page(&req, &guard, false, &form.0, Some(problem)).await,
        Err(error) => Err(error.into()),
    }
}

async fn made(req: &HttpRequest, guard: &MyGuard, fields: &Fields) -> Result<Secret> {
    let (site, visit) = (Site::of(req)?, Visit::of(req));
    let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let offered = rules::offered(&guard.identity, &site.rights);
    let chosen = fields.keys().map(String::as_str).filter(|name| !["name", "days", "kind", "password", csrf::FIELD].contains(name));
    let draft = Draft::parse(field("name"), field("days"), chosen, &offered)?;
    let password = field("password").to_owned();
    if field("kind") == "app" {
        let code = service::make_code(site, &guard.identity, draft, password, &visit).await?;
        return Ok(Secret::Code(grouped(&code)));
    }
    service::make(site, &guard.identity, draft, password, &visit).await.map(Secret::Token)
}

/// `abcd-efgh-jkmn`.
fn grouped(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

async fn revoke(req: HttpRequest, guard: MyGuard, path: Path<Named>, _form: Posted<NoFields>) -> Answer {
    service::revoke(Site::of(&req)?, &guard.identity, path.id, &Visit::of(&req)).await?;
    Ok(to("/account/keys?done=revoked"))
}
