//! `/{school}/arrivals`: who has not arrived today, and whom to call; `/{school}/arrivals/times`: when it is told.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    ClassGuard, Guard,
    trail::{self, Sight},
};
use jiff::{ToSpan, civil::Date};
use kernel::{Error, audit::Whose, error::FieldError};
use people::classes::{self, Class};
use serde::Deserialize;
use serde_json::json;
use web::{
    Answer, Page, Site, Texts,
    component::{
        Address, DataColumn, DataTable, Empty, FormField, Icon, Need, StatusBlock, StatusDot, Tone,
        table::{Action, Cell, Filter, Row, Way},
    },
    csrf::{self, CsrfField},
    form::Posted,
};

use super::{
    SeeArrivals, SetArrivals,
    rules::{Rule, SHIFTS, State},
    service::{self, Found, Times, Today},
    store::{Callee, Missing, Morning},
};
use crate::absences::EnterAbsences;

/// The names of a shift's fields.
const NAMES: [(&str, &str); 3] = [("starts_1", "after_1"), ("starts_2", "after_2"), ("starts_3", "after_3")];
const STATES: [&str; 4] = ["missing", "excused", "came", "in-time"];

/// The routes of arrivals.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/arrivals", get().to(list)).route("/{school}/arrivals/times", get().to(times)).route("/{school}/arrivals/times", post().to(set));
}

#[derive(Template)]
#[template(path = "arrivals.html")]
struct ListPage<'a> {
    t: Texts<'a>,
    school_name: &'a str,
    day: String,
    done: Option<String>,
    /// Where the times are set, for who does that.
    times: Option<String>,
    blocks: Vec<StatusBlock>,
    off: Option<Empty>,
    table: DataTable<'a>,
}

#[derive(Template)]
#[template(path = "arrivals_times.html")]
struct TimesPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    list: String,
    here: String,
    failed: Option<String>,
    shifts: Vec<(String, FormField, FormField)>,
}

/// The times as they were typed.
#[derive(Debug, Default, Deserialize)]
struct Typed {
    #[serde(default)]
    starts_1: String,
    #[serde(default)]
    after_1: String,
    #[serde(default)]
    starts_2: String,
    #[serde(default)]
    after_2: String,
    #[serde(default)]
    starts_3: String,
    #[serde(default)]
    after_3: String,
}

impl Typed {
    fn of(times: Times) -> Self {
        let text = |rule: Option<Rule>| (rule.map(Rule::clock).unwrap_or_default(), rule.map_or_else(|| "30".to_owned(), |rule| rule.after.to_string()));
        let [one, two, three] = times.map(text);
        Self { starts_1: one.0, after_1: one.1, starts_2: two.0, after_2: two.1, starts_3: three.0, after_3: three.1 }
    }

    fn pairs(&self) -> [(&str, &str); 3] {
        [(&self.starts_1, &self.after_1), (&self.starts_2, &self.after_2), (&self.starts_3, &self.after_3)]
    }

    fn read(&self) -> kernel::Result<Times> {
        let (mut times, mut wrong): (Times, Vec<FieldError>) = ([None; 3], Vec::new());
        for ((slot, (starts, after)), names) in times.iter_mut().zip(self.pairs()).zip(NAMES) {
            match Rule::parse(starts, after, names) {
                Ok(rule) => *slot = rule,
                Err(Error::Invalid(errors)) => wrong.extend(errors),
                Err(other) => return Err(other),
            }
        }
        if wrong.is_empty() { Ok(times) } else { Err(Error::Invalid(wrong)) }
    }
}

/// The day at the school, with its ends.
fn day_of(t: &Texts<'_>, now: jiff::Timestamp) -> kernel::Result<Today> {
    let day = t.day_of(now);
    let begins = |day: Date| day.to_zoned(t.zone().clone()).map(|at| at.timestamp()).map_err(|error| Error::broken(error.to_string()));
    Ok(Today { day, begins: begins(day)?, ends: begins(day.saturating_add(1.day()))? })
}

