//! The clock: the only place that reads the machine's time.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use jiff::{SignedDuration, Timestamp};

/// How far the clocks of two instances may be apart at the worst. What is over by one clock is swept away only this much later: another
/// instance may still wait for it.
pub const SPREAD: SignedDuration = SignedDuration::from_hours(1);

/// Where the time comes from.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that a test moves by hand (milliseconds since 1970).
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// A clock standing at a time until [`advance`](Self::advance) moves it.
    pub fn standing_at(at: Timestamp) -> Self {
        Self::Set(Arc::new(AtomicI64::new(at.as_millisecond())))
    }

    /// What time it is.
    #[expect(clippy::disallowed_methods, reason = "this is the place the others are sent to")]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Set(millis) => Timestamp::from_millisecond(millis.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH),
        }
    }

    /// Moves a set clock; the machine's clock is not ours to move.
    pub fn advance(&self, by: SignedDuration) {
        if let Self::Set(millis) = self {
            let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
            millis.fetch_add(by, Ordering::SeqCst);
        }
    }
}
