//! Watch: what must not be left lying, said as figures that alerts look at.

use super::pools::Pools;
use fleet::downtime;
use identity::{breaches, trail};
use kernel::{
    clock::Clock,
    db::{Db, Scope},
};
use std::time::Duration;
use tokio::{task::JoinHandle, time};

const EVERY: Duration = Duration::from_secs(30);

/// Starts measuring.
pub(super) fn start(pools: &Pools, clock: Clock) -> JoinHandle<()> {
    let db = pools.jobs.clone();
    tokio::spawn(async move {
        let mut beat = time::interval(EVERY);
        beat.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
        loop {
            beat.tick().await;
            if let Err(error) = measure(&db, &clock).await {
                tracing::warn!(%error, "the audit queue, the clocks of incidents and the stops of devices could not be looked at; trying again");
            }
        }
    })
}

async fn measure(db: &Db, clock: &Clock) -> kernel::Result<()> {
    let (scope, now) = (Scope::schools(identity::schools::all(db).await?), clock.now());
    let age = trail::oldest_waiting(db, &scope).await?.map_or(0.0, |at| now.duration_since(at).as_secs_f64());
    metrics::gauge!("trail_oldest_unchained_seconds").set(age.max(0.0));
    let overdue = breaches::overdue(db, &scope, now).await?;
    metrics::gauge!("breaches_overdue").set(f64::from(u32::try_from(overdue).unwrap_or(u32::MAX)));
    let (still, ending) = db.run(&scope, async |tx| downtime::figures(tx, now).await).await?;
    let gauge = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    metrics::gauge!("downtime_devices").set(gauge(still));
    metrics::gauge!("downtime_ending").set(gauge(ending));
    Ok(())
}
