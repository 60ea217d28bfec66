//! SQL of the commit. Each statement is set-based: its number of executions does not grow with the batch.
//!
//! Why arrays that are joined have a `limit cardinality(…)`: it takes all of them, and lets the planner expect a single row, so that
//! each is looked up by its whole key. Otherwise a table that was empty when the plan was made is read through for every row.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write,
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use kernel::{
    Result,
    db::Tx,
    id::{DeviceId, SchoolId, Uuid},
    row,
    sql::{Command, Query, Statement},
};
use protocol::cursor::Cursor;

use super::{
    Item, Letter, id_at,
    rules::{Key, Raise, is_late, without_card},
};

row! {
    struct CursorRow { school_id: SchoolId, device_id: DeviceId, store: String, upto: i64, ahead: Vec<i64> }
}

type Keys = (Vec<SchoolId>, Vec<DeviceId>, Vec<String>);

const CURSOR_LOCK: Query<Keys, CursorRow> = Query::new(
    "engine.cursor_lock",
    "select c.school_id, c.device_id, c.store, c.upto, c.ahead
     from (select * from unnest($1::uuid[], $2::uuid[], $3::text[]) as k (school_id, device_id, store) limit cardinality($1)) k
     join device_cursor c on c.school_id = k.school_id and c.device_id = k.device_id and c.store = k.store
     order by c.school_id, c.device_id, c.store collate \"C\"
     for update of c",
);

const CURSOR_ENSURE: Command<(Vec<SchoolId>, Vec<DeviceId>, Vec<String>, Timestamp)> = Command::new(
    "engine.cursor_ensure",
    "insert into device_cursor (school_id, device_id, store, created_at, updated_at)
     select school_id, device_id, store, $4, $4 from unnest($1::uuid[], $2::uuid[], $3::text[]) as k (school_id, device_id, store)
     on conflict do nothing",
);

const CURSOR_SAVE: Command<(Vec<SchoolId>, Vec<DeviceId>, Vec<String>, Vec<i64>, Vec<String>, Timestamp)> = Command::new(
    "engine.cursor_save",
    "update device_cursor c set upto = k.upto, ahead = k.ahead::bigint[], updated_at = $6
     from (select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[]) as k (school_id, device_id, store, upto, ahead)
           limit cardinality($1)) k
     where c.school_id = k.school_id and c.device_id = k.device_id and c.store = k.store",
);

row! {
    struct FingerprintRow { device_id: DeviceId, store: String, seq: i64, fingerprint: i64 }
}

const EVENT_FINGERPRINTS: Query<(Vec<SchoolId>, Vec<DeviceId>, Vec<String>, Vec<i64>), FingerprintRow> = Query::new(
    "engine.event_fingerprints",
    "select e.device_id, e.store, e.seq, e.fingerprint
     from (select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[]) as k (school_id, device_id, store, seq) limit cardinality($1)) k
     join event e on e.school_id = k.school_id and e.device_id = k.device_id and e.store = k.store and e.seq = k.seq",
);

type EventColumns = (
    Vec<SchoolId>,
    Vec<DeviceId>,
    Vec<String>,
    Vec<i64>,
    Vec<Timestamp>,
    Vec<Timestamp>,
    Vec<Timestamp>,
    Vec<i64>,
    Vec<String>,
    Vec<i64>,
    Vec<bool>,
    Vec<String>,
);

const EVENT_ADD: Command<EventColumns> = Command::new(
    "engine.event_add",
    "insert into event (school_id, device_id, store, seq, received_at, at, occurred_at, boot, kind, fingerprint, late, body)
     select school_id, device_id, store, seq, received_at, at, occurred_at, boot, kind, fingerprint, late, body::jsonb
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[],
                 $8::bigint[], $9::text[], $10::bigint[], $11::bool[], $12::text[])
       as e (school_id, device_id, store, seq, received_at, at, occurred_at, boot, kind, fingerprint, late, body)",
);

