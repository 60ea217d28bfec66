//! `/{school}/enrol` takes a new pupil in; `/{school}/pupils/{id}/movement` shows what the book says of one, and acts.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{Path, ServiceConfig, get, post},
};
use askama::Template;
use identity::{
    Guard,
    schools::School,
    trail::{self, Sight},
};
use jiff::civil::Date;
use kernel::{
    Ctx, Error,
    audit::Whose,
    db::Db,
    error::FieldError,
    id::{ClassId, PersonId, SchoolId, read, show as show_id},
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{
    SeeMovement,
    rules::{ArrivalKind, Reason},
    sentence,
    service::{self, History},
};
use crate::{
    classes::{self, Class},
    doubles::namesakes::{self, Alike},
    inputs::{Input, Kind, Need},
    pupils::{EnrolPupils, NewPerson, full_name},
    years::short,
};

/// The routes of these pages.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/enrol", get().to(new))
        .route("/{school}/enrol", post().to(enrol))
        .route("/{school}/pupils/{id}/movement", get().to(show))
        .route("/{school}/pupils/{id}/movement/class", post().to(change_class))
        .route("/{school}/pupils/{id}/movement/leave", post().to(leave))
        .route("/{school}/pupils/{id}/movement/return", post().to(come_back))
        .route("/{school}/pupils/{id}/movement/undo", post().to(take_back));
}

#[derive(Debug, Deserialize)]
struct Done {
    done: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct EnrolForm {
    #[serde(default)]
    id: String,
    #[serde(default)]
    surname: String,
    #[serde(default)]
    given_name: String,
    #[serde(default)]
    patronymic: String,
    #[serde(default)]
    birth_date: String,
    #[serde(default)]
    class: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    place: String,
    /// Whoever is called the same is somebody else.
    #[serde(default)]
    anyway: String,
}

#[derive(Debug, Default, Deserialize)]
struct ActForm {
    #[serde(default)]
    class: String,
    #[serde(default)]
    on: String,
    /// The same of the other form on the page.
    #[serde(default)]
    class_on: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    place: String,
}

#[derive(Debug, Deserialize)]
struct UndoForm {
    #[serde(default)]
    line: String,
}

#[derive(Template)]
#[template(path = "enrol.html")]
struct EnrolPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    list: String,
    action: String,
    id: String,
    inputs: Vec<Input>,
    /// People of the school who are called the same.
    alike: Vec<Alike>,
    has_classes: bool,
    classes: String,
}

#[derive(Template)]
#[template(path = "movement_pupil.html")]
struct PupilPage<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    name: String,
    /// The pupil's own page, while they are here.
    pupil: Option<String>,
    list: String,
    path: String,
    where_now: String,
    done: Option<String>,
    lines: Vec<Line>,
    forms: Vec<ActPart>,
    /// Where a slip to another school is given, for who gives them.
    transfer: Option<String>,
    /// School, class and days of the times before.
    before: Vec<(String, String, String)>,
}

struct Line {
    day: String,
    words: String,
    order: Option<(String, String)>,
    undone: Option<String>,
    undo: Option<String>,
}

/// A form of an act.
struct ActPart {
    id: &'static str,
    action: String,
    title: String,
    hint: String,
    inputs: Vec<Input>,
    button: String,
    is_open: bool,
}

async fn new(req: HttpRequest, guard: Guard<EnrolPupils>) -> Answer {
    let t = web::page::texts(&req)?;
    let typed = EnrolForm { id: guard.ctx.id::<PersonId>().to_string(), on: t.day_of(guard.ctx.now()).to_string(), kind: "new".into(), ..EnrolForm::default() };
    respond_enrol(&req, &guard, &typed, &[], Vec::new()).await
}

