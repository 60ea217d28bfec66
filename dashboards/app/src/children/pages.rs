//! `/my` and `/my/{child}`.

use actix_web::{
    HttpRequest,
    web::{Path, ServiceConfig, get},
};
use askama::Template;
use identity::{
    MyGuard,
    trail::{self, Sight},
};
use jiff::civil::Date;
use kernel::{Error, id::PersonId};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{ChildCard, Empty, Icon, Paging},
    form::Asked,
};

use super::{
    service::{self, History, Today, zone_of},
    view::{Happening, SchoolName, card, linked_card, school_name},
};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/my", get().to(today)).route("/my/{child:[0-9a-zA-Z]{26}}", get().to(history));
}

struct Line {
    child: String,
    name: String,
    happenings: Vec<Happening>,
}

#[derive(Template)]
#[template(path = "children/today.html")]
struct TodayPage<'a> {
    t: Texts<'a>,
    day: String,
    school: Option<String>,
    cards: Vec<ChildCard>,
    lines: Vec<Line>,
    nobody: Option<Empty>,
}

#[derive(Template)]
#[template(path = "children/history.html")]
struct HistoryPage<'a> {
    t: Texts<'a>,
    card: ChildCard,
    /// Where the guardian tells the school what changed.
    update: String,
    /// Where they say that the child will be absent.
    absence: String,
    /// Where they block a lost card.
    card_block: String,
    /// What the school has for them to take.
    documents: String,
    days: Vec<(String, Vec<Happening>)>,
    nothing: Option<Empty>,
    paging: Paging,
}

#[derive(Deserialize)]
struct After {
    after: Option<String>,
}

/// All children on one screen.
async fn today(req: HttpRequest, guard: MyGuard) -> Answer {
    let site = Site::of(&req)?;
    let t = web::page::texts(&req)?;
    let children = if guard.identity.children.is_empty() { Vec::new() } else { service::show_today(&site.db, &guard.ctx, &guard.identity.children).await? };
    trail::read(&req, &guard.ctx, Sight::of_children("app.see_children", &guard.identity.children)).await?;
    let nobody = children.is_empty().then(|| Empty { icon: Icon("people"), title: t.text("my-nobody-title"), body: t.text("my-nobody-body"), action: None });
    let shared = shared_school(&t, &children);
    let where_named = if shared.is_some() { SchoolName::Above } else { SchoolName::OnCard };
    let view = TodayPage {
        day: t.day(t.day_of(guard.ctx.now())),
        school: shared,
        cards: children.iter().map(|child| linked_card(&zoned(&t, child), &child.child, guard.ctx.now(), where_named)).collect(),
        lines: children.iter().map(|child| line(&t, child)).collect(),
        nobody,
        t: t.clone(),
    };
    Page::new(t.text("my-title")).narrow().live("/live/my").snapshot("/my", "#main").respond(&req, &view)
}

/// One child's days.
async fn history(req: HttpRequest, guard: MyGuard, child: Path<String>, query: Asked<After>) -> Answer {
    let site = Site::of(&req)?;
    let child: PersonId = child.parse().map_err(|_| Error::NotFound)?;
    // A day that cannot be read is an address that nobody gave out.
    let before: Option<Date> = query.after.as_deref().map(|after| after.parse().map_err(|_| Error::NotFound)).transpose()?;
    if !guard.identity.children.iter().any(|own| own.person == child) {
        return Err(Error::NotFound.into());
    }
    let history = service::show_history(&site.db, &guard.ctx, &guard.identity.children, child, before).await?;
    let own: Vec<_> = guard.identity.children.iter().filter(|own| own.person == child).copied().collect();
    trail::read(&req, &guard.ctx, Sight::of_children("app.see_history", &own)).await?;
    let t = web::page::texts(&req)?.in_zone(&history.child.zone);
    show_history(&req, &guard, &t, history, query.after.as_deref())
}

fn show_history(req: &HttpRequest, guard: &MyGuard, t: &Texts<'_>, history: History, after: Option<&str>) -> Answer {
    let History { child, days, next } = history;
    let path = format!("/my/{}", child.person_id);
    let nothing = days.is_empty().then(|| Empty { icon: Icon("calendar"), title: t.text("history-nothing-title"), body: t.text("history-nothing-body"), action: None });
    let view = HistoryPage {
        card: card(t, &child, guard.ctx.now(), SchoolName::OnCard),
        update: format!("{path}/update"),
        absence: format!("{path}/absence"),
        card_block: format!("{path}/card"),
        documents: format!("{path}/documents"),
        days: days.iter().map(|(day, happenings)| (t.day(*day), happenings.iter().map(|happening| Happening::of_row(t, happening)).collect())).collect(),
        nothing,
        paging: Paging::of(t, &path, after, next.map(|day| day.to_string()).as_deref()),
        t: t.clone(),
    };
    Page::new(view.card.name.clone()).narrow().respond(req, &view)
}

/// The school's name when all children go to the same one: it is then said once, and more children fit on the screen.
fn shared_school(t: &Texts<'_>, children: &[Today]) -> Option<String> {
    let first = &children.first()?.child;
    let same = children.iter().all(|today| today.child.school_id == first.school_id);
    same.then(|| school_name(t, first).to_owned())
}

fn line(t: &Texts<'_>, today: &Today) -> Line {
    let t = zoned(t, today);
    Line {
        child: today.child.person_id.to_string(),
        name: today.child.given_name.clone(),
        happenings: today.happenings.iter().map(|happening| Happening::of_row(&t, happening)).collect(),
    }
}

/// Times of a child are those of their school.
fn zoned<'a>(t: &Texts<'a>, today: &Today) -> Texts<'a> {
    match zone_of(&today.child).iana_name() {
        Some(zone) => t.clone().in_zone(zone),
        None => t.clone(),
    }
}
