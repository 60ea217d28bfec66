//! Jobs: work that takes longer than a page may. One table, no leader, any number of runners.
//!
//! A job is ordered in the transaction of its cause ([`order`]), or inserted for a moment that is due ([`due`]: whoever inserts first has it).
//! A runner claims one ([`run_next`]), and does it in portions: each portion is one transaction of its room, which ends with [`advance`] or
//! [`finish`]. So what a portion did and where the job stands are durable together: killed at any moment, a job goes on behind its last
//! portion. A failed portion is tried again after a while, and after [`MOST_ATTEMPTS`] in a row the job is failed for everybody to see.
//!
//! Owns `job`.
//! Always true:
//!  1. One open job a school, kind and key (unique index `job_open`), and one job a moment that is due (`job_due`).
//!  2. A portion is done once: it commits only while its runner holds the lease (`epoch` is compared in the portion's own transaction).
//!  3. What fails again and again, or kills its runner again and again, ends as failed and is tried no more.

use std::panic::AssertUnwindSafe;

use futures_util::future::{FutureExt, LocalBoxFuture};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::{
    Actor, Ctx, Error, Result,
    clock::Clock,
    db::{Db, Scope, Tx},
    keep::Sweep,
    id::{JobId, PersonId, SchoolId},
    row,
    sql::{Command, Query, Statement},
};

/// So often a job is claimed without getting a portion done; then it is failed.
pub const MOST_ATTEMPTS: i32 = 5;
/// How long a runner has for a portion before others may take the job over.
pub const LEASE: SignedDuration = SignedDuration::from_mins(3);

/// What to do.
#[derive(Debug, Clone)]
pub struct Order {
    /// The school whose rows it is about; the supplier for what is nobody's.
    pub school: SchoolId,
    /// `room.work`: who does it.
    pub kind: &'static str,
    /// One open job a key.
    pub key: String,
    /// What the work needs to know: ids, no names.
    pub body: Value,
}

row! {
    /// A job in a runner's hands.
    pub struct Taken {
        /// Its school.
        pub school_id: SchoolId,
        /// Its id.
        pub id: JobId,
        /// Who does it.
        pub kind: String,
        /// What it needs to know.
        pub body: Value,
        /// Where it stands.
        pub state: Value,
        /// Which claim this is.
        pub epoch: i32,
        /// Claims since the last portion.
        pub attempts: i32,
        /// How much is done.
        pub done: i64,
    }
}

row! {
    /// A job as pages show it.
    pub struct Standing {
        /// Its id.
        pub id: JobId,
        /// What it is.
        pub kind: String,
        /// How much is done.
        pub done: i64,
        /// Of how much, once that is known.
        pub total: Option<i64>,
        /// How often it was tried since the last portion.
        pub attempts: i32,
        /// When it is tried next.
        pub run_at: Timestamp,
        /// What came of it.
        pub result: Option<Value>,
        /// Why it failed last, as a code.
        pub error: Option<String>,
        /// `done`, `failed`; nothing while it is open.
        pub outcome: Option<String>,
        /// When it was over.
        pub finished_at: Option<Timestamp>,
    }
}

row! {
    struct Id { id: JobId }
}

/// How far a portion came.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// How much is done.
    pub done: i64,
    /// Of how much.
    pub total: Option<i64>,
    /// Where to go on.
    pub state: Value,
}

/// Whether a job goes on after a portion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// There is more: the portion ended with [`advance`].
    More,
    /// It is over: the portion ended with [`finish`].
    Over,
}

/// How a runner's work on a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The job is over.
    Done,
    /// A portion failed and will be tried again.
    Retried,
    /// The job failed for good.
    Failed,
    /// The runner was asked to stop, or lost the lease: another goes on.
    LeftToOthers,
}

impl End {
    /// As metrics say it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Retried => "retried",
            Self::Failed => "failed",
            Self::LeftToOthers => "left",
        }
    }
}

/// A job that a runner had in its hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// Which.
    pub id: JobId,
    /// What it is.
    pub kind: String,
    /// How it ended.
    pub end: End,
}

