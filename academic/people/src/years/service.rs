//! Use cases of the calendar.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed},
    db::{Db, Tx},
    id::{SchoolId, Uuid, show},
};
use serde_json::json;

use super::{
    SeeCalendar, SetCalendar,
    rules::{Calendar, Span, SpanKind},
    store::{self, OwnDay},
};

/// What holds at a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Norm {
    /// The last grade.
    pub last_grade: i16,
    /// How many days a week it works.
    pub week_days: i8,
}

/// What the page shows.
#[derive(Debug)]
pub struct YearPage {
    /// The calendar.
    pub calendar: Calendar,
    /// Stretches with their acts.
    pub spans: Vec<(SpanKind, Span, String)>,
    /// By which law days are off.
    pub days_off_basis: String,
    /// The school's own days.
    pub own: Vec<OwnDay>,
    /// What holds at the school.
    pub norm: Norm,
    /// Years that are known.
    pub years: Vec<i16>,
}

/// What holds at a school today: its last grade, and the days it works.
pub async fn norm(tx: &Tx, school: SchoolId, today: Date) -> Result<Norm> {
    let row = store::NORM_FIND.one(tx, (school, today)).await?;
    Ok(Norm { last_grade: row.last_grade, week_days: i8::try_from(row.week_days).unwrap_or(5) })
}

/// The calendar of a year (the one it begins in) as a school keeps it.
pub async fn calendar(tx: &Tx, school: SchoolId, year: i16, today: Date) -> Result<Calendar> {
    load(tx, school, year, today).await.map(|page| page.calendar)
}

/// The years that are known with their stretches, the earliest first: of days off and of the school's own days they say nothing.
pub async fn all(db: &Db, ctx: &Ctx) -> Result<Vec<Calendar>> {
    ctx.require::<SeeCalendar>()?;
    let rows = db.run(&ctx.scope, async |tx| store::SPAN_ALL.all(tx, ()).await).await?;
    let mut years: BTreeMap<i16, Calendar> = BTreeMap::new();
    for row in rows {
        let Some(kind) = SpanKind::parse(&row.kind) else { continue };
        let blank = || Calendar { year: row.year, spans: BTreeMap::new(), days_off: BTreeSet::new(), own: BTreeMap::new(), week_days: 5 };
        years.entry(row.year).or_insert_with(blank).spans.insert(kind, Span { starts: row.starts, ends: row.ends });
    }
    Ok(years.into_values().collect())
}

/// The years that are known, the earliest first.
pub async fn known(tx: &Tx) -> Result<Vec<i16>> {
    Ok(store::YEAR_LIST.all(tx, ()).await?.into_iter().map(|row| row.year).collect())
}

async fn load(tx: &Tx, school: SchoolId, year: i16, today: Date) -> Result<YearPage> {
    let norm = norm(tx, school, today).await?;
    let rows = store::SPAN_LIST.all(tx, (year,)).await?;
    let spans: Vec<(SpanKind, Span, String)> =
        rows.into_iter().filter_map(|row| Some((SpanKind::parse(&row.kind)?, Span { starts: row.starts, ends: row.ends }, row.basis))).collect();
    // A margin for working days that are counted from the last days of the year.
    let around = (Date::new(year, 7, 1), Date::new(year.saturating_add(1), 9, 30));
    let (Ok(first), Ok(last)) = around else { return Err(Error::NotFound) };
    let days_off = store::DAY_OFF_LIST.all(tx, (first, last)).await?;
    let days_off_basis = days_off.first().map(|row| row.basis.clone()).unwrap_or_default();
    let own = store::OWN_DAY_LIST.all(tx, (school, first, last)).await?;
    let calendar = Calendar {
        year,
        spans: spans.iter().map(|(kind, span, _)| (*kind, *span)).collect(),
        days_off: days_off.into_iter().map(|row| row.day).collect(),
        own: own.iter().map(|day| (day.day, day.kind == "on")).collect(),
        week_days: norm.week_days,
    };
    let years = store::YEAR_LIST.all(tx, ()).await?.into_iter().map(|row| row.year).collect();
    Ok(YearPage { calendar, spans, days_off_basis, own, norm, years })
}

/// All that the page shows of a year.
pub async fn year_page(db: &Db, ctx: &Ctx, school: SchoolId, year: i16, today: Date) -> Result<YearPage> {
    ctx.require::<SeeCalendar>()?;
    db.run(&ctx.scope, async |tx| load(tx, school, year, today).await).await
}

/// Says what the school does on a day. Sent twice, it is said once.
pub async fn set_day(db: &Db, ctx: &Ctx, school: SchoolId, id: Uuid, day: Date, has_lessons: bool, reason: String) -> Result<()> {
    ctx.require::<SetCalendar>()?;
    let kind = if has_lessons { "on" } else { "off" };
    db.run(&ctx.scope, async |tx| {
        if store::OWN_DAY_ADD.run(tx, (school, id, day, kind, reason, ctx.now(), ctx.person().ok())).await? == 0 {
            return Ok(());
        }
        note(tx, ctx, school, "people.set_day", json!({ "day": day.to_string(), "kind": kind, "id": show(id) })).await
    })
    .await
}

/// Takes the school's word about a day back.
pub async fn remove_day(db: &Db, ctx: &Ctx, school: SchoolId, id: Uuid) -> Result<()> {
    ctx.require::<SetCalendar>()?;
    db.run(&ctx.scope, async |tx| {
        if store::OWN_DAY_REMOVE.run(tx, (school, id, ctx.now(), ctx.person().ok())).await? == 0 {
            return Ok(());
        }
        note(tx, ctx, school, "people.remove_day", json!({ "id": show(id) })).await
    })
    .await
}

/// Says what holds at the school.
pub async fn set_norm(db: &Db, ctx: &Ctx, school: SchoolId, norm: Norm) -> Result<()> {
    ctx.require::<SetCalendar>()?;
    db.run(&ctx.scope, async |tx| {
        let row = (school, norm.last_grade, i16::from(norm.week_days), ctx.now(), ctx.person().ok());
        if store::NORM_SET.run(tx, row).await? == 0 {
            return Ok(());
        }
        note(tx, ctx, school, "people.set_norm", json!({ "last_grade": norm.last_grade, "week_days": norm.week_days })).await
    })
    .await
}

async fn note(tx: &Tx, ctx: &Ctx, school: SchoolId, action: &'static str, detail: serde_json::Value) -> Result<()> {
    audit::record(tx, ctx, Deed { school, action, subject_kind: "school", subject: Some(school.0), detail }).await
}
