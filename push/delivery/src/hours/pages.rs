//! `/my/quiet`: one form.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    MyGuard,
    trail::{self, Sight},
};
use kernel::{Error, error::FieldError};
use notice::{KINDS, Urgency};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Choice, FormField, Need},
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::service::{self, Typed};
use crate::Own;

const PATH: &str = "/my/quiet";

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(PATH, get().to(show)).route(PATH, post().to(save));
}

#[derive(Debug, Deserialize)]
struct Saved {
    saved: Option<String>,
}

#[derive(Template)]
#[template(path = "hours.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    here: &'static str,
    saved: bool,
    quiet: Vec<FormField>,
    /// Where there is anything for a digest.
    digest: Option<FormField>,
}

async fn show(req: HttpRequest, guard: MyGuard, query: Asked<Saved>) -> Answer {
    let hours = service::hours(&Site::of(&req)?.db, &Own::of(&guard)).await?;
    render(&req, &guard, &Typed::of(&hours), &[], query.saved.is_some()).await
}

async fn save(req: HttpRequest, guard: MyGuard, form: Posted<Typed>) -> Answer {
    let (site, Posted(typed)) = (Site::of(&req)?, form);
    match typed.read() {
        Ok(hours) => {
            service::set(&site.db, &Own::of(&guard), &hours).await?;
            Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("{PATH}?saved=yes"))).finish())
        }
        Err(Error::Invalid(wrong)) => render(&req, &guard, &typed, &wrong, false).await,
        Err(other) => Err(other.into()),
    }
}

async fn render(req: &HttpRequest, guard: &MyGuard, typed: &Typed, wrong: &[FieldError], saved: bool) -> Answer {
    let t = web::page::texts(req)?;
    let own = Own::of(guard);
    trail::read(req, &own.ctx, Sight::of_children("delivery.see_switches", &own.of)).await?;
    let time = |name: &str, key: &str, value: &str| FormField::line(name, "time", t.text(key), Need::optional(&t)).value(value).error_in(wrong, &t);
    let alarms = vec![Choice::new("pass", t.text("hours-alarms-pass")), Choice::new("wait", t.text("hours-alarms-wait"))];
    let view = View {
        csrf: csrf::field(req),
        here: PATH,
        saved,
        quiet: vec![
            time("quiet_from", "hours-from", &typed.quiet_from),
            time("quiet_to", "hours-to", &typed.quiet_to),
            FormField::radios("alarms", t.text("hours-alarms"), Need::Required, alarms).value(if typed.alarms == "wait" { "wait" } else { "pass" }),
        ],
        digest: KINDS.into_iter().any(|kind| kind.urgency == Urgency::Bulk).then(|| time("digest_at", "hours-digest-at", &typed.digest_at)),
        t: t.clone(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(t.text("hours-title")).narrow().status(status).respond(req, &view)
}
