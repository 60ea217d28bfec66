//! Records and their frames: `[length u32][crc32 u32][JSON]`, the checksum over length and JSON. Pure.
//!
//! Always true:
//!  1. Whatever bytes are scanned, only what was framed is found, nothing panics, and damage hides nothing that follows it.

use jiff::Timestamp;
use protocol::up::Pass;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// No record is longer.
const MOST_BYTES: usize = 4_096;
/// No fields of another device's event are longer: record, notes and message have room for them.
const MOST_BROUGHT_BYTES: usize = 1_536;
/// Length and checksum.
const HEAD_BYTES: usize = 8;

/// What stands in a segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// Opens a segment: whose journal it is.
    Head {
        /// The journal's name.
        store: String,
        /// All numbers below it are in earlier files, or were never written.
        #[serde(default)]
        first: Option<i64>,
    },
    /// Something happened.
    Event(Event),
    /// How far a boot's clock was from the hub's: dates the events of that boot that stand before it and wait for that.
    Correction {
        /// Which boot.
        boot: i64,
        /// What to add to its clock.
        offset_ms: i64,
    },
    /// Whole, and of a version of this program that knows more. Its number is taken, and it waits for that version.
    #[serde(skip)]
    Foreign {
        /// Its number, if it has one.
        seq: Option<i64>,
    },
}

/// Something that happened, with its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Number within the store, from 1.
    pub seq: i64,
    /// Of which boot.
    pub boot: i64,
    /// By the device's clock.
    pub at_ms: i64,
    /// What is known of that clock.
    pub dating: Dating,
    /// What happened.
    pub deed: Deed,
}

/// What is known of the clock that dated an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dating {
    /// Its distance to the hub's clock.
    Offset(i64),
    /// Nothing yet: a correction of the whole boot will say it.
    Awaited,
    /// Nothing, and it goes as it is.
    Unknown,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Somebody passed.
    Pass(Pass),
    /// Somebody must look.
    Alarm(Alarm),
    /// These numbers are not here any more.
    Lost {
        /// First.
        from: i64,
        /// Last.
        to: i64,
    },
    /// Another device told it.
    Brought(Brought),
}

impl Deed {
    /// Whether it may use what is kept in reserve.
    pub fn urgency(&self) -> Urgency {
        match self {
            Self::Pass(_) => Urgency::Ordinary,
            Self::Alarm(_) | Self::Lost { .. } => Urgency::Urgent,
            Self::Brought(brought) => brought.urgency(),
        }
    }

    /// By what the same telling of another device is known again.
    pub fn mark(&self) -> Option<i64> {
        match self {
            Self::Brought(brought) => brought.mark,
            Self::Pass(_) | Self::Alarm(_) | Self::Lost { .. } => None,
        }
    }

    /// Its place in another device's own chain.
    pub fn serial(&self) -> Option<i64> {
        match self {
            Self::Brought(brought) => brought.serial,
            Self::Pass(_) | Self::Alarm(_) | Self::Lost { .. } => None,
        }
    }
}

/// What another device told, for which this journal stands up at the hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brought {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mark: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    serial: Option<i64>,
    fields: Map<String, Value>,
}

impl Brought {
    /// An event with these fields, as the hub is to read them; number, boot and time are the journal's. A mark is the same for each telling
    /// of the same, and a serial is its place in the other device's chain. `None` if it is too long to be kept.
    pub fn new(mark: Option<i64>, serial: Option<i64>, fields: Map<String, Value>) -> Option<Self> {
        let brought = Self { mark, serial, fields };
        let length = serde_json::to_vec(&brought.fields).map_or(usize::MAX, |json| json.len());
        (length <= MOST_BROUGHT_BYTES).then_some(brought)
    }

    /// The event's fields.
    pub fn fields(&self) -> &Map<String, Value> {
        &self.fields
    }

    fn urgency(&self) -> Urgency {
        if self.fields.get("kind").is_some_and(|kind| kind == "alarm") { Urgency::Urgent } else { Urgency::Ordinary }
    }
}

/// What a record may take of the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// All but the reserve.
    Ordinary,
    /// The reserve too.
    Urgent,
}

