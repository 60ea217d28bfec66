//! `/{school}/pupils/{id}/iin`: all twelve digits, and the form that writes them down.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    Guard, Policy,
    trail::{self, Sight},
};
use kernel::{Error, audit::Whose, id::PersonId, iin::{Iin, NotAnIin}};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::Field,
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{Keeper, SeeIin, service};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/pupils/{id}/iin", get().to(show)).route("/{school}/pupils/{id}/iin", post().to(set));
}

#[derive(Debug, Deserialize)]
struct Done {
    done: Option<String>,
}

#[derive(Debug, Deserialize)]
struct IinForm {
    #[serde(default)]
    iin: String,
}

#[derive(Template)]
#[template(path = "iin.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    pupil: String,
    path: String,
    name: String,
    done: bool,
    whole: Option<String>,
    field: Field,
}

async fn show(req: HttpRequest, guard: Guard<SeeIin>, path: Path<(String, String)>, query: Asked<Done>) -> Answer {
    render(&req, &guard, person_of(&path.1)?, None, query.done.is_some(), None).await
}

async fn set(req: HttpRequest, guard: Guard<SeeIin>, path: Path<(String, String)>, form: Posted<IinForm>) -> Answer {
    let (site, school, person) = (Site::of(&req)?, guard.school()?, person_of(&path.1)?);
    let keeper = Keeper::of(Policy::of(&req), site.mode)?;
    let typed = form.0.iin.trim();
    let iin = match (typed, Iin::parse(typed)) {
        ("", _) => None,
        (_, Ok(iin)) => Some(iin),
        (_, Err(why)) => return render(&req, &guard, person, Some(typed), false, Some(message(why))).await,
    };
    match service::set(&site.db, &guard.ctx, &keeper, school.id, person, iin).await {
        Ok(()) => Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/{}/pupils/{person}/iin?done=1", school.code))).finish()),
        Err(Error::Refused("people.iin_taken")) => render(&req, &guard, person, Some(typed), false, Some("iin-taken")).await,
        Err(other) => Err(other.into()),
    }
}

async fn render(req: &HttpRequest, guard: &Guard<SeeIin>, person: PersonId, typed: Option<&str>, done: bool, error: Option<&'static str>) -> Answer {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    let keeper = Keeper::of(Policy::of(req), site.mode)?;
    let found = service::whole(&site.db, &guard.ctx, &keeper, school.id, person).await?;
    trail::read(req, &guard.ctx, [Sight::of(school.id, "people.see_iin", Whose::person(person))]).await?;
    let pupil = format!("/{}/pupils/{person}", school.code);
    let whole = found.iin.as_ref().map(|iin| iin.reveal().to_owned());
    let view = View {
        csrf: csrf::field(req),
        path: format!("{pupil}/iin"),
        pupil,
        name: found.name,
        done,
        field: Field {
            name: "iin",
            kind: "text",
            label: t.text("iin-field"),
            value: typed.map(str::to_owned).or_else(|| whole.clone()).unwrap_or_default(),
            hint: Some(t.text("iin-hint")),
            error: error.map(|error| t.text(error)),
            autocomplete: Some("off"),
        },
        whole,
        t: t.clone(),
    };
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Page::new(t.text("iin-title")).narrow().status(status).respond(req, &view)
}

fn message(why: NotAnIin) -> &'static str {
    match why {
        NotAnIin::Length => "iin-wrong-length",
        NotAnIin::Day => "iin-wrong-day",
        NotAnIin::Check => "iin-wrong-check",
    }
}

fn person_of(text: &str) -> kernel::Result<PersonId> {
    text.parse().map_err(|_| Error::NotFound)
}
