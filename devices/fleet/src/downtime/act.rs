//! `/support/downtime/act`: the act of a school's month, to print and as an Excel file with the raw stretches.

use actix_web::{
    HttpRequest,
    web::{ServiceConfig, get},
};
use askama::Template;
use identity::Guard;
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use kernel::{Ctx, Error, Result};
use people::organisation::{self, Organisation};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Icon, calendar::month_of},
    failure::encoded,
    form::Asked,
    xlsx::{self, Cell, Heading, List},
};

use super::{
    SeeDowntime,
    pages::length,
    rules::{self, Act, Line, Span},
    service,
};

/// The routes of this file.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/support/downtime/act", get().to(show)).route("/support/downtime/act.xlsx", get().to(export));
}

#[derive(Debug, Deserialize)]
struct ActQuery {
    /// The school's code; the first school where none is asked for.
    #[serde(default)]
    school: String,
    /// `2026-11`; the month before this one where none is asked for.
    #[serde(default)]
    month: String,
}

/// The school, the first day of the month, and its act.
struct Asking {
    schools: Vec<Organisation>,
    school: Organisation,
    first: Date,
    act: Act,
}

async fn asked(site: &Site, ctx: &Ctx, query: &ActQuery) -> Result<Asking> {
    let schools = site.db.run(&ctx.scope, async |tx| organisation::schools(tx).await).await?;
    let school = schools.iter().find(|school| query.school.is_empty() || school.code == query.school).cloned().ok_or(Error::NotFound)?;
    let zone = TimeZone::get(&school.zone).map_err(|error| Error::broken(error.to_string()))?;
    let today = ctx.now().to_zoned(zone.clone()).date();
    let before = today.first_of_month().checked_sub(1.month()).map_err(|_| Error::NotFound)?;
    let first = match query.month.as_str() {
        "" => before,
        month => month_of(month).ok_or(Error::NotFound)?,
    };
    let month = rules::month(first, &zone, ctx.now()).ok_or(Error::NotFound)?;
    let act = service::act(&site.db, ctx, school.id, month).await?;
    Ok(Asking { schools, school, first, act })
}

/// A device of the act.
struct ShareLine {
    code: String,
    name: String,
    stops: usize,
    counted: String,
    longest: String,
    broken: bool,
}

/// A stretch of the act.
struct Stretch {
    what: String,
    from: String,
    to: String,
    counted: String,
}

