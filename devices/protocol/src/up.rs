//! What a device says to the hub: events, state, health.
//!
//! `up/events` carries one event as a flat object, or a batch `{"store": …, "events": […]}`. Each event of a batch is read by
//! itself: a bad one is kept raw and never spoils its neighbours.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{MESSAGE_LIMIT_BYTES, Malformed, WINDOW_EVENTS};

/// The events of one message, all of one store.
#[derive(Debug, Clone, PartialEq)]
pub struct Events {
    /// The random id of the terminal's journal: 1 to 32 of `[A-Za-z0-9_-]`.
    pub store: String,
    /// At least one, at most [`WINDOW_EVENTS`].
    pub events: Vec<Event>,
}

/// One event as the device wrote it down.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Number within the store, from 1, never restarting.
    pub seq: i64,
    /// The device's own clock; may be decades wrong.
    pub at: Timestamp,
    /// When it happened: `at` plus the offset to the hub's clock that the device knew then.
    pub occurred_at: Timestamp,
    /// Which stretch of uninterrupted clock it belongs to.
    pub boot: i64,
    /// What happened.
    pub body: Body,
    /// The event's own JSON, as canonical text (keys sorted, no spaces).
    pub raw: String,
}

/// What happened, as far as this version understands it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// A person went through a door.
    Pass(Pass),
    /// A meal was taken at a till.
    Meal(Meal),
    /// The device raised an alarm.
    Alarm {
        /// Short code of the alarm.
        code: String,
    },
    /// The device's own declaration that it no longer has these numbers.
    Lost {
        /// First lost number.
        from: i64,
        /// Last lost number.
        to: i64,
    },
    /// A kind this version does not know: kept raw.
    Unknown {
        /// The kind's name.
        kind: String,
    },
    /// A known kind whose fields are wrong: kept raw, and reported.
    Unreadable {
        /// The kind's name.
        kind: String,
        /// What is wrong.
        why: Malformed,
    },
}

impl Body {
    /// The name of the kind, as in the JSON.
    pub fn kind(&self) -> &str {
        match self {
            Self::Pass(_) => "pass",
            Self::Meal(_) => "meal",
            Self::Alarm { .. } => "alarm",
            Self::Lost { .. } => "lost",
            Self::Unknown { kind } | Self::Unreadable { kind, .. } => kind,
        }
    }
}

/// A pass through a door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pass {
    /// The card's number as the reader gives it.
    pub card: String,
    /// Which way.
    pub direction: Direction,
    /// How the person was recognised.
    #[serde(default)]
    pub method: Method,
}

/// Which way a person went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Into the school.
    In,
    /// Out of the school.
    Out,
}

impl Direction {
    /// As in JSON and SQL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }
}

/// How a person was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// By the card at the reader.
    #[default]
    Card,
    /// The guard let the person in by hand and picked the card's holder: it counts the same.
    Manual,
}

impl Method {
    /// As in JSON and SQL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Manual => "manual",
        }
    }
}

/// A meal taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meal {
    /// The card's number as the reader gives it.
    pub card: String,
    /// What was eaten, as the till names it.
    pub item: String,
    /// Price in tiyn; 0 for a free meal.
    pub price_tiyn: i64,
}

/// `up/state`: birth and death of a device (the last will is a death without `at`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Online or offline.
    pub status: Status,
    /// The journal in use.
    #[serde(default)]
    pub store: Option<String>,
    /// Boot counter.
    #[serde(default)]
    pub boot: Option<i64>,
    /// Firmware's version.
    #[serde(default)]
    pub firmware: Option<String>,
    /// The device's clock when it wrote this.
    #[serde(default)]
    pub at: Option<Timestamp>,
}

/// Whether a device is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Connected.
    Online,
    /// Gone, by its own word or by its last will.
    Offline,
}

/// `up/health`: how the device is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Health {
    /// The device's clock when it wrote this.
    pub at: Option<Timestamp>,
    /// Events in the journal without our acknowledgement.
    pub queue: Option<i64>,
    /// Reader errors since boot.
    pub reader_errors: Option<i64>,
    /// Inside the case, in °C.
    pub temperature_c: Option<f64>,
    /// Free flash, in percent.
    pub disk_free_percent: Option<f64>,
    /// Link quality, in percent.
    pub link_percent: Option<f64>,
    /// Bytes received since boot.
    pub rx_bytes: Option<i64>,
    /// Bytes sent since boot.
    pub tx_bytes: Option<i64>,
}

