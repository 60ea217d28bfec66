//! `/`, `/sign-in`, `/sign-out` and `/locale`.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{LOCATION, USER_AGENT},
    },
    web::{ServiceConfig, get, post},
};
use askama::Template;
use kernel::Locale;
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Field, Icon},
    cookie,
    csrf::{self, CsrfField},
    form::{Asked, Posted},
    preference::{own_path, previous_page},
};

use super::{
    Policy,
    service::{self, Attempt, Entered, Outcome, Visit},
};
use crate::{factors, guard::note_if_signed_in, passkeys};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/", get().to(home))
        .route("/sign-in", get().to(sign_in_form))
        .route("/sign-in", post().to(sign_in))
        .route("/sign-out", post().to(sign_out))
        .route("/locale", post().to(choose_locale));
}

#[derive(Deserialize)]
struct Next {
    next: Option<String>,
}

#[derive(Deserialize)]
struct SignInForm {
    login: String,
    password: String,
    next: Option<String>,
}

#[derive(Deserialize)]
struct LocaleForm {
    locale: String,
}

/// Nothing of its own but the token.
#[derive(Deserialize)]
pub(crate) struct NoFields {}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    next: String,
    problem: Option<String>,
    login: Field,
    password: Field,
    /// Whether a passkey can be asked for here.
    passkeys: bool,
}

#[derive(Template)]
#[template(source = "{{ empty }}", ext = "html")]
struct NothingForYou {
    empty: Empty,
}

/// Where each person's work begins: the first entry of their navigation.
async fn home(req: HttpRequest) -> Answer {
    let Some(identity) = note_if_signed_in(&req).await? else { return Ok(to("/sign-in")) };
    if let Some(address) = web::page::first_link(&req)? {
        return Ok(to(&address));
    }
    let t = web::page::texts(&req)?;
    tracing::info!(person = %identity.person, "signed in without a role");
    let empty = Empty { icon: Icon("user"), title: t.text("home-nothing-title"), body: t.text("home-nothing-body"), action: None };
    Page::new(t.text("home-nothing-title")).narrow().respond(&req, &NothingForYou { empty })
}

async fn sign_in_form(req: HttpRequest, query: Asked<Next>) -> Answer {
    let next = query.into_inner().next.as_deref().and_then(own_path).unwrap_or("/").to_owned();
    if note_if_signed_in(&req).await?.is_some() {
        return Ok(to(&next));
    }
    sign_in_page(&req, next, String::new(), None)
}

async fn sign_in(req: HttpRequest, form: Posted<SignInForm>) -> Answer {
    let site = Site::of(&req)?;
    let SignInForm { login, password, next } = form.0;
    let next = next.as_deref().and_then(own_path).unwrap_or("/").to_owned();
    let attempt = Attempt { login: login.chars().take(200).collect(), password: password.chars().take(1_000).collect(), next: next.clone(), visit: Visit::of(&req) };
    match service::sign_in(site, Policy::of(&req), attempt).await? {
        Outcome::SignedIn(person) => Ok(entered(site, person, &next)?),
        Outcome::CodeNeeded(token) => {
            let mut answer = to("/sign-in/code");
            answer.add_cookie(&factors::cookie(site, token)).map_err(|error| kernel::Error::broken(error.to_string()))?;
            Ok(answer)
        }
        Outcome::PasskeyNeeded => sign_in_page(&req, next, login, Some(Problem::PasskeyNeeded)),
        Outcome::Wrong => sign_in_page(&req, next, login, Some(Problem::Wrong)),
        Outcome::Wait(seconds) => sign_in_page(&req, next, login, Some(Problem::Wait(seconds))),
    }
}

/// Gives the browser its session, and the language of the account.
pub(crate) fn entered(site: &Site, person: Entered, next: &str) -> kernel::Result<HttpResponse> {
    let mut answer = to(next);
    answer.add_cookie(&cookie::session(site, person.token)).map_err(|error| kernel::Error::broken(error.to_string()))?;
    if let Some(locale) = person.identity.locale {
        answer.add_cookie(&cookie::locale(locale)).map_err(|error| kernel::Error::broken(error.to_string()))?;
    }
    Ok(answer)
}

