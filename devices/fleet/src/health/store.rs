//! Every statement of health.

use jiff::Timestamp;
use kernel::{
    id::{DeviceId, SchoolId},
    row,
    sql::{Command, Query, Statement},
};
use protocol::up;
use serde::{Serialize, Serializer};

/// What the engine newly knows of a device. What it does not know is left as it was.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Seen {
    /// Its school.
    #[serde(serialize_with = "school_as_uuid")]
    pub school: SchoolId,
    /// Its id.
    #[serde(serialize_with = "device_as_uuid")]
    pub device: DeviceId,
    /// There or not.
    pub status: up::Status,
    /// Since when, as far as the engine knows; an unchanged status keeps its older beginning.
    pub status_since: Timestamp,
    /// When it last said anything.
    pub seen_at: Timestamp,
    /// When its last event came.
    pub last_event_at: Option<Timestamp>,
    /// How long its last fresh event took from the door to the database.
    pub latency_ms: Option<i64>,
    /// How far its clock is from ours; positive when it is ahead.
    pub clock_offset_ms: Option<i64>,
    /// Events it keeps without our acknowledgement.
    pub queue: Option<i64>,
    /// Reader errors since boot.
    pub reader_errors: Option<i64>,
    /// Inside its case.
    pub temperature_c: Option<f64>,
    /// Free flash.
    pub disk_free_percent: Option<f64>,
    /// Link quality.
    pub link_percent: Option<f64>,
    /// Bytes received since boot.
    pub rx_bytes: Option<i64>,
    /// Bytes sent since boot.
    pub tx_bytes: Option<i64>,
    /// Firmware's version.
    pub firmware: Option<String>,
    /// The journal in use.
    pub store: Option<String>,
}

fn school_as_uuid<S: Serializer>(id: &SchoolId, serializer: S) -> Result<S::Ok, S::Error> {
    id.0.serialize(serializer)
}

fn device_as_uuid<S: Serializer>(id: &DeviceId, serializer: S) -> Result<S::Ok, S::Error> {
    id.0.serialize(serializer)
}

row! {
    /// A device and how it is, as pages show it. What stands after `retired_at` is unknown of a device never heard of.
    pub struct Status {
        /// Its school.
        pub school: SchoolId,
        /// The school's code, as in URLs.
        pub school_code: String,
        /// The school's name in Kazakh.
        pub school_name_kk: String,
        /// The school's name in Russian.
        pub school_name_ru: String,
        /// The school's name in English.
        pub school_name_en: String,
        /// The school's time zone.
        pub zone: String,
        /// Its id.
        pub id: DeviceId,
        /// Its code.
        pub code: String,
        /// What it is.
        pub kind: String,
        /// What people call it.
        pub name: String,
        /// Where it stands.
        pub place: String,
        /// When it was taken out of service.
        pub retired_at: Option<Timestamp>,
        /// `online` or `offline`, by its own word or its last will.
        pub status: Option<String>,
        /// Since when.
        pub status_since: Option<Timestamp>,
        /// When it last said anything.
        pub seen_at: Option<Timestamp>,
        /// When its last event came.
        pub last_event_at: Option<Timestamp>,
        /// How long its last fresh event took from the door to the database.
        pub latency_ms: Option<i64>,
        /// How far its clock is from ours.
        pub clock_offset_ms: Option<i64>,
        /// Events it keeps without our acknowledgement.
        pub queue: Option<i64>,
        /// Reader errors since boot.
        pub reader_errors: Option<i64>,
        /// Inside its case.
        pub temperature_c: Option<f64>,
        /// Free flash.
        pub disk_free_percent: Option<f64>,
        /// Link quality.
        pub link_percent: Option<f64>,
        /// Bytes received since boot.
        pub rx_bytes: Option<i64>,
        /// Bytes sent since boot.
        pub tx_bytes: Option<i64>,
        /// Firmware's version.
        pub firmware: Option<String>,
        /// The journal in use.
        pub store: Option<String>,
        /// Since when the service listens without a break: before that nobody could be heard.
        pub listened_since: Option<Timestamp>,
        /// When it last said that it listens.
        pub listened_at: Option<Timestamp>,
    }
}

