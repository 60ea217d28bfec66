//! The job that takes a list back: what it made and nobody used is gone, what was used stays and is named.

use futures_util::future::{FutureExt, LocalBoxFuture};
use identity::logins;
use jiff::{Timestamp, tz::TimeZone};
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed},
    db::{Db, Tx},
    id::PersonId,
    job::{self, Step, Taken, Work},
};
use serde_json::json;

use super::{
    TAKE_BACK,
    chest::Kept,
    rules::Plan,
    store,
    work::{self, AT_ONCE, Planned, Portion},
};
use crate::{iin::{self, Keeper}, movement, oneroster};

/// Takes lists back.
pub struct TakeBack {
    /// Opens rows; nothing where the installation has no key.
    pub keeper: Option<Keeper>,
}

impl Work for TakeBack {
    fn kind(&self) -> &'static str {
        TAKE_BACK
    }

    fn portion<'a>(&'a self, db: &'a Db, ctx: &'a Ctx, job: &'a Taken) -> LocalBoxFuture<'a, Result<Step>> {
        async move { take_back(&Portion::of(db, ctx, job, self.keeper.as_ref())?).await }.boxed_local()
    }
}

async fn take_back(portion: &Portion<'_>) -> Result<Step> {
    let scope = &portion.ctx.scope;
    let (brought, import) = portion.db.run(scope, async |tx| {
        let import = store::IMPORT_FIND.one(tx, (portion.school(), portion.import)).await?;
        Ok((store::ROW_BROUGHT.all(tx, (portion.school(), portion.import, AT_ONCE)).await?, import))
    }).await?;
    if brought.is_empty() {
        close_classes(portion).await?;
        return portion.db.run(scope, async |tx| finish(tx, portion).await).await;
    }
    let began = import.began_at.ok_or_else(|| Error::broken("an import was brought in and never began"))?;
    let mut done = portion.job.done;
    let mut parts = vec![portion.open(brought)?];
    while let Some(mut part) = parts.pop() {
        let rows = i64::try_from(part.len()).unwrap_or(i64::MAX);
        let taken = portion.db.run(scope, async |tx| {
            undo(tx, portion, &part, began).await?;
            portion.mark(tx, &blank(&part), "undone").await?;
            portion.advance(tx, done + rows, None).await
        });
        match taken.await {
            Ok(()) => done += rows,
            Err(error) if work::is_the_rows(&error) && part.len() > 1 => {
                let second = part.split_off(part.len() / 2);
                parts.extend([second, part]);
            }
            Err(error) if work::is_the_rows(&error) => {
                tracing::info!(job = %portion.job.id, %error, "a row of an import was used and stays");
                portion.db.run(scope, async |tx| {
                    portion.mark(tx, &part, "kept").await?;
                    portion.advance(tx, done + rows, None).await
                }).await?;
                done += rows;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(Step::More)
}

/// Classes that were opened for the list and in which nobody is or was; one that somebody uses otherwise stays.
async fn close_classes(portion: &Portion<'_>) -> Result<()> {
    let closed = portion.db.run(&portion.ctx.scope, async |tx| {
        let made = store::IMPORT_MADE.one(tx, (portion.school(), portion.import)).await?;
        store::CLASS_DELETE.run(tx, (portion.school(), made.classes)).await
    });
    match closed.await {
        Err(error) if !error.blames_the_data() => Err(error),
        _ => Ok(()),
    }
}

fn blank(part: &[Planned]) -> Vec<Planned> {
    part.iter().map(|row| Planned { n: row.n, kept: Kept::default() }).collect()
}

async fn finish(tx: &Tx, portion: &Portion<'_>) -> Result<Step> {
    let school = portion.school();
    let tally = store::ROW_TALLY.all(tx, (school, portion.import)).await?;
    let of = |outcome: &str| tally.iter().filter(|one| one.outcome.as_deref() == Some(outcome)).map(|one| one.count).sum::<i64>();
    let result = json!({ "undone": of("undone"), "kept": of("kept") });
    store::IMPORT_FINISH_UNDO.run(tx, (school, portion.import, portion.ctx.now())).await?;
    job::finish(tx, portion.ctx, portion.job, result.clone()).await?;
    let deed = Deed { school, action: "people.taken_back", subject_kind: "import", subject: Some(portion.import), detail: result };
    audit::record(tx, portion.ctx, deed).await?;
    Ok(Step::Over)
}

/// All that these rows wrote, the other way round.
async fn undo(tx: &Tx, portion: &Portion<'_>, part: &[Planned], began: Timestamp) -> Result<()> {
    let (school, ctx) = (portion.school(), portion.ctx);
    let plans: Vec<(PersonId, &Plan)> = work::plans(part);
    let guardians = work::guardians(&plans);
    // Kinship began on the day that the school had when somebody said go: with any zone it is this one or a neighbour.
    let day = began.to_zoned(TimeZone::UTC).date();
    let arrived: Vec<PersonId> = plans.iter().filter(|(_, plan)| plan.class.is_some()).map(|(id, _)| *id).collect();
    movement::unmake(tx, ctx, school, &arrived).await?;
    for on in [day.yesterday().unwrap_or(day), day, day.tomorrow().unwrap_or(day)] {
        store::KINSHIP_DELETE.run(tx, (school, guardians.iter().map(|one| one.0).collect(), guardians.iter().map(|one| one.1).collect(), on)).await?;
    }
    let (persons, fields, values) = work::values(&plans, &guardians);
    store::VALUE_DELETE.run(tx, (school, persons, fields, values, began)).await?;
    logins::take_back_many(tx, school, &work::roles(&plans), began).await?;
    iin::remove_many(tx, plans.iter().filter(|(_, plan)| plan.iin.is_some()).map(|(id, _)| *id).collect()).await?;
    store::PERSON_EMPTY.run(tx, work::filled(&plans)).await?;
    let new: Vec<PersonId> = plans.iter().filter(|(_, plan)| plan.is_new).map(|(id, _)| *id).collect();
    store::MOVEMENT_DELETE.run(tx, (school, new.clone())).await?;
    let made: Vec<PersonId> = guardians.iter().filter(|(_, _, guardian)| guardian.is_new).map(|(_, id, _)| *id).collect();
    let idle = store::GUARDIAN_IDLE.all(tx, (school, made)).await?;
    let gone: Vec<PersonId> = new.into_iter().chain(idle.into_iter().map(|one| one.id)).collect();
    oneroster::forget(tx, school, gone.clone()).await?;
    store::PERSON_DELETE.run(tx, (school, gone)).await.map(drop)
}
