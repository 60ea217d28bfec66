//! The watch: every minute, which mornings are due, and what each of them means. One transaction a morning, so that one school's trouble
//! is nobody else's; run twice, or by two instances at once, a morning is told once.

use std::ops::RangeInclusive;

use futures_util::future::{FutureExt, LocalBoxFuture};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use kernel::{
    Ctx, Error, Result,
    db::{Db, Scope, Tx},
    id::SchoolId,
    job::{self, Order, Step, Taken, Work},
};
use notice::{Draft, To};
use people::years::{self, Calendar};
use serde_json::json;

use super::{
    rules::{self, Gates, Morning, Rule},
    store::{self, Due, Gone},
};

/// Every grade, with the one before school.
const GRADES: RangeInclusive<i16> = 0..=12;

/// The job's kind.
pub const WATCH: &str = "safety.arrivals";

/// What the watch has others say, in its own transaction: it stands below those who own notices and incidents.
pub trait Voice {
    /// Tells guardians.
    fn tell<'a>(&'a self, tx: &'a Tx, now: Timestamp, drafts: &'a [Draft]) -> LocalBoxFuture<'a, Result<()>>;
    /// Closes the incidents of silent gates up to this key: they tell again, or nobody is expected.
    fn gates_tell<'a>(&'a self, tx: &'a Tx, now: Timestamp, school: SchoolId, key: String) -> LocalBoxFuture<'a, Result<()>>;
    /// Raises the incident of silent gates; `key` makes it one.
    fn gates_are_silent<'a>(&'a self, tx: &'a Tx, now: Timestamp, school: SchoolId, key: String) -> LocalBoxFuture<'a, Result<()>>;
}

/// The job that watches all schools.
pub struct Watch<V> {
    /// Who says what it finds.
    pub voice: V,
}

/// What a look found.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Looked {
    /// Mornings that were told.
    pub told: i64,
    /// Pupils who were told of.
    pub missing: i64,
    /// Mornings with silent gates.
    pub silent: i64,
    /// Mornings that could not be looked at; the next minute tries again.
    pub failed: i64,
}

/// The order of a minute's look, for whoever comes first.
pub fn order() -> Order {
    Order { school: identity::SUPPLIER, kind: WATCH, key: "all".to_owned(), body: json!({}) }
}

impl<V: Voice> Work for Watch<V> {
    fn kind(&self) -> &'static str {
        WATCH
    }

    fn portion<'a>(&'a self, db: &'a Db, ctx: &'a Ctx, job: &'a Taken) -> LocalBoxFuture<'a, Result<Step>> {
        async move {
            let looked = look(db, ctx, &self.voice, identity::schools::all(db).await?).await?;
            metrics::counter!("arrivals_missing_total").increment(u64::try_from(looked.missing).unwrap_or(0));
            let Looked { told, missing, silent, failed } = looked;
            let result = json!({ "told": told, "missing": missing, "silent": silent, "failed": failed });
            db.run(&ctx.scope, async |tx| job::finish(tx, ctx, job, result).await).await?;
            Ok(Step::Over)
        }
        .boxed_local()
    }
}

/// Looks at every morning of these schools that is due.
pub async fn look<V: Voice>(db: &Db, ctx: &Ctx, voice: &V, schools: Vec<SchoolId>) -> Result<Looked> {
    let window = i32::try_from(rules::LOOK_FOR.as_mins()).unwrap_or(0);
    let due = db.run(&Scope::schools(schools), async |tx| store::DUE_LIST.all(tx, (ctx.now(), window)).await).await?;
    let mut looked = Looked::default();
    for morning in &due {
        match db.run(&Scope::school(morning.school_id), async |tx| look_at(tx, ctx, voice, morning).await).await {
            Ok(Some((Morning::Told, missing))) => (looked.told, looked.missing) = (looked.told + 1, looked.missing + missing),
            Ok(Some((Morning::Silent, _))) => looked.silent += 1,
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(school = %morning.school_id, shift = morning.shift, %error, "a morning could not be looked at");
                looked.failed += 1;
            }
        }
    }
    Ok(looked)
}

