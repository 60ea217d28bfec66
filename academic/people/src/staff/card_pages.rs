//! `/{school}/staff/{id}`: the card of somebody who works at the school, its lines, and dismissal.

use std::collections::HashMap;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    Guard,
    logins::Act,
    sessions,
    trail::{self, Sight},
};
use kernel::{
    Error, Result,
    audit::Whose,
    error::FieldError,
    id::{PersonId, Uuid, read, show as show_id},
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{
    ManageStaff, SeeStaff,
    list_pages::{FormPage, line_inputs},
    rules::{LineKind, NewLine},
    service::{self, Detail},
    words::{self, LineWords},
};
use crate::doubles;
use crate::pupils::card::{
    Field, pages as card_forms,
    rules::{self as card_rules, Typed},
    view,
};

/// The fields of an employee's own data.
const FIELDS: &[Field] = &[Field::Surname, Field::GivenName, Field::Patronymic, Field::BirthDate, Field::Sex, Field::Phone, Field::Email, Field::Address];

/// The routes of these pages.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/staff/{id}", get().to(show))
        .route("/{school}/staff/{id}/edit", get().to(edit))
        .route("/{school}/staff/{id}/edit", post().to(save))
        .route("/{school}/staff/{id}/line", get().to(line))
        .route("/{school}/staff/{id}/line", post().to(add))
        .route("/{school}/staff/{id}/end", post().to(end))
        .route("/{school}/staff/{id}/strike", post().to(strike))
        .route("/{school}/staff/{id}/dismiss", post().to(dismiss));
}

#[derive(Debug, Deserialize)]
struct Done {
    done: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Chosen {
    #[serde(default)]
    kind: String,
}

#[derive(Debug, Deserialize)]
struct LineForm {
    #[serde(default)]
    line: String,
    #[serde(default)]
    last: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    sure: String,
}

struct Section {
    title: String,
    nothing: String,
    lines: Vec<LineWords>,
    /// Where one is added, for who does that.
    add: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "staff_card.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    list: String,
    here: String,
    name: String,
    work: String,
    done: Option<String>,
    error: Option<String>,
    facts: Vec<(String, String)>,
    seniority: Vec<(String, String)>,
    pension_note: Option<String>,
    sections: Vec<Section>,
    manages: bool,
    dismissable: bool,
    today: String,
}

async fn show(req: HttpRequest, guard: Guard<SeeStaff>, path: Path<(String, String)>, query: Asked<Done>) -> Answer {
    let manages = guard.ctx.require::<ManageStaff>().is_ok();
    let (t, id) = (web::page::texts(&req)?, person_of(&path.1)?);
    let detail = match looked(&req, &guard, id).await {
        Err(Error::NotFound) => return doubles::lead_on(&req, &guard.ctx, guard.school()?, "staff", id).await,
        found => found?,
    };
    trail::read(&req, &guard.ctx, [Sight::of(guard.school()?.id, "people.see_staff_card", Whose::person(id))]).await?;
    let done = query.done.as_ref().map(|_| t.text("card-done"));
    respond(&req, &guard, id, &detail, manages, done, None)
}

async fn looked<P: kernel::right::Permission>(req: &HttpRequest, guard: &Guard<P>, id: PersonId) -> Result<Detail> {
    let (site, t) = (Site::of(req)?, web::page::texts(req)?);
    service::of(&site.db, &guard.ctx, guard.school()?.id, id, t.day_of(guard.ctx.now())).await
}

fn respond<P: kernel::right::Permission>(req: &HttpRequest, guard: &Guard<P>, id: PersonId, detail: &Detail, manages: bool, done: Option<String>, error: Option<String>) -> Answer {
    let (t, school) = (web::page::texts(req)?, guard.school()?);
    let here = format!("/{}/staff/{id}", school.code);
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let mut seniority = vec![(t.text("staff-seniority-total"), words::seniority(&t, detail.total)), (t.text("staff-seniority-pedagogical"), words::seniority(&t, detail.pedagogical))];
    seniority.extend(detail.pension.as_ref().map(|(on, _)| (t.text("staff-pension-on"), view::day(*on))));
    let note = |rule: &super::store::PensionAge| t.with(if rule.is_verified { "staff-pension-by" } else { "staff-pension-unchecked" }, [("act", rule.basis.as_str())]);
    let section = |kind: LineKind| Section {
        title: t.text(format!("staff-section-{}", kind.as_str())),
        nothing: t.text(format!("staff-nothing-{}", kind.as_str())),
        lines: detail.lines.iter().filter(|line| line.kind == kind.as_str()).map(|line| words::line(&t, line)).collect(),
        add: manages.then(|| (format!("{here}/line?kind={}", kind.as_str()), t.text(format!("staff-add-{}", kind.as_str())))),
    };
    let view = View {
        csrf: csrf::field(req),
        list: format!("/{}/staff", school.code),
        name: detail.card.full_name(),
        work: detail.employee.as_ref().map_or_else(|| t.text("staff-left"), |employee| words::work(&t, employee)),
        done,
        error,
        facts: view::facts(&t, &detail.card, FIELDS.get(3..).unwrap_or_default()),
        seniority,
        pension_note: detail.pension.as_ref().map(|(_, rule)| note(rule)),
        sections: LineKind::ALL.map(section).into(),
        manages,
        dismissable: manages && detail.employee.is_some() && guard.identity.person != id,
        today: t.day_of(guard.ctx.now()).to_string(),
        here,
        t: t.clone(),
    };
    Page::new(view.name.clone()).narrow().status(status).respond(req, &view)
}

async fn edit(req: HttpRequest, guard: Guard<ManageStaff>, path: Path<(String, String)>) -> Answer {
    edit_form(&req, &guard, person_of(&path.1)?, None, &[]).await
}

async fn save(req: HttpRequest, guard: Guard<ManageStaff>, path: Path<(String, String)>, sent: Posted<Typed>) -> Answer {
    let (site, t, school, id) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, person_of(&path.1)?);
    service::card_to_edit(&site.db, &guard.ctx, school.id, id).await?;
    let saved = match card_rules::read(FIELDS, &sent.0, t.day_of(guard.ctx.now())) {
        Ok((wanted, how)) => service::change(&site.db, &guard.ctx, school.id, id, &wanted, &how).await,
        Err(wrong) => Err(wrong),
    };
    match saved {
        Ok(()) => Ok(back(&school.code, id)),
        Err(Error::Invalid(wrong)) => edit_form(&req, &guard, id, Some(sent.0), &wrong).await,
        Err(other) => Err(other.into()),
    }
}

