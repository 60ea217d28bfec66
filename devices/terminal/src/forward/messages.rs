//! What the messenger says besides events.

use std::collections::BTreeMap;

use jiff::Timestamp;
use protocol::up::{Health, State, Status};
use serde::Serialize;
use serde_json::json;

use crate::{clock::Moment, keeper::Report, list::Shelf, tally::Tally};

/// Birth, with the version of the list in force: within `v1` fields may be added.
#[derive(Serialize)]
struct Birth {
    #[serde(flatten)]
    state: State,
    list: Option<u64>,
}

/// Health, with what only this terminal knows of itself.
#[derive(Serialize)]
struct OwnHealth {
    #[serde(flatten)]
    health: Health,
    /// What to add to this device's clock for the hub's.
    offset_ms: Option<i64>,
    /// Events that could not be kept, ever.
    lost: Option<i64>,
    /// How often the gate stayed shut since the start.
    refused: i64,
    /// Version of the list in force.
    list: Option<u64>,
    /// What else is counted.
    #[serde(flatten)]
    others: BTreeMap<&'static str, i64>,
}

/// The device is there.
pub fn birth(report: Option<&Report>, shelf: &Shelf, firmware: &str, now: Moment) -> Vec<u8> {
    let state = State {
        status: Status::Online,
        store: report.map(|report| report.store.clone()),
        boot: report.map(|report| report.boot),
        firmware: Some(firmware.to_owned()),
        at: timestamp(now),
    };
    serde_json::to_vec(&Birth { state, list: shelf.list().map(|list| list.version) }).unwrap_or_default()
}

/// The device is gone.
pub fn death() -> &'static str {
    r#"{"status":"offline"}"#
}

/// How the device is. Its clock is told as it is: that it is wrong is what support must see.
pub fn health(report: Option<&Report>, tally: &Tally, shelf: &Shelf, now: Moment) -> Vec<u8> {
    let health = Health {
        at: timestamp(now),
        queue: report.map(|report| report.queue),
        reader_errors: Some(tally.reader_errors()),
        disk_free_percent: report.and_then(|report| report.space).map(|space| space.free_percent()),
        ..Health::default()
    };
    let own = OwnHealth {
        health,
        offset_ms: now.offset_ms,
        lost: report.map(|report| report.lost),
        refused: tally.refused(),
        list: shelf.list().map(|list| list.version),
        others: tally.others(),
    };
    serde_json::to_vec(&own).unwrap_or_default()
}

/// An event that the hub has, once more.
pub fn probe(report: &Report) -> Option<String> {
    let event = report.probe.as_ref()?;
    Some(json!({"store": report.store, "events": [event]}).to_string())
}

fn timestamp(now: Moment) -> Option<Timestamp> {
    Timestamp::from_millisecond(now.at_ms).ok()
}