async fn sign_out(req: HttpRequest, _form: Posted<NoFields>) -> Answer {
    let site = Site::of(&req)?;
    if let (Some(identity), Some(token)) = (note_if_signed_in(&req).await?, cookie::session_token(&req)) {
        service::sign_out(site, &identity, &token, &Visit::of(&req)).await?;
    }
    let mut answer = to("/sign-in");
    answer.add_cookie(&cookie::session_removal(site)).map_err(|error| kernel::Error::broken(error.to_string()))?;
    Ok(answer)
}

async fn choose_locale(req: HttpRequest, form: Posted<LocaleForm>) -> Answer {
    let locale = Locale::parse(&form.0.locale).unwrap_or_default();
    if let Some(identity) = note_if_signed_in(&req).await? {
        service::choose_locale(Site::of(&req)?, &identity, locale).await?;
    }
    let mut answer = to(&previous_page(&req));
    answer.add_cookie(&cookie::locale(locale)).map_err(|error| kernel::Error::broken(error.to_string()))?;
    Ok(answer)
}

/// Why somebody is not in yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Problem {
    /// Wrong login or password.
    Wrong,
    /// Too many failures; how many seconds to wait.
    Wait(u32),
    /// The passkey proved nothing.
    PasskeyRefused,
    /// The password was right; the role needs the passkey.
    PasskeyNeeded,
}

impl Problem {
    fn status(self) -> StatusCode {
        match self {
            Self::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Wrong | Self::PasskeyRefused | Self::PasskeyNeeded => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    fn words(self, t: &Texts<'_>) -> String {
        match self {
            Self::Wrong => t.text("sign-in-wrong"),
            Self::Wait(seconds) => t.with("sign-in-wait", [("seconds", seconds)]),
            Self::PasskeyRefused => t.text("sign-in-passkey-refused"),
            Self::PasskeyNeeded => t.text("sign-in-passkey-needed"),
        }
    }
}

/// The sign-in page, with what was wrong.
pub(crate) fn sign_in_page(req: &HttpRequest, next: String, login: String, problem: Option<Problem>) -> Answer {
    let t = web::page::texts(req)?;
    let status = problem.map_or(StatusCode::OK, Problem::status);
    let field = |name, kind, key: &str, value, autocomplete| Field { name, kind, label: t.text(key), value, hint: None, error: None, autocomplete: Some(autocomplete) };
    let view = SignInPage {
        csrf: csrf::field(req),
        next,
        problem: problem.map(|problem| problem.words(&t)),
        passkeys: passkeys::is_possible(req),
        login: field("login", "text", "sign-in-login", login, "username"),
        password: field("password", "password", "sign-in-password", String::new(), "current-password"),
        t: t.clone(),
    };
    Page::new(t.text("sign-in-title")).plain().status(status).respond(req, &view)
}

impl Visit {
    /// Where this request comes from.
    pub(crate) fn of(req: &HttpRequest) -> Self {
        let agent = req.headers().get(USER_AGENT).and_then(|agent| agent.to_str().ok());
        Self { address: address_of(req), user_agent: agent.map(|agent| agent.chars().take(300).collect()), old_token: cookie::session_token(req) }
    }
}

/// The address that tries are counted by. A reverse proxy on this machine is believed about whom it speaks for; nobody else is.
fn address_of(req: &HttpRequest) -> IpAddr {
    let peer = req.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
    let forwarded = || req.headers().get("x-forwarded-for")?.to_str().ok()?.rsplit(',').next()?.trim().parse().ok();
    if peer.is_loopback() { forwarded().unwrap_or(peer) } else { peer }
}

/// Leads to another page.
pub(crate) fn to(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, address)).finish()
}

impl SignInPage<'_> {
    fn logo(&self) -> String {
        web::assets::address("logo.svg")
    }
}
