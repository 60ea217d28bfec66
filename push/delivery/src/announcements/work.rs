//! The jobs that tell the readers of an announcement, portion by portion.

use futures_util::future::{FutureExt, LocalBoxFuture};
use jiff::SignedDuration;
use kernel::{
    Ctx, Error, Result,
    db::{Db, Tx},
    id::{Uuid, read, show},
    job::{self, Progress, Step, Taken, Work},
};
use notice::{ALERT, ANNOUNCEMENT, Draft, To};
use serde_json::{Value, json};

use super::{
    rules::excerpt,
    store::{self, Announcement, Waiting},
};
use crate::issue;

/// The job where all readers are guardians.
pub const ANNOUNCE: &str = "delivery.announce";
/// The job where some read it for themselves.
pub const ANNOUNCE_TO_ALL: &str = "delivery.announce_to_all";
/// So many readers are told in one transaction.
const PORTION: i64 = 500;

/// Does [`ANNOUNCE`]. The pushes are left to their rows, due at once: the dispatcher takes them in the lane of the announcement.
pub struct Announce;

impl Work for Announce {
    fn kind(&self) -> &'static str {
        ANNOUNCE
    }

    fn portion<'a>(&'a self, db: &'a Db, ctx: &'a Ctx, job: &'a Taken) -> LocalBoxFuture<'a, Result<Step>> {
        portion(db, ctx, job).boxed_local()
    }
}

/// Does [`ANNOUNCE_TO_ALL`], the same way.
pub struct AnnounceToAll;

impl Work for AnnounceToAll {
    fn kind(&self) -> &'static str {
        ANNOUNCE_TO_ALL
    }

    fn portion<'a>(&'a self, db: &'a Db, ctx: &'a Ctx, job: &'a Taken) -> LocalBoxFuture<'a, Result<Step>> {
        portion(db, ctx, job).boxed_local()
    }
}

async fn portion(db: &Db, ctx: &Ctx, job: &Taken) -> Result<Step> {
    let id = job.body.get("announcement").and_then(Value::as_str).and_then(read).ok_or_else(|| Error::broken("a job without its announcement"))?;
    db.run(&ctx.scope, async |tx| {
        let announcement = store::ANNOUNCEMENT_FIND.one(tx, (job.school_id, id)).await?;
        let waiting = store::WAITING_LIST.all(tx, (job.school_id, id, PORTION)).await?;
        let told = i64::try_from(waiting.len()).unwrap_or(PORTION);
        let drafts: Vec<Draft> = waiting.iter().map(|one| draft(ctx, job, &announcement, one)).collect();
        issue(tx, ctx.now(), SignedDuration::ZERO, &drafts).await?;
        store::TOLD_SET.run(tx, (job.school_id, id, waiting.iter().map(|one| one.guardian_id).collect(), ctx.now())).await?;
        advance(tx, ctx, job, id, told).await
    })
    .await
}

async fn advance(tx: &Tx, ctx: &Ctx, job: &Taken, id: Uuid, told: i64) -> Result<Step> {
    let done = job.done + told;
    if told < PORTION {
        job::finish(tx, ctx, job, json!({ "readers": done })).await?;
        return Ok(Step::Over);
    }
    let total = store::TOTAL.one(tx, (job.school_id, id)).await?.readers;
    job::advance(tx, ctx, job, Progress { done, total: Some(total), state: Value::Null }).await?;
    Ok(Step::More)
}

/// What a reader is told.
fn draft(ctx: &Ctx, job: &Taken, announcement: &Announcement, reader: &Waiting) -> Draft {
    Draft {
        school: job.school_id,
        child: reader.child_id,
        to: if reader.child_id == reader.guardian_id { To::Oneself } else { To::Guardian(reader.guardian_id) },
        kind: if announcement.urgency == "alarm" { &ALERT } else { &ANNOUNCEMENT },
        occurred_at: ctx.now(),
        late: false,
        args: json!({
            "announcement": show(announcement.id),
            "title_kk": announcement.title_kk, "title_ru": announcement.title_ru,
            "text_kk": excerpt(&announcement.text_kk), "text_ru": excerpt(&announcement.text_ru),
        }),
    }
}
