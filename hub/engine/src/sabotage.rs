//! Builds that break one promise on purpose. Without the feature `sabotage` every question here is answered "no" at compile time.
//! A checker that has never been seen red proves nothing; the tests run it against each of these.

/// A promise to break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sabotage {
    /// Acknowledge, and then sometimes not commit.
    AckEarly,
    /// Forget what is durable: every re-sent event counts again.
    DedupOff,
    /// Raise the cursor in a transaction of its own, before the events are stored; what comes after may fail.
    CursorEarly,
    /// Insert no notices and deliveries.
    SkipDelivery,
}

/// Whether this run breaks that promise (`SHANYRAQ_SABOTAGE`).
#[cfg(feature = "sabotage")]
pub fn breaks(promise: Sabotage) -> bool {
    use std::sync::LazyLock;
    static CHOSEN: LazyLock<Option<Sabotage>> = LazyLock::new(|| match std::env::var("SHANYRAQ_SABOTAGE").ok()?.as_str() {
        "ack_early" => Some(Sabotage::AckEarly),
        "dedup_off" => Some(Sabotage::DedupOff),
        "cursor_early" => Some(Sabotage::CursorEarly),
        "skip_delivery" => Some(Sabotage::SkipDelivery),
        _ => None,
    });
    *CHOSEN == Some(promise)
}

/// Never, in a build that keeps its promises.
#[cfg(not(feature = "sabotage"))]
#[inline]
pub fn breaks(_: Sabotage) -> bool {
    false
}

/// One mishap in so many calls: what a broken promise needs to be found out.
#[cfg(feature = "sabotage")]
pub fn mishap(one_in: u64) -> bool {
    use std::sync::atomic::{AtomicU64, Ordering};
    static CALLS: AtomicU64 = AtomicU64::new(0);
    CALLS.fetch_add(1, Ordering::Relaxed) % one_in == one_in - 1
}

/// Never, in a build that keeps its promises.
#[cfg(not(feature = "sabotage"))]
#[inline]
pub fn mishap(_: u64) -> bool {
    false
}

/// Panics in the actor of the device `SHANYRAQ_PANIC_DEVICE` at its first messages, one more than its budget of restarts.
#[cfg(feature = "sabotage")]
pub fn panic_in_device(code: &str) {
    use std::sync::{
        LazyLock,
        atomic::{AtomicUsize, Ordering},
    };
    static VICTIM: LazyLock<Option<String>> = LazyLock::new(|| std::env::var("SHANYRAQ_PANIC_DEVICE").ok());
    static PANICS: AtomicUsize = AtomicUsize::new(0);
    if VICTIM.as_deref() == Some(code) && PANICS.fetch_add(1, Ordering::Relaxed) <= crate::supervision::RESTARTS {
        metrics::counter!("sabotage_panics_total").increment(1);
        panic!("sabotage of {code}");
    }
}

/// Nothing, in a build that keeps its promises.
#[cfg(not(feature = "sabotage"))]
#[inline]
pub fn panic_in_device(_: &str) {}

/// Panics in an actor that is older than `SHANYRAQ_ACTOR_LIFE_MS`: every actor dies at its first message after that.
#[cfg(feature = "sabotage")]
pub fn die_of_age(born: std::time::Instant) {
    use std::{sync::LazyLock, time::Duration};
    static LIFE: LazyLock<Option<Duration>> = LazyLock::new(|| std::env::var("SHANYRAQ_ACTOR_LIFE_MS").ok()?.parse().ok().map(Duration::from_millis));
    if LIFE.is_some_and(|life| born.elapsed() > life) {
        metrics::counter!("sabotage_panics_total").increment(1);
        panic!("sabotage of an old actor");
    }
}

/// Nothing, in a build that keeps its promises.
#[cfg(not(feature = "sabotage"))]
#[inline]
pub fn die_of_age(_: std::time::Instant) {}

/// A place where a test makes the code panic: one time in `SHANYRAQ_PANIC_ONE_IN` calls, at most `SHANYRAQ_PANICS` times.
#[cfg(feature = "sabotage")]
pub fn panic_point(place: &str) {
    use std::sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    };
    fn number(name: &str) -> Option<u64> {
        std::env::var(name).ok()?.parse().ok()
    }
    static ONE_IN: LazyLock<Option<u64>> = LazyLock::new(|| number("SHANYRAQ_PANIC_ONE_IN"));
    static MOST: LazyLock<u64> = LazyLock::new(|| number("SHANYRAQ_PANICS").unwrap_or(0));
    static CALLS: AtomicU64 = AtomicU64::new(1);
    static PANICS: AtomicU64 = AtomicU64::new(0);
    let Some(one_in) = *ONE_IN else { return };
    // A multiplicative hash of the call's number: spread, repeatable, and no generator's state to share.
    let call = CALLS.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    if call.is_multiple_of(one_in) && PANICS.fetch_add(1, Ordering::Relaxed) < *MOST {
        metrics::counter!("sabotage_panics_total").increment(1);
        panic!("sabotage at {place}");
    }
}

/// Nothing, in a build that keeps its promises.
#[cfg(not(feature = "sabotage"))]
#[inline]
pub fn panic_point(_: &str) {}