async fn enrol(req: HttpRequest, guard: Guard<EnrolPupils>, form: Posted<EnrolForm>) -> Answer {
    let (site, t, school, typed) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, form.0);
    let today = t.day_of(guard.ctx.now());
    let person = NewPerson::parse(&typed.surname, &typed.given_name, &typed.patronymic, &typed.birth_date, today);
    let mut wrong = Vec::new();
    let (class, on) = (class_of(&typed.class, &mut wrong), day_of(&typed.on, today, &mut wrong));
    let kind = ArrivalKind::parse(&typed.kind).filter(|kind| *kind != ArrivalKind::Returned);
    if kind.is_none() {
        wrong.push(FieldError { field: "kind", message: "movement-field-choose" });
    }
    match (person, class, on, kind) {
        (Ok(person), Some(class), Some(on), Some(kind)) => {
            let id = typed.id.parse().unwrap_or_else(|_| guard.ctx.id());
            if typed.anyway.is_empty() {
                let alike = namesakes::of(&req, &guard.ctx, school, &person, Some(id)).await?;
                if !alike.is_empty() {
                    return respond_enrol(&req, &guard, &typed, &[], alike).await;
                }
            }
            match service::enrol(&site.db, &guard.ctx, school.id, id, person, (class, on, kind), place_of(&typed.place)).await {
                Ok(()) => Ok(back(format!("/{}/pupils/{id}/movement?done=enrolled", school.code))),
                Err(Error::Refused("movement.class_closed")) => respond_enrol(&req, &guard, &typed, &[FieldError { field: "class", message: "people-field-class" }], Vec::new()).await,
                Err(other) => Err(other.into()),
            }
        }
        (person, ..) => {
            if let Err(Error::Invalid(more)) = person {
                wrong.extend(more);
            }
            respond_enrol(&req, &guard, &typed, &wrong, Vec::new()).await
        }
    }
}

async fn respond_enrol(req: &HttpRequest, guard: &Guard<EnrolPupils>, typed: &EnrolForm, wrong: &[FieldError], alike: Vec<Alike>) -> Answer {
    let (site, t, school) = (Site::of(req)?, web::page::texts(req)?, guard.school()?);
    let classes = open_classes(&site.db, &guard.ctx, school.id).await?;
    let error = |field: &str| wrong.iter().find(|wrong| wrong.field == field).map(|wrong| t.text(wrong.message));
    let line = |name: &'static str, key: &str, value: &str, need| Input { error: error(name), ..Input::new(name, t.text(key), value, Kind::Line(80), need) };
    let kinds = [ArrivalKind::New, ArrivalKind::Transferred].map(|kind| (kind.as_str().to_owned(), t.text(format!("movement-arrival-{}", kind.as_str().replace('_', "-")))));
    let inputs = vec![
        line("surname", "movement-surname", &typed.surname, Need::Required),
        line("given_name", "movement-given-name", &typed.given_name, Need::Required),
        line("patronymic", "movement-patronymic", &typed.patronymic, Need::Optional),
        Input { error: error("birth_date"), ..Input::new("birth_date", t.text("people-birth-date"), typed.birth_date.clone(), Kind::Day, Need::Optional) },
        Input { error: error("class"), ..Input::new("class", t.text("people-class"), typed.class.clone(), Kind::Choice(choices(&t, &classes)), Need::Required) },
        Input { error: error("on"), ..Input::new("on", t.text("movement-first-day"), typed.on.clone(), Kind::Day, Need::Required) },
        Input { error: error("kind"), ..Input::new("kind", t.text("movement-how"), typed.kind.clone(), Kind::Choice(kinds.into()), Need::Required) },
        Input::new("place", t.text("movement-from-where"), typed.place.clone(), Kind::Line(200), Need::Optional),
    ];
    let view = EnrolPage {
        csrf: csrf::field(req),
        list: format!("/{}/pupils", school.code),
        action: format!("/{}/enrol", school.code),
        id: typed.id.clone(),
        inputs,
        alike,
        has_classes: !classes.is_empty(),
        classes: format!("/{}/classes", school.code),
        t: t.clone(),
    };
    let status = if view.alike.is_empty() { status(wrong) } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(t.text("movement-enrol-title")).narrow().status(status).respond(req, &view)
}

