//! The job that writes a zip: first it says how much there is, then it reads, writes and delivers in one transaction, so that nothing is half there.

use futures_util::future::{FutureExt, LocalBoxFuture};
use jiff::tz::TimeZone;
use kernel::{
    Ctx, Error, Result,
    db::{Db, Tx},
    job::{self, Progress, Step, Taken, Work},
};
use serde_json::{Value, json};

use super::{WRITE, pack::pack, service};
use crate::{exports, iin::Keeper};

/// Writes zips.
pub struct WriteRoster {
    /// Seals them; nothing where the installation has no key.
    pub keeper: Option<Keeper>,
}

impl Work for WriteRoster {
    fn kind(&self) -> &'static str {
        WRITE
    }

    fn portion<'a>(&'a self, db: &'a Db, ctx: &'a Ctx, job: &'a Taken) -> LocalBoxFuture<'a, Result<Step>> {
        async move { db.run(&ctx.scope, async |tx| portion(tx, ctx, job, self.keeper.as_ref()).await).await }.boxed_local()
    }
}

async fn portion(tx: &Tx, ctx: &Ctx, job: &Taken, keeper: Option<&Keeper>) -> Result<Step> {
    let making = exports::making(tx, job, keeper).await?;
    let year = making.export.about.get("year").and_then(Value::as_i64).and_then(|year| i16::try_from(year).ok()).ok_or_else(|| Error::broken("an export names no year"))?;
    if job.state.get("counted").is_none() {
        let total = service::size(tx, job.school_id, year).await?;
        job::advance(tx, ctx, job, Progress { done: 0, total: Some(total), state: json!({ "counted": true }) }).await?;
        return Ok(Step::More);
    }
    let titles = making.export.about.get("titles").cloned().and_then(|titles| serde_json::from_value(titles).ok()).unwrap_or_default();
    let today = ctx.now().to_zoned(TimeZone::UTC).date();
    let roster = service::roster(tx, job.school_id, year, titles, today).await?;
    let (people, bytes) = pack(&roster)?;
    exports::deliver(tx, ctx, job, &making, people, &bytes).await?;
    Ok(Step::Over)
}
