//! `/{school}/breaches`: the register, one incident with its clock, and what goes to the authorised body.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Error,
    audit::Whose,
    error::FieldError,
    id::{PersonId, Uuid, read, show as show_id},
};
use serde::Deserialize;
use serde_json::json;
use web::{
    Answer, Page, Site, Texts,
    component::{Empty, Icon, Moment, Paging, StatusDot, Tone},
    csrf::{self, CsrfField},
    failure::encoded,
    form::{Asked, Posted},
    xlsx::{self, Cell, Heading, List},
};

use super::{
    KeepBreaches,
    rules::{Clock, Draft, Typed, moment},
    service::{self, Detail, Everybody, Filter, People, Place, Written},
    store::{Breach, Concerned, Step},
};
use crate::{
    Guard, Policy,
    trail::{self, Sight},
};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/breaches", get().to(list))
        .route("/{school}/breaches", post().to(register))
        .route("/{school}/breaches/new", get().to(new_form))
        .route("/{school}/breaches/{id}", get().to(show))
        .route("/{school}/breaches/{id}/steps", post().to(write))
        .route("/{school}/breaches/{id}/people", post().to(add_people))
        .route("/{school}/breaches/{id}/people/remove", post().to(remove_person))
        .route("/{school}/breaches/{id}/people.xlsx", get().to(export))
        .route("/{school}/breaches/{id}/letter", get().to(letter))
        .route("/{school}/breaches/{id}/reported", post().to(report))
        .route("/{school}/breaches/{id}/told", post().to(tell_people))
        .route("/{school}/breaches/{id}/close", post().to(close))
        .route("/{school}/breaches/{id}/reopen", post().to(reopen));
}

#[derive(Debug, Deserialize)]
struct ListQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    state: String,
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "breaches.html")]
struct ListPage<'a> {
    t: Texts<'a>,
    school_name: &'a str,
    path: String,
    query: &'a ListQuery,
    states: [(&'static str, String); 3],
    lines: Vec<Line>,
    nothing: Empty,
    paging: Paging,
}

struct Line {
    href: String,
    number: i32,
    detected: Moment,
    happened: String,
    people: i64,
    clock: StatusDot,
    due: Moment,
    open: bool,
}

async fn list(req: HttpRequest, guard: Guard<KeepBreaches>, query: Asked<ListQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let filter = Filter { state: query.state.clone(), words: query.q.chars().take(100).collect(), after: query.after.as_deref().and_then(|after| after.parse().ok()) };
    let (breaches, next) = service::list(&site.db, &guard.ctx, school.id, filter).await?;
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "breaches.list", Whose::Nobody).filtered(json!({ "rows": breaches.len() }))]).await?;
    let path = format!("/{}/breaches", school.code);
    let filtered = format!("{path}?q={}&state={}", encoded(&query.q), encoded(&query.state));
    let line = |breach: &Breach| Line {
        href: format!("{path}/{}", show_id(breach.id)),
        number: breach.number,
        detected: Moment::full(&t, breach.detected_at),
        happened: breach.happened.chars().take(160).collect(),
        people: breach.people,
        clock: clock_dot(&t, clock_of(breach, guard.ctx.now())),
        due: Moment::full(&t, breach.due_at),
        open: breach.closed_at.is_none(),
    };
    let searched = !query.q.trim().is_empty() || !query.state.is_empty();
    let (title, body) = if searched { ("breaches-not-found-title", "breaches-not-found-body") } else { ("breaches-none-title", "breaches-none-body") };
    let view = ListPage {
        school_name: school.name(t.locale()),
        states: ["", "open", "closed"].map(|state| (state, t.text(format!("breaches-state-{}", if state.is_empty() { "all" } else { state })))),
        lines: breaches.iter().map(line).collect(),
        nothing: Empty { icon: Icon("check"), title: t.text(title), body: t.text(body), action: None },
        paging: Paging::of(&t, &filtered, query.after.as_deref(), next.map(|next| next.to_string()).as_deref()),
        query: &query,
        path,
        t: t.clone(),
    };
    Page::new(t.text("breaches-title")).wide().respond(&req, &view)
}

