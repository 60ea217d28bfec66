//! `/{school}/calendar`: the year at a glance by quarter, and what the school says otherwise.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
    web::{ServiceConfig, get, post},
};
use askama::Template;
use identity::Guard;
use jiff::{ToSpan, civil::Date};
use kernel::{
    Error,
    error::FieldError,
    id::{Uuid, read, show as show_id},
};
use serde::Deserialize;
use web::{
    Answer, Page, Site, Texts,
    csrf::{self, CsrfField},
    form::{Asked, Posted},
};

use super::{
    SeeCalendar, SetCalendar,
    rules::{Calendar, Day, Span, short, year_of},
    service::{self, Norm, YearPage},
};
use crate::inputs::{Input, Kind, Need};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/{school}/calendar", get().to(show))
        .route("/{school}/calendar/days", post().to(set_day))
        .route("/{school}/calendar/days/remove", post().to(remove_day))
        .route("/{school}/calendar/norm", post().to(set_norm));
}

#[derive(Debug, Deserialize)]
struct YearQuery {
    year: Option<String>,
    done: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct DayForm {
    #[serde(default)]
    id: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Deserialize)]
struct RemoveForm {
    #[serde(default)]
    id: String,
}

#[derive(Debug, Deserialize)]
struct NormForm {
    #[serde(default)]
    last_grade: String,
    #[serde(default)]
    week_days: String,
}

#[derive(Template)]
#[template(path = "calendar.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    school_name: &'a str,
    path: String,
    title: String,
    done: Option<String>,
    years: Vec<(i16, String)>,
    year: i16,
    today: String,
    quarters: Vec<Quarter>,
    spans: Vec<(String, String, String)>,
    own: Vec<(String, String, String, String)>,
    /// Days off by law within the year.
    days_off: Vec<String>,
    days_off_basis: String,
    editor: Option<Editor>,
}

struct Editor {
    id: String,
    day: Vec<Input>,
    norm: Vec<Input>,
}

struct Quarter {
    title: String,
    weekdays: Vec<(String, String)>,
    weeks: Vec<(String, Vec<Cell>)>,
}

struct Cell {
    text: String,
    class: &'static str,
    /// What a screen reader and a pointer hear.
    label: String,
    is_today: bool,
}

async fn show(req: HttpRequest, guard: Guard<SeeCalendar>, query: Asked<YearQuery>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let today = t.day_of(guard.ctx.now());
    let year = query.year.as_deref().and_then(|year| year.parse().ok()).unwrap_or_else(|| year_of(today));
    let page = service::year_page(&site.db, &guard.ctx, school.id, year, today).await?;
    let may_set = guard.ctx.require::<SetCalendar>().is_ok();
    let form = DayForm { id: show_id(guard.ctx.id::<Uuid>()), ..DayForm::default() };
    respond(&req, school, &page, today, may_set.then_some(&form), query.done.as_deref(), &[])
}

async fn set_day(req: HttpRequest, guard: Guard<SetCalendar>, form: Posted<DayForm>) -> Answer {
    let (site, t, school, typed) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?, form.0);
    let today = t.day_of(guard.ctx.now());
    let day = read_day(&typed.day);
    let year = day.map_or_else(|| year_of(today), year_of);
    let page = service::year_page(&site.db, &guard.ctx, school.id, year, today).await?;
    let reason = typed.reason.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut wrong = Vec::new();
    let within = day.filter(|day| page.calendar.whole().is_some_and(|whole| whole.holds(*day)));
    if within.is_none() {
        wrong.push(FieldError { field: "day", message: "years-field-day" });
    } else if within.is_some_and(|day| page.calendar.own.contains_key(&day)) {
        wrong.push(FieldError { field: "day", message: "years-field-taken" });
    }
    if !(1..=200).contains(&reason.chars().count()) {
        wrong.push(FieldError { field: "reason", message: "years-field-reason" });
    }
    match within.filter(|_| wrong.is_empty()) {
        Some(day) => {
            let id = read(&typed.id).unwrap_or_else(|| guard.ctx.id());
            service::set_day(&site.db, &guard.ctx, school.id, id, day, typed.kind == "on", reason).await?;
            Ok(back(&school.code, year, "day"))
        }
        None => respond(&req, school, &page, today, Some(&typed), None, &wrong),
    }
}

