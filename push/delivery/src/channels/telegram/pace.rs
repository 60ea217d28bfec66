//! When the bot may speak in a chat. Pure: the moment is given.
//!
//! The service takes about thirty messages a second from a bot and about one a second in a chat; who is faster is asked to wait, and the answer
//! does not say which of the two it was. So each chat has a pace of its own here: then one chat alone cannot make the service silence the bot. If
//! it is asked for all the same, it is read as the chat's where the message before in that chat went a moment ago (another instance writes there
//! too, or the service counts otherwise), and as the bot's else. Should that be wrong, the next message to any other chat is refused with nothing
//! before it, and the bot is silent a second later.

use std::{collections::HashMap, time::Duration};

use notice::Lane;
use tokio::time::Instant;

use crate::channels::bucket::{self, Bucket, LONGEST_SILENCE};

/// Between two messages in a chat.
const GAP: Duration = Duration::from_secs(1);
/// A message that follows another so soon may be what the service minds in a chat.
const SOON: Duration = Duration::from_secs(3);
/// So many chats are remembered. Thirty messages a second fill a hundred of them; the rest is for chats that are to be silent.
const MOST: usize = 10_000;

/// The turns of a bot in its chats.
#[derive(Debug)]
pub struct Pace {
    bucket: Bucket,
    chats: HashMap<i64, Chat>,
}

#[derive(Debug, Clone, Copy)]
struct Chat {
    /// When the last message goes.
    last: Instant,
    /// When the one before it went.
    before: Option<Instant>,
    /// Until when the service asked us to be silent there.
    silent_until: Instant,
}

/// When a message may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// After this long; the turn is taken.
    In(Duration),
    /// The chat is busy: ask anew after this long. Nothing is taken, so that the bot's turns are not kept for who must wait.
    Ask(Duration),
    /// Not now: come again after this long.
    Again(Duration),
}

impl Pace {
    /// The pace of a bot that has not spoken yet.
    pub fn new(per_second: u32, now: Instant) -> Self {
        Self { bucket: Bucket::new(per_second, now), chats: HashMap::new() }
    }

    /// The turn of a message that has waited since a moment.
    pub fn turn(&mut self, chat: i64, lane: Lane, since: Instant, now: Instant) -> Turn {
        let free = self.chats.get(&chat).map_or(now, Chat::free);
        let wait = free.saturating_duration_since(now);
        if !wait.is_zero() {
            let in_all = free.saturating_duration_since(since);
            return if in_all <= bucket::patience(lane) { Turn::Ask(wait) } else { Turn::Again(wait) };
        }
        match self.bucket.turn(lane, now) {
            bucket::Turn::Again(after) => Turn::Again(after),
            bucket::Turn::In(wait) => {
                self.note(chat, now + wait, now);
                Turn::In(wait)
            }
        }
    }

    /// The service asked to wait, after a message in this chat.
    pub fn asked_to_wait(&mut self, chat: i64, during: Duration, now: Instant) {
        match self.chats.get_mut(&chat) {
            Some(known) if known.is_hasty() => known.silent_until = known.silent_until.max(now + during.min(LONGEST_SILENCE)),
            _ => self.bucket.silence(during, now),
        }
    }

    /// The service asked to wait, and no chat had to do with it.
    pub fn silence(&mut self, during: Duration, now: Instant) {
        self.bucket.silence(during, now);
    }

    /// For how long nothing is to be said in a chat because the service asked so.
    pub fn silent_for(&self, chat: i64, now: Instant) -> Duration {
        let there = self.chats.get(&chat).map_or(Duration::ZERO, |known| known.silent_until.saturating_duration_since(now));
        there.max(self.bucket.silent_for(now))
    }

    fn note(&mut self, chat: i64, at: Instant, now: Instant) {
        if self.chats.len() >= MOST {
            self.chats.retain(|_, known| known.matters(now));
        }
        let before = self.chats.get(&chat).map(|known| known.last);
        // Were all of them silenced, a chat more would go without a pace: the service's own word is left then.
        if before.is_some() || self.chats.len() < MOST {
            self.chats.insert(chat, Chat { last: at, before, silent_until: at });
        }
    }
}

impl Chat {
    fn free(&self) -> Instant {
        (self.last + GAP).max(self.silent_until)
    }

    /// Whether its last message followed another soon.
    fn is_hasty(&self) -> bool {
        self.before.is_some_and(|before| self.last.saturating_duration_since(before) < SOON)
    }

