//! Use cases of staff.

use identity::logins::{self, Act};
use jiff::civil::Date;
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed},
    db::{Db, Tx},
    id::{PersonId, SchoolId, Uuid},
};
use serde_json::json;

use super::{
    ManageStaff, SeeStaff,
    rules::{self, LineKind, NewLine, PensionRule, Period, Seniority},
    store::{self, Employee, Line, PensionAge},
};
use crate::pupils::{
    self, NewPerson,
    card::{self, Card, Field, How},
};

/// How many a page of the list shows.
pub const PAGE: usize = 50;
/// How many a file holds.
pub const FILE: usize = 2_000;

/// Positions whose work is a pedagogue's. To be verified against the list of positions of pedagogues.
const PEDAGOGICAL: [&str; 9] =
    ["director", "deputy", "teacher", "preschool-teacher", "psychologist", "social-pedagogue", "career-counsellor", "speech-therapist", "assistant"];

/// Which way a list goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Way {
    /// From А to Я.
    #[default]
    Forth,
    /// From Я to А.
    Back,
}

/// Whom to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words of the name.
    pub words: String,
    /// One position only.
    pub position: String,
    /// One category only; `none` for who has none.
    pub category: String,
    /// How the post is held.
    pub sort: String,
    /// What ends soon: `category` or `post`.
    pub ends: String,
    /// Which way the alphabet goes.
    pub order: Way,
    /// Go on after this person.
    pub after: Option<PersonId>,
}

/// All that a card shows.
#[derive(Debug)]
pub struct Detail {
    /// Who it is, while they work here.
    pub employee: Option<Employee>,
    /// The card.
    pub card: Card,
    /// Every line, struck out or not.
    pub lines: Vec<Line>,
    /// All work.
    pub total: Seniority,
    /// Work as a pedagogue.
    pub pedagogical: Seniority,
    /// When they may retire, and by which rule; nothing without sex or date of birth.
    pub pension: Option<(Date, PensionAge)>,
}

/// Somebody who reaches the pension age soon.
#[derive(Debug)]
pub struct Retiring {
    /// Who.
    pub employee: Employee,
    /// When.
    pub on: Date,
}

/// Who of the staff retires when.
#[derive(Debug)]
pub struct Forecast {
    /// The earliest first; who could retire already too.
    pub retiring: Vec<Retiring>,
    /// Of whom sex or date of birth is not written down.
    pub unknown: Vec<Employee>,
    /// Everybody who works here.
    pub all: usize,
    /// The rules, with their acts.
    pub rules: Vec<PensionAge>,
}

/// Lists who works at the school: at most `most`, and whether more follow.
pub async fn members(db: &Db, ctx: &Ctx, school: SchoolId, filter: &Filter, today: Date, most: usize) -> Result<(Vec<Employee>, bool)> {
    ctx.require::<SeeStaff>()?;
    let words: String = filter.words.trim().chars().take(100).collect();
    let limit = i64::try_from(most + 1).unwrap_or(i64::MAX);
    let key = (school, today, words, filter.position.clone(), filter.category.clone(), filter.sort.clone(), filter.after, None, filter.ends.clone(), limit);
    let query = if filter.order == Way::Back { &store::EMPLOYEE_LIST_BACK } else { &store::EMPLOYEE_LIST };
    let mut found = db.run(&ctx.scope, async |tx| query.all(tx, key).await).await?;
    let more = found.len() > most;
    found.truncate(most);
    Ok((found, more))
}

/// Notes that the list left the house as a file.
pub async fn note_export(db: &Db, ctx: &Ctx, school: SchoolId, rows: usize) -> Result<()> {
    let deed = Deed { school, action: "people.export_staff", subject_kind: "organisation", subject: Some(school.0), detail: json!({ "rows": rows }) };
    db.run(&ctx.scope, async |tx| audit::record(tx, ctx, deed).await).await
}