type LetterColumns = (
    Vec<SchoolId>,
    Vec<Uuid>,
    Vec<Timestamp>,
    Vec<&'static str>,
    Vec<String>,
    Vec<Option<DeviceId>>,
    Vec<Option<String>>,
    Vec<Option<i64>>,
    Vec<String>,
    Vec<Vec<u8>>,
);

const LETTER_ADD: Command<LetterColumns> = Command::new(
    "engine.letter_add",
    "insert into dead_letter (school_id, id, received_at, reason, topic, device_id, store, seq, detail, payload)
     select * from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::uuid[], $7::text[], $8::bigint[],
                          $9::text[], $10::bytea[])",
);

type IncidentColumns = (Vec<SchoolId>, Vec<Uuid>, Vec<&'static str>, Vec<String>, Vec<Option<DeviceId>>, Vec<i64>, Timestamp);

const INCIDENT_RAISE: Command<IncidentColumns> = Command::new(
    "engine.incident_raise",
    "insert into incident as open (school_id, id, kind, key, device_id, count, opened_at, last_at)
     select i.*, $7, $7 from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::bigint[]) as i
     on conflict (school_id, kind, key) where closed_at is null
     do update set count = open.count + excluded.count, last_at = excluded.last_at",
);

/// School, kind, the last key, when: for kinds whose keys are days.
const INCIDENT_CLOSE: Command<(SchoolId, &'static str, String, Timestamp)> =
    Command::new("engine.incident_close", "update incident set closed_at = $4 where school_id = $1 and kind = $2 and key collate \"C\" <= $3 and closed_at is null");

/// Every statement of the commit.
pub(crate) const STATEMENTS: &[&dyn Statement] =
    &[&CURSOR_LOCK, &CURSOR_ENSURE, &CURSOR_SAVE, &EVENT_FINGERPRINTS, &EVENT_ADD, &LETTER_ADD, &INCIDENT_RAISE, &INCIDENT_CLOSE];

pub(super) async fn cursor_lock(tx: &Tx, keys: &[Key]) -> Result<BTreeMap<Key, Cursor>> {
    if keys.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = CURSOR_LOCK.all(tx, columns(keys)).await?;
    Ok(rows.into_iter().map(cursor).collect())
}

pub(super) async fn cursor_ensure(tx: &Tx, now: Timestamp, keys: &[Key]) -> Result<()> {
    let (schools, devices, stores) = columns(keys);
    CURSOR_ENSURE.run(tx, (schools, devices, stores, now)).await?;
    Ok(())
}

pub(super) async fn cursor_save(tx: &Tx, now: Timestamp, cursors: &BTreeMap<Key, Cursor>) -> Result<()> {
    if cursors.is_empty() {
        return Ok(());
    }
    let keys: Vec<Key> = cursors.keys().cloned().collect();
    let (schools, devices, stores) = columns(&keys);
    let upto = cursors.values().map(Cursor::upto).collect();
    let ahead = cursors.values().map(array_text).collect();
    CURSOR_SAVE.run(tx, (schools, devices, stores, upto, ahead, now)).await?;
    Ok(())
}

pub(super) async fn fingerprints(tx: &Tx, items: &[Item], places: &[usize]) -> Result<HashMap<(DeviceId, Arc<str>, i64), i64>> {
    let asked: Vec<&Item> = places.iter().filter_map(|place| items.get(*place)).collect();
    let columns = (
        asked.iter().map(|item| item.device.school).collect(),
        asked.iter().map(|item| item.device.id).collect(),
        asked.iter().map(|item| item.store.to_string()).collect(),
        asked.iter().map(|item| item.event.seq).collect(),
    );
    let rows = EVENT_FINGERPRINTS.all(tx, columns).await?;
    Ok(rows.into_iter().map(|row| ((row.device_id, Arc::from(row.store), row.seq), row.fingerprint)).collect())
}

/// Stores events as they came; of the nameless, whose consent is withdrawn, without the card.
pub(super) async fn event_add(tx: &Tx, items: &[&Item], nameless: &[&Item], late_after: SignedDuration) -> Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    let columns: EventColumns = (
        items.iter().map(|item| item.device.school).collect(),
        items.iter().map(|item| item.device.id).collect(),
        items.iter().map(|item| item.store.to_string()).collect(),
        items.iter().map(|item| item.event.seq).collect(),
        items.iter().map(|item| item.received_at).collect(),
        items.iter().map(|item| item.event.at).collect(),
        items.iter().map(|item| item.event.occurred_at).collect(),
        items.iter().map(|item| item.event.boot).collect(),
        items.iter().map(|item| item.event.body.kind().to_owned()).collect(),
        items.iter().map(|item| item.fingerprint).collect(),
        items.iter().map(|item| is_late(item, late_after)).collect(),
        items.iter().map(|item| if nameless.iter().any(|one| std::ptr::eq(*one, *item)) { without_card(&item.event.raw) } else { item.event.raw.clone() }).collect(),
    );
    EVENT_ADD.run(tx, columns).await?;
    Ok(())
}

