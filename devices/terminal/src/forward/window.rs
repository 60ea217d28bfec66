//! What is under way to the hub, and when to send it again. Pure: time comes in as milliseconds, messages go out as JSON.

use std::collections::BTreeMap;

use protocol::{MESSAGE_LIMIT_BYTES, WINDOW_EVENTS, down::Ack};
use serde_json::Value;

use super::patience::{Chance, Patience};
use crate::journal::Letter;

/// Events in one message: with the longest cards they are a third of what a message may have.
const BATCH: usize = 100;
/// Their bytes: what other devices tell may be longer than a card. The rest is for the store's name.
const BATCH_BYTES: usize = MESSAGE_LIMIT_BYTES - 1_024;

/// The window. Holds at most [`WINDOW_EVENTS`] events; what follows stays in the journal. What is not acknowledged is sent again as a
/// whole and from its beginning, so that the hub hears it in order.
#[derive(Debug)]
pub struct Window {
    store: String,
    /// The greatest number that was ever taken in.
    reached: i64,
    upto: i64,
    events: BTreeMap<i64, Value>,
    /// The greatest number that was sent this time.
    sent: i64,
    /// How often it was sent again since the lowest number moved.
    attempts: u32,
    /// When to begin again, if something was sent.
    due_ms: Option<i64>,
    patience: Patience,
    chance: Chance,
}

impl Window {
    /// A window on a journal whose numbers up to `acknowledged` are at the hub.
    pub fn new(store: &str, acknowledged: i64, patience: Patience, chance: Chance) -> Self {
        Self {
            store: store.to_owned(),
            reached: acknowledged,
            upto: acknowledged,
            events: BTreeMap::new(),
            sent: acknowledged,
            attempts: 0,
            due_ms: None,
            patience,
            chance,
        }
    }

    /// After which number to go on reading, and how many events there is room for.
    pub fn wants(&self) -> (i64, usize) {
        (self.reached, WINDOW_EVENTS.saturating_sub(self.events.len()))
    }

    /// Takes events in, to be sent at once.
    pub fn take(&mut self, letters: Vec<Letter>) {
        let room = self.wants().1;
        for Letter { seq, told } in letters.into_iter().take(room) {
            self.reached = self.reached.max(seq);
            if seq > self.upto {
                self.events.insert(seq, told);
            }
        }
    }

