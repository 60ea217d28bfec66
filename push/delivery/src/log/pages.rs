//! `/{school}/deliveries` for the school, `/support/deliveries` for support: there a name must be searched for.

use std::collections::BTreeSet;

use actix_web::{
    HttpRequest,
    web::{ServiceConfig, get},
};
use askama::Template;
use identity::{
    Guard,
    trail::{self, Sight},
};
use jiff::civil::Date;
use kernel::{Error, audit::Whose, id::SchoolId};
use serde::Deserialize;
use serde_json::json;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Icon, Moment, Paging, StatusDot},
    failure::encoded,
    form::Asked,
};

use super::{
    Filter, SeeDeliveryLog, rules,
    service::{self, LogPage},
    store::{Attempted, Entry},
};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/support/deliveries", get().to(everywhere)).route("/{school}/deliveries", get().to(at_school));
}

#[derive(Debug, Deserialize)]
struct ListQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    day: String,
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "deliveries.html")]
struct View<'a> {
    t: Texts<'a>,
    school_name: Option<String>,
    path: String,
    q: String,
    day: String,
    lines: Vec<Line>,
    nothing: Empty,
    paging: Paging,
}

/// One notice.
struct Line {
    id: String,
    made: Moment,
    happened: Moment,
    kind: String,
    recipient: String,
    child: String,
    read: Option<Moment>,
    phones: Vec<Phone>,
}

/// One phone, or why there was none.
struct Phone {
    /// By what it is reached.
    by: Option<String>,
    /// Until when it was held back, where that is over.
    waited: Option<Moment>,
    /// When support sent it again.
    again: Option<Moment>,
    told: StatusDot,
    at: Option<Moment>,
    attempts: i32,
    detail: Option<String>,
}

async fn at_school(req: HttpRequest, guard: Guard<SeeDeliveryLog>, query: Asked<ListQuery>) -> Answer {
    let t = web::page::texts(&req)?;
    let school = guard.school()?;
    let name = school.name(t.locale()).to_owned();
    show(&req, &guard, &query, format!("/{}/deliveries", school.code), Some(name)).await
}

async fn everywhere(req: HttpRequest, guard: Guard<SeeDeliveryLog>, query: Asked<ListQuery>) -> Answer {
    show(&req, &guard, &query, "/support/deliveries".to_owned(), None).await
}

async fn show(req: &HttpRequest, guard: &Guard<SeeDeliveryLog>, query: &ListQuery, path: String, school_name: Option<String>) -> Answer {
    let site = Site::of(req)?;
    let t = web::page::texts(req)?;
    let day: Date = query.day.parse().unwrap_or_else(|_| t.day_of(guard.ctx.now()));
    let (from, until) = rules::bounds(day, t.zone()).ok_or(Error::NotFound)?;
    let filter = Filter { words: query.q.clone(), from, until, after: query.after.as_deref().and_then(|after| after.parse().ok()) };
    let must_search = school_name.is_none() && query.q.trim().chars().count() < 2;
    let page = if must_search { LogPage { entries: Vec::new(), next: None } } else { service::entries(&site.db, &guard.ctx, filter).await? };
    trail::read(req, &guard.ctx, sights(&page.entries, day, !query.q.trim().is_empty())).await?;
    let filtered = format!("{path}?q={}&day={day}", encoded(&query.q));
    let body = if must_search { "log-search-first" } else { "log-nothing-body" };
    let view = View {
        lines: page.entries.iter().map(|(entry, rows)| line(&t, entry, rows, guard.ctx.now())).collect(),
        nothing: Empty { icon: Icon("bell"), title: t.text("log-nothing-title"), body: t.text(body), action: None },
        paging: Paging::of(&t, &filtered, query.after.as_deref(), page.next.map(|next| next.to_string()).as_deref()),
        school_name,
        path,
        q: query.q.clone(),
        day: day.to_string(),
        t: t.clone(),
    };
    Page::new(t.text("log-title")).respond(req, &view)
}

/// What is shown, school by school: guardians and children.
fn sights(entries: &[(Entry, Vec<Attempted>)], day: Date, searched: bool) -> Vec<Sight> {
    let schools: BTreeSet<SchoolId> = entries.iter().map(|(entry, _)| entry.school_id).collect();
    let people = |school| entries.iter().filter(move |(entry, _)| entry.school_id == school).flat_map(|(entry, _)| [entry.recipient_id, entry.child_id]);
    let sight = |school| Sight::of(school, "delivery.see_log", Whose::persons(people(school))).filtered(json!({ "day": day, "searched": searched }));
    schools.into_iter().map(sight).collect()
}

fn line(t: &Texts<'_>, entry: &Entry, rows: &[Attempted], now: jiff::Timestamp) -> Line {
    // A kind of a newer version is shown by its bare name rather than not at all.
    let kind = notice::kind(&entry.kind).map_or_else(|| entry.kind.clone(), |kind| t.text(format!("notice-{}-name", kind.name)));
    let nobody = || t.text("log-unknown-person");
    Line {
        id: entry.id.to_string(),
        made: Moment::full(t, entry.created_at),
        happened: Moment::full(t, entry.occurred_at),
        kind,
        recipient: entry.recipient.clone().unwrap_or_else(nobody),
        child: entry.child.clone().unwrap_or_else(nobody),
        read: entry.read_at.map(|at| Moment::full(t, at)),
        phones: rows.iter().map(|row| phone(t, row, now)).collect(),
    }
}

fn phone(t: &Texts<'_>, row: &Attempted, now: jiff::Timestamp) -> Phone {
    let told = rules::told(row, now);
    let waited = row.held_until.filter(|until| told.at != Some(*until)).map(|until| Moment::full(t, until));
    let again = row.replayed_at.map(|at| Moment::full(t, at));
    Phone { by: rules::by(row).map(|key| t.text(key)), waited, again, told: StatusDot { tone: told.tone, text: t.text(told.key) }, at: told.at.map(|at| Moment::full(t, at)), attempts: row.attempts, detail: row.detail.clone() }
}
