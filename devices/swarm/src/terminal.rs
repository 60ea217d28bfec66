//! A terminal's memory: the flash journal of what the hub has not acknowledged, the window of what is under way, and when to
//! send again. Pure: time comes in as milliseconds, messages go out as bytes; no network.
//!
//! Always true:
//!  1. An event leaves the journal only by an acknowledgement of its own store that covers it (or with the flash itself).
//!  2. At most [`WINDOW_EVENTS`] events are under way.
//!  3. Every event of the journal is either under way with a time to send it again, or waiting to be sent.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use protocol::{WINDOW_EVENTS, down::Ack};

use crate::chance::Chance;

/// Bytes of events in one message, well under the message limit.
const MOST_BATCH_BYTES: usize = 48 * 1024;

/// How patiently a terminal sends again.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Before the first re-send.
    pub first_ms: u64,
    /// Never longer than this.
    pub most_ms: u64,
}

/// One event in flash.
#[derive(Debug, Clone)]
struct Entry {
    /// The event's JSON fields, without the braces.
    fields: Box<str>,
    scheduled_us: i64,
    attempts: u8,
    due_ms: Option<u64>,
}

/// An event that the journal no longer needs.
#[derive(Debug)]
pub struct Freed {
    /// Its number.
    pub seq: i64,
    /// When it was to happen.
    pub scheduled_us: i64,
    /// Its JSON fields, without the braces.
    pub fields: Box<str>,
}

/// A message ready for `up/events`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The JSON.
    pub payload: Vec<u8>,
    /// How many events are in it.
    pub events: usize,
    /// How many of them were sent before.
    pub again: usize,
}

/// The journal and its window.
#[derive(Debug)]
pub struct Terminal {
    store: Box<str>,
    next_seq: i64,
    journal: BTreeMap<i64, Entry>,
    waiting: VecDeque<i64>,
    under_way: BTreeSet<(u64, i64)>,
    patience: Patience,
    chance: Chance,
}

impl Terminal {
    /// A terminal with an empty journal of that name.
    pub fn new(store: &str, patience: Patience, chance: Chance) -> Self {
        Self {
            store: store.into(),
            next_seq: 1,
            journal: BTreeMap::new(),
            waiting: VecDeque::new(),
            under_way: BTreeSet::new(),
            patience,
            chance,
        }
    }

    /// The name of the journal in use.
    pub fn store(&self) -> &str {
        &self.store
    }

    /// The number that the next event gets.
    pub fn next_seq(&self) -> i64 {
        self.next_seq
    }

    /// Events in the journal.
    pub fn queue(&self) -> usize {
        self.journal.len()
    }

    /// Writes an event down under the next number.
    pub fn record(&mut self, fields: &str, scheduled_us: i64) {
        let seq = self.next_seq;
        self.next_seq += 1;
        let fields = format!("\"seq\":{seq},{fields}").into_boxed_str();
        self.journal.insert(seq, Entry { fields, scheduled_us, attempts: 0, due_ms: None });
        self.waiting.push_back(seq);
    }

    /// Loses the next numbers before anything was sent under them; gives the stretch to declare.
    pub fn lose(&mut self, numbers: i64) -> (i64, i64) {
        let from = self.next_seq;
        self.next_seq += numbers.max(1);
        (from, self.next_seq - 1)
    }

    /// The next message to send now, if any: what is due again first, then what waits, as far as the window allows.
    pub fn next_message(&mut self, now_ms: u64, most_events: usize) -> Option<Message> {
        let mut message = Message { payload: Vec::new(), events: 0, again: 0 };
        let mut fields = String::new();
        while message.events < most_events.max(1) && fields.len() < MOST_BATCH_BYTES {
            let Some(seq) = self.next_to_send(now_ms) else { break };
            let patience = self.patience;
            let Some(entry) = self.journal.get_mut(&seq) else { continue };
            message.again += usize::from(entry.attempts > 0);
            message.events += 1;
            let due = now_ms + pause(patience, entry.attempts, &mut self.chance);
            entry.attempts = entry.attempts.saturating_add(1);
            entry.due_ms = Some(due);
            self.under_way.insert((due, seq));
            if !fields.is_empty() {
                fields.push_str("},{");
            }
            fields.push_str(&entry.fields);
        }
        let store = &self.store;
        message.payload = match message.events {
            0 => return None,
            1 => format!("{{\"store\":\"{store}\",{fields}}}"),
            _ => format!("{{\"store\":\"{store}\",\"events\":[{{{fields}}}]}}"),
        }
        .into_bytes();
        Some(message)
    }

