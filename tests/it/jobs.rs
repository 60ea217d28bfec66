//! Jobs from outside: runners that die, race and fall behind, and work that fails again and again.

use std::{
    cell::Cell,
    sync::{Arc, atomic::{AtomicUsize, Ordering}},
};

use futures_util::future::{FutureExt, LocalBoxFuture, join, pending};
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed},
    clock::Clock,
    db::{Db, DbRole},
    id::JobId,
    job::{self, End, LEASE, MOST_ATTEMPTS, Order, Progress, Step, Taken, Work},
};
use serde_json::json;
use shanyraq::town::School;
use testkit::{SchoolBuilder, database, pool, scope_of};

const KIND: &str = "test.portions";
const PORTIONS: i64 = 3;

/// Writes one audit row a portion, three portions.
struct Portions;

async fn portion(tx: &kernel::db::Tx, ctx: &Ctx, job: &Taken) -> Result<Step> {
    audit::record(tx, ctx, Deed { school: job.school_id, action: "test.portion", subject_kind: "job", subject: Some(job.id.0), detail: json!({ "n": job.done }) }).await?;
    if job.done + 1 == PORTIONS {
        job::finish(tx, ctx, job, json!({ "portions": PORTIONS })).await?;
        return Ok(Step::Over);
    }
    job::advance(tx, ctx, job, Progress { done: job.done + 1, total: Some(PORTIONS), state: json!({}) }).await?;
    Ok(Step::More)
}

impl Work for Portions {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn portion<'a>(&'a self, db: &'a Db, ctx: &'a Ctx, job: &'a Taken) -> LocalBoxFuture<'a, Result<Step>> {
        async move { db.run(&ctx.scope, async |tx| portion(tx, ctx, job).await).await }.boxed_local()
    }
}

/// Does the first portion, and hangs in the middle of the second for ever.
struct Hangs;

impl Work for Hangs {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn portion<'a>(&'a self, db: &'a Db, ctx: &'a Ctx, job: &'a Taken) -> LocalBoxFuture<'a, Result<Step>> {
        async move {
            db.run(&ctx.scope, async |tx| {
                let step = portion(tx, ctx, job).await?;
                if job.done > 0 {
                    pending::<()>().await;
                }
                Ok(step)
            })
            .await
        }
        .boxed_local()
    }
}

/// Fails, one time in two by a panic.
struct Fails(AtomicUsize);

impl Work for Fails {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn portion<'a>(&'a self, _: &'a Db, _: &'a Ctx, _: &'a Taken) -> LocalBoxFuture<'a, Result<Step>> {
        let tries = self.0.fetch_add(1, Ordering::SeqCst);
        async move {
            assert!(tries % 2 == 0, "on purpose");
            Err(Error::broken("on purpose"))
        }
        .boxed_local()
    }
}

struct Desk {
    school: School,
    db: Db,
    clock: Clock,
}

impl Desk {
    async fn new() -> Self {
        Self { school: SchoolBuilder::new().build().await, db: pool(DbRole::Jobs), clock: Clock::standing_at("2026-11-22T03:00:00Z".parse::<Timestamp>().unwrap()) }
    }

    async fn order(&self, key: &str) -> JobId {
        let scope = scope_of(&self.school);
        let ctx = Ctx::system("test", scope.clone(), self.clock.clone());
        let order = Order { school: self.school.id, kind: KIND, key: key.to_owned(), body: json!({}) };
        pool(DbRole::Web).run(&scope, async |tx| job::order(tx, &ctx, order).await).await.unwrap()
    }

    async fn run(&self, work: &dyn Work) -> Option<End> {
        let ran = job::run_next(&self.db, &scope_of(&self.school), &self.clock, &[work], &|| true).await.unwrap();
        ran.map(|ran| ran.end)
    }

