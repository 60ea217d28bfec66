//! `/{school}/roles/delivered/{role}`: which rights a delivered role opens at this school.

use std::collections::{BTreeSet, HashMap};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::LOCATION,
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use kernel::{
    Error,
    right::{Place, Role},
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    csrf::{self, CsrfField},
    form::Posted,
};

use super::{
    ManageRoles,
    rules::{self, right_key, role_key},
    service,
};
use crate::Guard;

/// The routes of this page.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/roles/delivered/{role}", get().to(show))
        .route("/{school}/roles/delivered/{role}", post().to(save))
        .route("/{school}/roles/delivered/{role}/reset", post().to(reset));
}

/// Nothing of its own; sent with the token.
#[derive(Debug, Deserialize)]
struct NoFields {}

#[derive(Template)]
#[template(path = "role_delivered.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    list: String,
    path: String,
    name: String,
    rights: Vec<Switch>,
    fixed: Vec<String>,
    changed: bool,
}

struct Switch {
    name: &'static str,
    text: String,
    on: bool,
    /// Whether it is not as delivered.
    changed: bool,
}

async fn show(req: HttpRequest, guard: Guard<ManageRoles>, path: Path<(String, String)>) -> Answer {
    let (site, t, school, role) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, role_of(&path.1)?);
    let switched = service::switches(site, &guard.ctx, school.id).await?;
    let opened = rules::opened(role, &switched, &site.rights);
    let may_switch = |right: &kernel::right::Right| rules::may_switch(role, *right, &site.rights);
    let switch = |(right, holders): &(kernel::right::Right, &[Role])| Switch {
        name: right.0,
        text: t.text(right_key(right.0)),
        on: opened.contains(right),
        changed: opened.contains(right) != holders.contains(&role),
    };
    let list = format!("/{}/roles", school.code);
    let view = View {
        csrf: csrf::field(&req),
        path: format!("{list}/delivered/{}", role.as_str()),
        list,
        name: t.text(role_key(role.as_str())),
        rights: site.rights.iter().filter(|(right, _)| may_switch(right)).map(switch).collect(),
        fixed: opened.iter().filter(|right| !may_switch(right)).map(|right| t.text(right_key(right.0))).collect(),
        changed: switched.iter().any(|switched| switched.role == role),
        t: t.clone(),
    };
    Page::new(view.name.clone()).narrow().respond(&req, &view)
}

/// A browser sends the names of the boxes that are checked, and nothing of the others.
async fn save(req: HttpRequest, guard: Guard<ManageRoles>, path: Path<(String, String)>, form: Posted<HashMap<String, String>>) -> Answer {
    let (site, school, role) = (Site::of(&req)?, guard.school()?, role_of(&path.1)?);
    let power = service::power(site, &guard.identity, school.id);
    let wanted: BTreeSet<String> = form.0.into_keys().filter(|field| field != csrf::FIELD).collect();
    service::switch(site, &guard.ctx, school.id, role, &wanted, &power).await?;
    Ok(to_list(&school.code))
}

async fn reset(req: HttpRequest, guard: Guard<ManageRoles>, path: Path<(String, String)>, _form: Posted<NoFields>) -> Answer {
    let (site, school, role) = (Site::of(&req)?, guard.school()?, role_of(&path.1)?);
    let power = service::power(site, &guard.identity, school.id);
    service::reset(site, &guard.ctx, school.id, role, &power).await?;
    Ok(to_list(&school.code))
}

fn role_of(text: &str) -> kernel::Result<Role> {
    Role::parse(text).filter(|role| role.place() == Place::School).ok_or(Error::NotFound)
}

fn to_list(code: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, format!("/{code}/roles"))).finish()
}
