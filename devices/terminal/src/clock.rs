//! What time it is, on a machine whose clock may be wrong by decades and may jump.
//!
//! A boot is one run of this program. Its clock begins at the machine's time, or at the latest time the journal knows if that
//! is later, and runs by the monotonic clock only: nobody's correction of the machine's clock moves it. How far it is from the
//! hub's clock is learnt from `hub_time` of acknowledgements.
//!
//! Always true:
//!  1. Within a boot the device's time never goes back, and a boot never begins before what the journal knows of the hub's time: before the
//!     latest event that was dated by it. If the journal cannot be opened in time, the boot begins as the machine has it.
//!  2. One acknowledgement that was long under way does not spoil what is known: only several that say the same do.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Instant, SystemTime, UNIX_EPOCH},
};

/// Differences below this are the road's, not the clock's.
const NOISE_MS: i64 = 500;
/// An acknowledgement under way for longer than this is not expected: the device's clock must run fast.
const LONG_ROAD_MS: i64 = 5_000;
/// So many acknowledgements in a row must say so; the best of them is taken.
const WITNESSES: u32 = 3;

/// Where time comes from; tests have their own.
pub trait Source: Send + Sync {
    /// Milliseconds since some moment, never going back.
    fn monotonic_ms(&self) -> i64;
    /// What the machine takes for the time, in milliseconds since 1970.
    fn machine_ms(&self) -> i64;
}

/// The machine's own clocks.
#[derive(Debug)]
pub struct Machine {
    began: Instant,
}

impl Machine {
    /// Begins to count.
    pub fn new() -> Self {
        Self { began: Instant::now() }
    }
}

impl Default for Machine {
    fn default() -> Self {
        Self::new()
    }
}

impl Source for Machine {
    fn monotonic_ms(&self) -> i64 {
        i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX)
    }

    fn machine_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }
}

/// A moment as the device sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// By the device's clock.
    pub at_ms: i64,
    /// What to add for the hub's time, if known.
    pub offset_ms: Option<i64>,
}

impl Moment {
    /// The best that is known of the true time.
    pub fn best_ms(self) -> i64 {
        self.at_ms.saturating_add(self.offset_ms.unwrap_or(0))
    }
}

/// The clock of one boot. Cheap to clone.
#[derive(Clone)]
pub struct Clock {
    source: Arc<dyn Source>,
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    anchor_ms: i64,
    began_ms: i64,
    offset_ms: Option<i64>,
    /// How many acknowledgements in a row said that we run fast, and the best of them.
    doubts: Option<(u32, i64)>,
    settled: bool,
}

impl Clock {
    /// A clock that begins at the machine's time, but not before `known_ms`.
    pub fn begin(source: Arc<dyn Source>, known_ms: i64) -> Self {
        let shared = Shared { anchor_ms: source.machine_ms().max(known_ms), began_ms: source.monotonic_ms(), offset_ms: None, doubts: None, settled: false };
        Self { source, shared: Arc::new(Mutex::new(shared)) }
    }

    /// Now.
    pub fn now(&self) -> Moment {
        let now_ms = self.source.monotonic_ms();
        let shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        Moment { at_ms: shared.anchor_ms.saturating_add(now_ms.saturating_sub(shared.began_ms)), offset_ms: shared.offset_ms }
    }

    /// Milliseconds that only say how much later something is.
    pub fn monotonic_ms(&self) -> i64 {
        self.source.monotonic_ms()
    }

    /// Lets the clock begin at a later time: the journal knows one. Only until it is [settled](Self::settle).
    pub fn not_before(&self, known_ms: i64) {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        if !shared.settled {
            shared.anchor_ms = shared.anchor_ms.max(known_ms);
        }
    }

    /// From now on things are dated by it: it only runs.
    pub fn settle(&self) {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner).settled = true;
    }

    /// Learns from the hub's clock; gives the offset now in force.
    pub fn learn(&self, hub_ms: i64) -> i64 {
        let measured = hub_ms.saturating_sub(self.now().at_ms);
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        let (offset, doubts) = improved(shared.offset_ms, shared.doubts, measured);
        (shared.offset_ms, shared.doubts) = (Some(offset), doubts);
        offset
    }
}

/// The hub wrote its time before we read it, so a measured offset is never above the true one: a greater one is better, a
/// smaller one mostly tells of a slow road. Gives the offset, and what speaks against it.
fn improved(known: Option<i64>, doubts: Option<(u32, i64)>, measured: i64) -> (i64, Option<(u32, i64)>) {
    let Some(known) = known else { return (measured, None) };
    if measured > known.saturating_add(NOISE_MS) {
        return (measured, None);
    }
    if measured >= known.saturating_sub(LONG_ROAD_MS) {
        return (known, None);
    }
    let (witnesses, best) = doubts.map_or((1, measured), |(witnesses, best)| (witnesses + 1, best.max(measured)));
    if witnesses >= WITNESSES { (best, None) } else { (known, Some((witnesses, best))) }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    /// A clock that a test turns.
    #[derive(Debug, Default)]
    pub(crate) struct ByHand {
        pub(crate) monotonic: AtomicI64,
        pub(crate) machine: AtomicI64,
    }

    impl Source for ByHand {
        fn monotonic_ms(&self) -> i64 {
            self.monotonic.load(Ordering::SeqCst)
        }

        fn machine_ms(&self) -> i64 {
            self.machine.load(Ordering::SeqCst)
        }
    }

    #[test]
    fn inv_1_time_never_goes_back() {
        let source = Arc::new(ByHand::default());
        source.machine.store(1_000, Ordering::SeqCst);
        let clock = Clock::begin(source.clone(), 50_000);
        assert_eq!(clock.now(), Moment { at_ms: 50_000, offset_ms: None });
        source.monotonic.store(70, Ordering::SeqCst);
        source.machine.store(-5_000_000, Ordering::SeqCst);
        assert_eq!(clock.now().at_ms, 50_070, "a jump of the machine's clock changes nothing");
        assert_eq!(clock.learn(1_000_000), 949_930);
        assert_eq!(clock.now().best_ms(), 1_000_000);
        clock.settle();
        clock.not_before(90_000_000);
        assert_eq!(clock.now().at_ms, 50_070, "it was dated by");
    }

    #[test]
    fn inv_2_late_acknowledgements_count_only_when_several_say_the_same() {
        let learnt = |measured: &[i64]| {
            let clock = Clock::begin(Arc::new(ByHand::default()), 0);
            measured.iter().map(|ms| clock.learn(*ms)).last().unwrap()
        };
        assert_eq!(learnt(&[60_000]), 60_000);
        assert_eq!(learnt(&[60_000, 59_000]), 60_000, "a slow road");
        assert_eq!(learnt(&[60_000, 60_400]), 60_000, "noise");
        assert_eq!(learnt(&[52_000, 60_000]), 60_000, "the first one was eight seconds under way");
        assert_eq!(learnt(&[60_000, 40_000, 41_000]), 60_000, "the road was very slow, twice");
        assert_eq!(learnt(&[60_000, 40_000, 41_000, 60_000, 40_000, 40_000]), 60_000, "and again");
        assert_eq!(learnt(&[60_000, 40_000, 41_000, 39_000]), 41_000, "the device's clock runs fast");
    }
}
