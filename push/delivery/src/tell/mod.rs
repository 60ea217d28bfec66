//! Tell: the job that tells guardians what other rooms handed over ([`notice::tell`]).
//! Reads `people_v_name`; the rest is [`issue`](crate::issue).

mod store;

use futures_util::future::{FutureExt, LocalBoxFuture};
use jiff::SignedDuration;
use kernel::{
    Ctx, Error, Result,
    db::{Db, Tx},
    job::{self, Step, Taken, Work},
};
use notice::{Draft, TELL, Told};
use serde_json::{Value, json};

pub use store::STATEMENTS;

use crate::issue;

/// Does [`TELL`]. The pushes are left to their rows, due at once: the dispatcher takes them with its next look, a second later.
pub struct Tell;

impl Work for Tell {
    fn kind(&self) -> &'static str {
        TELL
    }

    fn portion<'a>(&'a self, db: &'a Db, ctx: &'a Ctx, job: &'a Taken) -> LocalBoxFuture<'a, Result<Step>> {
        tell(db, ctx, job).boxed_local()
    }
}

async fn tell(db: &Db, ctx: &Ctx, job: &Taken) -> Result<Step> {
    let told: Told = serde_json::from_value(job.body.clone()).map_err(|error| Error::broken(error.to_string()))?;
    let draft = told.draft(job.school_id).ok_or_else(|| Error::broken("a notice of a kind that this version does not know"))?;
    db.run(&ctx.scope, async |tx| {
        let draft = named(tx, draft.clone()).await?;
        let issued = issue(tx, ctx.now(), SignedDuration::ZERO, &[draft]).await?;
        job::finish(tx, ctx, job, json!({ "notices": issued.notices.len() })).await
    })
    .await?;
    Ok(Step::Over)
}

/// The draft with the child's name, which no job holds.
async fn named(tx: &Tx, mut draft: Draft) -> Result<Draft> {
    let name = store::CHILD_NAME.opt(tx, (draft.child,)).await?.map(|name| name.given_name).unwrap_or_default();
    if let Value::Object(args) = &mut draft.args {
        args.insert("child".to_owned(), Value::String(name));
    }
    Ok(draft)
}
