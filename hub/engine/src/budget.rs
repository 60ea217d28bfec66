//! How much a school may bring: a token bucket each, so that one school's flood is shed before it reaches its neighbours.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Instant,
};

use kernel::id::SchoolId;

/// Seconds' worth of events that may come at once.
const BURST_S: f64 = 10.0;

/// Budgets of all schools. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Budgets {
    per_s: f64,
    buckets: Arc<Mutex<HashMap<SchoolId, Bucket>>>,
}

#[derive(Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Bucket {
    /// Takes the tokens if they are there.
    fn take(&mut self, per_s: f64, tokens: f64, now: Instant) -> bool {
        let grown = self.left + per_s * now.duration_since(self.at).as_secs_f64();
        self.left = grown.min(per_s * BURST_S);
        self.at = now;
        let enough = self.left >= tokens;
        if enough {
            self.left -= tokens;
        }
        enough
    }
}

impl Budgets {
    /// Every school gets so many events a second.
    pub fn new(per_s: f64) -> Self {
        Self { per_s, buckets: Arc::default() }
    }

    /// Whether the school may bring so many events now; if so they are spent.
    pub fn allow(&self, school: SchoolId, events: usize) -> bool {
        let tokens = f64::from(u32::try_from(events).unwrap_or(u32::MAX));
        let now = Instant::now();
        let Ok(mut buckets) = self.buckets.lock() else { return true };
        let bucket = buckets.entry(school).or_insert(Bucket { left: self.per_s * BURST_S, at: now });
        bucket.take(self.per_s, tokens, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_school_gets_its_rate_and_ten_seconds_of_burst() {
        let start = Instant::now();
        let mut bucket = Bucket { left: 1_000.0, at: start };
        assert!(bucket.take(100.0, 1_000.0, start));
        assert!(!bucket.take(100.0, 1.0, start));
        assert!(bucket.take(100.0, 100.0, start + Duration::from_secs(1)));
        assert!(!bucket.take(100.0, 1_001.0, start + Duration::from_secs(3_600)), "the burst is bounded");
    }

    #[test]
    fn schools_do_not_share() {
        let budgets = Budgets::new(1.0);
        let school = |n| SchoolId(kernel::id::Uuid::from_u128(n));
        assert!(budgets.allow(school(1), 10));
        assert!(!budgets.allow(school(1), 1));
        assert!(budgets.allow(school(2), 10));
    }
}