impl Events {
    /// Reads `up/events`.
    pub fn parse(payload: &[u8]) -> Result<Self, Malformed> {
        let mut object = object(payload)?;
        let store = text(&object, "store", 32)?;
        if !store.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') {
            return Err(Malformed::Field { field: "store", reason: "only letters, digits, _ and -" });
        }
        object.remove("store");
        let events = match object.remove("events") {
            None => vec![Event::parse(object)?],
            Some(Value::Array(items)) if (1..=WINDOW_EVENTS).contains(&items.len()) => {
                items.into_iter().map(Event::from_item).collect::<Result<_, _>>()?
            }
            Some(_) => return Err(Malformed::Field { field: "events", reason: "1 to 200 events" }),
        };
        Ok(Self { store, events })
    }
}

impl Event {
    /// The content's fingerprint: the first eight bytes of the SHA-256 of the canonical JSON. Equal numbers with unequal
    /// fingerprints mean that a device used one number twice.
    pub fn fingerprint(&self) -> i64 {
        let digest = ring::digest::digest(&ring::digest::SHA256, self.raw.as_bytes());
        digest.as_ref().first_chunk::<8>().map_or(0, |bytes| i64::from_be_bytes(*bytes))
    }

    fn from_item(item: Value) -> Result<Self, Malformed> {
        match item {
            Value::Object(object) => Self::parse(object),
            _ => Err(Malformed::Field { field: "events", reason: "each event is an object" }),
        }
    }

    fn parse(object: Map<String, Value>) -> Result<Self, Malformed> {
        let seq = object.get("seq").and_then(Value::as_i64).filter(|seq| (1..i64::MAX / 2).contains(seq));
        let seq = seq.ok_or(Malformed::Field { field: "seq", reason: "a whole number from 1" })?;
        let at = object.get("at").and_then(Value::as_str).and_then(|at| at.parse::<Timestamp>().ok());
        let at = at.ok_or(Malformed::Field { field: "at", reason: "a time as RFC 3339 with offset" })?;
        let offset_ms = object.get("offset_ms").and_then(Value::as_i64).unwrap_or(0);
        let occurred_at = at.checked_add(SignedDuration::from_millis(offset_ms)).unwrap_or(at);
        let boot = object.get("boot").and_then(Value::as_i64).unwrap_or(0);
        let kind = text(&object, "kind", 40)?;
        let value = Value::Object(object);
        let raw = value.to_string();
        let body = Body::parse(kind, value);
        Ok(Self { seq, at, occurred_at, boot, body, raw })
    }
}

impl Body {
    fn parse(kind: String, value: Value) -> Self {
        let read = match kind.as_str() {
            "pass" => Pass::read(value).map(Self::Pass),
            "meal" => Meal::read(value).map(Self::Meal),
            "alarm" => match &value {
                Value::Object(object) => text(object, "code", 40).map(|code| Self::Alarm { code }),
                _ => Err(Malformed::Form("not an object".into())),
            },
            "lost" => lost(&value),
            _ => return Self::Unknown { kind },
        };
        read.unwrap_or_else(|why| Self::Unreadable { kind, why })
    }
}

impl Pass {
    fn read(value: Value) -> Result<Self, Malformed> {
        let mut pass: Self = from_value(value)?;
        pass.card = card(&pass.card)?;
        Ok(pass)
    }
}

impl Meal {
    fn read(value: Value) -> Result<Self, Malformed> {
        let mut meal: Self = from_value(value)?;
        meal.card = card(&meal.card)?;
        if meal.item.is_empty() || meal.item.chars().count() > 120 || meal.item.contains('\0') {
            return Err(Malformed::Field { field: "item", reason: "1 to 120 characters" });
        }
        if !(0..=100_000_000).contains(&meal.price_tiyn) {
            return Err(Malformed::Field { field: "price_tiyn", reason: "0 to 1 000 000 tenge" });
        }
        Ok(meal)
    }
}

impl State {
    /// Reads `up/state`.
    pub fn parse(payload: &[u8]) -> Result<Self, Malformed> {
        from_value(Value::Object(object(payload)?))
    }
}

impl Health {
    /// Reads `up/health`.
    pub fn parse(payload: &[u8]) -> Result<Self, Malformed> {
        from_value(Value::Object(object(payload)?))
    }
}

/// A card number as stored and compared: upper case, without separators, 4 to 32 of `[0-9A-Z]`.
pub fn card(text: &str) -> Result<String, Malformed> {
    let code: String = text.chars().filter(|c| !matches!(c, ':' | '-' | ' ')).map(|c| c.to_ascii_uppercase()).collect();
    let fits = (4..=32).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    if fits { Ok(code) } else { Err(Malformed::Field { field: "card", reason: "4 to 32 letters and digits" }) }
}

