//! Use cases of retention: the plan, the run, and what pages show of both.

use futures_util::future::{FutureExt, LocalBoxFuture};
use jiff::{Timestamp, tz::TimeZone};
use kernel::{
    Ctx, Result,
    db::{Db, Scope, Tx},
    id::{JobId, Uuid},
    job::{self, Order, Progress, Step, Taken, Work},
    keep::Sweep,
};
use serde_json::json;

use super::{
    SeeRetention,
    rules::cut_off,
    store::{self, Rule, Run},
};
use crate::{SUPPLIER, schools};

/// The night's job.
pub const RETAIN: &str = "retention.run";
/// Rows that one statement removes at most.
const AT_ONCE: i64 = 5_000;
/// Rules that the database applies by dropping monthly parts.
const IN_PARTS: [&str; 4] = ["audit", "event", "notice", "delivery"];
/// How many earlier runs a page shows.
const RUNS: i64 = 50;

/// What a run would remove by one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The rule.
    pub what: String,
    /// Months that it keeps.
    pub keep_months: i32,
    /// Rows older than that.
    pub rows: i64,
    /// Monthly parts that they stand in, where they leave with them.
    pub parts: i64,
}

/// What a page shows.
#[derive(Debug)]
pub(super) struct Kept {
    pub rules: Vec<Rule>,
    pub last: Vec<Run>,
    pub runs: Vec<Run>,
}

/// The rules in force and the last runs.
pub(super) async fn kept(db: &Db, ctx: &Ctx) -> Result<Kept> {
    ctx.require::<SeeRetention>()?;
    let today = today(ctx.now());
    db.run(&ctx.scope, async |tx| {
        let (rules, last, runs) = (store::RULE_LIST.all(tx, (today,)).await?, store::RUN_LAST.all(tx, ()).await?, store::RUN_LIST.all(tx, (RUNS,)).await?);
        Ok(Kept { rules, last, runs })
    })
    .await
}

/// What a run would remove now. Changes nothing.
pub async fn plan(db: &Db, now: Timestamp, sweeps: &[&Sweep]) -> Result<Vec<Planned>> {
    let scope = Scope::schools(schools::all(db).await?);
    db.run(&scope, async |tx| {
        let mut planned = Vec::new();
        for rule in store::RULE_LIST.all(tx, (today(now),)).await? {
            let (rows, parts) = match sweeps.iter().find(|sweep| sweep.what == rule.what) {
                Some(sweep) => (sweep.count.one(tx, (cut_off(now, rule.keep_months),)).await?.count, 0),
                None => {
                    let parts = store::PART_COUNT.one(tx, (rule.what.clone(),)).await?;
                    (parts.row_count.unwrap_or(0), parts.parts)
                }
            };
            planned.push(Planned { what: rule.what, keep_months: rule.keep_months, rows, parts });
        }
        Ok(planned)
    })
    .await
}

/// Orders a run for now, beside the night's.
pub async fn order_now(db: &Db, ctx: &Ctx) -> Result<JobId> {
    db.run(&Scope::school(SUPPLIER), async |tx| job::order(tx, ctx, order()).await).await
}

/// The run as a job: one at a time.
pub fn order() -> Order {
    Order { school: SUPPLIER, kind: RETAIN, key: "all".to_owned(), body: json!({}) }
}

/// Applies the rules, one after another, in bounded portions.
pub struct Retain {
    /// What rooms let go.
    pub sweeps: Vec<&'static Sweep>,
}

impl Work for Retain {
    fn kind(&self) -> &'static str {
        RETAIN
    }

    fn portion<'a>(&'a self, db: &'a Db, ctx: &'a Ctx, job: &'a Taken) -> LocalBoxFuture<'a, Result<Step>> {
        async move {
            let scope = Scope::schools(schools::all(db).await?);
            db.run(&scope, async |tx| self.next(tx, ctx, job).await).await
        }
        .boxed_local()
    }
}

impl Retain {
    /// The next portion: a stretch of one rule.
    async fn next(&self, tx: &Tx, ctx: &Ctx, job: &Taken) -> Result<Step> {
        let number = |key: &str| job.state.get(key).and_then(serde_json::Value::as_i64).unwrap_or(0);
        let (at, removed_before, total) = (number("rule"), number("removed"), number("total"));
        let rules = store::RULE_LIST.all(tx, (today(ctx.now()),)).await?;
        let Some(rule) = usize::try_from(at).ok().and_then(|at| rules.get(at)) else {
            job::finish(tx, ctx, job, json!({ "removed": total })).await?;
            return Ok(Step::Over);
        };
        let (removed, parts, more) = self.apply(tx, ctx.now(), rule).await?;
        let (so_far, total) = (removed_before + removed, total + removed);
        if !more {
            store::RUN_ADD.run(tx, (ctx.id::<Uuid>(), rule.what.clone(), ctx.now(), cut_off(ctx.now(), rule.keep_months), so_far, parts)).await?;
        }
        let state = if more { json!({ "rule": at, "removed": so_far, "total": total }) } else { json!({ "rule": at + 1, "removed": 0, "total": total }) };
        let of = i64::try_from(rules.len()).ok();
        job::advance(tx, ctx, job, Progress { done: if more { at } else { at + 1 }, total: of, state }).await?;
        Ok(Step::More)
    }

    /// How many rows and parts left, and whether more of them are to leave.
    async fn apply(&self, tx: &Tx, now: Timestamp, rule: &Rule) -> Result<(i64, i32, bool)> {
        if let Some(sweep) = self.sweeps.iter().find(|sweep| sweep.what == rule.what) {
            let removed = sweep.delete.run(tx, (cut_off(now, rule.keep_months), AT_ONCE)).await?;
            let removed = i64::try_from(removed).unwrap_or(i64::MAX);
            return Ok((removed, 0, removed >= AT_ONCE));
        }
        if IN_PARTS.contains(&rule.what.as_str()) {
            let dropped = store::PART_DROP.one(tx, (rule.what.clone(),)).await?;
            return Ok((dropped.removed, dropped.dropped, false));
        }
        Ok((0, 0, false))
    }
}

fn today(now: Timestamp) -> jiff::civil::Date {
    now.to_zoned(TimeZone::UTC).date()
}