    /// Takes a number off the waiting or due ones.
    fn next_to_send(&mut self, now_ms: u64) -> Option<i64> {
        if let Some(&(due, seq)) = self.under_way.first()
            && due <= now_ms
        {
            self.under_way.pop_first();
            return Some(seq);
        }
        if self.under_way.len() >= WINDOW_EVENTS {
            return None;
        }
        while let Some(seq) = self.waiting.pop_front() {
            if self.journal.contains_key(&seq) {
                return Some(seq);
            }
        }
        None
    }

    /// When something is due again.
    pub fn next_due_ms(&self) -> Option<u64> {
        self.under_way.first().map(|&(due, _)| due)
    }

    /// Deletes exactly what an acknowledgement of this journal covers, and hands each out.
    pub fn acknowledge(&mut self, ack: &Ack, mut freed: impl FnMut(Freed)) {
        if ack.store != *self.store {
            return;
        }
        while let Some(entry) = self.journal.first_entry().filter(|entry| *entry.key() <= ack.upto) {
            let (seq, entry) = entry.remove_entry();
            freed(self.free(seq, entry));
        }
        for &(from, to) in ack.have.iter().filter(|(from, to)| from <= to) {
            let covered: Vec<i64> = self.journal.range(from..=to).map(|(seq, _)| *seq).collect();
            for seq in covered {
                if let Some(entry) = self.journal.remove(&seq) {
                    freed(self.free(seq, entry));
                }
            }
        }
    }

    fn free(&mut self, seq: i64, entry: Entry) -> Freed {
        if let Some(due) = entry.due_ms {
            self.under_way.remove(&(due, seq));
        }
        Freed { seq, scheduled_us: entry.scheduled_us, fields: entry.fields }
    }

    /// After a connection broke: all that was under way is sent again, in order, with patience from the start.
    pub fn reconnected(&mut self) {
        let mut again: Vec<i64> = self.under_way.iter().map(|&(_, seq)| seq).collect();
        again.sort_unstable();
        self.under_way.clear();
        for seq in again.into_iter().rev() {
            if let Some(entry) = self.journal.get_mut(&seq) {
                entry.due_ms = None;
                entry.attempts = entry.attempts.min(1);
            }
            self.waiting.push_front(seq);
        }
    }

    /// The flash is gone: a new journal begins at 1. Gives the numbers that were lost unacknowledged.
    pub fn wipe(&mut self, store: &str) -> Vec<i64> {
        let lost = self.journal.keys().copied().collect();
        *self = Self::new(store, self.patience, self.chance.clone());
        lost
    }
}