/// Why somebody must look. The code is what support reads; never renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alarm {
    /// A journal begins: a new terminal, or one whose flash was wiped or replaced.
    JournalNew,
    /// The journal's own notes were damaged and made anew from its segments.
    JournalMended,
    /// The disk fills: there is still time to act.
    DiskFilling,
    /// The disk is full: passes are counted and no more kept.
    DiskFull,
    /// A card that the list bars was shown.
    BarredCard,
    /// A reader does not answer.
    ReaderFailed,
    /// The gate does not obey.
    GateFailed,
    /// The list in force was damaged: the one before it holds, or none.
    ListDamaged,
}

impl Alarm {
    /// As in the message.
    pub fn code(self) -> &'static str {
        match self {
            Self::JournalNew => "journal_new",
            Self::JournalMended => "journal_mended",
            Self::DiskFilling => "disk_filling",
            Self::DiskFull => "disk_full",
            Self::BarredCard => "barred_card",
            Self::ReaderFailed => "reader_failed",
            Self::GateFailed => "gate_failed",
            Self::ListDamaged => "list_damaged",
        }
    }
}

impl Event {
    /// The event as the hub reads it. The same record gives the same text for ever, or the hub would take a re-send for
    /// another content: what was written by an older version of this program is told as that version told it.
    pub fn told(&self, offset_ms: Option<i64>) -> Value {
        let at = Timestamp::from_millisecond(self.at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        let mut told = match &self.deed {
            Deed::Pass(pass) => json!({"kind": "pass", "card": pass.card, "direction": pass.direction, "method": pass.method}),
            Deed::Alarm(alarm) => json!({"kind": "alarm", "code": alarm.code()}),
            Deed::Lost { from, to } => json!({"kind": "lost", "from": from, "to": to}),
            Deed::Brought(brought) => Value::Object(brought.fields.clone()),
        };
        if let Value::Object(fields) = &mut told {
            fields.insert("seq".into(), self.seq.into());
            fields.insert("boot".into(), self.boot.into());
            fields.insert("at".into(), at.to_string().into());
            fields.extend(offset_ms.map(|offset| ("offset_ms".to_owned(), offset.into())));
        }
        told
    }
}

/// A record as bytes of a file.
pub fn frame(record: &impl Serialize) -> Vec<u8> {
    let json = serde_json::to_vec(record).unwrap_or_default();
    let length = u32::try_from(json.len()).unwrap_or(u32::MAX).to_le_bytes();
    let sum = checksum(length, &json).to_le_bytes();
    [length.as_slice(), sum.as_slice(), json.as_slice()].concat()
}

fn checksum(length: [u8; 4], json: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(&length);
    sum.update(json);
    sum.finalize()
}

/// The JSON of the frame that begins here, and how many bytes the frame has.
pub fn unframe(bytes: &[u8]) -> Option<(&[u8], usize)> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (sum, rest) = rest.split_first_chunk::<4>()?;
    let size = usize::try_from(u32::from_le_bytes(*length)).ok().filter(|size| (2..=MOST_BYTES).contains(size))?;
    let json = rest.get(..size)?;
    (checksum(*length, json) == u32::from_le_bytes(*sum)).then_some((json, HEAD_BYTES + size))
}

/// A record with where it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The record.
    pub record: Record,
    /// The first byte after it.
    pub end: usize,
}

/// Finds the records of a segment, stepping over what is damaged. What follows the last [`Found::end`] is no record.
pub fn scan(bytes: &[u8]) -> impl Iterator<Item = Found> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            if let Some((json, size)) = unframe(rest) {
                at += size;
                return Some(Found { record: read(json), end: at });
            }
            at += 1;
        }
        None
    })
}

