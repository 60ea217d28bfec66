//! `/{school}/guardians/{id}`: a guardian's card with their children at the school, and its form.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    ClassGuard,
    trail::{self, Sight},
};
use kernel::{Error, audit::Whose, error::FieldError, id::PersonId};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts, csrf,
    form::{Asked, Posted},
};

use super::service;
use crate::doubles;
use crate::pupils::card::{
    EditCards, Field, SeeCards, pages::FormPage,
    rules::{self, Typed},
    view::{self, Line},
};

/// The routes of this page.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/guardians/{id}", get().to(show))
        .route("/{school}/guardians/{id}/edit", get().to(edit))
        .route("/{school}/guardians/{id}/edit", post().to(save));
}

#[derive(Debug, Deserialize)]
struct Done {
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "guardian.html")]
struct View<'a> {
    t: Texts<'a>,
    list: String,
    name: String,
    done: Option<String>,
    facts: Vec<(String, String)>,
    edit: Option<String>,
    /// How they stand to the child, the child's name, class and page.
    children: Vec<(String, String, String, String)>,
    lines: Vec<Line>,
}

async fn show(req: HttpRequest, guard: ClassGuard<SeeCards>, path: Path<(String, String)>, query: Asked<Done>) -> Answer {
    let (site, t, school, id) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, guardian_of(&path.1)?);
    let detail = match service::guardian(&site.db, &guard.ctx, school.id, id).await {
        Err(Error::NotFound) => return doubles::lead_on(&req, &guard.ctx, school, "guardians", id).await,
        found => found?,
    };
    let shown = std::iter::once(id).chain(detail.children.iter().map(|child| child.id));
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "people.see_guardian", Whose::persons(shown))]).await?;
    let child = |child: &super::store::Child| {
        let kind = t.text(format!("people-kinship-{}", child.kind.replace('_', "-")));
        (kind, format!("{} {}", child.surname, child.given_name), child.class_label.clone(), format!("/{}/pupils/{}", school.code, child.id))
    };
    let view = View {
        list: format!("/{}/guardians", school.code),
        name: detail.card.full_name(),
        done: query.done.as_ref().map(|_| t.text("card-done")),
        facts: view::facts(&t, &detail.card, Field::GUARDIAN.get(3..).unwrap_or_default()),
        edit: guard.ctx.within::<EditCards>().is_ok().then(|| format!("/{}/guardians/{id}/edit", school.code)),
        children: detail.children.iter().map(child).collect(),
        lines: view::lines(&t, &detail.former),
        t: t.clone(),
    };
    Page::new(view.name.clone()).narrow().respond(&req, &view)
}

async fn edit(req: HttpRequest, guard: ClassGuard<EditCards>, path: Path<(String, String)>) -> Answer {
    form(&req, &guard, guardian_of(&path.1)?, None, &[]).await
}

async fn save(req: HttpRequest, guard: ClassGuard<EditCards>, path: Path<(String, String)>, sent: Posted<Typed>) -> Answer {
    let (site, t, school, id, typed) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, guardian_of(&path.1)?, sent.0);
    service::guardian_to_edit(&site.db, &guard.ctx, school.id, id).await?;
    let saved = match rules::read(Field::GUARDIAN, &typed, t.day_of(guard.ctx.now())) {
        Ok((wanted, how)) => service::change_guardian(&site.db, &guard.ctx, school.id, id, &wanted, &how).await,
        Err(wrong) => Err(wrong),
    };
    match saved {
        Ok(()) => Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/{}/guardians/{id}?done=1", school.code))).finish()),
        Err(Error::Invalid(wrong)) => form(&req, &guard, id, Some(typed), &wrong).await,
        Err(other) => Err(other.into()),
    }
}

async fn form(req: &HttpRequest, guard: &ClassGuard<EditCards>, id: PersonId, typed: Option<Typed>, wrong: &[FieldError]) -> Answer {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    let card = service::guardian_to_edit(&site.db, &guard.ctx, school.id, id).await?;
    trail::read(req, &guard.ctx, [Sight::of(school.id, "people.see_card", Whose::person(id))]).await?;
    let typed = typed.unwrap_or_else(|| view::typed_of(&card, Field::GUARDIAN));
    let view = FormPage {
        csrf: csrf::field(req),
        back: format!("/{}/guardians/{id}", school.code),
        here: req.path().to_owned(),
        name: card.full_name(),
        title: t.text("families-edit-guardian"),
        failed: !wrong.is_empty(),
        inputs: view::inputs(&t, Field::GUARDIAN, &typed, wrong),
        t,
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(view.title.clone()).narrow().status(status).respond(req, &view)
}

fn guardian_of(text: &str) -> kernel::Result<PersonId> {
    text.parse().map_err(|_| Error::NotFound)
}
