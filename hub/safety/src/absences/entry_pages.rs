//! `/{school}/absences/new`: what a guardian told at the telephone is written down. First the pupil is found, then the form is filled in.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    ClassGuard,
    trail::{self, Sight},
};
use kernel::{
    Error,
    audit::Whose,
    error::FieldError,
    id::{PersonId, read, show},
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::FormField,
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{
    EnterAbsences,
    rules::{NewNote, Typed, Way},
    service, view,
};

/// The routes of the telephone.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/absences/new", get().to(new)).route("/{school}/absences/new", post().to(enter));
}

#[derive(Debug, Deserialize)]
struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    pupil: String,
}

#[derive(Debug, Deserialize)]
struct Entered {
    #[serde(default)]
    pupil: String,
    #[serde(default)]
    id: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    words: String,
}

#[derive(Template)]
#[template(path = "absence_find.html")]
struct FindPage<'a> {
    t: Texts<'a>,
    list: String,
    here: String,
    sought: String,
    /// Address, name and class of who was found.
    found: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "absence_form.html")]
struct FormPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    list: String,
    here: String,
    pupil: String,
    name: String,
    class: String,
    id: String,
    failed: Option<String>,
    fields: [FormField; 4],
}

async fn new(req: HttpRequest, guard: ClassGuard<EnterAbsences>, query: Asked<Wanted>) -> Answer {
    let t = web::page::texts(&req)?;
    if let Ok(pupil) = query.0.pupil.parse() {
        let typed = Typed { from: t.day_of(guard.ctx.now()).to_string(), ..Typed::default() };
        return form(&req, &guard, pupil, typed, Vec::new()).await;
    }
    find(&req, &guard, query.0.q).await
}

async fn find(req: &HttpRequest, guard: &ClassGuard<EnterAbsences>, sought: String) -> Answer {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    let found = if sought.trim().is_empty() { Vec::new() } else { service::seek(&site.db, &guard.ctx, school.id, &sought).await? };
    trail::read(req, &guard.ctx, [Sight::of(school.id, "safety.seek_absent", Whose::persons(found.iter().map(|pupil| pupil.pupil_id)))]).await?;
    let here = format!("/{}/absences/new", school.code);
    let view = FindPage {
        list: format!("/{}/absences", school.code),
        found: found.into_iter().map(|pupil| (format!("{here}?pupil={}", pupil.pupil_id), pupil.name, pupil.class_label)).collect(),
        here,
        sought,
        t: t.clone(),
    };
    Page::new(t.text("absences-enter")).narrow().respond(req, &view)
}

async fn enter(req: HttpRequest, guard: ClassGuard<EnterAbsences>, posted: Posted<Entered>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let Entered { pupil, id, from, to, reason, words } = posted.0;
    // A form without its hidden fields was sent by no page of ours.
    let no_form = || Error::invalid("pupil", "card-wrong-choice");
    let pupil: PersonId = pupil.parse().map_err(|_| no_form())?;
    let typed = Typed { id, from, to, reason, words };
    let id = read(&typed.id).ok_or_else(no_form)?;
    let entered = match NewNote::parse(&typed, Way::Telephone, t.day_of(guard.ctx.now())) {
        Ok(note) => service::enter(&site.db, &guard.ctx, school.id, pupil, id, note).await,
        Err(wrong) => Err(wrong),
    };
    match entered {
        Ok(()) => Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/{}/absences?entered={}", school.code, show(id)))).finish()),
        Err(Error::Invalid(wrong)) => form(&req, &guard, pupil, typed, wrong).await,
        Err(other) => Err(other.into()),
    }
}

async fn form(req: &HttpRequest, guard: &ClassGuard<EnterAbsences>, pupil: PersonId, typed: Typed, wrong: Vec<FieldError>) -> Answer {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    let found = service::pupil(&site.db, &guard.ctx, school.id, pupil).await?;
    trail::read(req, &guard.ctx, [Sight::of(school.id, "safety.seek_absent", Whose::person(pupil))]).await?;
    let view = FormPage {
        csrf: csrf::field(req),
        list: format!("/{}/absences", school.code),
        here: format!("/{}/absences/new", school.code),
        pupil: pupil.to_string(),
        name: found.name,
        class: found.class_label,
        id: read(&typed.id).map_or_else(|| show(guard.ctx.id()), |_| typed.id.clone()),
        failed: (!wrong.is_empty()).then(|| t.text("failure-invalid-body")),
        fields: view::fields(&t, &typed, &wrong),
        t: t.clone(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(t.text("absences-enter")).narrow().status(status).respond(req, &view)
}