async fn remove_day(req: HttpRequest, guard: Guard<SetCalendar>, form: Posted<RemoveForm>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    if let Some(id) = read(&form.0.id) {
        service::remove_day(&site.db, &guard.ctx, school.id, id).await?;
    }
    Ok(back(&school.code, year_of(t.day_of(guard.ctx.now())), "removed"))
}

async fn set_norm(req: HttpRequest, guard: Guard<SetCalendar>, form: Posted<NormForm>) -> Answer {
    let (site, t, school) = (Site::of(&req)?, web::page::texts(&req)?, guard.school()?);
    let last_grade = form.0.last_grade.parse().ok().filter(|grade| (4..=12).contains(grade));
    let week_days = form.0.week_days.parse().ok().filter(|days| (5..=6).contains(days));
    let (Some(last_grade), Some(week_days)) = (last_grade, week_days) else {
        return Err(Error::invalid("last_grade", "years-field-norm").into());
    };
    service::set_norm(&site.db, &guard.ctx, school.id, Norm { last_grade, week_days }).await?;
    Ok(back(&school.code, year_of(t.day_of(guard.ctx.now())), "norm"))
}

fn respond(req: &HttpRequest, school: &identity::schools::School, page: &YearPage, today: Date, form: Option<&DayForm>, done: Option<&str>, wrong: &[FieldError]) -> Answer {
    let t = web::page::texts(req)?;
    let title = t.with("years-title", [("years", years_words(page.calendar.year))]);
    let day = |day: &Date| short(*day);
    let view = View {
        csrf: csrf::field(req),
        school_name: school.name(t.locale()),
        path: format!("/{}/calendar", school.code),
        title: title.clone(),
        done: ["day", "removed", "norm"].into_iter().find(|known| done == Some(*known)).map(|done| t.text(format!("years-done-{done}"))),
        years: page.years.iter().map(|year| (*year, years_words(*year))).collect(),
        year: page.calendar.year,
        today: today_words(&t, &page.calendar, today),
        quarters: page.calendar.quarters().into_iter().zip(1_usize..).map(|(span, number)| quarter(&t, &page.calendar, span, number, today)).collect(),
        spans: page.spans.iter().map(|(kind, span, basis)| (t.text(format!("years-span-{}", kind.as_str().replace('_', "-"))), format!("{} – {}", day(&span.starts), day(&span.ends)), basis.clone())).collect(),
        own: page.own.iter().map(|own| (show_id(own.id), day(&own.day), t.text(format!("years-own-{}", own.kind)), own.reason.clone())).collect(),
        days_off: page.calendar.days_off.iter().filter(|off| page.calendar.whole().is_some_and(|whole| whole.holds(**off))).map(day).collect(),
        days_off_basis: page.days_off_basis.clone(),
        editor: form.map(|form| editor(&t, page, form, wrong)),
        t: t.clone(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(title).status(status).respond(req, &view)
}

fn editor(t: &Texts<'_>, page: &YearPage, form: &DayForm, wrong: &[FieldError]) -> Editor {
    let error = |field: &str| wrong.iter().find(|wrong| wrong.field == field).map(|wrong| t.text(wrong.message));
    let kinds = ["off", "on"].map(|kind| (kind.to_owned(), t.text(format!("years-own-{kind}"))));
    let grades = (9_i16..=12).map(|grade| (grade.to_string(), grade.to_string()));
    let days = [5_i8, 6].map(|days| (days.to_string(), days.to_string()));
    Editor {
        id: form.id.clone(),
        day: vec![
            Input { error: error("day"), ..Input::new("day", t.text("years-day"), form.day.clone(), Kind::Day, Need::Required) },
            Input::new("kind", t.text("years-what"), form.kind.clone(), Kind::Choice(kinds.into()), Need::Required),
            Input { error: error("reason"), ..Input::new("reason", t.text("years-reason"), form.reason.clone(), Kind::Line(200), Need::Required) },
        ],
        norm: vec![
            Input::new("last_grade", t.text("years-last-grade"), page.norm.last_grade.to_string(), Kind::Choice(grades.collect()), Need::Required),
            Input::new("week_days", t.text("years-week-days"), page.norm.week_days.to_string(), Kind::Choice(days.into()), Need::Required),
        ],
    }
}

/// `2026/27`
fn years_words(year: i16) -> String {
    format!("{year}/{:02}", year.saturating_add(1).rem_euclid(100))
}

fn today_words(t: &Texts<'_>, calendar: &Calendar, today: Date) -> String {
    let what = t.text(day_key(calendar.day(today, 0)));
    match calendar.quarter(today) {
        Some(number) => t.with("years-today-in-quarter", (("date", t.day(today)), ("number", number.to_string()), ("what", what))),
        None => t.with("years-today", (("date", t.day(today)), ("what", what))),
    }
}

fn day_key(day: Day) -> &'static str {
    match day {
        Day::Outside => "years-is-outside",
        Day::Break(_) => "years-is-break",
        Day::Holiday => "years-is-holiday",
        Day::OwnOff => "years-is-own-off",
        Day::Weekend => "years-is-weekend",
        Day::Lessons => "years-is-lessons",
    }
}

fn quarter(t: &Texts<'_>, calendar: &Calendar, span: Span, number: usize, today: Date) -> Quarter {
    let monday = span.starts.saturating_sub(i64::from(span.starts.weekday().to_monday_zero_offset()).days());
    let weeks = monday.series(7.days()).take_while(|first| *first <= span.ends);
    let args = (("number", number.to_string()), ("from", short(span.starts)), ("to", short(span.ends)), ("count", i64::try_from(calendar.school_days(span, 0)).unwrap_or_default()));
    Quarter {
        title: t.with("years-quarter", args),
        weekdays: (1..=7).map(|day| (t.text(format!("weekday-short-{day}")), t.text(format!("weekday-{day}")))).collect(),
        weeks: weeks.map(|first| (t.text(format!("month-{}", first.max(span.starts).month())), first.series(1.day()).take(7).map(|day| cell(t, calendar, span, day, today)).collect())).collect(),
    }
}

fn cell(t: &Texts<'_>, calendar: &Calendar, span: Span, day: Date, today: Date) -> Cell {
    if !span.holds(day) {
        return Cell { text: String::new(), class: "", label: String::new(), is_today: false };
    }
    // The week of the first grade's own break is a week of lessons for all others.
    let is = calendar.day(day, 0);
    let grade1 = is == Day::Lessons && calendar.day(day, 1) != Day::Lessons;
    let class = match is {
        Day::Lessons if grade1 => "sh-year-first",
        Day::Lessons => "",
        Day::Holiday => "sh-year-holiday",
        Day::OwnOff => "sh-year-own",
        Day::Outside | Day::Break(_) | Day::Weekend => "sh-year-off",
    };
    let what = if grade1 { t.text("years-span-grade1-break") } else { t.text(day_key(is)) };
    Cell { text: day.day().to_string(), class, label: format!("{}: {what}", short(day)), is_today: day == today }
}

/// `2026-12-01` as browsers send it, or `01.12.2026` as people type it.
fn read_day(text: &str) -> Option<Date> {
    let text = text.trim();
    text.parse().ok().or_else(|| Date::strptime("%d.%m.%Y", text).ok())
}

fn back(code: &str, year: i16, done: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, format!("/{code}/calendar?year={year}&done={done}"))).finish()
}
