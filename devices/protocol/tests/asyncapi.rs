//! `asyncapi.yaml` tells the truth: its examples parse with our types, its schemas name exactly the fields that the types have,
//! and its channels are the code's. The file is read with the few lines of YAML it uses; anything else fails the test.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail by panicking")]

use std::{collections::BTreeSet, fs, path::PathBuf};

use protocol::{
    MESSAGE_LIMIT_BYTES, WINDOW_EVENTS,
    down::Ack,
    topic::{Channel, SHARDS},
    up::{Body, Direction, Events, Health, Meal, Method, Pass, State, Status},
};
use serde_json::{Map, Value, json};

/// A line of the file: its depth, its text.
type Line<'a> = (usize, &'a str);

fn document() -> Value {
    let text = fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("asyncapi.yaml")).unwrap();
    let lines: Vec<Line<'_>> = text
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
        .map(|line| (line.len() - line.trim_start().len(), line.trim()))
        .collect();
    let mut at = 0;
    let value = block(&lines, &mut at, 0);
    assert_eq!(at, lines.len(), "not understood: {:?}", lines.get(at));
    value
}

/// A mapping, or a list of mappings, at that depth.
fn block(lines: &[Line<'_>], at: &mut usize, depth: usize) -> Value {
    if lines[*at].1.starts_with("- ") {
        let mut items = Vec::new();
        while *at < lines.len() && lines[*at].0 == depth && lines[*at].1.starts_with("- ") {
            let mut item: Vec<Line<'_>> = vec![(depth + 2, &lines[*at].1[2..])];
            *at += 1;
            while *at < lines.len() && lines[*at].0 > depth {
                item.push(lines[*at]);
                *at += 1;
            }
            items.push(block(&item, &mut 0, depth + 2));
        }
        return Value::Array(items);
    }
    let mut map = Map::new();
    while *at < lines.len() && lines[*at].0 == depth {
        let (key, rest) = lines[*at].1.split_once(':').unwrap_or_else(|| panic!("no key: {}", lines[*at].1));
        *at += 1;
        let value = match rest.trim() {
            "" => {
                let inner = lines[*at].0;
                assert!(inner > depth, "{key} is empty");
                block(lines, at, inner)
            }
            ">-" => {
                let mut words = Vec::new();
                while *at < lines.len() && lines[*at].0 > depth {
                    words.push(lines[*at].1);
                    *at += 1;
                }
                Value::from(words.join(" "))
            }
            scalar => self::scalar(scalar),
        };
        assert!(map.insert(key.to_owned(), value).is_none(), "{key} twice");
    }
    Value::Object(map)
}

fn scalar(text: &str) -> Value {
    if text.starts_with('{') || text.starts_with("[[") {
        return serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    }
    if let Some(inner) = text.strip_prefix('[') {
        return inner.trim_end_matches(']').split(", ").collect();
    }
    if let Some(inner) = text.strip_prefix('\'') {
        return Value::from(inner.trim_end_matches('\''));
    }
    assert!(!text.contains(": ") && !text.contains(" #"), "YAML reads this otherwise: {text}");
    text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from)
}

fn examples(document: &Value, message: &str) -> Vec<Vec<u8>> {
    let examples = document["components"]["messages"][message]["examples"].as_array().unwrap();
    assert!(!examples.is_empty());
    examples.iter().map(|example| example["payload"].to_string().into_bytes()).collect()
}

fn described(document: &Value, schema: &str) -> BTreeSet<String> {
    document["components"]["schemas"][schema]["properties"].as_object().unwrap().keys().cloned().collect()
}

fn fields(value: impl serde::Serialize) -> BTreeSet<String> {
    serde_json::to_value(value).unwrap().as_object().unwrap().keys().cloned().collect()
}

