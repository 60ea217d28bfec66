//! `/{school}/pupils/{id}/who`, `…/contacts` and `…/history`.

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
use web::{
    Answer, Page, Site, Texts,
    csrf::{self, CsrfField},
    form::Posted,
};

use super::{
    EditCards, Field, SeeCards,
    rules::{self, Typed},
    service,
    view::{self, Line},
};
use crate::inputs::Input;

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/pupils/{id}/who", get().to(who))
        .route("/{school}/pupils/{id}/who", post().to(save_who))
        .route("/{school}/pupils/{id}/contacts", get().to(contacts))
        .route("/{school}/pupils/{id}/contacts", post().to(save_contacts))
        .route("/{school}/pupils/{id}/history", get().to(history));
}

/// A form of a card.
#[derive(Template)]
#[template(path = "card_form.html")]
pub(crate) struct FormPage<'a> {
    pub t: Texts<'a>,
    pub csrf: CsrfField,
    pub back: String,
    pub here: String,
    pub name: String,
    pub title: String,
    pub failed: bool,
    pub inputs: Vec<Input>,
}

#[derive(Template)]
#[template(path = "card_history.html")]
struct HistoryPage<'a> {
    t: Texts<'a>,
    back: String,
    name: String,
    lines: Vec<Line>,
}

async fn who(req: HttpRequest, guard: ClassGuard<EditCards>, path: Path<(String, String)>) -> Answer {
    form(&req, &guard, pupil_of(&path.1)?, Field::WHO, None, &[]).await
}

async fn contacts(req: HttpRequest, guard: ClassGuard<EditCards>, path: Path<(String, String)>) -> Answer {
    form(&req, &guard, pupil_of(&path.1)?, Field::CONTACTS, None, &[]).await
}

async fn save_who(req: HttpRequest, guard: ClassGuard<EditCards>, path: Path<(String, String)>, sent: Posted<Typed>) -> Answer {
    save(&req, &guard, pupil_of(&path.1)?, Field::WHO, sent.0).await
}

async fn save_contacts(req: HttpRequest, guard: ClassGuard<EditCards>, path: Path<(String, String)>, sent: Posted<Typed>) -> Answer {
    save(&req, &guard, pupil_of(&path.1)?, Field::CONTACTS, sent.0).await
}

async fn history(req: HttpRequest, guard: ClassGuard<SeeCards>, path: Path<(String, String)>) -> Answer {
    let (site, t, school, pupil) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, pupil_of(&path.1)?);
    let (card, history) = service::history(&site.db, &guard.ctx, school.id, pupil).await?;
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "people.see_card_history", Whose::person(pupil))]).await?;
    let view = HistoryPage { back: format!("/{}/pupils/{pupil}", school.code), name: card.full_name(), lines: view::lines(&t, &history), t };
    Page::new(view.t.text("card-history")).respond(&req, &view)
}

async fn save(req: &HttpRequest, guard: &ClassGuard<EditCards>, pupil: PersonId, fields: &[Field], typed: Typed) -> Answer {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    // Whose card it is is decided before anything else is: of a stranger there is nothing to say.
    service::to_edit(&site.db, &guard.ctx, school.id, pupil).await?;
    let saved = match rules::read(fields, &typed, t.day_of(guard.ctx.now())) {
        Ok((wanted, how)) => service::change_pupil(&site.db, &guard.ctx, school.id, pupil, &wanted, &how).await.map(drop),
        Err(wrong) => Err(wrong),
    };
    match saved {
        Ok(()) => Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/{}/pupils/{pupil}?done=saved", school.code))).finish()),
        Err(Error::Invalid(wrong)) => form(req, guard, pupil, fields, Some(typed), &wrong).await,
        Err(other) => Err(other.into()),
    }
}

async fn form(req: &HttpRequest, guard: &ClassGuard<EditCards>, pupil: PersonId, fields: &[Field], typed: Option<Typed>, wrong: &[FieldError]) -> Answer {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    let card = service::to_edit(&site.db, &guard.ctx, school.id, pupil).await?;
    trail::read(req, &guard.ctx, [Sight::of(school.id, "people.see_card", Whose::person(pupil))]).await?;
    let typed = typed.unwrap_or_else(|| view::typed_of(&card, fields));
    let title = t.text(if fields == Field::WHO { "card-edit-who" } else { "card-edit-contacts" });
    let view = FormPage {
        csrf: csrf::field(req),
        back: format!("/{}/pupils/{pupil}", school.code),
        here: req.path().to_owned(),
        name: card.full_name(),
        title,
        failed: !wrong.is_empty(),
        inputs: view::inputs(&t, fields, &typed, wrong),
        t,
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(view.title.clone()).narrow().status(status).respond(req, &view)
}

fn pupil_of(text: &str) -> kernel::Result<PersonId> {
    text.parse().map_err(|_| Error::NotFound)
}