/// Who does jobs of a kind. Takes no input but the job: run twice it does nothing twice.
pub trait Work {
    /// `room.work`.
    fn kind(&self) -> &'static str;
    /// Does the next portion, in one transaction or several, the last of which ends with [`advance`] or [`finish`].
    fn portion<'a>(&'a self, db: &'a Db, ctx: &'a Ctx, job: &'a Taken) -> LocalBoxFuture<'a, Result<Step>>;
}

/// School, id, kind, key, moment that is due, body, who ordered it, now.
type NewJob = (SchoolId, JobId, &'static str, String, Option<Timestamp>, Value, Option<PersonId>, Timestamp);

const JOB_ADD: Command<NewJob> = Command::new(
    "job.add",
    "insert into job (school_id, id, kind, key, due_at, body, ordered_by, created_at, run_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $8) on conflict do nothing",
);
const JOB_OPEN: Query<(SchoolId, &'static str, String), Id> =
    Query::new("job.open", "select id from job where school_id = $1 and kind = $2 and key = $3 and finished_at is null");
/// Now, the end of the lease, the kinds.
const JOB_CLAIM: Query<(Timestamp, Timestamp, Vec<&'static str>), Taken> = Query::new(
    "job.claim",
    "update job j set lease_until = $2, epoch = j.epoch + 1, attempts = j.attempts + 1
     from (select school_id, id from job where finished_at is null and run_at <= $1 and (lease_until is null or lease_until < $1) and kind = any($3)
           order by run_at, id limit 1 for update skip locked) next
     where j.school_id = next.school_id and j.id = next.id
     returning j.school_id, j.id, j.kind, j.body, j.state, j.epoch, j.attempts, j.done",
);
type Key = (SchoolId, JobId, i32);
const JOB_ADVANCE: Command<(SchoolId, JobId, i32, i64, Option<i64>, Value, Timestamp)> = Command::new(
    "job.advance",
    "update job set done = $4, total = coalesce($5, total), state = $6, lease_until = $7, attempts = 0, error = null
     where school_id = $1 and id = $2 and epoch = $3 and finished_at is null",
);
const JOB_FINISH: Command<(SchoolId, JobId, i32, Value, Timestamp)> = Command::new(
    "job.finish",
    "update job set outcome = 'done', result = $4, finished_at = $5, lease_until = null, state = '{}', error = null, done = coalesce(total, done)
     where school_id = $1 and id = $2 and epoch = $3 and finished_at is null",
);
const JOB_RETRY: Command<(SchoolId, JobId, i32, Timestamp, String)> = Command::new(
    "job.retry",
    "update job set run_at = $4, lease_until = null, error = $5, attempts = greatest(attempts, 1) where school_id = $1 and id = $2 and epoch = $3 and finished_at is null",
);
const JOB_FAIL: Command<(SchoolId, JobId, i32, Timestamp, String)> = Command::new(
    "job.fail",
    "update job set outcome = 'failed', finished_at = $4, lease_until = null, error = $5 where school_id = $1 and id = $2 and epoch = $3 and finished_at is null",
);
const JOB_RELEASE: Command<Key> = Command::new(
    "job.release",
    "update job set lease_until = null, attempts = greatest(attempts - 1, 0) where school_id = $1 and id = $2 and epoch = $3 and finished_at is null",
);
const JOB_AGAIN: Query<Key, Taken> = Query::new(
    "job.again",
    "select school_id, id, kind, body, state, epoch, attempts, done from job where school_id = $1 and id = $2 and epoch = $3 and finished_at is null",
);
const JOB_FIND: Query<(SchoolId, JobId), Standing> = Query::new(
    "job.find",
    "select id, kind, done, total, attempts, run_at, result, error, outcome, finished_at from job where school_id = $1 and id = $2",
);
const JOB_LAST: Query<(SchoolId, &'static str), Standing> = Query::new(
    "job.last",
    "select id, kind, done, total, attempts, run_at, result, error, outcome, finished_at from job where school_id = $1 and kind = $2 order by created_at desc, id desc limit 1",
);

/// Jobs that are over for long.
pub static SWEEP: Sweep = Sweep {
    what: "job",
    count: Query::new("job.sweep_count", "select count(*) as count from job where finished_at < $1"),
    delete: Command::new(
        "job.sweep",
        "delete from job j using (select school_id, id from job where finished_at < $1 limit $2) old where j.school_id = old.school_id and j.id = old.id",
    ),
};

/// Every statement of this module, for the test that prepares them all.
pub const STATEMENTS: &[&dyn Statement] =
    &[&JOB_ADD, &JOB_OPEN, &JOB_CLAIM, &JOB_ADVANCE, &JOB_FINISH, &JOB_RETRY, &JOB_FAIL, &JOB_RELEASE, &JOB_AGAIN, &JOB_FIND, &JOB_LAST];

/// How long a job waits after so many attempts in a row: 10 s, 40 s, …, at most half an hour.
pub fn wait_after(attempts: i32) -> SignedDuration {
    let exponent = u32::try_from(attempts.clamp(1, 8) - 1).unwrap_or(0);
    SignedDuration::from_secs(10 * 4_i64.pow(exponent)).min(SignedDuration::from_mins(30))
}

/// Orders a job in the transaction of its cause. Ordered twice while it is open, it is one job.
pub async fn order(tx: &Tx, ctx: &Ctx, order: Order) -> Result<JobId> {
    add(tx, ctx, &order, None).await?;
    Ok(JOB_OPEN.one(tx, (order.school, order.kind, order.key)).await?.id)
}

/// Orders periodic work for the moment that is due, unless somebody did, and says whether it did.
pub async fn due(tx: &Tx, ctx: &Ctx, order: Order, due_at: Timestamp) -> Result<bool> {
    add(tx, ctx, &order, Some(due_at)).await
}

async fn add(tx: &Tx, ctx: &Ctx, order: &Order, due_at: Option<Timestamp>) -> Result<bool> {
    let ordered_by = match &ctx.actor {
        Actor::Person(signed_in) => Some(signed_in.person),
        Actor::System(_) => None,
    };
    let row = (order.school, ctx.id::<JobId>(), order.kind, order.key.clone(), due_at, order.body.clone(), ordered_by, ctx.now());
    Ok(JOB_ADD.run(tx, row).await? > 0)
}

/// A job as it stands.
pub async fn find(tx: &Tx, school: SchoolId, id: JobId) -> Result<Standing> {
    JOB_FIND.one(tx, (school, id)).await
}

/// The last job of a kind.
pub async fn last(tx: &Tx, school: SchoolId, kind: &'static str) -> Result<Option<Standing>> {
    JOB_LAST.opt(tx, (school, kind)).await
}

/// Says how far the job is, in the transaction of the portion, and holds the lease longer.
///
/// # Errors
/// When somebody else has the job by now: the portion must not commit.
pub async fn advance(tx: &Tx, ctx: &Ctx, job: &Taken, progress: Progress) -> Result<()> {
    let Progress { done, total, state } = progress;
    held(JOB_ADVANCE.run(tx, (job.school_id, job.id, job.epoch, done, total, state, ctx.now() + LEASE)).await?)
}

/// Says that the job is over, in the transaction of its last portion.
///
/// # Errors
/// When somebody else has the job by now: the portion must not commit.
pub async fn finish(tx: &Tx, ctx: &Ctx, job: &Taken, result: Value) -> Result<()> {
    held(JOB_FINISH.run(tx, (job.school_id, job.id, job.epoch, result, ctx.now())).await?)
}

fn held(rows: u64) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(Error::broken(LOST)) }
}

