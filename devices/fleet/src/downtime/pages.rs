//! `/support/downtime`: what stands still and what is left of the 48 hours; `/support/maintenance`: planned work.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::Guard;
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use kernel::{
    Ctx, Error, Locale,
    error::FieldError,
    id::{DeviceId, SchoolId, Uuid, read, show},
};
use people::organisation::{self, Organisation};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Icon, Moment, StatusDot, Tone},
    csrf::{self, CsrfField},
    failure::encoded,
    form::{self, Asked, Posted},
    xlsx::{self, Cell, Heading, List},
};

use super::{
    SeeDowntime, TakeDowntime,
    rules::{LITTLE, Plan, is_in_hand},
    service::{self, Still},
    store::{Open, Planned},
};

/// How many stops a page shows.
const PAGE: usize = 100;

/// The routes of this file.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/support/downtime", get().to(list))
        .route("/support/downtime.xlsx", get().to(export))
        .route("/support/downtime/{id}/take", post().to(take))
        .route("/support/maintenance", get().to(planned))
        .route("/support/maintenance", post().to(plan))
        .route("/support/maintenance/{id}/call-off", post().to(call_off));
}

#[derive(Debug, Deserialize)]
struct ListQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    show: String,
    #[serde(default)]
    done: String,
}

impl ListQuery {
    fn found<'s>(&self, still: &'s [Still], t: &Texts<'_>, now: Timestamp) -> Vec<&'s Still> {
        let words: Vec<String> = self.q.chars().take(100).collect::<String>().to_lowercase().split_whitespace().map(str::to_owned).collect();
        let admits = |one: &&Still| {
            let stop = &one.stop;
            let text = [stop.device.as_str(), &stop.place, &stop.code, &stop.school_code, school_name(t, stop)].join(" ").to_lowercase();
            let shown = match self.show.as_str() {
                "waiting" => !is_in_hand(stop.taken_at, now),
                "little" => one.standing.left <= LITTLE,
                _ => true,
            };
            shown && words.iter().all(|word| text.contains(word))
        };
        still.iter().filter(admits).collect()
    }
}

/// A stop as a line of a page.
pub(super) struct Line {
    id: DeviceId,
    href: String,
    pub(super) name: String,
    pub(super) detail: String,
    school: String,
    pub(super) since: Moment,
    pub(super) counted: String,
    left: StatusDot,
    breaks: Moment,
    pub(super) taken: Option<String>,
    /// Whether it waits for somebody to take it in hand, again or for the first time.
    waits: bool,
}

