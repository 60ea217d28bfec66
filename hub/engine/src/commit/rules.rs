//! Decisions of a commit, without the database: what is fresh, what each event is answered with, what support must see.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use jiff::SignedDuration;
use kernel::id::{DeviceId, SchoolId};
use protocol::{
    cursor::{Cursor, Verdict},
    up::Body,
};

use super::{Item, Letter, Reason};

/// A journal of a device. Sorted, it is the order in which cursors are locked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The school.
    pub school: SchoolId,
    /// The device.
    pub device: DeviceId,
    /// The journal.
    pub store: Arc<str>,
}

impl Key {
    fn of(item: &Item) -> Self {
        Self { school: item.device.school, device: item.device.id, store: item.store.clone() }
    }
}

/// The journals of a batch, in lock order.
pub fn keys(items: &[Item]) -> Vec<Key> {
    items.iter().map(Key::of).collect::<BTreeSet<_>>().into_iter().collect()
}

/// A batch, decided.
#[derive(Debug, Default)]
pub struct Sifted {
    /// Places of the events taken as new.
    pub fresh: Vec<usize>,
    /// Events that were durable before, with the same content.
    pub duplicates: usize,
    /// Places of events whose number is known but whose content must still be compared with the stored one.
    pub doubtful: Vec<usize>,
    /// Places of events whose number stands for another content.
    pub conflicts: Vec<usize>,
    /// The cursors afterwards.
    pub cursors: BTreeMap<Key, Cursor>,
}

/// Decides each event under the locked cursors. An event that is too far ahead of open gaps is passed over: its number stays
/// uncovered, so it is not acknowledged and the device keeps it.
pub fn sift(items: &[Item], mut cursors: BTreeMap<Key, Cursor>) -> Sifted {
    let mut sifted = Sifted::default();
    let mut in_batch: HashMap<(DeviceId, &str, i64), i64> = HashMap::with_capacity(items.len());
    for (place, item) in items.iter().enumerate() {
        let cursor = cursors.entry(Key::of(item)).or_default();
        match cursor.take(item.event.seq) {
            Verdict::Fresh => {
                if let Body::Lost { from, to } = item.event.body {
                    cursor.declare_lost(from, to, item.event.seq);
                }
                in_batch.insert((item.device.id, &item.store, item.event.seq), item.fingerprint);
                sifted.fresh.push(place);
            }
            Verdict::Duplicate => match in_batch.get(&(item.device.id, &*item.store, item.event.seq)) {
                Some(first) if *first == item.fingerprint => sifted.duplicates += 1,
                Some(_) => sifted.conflicts.push(place),
                None => sifted.doubtful.push(place),
            },
            Verdict::TooFarAhead => {}
        }
    }
    sifted.cursors = cursors;
    sifted
}

impl Sifted {
    /// Settles the doubtful by the fingerprints that are stored. A covered number without a stored event was declared lost, or its
    /// partition has been dropped: what arrives under it now is a conflict, kept as a dead letter.
    pub fn settle_doubts(&mut self, items: &[Item], known: &HashMap<(DeviceId, Arc<str>, i64), i64>) {
        for place in std::mem::take(&mut self.doubtful) {
            let Some(item) = items.get(place) else { continue };
            match known.get(&(item.device.id, item.store.clone(), item.event.seq)) {
                Some(stored) if *stored == item.fingerprint => self.duplicates += 1,
                _ => self.conflicts.push(place),
            }
        }
    }
}

/// What a fresh event is answered with, besides being stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It has an effect in a room.
    Effect,
    /// It is a dead letter.
    Letter(Reason),
    /// Nothing more.
    Nothing,
}

/// Decides the answer.
pub fn answer(item: &Item, future_tolerance: SignedDuration) -> Answer {
    let ahead = item.event.occurred_at.duration_since(item.received_at);
    match &item.event.body {
        Body::Pass(_) | Body::Meal(_) if ahead > future_tolerance => Answer::Letter(Reason::FutureDated),
        Body::Pass(_) | Body::Meal(_) => Answer::Effect,
        Body::Unreadable { .. } => Answer::Letter(Reason::UnreadableBody),
        Body::Alarm { .. } | Body::Lost { .. } | Body::Unknown { .. } => Answer::Nothing,
    }
}

/// The event as it came, but for the card: that it happened may be kept, whose it was may not.
pub fn without_card(raw: &str) -> String {
    let mut event: serde_json::Value = serde_json::from_str(raw).unwrap_or_default();
    if let Some(card) = event.get_mut("card") {
        *card = serde_json::Value::Null;
    }
    event.to_string()
}

/// Whether an event became known too late to alarm anyone.
pub fn is_late(item: &Item, late_after: SignedDuration) -> bool {
    item.received_at.duration_since(item.event.occurred_at) > late_after
}

/// An incident to open, or to count once more if it is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raise {
    /// Whose.
    pub school: SchoolId,
    /// What kind; never renamed.
    pub kind: &'static str,
    /// What makes it one incident: the device and, for some kinds, a detail.
    pub key: String,
    /// The device, if known.
    pub device: Option<DeviceId>,
    /// How often in this batch.
    pub count: i64,
}

