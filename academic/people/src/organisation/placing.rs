//! `/support/organisations/{id}`: one organisation: what it lies below, and its first login while nobody has come. A school is placed below its
//! district, a district below its region.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::LOCATION,
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::{Guard, logins::first::Arrival};
use kernel::id::SchoolId;
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Choice, FormField, Need, StatusDot},
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{FoundOrganisation, PlaceOrganisation, founding, list, service};

/// The routes of this page.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/support/organisations/{id}", get().to(show)).route("/support/organisations/{id}/place", post().to(place));
    cfg.route("/support/organisations/{id}/first-login", post().to(renew_first));
}

#[derive(Debug, Deserialize)]
struct Done {
    placed: Option<String>,
}

#[derive(Debug, Deserialize)]
struct PlaceForm {
    #[serde(default)]
    parent: String,
}

#[derive(Debug, Deserialize)]
struct NoFields {}

#[derive(Template)]
#[template(path = "organisation_placed.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    list: &'static str,
    here: String,
    name: String,
    placed: bool,
    facts: Vec<(String, String)>,
    state: StatusDot,
    /// What it may lie below; nothing for a kind that lies below none.
    parent: Option<FormField>,
    /// Whether the first login may be made anew.
    may_renew: bool,
}

async fn show(req: HttpRequest, guard: Guard<PlaceOrganisation>, path: Path<String>, query: Asked<Done>) -> Answer {
    let (site, t, id) = (Site::of(&req)?, web::page::texts(&req)?, id(&path)?);
    let (own, above, arrival) = service::one(site, &guard.ctx, id).await?;
    let choices = above.iter().map(|one| Choice::new(one.id.to_string(), one.name(t.locale()))).collect();
    let parent = FormField::select("parent", t.text("people-place-parent"), Need::optional(&t), choices, Some("—".to_owned()));
    let parent = parent.value(own.parent_id.map(|parent| parent.to_string()).unwrap_or_default());
    let view = View {
        csrf: csrf::field(&req),
        list: list::PATH,
        here: format!("{}/{id}", list::PATH),
        name: own.name(t.locale()).to_owned(),
        placed: query.placed.is_some(),
        facts: vec![
            (t.text("organisations-kind"), t.text(&format!("organisations-kind-{}", own.kind))),
            (t.text("people-organisation-code"), own.code.clone()),
            (t.text("people-organisation-kk"), own.name_kk.clone()),
            (t.text("people-organisation-ru"), own.name_ru.clone()),
            (t.text("people-organisation-en"), own.name_en.clone()),
        ],
        state: list::state(&t, arrival),
        parent: (own.kind != "ministry").then_some(parent),
        may_renew: arrival == Arrival::Awaited && guard.ctx.require::<FoundOrganisation>().is_ok(),
        t: t.clone(),
    };
    Page::new(view.name.clone()).narrow().respond(&req, &view)
}

async fn place(req: HttpRequest, guard: Guard<PlaceOrganisation>, path: Path<String>, form: Posted<PlaceForm>) -> Answer {
    let id = id(&path)?;
    service::place(Site::of(&req)?, &guard.ctx, id, form.0.parent.parse().ok()).await?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("{}/{id}?placed=yes", list::PATH))).finish())
}

async fn renew_first(req: HttpRequest, guard: Guard<FoundOrganisation>, path: Path<String>, _form: Posted<NoFields>) -> Answer {
    let (own, name, first) = service::renew_first(Site::of(&req)?, &guard.ctx, id(&path)?).await?;
    let school = founding::as_school(&own);
    founding::show_sheet(&req, &school, &name, &first)
}

fn id(path: &str) -> kernel::Result<SchoolId> {
    path.parse().map_err(|_| kernel::Error::NotFound)
}
