//! `/{school}/roles`: the roles as delivered with what they open, and those that the school made.

use std::collections::HashMap;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use kernel::{
    Error,
    error::FieldError,
    id::{Uuid, read, show as show_id},
    right::{Place, Role},
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Field, Icon},
    csrf::{self, CsrfField},
    form::Posted,
};

use super::{
    ManageRoles, Power, delivered,
    rules::{self, RoleDraft, right_key, role_key},
    service::{self, OwnRole},
};
use crate::{Guard, standing::Switched};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    delivered::routes(cfg);
    cfg.route("/{school}/roles", get().to(list))
        .route("/{school}/roles", post().to(make))
        .route("/{school}/roles/new", get().to(new_form))
        .route("/{school}/roles/{id}", get().to(show))
        .route("/{school}/roles/{id}", post().to(change))
        .route("/{school}/roles/{id}/close", post().to(close));
}

/// Nothing of its own; sent with the token.
#[derive(Debug, Deserialize)]
struct NoFields {}

/// Names of fields with what was typed; a checked right stands under its own name.
type Typed = HashMap<String, String>;

#[derive(Template)]
#[template(path = "roles.html")]
struct ListPage<'a> {
    t: Texts<'a>,
    school_name: &'a str,
    home: String,
    own: Vec<OwnLine>,
    nothing: Empty,
    delivered: Vec<DeliveredLine>,
}

struct OwnLine {
    href: String,
    name: String,
    rights: Vec<String>,
    holders: i64,
}

struct DeliveredLine {
    href: String,
    name: String,
    rights: Vec<String>,
    /// Whether the school made it something else than it was delivered as.
    changed: bool,
}

#[derive(Template)]
#[template(path = "role.html")]
struct RolePage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    list: String,
    title: String,
    action: String,
    close: Option<String>,
    id: Option<String>,
    name_kk: Field,
    name_ru: Field,
    name_en: Field,
    rights: Vec<RightBox>,
    rights_error: Option<String>,
    problem: Option<String>,
}

struct RightBox {
    name: &'static str,
    text: String,
    on: bool,
}

async fn list(req: HttpRequest, guard: Guard<ManageRoles>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let own = service::list(site, &guard.ctx, school.id).await?;
    let switched = service::switches(site, &guard.ctx, school.id).await?;
    let home = format!("/{}", school.code);
    let line = |role: &OwnRole| OwnLine {
        href: format!("{home}/roles/{}", show_id(role.id)),
        name: role.name(t.locale()).to_owned(),
        rights: role.rights.iter().map(|right| t.text(right_key(right))).collect(),
        holders: role.holders,
    };
    let view = ListPage {
        school_name: school.name(t.locale()),
        own: own.iter().map(line).collect(),
        nothing: Empty { icon: Icon("lock"), title: t.text("roles-none-title"), body: t.text("roles-none-body"), action: None },
        delivered: delivered(site, &t, &home, &switched),
        home,
        t: t.clone(),
    };
    Page::new(t.text("roles-title")).respond(&req, &view)
}

/// What each delivered role of schools opens here.
fn delivered(site: &Site, t: &Texts<'_>, home: &str, switched: &[Switched]) -> Vec<DeliveredLine> {
    let line = |role: Role| {
        let rights = rules::opened(role, switched, &site.rights);
        DeliveredLine {
            href: format!("{home}/roles/delivered/{}", role.as_str()),
            name: t.text(role_key(role.as_str())),
            rights: rights.iter().map(|right| t.text(right_key(right.0))).collect(),
            changed: switched.iter().any(|switched| switched.role == role),
        }
    };
    Role::ALL.into_iter().filter(|role| role.place() == Place::School).map(line).collect()
}

async fn new_form(req: HttpRequest, guard: Guard<ManageRoles>) -> Answer {
    let id = show_id(guard.ctx.id::<Uuid>());
    show_form(&req, &guard, Subject::New(id), &Typed::new(), &[])
}

async fn make(req: HttpRequest, guard: Guard<ManageRoles>, form: Posted<Typed>) -> Answer {
    let (site, school, typed) = (Site::of(&req)?, guard.school()?, form.0);
    let power = service::power(site, &guard.identity, school.id);
    let id = typed.get("id").and_then(|id| read(id)).unwrap_or_else(|| guard.ctx.id());
    let made = match draft(&typed, &power, site) {
        Ok(draft) => service::make(site, &guard.ctx, school.id, id, draft).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(()) => Ok(to_list(&school.code)),
        Err(Error::Invalid(wrong)) => show_form(&req, &guard, Subject::New(show_id(id)), &typed, &wrong),
        Err(other) => Err(other.into()),
    }
}

