//! Every parser over a corpus of hard inputs, over that corpus cut and bent, and over random bytes and random JSON: nothing
//! panics, and what is read keeps the promises of the types. An input that once broke something goes into `corpus/`.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::{fs, path::PathBuf};

use proptest::prelude::*;
use protocol::{
    WINDOW_EVENTS,
    cursor::{Cursor, MOST_STRETCHES},
    down::Ack,
    topic::Topic,
    up::{Body, Events, Health, State, card},
};
use serde_json::{Map, Value, json};

fn inputs() -> Vec<(String, Vec<u8>)> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests");
    let files = ["corpus", "golden"].into_iter().flat_map(|folder| fs::read_dir(here.join(folder)).unwrap());
    let paths = files.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_none_or(|it| it == "json"));
    paths.map(|path| (path.display().to_string(), fs::read(&path).unwrap())).collect()
}

/// Throws the bytes at every parser and looks at what comes out.
fn attack(bytes: &[u8]) {
    if let Ok(read) = Events::parse(bytes) {
        assert!((1..=32).contains(&read.store.len()) && (1..=WINDOW_EVENTS).contains(&read.events.len()));
        read.events.iter().for_each(|event| assert!(event.seq > 0 && event.body.kind().len() <= 40 && !event.raw.is_empty()));
        let mut cursor = Cursor::default();
        for event in &read.events {
            event.fingerprint();
            if let Body::Lost { from, to } = event.body {
                assert!(from <= to);
                cursor.declare_lost(from, to, event.seq);
                assert!(cursor.upto() < event.seq);
            }
            cursor.take(event.seq);
            assert!(cursor.ahead().len() <= MOST_STRETCHES);
        }
    }
    State::parse(bytes).ok();
    Health::parse(bytes).ok();
    if let Ok(ack) = serde_json::from_slice::<Ack>(bytes) {
        for seq in [i64::MIN, -1, 0, 1, i64::MAX] {
            ack.covers(seq);
        }
        Cursor::from_parts(ack.upto, ack.have.iter().copied()).gaps();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        if let Ok(topic) = Topic::parse(text) {
            assert_eq!(topic.to_string().parse::<String>().unwrap().len(), text.len() - leading_zeros(text));
        }
        if let Ok(code) = card(text) {
            assert_eq!(card(&code), Ok(code.clone()), "a card's form is final");
        }
    }
}

/// Zeros or a plus before the shard are tolerated and not written again.
fn leading_zeros(text: &str) -> usize {
    let shard = text.split('/').nth(1).unwrap_or_default();
    shard.len() - shard.parse::<u8>().map_or(shard.len(), |n| n.to_string().len())
}

#[test]
fn the_corpus_and_its_ruins() {
    let inputs = inputs();
    assert!(inputs.len() > 30);
    for (_, bytes) in inputs {
        attack(&bytes);
        let most = bytes.len().min(600);
        for cut in 0..most {
            attack(&bytes[..cut]);
            let mut bent = bytes[..bytes.len().min(2_000)].to_vec();
            for byte in [0x00, b'"', b'9', b'{', 0xff, bent[cut] ^ 0x20] {
                bent[cut] = byte;
                attack(&bent);
            }
        }
    }
}

#[test]
fn what_is_in_the_corpus_to_be_refused_is_refused() {
    let read = |name: &str| fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(name)).unwrap();
    for name in ["empty", "open_brace", "not_utf8", "null", "array", "text", "seq_beyond_integers", "seq_fraction", "seq_greatest", "lone_surrogate",
        "batch_with_a_number", "deep_nesting", "too_many_events"] {
        assert!(Events::parse(&read(name)).is_err(), "{name}");
    }
    for name in ["offset_over_the_end_of_time", "nul_in_text", "price_huge", "lost_backwards", "deep_field"] {
        assert!(Events::parse(&read(name)).is_ok(), "{name} has a name and a time: it is kept");
    }
    assert!(State::parse(&read("state_unknown")).is_err() && Health::parse(&read("health_text")).is_err());
}

/// Any JSON.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null), any::<bool>().prop_map(Value::from), any::<i64>().prop_map(Value::from), any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from), ".{0,12}".prop_map(Value::from),
        prop_oneof![Just("pass"), Just("meal"), Just("lost"), Just("alarm"), Just("2026-11-22T02:00:00Z"), Just("04A1B2C3"), Just("in")].prop_map(Value::from),
    ];
    let key = prop_oneof![
        Just("store"), Just("seq"), Just("at"), Just("offset_ms"), Just("boot"), Just("kind"), Just("card"), Just("direction"), Just("method"), Just("item"),
        Just("price_tiyn"), Just("from"), Just("to"), Just("code"), Just("events"), Just("status"), Just("queue"), Just("upto"), Just("have"), Just("hub_time"), Just("x"),
    ];
    leaf.prop_recursive(4, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..8).prop_map(|fields| Value::Object(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())),
        ]
    })
}

/// An event with its name and time in order, and anything else.
fn named_event() -> impl Strategy<Value = Map<String, Value>> {
    (1_i64..1_000_000, prop_oneof![Just("pass"), Just("meal"), Just("lost"), Just("alarm"), Just("new")], any_json()).prop_map(|(seq, kind, rest)| {
        let mut fields = match rest {
            Value::Object(fields) => fields,
            other => [("x".to_owned(), other)].into_iter().collect(),
        };
        fields.extend([("seq".to_owned(), json!(seq)), ("at".to_owned(), json!("2026-11-22T02:00:00Z")), ("kind".to_owned(), json!(kind))]);
        fields.remove("store");
        fields.remove("events");
        fields
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn inv_1_random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        attack(&bytes);
    }

    #[test]
    fn inv_1_random_json_never_panics(value in any_json()) {
        attack(value.to_string().as_bytes());
    }

    #[test]
    fn inv_1_random_topics_never_panic(levels in prop::collection::vec("[a-z0-9+#]{0,3}|v1|up|events|down|ack|63", 0..8)) {
        attack(levels.join("/").as_bytes());
    }

    /// However the JSON is laid out, alone or with neighbours, an event is the same.
    #[test]
    fn inv_2_layout_changes_nothing(fields in named_event(), neighbour in named_event()) {
        let mut alone = fields.clone();
        alone.insert("store".into(), json!("k"));
        let alone = serde_json::to_string_pretty(&alone).unwrap();
        let batch = json!({"events": [neighbour, fields], "store": "k"}).to_string();
        let (alone, batch) = (Events::parse(alone.as_bytes()), Events::parse(batch.as_bytes()));
        prop_assert!(alone.is_ok() == batch.is_ok());
        if let (Ok(alone), Ok(batch)) = (alone, batch) {
            prop_assert_eq!(&alone.events[0].raw, &batch.events[1].raw);
            prop_assert_eq!(alone.events[0].fingerprint(), batch.events[1].fingerprint());
        }
    }
}
