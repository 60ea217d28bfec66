//! `/support/organisations`: which organisation lies below which. A school is placed below its district, a district below its region.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::LOCATION,
    web::{ServiceConfig, get, post},
};
use askama::Template;
use identity::Guard;
use kernel::id::SchoolId;
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{PlaceOrganisation, rules, service, store::Organisation};

const PATH: &str = "/support/organisations";

/// The routes of this page.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(PATH, get().to(show)).route(PATH, post().to(place));
}

#[derive(Debug, Deserialize)]
struct Done {
    placed: Option<String>,
}

#[derive(Debug, Deserialize)]
struct PlaceForm {
    #[serde(default)]
    organisation: String,
    #[serde(default)]
    parent: String,
}

#[derive(Template)]
#[template(path = "organisations.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    placed: bool,
    lines: Vec<Line>,
}

struct Line {
    id: SchoolId,
    name: String,
    code: String,
    parent: Option<SchoolId>,
    parents: Vec<(SchoolId, String)>,
}

async fn show(req: HttpRequest, guard: Guard<PlaceOrganisation>, query: Asked<Done>) -> Answer {
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let tree = service::tree(site, &guard.ctx).await?;
    let view = View {
        csrf: csrf::field(&req),
        placed: query.placed.is_some(),
        lines: tree.iter().filter(|one| one.kind != "supplier").map(|one| line(&t, one, &tree)).collect(),
        t: t.clone(),
    };
    Page::new(t.text("people-place-title")).respond(&req, &view)
}

fn line(t: &Texts<'_>, one: &Organisation, tree: &[Organisation]) -> Line {
    let may_hold = |parent: &&Organisation| rules::may_lie_below(&one.kind, &parent.kind);
    Line {
        id: one.id,
        name: one.name(t.locale()).to_owned(),
        code: one.code.clone(),
        parent: one.parent_id,
        parents: tree.iter().filter(may_hold).map(|parent| (parent.id, parent.name(t.locale()).to_owned())).collect(),
    }
}

async fn place(req: HttpRequest, guard: Guard<PlaceOrganisation>, form: Posted<PlaceForm>) -> Answer {
    let site = Site::of(&req)?;
    service::place(site, &guard.ctx, form.0.organisation.parse().ok(), form.0.parent.parse().ok()).await?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("{PATH}?placed=yes"))).finish())
}