/// One statement for all devices of a moment, as JSON: more columns than arrays would be pleasant.
pub const HEALTH_SAVE: Command<(serde_json::Value,)> = Command::new(
    "fleet.health_save",
    "insert into device_health as old (school_id, device_id, status, status_since, seen_at, last_event_at, latency_ms, clock_offset_ms, queue,
       reader_errors, temperature_c, disk_free_percent, link_percent, rx_bytes, tx_bytes, firmware, store)
     select school, device, status, status_since, seen_at, last_event_at, latency_ms, clock_offset_ms, queue,
       reader_errors, temperature_c, disk_free_percent, link_percent, rx_bytes, tx_bytes, firmware, store
     from jsonb_to_recordset($1) as fresh (school uuid, device uuid, status text, status_since timestamptz, seen_at timestamptz,
       last_event_at timestamptz, latency_ms bigint, clock_offset_ms bigint, queue bigint, reader_errors bigint, temperature_c double precision,
       disk_free_percent double precision, link_percent double precision, rx_bytes bigint, tx_bytes bigint, firmware text, store text)
     order by school, device
     on conflict (school_id, device_id) do update set
       status = excluded.status,
       status_since = case when old.status = excluded.status then old.status_since else excluded.status_since end,
       seen_at = excluded.seen_at,
       last_event_at = greatest(excluded.last_event_at, old.last_event_at),
       latency_ms = coalesce(excluded.latency_ms, old.latency_ms),
       clock_offset_ms = coalesce(excluded.clock_offset_ms, old.clock_offset_ms),
       queue = coalesce(excluded.queue, old.queue),
       reader_errors = coalesce(excluded.reader_errors, old.reader_errors),
       temperature_c = coalesce(excluded.temperature_c, old.temperature_c),
       disk_free_percent = coalesce(excluded.disk_free_percent, old.disk_free_percent),
       link_percent = coalesce(excluded.link_percent, old.link_percent),
       rx_bytes = coalesce(excluded.rx_bytes, old.rx_bytes),
       tx_bytes = coalesce(excluded.tx_bytes, old.tx_bytes),
       firmware = coalesce(excluded.firmware, old.firmware),
       store = coalesce(excluded.store, old.store)
     where old.seen_at <= excluded.seen_at",
);

macro_rules! status_sql {
    ($end:literal) => {
        concat!(
            "select d.school_id as school, o.code as school_code, o.name_kk as school_name_kk, o.name_ru as school_name_ru, o.name_en as school_name_en,
               o.zone, d.id, d.code, d.kind, d.name, d.place, d.retired_at, h.status, h.status_since, h.seen_at, h.last_event_at, h.latency_ms,
               h.clock_offset_ms, h.queue, h.reader_errors, h.temperature_c, h.disk_free_percent, h.link_percent, h.rx_bytes, h.tx_bytes,
               h.firmware, h.store, b.since as listened_since, b.at as listened_at
             from device d join people_v_organisation o on o.id = d.school_id
             left join device_health h on h.school_id = d.school_id and h.device_id = d.id
             left join service_beat b on true ",
            $end
        )
    };
}

pub const STATUS_LIST: Query<(), Status> = Query::new("fleet.status_list", status_sql!("order by o.code, d.code"));

pub const STATUS_FIND: Query<(DeviceId,), Status> = Query::new("fleet.status_find", status_sql!("where d.id = $1"));

/// Every statement of this room, for the test that prepares them all.
pub const STATEMENTS: &[&dyn Statement] = &[&HEALTH_SAVE, &STATUS_LIST, &STATUS_FIND];
