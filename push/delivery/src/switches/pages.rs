//! `/my/switches`: one form for each child, which says how all of its switches shall be.

use std::collections::HashMap;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::LOCATION,
    web::{ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    MyGuard,
    trail::{self, Sight},
};
use kernel::{Error, id::PersonId};
use notice::{KINDS, Kind, Push};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Icon},
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::service::{self, ChildSwitches, Wish};
use crate::mailbox::{self, State};

const PATH: &str = "/my/switches";

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(PATH, get().to(show)).route(PATH, post().to(save));
}

#[derive(Debug, Deserialize)]
struct Saved {
    saved: Option<String>,
}

#[derive(Template)]
#[template(path = "switches.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    /// Whether the guardian gets letters: then they choose of what.
    mail: bool,
    children: Vec<ChildForm>,
    nobody: Option<Empty>,
}

struct ChildForm {
    child: PersonId,
    name: String,
    saved: bool,
    rows: Vec<Row>,
}

struct Row {
    name: &'static str,
    text: String,
    on: bool,
    by_mail: String,
    mail_on: bool,
}

async fn show(req: HttpRequest, guard: MyGuard, query: Asked<Saved>) -> Answer {
    let site = Site::of(&req)?;
    let t = web::page::texts(&req)?;
    let children = if guard.identity.children.is_empty() { Vec::new() } else { service::switches(&site.db, &guard.ctx).await? };
    trail::read(&req, &guard.ctx, Sight::of_children("delivery.see_switches", &guard.identity.children)).await?;
    let nobody = || Empty { icon: Icon("switches"), title: t.text("switches-nobody-title"), body: t.text("switches-nobody-body"), action: None };
    let view = View {
        csrf: csrf::field(&req),
        mail: mailbox::state(&site.db, &guard.ctx).await? == State::On,
        nobody: children.is_empty().then(nobody),
        children: children.iter().map(|child| form(&t, child, query.saved.as_deref())).collect(),
        t: t.clone(),
    };
    Page::new(t.text("switches-title")).narrow().respond(&req, &view)
}

fn form(t: &Texts<'_>, child: &ChildSwitches, saved: Option<&str>) -> ChildForm {
    let row = |switch: &service::Switch| {
        let text = t.text(format!("notice-{}-name", switch.kind.name));
        let by_mail = t.with("mailbox-switch", [("kind", text.as_str())]);
        Row { name: switch.kind.name, on: switch.ways.push == Push::On, by_mail, mail_on: switch.ways.mail == Push::On, text }
    };
    ChildForm {
        child: child.child,
        name: child.given_name.clone(),
        saved: saved.is_some_and(|saved| saved == child.child.to_string()),
        rows: child.switches.iter().map(row).collect(),
    }
}

/// A browser sends the names of the boxes that are checked, and nothing of the others.
async fn save(req: HttpRequest, guard: MyGuard, form: Posted<HashMap<String, String>>) -> Answer {
    let (site, Posted(form)) = (Site::of(&req)?, form);
    let child: PersonId = form.get("child").and_then(|child| child.parse().ok()).ok_or(Error::NotFound)?;
    let checked = |beginning: &str| -> Vec<&'static Kind> { KINDS.into_iter().filter(|kind| form.contains_key(&format!("{beginning}{}", kind.name))).collect() };
    let wish = Wish { push: checked(""), mail: form.contains_key("mail").then(|| checked("mail.")) };
    service::set(&site.db, &guard.ctx, child, &wish).await?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("{PATH}?saved={child}#child-{child}"))).finish())
}