#[derive(Template)]
#[template(path = "breach_new.html")]
struct NewPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    list: String,
    typed: Typed,
    /// What is wrong with the moment, the text and the contact.
    wrong: [Option<String>; 3],
    problem: Option<String>,
}

async fn new_form(req: HttpRequest, guard: Guard<KeepBreaches>) -> Answer {
    let t = web::page::texts(&req)?;
    let now = guard.ctx.now();
    let typed = Typed { id: show_id(guard.ctx.id::<Uuid>()), day: t.day_of(now).to_string(), time: t.time(now), ..Typed::default() };
    show_form(&req, &guard, typed, &[])
}

fn show_form(req: &HttpRequest, guard: &Guard<KeepBreaches>, typed: Typed, wrong: &[FieldError]) -> Answer {
    let t = web::page::texts(req)?;
    let error = |field: &str| wrong.iter().find(|wrong| wrong.field == field).map(|wrong| t.text(wrong.message));
    let view = NewPage {
        csrf: csrf::field(req),
        list: format!("/{}/breaches", guard.school()?.code),
        wrong: ["day", "happened", "contact"].map(error),
        problem: (!wrong.is_empty()).then(|| t.text("failure-invalid-body")),
        typed,
        t: t.clone(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(t.text("breaches-new")).narrow().status(status).respond(req, &view)
}

async fn register(req: HttpRequest, guard: Guard<KeepBreaches>, form: Posted<Typed>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let id = read(&form.0.id).unwrap_or_else(|| guard.ctx.id());
    let registered = match Draft::parse(&form.0, guard.ctx.now(), t.zone()) {
        Ok(draft) => service::register(&site.db, &guard.ctx, school.id, t.zone(), id, draft).await,
        Err(error) => Err(error),
    };
    match registered {
        Ok(()) => to(&guard, id, "registered"),
        Err(Error::Invalid(wrong)) => show_form(&req, &guard, Typed { id: show_id(id), ..form.0 }, &wrong),
        Err(other) => Err(other.into()),
    }
}

#[derive(Debug, Default, Deserialize)]
struct ShowQuery {
    #[serde(default)]
    find: String,
    #[serde(default)]
    done: String,
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "breach.html")]
struct BreachPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    list: String,
    path: String,
    title: String,
    done: Option<String>,
    problem: Option<String>,
    breach: &'a Breach,
    clock: StatusDot,
    detected: Moment,
    due: Moment,
    reported: Option<Moment>,
    open: bool,
    steps: Vec<StepLine>,
    people: Vec<PersonLine>,
    found: Vec<FoundLine>,
    searched: &'a str,
    nobody_found: bool,
    classes: Vec<(String, String)>,
    untold: i64,
    paging: Paging,
    today: String,
    now: String,
}

struct StepLine {
    at: Moment,
    what: String,
    note: String,
    who: String,
}

struct PersonLine {
    id: String,
    name: String,
    class: String,
    guardians: String,
    told: Option<Moment>,
}

struct FoundLine {
    id: String,
    name: String,
    class: String,
    listed: bool,
}

async fn show(req: HttpRequest, guard: Guard<KeepBreaches>, path: Path<(String, String)>, query: Asked<ShowQuery>) -> Answer {
    render(&req, &guard, id_of(&path.1)?, &query, &[]).await
}