    fn matters(&self, now: Instant) -> bool {
        now < (self.last + SOON).max(self.silent_until)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    const ONE: i64 = 1;
    const OTHER: i64 = 2;

    fn after(start: Instant, millis: u64) -> Instant {
        start + Duration::from_millis(millis)
    }

    #[test]
    fn a_busy_chat_keeps_its_own_waiting_and_nobody_elses() {
        let now = Instant::now();
        let mut pace = Pace::new(25, now);
        assert_eq!(pace.turn(ONE, Lane::Urgent, now, now), Turn::In(Duration::ZERO));
        assert_eq!(pace.turn(ONE, Lane::Urgent, now, now), Turn::Ask(GAP));
        assert_eq!(pace.turn(ONE, Lane::Bulk, now, now), Turn::Again(GAP), "bulk has less patience than the gap");
        assert!(matches!(pace.turn(OTHER, Lane::Bulk, now, now), Turn::In(wait) if wait < Duration::from_millis(50)));
        let later = after(now, 3_100);
        pace.turn(ONE, Lane::Urgent, now, later);
        assert_eq!(pace.turn(ONE, Lane::Urgent, now, later), Turn::Again(GAP), "it has waited enough in its send");
    }

    #[test]
    fn a_wait_after_haste_in_a_chat_is_that_chats_and_any_other_the_bots() {
        let start = Instant::now();
        let mut pace = Pace::new(25, start);
        pace.turn(ONE, Lane::Urgent, start, start);
        let second = after(start, 1_000);
        assert_eq!(pace.turn(ONE, Lane::Urgent, second, second), Turn::In(Duration::ZERO));
        pace.asked_to_wait(ONE, Duration::from_secs(30), second);
        assert_eq!(pace.silent_for(ONE, second), Duration::from_secs(30));
        assert_eq!(pace.turn(ONE, Lane::Urgent, second, second), Turn::Again(Duration::from_secs(30)));
        assert_eq!((pace.silent_for(OTHER, second), pace.turn(OTHER, Lane::Urgent, second, second)), (Duration::ZERO, Turn::In(Duration::from_millis(40))));

        pace.asked_to_wait(OTHER, Duration::from_secs(60), second);
        assert_eq!(pace.silent_for(3, second), Duration::from_secs(60), "nothing had been said there before: the bot's");
        assert_eq!(pace.silent_for(ONE, second), Duration::from_secs(60));
    }

    #[test]
    fn a_chat_that_was_written_to_long_ago_is_not_to_blame() {
        let start = Instant::now();
        let mut pace = Pace::new(25, start);
        pace.turn(ONE, Lane::Urgent, start, start);
        let later = after(start, 10_000);
        pace.turn(ONE, Lane::Urgent, later, later);
        pace.asked_to_wait(ONE, Duration::from_secs(5), later);
        assert_eq!(pace.silent_for(OTHER, later), Duration::from_secs(5));
    }

    #[test]
    fn memory_is_bounded_however_many_chats_there_are() {
        let start = Instant::now();
        let mut pace = Pace::new(40, start);
        for chat in 0..30_000 {
            let now = after(start, 25 * u64::try_from(chat).unwrap());
            assert!(matches!(pace.turn(chat, Lane::Normal, now, now), Turn::In(_)));
            assert!(pace.chats.len() <= MOST);
        }
    }

    proptest! {
        #[test]
        fn inv_1_no_chat_has_two_in_a_second_and_no_second_more_than_the_bot_may(steps in prop::collection::vec((0_u64..300, 0_i64..4, 0_usize..3), 1..400)) {
            let start = Instant::now();
            let mut pace = Pace::new(25, start);
            let (mut now, mut sent, mut all) = (start, BTreeMap::<i64, Vec<Instant>>::new(), Vec::new());
            for (pause, chat, lane) in steps {
                now += Duration::from_millis(pause);
                if let Turn::In(wait) = pace.turn(chat, Lane::ALL[lane], now, now) {
                    sent.entry(chat).or_default().push(now + wait);
                    all.push(now + wait);
                }
            }
            prop_assert!(sent.values().all(|times| times.windows(2).all(|pair| pair[1].duration_since(pair[0]) >= GAP)));
            prop_assert!(all.windows(2).all(|pair| pair[1].duration_since(pair[0]) >= Duration::from_millis(40)));
        }
    }
}