/// Somebody's card.
///
/// # Errors
/// `NotFound` for who never worked here.
pub async fn of(db: &Db, ctx: &Ctx, school: SchoolId, id: PersonId, today: Date) -> Result<Detail> {
    ctx.require::<SeeStaff>()?;
    db.run(&ctx.scope, async |tx| {
        store::KNOWN_FIND.one(tx, (school, id)).await?;
        let nothing = String::new;
        let key = (school, today, nothing(), nothing(), nothing(), nothing(), None, Some(id), nothing(), 1);
        let employee = store::EMPLOYEE_LIST.opt(tx, key).await?;
        let card = card::card(tx, school, id).await?;
        let lines = store::LINE_LIST.all(tx, (school, id)).await?;
        let ages = store::PENSION_LIST.all(tx, ()).await?;
        let pension = pension_of(card.person.birth_date, card.person.sex.as_deref(), &ages);
        let worked = |counts: fn(&Line) -> bool| rules::seniority(&lines.iter().filter(|line| counts(line)).map(period).collect::<Vec<_>>(), today);
        Ok(Detail { total: worked(is_work), pedagogical: worked(|line| is_work(line) && is_pedagogical(line)), employee, card, lines, pension })
    })
    .await
}

fn period(line: &Line) -> Period {
    Period { from: line.valid_from, to: line.valid_to }
}

fn is_work(line: &Line) -> bool {
    line.struck_at.is_none() && matches!(LineKind::parse(&line.kind), Some(LineKind::Post | LineKind::Period))
}

fn is_pedagogical(line: &Line) -> bool {
    line.is_pedagogical.unwrap_or_else(|| PEDAGOGICAL.contains(&line.title.as_str()))
}

fn pension_of(born: Option<Date>, sex: Option<&str>, ages: &[PensionAge]) -> Option<(Date, PensionAge)> {
    let (born, sex) = (born?, sex?);
    let own: Vec<&PensionAge> = ages.iter().filter(|age| age.sex == sex).collect();
    let rules: Vec<PensionRule> = own.iter().map(|age| PensionRule { from: age.valid_from, months: age.months }).collect();
    let on = rules::pension_date(born, &rules)?;
    let rule = own.into_iter().rev().find(|age| age.valid_from <= on)?;
    Some((on, rule.clone()))
}

/// Who reaches the pension age until a day.
pub async fn forecast(db: &Db, ctx: &Ctx, school: SchoolId, today: Date, until: Date) -> Result<Forecast> {
    let (employees, _) = members(db, ctx, school, &Filter::default(), today, FILE).await?;
    let ages = db.run(&ctx.scope, async |tx| store::PENSION_LIST.all(tx, ()).await).await?;
    let mut forecast = Forecast { retiring: Vec::new(), unknown: Vec::new(), all: employees.len(), rules: Vec::new() };
    for employee in employees {
        match pension_of(employee.birth_date, employee.sex.as_deref(), &ages) {
            Some((on, _)) if on <= until => forecast.retiring.push(Retiring { employee, on }),
            Some(_) => {}
            None => forecast.unknown.push(employee),
        }
    }
    forecast.retiring.sort_by_key(|one| one.on);
    forecast.rules = ages;
    Ok(forecast)
}

/// Writes a new employee down with their first post.
pub async fn hire(db: &Db, ctx: &Ctx, school: SchoolId, person: NewPerson, sex: Option<String>, row: Uuid, post: NewLine) -> Result<PersonId> {
    ctx.require::<ManageStaff>()?;
    let from = post.from;
    db.run(&ctx.scope, async |tx| {
        let id = pupils::add_person(tx, ctx, school, person, from).await?;
        if sex.is_some() {
            card::change(tx, ctx, school, id, &[(Field::Sex, sex)], &How::Changed(from)).await?;
        }
        add_line(tx, ctx, school, id, row, post).await?;
        note(tx, ctx, school, "people.hire", id, json!({})).await?;
        Ok(id)
    })
    .await
}

/// Adds a line. Sent twice with one id, it is added once.
pub async fn add(db: &Db, ctx: &Ctx, school: SchoolId, id: PersonId, row: Uuid, line: NewLine) -> Result<()> {
    ctx.require::<ManageStaff>()?;
    db.run(&ctx.scope, async |tx| {
        store::KNOWN_FIND.one(tx, (school, id)).await?;
        add_line(tx, ctx, school, id, row, line).await
    })
    .await
}