async fn render(req: &HttpRequest, guard: &Guard<KeepBreaches>, id: Uuid, query: &ShowQuery, wrong: &[FieldError]) -> Answer {
    let (t, school, now) = (web::page::texts(req)?, guard.school()?, guard.ctx.now());
    let after: Option<PersonId> = query.after.as_deref().and_then(|after| after.parse().ok());
    let Detail { breach, steps, people, next, found, classes } = service::find(place(req, guard, id)?, t.day_of(now), after, &query.find).await?;
    let shown = people.iter().map(|person| person.person_id).chain(found.iter().map(|person| person.person_id));
    trail::read(req, &guard.ctx, [Sight::of(school.id, "breaches.see", Whose::persons(shown)).filtered(json!({ "breach": show_id(id) }))]).await?;
    let list = format!("/{}/breaches", school.code);
    let path = format!("{list}/{}", show_id(id));
    let known = ["registered", "written", "people", "nobody", "removed", "reported", "told", "closed", "reopened"];
    let view = BreachPage {
        csrf: csrf::field(req),
        title: t.with("breaches-number", [("number", breach.number)]),
        done: known.into_iter().find(|known| query.done == *known).map(|done| t.text(format!("breaches-done-{done}"))),
        problem: wrong.first().map(|wrong| t.text(wrong.message)),
        clock: clock_dot(&t, clock_of(&breach, now)),
        detected: Moment::full(&t, breach.detected_at),
        due: Moment::full(&t, breach.due_at),
        reported: breach.reported_at.map(|at| Moment::full(&t, at)),
        open: breach.closed_at.is_none(),
        steps: steps.iter().map(|step| step_line(&t, step)).collect(),
        people: people.iter().map(|person| person_line(&t, person)).collect(),
        nobody_found: !query.find.trim().is_empty() && found.is_empty(),
        found: found
            .into_iter()
            .map(|one| FoundLine { id: one.person_id.to_string(), name: format!("{} {}", one.surname, one.given_name), class: one.class_label.unwrap_or_default(), listed: one.listed })
            .collect(),
        searched: &query.find,
        classes: classes.into_iter().filter_map(|class| Some((show_id(class.class_id?), class.class_label?))).collect(),
        untold: breach.people - breach.told,
        paging: Paging::of(&t, &path, query.after.as_deref(), next.map(|next| next.to_string()).as_deref()),
        today: t.day_of(now).to_string(),
        now: t.time(now),
        breach: &breach,
        path,
        list,
        t: t.clone(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(view.title.clone()).status(status).respond(req, &view)
}

fn step_line(t: &Texts<'_>, step: &Step) -> StepLine {
    StepLine {
        at: Moment::full(t, step.at),
        what: t.with(format!("breaches-step-{}", step.kind.replace('_', "-")), [("count", step.people)]),
        note: step.note.clone(),
        who: step.name.clone().unwrap_or_default(),
    }
}

fn person_line(t: &Texts<'_>, person: &Concerned) -> PersonLine {
    PersonLine {
        id: person.person_id.to_string(),
        name: full_name(person),
        class: person.class_label.clone().unwrap_or_default(),
        guardians: person.guardians.clone().unwrap_or_default(),
        told: person.told_at.map(|at| Moment::full(t, at)),
    }
}

#[derive(Debug, Deserialize)]
struct WriteForm {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    text: String,
}

async fn write(req: HttpRequest, guard: Guard<KeepBreaches>, path: Path<(String, String)>, form: Posted<WriteForm>) -> Answer {
    let id = id_of(&path.1)?;
    let written = if form.0.kind == "measure" { Written::Measure } else { Written::Finding };
    let outcome = service::write(place(&req, &guard, id)?, written, &form.0.text).await.map(|()| "written");
    settle(&req, &guard, id, outcome).await
}

#[derive(Debug, Deserialize)]
struct PeopleForm {
    #[serde(default)]
    by: String,
    #[serde(default)]
    class: String,
    #[serde(default)]
    person: String,
    #[serde(default)]
    login: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
}

async fn add_people(req: HttpRequest, guard: Guard<KeepBreaches>, path: Path<(String, String)>, form: Posted<PeopleForm>) -> Answer {
    let (id, t) = (id_of(&path.1)?, web::page::texts(&req)?);
    let outcome = match people_of(&form.0, &t) {
        Ok(people) => service::add_people(place(&req, &guard, id)?, people).await.map(|added| if added == 0 { "nobody" } else { "people" }),
        Err(error) => Err(error),
    };
    settle(&req, &guard, id, outcome).await
}

fn people_of(form: &PeopleForm, t: &Texts<'_>) -> kernel::Result<People> {
    match form.by.as_str() {
        "class" if form.class == "all" => Ok(People::School),
        "class" => read(&form.class).map(People::Class).ok_or(Error::NotFound),
        "person" => form.person.parse().map(People::One).map_err(|_| Error::NotFound),
        _ => {
            let day = |day: &str| moment(day, "00:00", t.zone());
            let (from, until) = (day(&form.from), day(&form.until).map(|last| last + SignedDuration::from_hours(24)));
            match (from, until) {
                (Some(from), Some(until)) if from < until && !form.login.trim().is_empty() => Ok(People::SeenBy { login: form.login.clone(), from, until }),
                _ => Err(Error::invalid("login", "breaches-field-login")),
            }
        }
    }
}

#[derive(Debug, Deserialize)]
struct PersonForm {
    #[serde(default)]
    person: String,
}

async fn remove_person(req: HttpRequest, guard: Guard<KeepBreaches>, path: Path<(String, String)>, form: Posted<PersonForm>) -> Answer {
    let id = id_of(&path.1)?;
    let person: PersonId = form.0.person.parse().map_err(|_| Error::NotFound)?;
    let outcome = service::remove_person(place(&req, &guard, id)?, person).await.map(|()| "removed");
    settle(&req, &guard, id, outcome).await
}

#[derive(Debug, Deserialize)]
struct ReportForm {
    #[serde(default)]
    day: String,
    #[serde(default)]
    time: String,
    #[serde(default)]
    letter: String,
}

async fn report(req: HttpRequest, guard: Guard<KeepBreaches>, path: Path<(String, String)>, form: Posted<ReportForm>) -> Answer {
    let (id, t) = (id_of(&path.1)?, web::page::texts(&req)?);
    let outcome = service::report(place(&req, &guard, id)?, &form.0.day, &form.0.time, t.zone(), &form.0.letter).await.map(|()| "reported");
    settle(&req, &guard, id, outcome).await
}

/// Nothing of its own; sent with the token.
#[derive(Debug, Deserialize)]
struct NoFields {}

async fn tell_people(req: HttpRequest, guard: Guard<KeepBreaches>, path: Path<(String, String)>, _form: Posted<NoFields>) -> Answer {
    let id = id_of(&path.1)?;
    let outcome = service::tell_people(place(&req, &guard, id)?).await.map(|()| "told");
    settle(&req, &guard, id, outcome).await
}

#[derive(Debug, Deserialize)]
struct CloseForm {
    #[serde(default)]
    conclusion: String,
}

async fn close(req: HttpRequest, guard: Guard<KeepBreaches>, path: Path<(String, String)>, form: Posted<CloseForm>) -> Answer {
    let id = id_of(&path.1)?;
    let outcome = service::close(place(&req, &guard, id)?, &form.0.conclusion).await.map(|()| "closed");
    settle(&req, &guard, id, outcome).await
}

async fn reopen(req: HttpRequest, guard: Guard<KeepBreaches>, path: Path<(String, String)>, _form: Posted<NoFields>) -> Answer {
    let id = id_of(&path.1)?;
    let outcome = service::reopen(place(&req, &guard, id)?).await.map(|()| "reopened");
    settle(&req, &guard, id, outcome).await
}

/// Everybody concerned with whom to tell: what goes with the letter.
async fn export(req: HttpRequest, guard: Guard<KeepBreaches>, path: Path<(String, String)>) -> Answer {
    let (t, school, id) = (web::page::texts(&req)?, guard.school()?, id_of(&path.1)?);
    let Everybody { breach, people, reach } = service::everybody(place(&req, &guard, id)?, Policy::of(&req), t.day_of(guard.ctx.now())).await?;
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "breaches.export", Whose::persons(people.iter().map(|person| person.person_id))).filtered(json!({ "breach": show_id(id), "rows": people.len() }))]).await?;
    let headings = [("person", 36), ("born", 14), ("iin", 16), ("class", 10), ("guardians", 56), ("phone", 40), ("told", 20)];
    let headings = headings.map(|(key, width)| Heading { text: t.text(format!("breaches-column-{key}")), width }).to_vec();
    let rows: Vec<Vec<Cell>> = people
        .iter()
        .map(|person| {
            let text = |text: Option<String>| text.map_or(Cell::Empty, Cell::Text);
            let own = reach.get(&person.person_id);
            // A child is reached through the guardians.
            let phones = std::iter::once(&person.person_id).chain(&person.guardian_ids).filter_map(|id| reach.get(id)?.phone.clone()).collect::<Vec<_>>().join(", ");
            vec![
                Cell::Text(full_name(person)),
                text(person.birth_date.map(|day| t.day(day))),
                text(own.and_then(|own| own.iin.clone())),
                text(person.class_label.clone()),
                text(person.guardians.clone()),
                text(Some(phones).filter(|phones| !phones.is_empty())),
                person.told_at.map_or(Cell::Empty, Cell::Moment),
            ]
        })
        .collect();
    xlsx::respond(List { file: format!("{}-breach-{}", school.code, breach.number), headings, zone: t.zone().clone() }, rows.into_iter()).await
}

