//! Which lane sends next. Pure: the moment is given.
//!
//! Two things are scarce: sends under way at a time, and what the provider lets a project send in a time (a token bucket). Of both a part is
//! kept for the lanes above: bulk may take at most half of the sends under way and leaves half of the bucket, normal leaves a quarter. So an
//! urgent push that comes in the middle of the largest rush finds a free place and a token at once, whatever the others wait for. Among lanes
//! that may go the more urgent goes first.

use std::time::Duration;

use notice::Lane;
use tokio::time::Instant;

/// One of something for each lane.
#[derive(Debug, Clone, Default)]
pub struct PerLane<T> {
    urgent: T,
    normal: T,
    bulk: T,
}

impl<T> PerLane<T> {
    /// Made for each.
    pub fn new(make: impl Fn(Lane) -> T) -> Self {
        Self { urgent: make(Lane::Urgent), normal: make(Lane::Normal), bulk: make(Lane::Bulk) }
    }

    /// That of a lane.
    pub fn of(&self, lane: Lane) -> &T {
        match lane {
            Lane::Urgent => &self.urgent,
            Lane::Normal => &self.normal,
            Lane::Bulk => &self.bulk,
        }
    }

    /// That of a lane, to be changed.
    pub fn of_mut(&mut self, lane: Lane) -> &mut T {
        match lane {
            Lane::Urgent => &mut self.urgent,
            Lane::Normal => &mut self.normal,
            Lane::Bulk => &mut self.bulk,
        }
    }
}

/// What may be sent, and what is.
#[derive(Debug)]
pub struct Gate {
    /// Sends at a time.
    slots: u32,
    under_way: PerLane<u32>,
    /// Sends that the bucket holds when it is full, that is also how many it gains in a second.
    per_second: f64,
    tokens: f64,
    filled_at: Instant,
}

/// What to do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Send the next of this lane.
    Send(Lane),
    /// Nothing before this much time has gone by, unless something changes.
    Wait(Duration),
    /// Nothing until something changes: a push comes or a send ends.
    Rest,
}

impl Gate {
    /// A gate with a full bucket.
    pub fn new(slots: u32, per_second: u32, now: Instant) -> Self {
        let per_second = f64::from(per_second.max(1));
        Self { slots: slots.max(1), under_way: PerLane::default(), per_second, tokens: per_second, filled_at: now }
    }

    /// Decides, and takes place and token where it says to send.
    pub fn next(&mut self, is_waiting: impl Fn(Lane) -> bool, now: Instant) -> Turn {
        self.fill(now);
        let mut shortest = None;
        for lane in Lane::ALL.into_iter().filter(|lane| is_waiting(*lane)) {
            if !self.has_place(lane) {
                continue;
            }
            let missing = 1.0 + self.kept_from(lane) - self.tokens;
            if missing <= 0.0 {
                self.tokens -= 1.0;
                *self.under_way.of_mut(lane) += 1;
                return Turn::Send(lane);
            }
            let wait = Duration::from_secs_f64(missing / self.per_second).max(Duration::from_millis(1));
            shortest = Some(shortest.map_or(wait, |shortest: Duration| shortest.min(wait)));
        }
        shortest.map_or(Turn::Rest, Turn::Wait)
    }

    /// A send is over.
    pub fn leave(&mut self, lane: Lane) {
        let under_way = self.under_way.of_mut(lane);
        *under_way = under_way.saturating_sub(1);
    }

    /// How many are under way.
    pub fn under_way(&self) -> u32 {
        Lane::ALL.into_iter().map(|lane| *self.under_way.of(lane)).sum()
    }

    fn fill(&mut self, now: Instant) {
        let gained = now.saturating_duration_since(self.filled_at).as_secs_f64() * self.per_second;
        self.tokens = (self.tokens + gained).min(self.per_second);
        self.filled_at = self.filled_at.max(now);
    }

    /// Whether a lane may have another send under way: each lane shares a part of all places with the lanes below it.
    fn has_place(&self, lane: Lane) -> bool {
        let below = |top: Lane| -> u32 { Lane::ALL.into_iter().filter(|other| *other >= top).map(|other| *self.under_way.of(other)).sum() };
        Lane::ALL.into_iter().filter(|above| *above <= lane).all(|above| below(above) < most_under_way(above, self.slots))
    }

    /// Tokens that a lane leaves to those above.
    fn kept_from(&self, lane: Lane) -> f64 {
        match lane {
            Lane::Urgent => 0.0,
            // A bucket of one or two has nothing to keep.
            Lane::Normal => (self.per_second / 4.0).min(self.per_second - 1.0),
            Lane::Bulk => (self.per_second / 2.0).min(self.per_second - 1.0),
        }
    }
}