async fn add_line(tx: &Tx, ctx: &Ctx, school: SchoolId, id: PersonId, row: Uuid, line: NewLine) -> Result<()> {
    let NewLine { kind, title, detail, sort, rate, is_pedagogical, from, to, document, document_date } = line;
    let row_of = (school, row, id, kind.as_str(), title, detail, sort, rate, is_pedagogical, from, to, document, document_date, ctx.person()?, ctx.now());
    if store::LINE_ADD.run(tx, row_of).await? == 0 {
        return Ok(());
    }
    note(tx, ctx, school, "people.add_staff_line", id, json!({ "line": kernel::id::show(row), "kind": kind.as_str() })).await
}

/// Ends a line on its last day.
pub async fn end(db: &Db, ctx: &Ctx, school: SchoolId, id: PersonId, line: Uuid, last: Date) -> Result<()> {
    ctx.require::<ManageStaff>()?;
    db.run(&ctx.scope, async |tx| {
        store::KNOWN_FIND.one(tx, (school, id)).await?;
        if store::LINE_END.run(tx, (school, id, line, last)).await? == 0 {
            return Ok(());
        }
        note(tx, ctx, school, "people.end_staff_line", id, json!({ "line": kernel::id::show(line), "last": last })).await
    })
    .await
}

/// Strikes a line out that was a mistake.
pub async fn strike(db: &Db, ctx: &Ctx, school: SchoolId, id: PersonId, line: Uuid, reason: String) -> Result<()> {
    ctx.require::<ManageStaff>()?;
    let me = ctx.person()?;
    db.run(&ctx.scope, async |tx| {
        store::KNOWN_FIND.one(tx, (school, id)).await?;
        if store::LINE_STRIKE.run(tx, (school, id, line, reason, me, ctx.now())).await? == 0 {
            return Ok(());
        }
        note(tx, ctx, school, "people.strike_staff_line", id, json!({ "line": kernel::id::show(line) })).await
    })
    .await
}

/// Ends every post on the last day, and every office at the school now.
///
/// # Errors
/// A refusal for oneself, for the last administrator, and for who holds what the actor may not give.
pub async fn dismiss(act: &Act<'_>, last: Date) -> Result<()> {
    act.ctx.require::<ManageStaff>()?;
    let (school, id, ctx) = (act.school, act.person, act.ctx);
    act.site
        .db
        .run(&ctx.scope, async |tx| {
            store::KNOWN_FIND.one(tx, (school, id)).await?;
            let posts = store::POST_END_ALL.run(tx, (school, id, last)).await?;
            let roles = logins::end_all(tx, act).await?;
            if posts + roles == 0 {
                return Ok(());
            }
            note(tx, ctx, school, "people.dismiss", id, json!({ "last": last, "posts": posts, "roles": roles })).await
        })
        .await
}

/// The card of somebody who works here, for who changes it.
pub async fn card_to_edit(db: &Db, ctx: &Ctx, school: SchoolId, id: PersonId) -> Result<Card> {
    ctx.require::<ManageStaff>()?;
    db.run(&ctx.scope, async |tx| {
        store::KNOWN_FIND.one(tx, (school, id)).await?;
        card::card(tx, school, id).await
    })
    .await
}

/// Changes the card of somebody who works here.
pub async fn change(db: &Db, ctx: &Ctx, school: SchoolId, id: PersonId, wanted: &[(Field, Option<String>)], how: &How) -> Result<()> {
    ctx.require::<ManageStaff>()?;
    db.run(&ctx.scope, async |tx| {
        store::KNOWN_FIND.one(tx, (school, id)).await?;
        card::change(tx, ctx, school, id, wanted, how).await.map(drop)
    })
    .await
}

/// The last day of a post as typed: today where nothing is typed.
pub fn last_day(typed: &str, today: Date) -> Result<Date> {
    if typed.trim().is_empty() {
        return Ok(today);
    }
    card::rules::day(typed).filter(|day| *day <= today && day.year() >= 1990).ok_or_else(|| Error::invalid("last", "staff-wrong-last"))
}

async fn note(tx: &Tx, ctx: &Ctx, school: SchoolId, action: &'static str, id: PersonId, detail: serde_json::Value) -> Result<()> {
    audit::record(tx, ctx, Deed { school, action, subject_kind: "person", subject: Some(id.0), detail }).await
}
