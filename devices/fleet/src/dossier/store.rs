//! Every statement of the dossier.

use jiff::Timestamp;
use kernel::{
    id::{DeviceId, SchoolId},
    row,
    sql::{Query, Statement},
};

row! {
    /// An event of the device.
    pub struct EventRow {
        /// Its journal.
        pub store: String,
        /// Its number there.
        pub seq: i64,
        /// What kind.
        pub kind: String,
        /// When it happened.
        pub occurred_at: Timestamp,
        /// When the hub got it.
        pub received_at: Timestamp,
        /// Whether it came late.
        pub late: bool,
        /// As the device wrote it.
        pub body: String,
    }
}

row! {
    /// How far a journal of the device is durable.
    pub struct JournalRow {
        /// The journal.
        pub store: String,
        /// All numbers up to this one.
        pub upto: i64,
        /// Stretches above the first gap, as pairs.
        pub ahead: Vec<i64>,
        /// When it was first heard of.
        pub created_at: Timestamp,
        /// When it last moved.
        pub updated_at: Timestamp,
    }
}

row! {
    /// What could not be taken at its word.
    pub struct LetterRow {
        /// When it came.
        pub received_at: Timestamp,
        /// Why.
        pub reason: String,
        /// What exactly.
        pub detail: String,
        /// Where it was published.
        pub topic: String,
        /// The beginning of what came, whatever it was.
        pub payload: Vec<u8>,
    }
}

row! {
    /// What went wrong.
    pub struct IncidentRow {
        /// What kind.
        pub kind: String,
        /// Since when.
        pub opened_at: Timestamp,
        /// When last.
        pub last_at: Timestamp,
        /// How often.
        pub count: i64,
        /// When it was closed.
        pub closed_at: Option<Timestamp>,
    }
}

pub const JOURNAL_LIST: Query<(SchoolId, DeviceId), JournalRow> = Query::new(
    "fleet.journal_list",
    "select store, upto, ahead, created_at, updated_at from engine_v_cursor where school_id = $1 and device_id = $2
     order by updated_at desc limit 10",
);

/// The newest numbers of one journal, along the primary key.
pub const EVENT_LIST: Query<(SchoolId, DeviceId, String, i64), EventRow> = Query::new(
    "fleet.event_list",
    "select store, seq, kind, occurred_at, received_at, late, body::text as body from engine_v_event
     where school_id = $1 and device_id = $2 and store = $3 order by seq desc limit $4",
);

pub const LETTER_LIST: Query<(SchoolId, DeviceId, i64), LetterRow> = Query::new(
    "fleet.letter_list",
    "select received_at, reason, detail, topic, substring(payload from 1 for 400) as payload from engine_v_letter
     where school_id = $1 and device_id = $2 order by received_at desc limit $3",
);

pub const INCIDENT_LIST: Query<(SchoolId, DeviceId, i64), IncidentRow> = Query::new(
    "fleet.incident_list",
    "select kind, opened_at, last_at, count, closed_at from engine_v_incident
     where school_id = $1 and device_id = $2 order by last_at desc limit $3",
);

row! {
    /// A school whose gates were silent in the morning, so that nobody was told who has not arrived.
    pub struct SilentSchool {
        /// Its code.
        pub code: String,
        /// Its name in Kazakh.
        pub name_kk: String,
        /// Its name in Russian.
        pub name_ru: String,
        /// Its name in English.
        pub name_en: String,
        /// Since when it is known.
        pub opened_at: Timestamp,
    }
}

/// Since when: of the schools in scope, each once.
pub const SILENT_LIST: Query<(Timestamp,), SilentSchool> = Query::new(
    "fleet.silent_school_list",
    "select o.code, o.name_kk, o.name_ru, o.name_en, min(i.opened_at) as opened_at
     from engine_v_incident i join people_v_organisation o on o.id = i.school_id
     where i.kind = 'gates_silent' and i.closed_at is null and i.opened_at >= $1
     group by o.code, o.name_kk, o.name_ru, o.name_en order by min(i.opened_at), o.code limit 100",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&JOURNAL_LIST, &EVENT_LIST, &LETTER_LIST, &INCIDENT_LIST, &SILENT_LIST];
