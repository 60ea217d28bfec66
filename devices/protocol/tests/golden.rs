//! Golden messages: each file of `golden/` is read as a device or the hub would read it. What comes out is written down beside
//! it, so that a change of meaning shows up in review. `UPDATE_GOLDEN=1` writes the files anew.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::{fmt::Write, fs, path::PathBuf};

use protocol::{
    down::Ack,
    up::{Events, Health, State},
};
use serde_json::Value;

fn golden(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

/// Files of the folder with that beginning and `.json` at the end.
fn messages(beginnings: &[&str]) -> Vec<String> {
    let names = fs::read_dir(golden("")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".json") && beginnings.iter().any(|start| name.starts_with(start))).collect();
    names.sort();
    names
}

/// A message read into our type and written again is the same JSON.
fn survives<T: serde::Serialize>(name: &str, parse: impl Fn(&[u8]) -> T) {
    let text = fs::read(golden(name)).unwrap();
    let written = serde_json::to_value(parse(&text)).unwrap();
    let without_nulls = |value: Value| match value {
        Value::Object(fields) => Value::Object(fields.into_iter().filter(|(_, value)| !value.is_null()).collect()),
        other => other,
    };
    assert_eq!(without_nulls(written), serde_json::from_slice::<Value>(&text).unwrap(), "{name}");
}

#[test]
fn states_health_and_acknowledgements_are_written_as_they_were_read() {
    for name in messages(&["state"]) {
        survives(&name, |text| State::parse(text).unwrap());
    }
    survives("health.json", |text| Health::parse(text).unwrap());
    survives("ack.json", |text| serde_json::from_slice::<Ack>(text).unwrap());
}

#[test]
fn events_mean_what_they_meant() {
    let names = messages(&["event", "batch"]);
    assert!(names.len() >= 8);
    for name in names {
        let read = Events::parse(&fs::read(golden(&name)).unwrap()).unwrap();
        let mut meaning = format!("store {}\n", read.store);
        for event in &read.events {
            writeln!(meaning, "\nseq {} at {} occurred {} boot {}", event.seq, event.at, event.occurred_at, event.boot).unwrap();
            writeln!(meaning, "{:?}\nraw {}\nfingerprint {}", event.body, event.raw, event.fingerprint()).unwrap();
        }
        let file = golden(&name.replace(".json", ".read"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&file, &meaning).unwrap();
        }
        assert_eq!(meaning, fs::read_to_string(&file).unwrap_or_default(), "{name}");
    }
}

#[test]
fn one_event_is_the_same_alone_and_in_a_batch() {
    let alone = Events::parse(&fs::read(golden("event_pass.json")).unwrap()).unwrap();
    let batch = Events::parse(&fs::read(golden("batch.json")).unwrap()).unwrap();
    assert_eq!(alone.events.first(), batch.events.first());
    assert_eq!(alone.events.first().unwrap().fingerprint(), batch.events.first().unwrap().fingerprint());
}
