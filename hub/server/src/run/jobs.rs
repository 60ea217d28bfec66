//! The runners of jobs: each claims one after another and does them, portion by portion.
//!
//! Every instance has two. One does what somebody waits for by the minute ([`SOON`]) and orders what is due every minute and every night; the
//! other does all else, so that a list of two thousand pupils that is brought in never stands before a child who has not arrived. Asked to stop
//! a runner ends after the portion that is under way and gives its job back; killed, its lease runs out and
//! another instance goes on behind the last portion. A panic ends one round, is counted, and the next round begins a second later.

use super::{RunError, pools::Pools};
use crate::{config::Config, rooms};
use actix_rt::task::JoinHandle;
use futures_util::future::{FutureExt, join_all};
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Ctx,
    clock::Clock,
    db::{Db, Scope},
    job::{self, Work},
};
use std::{cell::Cell, panic::AssertUnwindSafe, rc::Rc, time::Duration};
use tokio::{sync::Notify, time};

/// What may wait for nothing that takes long.
const SOON: [&str; 3] = [safety::arrivals::WATCH, fleet::downtime::WATCH, notice::TELL];
/// How long a runner with nothing to do waits.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long a stop waits for the portion under way; longer than any statement of jobs may take.
const LAST_PORTION: Duration = Duration::from_secs(70);
/// How far a night's work is from midnight in UTC: 2 o'clock in Astana and Almaty.
const NIGHT: SignedDuration = SignedDuration::from_hours(21);

/// The running runners.
pub(super) struct Jobs {
    runners: [(Rc<Runner>, JoinHandle<()>); 2],
}

struct Runner {
    db: Db,
    clock: Clock,
    works: Vec<Box<dyn Work>>,
    periodic: Periodic,
    stop: Stop,
}

/// Whether a runner orders what is due by the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Periodic {
    Ordered,
    LeftToTheOther,
}

#[derive(Default)]
struct Stop {
    asked: Cell<bool>,
    told: Notify,
}

/// Starts them on this thread.
pub(super) fn start(config: &Config, pools: &Pools, clock: Clock) -> Result<Jobs, RunError> {
    let (soon, rest): (Vec<_>, Vec<_>) = rooms::works(config)?.into_iter().partition(|work| SOON.contains(&work.kind()));
    let runners = [(soon, Periodic::Ordered), (rest, Periodic::LeftToTheOther)].map(|(works, periodic)| {
        let runner = Rc::new(Runner { db: pools.jobs.clone(), clock: clock.clone(), works, periodic, stop: Stop::default() });
        let task = actix_rt::spawn(work(Rc::clone(&runner)));
        (runner, task)
    });
    Ok(Jobs { runners })
}

impl Jobs {
    /// Ends after the portions under way; what is left waits in its rows.
    pub async fn stop(self) {
        for (runner, _) in &self.runners {
            runner.stop.asked.set(true);
            runner.stop.told.notify_one();
        }
        let tasks = self.runners.map(|(_, task)| task);
        if time::timeout(LAST_PORTION, join_all(tasks)).await.is_err() {
            tracing::warn!("a portion of a job did not end in time; its lease will run out");
        }
    }
}

async fn work(runner: Rc<Runner>) {
    while !runner.is_asked_to_stop() {
        match AssertUnwindSafe(runner.round()).catch_unwind().await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "jobs could not be looked at; trying again"),
            Err(_) => {
                metrics::counter!("jobs_runner_restarts_total").increment(1);
                tracing::error!("the runner of jobs panicked and begins anew");
            }
        }
        // Either is fine: a stop that was told before is remembered.
        time::timeout(LOOK_EVERY, runner.stop.told.notified()).await.ok();
    }
}

impl Runner {
    fn is_asked_to_stop(&self) -> bool {
        self.stop.asked.get()
    }

    /// Everything that waits, one after another.
    async fn round(&self) -> kernel::Result<()> {
        if self.periodic == Periodic::Ordered {
            self.order_periodic().await?;
        }
        let scope = Scope::schools(identity::schools::all(&self.db).await?);
        let works: Vec<&dyn Work> = self.works.iter().map(AsRef::as_ref).collect();
        let go_on = || !self.is_asked_to_stop();
        while go_on() {
            let began = time::Instant::now();
            let Some(ran) = job::run_next(&self.db, &scope, &self.clock, &works, &go_on).await? else { return Ok(()) };
            metrics::counter!("jobs_total", "outcome" => ran.end.as_str()).increment(1);
            tracing::info!(kind = ran.kind, job = %ran.id, end = ran.end.as_str(), seconds = began.elapsed().as_secs_f32(), "a job was in hand");
        }
        Ok(())
    }

    /// What is due every night and every minute, ordered once by whichever instance comes first.
    async fn order_periodic(&self) -> kernel::Result<()> {
        let ctx = Ctx::system("jobs", Scope::school(identity::SUPPLIER), self.clock.clone());
        let (night, minute) = (last_night(self.clock.now()), last_minute(self.clock.now()));
        self.db
            .run(&ctx.scope, async |tx| {
                for order in rooms::nightly() {
                    job::due(tx, &ctx, order, night).await?;
                }
                for order in rooms::minutely() {
                    job::due(tx, &ctx, order, minute).await?;
                }
                Ok(())
            })
            .await
    }
}

/// The last moment at which a night's work became due.
fn last_night(now: Timestamp) -> Timestamp {
    let day = SignedDuration::from_hours(24).as_secs();
    let since = (now.as_second() - NIGHT.as_secs()).rem_euclid(day);
    Timestamp::from_second(now.as_second() - since).unwrap_or(now)
}

/// The last full minute.
fn last_minute(now: Timestamp) -> Timestamp {
    Timestamp::from_second(now.as_second() - now.as_second().rem_euclid(60)).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_is_due_at_two_oclock_and_not_again_before_the_next() {
        for (now, due) in [("2026-11-22T21:00:00Z", "2026-11-22T21:00:00Z"), ("2026-11-22T20:59:59Z", "2026-11-21T21:00:00Z"), ("2026-11-23T07:00:00.5Z", "2026-11-22T21:00:00Z")] {
            assert_eq!(last_night(now.parse().unwrap()), due.parse().unwrap(), "{now}");
        }
    }
}
