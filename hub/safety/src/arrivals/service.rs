//! Use cases of arrivals: the times of shifts, and today's missing.

use jiff::{Timestamp, ToSpan, civil::Date};
use kernel::{
    Ctx, Result,
    audit::{self, Deed},
    db::{Db, Tx},
    id::{ClassId, SchoolId},
};
use serde_json::json;

use super::{
    SeeArrivals, SetArrivals,
    rules::{self, Rule},
    store::{self, Callee, Missing, Morning},
};

/// The times of a school's shifts, by shift.
pub type Times = [Option<Rule>; 3];

/// A day as a school has it: the day, when it begins there, and when the next does.
#[derive(Debug, Clone, Copy)]
pub struct Today {
    /// The day.
    pub day: Date,
    /// When it begins.
    pub begins: Timestamp,
    /// When the next one begins.
    pub ends: Timestamp,
}

/// What the page shows.
#[derive(Debug)]
pub struct Found {
    /// Who was missing.
    pub missing: Vec<Missing>,
    /// Whom to call.
    pub callees: Vec<Callee>,
    /// What was looked at today.
    pub mornings: Vec<Morning>,
    /// The times that hold.
    pub times: Times,
}

/// Today's missing of the classes that may be seen.
pub async fn today(db: &Db, ctx: &Ctx, school: SchoolId, today: Today, class: Option<ClassId>, words: &str) -> Result<Found> {
    let bounds = ctx.within::<SeeArrivals>()?;
    let words: String = words.trim().chars().take(100).collect();
    db.run(&ctx.scope, async |tx| {
        let missing = store::MISSING_LIST.all(tx, (school, today.day, today.begins, today.ends, bounds.classes(), class, words)).await?;
        let pupils = missing.iter().map(|one| one.pupil_id).collect();
        Ok(Found {
            callees: store::CALLEE_LIST.all(tx, (school, today.day, pupils)).await?,
            mornings: store::MORNING_LIST.all(tx, (school, today.day)).await?,
            times: held(tx, school, today.day).await?,
            missing,
        })
    })
    .await
}

/// The times as they hold on a day; those of tomorrow on the page that sets them.
pub async fn times(db: &Db, ctx: &Ctx, school: SchoolId, day: Date) -> Result<Times> {
    ctx.require::<SetArrivals>()?;
    db.run(&ctx.scope, async |tx| held(tx, school, day).await).await
}

/// Sets the times of all shifts, those that change. `minute` is the minute of the day at the school. Sent twice, it is set once.
pub async fn set(db: &Db, ctx: &Ctx, school: SchoolId, wanted: Times, today: Date, minute: i16) -> Result<()> {
    ctx.require::<SetArrivals>()?;
    let me = ctx.person()?;
    db.run(&ctx.scope, async |tx| {
        let now = held(tx, school, today).await?;
        let next = held(tx, school, today.saturating_add(1.day())).await?;
        let changes = rules::SHIFTS.into_iter().zip(now).zip(next).zip(wanted).filter(|(((_, _), next), new)| next != new);
        let changes: Vec<(i16, Date, Option<Rule>)> = changes.map(|(((shift, old), _), new)| (shift, rules::holds_from(today, minute, old, new), new)).collect();
        if changes.is_empty() {
            return Ok(());
        }
        let shifts = || changes.iter().map(|change| change.0).collect::<Vec<_>>();
        let from = || changes.iter().map(|change| change.1).collect::<Vec<_>>();
        let starts = || changes.iter().map(|change| change.2.map(|rule| rule.starts)).collect::<Vec<_>>();
        let after = || changes.iter().map(|change| change.2.map(|rule| rule.after)).collect::<Vec<_>>();
        store::RULE_SET.run(tx, (school, me, ctx.now(), shifts(), from(), starts(), after())).await?;
        store::RULE_LATER.run(tx, (school, me, ctx.now(), shifts(), from(), starts(), after())).await?;
        let told = |(shift, from, new): &(i16, Date, Option<Rule>)| json!({ "shift": shift, "from": from.to_string(), "starts": new.map(Rule::clock), "after": new.map(|rule| rule.after) });
        let told: Vec<_> = changes.iter().map(told).collect();
        audit::record(tx, ctx, Deed { school, action: "safety.set_arrivals", subject_kind: "school", subject: Some(school.0), detail: json!({ "shifts": told }) }).await
    })
    .await
}

async fn held(tx: &Tx, school: SchoolId, day: Date) -> Result<Times> {
    let rows = store::RULE_LIST.all(tx, (school, day)).await?;
    let of = |shift: i16| rows.iter().find(|row| row.shift == shift).and_then(|row| Some(Rule { starts: row.starts_minute?, after: row.tell_after? }));
    Ok(rules::SHIFTS.map(of))
}