fn most_under_way(lane: Lane, slots: u32) -> u32 {
    match lane {
        Lane::Urgent => slots,
        // One place has nothing to keep.
        Lane::Normal => (slots - slots.div_ceil(4)).max(1),
        Lane::Bulk => slots.div_ceil(2),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(_: Lane) -> bool {
        true
    }

    #[test]
    fn the_more_urgent_goes_first_and_the_rest_when_it_is_idle() {
        let now = Instant::now();
        let mut gate = Gate::new(8, 100, now);
        assert_eq!(gate.next(all, now), Turn::Send(Lane::Urgent));
        assert_eq!(gate.next(|lane| lane != Lane::Urgent, now), Turn::Send(Lane::Normal));
        assert_eq!(gate.next(|lane| lane == Lane::Bulk, now), Turn::Send(Lane::Bulk));
        assert_eq!(gate.next(|_| false, now), Turn::Rest);
    }

    #[test]
    fn inv_8_a_rush_of_bulk_leaves_places_and_tokens_for_what_is_urgent() {
        let now = Instant::now();
        let mut gate = Gate::new(8, 100, now);
        let bulk = |lane| lane == Lane::Bulk;
        let sent = std::iter::from_fn(|| (gate.next(bulk, now) == Turn::Send(Lane::Bulk)).then_some(())).count();
        assert_eq!(sent, 4, "half of the places");
        for _ in 0..4 {
            assert_eq!(gate.next(all, now), Turn::Send(Lane::Urgent));
        }
        assert_eq!(gate.next(all, now), Turn::Rest, "all places are taken");

        let mut gate = Gate::new(1_000, 100, now);
        let sent = std::iter::from_fn(|| (gate.next(bulk, now) == Turn::Send(Lane::Bulk)).then_some(())).count();
        assert_eq!(sent, 50, "half of the bucket");
        assert!(matches!(gate.next(bulk, now), Turn::Wait(_)));
        assert_eq!(gate.next(all, now), Turn::Send(Lane::Urgent));
    }

    proptest! {
        /// Any order of arrivals, ends and time: what is urgent never stands behind others, nobody takes more than their part, and with time
        /// each lane goes.
        #[test]
        fn inv_8_no_order_of_events_makes_the_urgent_wait_for_others(slots in 1_u32..40, per_second in 1_u32..200, steps in proptest::collection::vec((0_u8..7, 0_u64..50), 1..300)) {
            let begun = Instant::now();
            let mut now = begun;
            let mut gate = Gate::new(slots, per_second, begun);
            let mut waiting: PerLane<u32> = PerLane::default();
            let mut under_way: Vec<Lane> = Vec::new();
            let mut sent = 0_u32;
            for (step, ms) in steps {
                now += Duration::from_millis(ms);
                match step {
                    0..=2 => *waiting.of_mut(Lane::ALL[usize::from(step)]) += 1,
                    3 if !under_way.is_empty() => gate.leave(under_way.remove(0)),
                    _ => {
                        let turn = gate.next(|lane| *waiting.of(lane) > 0, now);
                        if let Turn::Send(lane) = turn {
                            prop_assert!(*waiting.of(lane) > 0);
                            *waiting.of_mut(lane) -= 1;
                            under_way.push(lane);
                            sent += 1;
                            prop_assert!(lane == Lane::Urgent || *waiting.of(Lane::Urgent) == 0 || u32::try_from(under_way.len()).unwrap() > slots);
                        }
                        let urgent_under_way = under_way.iter().filter(|lane| **lane == Lane::Urgent).count();
                        if *waiting.of(Lane::Urgent) > 0 && !matches!(turn, Turn::Send(Lane::Urgent)) {
                            let full = u32::try_from(under_way.len()).unwrap() >= slots;
                            prop_assert!(full || matches!(turn, Turn::Wait(_)), "{turn:?}");
                            prop_assert!(!full || slots < 2 || urgent_under_way > 0, "others have taken every place");
                        }
                    }
                }
                prop_assert!(u32::try_from(under_way.len()).unwrap() <= slots);
                let bulk = u32::try_from(under_way.iter().filter(|lane| **lane == Lane::Bulk).count()).unwrap();
                prop_assert!(bulk <= slots.div_ceil(2));
                let most = f64::from(per_second) * (1.0 + now.duration_since(begun).as_secs_f64());
                prop_assert!(f64::from(sent) <= most + 1.0, "{sent} of {most}");
            }
            // In the end everything goes.
            for lane in under_way.drain(..) { gate.leave(lane); }
            now += Duration::from_secs(5);
            for lane in Lane::ALL {
                now += Duration::from_secs(2);
                prop_assert_eq!(gate.next(|other| other == lane, now), Turn::Send(lane));
                gate.leave(lane);
            }
        }
    }
}
