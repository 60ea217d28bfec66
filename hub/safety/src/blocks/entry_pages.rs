//! `/{school}/cards/new`: the office blocks the card of a pupil or of an employee. First the person is found, then the form is filled in.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    Guard,
    trail::{self, Sight},
};
use kernel::{
    Error,
    audit::Whose,
    error::FieldError,
    id::{PersonId, read, show},
};
use people::pupils::SeePupils;
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{FormField, StatusBlock},
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{
    BlockCards,
    rules::{NewBlock, Reason, Typed, Way},
    service::{self, In, Wanted},
    view,
};

/// The routes of the office's form.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/cards/new", get().to(new)).route("/{school}/cards/new", post().to(block));
}

#[derive(Debug, Deserialize)]
struct Looked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    person: String,
}

#[derive(Template)]
#[template(path = "blocks_find.html")]
struct FindPage<'a> {
    t: Texts<'a>,
    list: String,
    here: String,
    sought: String,
    /// Address, name and class of who was found.
    found: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "blocks_form.html")]
struct FormPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    list: String,
    here: String,
    person: String,
    name: String,
    /// The pupil's card file, for who sees it.
    file: Option<String>,
    class: String,
    id: String,
    card: Option<String>,
    failed: Option<String>,
    blocked: Vec<StatusBlock>,
    /// Nothing where no card opens.
    fields: Option<Vec<FormField>>,
}

async fn new(req: HttpRequest, guard: Guard<BlockCards>, query: Asked<Looked>) -> Answer {
    if let Ok(person) = query.0.person.parse() {
        let typed = Typed { reason: Reason::Lost.as_str().to_owned(), ..Typed::default() };
        return form(&req, &guard, person, typed, &[]).await;
    }
    find(&req, &guard, query.0.q).await
}

async fn find(req: &HttpRequest, guard: &Guard<BlockCards>, sought: String) -> Answer {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    let found = if sought.trim().is_empty() { Vec::new() } else { service::seek(&site.db, &guard.ctx, school.id, &sought).await? };
    trail::read(req, &guard.ctx, [Sight::of(school.id, "safety.seek_card", Whose::persons(found.iter().map(|one| one.person_id)))]).await?;
    let here = format!("/{}/cards/new", school.code);
    let staff = t.text("blocks-is-staff");
    let view = FindPage {
        list: format!("/{}/cards", school.code),
        found: found.into_iter().map(|one| (format!("{here}?person={}", one.person_id), one.name, one.class_label.unwrap_or_else(|| staff.clone()))).collect(),
        here,
        sought,
        t: t.clone(),
    };
    Page::new(t.text("blocks-new")).narrow().respond(req, &view)
}

async fn block(req: HttpRequest, guard: Guard<BlockCards>, posted: Posted<Typed>) -> Answer {
    let (site, t, school, typed) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, posted.0);
    // A form without its hidden fields was sent by no page of ours.
    let no_form = || Error::invalid("person", "card-wrong-choice");
    let person: PersonId = typed.person.parse().map_err(|_| no_form())?;
    let id = read(&typed.id).ok_or_else(no_form)?;
    let here = In { zone: t.zone(), today: t.day_of(guard.ctx.now()) };
    let blocked = match (NewBlock::parse(&typed, Way::Office), read(&typed.card)) {
        (Ok(new), Some(card)) => service::block(&site.db, &guard.ctx, school.id, person, here, Wanted { id, card }, new).await,
        (Ok(_), None) => Err(Error::invalid("card", "blocks-wrong-card")),
        (Err(wrong), _) => Err(wrong),
    };
    match blocked {
        Ok(()) => Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/{}/cards?done=blocked", school.code))).finish()),
        Err(Error::Invalid(wrong)) => form(&req, &guard, person, typed, &wrong).await,
        Err(other) => Err(other.into()),
    }
}

async fn form(req: &HttpRequest, guard: &Guard<BlockCards>, person: PersonId, typed: Typed, wrong: &[FieldError]) -> Answer {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    let (holder, cards) = service::holder(&site.db, &guard.ctx, school.id, person).await?;
    trail::read(req, &guard.ctx, [Sight::of(school.id, "safety.seek_card", Whose::person(person))]).await?;
    let view = FormPage {
        csrf: csrf::field(req),
        list: format!("/{}/cards", school.code),
        here: format!("/{}/cards/new", school.code),
        person: person.to_string(),
        name: holder.name,
        file: (holder.class_label.is_some() && guard.ctx.within::<SeePupils>().is_ok()).then(|| format!("/{}/pupils/{person}", school.code)),
        class: holder.class_label.unwrap_or_else(|| t.text("blocks-is-staff")),
        id: read(&typed.id).map_or_else(|| show(guard.ctx.id()), |_| typed.id.clone()),
        card: view::only_open(&cards),
        failed: (!wrong.is_empty()).then(|| t.text("failure-invalid-body")),
        blocked: cards.iter().filter_map(|card| view::blocked(&t, card)).collect(),
        fields: cards.iter().any(|card| card.block_id.is_none()).then(|| view::fields(&t, &cards, &typed, wrong)),
        t: t.clone(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(t.text("blocks-new")).narrow().status(status).respond(req, &view)
}