const LOST: &str = "another runner has the job by now";

/// Claims the next job of these kinds and does it, portion by portion, until it is over, fails, or `go_on` says no. Says which job it was.
///
/// # Errors
/// When the database cannot be asked; what goes wrong in a job is the job's.
pub async fn run_next(db: &Db, scope: &Scope, clock: &Clock, works: &[&dyn Work], go_on: &dyn Fn() -> bool) -> Result<Option<Ran>> {
    let (now, kinds) = (clock.now(), works.iter().map(|work| work.kind()).collect::<Vec<_>>());
    let Some(job) = db.run(scope, async |tx| JOB_CLAIM.opt(tx, (now, now + LEASE, kinds)).await).await? else { return Ok(None) };
    let ctx = Ctx::system("jobs", Scope::school(job.school_id), clock.clone());
    let (id, kind) = (job.id, job.kind.clone());
    let work = works.iter().find(|work| work.kind() == job.kind);
    let end = match work {
        // It killed its runner each time, or its lease was over before a portion was done.
        _ if job.attempts > MOST_ATTEMPTS => give_up(db, &ctx, &job, "job.killed_its_runner".to_owned()).await?,
        Some(work) => run(db, &ctx, *work, job, go_on).await?,
        None => End::LeftToOthers,
    };
    Ok(Some(Ran { id, kind, end }))
}

