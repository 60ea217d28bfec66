//! `/{school}/organisation`: what the organisation is called, in three languages.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{ServiceConfig, get, post},
};
use askama::Template;
use identity::Guard;
use kernel::{Error, error::FieldError};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::Field,
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{RenameOrganisation, rules::Names, service};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    super::list::routes(cfg);
    super::founding::routes(cfg);
    super::placing::routes(cfg);
    cfg.route("/{school}/organisation", get().to(show)).route("/{school}/organisation", post().to(rename));
}

#[derive(Debug, Deserialize)]
struct Saved {
    saved: Option<String>,
}

#[derive(Debug, Deserialize)]
struct NamesForm {
    #[serde(default)]
    name_kk: String,
    #[serde(default)]
    name_ru: String,
    #[serde(default)]
    name_en: String,
}

#[derive(Template)]
#[template(path = "organisation.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    home: String,
    code: &'a str,
    saved: bool,
    names: [Field; 3],
}

async fn show(req: HttpRequest, guard: Guard<RenameOrganisation>, query: Asked<Saved>) -> Answer {
    let school = guard.school()?;
    let typed = NamesForm { name_kk: school.name_kk.clone(), name_ru: school.name_ru.clone(), name_en: school.name_en.clone() };
    render(&req, &guard, typed, query.saved.is_some(), &[])
}

async fn rename(req: HttpRequest, guard: Guard<RenameOrganisation>, form: Posted<NamesForm>) -> Answer {
    let (site, school, typed) = (Site::of(&req)?, guard.school()?, form.0);
    match Names::parse(&typed.name_kk, &typed.name_ru, &typed.name_en) {
        Ok(names) => {
            service::rename(site, &guard.ctx, school.id, names).await?;
            Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/{}/organisation?saved=yes", school.code))).finish())
        }
        Err(Error::Invalid(wrong)) => render(&req, &guard, typed, false, &wrong),
        Err(other) => Err(other.into()),
    }
}

fn render(req: &HttpRequest, guard: &Guard<RenameOrganisation>, typed: NamesForm, saved: bool, wrong: &[FieldError]) -> Answer {
    let (t, school) = (web::page::texts(req)?, guard.school()?);
    let field = |name: &'static str, key: &str, value: String| Field {
        name,
        kind: "text",
        label: t.text(key),
        value,
        hint: None,
        error: wrong.iter().find(|wrong| wrong.field == name).map(|wrong| t.text(wrong.message)),
        autocomplete: Some("off"),
    };
    let view = View {
        csrf: csrf::field(req),
        home: format!("/{}", school.code),
        code: &school.code,
        saved,
        names: [
            field("name_kk", "people-organisation-kk", typed.name_kk),
            field("name_ru", "people-organisation-ru", typed.name_ru),
            field("name_en", "people-organisation-en", typed.name_en),
        ],
        t: t.clone(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(t.text("people-organisation-title")).narrow().status(status).respond(req, &view)
}