async fn show(req: HttpRequest, guard: Guard<SeeMovement>, path: Path<(String, String)>, query: Asked<Done>) -> Answer {
    let (site, school, pupil) = (Site::of(&req)?, guard.school()?, pupil_of(&path.1)?);
    let history = service::history(&site.db, &guard.ctx, school.id, pupil).await?;
    respond(&req, &guard.ctx, school, pupil, &history, &ActForm::default(), query.done.as_deref(), None).await
}

async fn change_class(req: HttpRequest, guard: Guard<EnrolPupils>, path: Path<(String, String)>, form: Posted<ActForm>) -> Answer {
    let (site, t, school, pupil, typed) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, pupil_of(&path.1)?, form.0);
    let history = service::history(&site.db, &guard.ctx, school.id, pupil).await?;
    let mut wrong = Vec::new();
    let (class, on) = (class_of(&typed.class, &mut wrong), day_of(&typed.class_on, t.day_of(guard.ctx.now()), &mut wrong));
    let (Some(class), Some(on)) = (class, on) else {
        return respond(&req, &guard.ctx, school, pupil, &history, &typed, None, Some(("class", wrong))).await;
    };
    service::change_class(&site.db, &guard.ctx, school.id, pupil, class, on).await?;
    Ok(back(format!("/{}/pupils/{pupil}/movement?done=changed", school.code)))
}

async fn leave(req: HttpRequest, guard: Guard<EnrolPupils>, path: Path<(String, String)>, form: Posted<ActForm>) -> Answer {
    let (site, t, school, pupil, typed) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, pupil_of(&path.1)?, form.0);
    let history = service::history(&site.db, &guard.ctx, school.id, pupil).await?;
    let mut wrong = Vec::new();
    let (reason, on) = (Reason::parse(&typed.reason), day_of(&typed.on, t.day_of(guard.ctx.now()), &mut wrong));
    if reason.is_none() {
        wrong.push(FieldError { field: "reason", message: "movement-field-reason" });
    }
    let (Some(reason), Some(on)) = (reason, on) else {
        return respond(&req, &guard.ctx, school, pupil, &history, &typed, None, Some(("leave", wrong))).await;
    };
    service::leave(&site.db, &guard.ctx, school.id, pupil, reason, on, place_of(&typed.place)).await?;
    Ok(back(format!("/{}/pupils/{pupil}/movement?done=left", school.code)))
}

async fn come_back(req: HttpRequest, guard: Guard<EnrolPupils>, path: Path<(String, String)>, form: Posted<ActForm>) -> Answer {
    let (site, t, school, pupil, typed) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, pupil_of(&path.1)?, form.0);
    let history = service::history(&site.db, &guard.ctx, school.id, pupil).await?;
    let mut wrong = Vec::new();
    let (class, on) = (class_of(&typed.class, &mut wrong), day_of(&typed.on, t.day_of(guard.ctx.now()), &mut wrong));
    let (Some(class), Some(on)) = (class, on) else {
        return respond(&req, &guard.ctx, school, pupil, &history, &typed, None, Some(("return", wrong))).await;
    };
    service::come_back(&site.db, &guard.ctx, school.id, pupil, class, on).await?;
    Ok(back(format!("/{}/pupils/{pupil}/movement?done=returned", school.code)))
}

async fn take_back(req: HttpRequest, guard: Guard<EnrolPupils>, path: Path<(String, String)>, form: Posted<UndoForm>) -> Answer {
    let (site, t, school, pupil) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, pupil_of(&path.1)?);
    let line = read(&form.0.line).ok_or(Error::Refused("movement.followed"));
    // Who was taken back from their only arrival is known to the book no longer; a form sent twice finds the same end.
    match service::history(&site.db, &guard.ctx, school.id, pupil).await {
        Ok(_) => service::take_back(&site.db, &guard.ctx, school.id, pupil, line?, t.day_of(guard.ctx.now())).await?,
        Err(other) => return Err(other.into()),
    }
    match service::history(&site.db, &guard.ctx, school.id, pupil).await {
        Err(Error::NotFound) => Ok(back(format!("/{}/movement?done=undone", school.code))),
        _ => Ok(back(format!("/{}/pupils/{pupil}/movement?done=undone", school.code))),
    }
}