#[derive(Template)]
#[template(path = "downtime_act.html")]
struct ActPage<'a> {
    t: Texts<'a>,
    schools: Vec<Organisation>,
    school: Organisation,
    month: String,
    /// First and last moment of it.
    span: [String; 2],
    /// Whether the month goes on.
    open: bool,
    availability: String,
    counted: String,
    service: String,
    broken: usize,
    shares: Vec<ShareLine>,
    /// Stops, the service's own, and planned work, each with its heading.
    lists: [(&'static str, Vec<Stretch>); 3],
    hash: String,
    export: String,
}

async fn show(req: HttpRequest, guard: Guard<SeeDowntime>, query: Asked<ActQuery>) -> Answer {
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let Asking { schools, school, first, act } = asked(&site, &guard.ctx, &query).await?;
    let t = t.in_zone(&school.zone);
    let share = |one: &rules::Share| ShareLine {
        code: one.listed.code.clone(),
        name: one.listed.name.clone(),
        stops: one.stops,
        counted: length(&t, one.counted),
        longest: length(&t, one.longest),
        broken: one.is_broken(),
    };
    let stretch = |what: String, span: Span| Stretch { what, from: t.moment(span.from), to: t.moment(span.to), counted: length(&t, span.length()) };
    let month = first.strftime("%Y-%m").to_string();
    let view = ActPage {
        span: [t.moment(act.month.from), t.moment(act.month.to)],
        open: t.day_of(guard.ctx.now()).first_of_month() == first,
        availability: percent(&t, act.availability()),
        counted: length(&t, act.total().1),
        service: length(&t, act.service()),
        broken: act.broken().count(),
        shares: act.shares.iter().map(share).collect(),
        lists: [
            ("downtime-act-raw", act.lines.iter().map(|line| stop(&t, &act, line)).collect()),
            ("downtime-act-service-raw", act.outages.iter().map(|outage| stretch(t.text("downtime-act-service"), *outage)).collect()),
            ("downtime-act-work-raw", act.works.iter().map(|work| stretch(work.reason.clone(), work.span)).collect()),
        ],
        hash: act.hash(),
        export: format!("/support/downtime/act.xlsx?school={}&month={month}", encoded(&school.code)),
        month,
        schools,
        school,
        t: t.clone(),
    };
    Page::new(t.text("downtime-act-title")).respond(&req, &view)
}

fn stop(t: &Texts<'_>, act: &Act, line: &Line) -> Stretch {
    Stretch {
        what: name_of(act, line),
        from: t.moment(line.began_at),
        to: line.ended_at.map_or_else(|| t.text("downtime-goes-on"), |at| t.moment(at)),
        counted: length(t, line.in_month),
    }
}

fn name_of(act: &Act, line: &Line) -> String {
    act.shares.iter().find(|share| share.listed.device == line.device).map(|share| format!("{} ({})", share.listed.name, share.listed.code)).unwrap_or_default()
}

/// Hundredths of a percent, as people read them.
fn percent(t: &Texts<'_>, hundredths: i64) -> String {
    t.with("downtime-act-percent", [("whole", (hundredths / 100).to_string()), ("part", format!("{:02}", hundredths % 100))])
}

/// Every raw stretch of the act: stops, the service's own, planned work; its hash in the last line.
async fn export(req: HttpRequest, guard: Guard<SeeDowntime>, query: Asked<ActQuery>) -> Answer {
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let Asking { schools: _, school, first, act } = asked(&site, &guard.ctx, &query).await?;
    let t = t.in_zone(&school.zone);
    let columns = [("kind", 24), ("what", 40), ("id", 30), ("from", 20), ("to", 20), ("minutes", 16)];
    let list = List {
        file: format!("downtime-{}-{}", school.code, first.strftime("%Y-%m")),
        headings: columns.map(|(key, width)| Heading { text: t.text(format!("downtime-act-{key}")), width }).to_vec(),
        zone: t.zone().clone(),
    };
    let minutes = |length: jiff::SignedDuration| i32::try_from(length.as_mins()).map_or(Cell::Empty, Cell::Count);
    let row = |kind: &str, (what, id): (String, String), from: Timestamp, to: Option<Timestamp>, counted: Cell| {
        vec![Cell::Text(t.text(format!("downtime-act-{kind}"))), Cell::Text(what), Cell::Text(id), Cell::Moment(from), to.map_or(Cell::Empty, Cell::Moment), counted]
    };
    let nobody = || (String::new(), String::new());
    let mut rows = vec![row("month", (school.code.clone(), school.id.to_string()), act.month.from, Some(act.month.to), Cell::Empty)];
    rows.extend(act.shares.iter().map(|share| row("device", (share.listed.name.clone(), share.listed.device.to_string()), share.listed.from, share.listed.to, minutes(share.counted))));
    rows.extend(act.lines.iter().map(|line| row("stop", (name_of(&act, line), line.device.to_string()), line.began_at, line.ended_at, minutes(line.in_month))));
    rows.extend(act.outages.iter().map(|outage| row("service", nobody(), outage.from, Some(outage.to), minutes(outage.length()))));
    rows.extend(act.works.iter().map(|work| row("work", (work.reason.clone(), String::new()), work.span.from, Some(work.span.to), minutes(work.span.length()))));
    rows.push(vec![Cell::Text(t.text("downtime-act-hash")), Cell::Text(act.hash()), Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty]);
    xlsx::respond(list, rows.into_iter()).await
}