impl Line {
    pub(super) fn new(t: &Texts<'_>, still: &Still, now: Timestamp) -> Self {
        let Still { stop, standing } = still;
        Self {
            id: stop.device_id,
            href: format!("/support/devices/{}", stop.device_id),
            name: stop.device.clone(),
            detail: [stop.place.as_str(), stop.code.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
            school: school_name(t, stop).to_owned(),
            since: Moment::full(t, stop.began_at),
            counted: length(t, standing.counted),
            left: left(t, standing.left),
            breaks: Moment::full(t, standing.breaks_at),
            taken: stop.taken_at.map(|at| t.with("downtime-taken-at", [("moment", t.moment(at))])),
            waits: !is_in_hand(stop.taken_at, now),
        }
    }
}

#[derive(Template)]
#[template(path = "downtime.html")]
struct ListPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    query: &'a ListQuery,
    shows: [(&'static str, String); 3],
    done: Option<String>,
    /// Schools with their number of devices that stand still, devices in all, and those with little left.
    figures: [usize; 3],
    lines: Vec<Line>,
    hidden: usize,
    export: String,
    nothing: Empty,
}

async fn list(req: HttpRequest, guard: Guard<SeeDowntime>, query: Asked<ListQuery>) -> Answer {
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let still = service::open(&site.db, &guard.ctx).await?;
    let found = query.found(&still, &t, guard.ctx.now());
    let mut schools: Vec<SchoolId> = still.iter().map(|one| one.stop.school_id).collect();
    schools.sort_unstable();
    schools.dedup();
    let searched = !query.q.trim().is_empty() || !query.show.is_empty();
    let (title, body) = if searched { ("downtime-not-found-title", "downtime-not-found-body") } else { ("downtime-none-title", "downtime-none-body") };
    let view = ListPage {
        csrf: csrf::field(&req),
        shows: ["", "waiting", "little"].map(|show| (show, t.text(format!("downtime-show-{}", if show.is_empty() { "all" } else { show })))),
        done: (query.done == "taken").then(|| t.text("downtime-done-taken")),
        figures: [schools.len(), still.len(), still.iter().filter(|one| one.standing.left <= LITTLE).count()],
        lines: found.iter().take(PAGE).map(|one| Line::new(&t, one, guard.ctx.now())).collect(),
        hidden: found.len().saturating_sub(PAGE),
        export: format!("/support/downtime.xlsx?q={}&show={}", encoded(&query.q), encoded(&query.show)),
        nothing: Empty { icon: Icon("check"), title: t.text(title), body: t.text(body), action: None },
        query: &query,
        t: t.clone(),
    };
    Page::new(t.text("downtime-title")).wide().respond(&req, &view)
}

async fn export(req: HttpRequest, guard: Guard<SeeDowntime>, query: Asked<ListQuery>) -> Answer {
    let (site, t) = (Site::of(&req)?, web::page::texts(&req)?);
    let still = service::open(&site.db, &guard.ctx).await?;
    let columns = [("school", 36), ("device", 28), ("place", 28), ("code", 16), ("since", 20), ("counted", 16), ("breaks", 20), ("taken", 36)];
    let list = List {
        file: format!("downtime-{}", t.day_of(guard.ctx.now())),
        headings: columns.map(|(key, width)| Heading { text: t.text(format!("downtime-column-{key}")), width }).to_vec(),
        zone: t.zone().clone(),
    };
    let row = |one: &&Still| {
        let (line, Still { stop, standing }) = (Line::new(&t, one, guard.ctx.now()), one);
        vec![
            Cell::Text(line.school), Cell::Text(stop.device.clone()), Cell::Text(stop.place.clone()), Cell::Text(stop.code.clone()), Cell::Moment(stop.began_at),
            Cell::Text(line.counted), Cell::Moment(standing.breaks_at), line.taken.map_or(Cell::Empty, Cell::Text),
        ]
    };
    let rows: Vec<Vec<Cell>> = query.found(&still, &t, guard.ctx.now()).iter().map(row).collect();
    xlsx::respond(list, rows.into_iter()).await
}

#[derive(Debug, Deserialize)]
struct NoFields {}

async fn take(req: HttpRequest, guard: Guard<TakeDowntime>, path: Path<String>, _form: Posted<NoFields>) -> Answer {
    let device: DeviceId = path.parse().map_err(|_| Error::NotFound)?;
    service::take(&Site::of(&req)?.db, &guard.ctx, device).await?;
    Ok(to("/support/downtime?done=taken"))
}

#[derive(Debug, Default, Deserialize)]
struct PlanForm {
    /// The id that the work will have: a form sent twice plans once.
    #[serde(default)]
    id: String,
    #[serde(default)]
    school: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    time: String,
    #[serde(default)]
    hours: String,
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Default, Deserialize)]
struct PlannedQuery {
    #[serde(default)]
    done: String,
}

/// Planned work as a line of the page.
struct WorkLine {
    id: String,
    school: String,
    device: Option<String>,
    from: String,
    to: String,
    reason: String,
    state: StatusDot,
    /// Whether it can be called off still.
    ahead: bool,
}

#[derive(Template)]
#[template(path = "maintenance.html")]
struct PlannedPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    form: PlanForm,
    schools: Vec<Organisation>,
    /// What is wrong with the school, the beginning, the length and the reason.
    wrong: [Option<String>; 4],
    done: Option<String>,
    lines: Vec<WorkLine>,
    nothing: Empty,
}

async fn planned(req: HttpRequest, guard: Guard<SeeDowntime>, query: Asked<PlannedQuery>) -> Answer {
    let form = PlanForm { id: show(guard.ctx.id::<Uuid>()), hours: "2".to_owned(), ..PlanForm::default() };
    let done = ["planned", "called-off"].into_iter().find(|done| *done == query.done);
    show_planned(&req, &guard.ctx, form, &[], done).await
}

async fn plan(req: HttpRequest, guard: Guard<TakeDowntime>, form: Posted<PlanForm>) -> Answer {
    let (site, form) = (Site::of(&req)?, form.0);
    let schools = site.db.run(&guard.ctx.scope, async |tx| organisation::schools(tx).await).await?;
    let school = schools.iter().find(|school| school.id.to_string() == form.school);
    let from = school.and_then(|school| begin(&form.day, &form.time, &school.zone));
    let work = Plan::parse(from, &form.hours, None, &form.reason, guard.ctx.now());
    let id = read(&form.id).unwrap_or_else(|| guard.ctx.id());
    match (school, work) {
        (Some(school), Ok(work)) => {
            service::plan(&site.db, &guard.ctx, school.id, id, work).await?;
            Ok(to("/support/maintenance?done=planned"))
        }
        (school, work) => {
            let mut wrong: Vec<FieldError> = Vec::new();
            if school.is_none() {
                wrong.push(FieldError { field: "school", message: "fleet-field-school-missing" });
            }
            match work {
                Err(Error::Invalid(fields)) => wrong.extend(fields),
                Err(other) => return Err(other.into()),
                Ok(_) => {}
            }
            show_planned(&req, &guard.ctx, PlanForm { id: show(id), ..form }, &wrong, None).await
        }
    }
}