    async fn rows(&self) -> Vec<i64> {
        let rows = database().superuser().await.query("select (detail->>'n')::bigint from audit where school_id = $1 and action = 'test.portion' order by 1", &[&self.school.id]).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    async fn standing(&self, id: JobId) -> job::Standing {
        self.db.run(&scope_of(&self.school), async |tx| job::find(tx, self.school.id, id).await).await.unwrap()
    }
}

#[actix_web::test]
async fn inv_1_ordered_twice_while_open_it_is_one_job_and_a_night_has_one_too() {
    let desk = Desk::new().await;
    let (one, other) = (desk.order("a").await, desk.order("a").await);
    assert_eq!(one, other);
    assert_eq!((desk.run(&Portions).await, desk.run(&Portions).await), (Some(End::Done), None));
    let standing = desk.standing(one).await;
    assert_eq!((standing.done, standing.total, standing.outcome.as_deref()), (PORTIONS, Some(PORTIONS), Some("done")));
    assert_ne!(desk.order("a").await, one, "when it is over it can be ordered anew");

    let ctx = Ctx::system("test", scope_of(&desk.school), desk.clock.clone());
    let night = |at: Timestamp| {
        let order = Order { school: desk.school.id, kind: "test.night", key: "night".to_owned(), body: json!({}) };
        let (db, ctx) = (desk.db.clone(), ctx.clone());
        async move { db.run(&ctx.scope, async |tx| job::due(tx, &ctx, order, at).await).await.unwrap() }
    };
    let (first, second) = join(night(desk.clock.now()), night(desk.clock.now())).await;
    assert!(first != second, "of two instances one orders");
    assert!(!night(desk.clock.now()).await);
}

#[actix_web::test]
async fn inv_2_a_killed_runners_job_goes_on_behind_its_last_portion() {
    let desk = Desk::new().await;
    let id = desk.order("a").await;
    // Dropped in the middle of the second portion, as by a kill.
    let (scope, works): (_, [&dyn Work; 1]) = (scope_of(&desk.school), [&Hangs]);
    let never = || true;
    let run = job::run_next(&desk.db, &scope, &desk.clock, &works, &never);
    let first_portion_done = testkit::eventually("the first portion", testkit::Patience::default(), || async { desk.standing(id).await.done }, |done| *done == 1);
    futures_util::future::select(Box::pin(run), Box::pin(first_portion_done)).await;
    assert_eq!(desk.run(&Portions).await, None, "the lease still holds");
    desk.clock.advance(LEASE + SignedDuration::from_secs(1));
    // The database may not have noticed yet that the killed one's transaction is gone: its rows are passed over until then.
    testkit::eventually("the job goes on", testkit::Patience::default(), || desk.run(&Portions), |end| *end == Some(End::Done)).await;
    assert_eq!(desk.rows().await, [0, 1, 2], "each portion once");
}

/// Lets somebody else take and finish the job while its own portion is under way.
struct Slow<'a> {
    desk: &'a Desk,
    overtaken: Cell<Option<End>>,
}

impl Work for Slow<'_> {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn portion<'a>(&'a self, db: &'a Db, ctx: &'a Ctx, job: &'a Taken) -> LocalBoxFuture<'a, Result<Step>> {
        async move {
            self.desk.clock.advance(LEASE + SignedDuration::from_secs(1));
            self.overtaken.set(self.desk.run(&Portions).await);
            db.run(&ctx.scope, async |tx| portion(tx, ctx, job).await).await
        }
        .boxed_local()
    }
}

#[actix_web::test]
async fn inv_2_a_runner_that_lost_its_lease_changes_nothing() {
    let desk = Desk::new().await;
    let id = desk.order("a").await;
    let slow = Slow { desk: &desk, overtaken: Cell::new(None) };
    assert_eq!(desk.run(&slow).await, Some(End::LeftToOthers));
    assert_eq!(slow.overtaken.get(), Some(End::Done));
    assert_eq!(desk.rows().await, [0, 1, 2]);
    assert_eq!(desk.standing(id).await.outcome.as_deref(), Some("done"));
}

#[actix_web::test]
async fn inv_2_two_runners_share_the_work_and_do_nothing_twice() {
    let desk = Arc::new(Desk::new().await);
    for key in ["a", "b", "c", "d"] {
        desk.order(key).await;
    }
    let runner = |desk: Arc<Desk>| async move {
        let mut ended = 0;
        while desk.run(&Portions).await.is_some() {
            ended += 1;
        }
        ended
    };
    let (one, other) = join(runner(Arc::clone(&desk)), runner(Arc::clone(&desk))).await;
    assert_eq!(one + other, 4);
    assert_eq!(desk.rows().await.len(), 12);
}

#[actix_web::test]
async fn inv_3_what_fails_again_and_again_is_failed_for_everybody_to_see() {
    let desk = Desk::new().await;
    let (id, fails) = (desk.order("a").await, Fails(AtomicUsize::new(0)));
    for attempt in 1..=MOST_ATTEMPTS {
        let end = desk.run(&fails).await;
        assert_eq!(end, Some(if attempt == MOST_ATTEMPTS { End::Failed } else { End::Retried }));
        assert_eq!(desk.run(&fails).await, None, "not before a while");
        desk.clock.advance(job::wait_after(attempt) + SignedDuration::from_secs(1));
    }
    let standing = desk.standing(id).await;
    assert_eq!((standing.outcome.as_deref(), standing.error.as_deref()), (Some("failed"), Some("job.broken")));
    // A neighbour neither sees nor runs it.
    let neighbour = SchoolBuilder::new().build().await;
    let seen = desk.db.run(&scope_of(&neighbour), async |tx| job::find(tx, desk.school.id, id).await).await;
    assert!(matches!(seen, Err(Error::NotFound)));
}

#[actix_web::test]
async fn a_runner_asked_to_stop_gives_the_job_back() {
    let desk = Desk::new().await;
    let id = desk.order("a").await;
    let portions = Cell::new(0);
    let one_portion = || {
        portions.set(portions.get() + 1);
        portions.get() <= 1
    };
    let ran = job::run_next(&desk.db, &scope_of(&desk.school), &desk.clock, &[&Portions], &one_portion).await.unwrap();
    assert_eq!(ran.map(|ran| ran.end), Some(End::LeftToOthers));
    assert_eq!(desk.standing(id).await.done, 1);
    assert_eq!(desk.run(&Portions).await, Some(End::Done), "at once, without waiting for the lease");
    assert_eq!(desk.rows().await, [0, 1, 2]);
}
