//! The way of an event.

use super::{ConfigError, section::section};

section! {
    /// The way of an event from the broker to its commit.
    pub struct Engine {
        /// A commit takes at most so many events.
        batch_max_events: usize = 1_000,
        /// A lane waits so long for company before it commits, and between two commits.
        batch_max_wait_ms: u64 = 8,
        /// Commits side by side, each for its own schools; one more, patient, takes blocked schools. 0: one for every two processors, the
        /// other half being the database's and the pages'.
        lanes: usize = 0,
        /// How long a commit waits for a row lock before the batch is split by school.
        lock_wait_ms: u64 = 200,
        /// Events a second that one school may bring for long; ten seconds' worth may come at once.
        school_budget_per_s: f64 = 500.0,
        /// Events that may wait for their commit before further ones are shed (the terminals keep them).
        waiting_events: usize = 20_000,
        /// An event that becomes known this long after it happened wakes nobody.
        late_after_s: i64 = 600,
        /// A device's clock may run ahead by this much before its event is called future-dated.
        future_tolerance_s: i64 = 300,
        /// How long the deliveries of a commit belong to the instance that made it.
        delivery_lease_s: i64 = 60,
        /// A gap in a device's numbers that stays open this long raises an incident.
        gap_patience_s: u64 = 60,
    }
}

impl Engine {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        let positive = [("engine.batch_max_events", self.batch_max_events), ("engine.waiting_events", self.waiting_events)];
        for (key, value) in positive {
            if value == 0 {
                return Err(ConfigError::Invalid { key, problem: "must be at least 1".to_owned() });
            }
        }
        if !self.school_budget_per_s.is_finite() || self.school_budget_per_s <= 0.0 {
            return Err(ConfigError::Invalid { key: "engine.school_budget_per_s", problem: "must be above 0".to_owned() });
        }
        Ok(())
    }
}