fn lost(value: &Value) -> Result<Body, Malformed> {
    let number = |name: &str| value.get(name).and_then(Value::as_i64).filter(|n| (1..i64::MAX / 2).contains(n));
    match (number("from"), number("to")) {
        (Some(from), Some(to)) if from <= to => Ok(Body::Lost { from, to }),
        _ => Err(Malformed::Field { field: "from", reason: "from and to, whole numbers in order" }),
    }
}

fn object(payload: &[u8]) -> Result<Map<String, Value>, Malformed> {
    if payload.len() > MESSAGE_LIMIT_BYTES {
        return Err(Malformed::TooLong(payload.len()));
    }
    serde_json::from_slice(payload).map_err(|error| Malformed::Form(error.to_string()))
}

fn from_value<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, Malformed> {
    serde_json::from_value(value).map_err(|error| Malformed::Form(error.to_string()))
}

fn text(object: &Map<String, Value>, field: &'static str, longest: usize) -> Result<String, Malformed> {
    match object.get(field).and_then(Value::as_str) {
        Some(text) if !text.is_empty() && text.len() <= longest && !text.contains('\0') => Ok(text.to_owned()),
        _ => Err(Malformed::Field { field, reason: "a text, not empty and not too long" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PASS: &str = r#"{"store":"k3","seq":7,"at":"2026-11-22T07:52:01+05:00","kind":"pass","card":"04:a1:b2:c3","direction":"in"}"#;

    #[test]
    fn a_flat_event_and_a_batch_of_one_are_the_same() {
        let flat = Events::parse(PASS.as_bytes()).unwrap();
        let batch = r#"{"events":[{"kind":"pass", "direction":"in","card":"04:a1:b2:c3","at":"2026-11-22T07:52:01+05:00","seq":7}],"store":"k3"}"#;
        let batch = Events::parse(batch.as_bytes()).unwrap();
        assert_eq!(flat, batch);
        assert_eq!(flat.events[0].fingerprint(), batch.events[0].fingerprint());
        let Body::Pass(pass) = &flat.events[0].body else { panic!("a pass") };
        assert_eq!((pass.card.as_str(), pass.direction, pass.method), ("04A1B2C3", Direction::In, Method::Card));
    }

    #[test]
    fn the_offset_the_device_knew_corrects_its_clock() {
        let text = r#"{"store":"k","seq":1,"at":"2026-11-22T07:52:01+05:00","offset_ms":-61000,"kind":"alarm","code":"tamper"}"#;
        let event = &Events::parse(text.as_bytes()).unwrap().events[0];
        assert_eq!(event.occurred_at, "2026-11-22T07:51:00+05:00".parse().unwrap());
    }

    #[test]
    fn a_bad_event_keeps_its_number_and_its_neighbours() {
        let text = r#"{"store":"k","events":[{"seq":1,"at":"2026-11-22T02:00:00Z","kind":"pass","card":"?"},{"seq":2,"at":"2026-11-22T02:00:00Z","kind":"novelty"}]}"#;
        let events = Events::parse(text.as_bytes()).unwrap().events;
        assert!(matches!(events[0].body, Body::Unreadable { .. }));
        assert_eq!(events[1].body, Body::Unknown { kind: "novelty".into() });
    }

    #[test]
    fn what_cannot_be_named_is_refused() {
        for text in ["", "[]", "{}", r#"{"store":"k"}"#, r#"{"store":"k","events":[]}"#, r#"{"store":"a/b","seq":1}"#,
            r#"{"store":"k","seq":0,"at":"2026-11-22T02:00:00Z","kind":"pass"}"#, r#"{"store":"k","seq":1,"at":"yesterday","kind":"pass"}"#] {
            assert!(Events::parse(text.as_bytes()).is_err(), "{text}");
        }
        assert!(matches!(Events::parse(&vec![b' '; MESSAGE_LIMIT_BYTES + 1]), Err(Malformed::TooLong(_))));
    }

    proptest! {
        #[test]
        fn inv_1_random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            Events::parse(&bytes).ok();
            State::parse(&bytes).ok();
            Health::parse(&bytes).ok();
        }

        /// Valid JSON with one byte changed: the hardest neighbours of a valid message.
        #[test]
        fn inv_1_a_changed_byte_never_panics(at in 0_usize..110, byte in any::<u8>()) {
            let mut bytes = PASS.as_bytes().to_vec();
            let at = at % bytes.len();
            bytes[at] = byte;
            Events::parse(&bytes).ok();
        }
    }
}