#[derive(Template)]
#[template(path = "breach_letter.html")]
struct LetterPage<'a> {
    t: Texts<'a>,
    back: String,
    school_name: &'a str,
    breach: &'a Breach,
    detected: String,
    today: String,
    measures: Vec<(String, String)>,
    findings: Vec<(String, String)>,
}

/// The letter to the authorised body, ready to print and sign.
async fn letter(req: HttpRequest, guard: Guard<KeepBreaches>, path: Path<(String, String)>) -> Answer {
    let (t, school, id) = (web::page::texts(&req)?, guard.school()?, id_of(&path.1)?);
    let detail = service::find(place(&req, &guard, id)?, t.day_of(guard.ctx.now()), None, "").await?;
    trail::read(&req, &guard.ctx, [Sight::of(school.id, "breaches.letter", Whose::Nobody).filtered(json!({ "breach": show_id(id) }))]).await?;
    let steps = |kind: &str| detail.steps.iter().filter(|step| step.kind == kind).map(|step| (t.moment(step.at), step.note.clone())).collect();
    let view = LetterPage {
        back: format!("/{}/breaches/{}", school.code, show_id(id)),
        school_name: school.name(t.locale()),
        detected: t.moment(detail.breach.detected_at),
        today: t.date(guard.ctx.now()),
        measures: steps("measure"),
        findings: steps("finding"),
        breach: &detail.breach,
        t: t.clone(),
    };
    Page::new(t.text("breaches-letter")).narrow().respond(&req, &view)
}