fn read(json: &[u8]) -> Record {
    #[derive(Deserialize)]
    struct Numbered {
        seq: i64,
    }
    #[derive(Deserialize)]
    struct Later {
        event: Option<Numbered>,
    }
    serde_json::from_slice(json).unwrap_or_else(|_| {
        let later = serde_json::from_slice::<Later>(json).ok().and_then(|later| later.event);
        Record::Foreign { seq: later.map(|event| event.seq) }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use protocol::up::{Body, Direction, Events, Method};

    use super::*;

    pub(crate) fn pass(seq: i64) -> Record {
        let pass = Pass { card: format!("04A1{seq:04}"), direction: Direction::In, method: Method::Card };
        Record::Event(Event { seq, boot: 3, at_ms: 1_763_783_521_000, dating: Dating::Offset(-61_000), deed: Deed::Pass(pass) })
    }

    #[test]
    fn the_hub_reads_what_is_told() {
        let Record::Event(event) = pass(7) else { panic!("an event") };
        for (deed, kind) in [(event.deed.clone(), "pass"), (Deed::Alarm(Alarm::DiskFull), "alarm"), (Deed::Lost { from: 2, to: 5 }, "lost")] {
            let told = Event { deed, ..event.clone() }.told(Some(-61_000));
            let text = json!({"store": "k1", "events": [told]}).to_string();
            let read = Events::parse(text.as_bytes()).unwrap().events.remove(0);
            assert_eq!((read.seq, read.boot, read.body.kind()), (7, 3, kind));
            assert_eq!(read.occurred_at.as_millisecond(), 1_763_783_460_000);
            assert!(!matches!(read.body, Body::Unreadable { .. }), "{text}");
        }
    }

    #[test]
    fn what_another_device_told_is_told_as_it_is_and_never_too_long() {
        let fields = json!({"kind": "pass", "card": "0013375401", "direction": "in", "origin": {"serial": 114}});
        let Value::Object(fields) = fields else { panic!("fields") };
        let brought = Brought::new(Some(7), Some(114), fields.clone()).unwrap();
        let Record::Event(event) = pass(7) else { panic!("an event") };
        let record = Record::Event(Event { deed: Deed::Brought(brought), ..event });
        let bytes = frame(&record);
        let Some(Found { record: Record::Event(event), .. }) = scan(&bytes).next() else { panic!("a record") };
        assert_eq!((event.deed.mark(), event.deed.serial(), event.deed.urgency()), (Some(7), Some(114), Urgency::Ordinary));
        assert_eq!(event.told(None).get("origin"), fields.get("origin"));
        let long = json!({"kind": "pass", "raw": "\u{1}".repeat(300)});
        let Value::Object(long) = long else { panic!("fields") };
        assert_eq!(Brought::new(None, None, long), None, "as bytes of JSON");
    }

    #[test]
    fn inv_1_damage_hides_nothing_that_follows() {
        let frames: Vec<Vec<u8>> = (1..=5).map(|seq| frame(&pass(seq))).collect();
        let whole = frames.concat();
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x55;
            let hit = frames.iter().scan(0, |end, frame| { *end += frame.len(); Some(*end) }).position(|end| at < end).unwrap();
            let found: Vec<Record> = scan(&bytes).map(|found| found.record).collect();
            let expected: Vec<Record> = (1..=5).filter(|seq| usize::try_from(*seq).unwrap() != hit + 1).map(pass).collect();
            assert_eq!(found, expected, "byte {at}");
        }
    }

    #[test]
    fn what_a_later_version_wrote_is_whole_and_has_its_number() {
        let event = json!({"event": {"seq": 7, "boot": 3, "at_ms": 0, "dating": "unknown", "deed": {"fire_drill": {"floor": 2}}}});
        let bytes = [frame(&event), frame(&json!({"weather": "fair"})), frame(&json!({"head": {"store": "k1"}}))].concat();
        let found: Vec<Record> = scan(&bytes).map(|found| found.record).collect();
        assert_eq!(found, [Record::Foreign { seq: Some(7) }, Record::Foreign { seq: None }, Record::Head { store: "k1".into(), first: None }]);
    }

    #[test]
    fn inv_1_a_torn_tail_is_no_record() {
        let whole = [frame(&pass(1)), frame(&pass(2))].concat();
        let first = frame(&pass(1)).len();
        for length in 0..whole.len() {
            let found: Vec<usize> = scan(&whole[..length]).map(|found| found.end).collect();
            assert_eq!(found, if length < first { vec![] } else { vec![first] }, "{length} bytes");
        }
    }

    proptest! {
        #[test]
        fn inv_1_random_bytes_are_no_records(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
            prop_assert_eq!(scan(&bytes).count(), 0);
        }
    }
}