async fn edit_form(req: &HttpRequest, guard: &Guard<ManageStaff>, id: PersonId, typed: Option<Typed>, wrong: &[FieldError]) -> Answer {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    let card = service::card_to_edit(&site.db, &guard.ctx, school.id, id).await?;
    trail::read(req, &guard.ctx, [Sight::of(school.id, "people.see_card", Whose::person(id))]).await?;
    let typed = typed.unwrap_or_else(|| view::typed_of(&card, FIELDS));
    let view = card_forms::FormPage {
        csrf: csrf::field(req),
        back: format!("/{}/staff/{id}", school.code),
        here: req.path().to_owned(),
        name: card.full_name(),
        title: t.text("card-section-who"),
        failed: !wrong.is_empty(),
        inputs: view::inputs(&t, FIELDS, &typed, wrong),
        t,
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(view.title.clone()).narrow().status(status).respond(req, &view)
}

async fn line(req: HttpRequest, guard: Guard<ManageStaff>, path: Path<(String, String)>, query: Asked<Chosen>) -> Answer {
    let kind = LineKind::parse(&query.kind).unwrap_or(LineKind::Post);
    line_form(&req, &guard, person_of(&path.1)?, kind, &HashMap::new(), &[]).await
}

async fn add(req: HttpRequest, guard: Guard<ManageStaff>, path: Path<(String, String)>, sent: Posted<Typed>) -> Answer {
    let (site, t, school, id) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, person_of(&path.1)?);
    service::card_to_edit(&site.db, &guard.ctx, school.id, id).await?;
    let text = |name: &str| sent.0.get(name).map(String::as_str).unwrap_or_default();
    let kind = LineKind::parse(text("kind")).ok_or_else(|| Error::invalid("kind", "card-wrong-choice"))?;
    match NewLine::parse(kind, &sent.0, t.day_of(guard.ctx.now())) {
        Ok(line) => {
            service::add(&site.db, &guard.ctx, school.id, id, read(text("row")).unwrap_or_else(|| guard.ctx.id()), line).await?;
            Ok(back(&school.code, id))
        }
        Err(Error::Invalid(wrong)) => line_form(&req, &guard, id, kind, &sent.0, &wrong).await,
        Err(other) => Err(other.into()),
    }
}

