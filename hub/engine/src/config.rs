//! What can be set of the engine.

use std::time::Duration;

use jiff::SignedDuration;

/// Settings of the engine. The server fills them from its configuration file.
#[derive(Debug, Clone)]
pub struct Config {
    /// The broker.
    pub broker: Broker,
    /// A commit takes at most so many events.
    pub batch_events: usize,
    /// A lane waits so long for company before it commits, and between two commits.
    pub batch_wait: Duration,
    /// Commits that may run side by side, each for its own schools; one more, patient, takes blocked schools.
    pub lanes: usize,
    /// How long a commit waits for a row lock before the batch is split by school.
    pub lock_wait: Duration,
    /// Events a second that one school may bring for long; ten seconds' worth may come at once.
    pub school_budget_per_s: f64,
    /// Events that may wait for their commit before further ones are shed.
    pub waiting_events: usize,
    /// An event that became known this long after it happened wakes nobody.
    pub late_after: SignedDuration,
    /// A device's clock may run ahead by this much before its event is called future-dated.
    pub future_tolerance: SignedDuration,
    /// How long the deliveries of a commit belong to this instance.
    pub delivery_lease: SignedDuration,
    /// A gap that stays open this long raises an incident.
    pub gap_patience: Duration,
}

/// How to reach the broker.
#[derive(Debug, Clone)]
pub struct Broker {
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// User name.
    pub user: String,
    /// Password.
    pub password: String,
    /// Client ids are this with `-0`, `-1`, …: fixed, so that a restarted hub inherits its queue.
    pub client_id: String,
    /// Ingest connections; each owns an equal share of the shards.
    pub groups: u8,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            broker: Broker { host: "127.0.0.1".into(), port: 1883, user: "hub".into(), password: String::new(), client_id: "shanyraq-hub".into(), groups: 8 },
            batch_events: 1_000,
            batch_wait: Duration::from_millis(8),
            lanes: 1,
            lock_wait: Duration::from_millis(200),
            school_budget_per_s: 500.0,
            waiting_events: 20_000,
            late_after: SignedDuration::from_mins(10),
            future_tolerance: SignedDuration::from_mins(5),
            delivery_lease: SignedDuration::from_secs(60),
            gap_patience: Duration::from_secs(60),
        }
    }
}