    /// The next message to send now, in order.
    pub fn next_message(&mut self, now_ms: i64) -> Option<String> {
        if self.next_due_ms().is_some_and(|due| due <= now_ms) {
            (self.sent, self.due_ms) = (0, None);
            self.attempts = self.attempts.saturating_add(1);
        }
        let (events, last) = self.batch()?;
        self.sent = last;
        if self.due_ms.is_none() {
            self.wait(now_ms);
        }
        Some(format!(r#"{{"events":[{events}],"store":{}}}"#, Value::from(self.store.as_str())))
    }

    /// The next events that were not sent this time, as JSON, and the number of the last one.
    fn batch(&self) -> Option<(String, i64)> {
        let mut events = String::new();
        let mut last = None;
        for (seq, told) in self.events.range(self.sent.saturating_add(1)..).take(BATCH) {
            let told = told.to_string();
            if !events.is_empty() && events.len() + told.len() > BATCH_BYTES {
                break;
            }
            events.push_str(if events.is_empty() { "" } else { "," });
            events.push_str(&told);
            last = Some(*seq);
        }
        Some((events, last?))
    }

    fn wait(&mut self, now_ms: i64) {
        self.due_ms = Some(now_ms.saturating_add(self.patience.pause_ms(self.attempts, &mut self.chance)));
    }

    /// When something is due.
    pub fn next_due_ms(&self) -> Option<i64> {
        self.due_ms.filter(|_| !self.events.is_empty())
    }

    /// Lets go of what an acknowledgement names; gives the number up to which the journal may forget, if that is news.
    pub fn acknowledge(&mut self, ack: &Ack, now_ms: i64) -> Option<i64> {
        if ack.store != self.store {
            return None;
        }
        let lowest = self.lowest();
        self.events.retain(|seq, _| !ack.covers(*seq));
        if self.lowest() != lowest {
            // The rest is on its way. Were it to wait no longer for each word of the hub, a hole in the beginning would never be filled.
            self.attempts = 0;
            self.wait(now_ms);
        }
        if self.events.is_empty() {
            self.due_ms = None;
        }
        if ack.upto <= self.upto {
            return None;
        }
        self.upto = ack.upto;
        self.reached = self.reached.max(ack.upto);
        Some(ack.upto)
    }

    fn lowest(&self) -> Option<i64> {
        self.events.first_key_value().map(|(seq, _)| *seq)
    }

    /// After a connection broke: all that is under way is sent again at once, in order, with patience from the start.
    pub fn reconnected(&mut self) {
        (self.sent, self.attempts, self.due_ms) = (0, 0, None);
    }

    /// Whether nothing is under way.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;
    use protocol::{cursor::Cursor, up::Events};
    use serde_json::json;

    use super::*;

    fn window() -> Window {
        Window::new("k1", 0, Patience::default(), Chance::new(1))
    }

    fn letter(seq: i64) -> Letter {
        Letter { seq, told: json!({"seq": seq, "at": "2026-11-22T02:00:00Z", "kind": "alarm", "code": "tamper"}) }
    }

    fn ack(upto: i64, have: &[(i64, i64)]) -> Ack {
        Ack { store: "k1".into(), upto, have: have.to_vec(), hub_time: Timestamp::UNIX_EPOCH }
    }

    fn seqs(message: &str) -> Vec<i64> {
        Events::parse(message.as_bytes()).unwrap().events.iter().map(|event| event.seq).collect()
    }

    /// Reads from a journal that goes up to `last`.
    fn fill(window: &mut Window, last: i64) {
        let (after, room) = window.wants();
        window.take((after + 1..=last).take(room).map(letter).collect());
    }

    #[test]
    fn inv_1_only_an_acknowledgement_of_this_journal_lets_go() {
        let mut window = window();
        fill(&mut window, 6);
        window.next_message(0).unwrap();
        assert_eq!(window.acknowledge(&Ack { store: "other".into(), ..ack(6, &[]) }, 0), None);
        assert_eq!(window.acknowledge(&ack(2, &[(4, 4), (6, 9)]), 0), Some(2));
        assert_eq!(window.acknowledge(&ack(1, &[]), 0), None, "an old one is no news");
        assert_eq!(window.events.keys().copied().collect::<Vec<_>>(), [3, 5]);
    }

    #[test]
    fn inv_2_the_window_holds_back_the_rest() {
        let mut window = window();
        fill(&mut window, 450);
        let sent: Vec<i64> = std::iter::from_fn(|| window.next_message(5)).flat_map(|message| seqs(&message)).collect();
        assert_eq!(sent, Vec::from_iter(1..=200));
        assert_eq!(window.acknowledge(&ack(3, &[(5, 5)]), 5), Some(3));
        fill(&mut window, 450);
        assert_eq!(seqs(&window.next_message(6).unwrap()), [201, 202, 203, 204]);
    }

    #[test]
    fn inv_2_no_message_is_longer_than_the_hub_takes() {
        let mut window = window();
        let long = |seq| Letter { seq, told: json!({"seq": seq, "at": "2026-11-22T02:00:00Z", "kind": "pass", "raw": "x".repeat(1_400)}) };
        window.take((1..=200).map(long).collect());
        let messages: Vec<String> = std::iter::from_fn(|| window.next_message(0)).collect();
        assert!(messages.iter().all(|message| message.len() <= MESSAGE_LIMIT_BYTES), "and each can be read");
        assert_eq!(messages.iter().flat_map(|message| seqs(message)).collect::<Vec<_>>(), Vec::from_iter(1..=200));
    }

    #[test]
    fn inv_3_what_is_not_acknowledged_is_sent_again_ever_more_slowly_and_at_once_after_a_break() {
        let mut window = window();
        fill(&mut window, 3);
        window.next_message(0).unwrap();
        let mut now = 0;
        for least in [2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000] {
            assert!(window.next_message(now + least - 1).is_none());
            now += least + least / 4;
            assert_eq!(seqs(&window.next_message(now).unwrap()), [1, 2, 3]);
        }
        window.reconnected();
        assert_eq!(seqs(&window.next_message(now).unwrap()), [1, 2, 3]);
        assert!(window.next_due_ms().unwrap() <= now + 2_500);
    }

    #[test]
    fn inv_3_what_was_lost_comes_again_in_order_and_in_as_few_messages_as_before() {
        let mut window = window();
        fill(&mut window, 180);
        let first: Vec<String> = std::iter::from_fn(|| window.next_message(0)).collect();
        assert_eq!(first.len(), 2);
        // The first message was lost on the road; time passes a millisecond at a time.
        window.acknowledge(&ack(0, &[(101, 180)]), 100);
        let again: Vec<String> = (0..20_000).filter_map(|now| window.next_message(now)).collect();
        assert_eq!(again.len(), 3, "after two, four and eight seconds");
        assert!(again.iter().all(|message| seqs(message) == Vec::from_iter(1..=100)));
        fill(&mut window, 181);
        assert_eq!(seqs(&window.next_message(20_000).unwrap()), [181], "what is fresh waits for nobody");
    }

    #[test]
    fn inv_3_a_hole_is_filled_though_the_hub_acknowledges_all_the_time() {
        let mut window = window();
        fill(&mut window, 2);
        window.next_message(0).unwrap();
        let mut again = Vec::new();
        for step in 1..=60 {
            let now = step * 100;
            fill(&mut window, 2 + step);
            again.extend(window.next_message(now).filter(|message| seqs(message).contains(&1)));
            window.acknowledge(&ack(0, &[(2, 2 + step)]), now);
        }
        assert!(!again.is_empty());
        window.acknowledge(&ack(62, &[]), 6_000);
        assert_eq!((window.is_empty(), window.next_due_ms()), (true, None));
    }

    proptest! {
        /// A lossy road: in the end everything arrives, and never are more under way than the window holds.
        #[test]
        fn inv_3_everything_arrives_over_a_lossy_road(arrives in prop::collection::vec((any::<bool>(), any::<bool>(), 0_i64..9_000), 1..200)) {
            let (mut window, mut hub, mut now, last) = (window(), Cursor::default(), 0, 900);
            let mut steps = arrives.into_iter();
            while hub.upto() < last {
                let (message_arrives, ack_arrives, pause) = steps.next().unwrap_or((true, true, 400_000));
                now += pause;
                fill(&mut window, last);
                prop_assert!(window.events.len() <= WINDOW_EVENTS);
                while let Some(message) = window.next_message(now) {
                    for seq in seqs(&message).into_iter().filter(|_| message_arrives) { hub.take(seq); }
                }
                if ack_arrives { window.acknowledge(&Ack::of("k1", &hub, Timestamp::UNIX_EPOCH), now); }
            }
        }
    }
}