async fn list(req: HttpRequest, guard: ClassGuard<SeeArrivals>) -> Answer {
    let (site, t, school, address) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, Address::of(&req));
    let today = day_of(&t, guard.ctx.now())?;
    let mut found = service::today(&site.db, &guard.ctx, school.id, today, address.get("class").parse().ok(), address.get("q")).await?;
    let state = STATES.into_iter().find(|state| *state == address.get("state")).unwrap_or_default();
    found.missing.retain(|one| state.is_empty() || stands(one).as_str() == state);
    let shown = found.missing.iter().map(|one| one.pupil_id).chain(found.callees.iter().map(|one| one.guardian_id));
    let sight = Sight::of(school.id, "safety.list_missing", Whose::persons(shown));
    trail::read(&req, &guard.ctx, [sight.filtered(json!({ "state": state, "searched": !address.get("q").trim().is_empty() }))]).await?;
    let classes = site.db.run(&guard.ctx.scope, async |tx| classes::within(tx, school.id, &guard.ctx.within::<SeeArrivals>()?).await).await?;
    let times = guard.ctx.require::<SetArrivals>().is_ok().then(|| format!("/{}/arrivals/times", school.code));
    let is_off = found.times.iter().all(Option::is_none) && found.missing.is_empty();
    let off = is_off.then(|| Empty {
        icon: Icon("alarm"),
        title: t.text("arrivals-off-title"),
        body: t.text(if times.is_some() { "arrivals-off-body" } else { "arrivals-off-ask" }),
        action: times.clone().map(|href| (href, t.text("arrivals-switch-on"))),
    });
    let may_enter = guard.ctx.within::<EnterAbsences>().is_ok();
    let view = ListPage {
        school_name: school.name(t.locale()),
        day: t.day(today.day),
        done: (address.get("done") == "set").then(|| t.text("arrivals-done-set")),
        times,
        blocks: blocks(&t, &found),
        off,
        table: table(&t, &req, address.without("done"), &format!("/{}", school.code), &found, &classes, may_enter),
        t,
    };
    Page::new(view.t.text("arrivals-title")).respond(&req, &view)
}

fn stands(one: &Missing) -> State {
    State::of(one.due_at, one.entered_at, one.is_excused)
}

/// What each shift of today means, in the order of shifts.
fn blocks(t: &Texts<'_>, found: &Found) -> Vec<StatusBlock> {
    let block = |(shift, rule): (i16, &Option<Rule>)| {
        let rule = (*rule)?;
        let morning = found.mornings.iter().find(|morning| morning.shift == shift);
        Some(block(t, shift, rule, morning))
    };
    SHIFTS.into_iter().zip(&found.times).filter_map(block).collect()
}

fn block(t: &Texts<'_>, shift: i16, rule: Rule, morning: Option<&Morning>) -> StatusBlock {
    let tells = format!("{:02}:{:02}", rule.tells() / 60, rule.tells() % 60);
    let title = t.with("arrivals-shift", (("shift", i64::from(shift)), ("starts", rule.clock()), ("tells", tells)));
    let numbers = |key: &str, one: &Morning| t.with(key, (("expected", i64::from(one.expected)), ("entered", i64::from(one.entered)), ("at", t.time(one.checked_at))));
    let (tone, body) = match morning {
        None => (Tone::Unknown, t.text("arrivals-not-yet")),
        Some(one) if one.outcome == "no_lessons" => (Tone::Unknown, t.text("arrivals-no-lessons")),
        Some(one) if one.outcome == "silent" => (Tone::Bad, numbers("arrivals-silent", one)),
        Some(one) => (Tone::Ok, numbers("arrivals-looked", one)),
    };
    StatusBlock { tone, title, body, action: None }
}

fn table<'a>(t: &Texts<'a>, req: &HttpRequest, address: Address, home: &str, found: &Found, classes: &[Class], may_enter: bool) -> DataTable<'a> {
    let is_asked = !address.query().is_empty();
    let empty = Empty {
        icon: Icon("check"),
        title: t.text("arrivals-none-title"),
        body: t.text(if is_asked { "absences-none-found" } else { "arrivals-none-body" }),
        action: is_asked.then(|| (address.path().to_owned(), t.text("absences-show-all"))),
    };
    let filter = |name: &'static str, label: &str, all: &str, options| Filter { name, label: t.text(label), all: t.text(all), options };
    DataTable::new(t.clone(), req, "arrivals", t.text("arrivals-title"), address)
        .search(t.text("absences-find"))
        .filters(vec![
            filter("class", "absences-class", "absences-class-all", classes.iter().map(|class| (class.id.to_string(), class.label())).collect()),
            filter("state", "absences-state", "arrivals-state-all", STATES.map(|state| (state.to_owned(), t.text(format!("arrivals-is-{state}")))).into()),
        ])
        .columns(
            vec![
                DataColumn::text("name", t.text("absences-pupil")).always(),
                DataColumn::text("state", t.text("absences-state")).always(),
                DataColumn::text("guardians", t.text("arrivals-call")),
                DataColumn::text("told", t.text("arrivals-told")),
            ],
            None,
        )
        .rows(found.missing.iter().map(|one| row(t, home, one, &found.callees, may_enter)).collect())
        .empty(empty)
}