/// Back to the incident: with what was done, or with what was wrong.
async fn settle(req: &HttpRequest, guard: &Guard<KeepBreaches>, id: Uuid, outcome: kernel::Result<&'static str>) -> Answer {
    match outcome {
        Ok(done) => to(guard, id, done),
        Err(Error::Invalid(wrong)) => render(req, guard, id, &ShowQuery::default(), &wrong).await,
        Err(other) => Err(other.into()),
    }
}

fn to(guard: &Guard<KeepBreaches>, id: Uuid, done: &str) -> Answer {
    let address = format!("/{}/breaches/{}?done={done}", guard.school()?.code, show_id(id));
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, address)).finish())
}

fn place<'a>(req: &'a HttpRequest, guard: &'a Guard<KeepBreaches>, breach: Uuid) -> kernel::Result<Place<'a>> {
    Ok(Place { db: &Site::of(req)?.db, ctx: &guard.ctx, school: guard.school()?.id, breach })
}

fn id_of(text: &str) -> kernel::Result<Uuid> {
    read(text).ok_or(Error::NotFound)
}

fn full_name(person: &Concerned) -> String {
    format!("{} {}", person.surname, person.given_name)
}

fn clock_of(breach: &Breach, now: Timestamp) -> Clock {
    Clock::of(breach.due_at, breach.reported_at, breach.closed_at, now)
}

/// The clock in colour and words.
pub(super) fn clock_dot(t: &Texts<'_>, clock: Clock) -> StatusDot {
    let hours = |left: SignedDuration| [("hours", left.as_hours()), ("minutes", left.as_mins() % 60)];
    let (tone, text) = match clock {
        Clock::InTime => (Tone::Ok, t.text("breaches-clock-in-time")),
        Clock::Late => (Tone::Warn, t.text("breaches-clock-late")),
        Clock::Closed => (Tone::Unknown, t.text("breaches-clock-closed")),
        Clock::Left(left) => (Tone::Warn, t.with("breaches-clock-left", hours(left))),
        Clock::Short(left) => (Tone::Bad, t.with("breaches-clock-left", hours(left))),
        Clock::Over(over) => (Tone::Bad, t.with("breaches-clock-over", hours(over))),
    };
    StatusDot { tone, text }
}
