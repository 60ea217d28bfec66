//! Putting the engine together, and stopping it in the order in which nothing is lost.

use std::{sync::Arc, time::Duration};

use actix::prelude::*;
use delivery::Dispatch;
use kernel::{Result, clock::Clock, db::Db};
use tokio::sync::{mpsc, watch};

use crate::{
    after::AfterCommit,
    board::{Board, Clerk},
    budget::Budgets,
    commit::Terms,
    config::Config,
    device,
    directory::{Directory, Seeds},
    ingest::{self, Phase},
    lane::{Lanes, Settings},
    live::Switchboard,
    parcel::Backlog,
    registry::Registry,
    router::Router,
    school, stops,
};

/// Messages between the sockets and the router; the broker's window is the real bound.
const ARRIVED: usize = 10_000;
/// How long a stop waits for what is in the lanes.
const DRAIN: Duration = Duration::from_secs(10);
/// How often the backlog is told.
const TELL_EVERY: Duration = Duration::from_secs(1);

/// What the engine is given.
pub struct Needs {
    /// A pool under the engine's role.
    pub db: Db,
    /// The clock.
    pub clock: Clock,
    /// Settings.
    pub config: Config,
    /// Where live sessions listen.
    pub switchboard: Switchboard,
    /// Where pushes go after the commit.
    pub dispatcher: Recipient<Dispatch>,
}

/// A running engine.
pub struct Engine {
    phase: watch::Sender<Phase>,
    lanes: Lanes,
    threads: Vec<Arbiter>,
}

impl Engine {
    /// Starts it: sockets on a thread of their own, actors and commits on another.
    ///
    /// # Errors
    /// When the device registry cannot be read.
    pub async fn start(needs: Needs) -> Result<Self> {
        let (sockets, actors) = (Arbiter::new(), Arbiter::new());
        let (phase, phases) = watch::channel(Phase::Taking);
        let registry = Registry::new(needs.db.clone());
        registry.reload().await?;
        let (arrived, arrivals) = mpsc::channel(ARRIVED);

        let (broker, clock, stopping) = (needs.config.broker.clone(), needs.clock.clone(), phases.clone());
        // Sockets may deliver at once; what comes before the router listens waits in the channel.
        let outbox = on(&sockets, move || ingest::start(&broker, &clock, &arrived, &stopping)).await?;
        let lanes = {
            let handle = actors.handle();
            on(&actors, move || begin(needs, &registry, outbox, arrivals, phases, handle)).await?
        };
        Ok(Self { phase, lanes, threads: vec![sockets, actors] })
    }

    /// Stops it: first nothing more is taken, then what was taken is committed and acknowledged, then the threads end.
    pub async fn stop(self) {
        self.phase.send_replace(Phase::Draining);
        let deadline = tokio::time::Instant::now() + DRAIN;
        let mut quiet = 0;
        // Quiet twice in a row: what was in a mailbox at the first look is in a lane at the second.
        while quiet < 2 && tokio::time::Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(20)).await;
            quiet = if self.lanes.backlog().waiting() == 0 { quiet + 1 } else { 0 };
        }
        self.phase.send_replace(Phase::Ended);
        // The disconnect and the last acknowledgements leave the sockets.
        tokio::time::sleep(Duration::from_millis(200)).await;
        for thread in self.threads {
            thread.stop();
            // A thread that panicked has said so in the log.
            thread.join().unwrap_or_default();
        }
    }
}

fn begin(needs: Needs, registry: &Registry, outbox: ingest::Outbox, arrivals: mpsc::Receiver<ingest::Arrived>, phases: watch::Receiver<Phase>, handle: ArbiterHandle) -> Lanes {
    let Needs { db, clock, config, switchboard, dispatcher } = needs;
    let directory = Directory::new(handle);
    let after = AfterCommit { clock: clock.clone(), outbox: outbox.clone(), directory: directory.clone(), switchboard: switchboard.clone(), dispatcher };
    let terms = Terms { late_after: config.late_after, future_tolerance: config.future_tolerance, delivery_lease: config.delivery_lease };
    let settings = Settings {
        db: db.clone(),
        clock: clock.clone(),
        terms,
        batch_events: config.batch_events,
        batch_wait: config.batch_wait,
        lock_wait: config.lock_wait,
        after,
    };
    let lanes = Lanes::start(config.lanes, config.waiting_events, &settings);
    actix::spawn(tell_backlog(lanes.backlog().clone(), clock.clone()));
    let board = Board::default();
    Clerk::start(board.clone(), db.clone(), clock.clone(), switchboard.clone(), outbox.clone());
    let budgets = Budgets::new(config.school_budget_per_s);
    actix::spawn(stops::tell(db.clone(), clock.clone(), directory.clone()));
    directory.seed(Seeds {
        device: device::Seed { clock: clock.clone(), lanes: lanes.clone(), outbox, budgets, board, gap_patience: config.gap_patience },
        school: school::Seed { db, clock, switchboard },
    });
    let router = Router::new(registry.clone(), directory, lanes.clone());
    actix::spawn(router.run(arrivals, phases));
    lanes
}

/// Tells how much waits and for how long, for as long as the thread lives. A commit that hangs shows here, and nowhere else as early.
async fn tell_backlog(backlog: Arc<Backlog>, clock: Clock) {
    loop {
        tokio::time::sleep(TELL_EVERY).await;
        let waiting = u32::try_from(backlog.waiting()).unwrap_or(u32::MAX);
        metrics::gauge!("events_waiting").set(f64::from(waiting));
        metrics::gauge!("events_oldest_waiting_seconds").set(backlog.oldest(clock.now()).unwrap_or_default().as_secs_f64());
    }
}

/// Runs a closure on an arbiter's thread and brings its result.
async fn on<T: Send + 'static>(arbiter: &Arbiter, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let (done, result) = tokio::sync::oneshot::channel();
    let spawned = arbiter.spawn_fn(move || {
        if done.send(work()).is_err() {
            tracing::error!("nobody waits for the engine's start");
        }
    });
    let ended = || kernel::Error::broken("a thread of the engine ended at once");
    if !spawned {
        return Err(ended());
    }
    result.await.map_err(|_| ended())
}
