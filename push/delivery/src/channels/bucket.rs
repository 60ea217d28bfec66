//! When a channel may speak that takes few messages a second. Pure: the moment is given.
//! A message whose turn comes soon waits for it in its send; one whose turn is far
//! is sent back to its row with the time to come again, so that the dispatcher's places are not full of waiting ones. How far is "far" is
//! said by the lane: bulk never fills more than half a second ahead, so what is urgent finds its turn within that.

use std::time::Duration;

use notice::Lane;
use tokio::time::Instant;

/// What is sent back comes again after this long at the earliest.
const FAR: Duration = Duration::from_secs(10);

/// The longest that a service is granted.
pub const LONGEST_SILENCE: Duration = Duration::from_secs(24 * 3600);

/// The turns of a channel.
#[derive(Debug)]
pub struct Bucket {
    /// Between two messages.
    gap: Duration,
    /// The first free turn.
    next: Instant,
    /// The first free turn of those that were sent back, lane by lane: a thousand of bulk put nothing urgent off.
    again: [Instant; Lane::ALL.len()],
    /// Until when the service asked us to be silent.
    silent_until: Instant,
}

/// When a message may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// After this long; the turn is taken.
    In(Duration),
    /// Not now: come again after this long.
    Again(Duration),
}

impl Bucket {
    /// A bucket of so many messages a second.
    pub fn new(per_second: u32, now: Instant) -> Self {
        Self { gap: Duration::from_secs(1) / per_second.max(1), next: now, again: [now; Lane::ALL.len()], silent_until: now }
    }

    /// The turn of a message.
    pub fn turn(&mut self, lane: Lane, now: Instant) -> Turn {
        let at = self.next.max(now).max(self.silent_until);
        let wait = at.duration_since(now);
        if wait <= patience(lane) {
            self.next = at + self.gap;
            return Turn::In(wait);
        }
        let earliest = (now + FAR).max(self.silent_until);
        let gap = self.gap;
        let [urgent, normal, bulk] = &mut self.again;
        let again = match lane {
            Lane::Urgent => urgent,
            Lane::Normal => normal,
            Lane::Bulk => bulk,
        };
        let turn = (*again).max(earliest);
        *again = turn + gap;
        Turn::Again(turn.duration_since(now))
    }

    /// The service asked to wait; a shorter wait does not shorten a longer one.
    pub fn silence(&mut self, during: Duration, now: Instant) {
        self.silent_until = self.silent_until.max(now + during.min(LONGEST_SILENCE));
    }

    /// Whether the service asked to wait, and for how long still.
    pub fn silent_for(&self, now: Instant) -> Duration {
        self.silent_until.saturating_duration_since(now)
    }
}

/// How long a message may wait in its send.
pub fn patience(lane: Lane) -> Duration {
    match lane {
        Lane::Urgent => Duration::from_secs(3),
        Lane::Normal => Duration::from_millis(1_500),
        Lane::Bulk => Duration::from_millis(500),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_urgent_message_waits_half_a_second_behind_the_largest_rush_of_bulk() {
        let now = Instant::now();
        let mut bucket = Bucket::new(20, now);
        let gone = (0..1_000).filter(|_| matches!(bucket.turn(Lane::Bulk, now), Turn::In(_))).count();
        assert_eq!(gone, 11, "half a second's");
        let Turn::In(wait) = bucket.turn(Lane::Urgent, now) else { panic!("an urgent one was sent back") };
        assert!(wait <= Duration::from_millis(600), "{wait:?}");
    }

    #[test]
    fn many_of_bulk_that_were_sent_back_put_nothing_urgent_off() {
        let now = Instant::now();
        let mut bucket = Bucket::new(25, now);
        (0..100_000).for_each(|_| assert!(matches!(bucket.turn(Lane::Bulk, now), Turn::In(_) | Turn::Again(_))));
        bucket.silence(Duration::from_secs(30), now);
        let Turn::Again(after) = bucket.turn(Lane::Urgent, now) else { panic!("the service asked for silence") };
        assert_eq!(after, Duration::from_secs(30));
    }

    #[test]
    fn what_is_sent_back_comes_again_one_after_another() {
        let now = Instant::now();
        let mut bucket = Bucket::new(10, now);
        let again: Vec<_> = (0..300).filter_map(|_| match bucket.turn(Lane::Normal, now) { Turn::Again(after) => Some(after), Turn::In(_) => None }).collect();
        assert_eq!(again.first(), Some(&FAR));
        assert!(again.windows(2).all(|pair| pair[1] - pair[0] == Duration::from_millis(100)));
        bucket.silence(Duration::from_secs(90), now);
        bucket.silence(Duration::from_secs(1), now);
        assert!(matches!(bucket.turn(Lane::Urgent, now), Turn::Again(after) if after >= Duration::from_secs(90)));
        assert_eq!(bucket.silent_for(now), Duration::from_secs(90));
    }

    proptest! {
        #[test]
        fn inv_1_no_second_has_more_than_the_service_takes(steps in prop::collection::vec((0_u64..400, 0_usize..3), 1..300), per_second in 1_u32..40) {
            let start = Instant::now();
            let mut bucket = Bucket::new(per_second, start);
            let (mut now, mut sent) = (start, Vec::new());
            for (pause, lane) in steps {
                now += Duration::from_millis(pause);
                if let Turn::In(wait) = bucket.turn(Lane::ALL[lane], now) {
                    sent.push(now + wait);
                }
            }
            let gap = Duration::from_secs(1) / per_second;
            prop_assert!(sent.windows(2).all(|pair| pair[1].duration_since(pair[0]) >= gap), "two closer than the gap");
        }
    }
}
