//! Reading what a guardian may see.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use kernel::{
    Ctx, Error, Result,
    db::Db,
    id::{PersonId, SchoolId},
};

use super::{
    SeeOwnChildren,
    rules,
    store::{CHILD_LIST, ChildRow, HAPPENING_LIST, HappeningRow},
};
use identity::Child;

/// At most so many happenings on a page of history.
const HISTORY_LIMIT: usize = 60;
/// At most so many happenings of all children today; a hundred doors a day is a test, not a child.
const TODAY_LIMIT: i64 = 400;

/// A child with today's happenings, newest first.
#[derive(Debug)]
pub struct Today {
    /// The child.
    pub child: ChildRow,
    /// Newest first.
    pub happenings: Vec<HappeningRow>,
}

/// A page of a child's history.
#[derive(Debug)]
pub struct History {
    /// The child.
    pub child: ChildRow,
    /// The days, newest first.
    pub days: Vec<(Date, Vec<HappeningRow>)>,
    /// The day before which the next page begins.
    pub next: Option<Date>,
}

/// All children with their day so far.
pub async fn show_today(db: &Db, ctx: &Ctx, children: &[Child]) -> Result<Vec<Today>> {
    ctx.require::<SeeOwnChildren>()?;
    let (schools, persons) = columns(children);
    db.run(&ctx.scope, async |tx| {
        let rows = CHILD_LIST.all(tx, (schools.clone(), persons.clone())).await?;
        // Children of one family may go to schools in two zones: the earliest midnight is asked for, each child's own decides.
        let Some(midnight) = rows.iter().filter_map(|row| start_of_today(row, ctx.now())).min() else { return Ok(Vec::new()) };
        let happenings = HAPPENING_LIST.all(tx, (schools, persons, midnight, tomorrow(ctx.now()), TODAY_LIMIT)).await?;
        Ok(each_with_its_own(rows, &happenings, ctx.now()))
    })
    .await
}

/// A page of one child's days. `before` is the day that the page before ended with.
pub async fn show_history(db: &Db, ctx: &Ctx, children: &[Child], person: PersonId, before: Option<Date>) -> Result<History> {
    ctx.require::<SeeOwnChildren>()?;
    let own: Vec<Child> = children.iter().filter(|child| child.person == person).copied().collect();
    let (schools, persons) = columns(&own);
    db.run(&ctx.scope, async |tx| {
        let child = CHILD_LIST.all(tx, (schools.clone(), persons.clone())).await?.into_iter().next().ok_or(Error::NotFound)?;
        let zone = zone_of(&child);
        let until = before.and_then(|day| start_of(day, &zone)).unwrap_or_else(|| tomorrow(ctx.now()));
        let limit = i64::try_from(HISTORY_LIMIT).unwrap_or(i64::MAX);
        let happenings = HAPPENING_LIST.all(tx, (schools, persons, Timestamp::UNIX_EPOCH, until, limit)).await?;
        let (days, next) = rules::by_day(happenings, HISTORY_LIMIT, |happening| happening.occurred_at.to_zoned(zone.clone()).date());
        Ok(History { child, days, next })
    })
    .await
}

/// The zone of a child's school.
pub fn zone_of(child: &ChildRow) -> TimeZone {
    TimeZone::get(&child.zone).unwrap_or(TimeZone::UTC)
}

fn columns(children: &[Child]) -> (Vec<SchoolId>, Vec<PersonId>) {
    children.iter().map(|child| (child.school, child.person)).unzip()
}

fn each_with_its_own(rows: Vec<ChildRow>, happenings: &[HappeningRow], now: Timestamp) -> Vec<Today> {
    let mut today: Vec<Today> = Vec::new();
    for child in rows {
        if today.iter().any(|known| known.child.person_id == child.person_id) {
            continue;
        }
        let since = start_of_today(&child, now).unwrap_or(now);
        let own = |happening: &&HappeningRow| happening.person_id == child.person_id && happening.occurred_at >= since;
        let happenings = happenings.iter().filter(own).cloned().collect();
        today.push(Today { child, happenings });
    }
    today
}

fn start_of_today(child: &ChildRow, now: Timestamp) -> Option<Timestamp> {
    let zone = zone_of(child);
    start_of(now.to_zoned(zone.clone()).date(), &zone)
}

fn start_of(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    day.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp())
}

/// A clock of a terminal may run ahead of ours by what the engine still takes at its word.
fn tomorrow(now: Timestamp) -> Timestamp {
    now + jiff::SignedDuration::from_hours(24)
}
