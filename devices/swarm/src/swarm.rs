//! What all terminals of a run share: the town, the options, the one clock, the ledger, the counts.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use tokio::sync::{Semaphore, watch};

use crate::{latency::Latency, ledger::Ledger, mischief::Mischief, terminal::Patience, town::Town};

/// How the terminals behave.
#[derive(Debug, Clone)]
pub struct Behaviour {
    /// The most events in one message.
    pub batch: usize,
    /// When to send again.
    pub patience: Patience,
    /// Between two health messages.
    pub health_ms: u64,
    /// What goes wrong on purpose.
    pub mischief: Mischief,
    /// The seed of every decision.
    pub seed: u64,
    /// Latencies of events scheduled before this many microseconds of the run are not counted.
    pub latency_after_us: i64,
}

/// The one clock of the run: the system's wall clock at the start, then monotonic.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    wall_us: i64,
    start: Instant,
}

impl Clock {
    /// Starts now.
    pub fn start() -> Self {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { wall_us: i64::try_from(wall.as_micros()).unwrap_or(0), start: Instant::now() }
    }

    /// Milliseconds since the start.
    pub fn since_start_ms(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// The instant of so many milliseconds since the start.
    pub fn instant(&self, ms: u64) -> tokio::time::Instant {
        tokio::time::Instant::from_std(self.start + std::time::Duration::from_millis(ms))
    }

    /// Wall time in microseconds.
    pub fn wall_us(&self) -> i64 {
        self.wall_us.saturating_add(i64::try_from(self.start.elapsed().as_micros()).unwrap_or(i64::MAX))
    }

    /// Wall time in milliseconds.
    pub fn wall_ms(&self) -> i64 {
        self.wall_us() / 1_000
    }

    /// Wall time of the start, in microseconds.
    pub fn start_us(&self) -> i64 {
        self.wall_us
    }
}

/// A count that many add to.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    /// Adds.
    pub fn add(&self, n: usize) {
        self.0.fetch_add(u64::try_from(n).unwrap_or(0), Ordering::Relaxed);
    }

    /// Reads.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Everything that is counted.
#[derive(Debug, Default)]
pub struct Counts {
    /// Events written into journals.
    pub created: Count,
    /// Events freed by an acknowledgement.
    pub acknowledged: Count,
    /// Acknowledgements received.
    pub acks: Count,
    /// Messages published on `up/events`, without mischief.
    pub messages: Count,
    /// Events sent more than once.
    pub sent_again: Count,
    /// Messages that found the way to the socket full; their events are sent again later.
    pub held_back: Count,
    /// Connections made.
    pub connects: Count,
    /// Connections refused or broken by the other side.
    pub broken: Count,
    /// Connections dropped on purpose.
    pub dropped: Count,
    /// Flashes wiped.
    pub wipes: Count,
    /// Events that went with a wiped flash.
    pub wiped: Count,
    /// Numbers declared lost.
    pub lost: Count,
    /// Bad messages of all kinds, and duplicates.
    pub mischief: Count,
    /// Terminals connected and subscribed now.
    connected: AtomicI64,
    /// Events issued and neither acknowledged nor wiped.
    open: AtomicI64,
}

impl Counts {
    /// A terminal came (1) or went (-1).
    pub fn connected_by(&self, n: i64) {
        self.connected.fetch_add(n, Ordering::Relaxed);
    }

    /// Terminals connected now.
    pub fn connected(&self) -> i64 {
        self.connected.load(Ordering::Relaxed)
    }

    /// Events came into being (positive) or were settled (negative).
    pub fn open_by(&self, n: i64) {
        self.open.fetch_add(n, Ordering::Relaxed);
    }

    /// Events neither acknowledged nor wiped.
    pub fn open(&self) -> i64 {
        self.open.load(Ordering::Relaxed)
    }
}

/// What all terminals share.
#[derive(Debug)]
pub struct Swarm {
    /// The world.
    pub town: Town,
    /// How they behave.
    pub behaviour: Behaviour,
    /// The one clock.
    pub clock: Clock,
    /// Where it is written down.
    pub ledger: Ledger,
    /// How much of what.
    pub counts: Counts,
    /// From the scheduled time to our acknowledgement.
    pub latency: Mutex<Latency>,
    /// So many connect at once; a broker greets only so fast.
    pub greeting: Semaphore,
    /// Turns true when the run is over.
    pub stop: watch::Receiver<bool>,
}