#[expect(clippy::too_many_arguments, reason = "one page, with what was typed into one of its forms")]
async fn respond(req: &HttpRequest, ctx: &Ctx, school: &School, pupil: PersonId, history: &History, typed: &ActForm, done: Option<&str>, wrong: Option<(&'static str, Vec<FieldError>)>) -> Answer {
    let (site, t) = (Site::of(req)?, web::page::texts(req)?);
    trail::read(req, ctx, [Sight::of(school.id, "people.see_movement", Whose::person(pupil))]).await?;
    let may_act = ctx.require::<EnrolPupils>().is_ok();
    let path = format!("/{}/pupils/{pupil}/movement", school.code);
    let forms = if may_act { act_forms(&site.db, ctx, school.id, &t, &path, history, typed, wrong.as_ref()).await? } else { Vec::new() };
    let line = |line: &super::BookLine| Line {
        day: short(line.on_date),
        words: sentence(&t, line),
        order: line.order_id.zip(line.order_number).map(|(id, number)| (format!("/{}/orders/{}", school.code, show_id(id)), t.with("orders-number", [("number", number.to_string())]))),
        undone: line.undone_at.map(|at| t.with("movement-undone", [("date", t.date(at))])),
        undo: (may_act && history.undoable == Some(line.id)).then(|| show_id(line.id)),
    };
    let known = &history.known;
    let view = PupilPage {
        csrf: csrf::field(req),
        name: full_name(&known.surname, &known.given_name, known.patronymic.as_deref()),
        pupil: known.class_id.map(|_| format!("/{}/pupils/{pupil}", school.code)),
        list: format!("/{}/alphabet", school.code),
        where_now: match (&known.class_label, known.last_day) {
            (Some(label), _) => t.with("movement-here", [("class", label.clone())]),
            (None, Some(day)) => t.with("movement-gone", [("date", short(day))]),
            (None, None) => String::new(),
        },
        done: ["enrolled", "changed", "left", "returned", "undone"].into_iter().find(|known| done == Some(*known)).map(|done| t.text(format!("movement-done-{done}"))),
        lines: history.lines.iter().map(line).collect(),
        forms,
        transfer: (may_act && known.class_id.is_some()).then(|| format!("/{}/pupils/{pupil}/transfer", school.code)),
        before: history.before.iter().map(|time| (time.school(t.locale()).to_owned(), time.class_label.clone().unwrap_or_default(), days_of(time.began, time.ended))).collect(),
        path,
        t: t.clone(),
    };
    let status = wrong.as_ref().map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
    Page::new(t.text("movement-pupil-title")).narrow().status(status).respond(req, &view)
}

#[expect(clippy::too_many_arguments, reason = "the forms of one page, with what was typed into one of them")]
async fn act_forms(db: &Db, ctx: &Ctx, school: SchoolId, t: &Texts<'_>, path: &str, history: &History, typed: &ActForm, wrong: Option<&(&'static str, Vec<FieldError>)>) -> kernel::Result<Vec<ActPart>> {
    let mut classes = open_classes(db, ctx, school).await?;
    classes.retain(|class| Some(class.id) != history.known.class_id);
    let today = t.day_of(ctx.now()).to_string();
    let typed_of = |form: &str, text: &str, usual: &str| if wrong.is_some_and(|(of, _)| *of == form) { text.to_owned() } else { usual.to_owned() };
    let error = |form: &str, field: &str| wrong.filter(|(of, _)| *of == form).and_then(|(_, wrong)| wrong.iter().find(|wrong| wrong.field == field)).map(|wrong| t.text(wrong.message));
    let day = |form: &str, name: &'static str, key: &str| {
        let value = typed_of(form, if name == "on" { &typed.on } else { &typed.class_on }, &today);
        Input { error: error(form, "on"), ..Input::new(name, t.text(key), value, Kind::Day, Need::Required) }
    };
    let class = |form: &str| Input { error: error(form, "class"), ..Input::new("class", t.text("movement-to-class"), typed_of(form, &typed.class, ""), Kind::Choice(choices(t, &classes)), Need::Required) };
    let part = |id: &'static str, inputs: Vec<Input>| ActPart {
        id,
        action: format!("{path}/{id}"),
        title: t.text(format!("movement-{id}-title")),
        hint: t.text(format!("movement-{id}-hint")),
        inputs,
        button: t.text(format!("movement-{id}-do")),
        is_open: wrong.is_some_and(|(of, _)| *of == id),
    };
    if history.known.class_id.is_none() {
        return Ok(vec![part("return", vec![class("return"), day("return", "on", "movement-first-day")])]);
    }
    let reasons = std::iter::once((String::new(), t.text("movement-choose"))).chain(Reason::offered().map(|reason| (reason.as_str().to_owned(), t.text(format!("movement-reason-{}", reason.as_str().replace('_', "-"))))));
    let leaving = vec![
        Input { error: error("leave", "reason"), ..Input::new("reason", t.text("movement-reason"), typed_of("leave", &typed.reason, ""), Kind::Choice(reasons.collect()), Need::Required) },
        Input::new("place", t.text("movement-to-where"), typed_of("leave", &typed.place, ""), Kind::Line(200), Need::Optional),
        day("leave", "on", "movement-last-day"),
    ];
    Ok(vec![part("class", vec![class("class"), day("class", "class_on", "movement-first-day-there")]), part("leave", leaving)])
}