async fn run(db: &Db, ctx: &Ctx, work: &dyn Work, mut job: Taken, go_on: &dyn Fn() -> bool) -> Result<End> {
    loop {
        if !go_on() {
            db.run(&ctx.scope, async |tx| JOB_RELEASE.run(tx, (job.school_id, job.id, job.epoch)).await).await?;
            return Ok(End::LeftToOthers);
        }
        // A panic is this portion's failure, not the runner's: its transaction is closed with its connection.
        let portion = AssertUnwindSafe(work.portion(db, ctx, &job)).catch_unwind().await;
        match portion.unwrap_or_else(|_| Err(Error::broken("a portion panicked"))) {
            Ok(Step::Over) => return Ok(End::Done),
            Ok(Step::More) => match again(db, ctx, &job).await? {
                Some(next) => job = next,
                None => return Ok(End::LeftToOthers),
            },
            Err(error) => return failed(db, ctx, &job, &error).await,
        }
    }
}

/// The job behind its last portion; nothing when somebody else has it.
async fn again(db: &Db, ctx: &Ctx, job: &Taken) -> Result<Option<Taken>> {
    db.run(&ctx.scope, async |tx| JOB_AGAIN.opt(tx, (job.school_id, job.id, job.epoch)).await).await
}

async fn failed(db: &Db, ctx: &Ctx, job: &Taken, error: &Error) -> Result<End> {
    let code = code_of(error);
    tracing::warn!(job = %job.id, kind = job.kind, attempts = job.attempts, %error, "a portion of a job failed");
    // A refusal is an answer: asking again would be answered alike.
    if job.attempts >= MOST_ATTEMPTS || matches!(error, Error::Refused(_)) {
        return give_up(db, ctx, job, code).await;
    }
    let at = ctx.now() + wait_after(job.attempts);
    let rows = db.run(&ctx.scope, async |tx| JOB_RETRY.run(tx, (job.school_id, job.id, job.epoch, at, code)).await).await?;
    Ok(if rows == 1 { End::Retried } else { End::LeftToOthers })
}

async fn give_up(db: &Db, ctx: &Ctx, job: &Taken, code: String) -> Result<End> {
    tracing::error!(job = %job.id, kind = job.kind, code, "a job failed for good");
    let rows = db.run(&ctx.scope, async |tx| JOB_FAIL.run(tx, (job.school_id, job.id, job.epoch, ctx.now(), code)).await).await?;
    Ok(if rows == 1 { End::Failed } else { End::LeftToOthers })
}

/// What pages show of an error: never its text, which may quote data.
fn code_of(error: &Error) -> String {
    match error {
        Error::Refused(code) => (*code).to_owned(),
        Error::Database(_) => format!("job.database_{}", error.sqlstate().unwrap_or("unreachable").to_lowercase()),
        Error::Busy => "job.busy".to_owned(),
        Error::NotFound | Error::Forbidden(_) | Error::Invalid(_) | Error::Broken(_) => "job.broken".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_and_has_an_end() {
        let waits: Vec<i64> = (0..9).map(|attempts| wait_after(attempts).as_secs()).collect();
        assert_eq!(waits, [10, 10, 40, 160, 640, 1800, 1800, 1800, 1800]);
    }

    #[test]
    fn a_failure_is_shown_as_a_code_and_never_in_words() {
        assert_eq!(code_of(&Error::broken("Оспанова")), "job.broken");
        assert_eq!(code_of(&Error::Refused("erasure.still_here")), "erasure.still_here");
    }
}
