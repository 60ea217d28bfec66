//! `/my/updates`: what a guardian asked the school to change, and how it stands; `/my/{child}/update`: the form.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    Child, MyGuard,
    trail::{self, Sight},
};
use kernel::{
    Error,
    error::FieldError,
    id::{PersonId, Uuid, read, show},
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Icon, Moment, StatusDot, Tone},
    csrf::{self, CsrfField},
    form::{Asked, Posted},
    upload::{Scan, Sent},
};

use super::{
    rules::{About, Verdict},
    service::{self, Family, FieldState},
    store::Request,
};
use crate::{
    inputs::{Input, Need},
    pupils::card::{Card, rules::Typed, view},
};

/// The routes of a guardian.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/my/updates", get().to(list))
        .route("/my/updates", post().to(ask))
        .route("/my/updates/withdraw", post().to(withdraw))
        .route("/my/{child:[0-9a-zA-Z]{26}}/update", get().to(form));
}

#[derive(Debug, Deserialize)]
struct Done {
    done: Option<String>,
}

#[derive(Debug, Deserialize)]
struct WithdrawForm {
    #[serde(default)]
    child: String,
    #[serde(default)]
    request: String,
}

#[derive(Template)]
#[template(path = "updates_my.html")]
struct ListPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    done: Option<String>,
    /// Where something is told of each child: address and words.
    forms: Vec<(String, String)>,
    requests: Vec<OwnRequest>,
    nothing: Empty,
}

struct OwnRequest {
    id: String,
    child: String,
    title: String,
    at: Moment,
    state: StatusDot,
    note: Option<String>,
    has_document: bool,
    fields: Vec<OwnField>,
    can_withdraw: bool,
}

struct OwnField {
    name: String,
    asked: String,
    state: StatusDot,
    reason: Option<String>,
}

#[derive(Template)]
#[template(path = "update_form.html")]
struct FormPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    child: String,
    id: String,
    name: String,
    about_child: Vec<Input>,
    about_own: Vec<Input>,
    note: String,
    note_error: Option<String>,
    file_error: Option<String>,
    /// What is wrong with all of it.
    failed: Option<String>,
}

async fn list(req: HttpRequest, guard: MyGuard, query: Asked<Done>) -> Answer {
    let (site, t, children) = (Site::of(&req)?, web::page::texts(&req)?, &guard.identity.children);
    let asked = if children.is_empty() { Vec::new() } else { service::own(&site.db, &guard.ctx, children).await? };
    trail::read(&req, &guard.ctx, Sight::of_children("people.see_own_updates", children)).await?;
    let names = names(&req, &guard, children).await?;
    let nothing = |title: &str, body: &str| Empty { icon: Icon("inbox"), title: t.text(title), body: t.text(body), action: None };
    let view = ListPage {
        csrf: csrf::field(&req),
        done: query.done.as_deref().filter(|done| ["asked", "withdrawn"].contains(done)).map(|done| t.text(format!("updates-done-{done}"))),
        forms: names.into_iter().map(|(child, name)| (format!("/my/{child}/update"), t.with("updates-tell-of", [("name", name)]))).collect(),
        requests: asked.iter().map(|asked| own_request(&t, &asked.request, &asked.fields)).collect(),
        nothing: if children.is_empty() { nothing("updates-nobody-title", "updates-nobody-body") } else { nothing("updates-own-nothing-title", "updates-own-nothing-body") },
        t: t.clone(),
    };
    Page::new(t.text("updates-my-title")).narrow().respond(&req, &view)
}

/// The children by name, each once.
async fn names(req: &HttpRequest, guard: &MyGuard, children: &[Child]) -> kernel::Result<Vec<(PersonId, String)>> {
    if children.is_empty() {
        return Ok(Vec::new());
    }
    let known = identity::consents::children(Site::of(req)?, &guard.ctx, &guard.identity).await?;
    let mut names: Vec<(PersonId, String)> = Vec::new();
    for child in known.into_iter().filter(|child| children.iter().any(|own| own.person == child.person)) {
        if !names.iter().any(|(person, _)| *person == child.person) {
            names.push((child.person, child.name));
        }
    }
    Ok(names)
}

fn own_request(t: &Texts<'_>, request: &Request, fields: &[FieldState]) -> OwnRequest {
    OwnRequest {
        id: show(request.id),
        child: request.child_id.to_string(),
        title: request.child.clone(),
        at: Moment::full(t, request.asked_at),
        state: state_of(t, request),
        note: request.note.clone(),
        has_document: request.file_id.is_some(),
        fields: fields.iter().map(|state| own_field(t, request, state)).collect(),
        can_withdraw: request.closed_at.is_none(),
    }
}

fn own_field(t: &Texts<'_>, request: &Request, state: &FieldState) -> OwnField {
    let (tone, key) = match (state.verdict, request.withdrawn_at) {
        (Some(Verdict::Accepted), _) => (Tone::Ok, "updates-is-accepted"),
        (Some(Verdict::Refused), _) => (Tone::Bad, "updates-is-refused"),
        (None, Some(_)) => (Tone::Unknown, "updates-is-withdrawn"),
        (None, None) => (Tone::Warn, "updates-is-waiting"),
    };
    OwnField { name: field_name(t, state), asked: value_words(t, state, state.asked.as_deref()), state: StatusDot { tone, text: t.text(key) }, reason: state.reason.clone() }
}