async fn open_classes(db: &Db, ctx: &Ctx, school: SchoolId) -> kernel::Result<Vec<Class>> {
    db.run(&ctx.scope, async |tx| classes::classes(tx, school).await).await
}

fn choices(t: &Texts<'_>, classes: &[Class]) -> Vec<(String, String)> {
    let nothing = (String::new(), t.text("movement-choose"));
    std::iter::once(nothing).chain(classes.iter().map(|class| (class.id.to_string(), t.with("people-class-option", (("class", class.label()), ("count", class.pupils)))))).collect()
}

/// `01.09.2026 – 20.10.2026`
fn days_of(from: Option<Date>, to: Option<Date>) -> String {
    let day = |day: Option<Date>| day.map(|day| short(day)).unwrap_or_default();
    format!("{} – {}", day(from), day(to))
}

fn class_of(text: &str, wrong: &mut Vec<FieldError>) -> Option<ClassId> {
    let class = text.parse().ok();
    if class.is_none() {
        wrong.push(FieldError { field: "class", message: "people-field-class" });
    }
    class
}

/// `2026-11-22` as browsers send it, or `22.11.2026` as people type it; not after today: who is where is said of now.
fn day_of(text: &str, today: Date, wrong: &mut Vec<FieldError>) -> Option<Date> {
    let text = text.trim();
    let day: Option<Date> = text.parse().ok().or_else(|| Date::strptime("%d.%m.%Y", text).ok());
    let day = day.filter(|day| *day <= today && day.year() >= 2000);
    if day.is_none() {
        wrong.push(FieldError { field: "on", message: "movement-field-day" });
    }
    day
}

/// One space where several were typed; nothing for nothing.
fn place_of(text: &str) -> Option<String> {
    let place: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect();
    (!place.is_empty()).then_some(place)
}

fn pupil_of(text: &str) -> kernel::Result<PersonId> {
    text.parse().map_err(|_| Error::NotFound)
}

fn status(wrong: &[FieldError]) -> StatusCode {
    if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

fn back(to: String) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, to)).finish()
}