/// Doubling pauses with up to a quarter of jitter.
fn pause(patience: Patience, attempts: u8, chance: &mut Chance) -> u64 {
    let doubled = patience.first_ms.saturating_mul(1 << attempts.min(20)).min(patience.most_ms).max(1);
    doubled + chance.below(doubled / 4 + 1)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::Timestamp;
    use proptest::prelude::*;
    use protocol::{cursor::Cursor, up::Events};

    use super::*;

    const ALARM: &str = r#""at":"2026-11-22T02:00:00Z","kind":"alarm","code":"tamper""#;

    fn terminal() -> Terminal {
        Terminal::new("k1", Patience { first_ms: 2_000, most_ms: 300_000 }, Chance::new(1, 1))
    }

    fn ack(store: &str, upto: i64, have: &[(i64, i64)]) -> Ack {
        Ack { store: store.into(), upto, have: have.to_vec(), hub_time: Timestamp::UNIX_EPOCH }
    }

    fn seqs(message: &Message) -> Vec<i64> {
        Events::parse(&message.payload).unwrap().events.iter().map(|event| event.seq).collect()
    }

    #[test]
    fn inv_1_only_what_is_covered_is_deleted() {
        let mut terminal = terminal();
        (0..6).for_each(|_| terminal.record(ALARM, 0));
        let mut freed = Vec::new();
        terminal.acknowledge(&ack("other", 6, &[]), |it| freed.push(it.seq));
        terminal.acknowledge(&ack("k1", 2, &[(4, 4), (6, 9)]), |it| freed.push(it.seq));
        assert_eq!((freed, terminal.queue()), (vec![1, 2, 4, 6], 2));
        assert_eq!(seqs(&terminal.next_message(0, 10).unwrap()), [3, 5]);
    }

    #[test]
    fn inv_2_the_window_holds_back_the_rest() {
        let mut terminal = terminal();
        (0..450).for_each(|_| terminal.record(ALARM, 0));
        let mut sent = 0;
        while let Some(message) = terminal.next_message(5, 64) {
            sent += message.events;
        }
        assert_eq!(sent, WINDOW_EVENTS);
        terminal.acknowledge(&ack("k1", 1, &[]), drop);
        assert_eq!(seqs(&terminal.next_message(5, 64).unwrap()), [201]);
    }

    #[test]
    fn what_is_not_acknowledged_is_sent_again_ever_more_slowly() {
        let mut terminal = terminal();
        terminal.record(ALARM, 0);
        assert_eq!(terminal.next_message(0, 1).unwrap().again, 0);
        let mut now = 0;
        for least in [2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000] {
            let due = terminal.next_due_ms().unwrap();
            assert!((least..=least + least / 4).contains(&(due - now)), "{least}: {due}");
            assert!(terminal.next_message(due - 1, 1).is_none());
            assert_eq!(terminal.next_message(due, 1).unwrap().again, 1);
            now = due;
        }
    }

    #[test]
    fn a_wiped_terminal_starts_a_new_journal_and_a_lost_stretch_is_never_used() {
        let mut terminal = terminal();
        terminal.record(ALARM, 0);
        assert_eq!(terminal.lose(3), (2, 4));
        terminal.record(ALARM, 0);
        assert_eq!(terminal.wipe("k2"), [1, 5]);
        terminal.record(ALARM, 0);
        let message = terminal.next_message(0, 1).unwrap();
        assert_eq!((Events::parse(&message.payload).unwrap().store.as_str(), seqs(&message)), ("k2", vec![1]));
    }

    /// What may happen to a terminal.
    #[derive(Debug, Clone)]
    enum Step {
        Record,
        Pass(u64),
        Send { batch: usize, arrives: bool },
        AckArrives,
        Reconnect,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => Just(Step::Record),
            2 => (0_u64..9_000).prop_map(Step::Pass),
            4 => (1_usize..9, any::<bool>()).prop_map(|(batch, arrives)| Step::Send { batch, arrives }),
            2 => Just(Step::AckArrives),
            1 => Just(Step::Reconnect),
        ]
    }

    proptest! {
        /// A lossy road and a hub that acknowledges what reached it: nothing is forgotten, and in the end all arrives.
        #[test]
        fn inv_3_everything_arrives_over_a_lossy_road(steps in prop::collection::vec(step(), 0..400)) {
            let (mut terminal, mut hub, mut now, mut recorded) = (terminal(), Cursor::default(), 0, 0_i64);
            let mut freed = BTreeSet::new();
            for step in steps {
                match step {
                    Step::Record => { terminal.record(ALARM, 0); recorded += 1; }
                    Step::Pass(ms) => now += ms,
                    Step::Send { batch, arrives } => if let Some(message) = terminal.next_message(now, batch) && arrives {
                        for seq in seqs(&message) { hub.take(seq); }
                    },
                    Step::AckArrives => terminal.acknowledge(&Ack::of("k1", &hub, Timestamp::UNIX_EPOCH), |it| { freed.insert(it.seq); }),
                    Step::Reconnect => terminal.reconnected(),
                }
                prop_assert!(terminal.under_way.len() <= WINDOW_EVENTS);
                prop_assert!(freed.iter().all(|seq| hub.has(*seq)));
                prop_assert_eq!(i64::try_from(terminal.queue() + freed.len()).unwrap(), recorded);
                let waiting = terminal.waiting.iter().filter(|seq| terminal.journal.contains_key(seq)).count();
                prop_assert_eq!(waiting + terminal.under_way.len(), terminal.queue());
            }
            for _ in 0..40 {
                now += 400_000;
                while let Some(message) = terminal.next_message(now, 100) {
                    for seq in seqs(&message) { hub.take(seq); }
                }
                terminal.acknowledge(&Ack::of("k1", &hub, Timestamp::UNIX_EPOCH), drop);
            }
            prop_assert_eq!((terminal.queue(), hub.upto()), (0, recorded));
        }
    }
}