#[test]
fn every_example_is_what_it_says() {
    let document = document();
    examples(&document, "state").iter().for_each(|text| { State::parse(text).unwrap(); });
    examples(&document, "health").iter().for_each(|text| { Health::parse(text).unwrap(); });
    for text in examples(&document, "ack") {
        let ack: Ack = serde_json::from_slice(&text).unwrap();
        assert!(ack.covers(ack.upto) && ack.have.iter().all(|(from, _)| *from > ack.upto + 1));
    }
    let mut kinds = BTreeSet::new();
    for message in ["event", "batch"] {
        for text in examples(&document, message) {
            let read = Events::parse(&text).unwrap();
            assert_eq!(read.events.len() > 1, message == "batch");
            for event in read.events {
                assert!(!matches!(event.body, Body::Unreadable { .. }), "{event:?}");
                kinds.insert(event.body.kind().to_owned());
            }
        }
    }
    assert!(["pass", "meal", "alarm", "lost"].iter().all(|kind| kinds.contains(*kind)), "{kinds:?}");
}

#[test]
fn schemas_name_the_fields_of_the_types() {
    let document = document();
    let at = jiff::Timestamp::UNIX_EPOCH;
    let state = State { status: Status::Online, store: Some("k".into()), boot: Some(1), firmware: Some("1".into()), at: Some(at) };
    assert_eq!(described(&document, "state"), fields(state));
    assert_eq!(described(&document, "health"), fields(Health::default()));
    assert_eq!(described(&document, "ack"), fields(Ack { store: "k".into(), upto: 1, have: vec![], hub_time: at }));
    assert_eq!(described(&document, "batch"), ["events".to_owned(), "store".to_owned()].into());

    let mut event: BTreeSet<String> = ["store", "seq", "at", "offset_ms", "boot", "kind", "code", "from", "to"].map(str::to_owned).into();
    event.extend(fields(Pass { card: "0001".into(), direction: Direction::In, method: Method::Card }));
    event.extend(fields(Meal { card: "0001".into(), item: "x".into(), price_tiyn: 1 }));
    assert_eq!(described(&document, "event"), event);
}

#[test]
fn required_fields_are_required_and_values_are_ours() {
    let document = document();
    let schema = |name: &str| &document["components"]["schemas"][name];
    for text in examples(&document, "event") {
        for field in schema("event")["required"].as_array().unwrap() {
            let mut without: Map<String, Value> = serde_json::from_slice(&text).unwrap();
            without.remove(field.as_str().unwrap());
            assert!(Events::parse(Value::Object(without).to_string().as_bytes()).is_err(), "{field} is not required");
        }
    }
    for field in schema("ack")["required"].as_array().unwrap() {
        let mut without: Map<String, Value> = serde_json::from_slice(&examples(&document, "ack")[0]).unwrap();
        without.remove(field.as_str().unwrap());
        assert!(serde_json::from_value::<Ack>(Value::Object(without)).is_err(), "{field} is not required");
    }
    assert!(State::parse(b"{}").is_err() && Health::parse(b"{}").is_ok());
    let values = |schema: &str, field: &str| document["components"]["schemas"][schema]["properties"][field]["enum"].clone();
    assert_eq!(values("event", "direction"), json!([Direction::In, Direction::Out]));
    assert_eq!(values("event", "method"), json!([Method::Card, Method::Manual]));
    assert_eq!(values("state", "status"), json!([Status::Online, Status::Offline]));
}

#[test]
fn channels_and_limits_are_the_codes() {
    let document = document();
    let about = document["info"]["description"].as_str().unwrap();
    let channels = document["channels"].as_object().unwrap();
    let addresses: BTreeSet<&str> = channels.values().map(|channel| channel["address"].as_str().unwrap()).collect();
    let all = [Channel::UpState, Channel::UpEvents, Channel::UpHealth, Channel::UpReply, Channel::DownAck, Channel::DownCmd, Channel::DownList];
    let reserved = about.split("Reserved for later: ").nth(1).unwrap();
    for channel in all {
        let address = format!("v1/{{shard}}/{{school}}/{{device}}/{}", channel.path());
        assert_ne!(addresses.contains(address.as_str()), reserved.contains(channel.path()), "{address}");
    }
    assert!(addresses.iter().all(|address| all.iter().any(|channel| address.ends_with(channel.path()))));
    assert!(about.contains(&MESSAGE_LIMIT_BYTES.to_string()) && about.contains(&format!("at most {WINDOW_EVENTS} events")));
    assert!(channels["state"]["parameters"]["shard"]["description"].as_str().unwrap().contains(&format!("0 to {}", SHARDS - 1)));
    assert_eq!(document["components"]["schemas"]["batch"]["properties"]["events"]["maxItems"], json!(WINDOW_EVENTS));
}