/// One morning, under its lock: what it meant and how many were told of; nothing where there is nothing to do.
async fn look_at<V: Voice>(tx: &Tx, ctx: &Ctx, voice: &V, due: &Due) -> Result<Option<(Morning, i64)>> {
    let (school, day, shift, now) = (due.school_id, due.day, due.shift, ctx.now());
    store::CHECK_OPEN.run(tx, (school, day, shift, now)).await?;
    let before = store::CHECK_FOR_UPDATE.one(tx, (school, day, shift)).await?.outcome;
    if !["open", "silent"].contains(&before.as_str()) {
        return Ok(None);
    }
    let calendar = years::calendar(tx, school, years::year_of(day), day).await?;
    let grades: Vec<i16> = GRADES.filter(|grade| calendar.is_school_day(day, *grade)).collect();
    let key = format!("{day}-{shift}");
    if grades.is_empty() {
        voice.gates_tell(tx, now, school, key).await?;
        store::CHECK_CLOSE.run(tx, (school, day, shift, "no_lessons", 0, 0, 0, now)).await?;
        return Ok(None);
    }
    let rule = Rule { starts: due.starts_minute, after: due.tell_after };
    let (begins, due_at) = (moment(due, 0)?, moment(due, rule.tells())?);
    let usual = store::USUAL_FIND.one(tx, (school, day, shift)).await?.usual;
    let counted = store::MORNING_COUNT.one(tx, (school, day, shift, grades.clone(), begins, now)).await?;
    let zone = zone_of(due)?;
    let offline = store::OFFLINE_LIST.all(tx, (school,)).await?;
    let since: Vec<Date> = offline.iter().map(|gate| gate.status_since.to_zoned(zone.clone()).date()).collect();
    let mut calendars = vec![calendar];
    if since.iter().any(|one| years::year_of(*one) < years::year_of(day)) {
        calendars.push(years::calendar(tx, school, years::year_of(day) - 1, day).await?);
    }
    let gates = Gates::of(since.iter().map(|since| lessons_since(&calendars, *since, day)));
    let morning = rules::judge(gates, usual, counted.expected, counted.entered);
    let missing = match morning {
        Morning::Told => {
            let gone = store::MISSING_ADD.all(tx, (school, day, shift, grades, begins, now, due_at)).await?;
            voice.tell(tx, now, &drafts(due, rule, due_at, now, &gone)).await?;
            voice.gates_tell(tx, now, school, key).await?;
            count(gone.len())
        }
        Morning::Silent => {
            if before == "open" {
                voice.gates_are_silent(tx, now, school, key).await?;
            }
            0
        }
    };
    store::CHECK_CLOSE.run(tx, (school, day, shift, morning.as_str(), as_stored(counted.expected), as_stored(counted.entered), as_stored(missing), now)).await?;
    Ok(Some((morning, missing)))
}

/// On how many days of these years there were lessons since a day, this one not counted. A gate is looked at no further back than it matters.
fn lessons_since(calendars: &[Calendar], since: Date, day: Date) -> usize {
    let has_lessons = |one: &Date| calendars.iter().any(|calendar| GRADES.clone().any(|grade| calendar.is_school_day(*one, grade)));
    since.series(1.day()).take_while(|one| *one < day).skip(1).filter(has_lessons).take(rules::BLIND_FOR + 1).count()
}

fn zone_of(due: &Due) -> Result<TimeZone> {
    TimeZone::get(&due.zone).map_err(|error| Error::broken(error.to_string()))
}

/// A minute of the day, as a moment.
fn moment(due: &Due, minute: i16) -> Result<Timestamp> {
    let (hour, rest) = (i8::try_from(minute / 60).unwrap_or(0), i8::try_from(minute % 60).unwrap_or(0));
    let moment = due.day.at(hour, rest, 0, 0).to_zoned(zone_of(due)?);
    Ok(moment.map_err(|error| Error::broken(error.to_string()))?.timestamp())
}

fn drafts(due: &Due, rule: Rule, due_at: Timestamp, now: Timestamp, gone: &[Gone]) -> Vec<Draft> {
    let late = !rules::is_news(due_at, now);
    let date = due.day.strftime("%d.%m.%Y").to_string();
    let told = |pupil: &Gone| Draft {
        school: due.school_id,
        child: pupil.pupil_id,
        to: To::Guardians,
        kind: &notice::NOT_ARRIVED,
        occurred_at: due_at,
        late,
        args: json!({ "child": pupil.given_name, "date": date, "time": rule.clock() }),
    };
    gone.iter().map(told).collect()
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn as_stored(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