async fn show(req: HttpRequest, guard: Guard<ManageRoles>, path: Path<(String, String)>) -> Answer {
    let (site, school, id) = (Site::of(&req)?, guard.school()?, role_of(&path.1)?);
    let role = service::find(site, &guard.ctx, school.id, id).await?;
    let mut typed: Typed = role.rights.iter().map(|right| (right.clone(), "on".to_owned())).collect();
    typed.insert("name_kk".to_owned(), role.name_kk.clone());
    typed.insert("name_ru".to_owned(), role.name_ru.clone());
    typed.insert("name_en".to_owned(), role.name_en.clone().unwrap_or_default());
    show_form(&req, &guard, Subject::Stored(show_id(id)), &typed, &[])
}

async fn change(req: HttpRequest, guard: Guard<ManageRoles>, path: Path<(String, String)>, form: Posted<Typed>) -> Answer {
    let (site, school, id, typed) = (Site::of(&req)?, guard.school()?, role_of(&path.1)?, form.0);
    service::find(site, &guard.ctx, school.id, id).await?;
    let power = service::power(site, &guard.identity, school.id);
    let changed = match draft(&typed, &power, site) {
        Ok(draft) => service::change(site, &guard.ctx, school.id, id, draft, &power).await,
        Err(error) => Err(error),
    };
    match changed {
        Ok(()) => Ok(to_list(&school.code)),
        Err(Error::Invalid(wrong)) => show_form(&req, &guard, Subject::Stored(show_id(id)), &typed, &wrong),
        Err(other) => Err(other.into()),
    }
}

async fn close(req: HttpRequest, guard: Guard<ManageRoles>, path: Path<(String, String)>, _form: Posted<NoFields>) -> Answer {
    let (site, school) = (Site::of(&req)?, guard.school()?);
    let power = service::power(site, &guard.identity, school.id);
    service::close(site, &guard.ctx, school.id, role_of(&path.1)?, &power).await?;
    Ok(to_list(&school.code))
}

/// Every other field than these is a right: one that does not exist or is not theirs to give is refused, not passed over.
fn draft(typed: &Typed, power: &Power, site: &Site) -> kernel::Result<RoleDraft> {
    let text = |field: &str| typed.get(field).map(String::as_str).unwrap_or_default();
    let rights = typed.keys().map(String::as_str).filter(|field| !["id", "name_kk", "name_ru", "name_en", csrf::FIELD].contains(field));
    RoleDraft::parse(["name_kk", "name_ru", "name_en"].map(text), rights, power, &site.rights)
}

/// Which role a form is of, by its id.
enum Subject {
    New(String),
    Stored(String),
}

fn show_form(req: &HttpRequest, guard: &Guard<ManageRoles>, subject: Subject, typed: &Typed, wrong: &[FieldError]) -> Answer {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    let power = service::power(site, &guard.identity, school.id);
    let error = |field: &str| wrong.iter().find(|wrong| wrong.field == field).map(|wrong| t.text(wrong.message));
    let field = |name: &'static str, key: &str| Field {
        name,
        kind: "text",
        label: t.text(key),
        value: typed.get(name).cloned().unwrap_or_default(),
        hint: None,
        error: error(name),
        autocomplete: Some("off"),
    };
    let list = format!("/{}/roles", school.code);
    let (title, action, close, id) = match subject {
        Subject::New(id) => (t.text("roles-new-title"), list.clone(), None, Some(id)),
        Subject::Stored(id) => (t.text("roles-change-title"), format!("{list}/{id}"), Some(format!("{list}/{id}/close")), None),
    };
    let offered = site.rights.iter().filter(|(right, _)| power.may_give(right.0, &site.rights));
    let view = RolePage {
        csrf: csrf::field(req),
        rights: offered.map(|(right, _)| RightBox { name: right.0, text: t.text(right_key(right.0)), on: typed.contains_key(right.0) }).collect(),
        rights_error: error("rights"),
        problem: (!wrong.is_empty()).then(|| t.text("failure-invalid-body")),
        name_kk: field("name_kk", "roles-name-kk"),
        name_ru: field("name_ru", "roles-name-ru"),
        name_en: Field { hint: Some(t.text("roles-name-en-hint")), ..field("name_en", "roles-name-en") },
        list,
        title: title.clone(),
        action,
        close,
        id,
        t: t.clone(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(title).narrow().status(status).respond(req, &view)
}

fn role_of(text: &str) -> kernel::Result<Uuid> {
    read(text).ok_or(Error::NotFound)
}

fn to_list(code: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, format!("/{code}/roles"))).finish()
}
