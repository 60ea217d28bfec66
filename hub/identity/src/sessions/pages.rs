//! `/account/devices`: where one is signed in.

use actix_web::{
    HttpRequest,
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use jiff::Timestamp;
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts, cookie,
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{SessionId, browser::browser, own, store::Listed};
use crate::{
    MyGuard,
    accounts::{Done, NoFields, Visit, to},
};

const PATH: &str = "/account/devices";

/// The routes of one's own sessions.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(PATH, get().to(show)).route("/account/devices/end-others", post().to(end_others)).route("/account/devices/{id}/end", post().to(end));
}

#[derive(Deserialize)]
struct Named {
    id: SessionId,
}

#[derive(Template)]
#[template(path = "account_devices.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    just_ended: bool,
    here: Vec<Device>,
    elsewhere: Vec<Device>,
}

struct Device {
    id: SessionId,
    name: String,
    since: Timestamp,
    seen: Timestamp,
}

async fn show(req: HttpRequest, guard: MyGuard, query: Asked<Done>) -> Answer {
    let t = web::page::texts(&req)?;
    let sessions = own::list(Site::of(&req)?, &guard.identity, cookie::session_token(&req).as_deref()).await?;
    let (here, elsewhere): (Vec<Listed>, Vec<Listed>) = sessions.into_iter().partition(|session| session.here);
    let devices = |sessions: Vec<Listed>| sessions.iter().map(|session| device(&t, session)).collect();
    let view = View { csrf: csrf::field(&req), just_ended: query.done.as_deref() == Some("ended"), here: devices(here), elsewhere: devices(elsewhere), t: t.clone() };
    Page::new(t.text("account-devices-title")).narrow().respond(&req, &view)
}

fn device(t: &Texts<'_>, session: &Listed) -> Device {
    let browser = browser(session.user_agent.as_deref().unwrap_or_default());
    let name = match (browser.name, browser.system) {
        (Some(name), Some(system)) => t.with("account-devices-browser", [("browser", name), ("system", system)]),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => t.text("account-devices-unknown"),
    };
    Device { id: session.id, name, since: session.created_at, seen: session.seen_at }
}

async fn end(req: HttpRequest, guard: MyGuard, path: Path<Named>, _form: Posted<NoFields>) -> Answer {
    own::end(Site::of(&req)?, &guard.identity, path.id, &Visit::of(&req)).await?;
    Ok(to("/account/devices?done=ended"))
}

async fn end_others(req: HttpRequest, guard: MyGuard, _form: Posted<NoFields>) -> Answer {
    own::end_all_others(Site::of(&req)?, &guard.identity, &Visit::of(&req)).await?;
    Ok(to("/account/devices?done=ended"))
}
