//! `/my/switches`: one form for each child, which says how all of its switches shall be.

use std::collections::HashMap;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::LOCATION,
    web::{Data, ServiceConfig, get, post},
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

use super::{
    rules::{About, Ways},
    service::{self, ChildSwitches, Reached, Wish},
};
use crate::{Own, links, mailbox, subscriptions};

const PATH: &str = "/my/switches";
const TELEGRAM: &str = "telegram";
const MAIL: &str = "mail";

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
    /// The columns: phones, and what else the guardian has connected.
    ways: Vec<Way>,
    /// What could be connected.
    missing: Vec<Missing>,
    children: Vec<ChildForm>,
    nobody: Option<Empty>,
}

struct ChildForm {
    child: PersonId,
    name: String,
    saved: bool,
    rows: Vec<Row>,
}

/// A column.
struct Way {
    /// What the form says of a column that it shows, and before the names of its boxes; empty for phones.
    name: &'static str,
    text: String,
}

/// A way that is not connected yet.
struct Missing {
    text: String,
    href: &'static str,
    connect: String,
}

struct Row {
    text: String,
    boxes: Vec<Tick>,
}

struct Tick {
    name: String,
    label: String,
    on: bool,
}

async fn show(req: HttpRequest, guard: MyGuard, query: Asked<Saved>) -> Answer {
    let site = Site::of(&req)?;
    let t = web::page::texts(&req)?;
    let own = Own::of(&guard);
    let children = if own.of.is_empty() { Vec::new() } else { service::switches(&site.db, &own).await? };
    trail::read(&req, &own.ctx, Sight::of_children("delivery.see_switches", &own.of)).await?;
    let reached = if children.is_empty() { Reached::default() } else { service::reached(&site.db, &own).await? };
    let ways = ways(&t, reached);
    let nobody = || Empty { icon: Icon("switches"), title: t.text("switches-nobody-title"), body: t.text("switches-nobody-body"), action: None };
    let view = View {
        csrf: csrf::field(&req),
        missing: missing(&req, &t, reached),
        nobody: children.is_empty().then(nobody),
        children: children.iter().map(|child| form(&t, child, &ways, query.saved.as_deref())).collect(),
        ways,
        t: t.clone(),
    };
    Page::new(t.text("switches-title")).narrow().respond(&req, &view)
}

/// Phones always: what is chosen now holds for the phone that is connected tomorrow.
fn ways(t: &Texts<'_>, reached: Reached) -> Vec<Way> {
    let all = [("", "switches-way-phone", true), (TELEGRAM, "switches-way-telegram", reached.telegram), (MAIL, "switches-way-mail", reached.mail)];
    all.into_iter().filter(|(_, _, shown)| *shown).map(|(name, key, _)| Way { name, text: t.text(key) }).collect()
}

/// What this installation offers and the guardian has not connected.
fn missing(req: &HttpRequest, t: &Texts<'_>, reached: Reached) -> Vec<Missing> {
    let all = [
        (!reached.phone && req.app_data::<Data<subscriptions::Offer>>().is_some(), "switches-no-phone", "/my/phones", "subscriptions-link"),
        (!reached.telegram && req.app_data::<Data<links::Offer>>().is_some(), "switches-no-telegram", "/my/phones#telegram", "links-connect"),
        (!reached.mail && req.app_data::<Data<mailbox::Offer>>().is_some(), "switches-no-mail", "/my/phones#mail", "mailbox-turn-on"),
    ];
    all.into_iter().filter(|(lacks, _, _, _)| *lacks).map(|(_, text, href, connect)| Missing { text: t.text(text), href, connect: t.text(connect) }).collect()
}

fn form(t: &Texts<'_>, child: &ChildSwitches, ways: &[Way], saved: Option<&str>) -> ChildForm {
    let row = |switch: &service::Switch| {
        let text = t.text(format!("notice-{}-name", switch.kind.name));
        let tick = |way: &Way| Tick {
            name: field(way.name, switch.kind),
            label: t.with("switches-box", [("kind", text.as_str()), ("way", way.text.as_str())]),
            on: wished(switch.ways, way.name) == Push::On,
        };
        Row { boxes: ways.iter().map(tick).collect(), text }
    };
    ChildForm {
        child: child.child,
        name: if child.about == About::Oneself { t.text("switches-oneself") } else { child.given_name.clone() },
        saved: saved.is_some_and(|saved| saved == child.child.to_string()),
        rows: child.switches.iter().map(row).collect(),
    }
}

/// The name of a box: `entered` for phones, `mail.entered` for the mailbox.
fn field(way: &str, kind: &Kind) -> String {
    if way.is_empty() { kind.name.to_owned() } else { format!("{way}.{}", kind.name) }
}

fn wished(ways: Ways, way: &str) -> Push {
    match way {
        TELEGRAM => ways.telegram,
        MAIL => ways.mail,
        _ => ways.push,
    }
}

/// A browser sends the names of the boxes that are checked, and nothing of the others.
async fn save(req: HttpRequest, guard: MyGuard, form: Posted<HashMap<String, String>>) -> Answer {
    let (site, Posted(form)) = (Site::of(&req)?, form);
    let child: PersonId = form.get("child").and_then(|child| child.parse().ok()).ok_or(Error::NotFound)?;
    let checked = |way: &str| -> Vec<&'static Kind> { KINDS.into_iter().filter(|kind| form.contains_key(&field(way, kind))).collect() };
    // Of a column that the page did not show nothing is said.
    let shown = |way: &str| form.contains_key(way).then(|| checked(way));
    let wish = Wish { push: checked(""), telegram: shown(TELEGRAM), mail: shown(MAIL) };
    service::set(&site.db, &Own::of(&guard), child, &wish).await?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("{PATH}?saved={child}#child-{child}"))).finish())
}