/// How a request stands as a whole.
pub(super) fn state_of(t: &Texts<'_>, request: &Request) -> StatusDot {
    let (tone, key) = match (request.withdrawn_at, request.closed_at) {
        (Some(_), _) => (Tone::Unknown, "updates-is-withdrawn"),
        (None, Some(_)) => (Tone::Ok, "updates-is-answered"),
        (None, None) if request.waiting < request.fields => (Tone::Warn, "updates-is-partly"),
        (None, None) => (Tone::Warn, "updates-is-waiting"),
    };
    StatusDot { tone, text: t.text(key) }
}

/// What a field is called, and whose it is.
pub(super) fn field_name(t: &Texts<'_>, state: &FieldState) -> String {
    t.with(format!("updates-field-of-{}", state.about.as_str()), [("field", view::label(t, state.field))])
}

/// A value in words; that it would be empty, too.
pub(super) fn value_words(t: &Texts<'_>, state: &FieldState, value: Option<&str>) -> String {
    value.map_or_else(|| t.text("updates-empty"), |value| view::words(t, state.field, value))
}

async fn form(req: HttpRequest, guard: MyGuard, path: Path<String>) -> Answer {
    let family = family_of(&guard, &path)?;
    render(&req, &guard, family, None, Vec::new(), None).await
}

async fn ask(req: HttpRequest, guard: MyGuard, sent: Sent<Typed>) -> Answer {
    let mut sent = sent;
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let typed = sent.fields.clone();
    let family = family_of(&guard, typed.get("child").map_or("", String::as_str))?;
    let id = typed.get("id").and_then(|id| read(id)).ok_or(Error::NotFound)?;
    let asked = match document_of(&mut sent).await {
        Ok(document) => service::ask(&site.db, &guard.ctx, family, id, &typed, document, t.day_of(guard.ctx.now())).await,
        Err(wrong) => Err(wrong),
    };
    match asked {
        Ok(()) => Ok(HttpResponse::SeeOther().insert_header((LOCATION, "/my/updates?done=asked")).finish()),
        Err(Error::Invalid(wrong)) => render(&req, &guard, family, Some(typed), wrong, Some(id)).await,
        Err(other) => Err(other.into()),
    }
}

/// The document, where one was chosen.
async fn document_of(sent: &mut Sent<Typed>) -> kernel::Result<Option<Scan>> {
    match sent.scan().await {
        Ok(scan) => Ok(Some(scan)),
        Err(Error::Invalid(wrong)) if wrong.iter().all(|wrong| wrong.message == "upload-nothing") => Ok(None),
        Err(other) => Err(other),
    }
}

async fn withdraw(req: HttpRequest, guard: MyGuard, form: Posted<WithdrawForm>) -> Answer {
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let family = family_of(&guard, &form.0.child)?;
    let id = read(&form.0.request).ok_or(Error::NotFound)?;
    service::withdraw(&site.db, &guard.ctx, family, id, t.day_of(guard.ctx.now())).await?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, "/my/updates?done=withdrawn")).finish())
}

/// A child of the guardian; anybody else is not there.
fn family_of(guard: &MyGuard, child: &str) -> kernel::Result<Family> {
    let child: PersonId = child.parse().map_err(|_| Error::NotFound)?;
    let own = guard.identity.children.iter().find(|own| own.person == child).ok_or(Error::NotFound)?;
    Ok(Family { school: own.school, child, guardian: guard.identity.person })
}

async fn render(req: &HttpRequest, guard: &MyGuard, family: Family, typed: Option<Typed>, wrong: Vec<FieldError>, id: Option<Uuid>) -> Answer {
    let (site, t) = (Site::of(req)?, web::page::texts(req)?);
    let [child, own] = service::cards(&site.db, &guard.ctx, family, t.day_of(guard.ctx.now())).await?;
    let shown = [Child { school: family.school, person: family.child }];
    trail::read(req, &guard.ctx, Sight::of_children("people.see_own_updates", &shown)).await?;
    let error = |field: &str| wrong.iter().find(|wrong| wrong.field == field).map(|wrong| t.text(wrong.message));
    let view = FormPage {
        csrf: csrf::field(req),
        child: family.child.to_string(),
        id: show(id.unwrap_or_else(|| guard.ctx.id())),
        name: child.full_name(),
        about_child: inputs(&t, About::Child, &child, typed.as_ref(), &wrong),
        about_own: inputs(&t, About::Own, &own, typed.as_ref(), &wrong),
        note: typed.as_ref().and_then(|typed| typed.get("note").cloned()).unwrap_or_default(),
        note_error: error("note"),
        file_error: error("file"),
        failed: (!wrong.is_empty()).then(|| error("nothing").unwrap_or_else(|| t.text("failure-invalid-body"))),
        t: t.clone(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(t.text("updates-form-title")).narrow().status(status).respond(req, &view)
}

/// The fields of one of the two, with what stands or was typed.
fn inputs(t: &Texts<'_>, about: About, card: &Card, typed: Option<&Typed>, wrong: &[FieldError]) -> Vec<Input> {
    let value = |name: &str, stands: Option<String>| typed.and_then(|typed| typed.get(name).cloned()).or(stands).unwrap_or_default();
    let input = |field: &crate::pupils::card::Field| {
        let name = about.input(*field);
        let shown: Typed = [(field.as_str().to_owned(), value(name, card.value(*field)))].into();
        // Nothing has to be filled in: what is not known to the school may stay so.
        Input { name, need: Need::Optional, ..view::input(t, *field, &shown) }
    };
    let mut inputs: Vec<Input> = about.fields().iter().map(input).collect();
    view::mark(t, &mut inputs, wrong);
    inputs
}