/// Incidents of a batch: one for each kind and device, in lock order.
pub fn incidents(stored: &[&Item], letters: &[Letter]) -> Vec<Raise> {
    let mut raised: BTreeMap<(SchoolId, &'static str, String), Raise> = BTreeMap::new();
    let mut raise = |school: SchoolId, kind: &'static str, device: Option<DeviceId>, detail: &str| {
        let device_key = device.map(|device| device.to_string()).unwrap_or_default();
        let key = format!("{device_key}{detail}");
        let entry = raised.entry((school, kind, key.clone()));
        entry.or_insert(Raise { school, kind, key, device, count: 0 }).count += 1;
    };
    for item in stored {
        let device = Some(item.device.id);
        match &item.event.body {
            Body::Alarm { code } => raise(item.device.school, "alarm", device, &format!("/{code}")),
            Body::Lost { .. } => raise(item.device.school, "events_lost", device, ""),
            Body::Unknown { kind } => raise(item.device.school, "unknown_kind", device, &format!("/{kind}")),
            Body::Pass(_) | Body::Meal(_) | Body::Unreadable { .. } => {}
        }
    }
    for letter in letters {
        let detail = if letter.reason == Reason::UnknownCard { format!("/{}", letter.detail) } else { String::new() };
        raise(letter.school, letter.reason.as_str(), letter.device, &detail);
    }
    raised.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry;
    use kernel::id::Uuid;
    use proptest::prelude::*;
    use protocol::up::Events;

    fn item(seq: i64, what: &str) -> Item {
        let text = format!(r#"{{"store":"s","seq":{seq},"at":"2026-11-22T02:52:00Z",{what}}}"#);
        let event = Events::parse(text.as_bytes()).unwrap().events.remove(0);
        let fingerprint = event.fingerprint();
        let received_at = "2026-11-22T02:52:01Z".parse().unwrap();
        Item { device: registry::tests::device(Uuid::from_u128(9)), store: "s".into(), received_at, event, fingerprint }
    }

    const PASS: &str = r#""kind":"pass","card":"04A1B2C3","direction":"in""#;
    const OTHER: &str = r#""kind":"pass","card":"04A1B2C3","direction":"out""#;

    #[test]
    fn inv_1_a_number_counts_once_even_within_a_batch() {
        let items = [item(1, PASS), item(1, PASS), item(1, OTHER), item(2, PASS)];
        let sifted = sift(&items, BTreeMap::new());
        assert_eq!((sifted.fresh, sifted.duplicates, sifted.conflicts), (vec![0, 3], 1, vec![2]));
    }

    #[test]
    fn a_known_number_is_compared_with_what_is_stored() {
        let items = [item(1, PASS), item(2, OTHER), item(3, PASS)];
        let cursors = BTreeMap::from([(Key::of(&items[0]), Cursor::from_parts(3, []))]);
        let mut sifted = sift(&items, cursors);
        assert_eq!(sifted.doubtful, vec![0, 1, 2]);
        let device = items[0].device.id;
        let known = HashMap::from([((device, Arc::from("s"), 1), items[0].fingerprint), ((device, Arc::from("s"), 2), 7)]);
        sifted.settle_doubts(&items, &known);
        assert_eq!((sifted.duplicates, sifted.conflicts), (1, vec![1, 2]));
    }

    #[test]
    fn an_event_without_its_card_is_otherwise_as_it_came() {
        let raw = format!(r#"{{"seq":1,{PASS},"note":"04A1B2C3 is not told apart"}}"#);
        let kept: serde_json::Value = serde_json::from_str(&without_card(&raw)).unwrap();
        assert_eq!(kept, serde_json::json!({ "seq": 1, "kind": "pass", "card": null, "direction": "in", "note": "04A1B2C3 is not told apart" }));
        assert_eq!(without_card("no json"), "null");
    }

    #[test]
    fn a_declared_loss_lets_the_cursor_pass() {
        let items = [item(1, PASS), item(6, r#""kind":"lost","from":2,"to":5"#)];
        let sifted = sift(&items, BTreeMap::new());
        assert_eq!(sifted.cursors.values().next().unwrap().upto(), 6);
    }

    #[test]
    fn every_event_has_its_answer() {
        let tolerance = SignedDuration::from_mins(5);
        assert_eq!(answer(&item(1, PASS), tolerance), Answer::Effect);
        assert_eq!(answer(&item(1, r#""kind":"pass""#), tolerance), Answer::Letter(Reason::UnreadableBody));
        assert_eq!(answer(&item(1, r#""kind":"novelty""#), tolerance), Answer::Nothing);
        assert_eq!(answer(&item(1, r#""kind":"pass","card":"04A1B2C3","direction":"in","offset_ms":400000"#), tolerance), Answer::Letter(Reason::FutureDated));
    }

    proptest! {
        /// Any split of a stream into batches, with repeats, takes each number exactly once.
        #[test]
        fn inv_1_batches_do_not_matter(seqs in prop::collection::vec(1_i64..30, 1..120), cut in 1_usize..20) {
            let mut cursors = BTreeMap::new();
            let mut taken = Vec::new();
            for chunk in seqs.chunks(cut) {
                let items: Vec<Item> = chunk.iter().map(|seq| item(*seq, PASS)).collect();
                let sifted = sift(&items, cursors);
                taken.extend(sifted.fresh.iter().map(|place| chunk[*place]));
                cursors = sifted.cursors;
            }
            let distinct: BTreeSet<i64> = seqs.iter().copied().collect();
            prop_assert_eq!(taken.len(), distinct.len());
            prop_assert_eq!(taken.into_iter().collect::<BTreeSet<_>>(), distinct);
        }
    }
}
