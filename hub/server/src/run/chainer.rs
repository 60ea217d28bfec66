//! The chainer of the audit trail, and its word to the log.
//!
//! Each second the rows that wait are chained; of several instances one does it, whichever has the lock. Once an hour the end of every
//! chain that grew is said in the log. The log is kept elsewhere than the database: `shanyraq audit verify --expect` compares a chain
//! with what the log once told of it.

use super::pools::Pools;
use identity::trail::{self, Hash};
use jiff::{SignedDuration, Timestamp};
use kernel::{
    clock::Clock,
    db::{Db, Scope},
    id::SchoolId,
};
use std::{collections::BTreeMap, time::Duration};
use tokio::{task::JoinHandle, time};

const LOOK_EVERY: Duration = Duration::from_secs(1);
const TELL_EVERY: SignedDuration = SignedDuration::from_hours(1);

struct Chainer {
    db: Db,
    clock: Clock,
    grown: BTreeMap<SchoolId, (i64, Hash)>,
    told_at: Timestamp,
}

/// Starts chaining.
pub(super) fn start(pools: &Pools, clock: Clock) -> JoinHandle<()> {
    let told_at = clock.now();
    tokio::spawn(Chainer { db: pools.jobs.clone(), clock, grown: BTreeMap::new(), told_at }.work())
}

impl Chainer {
    async fn work(mut self) {
        let mut beat = time::interval(LOOK_EVERY);
        beat.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
        loop {
            beat.tick().await;
            if let Err(error) = self.chain().await {
                tracing::warn!(%error, "audit rows could not be chained; trying again");
            }
            self.tell();
        }
    }

    async fn chain(&mut self) -> kernel::Result<()> {
        let scope = Scope::schools(identity::schools::all(&self.db).await?);
        loop {
            let chained = trail::chain(&self.db, &scope, self.clock.now()).await?;
            metrics::counter!("trail_chained_total").increment(u64::try_from(chained.rows).unwrap_or(u64::MAX));
            self.grown.extend(chained.ends.into_iter().map(|(school, n, hash)| (school, (n, hash))));
            if !chained.more {
                return Ok(());
            }
        }
    }

    fn tell(&mut self) {
        let now = self.clock.now();
        if now.duration_since(self.told_at) < TELL_EVERY {
            return;
        }
        self.told_at = now;
        for (school, (n, hash)) in std::mem::take(&mut self.grown) {
            tracing::info!(%school, end = %format_args!("{n}:{hash}"), "the audit chain ends here");
        }
    }
}