async fn call_off(req: HttpRequest, guard: Guard<TakeDowntime>, path: Path<String>, _form: Posted<NoFields>) -> Answer {
    let id = read(&path).ok_or(Error::NotFound)?;
    service::call_off(&Site::of(&req)?.db, &guard.ctx, id).await?;
    Ok(to("/support/maintenance?done=called-off"))
}

async fn show_planned(req: &HttpRequest, ctx: &Ctx, form: PlanForm, wrong: &[FieldError], done: Option<&'static str>) -> Answer {
    let (site, t, now) = (Site::of(req)?, web::page::texts(req)?, ctx.now());
    let schools = site.db.run(&ctx.scope, async |tx| organisation::schools(tx).await).await?;
    let works = service::planned(&site.db, ctx).await?;
    let error = |field: &str| wrong.iter().find(|wrong| wrong.field == field).map(|wrong| t.text(wrong.message));
    let view = PlannedPage {
        csrf: csrf::field(req),
        wrong: ["school", "day", "hours", "reason"].map(error),
        done: done.map(|done| t.text(format!("downtime-done-{done}"))),
        lines: works.iter().map(|work| work_line(&t, work, now)).collect(),
        nothing: Empty { icon: Icon("calendar"), title: t.text("downtime-no-work-title"), body: t.text("downtime-no-work-body"), action: None },
        form,
        schools,
        t: t.clone(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(t.text("downtime-work-title")).wide().status(status).respond(req, &view)
}

fn work_line(t: &Texts<'_>, work: &Planned, now: Timestamp) -> WorkLine {
    let (tone, state) = match work.called_off_at {
        Some(_) => (Tone::Unknown, "called-off"),
        None if work.to_at <= now => (Tone::Unknown, "over"),
        None if work.from_at <= now => (Tone::Warn, "under-way"),
        None => (Tone::Ok, "ahead"),
    };
    let there = t.clone().in_zone(&work.zone);
    WorkLine {
        id: show(work.id),
        school: in_language(t, [&work.name_kk, &work.name_ru, &work.name_en]).to_owned(),
        device: work.device.clone(),
        from: there.moment(work.from_at),
        to: there.moment(work.to_at),
        reason: work.reason.clone(),
        state: StatusDot { tone, text: t.text(format!("downtime-work-{state}")) },
        ahead: work.called_off_at.is_none() && work.to_at > now,
    }
}

/// A day and a time by the clocks of a school.
fn begin(day: &str, time: &str, zone: &str) -> Option<Timestamp> {
    let day: Date = form::day(day)?;
    let time: jiff::civil::Time = time.trim().parse().ok()?;
    Some(day.to_datetime(time).to_zoned(TimeZone::get(zone).ok()?).ok()?.timestamp())
}

/// Hours and minutes.
pub(super) fn length(t: &Texts<'_>, length: SignedDuration) -> String {
    let minutes = length.as_mins().max(0);
    t.with("downtime-length", [("hours", minutes / 60), ("minutes", minutes % 60)])
}

/// What is left of the 48 hours, or by how much they are exceeded.
fn left(t: &Texts<'_>, left: SignedDuration) -> StatusDot {
    if left.is_negative() {
        return StatusDot { tone: Tone::Bad, text: t.with("downtime-exceeded", [("length", length(t, -left))]) };
    }
    let tone = if left <= LITTLE { Tone::Bad } else { Tone::Warn };
    StatusDot { tone, text: t.with("downtime-left", [("length", length(t, left))]) }
}

fn school_name<'s>(t: &Texts<'_>, stop: &'s Open) -> &'s str {
    in_language(t, [&stop.name_kk, &stop.name_ru, &stop.name_en])
}

fn in_language<'s>(t: &Texts<'_>, [kk, ru, en]: [&'s str; 3]) -> &'s str {
    match t.locale() {
        Locale::Kk => kk,
        Locale::Ru => ru,
        Locale::En => en,
    }
}

fn to(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, address.to_owned())).finish()
}