pub(super) async fn letter_add(tx: &Tx, now: Timestamp, letters: &[Letter]) -> Result<()> {
    if letters.is_empty() {
        return Ok(());
    }
    let columns: LetterColumns = (
        letters.iter().map(|letter| letter.school).collect(),
        letters.iter().map(|_| id_at(now)).collect(),
        letters.iter().map(|letter| letter.received_at).collect(),
        letters.iter().map(|letter| letter.reason.as_str()).collect(),
        letters.iter().map(|letter| without_nul(&letter.topic)).collect(),
        letters.iter().map(|letter| letter.device).collect(),
        letters.iter().map(|letter| letter.event.as_ref().map(|(store, _)| store.to_string())).collect(),
        letters.iter().map(|letter| letter.event.as_ref().map(|(_, seq)| *seq)).collect(),
        letters.iter().map(|letter| without_nul(&letter.detail)).collect(),
        letters.iter().map(|letter| letter.payload.clone()).collect(),
    );
    LETTER_ADD.run(tx, columns).await?;
    Ok(())
}

pub(crate) async fn incident_raise(tx: &Tx, now: Timestamp, incidents: &[Raise]) -> Result<()> {
    if incidents.is_empty() {
        return Ok(());
    }
    let columns: IncidentColumns = (
        incidents.iter().map(|incident| incident.school).collect(),
        incidents.iter().map(|_| id_at(now)).collect(),
        incidents.iter().map(|incident| incident.kind).collect(),
        incidents.iter().map(|incident| without_nul(&incident.key)).collect(),
        incidents.iter().map(|incident| incident.device).collect(),
        incidents.iter().map(|incident| incident.count).collect(),
        now,
    );
    INCIDENT_RAISE.run(tx, columns).await?;
    Ok(())
}

pub(super) async fn incident_close(tx: &Tx, now: Timestamp, school: SchoolId, kind: &'static str, key: String) -> Result<()> {
    INCIDENT_CLOSE.run(tx, (school, kind, key, now)).await?;
    Ok(())
}

fn columns(keys: &[Key]) -> Keys {
    (
        keys.iter().map(|key| key.school).collect(),
        keys.iter().map(|key| key.device).collect(),
        keys.iter().map(|key| key.store.to_string()).collect(),
    )
}

fn cursor(row: CursorRow) -> (Key, Cursor) {
    let stretches = row.ahead.chunks_exact(2).filter_map(|pair| match pair {
        [from, to] => Some((*from, *to)),
        _ => None,
    });
    let cursor = Cursor::from_parts(row.upto, stretches);
    (Key { school: row.school_id, device: row.device_id, store: row.store.into() }, cursor)
}

/// The stretches ahead as text of a Postgres array: arrays of arrays cannot be unnested row by row.
fn array_text(cursor: &Cursor) -> String {
    let mut text = String::from("{");
    for (from, to) in cursor.ahead() {
        let comma = if text.len() > 1 { "," } else { "" };
        // Writing into a String cannot fail.
        write!(text, "{comma}{from},{to}").unwrap_or_default();
    }
    text.push('}');
    text
}

/// PostgreSQL text holds no NUL.
fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}