async fn line_form(req: &HttpRequest, guard: &Guard<ManageStaff>, id: PersonId, kind: LineKind, typed: &Typed, wrong: &[FieldError]) -> Answer {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    let card = service::card_to_edit(&site.db, &guard.ctx, school.id, id).await?;
    trail::read(req, &guard.ctx, [Sight::of(school.id, "people.see_card", Whose::person(id))]).await?;
    let mut inputs = line_inputs(&t, kind, typed);
    view::mark(&t, &mut inputs, wrong);
    let ticked = typed.is_empty() || typed.contains_key("is_pedagogical");
    let view = FormPage {
        csrf: csrf::field(req),
        back: format!("/{}/staff/{id}", school.code),
        back_name: card.full_name(),
        here: req.path().to_owned(),
        title: t.text(format!("staff-add-{}", kind.as_str())),
        row: show_id(guard.ctx.id::<Uuid>()),
        kind: kind.as_str(),
        failed: !wrong.is_empty(),
        inputs,
        alike: Vec::new(),
        tick: (kind == LineKind::Period).then(|| ("is_pedagogical", t.text("staff-is-pedagogical"), ticked)),
        t,
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(view.title.clone()).narrow().status(status).respond(req, &view)
}

async fn end(req: HttpRequest, guard: Guard<ManageStaff>, path: Path<(String, String)>, form: Posted<LineForm>) -> Answer {
    let (site, t, school, id) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, person_of(&path.1)?);
    service::card_to_edit(&site.db, &guard.ctx, school.id, id).await?;
    let line = read(&form.0.line).ok_or_else(|| Error::invalid("line", "card-wrong-choice"))?;
    match service::last_day(&form.0.last, t.day_of(guard.ctx.now())) {
        Ok(last) => {
            service::end(&site.db, &guard.ctx, school.id, id, line, last).await?;
            Ok(back(&school.code, id))
        }
        Err(Error::Invalid(wrong)) => again(&req, &guard, id, &wrong).await,
        Err(other) => Err(other.into()),
    }
}

async fn strike(req: HttpRequest, guard: Guard<ManageStaff>, path: Path<(String, String)>, form: Posted<LineForm>) -> Answer {
    let (site, school, id) = (Site::of(&req)?, guard.school()?, person_of(&path.1)?);
    service::card_to_edit(&site.db, &guard.ctx, school.id, id).await?;
    let line = read(&form.0.line).ok_or_else(|| Error::invalid("line", "card-wrong-choice"))?;
    let reason = form.0.reason.trim();
    if reason.is_empty() || reason.chars().count() > 300 {
        return again(&req, &guard, id, &[FieldError { field: "reason", message: "card-wrong-reason" }]).await;
    }
    service::strike(&site.db, &guard.ctx, school.id, id, line, reason.to_owned()).await?;
    Ok(back(&school.code, id))
}

async fn dismiss(req: HttpRequest, guard: Guard<ManageStaff>, path: Path<(String, String)>, form: Posted<LineForm>) -> Answer {
    let (site, t, school, id) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, person_of(&path.1)?);
    service::card_to_edit(&site.db, &guard.ctx, school.id, id).await?;
    if form.0.sure.is_empty() {
        return again(&req, &guard, id, &[FieldError { field: "sure", message: "staff-wrong-sure" }]).await;
    }
    match service::last_day(&form.0.last, t.day_of(guard.ctx.now())) {
        Ok(last) => {
            let act = Act { site, ctx: &guard.ctx, identity: &guard.identity, school: school.id, person: id };
            service::dismiss(&act, last).await?;
            sessions::forget_person(site, id);
            Ok(back(&school.code, id))
        }
        Err(Error::Invalid(wrong)) => again(&req, &guard, id, &wrong).await,
        Err(other) => Err(other.into()),
    }
}

/// The card once more, with what is wrong.
async fn again(req: &HttpRequest, guard: &Guard<ManageStaff>, id: PersonId, wrong: &[FieldError]) -> Answer {
    let t = web::page::texts(req)?;
    let detail = looked(req, guard, id).await?;
    trail::read(req, &guard.ctx, [Sight::of(guard.school()?.id, "people.see_staff_card", Whose::person(id))]).await?;
    respond(req, guard, id, &detail, true, None, wrong.first().map(|wrong| t.text(wrong.message)))
}

fn person_of(text: &str) -> Result<PersonId> {
    text.parse().map_err(|_| Error::NotFound)
}

fn back(code: &str, id: PersonId) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, format!("/{code}/staff/{id}?done=1"))).finish()
}