fn row(t: &Texts<'_>, home: &str, one: &Missing, callees: &[Callee], may_enter: bool) -> Row {
    let called = |callee: &Callee| callee.phone.as_ref().map_or_else(|| callee.name.clone(), |phone| format!("{}: {phone}", callee.name));
    let callees: Vec<String> = callees.iter().filter(|callee| callee.pupil_id == one.pupil_id).map(called).collect();
    let excuse = Action { href: format!("{home}/absences/new?pupil={}", one.pupil_id), text: t.text("arrivals-write-reason"), way: Way::Open };
    Row {
        id: one.pupil_id.to_string(),
        name: one.name.clone(),
        cells: vec![
            Cell::Title { href: format!("{home}/pupils/{}", one.pupil_id), text: one.name.clone(), note: Some(one.class_label.clone()) },
            Cell::Dot(dot(t, stands(one))),
            if callees.is_empty() { Cell::Nothing } else { Cell::Text(callees.join("; ")) },
            Cell::Text(t.time(one.told_at)),
        ],
        actions: if may_enter && stands(one) == State::Missing { vec![excuse] } else { Vec::new() },
    }
}

fn dot(t: &Texts<'_>, state: State) -> StatusDot {
    let (tone, text) = match state {
        State::Missing => (Tone::Bad, t.text("arrivals-is-missing")),
        State::Excused => (Tone::Unknown, t.text("arrivals-is-excused")),
        State::Came(at) => (Tone::Ok, t.with("arrivals-came-at", [("at", t.time(at))])),
        State::InTime(at) => (Tone::Ok, t.with("arrivals-in-time-at", [("at", t.time(at))])),
    };
    StatusDot { tone, text }
}

async fn times(req: HttpRequest, guard: Guard<SetArrivals>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    // What was set for tomorrow is what is shown: it is what one would change.
    let tomorrow = t.day_of(guard.ctx.now()).saturating_add(1.day());
    let held = service::times(&site.db, &guard.ctx, school.id, tomorrow).await?;
    render(&req, &guard, &Typed::of(held), &[])
}

async fn set(req: HttpRequest, guard: Guard<SetArrivals>, form: Posted<Typed>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let times = match form.0.read() {
        Ok(times) => times,
        Err(Error::Invalid(wrong)) => return render(&req, &guard, &form.0, &wrong),
        Err(other) => return Err(other.into()),
    };
    let local = guard.ctx.now().to_zoned(t.zone().clone());
    let minute = i16::from(local.hour()) * 60 + i16::from(local.minute());
    service::set(&site.db, &guard.ctx, school.id, times, local.date(), minute).await?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, format!("/{}/arrivals?done=set", school.code))).finish())
}

fn render(req: &HttpRequest, guard: &Guard<SetArrivals>, typed: &Typed, wrong: &[FieldError]) -> Answer {
    let (t, school) = (web::page::texts(req)?, guard.school()?);
    let fields = |((shift, names), (starts, after)): ((i16, (&'static str, &'static str)), (&str, &str))| {
        let starts = FormField::line(names.0, "time", t.text("arrivals-starts"), Need::optional(&t)).value(starts).error_in(wrong, &t);
        let after = FormField::line(names.1, "number", t.text("arrivals-after"), Need::Required).value(after).error_in(wrong, &t);
        (t.with("arrivals-shift-name", [("shift", i64::from(shift))]), starts, after)
    };
    let view = TimesPage {
        csrf: csrf::field(req),
        list: format!("/{}/arrivals", school.code),
        here: format!("/{}/arrivals/times", school.code),
        failed: (!wrong.is_empty()).then(|| t.text("failure-invalid-body")),
        shifts: SHIFTS.into_iter().zip(NAMES).zip(typed.pairs()).map(fields).collect(),
        t: t.clone(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(t.text("arrivals-times-title")).narrow().status(status).respond(req, &view)
}
