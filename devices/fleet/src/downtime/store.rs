//! Every statement of downtime.

use jiff::Timestamp;
use kernel::{
    id::{DeviceId, PersonId, SchoolId, Uuid},
    keep::Sweep,
    row,
    sql::{Command, Query, Statement},
};

/// Devices whose state is about to be written: `school`, `device`, `status`, `seen_at`.
type Returning = (serde_json::Value,);

row! {
    pub struct Key {
        pub device_id: DeviceId,
    }
}

/// The rows that decide whether a device was away, under their locks: what follows sees what the watch has written.
pub const HEALTH_LOCK: Query<Returning, Key> = Query::new(
    "downtime.health_lock",
    "select h.device_id from jsonb_to_recordset($1) as f (school uuid, device uuid)
     join device_health h on h.school_id = f.school and h.device_id = f.device order by h.school_id, h.device_id for update of h",
);

/// Devices about to be written, now, and how many seconds of silence are no stop.
type Returns = (serde_json::Value, Timestamp, i64);

/// Ends the open stops of devices that are back, and writes down those that nobody had opened, and who spoke for the first time. Whether a stop
/// is open is asked of the table as it was before: whoever ends one here writes no second one.
pub const RETURN_SAVE: Command<Returns> = Command::new(
    "downtime.return_save",
    "with back as (
       select f.school, f.device, case when h.status = 'offline' then h.status_since else h.seen_at end as began_at, f.seen_at as ended_at
       from jsonb_to_recordset($1) as f (school uuid, device uuid, status text, seen_at timestamptz)
       join device_health h on h.school_id = f.school and h.device_id = f.device
       where f.status = 'online' and f.seen_at > h.seen_at
     ), first as (
       insert into device_service (school_id, device_id, from_at)
       select f.school, f.device, f.seen_at from jsonb_to_recordset($1) as f (school uuid, device uuid, seen_at timestamptz)
       where not exists (select from device_health h where h.school_id = f.school and h.device_id = f.device) on conflict do nothing
     ), ended as (
       update downtime d set ended_at = greatest(b.ended_at, d.began_at) from back b
       where d.school_id = b.school and d.device_id = b.device and d.ended_at is null
     )
     insert into downtime (school_id, device_id, began_at, ended_at, recorded_at)
     select b.school, b.device, b.began_at, b.ended_at, $2 from back b
     where b.ended_at > b.began_at + make_interval(secs => $3::bigint)
       and not exists (select from downtime o where o.school_id = b.school and o.device_id = b.device and o.ended_at is null)
     on conflict do nothing",
);

row! {
    pub struct Beat {
        /// Since when the service listens without a break.
        pub since: Timestamp,
        /// When it last said so.
        pub at: Timestamp,
    }
}

pub const BEAT_FIND: Query<(), Beat> = Query::new("downtime.beat_find", "select since, at from service_beat");

/// Now; how many seconds without a beat are a stop of the service. One row, so that instances count as one service.
pub const BEAT_SAVE: Command<(Timestamp, i64)> = Command::new(
    "downtime.beat_save",
    "with before as materialized (select since, at from service_beat for update), slept as (
       insert into service_outage (began_at, ended_at)
       select at, $1 from before where $1 > at + make_interval(secs => $2::bigint) on conflict do nothing returning ended_at
     )
     insert into service_beat as b (since, at) values ($1, $1)
     on conflict (one) do update set at = greatest(b.at, excluded.at), since = case when exists (select from slept) then excluded.at else b.since end",
);

/// Now; since when the service listens; how many seconds of silence are no stop.
/// Opens the stop of every device in service that has been silent for too long while somebody listened, under the lock of its state.
pub const STOP_OPEN: Command<(Timestamp, Timestamp, i64)> = Command::new(
    "downtime.stop_open",
    "with silent as (
       select h.school_id, h.device_id, case when h.status = 'offline' then h.status_since else h.seen_at end as began_at
       from device d join device_health h on h.school_id = d.school_id and h.device_id = d.id
       where d.retired_at is null
         and not exists (select from downtime t where t.school_id = h.school_id and t.device_id = h.device_id and t.ended_at is null)
         and $1 > greatest(case when h.status = 'offline' then h.status_since else h.seen_at end, $2) + make_interval(secs => $3::bigint)
       order by h.school_id, h.device_id for update of h
     )
     insert into downtime (school_id, device_id, began_at, recorded_at)
     select school_id, device_id, began_at, $1 from silent on conflict do nothing",
);

/// Ends the stops of devices that were taken out of service: nobody waits for them.
pub const STOP_END_RETIRED: Command<()> = Command::new(
    "downtime.stop_end_retired",
    "update downtime t set ended_at = greatest(d.retired_at, t.began_at) from device d
     where d.school_id = t.school_id and d.id = t.device_id and d.retired_at is not null and t.ended_at is null",
);

row! {
    /// An open stop, with what a page and the watch need of its device and school.
    pub struct Open {
        /// Its school.
        pub school_id: SchoolId,
        /// The school's code.
        pub school_code: String,
        /// The school's name in Kazakh.
        pub name_kk: String,
        /// The school's name in Russian.
        pub name_ru: String,
        /// The school's name in English.
        pub name_en: String,
        /// The device.
        pub device_id: DeviceId,
        /// Its code.
        pub code: String,
        /// What it is.
        pub kind: String,
        /// What people call it.
        pub device: String,
        /// Where it stands.
        pub place: String,
        /// When it last said anything.
        pub began_at: Timestamp,
        /// The highest rung that was told.
        pub told_hours: i16,
        /// When somebody last took it in hand.
        pub taken_at: Option<Timestamp>,
    }
}

/// A school or all in scope; locks nothing.
pub const OPEN_LIST: Query<(Option<SchoolId>,), Open> = Query::new(
    "downtime.open_list",
    "select t.school_id, o.code as school_code, o.name_kk, o.name_ru, o.name_en, t.device_id, d.code, d.kind, d.name as device, d.place, t.began_at,
       t.told_hours, t.taken_at
     from downtime t
     join device d on d.school_id = t.school_id and d.id = t.device_id
     join people_v_organisation o on o.id = t.school_id
     where t.ended_at is null and ($1::uuid is null or t.school_id = $1) order by t.began_at, t.school_id, t.device_id",
);

row! {
    pub struct Rung {
        pub school_id: SchoolId,
        pub device_id: DeviceId,
        pub began_at: Timestamp,
        pub told_hours: i16,
        pub taken_at: Option<Timestamp>,
    }
}

/// The open stops under their locks, for the ladder.
pub const OPEN_FOR_UPDATE: Query<(), Rung> = Query::new(
    "downtime.open_for_update",
    "select school_id, device_id, began_at, told_hours, taken_at from downtime where ended_at is null order by school_id, device_id for update",
);

/// Schools, devices, beginnings, rungs.
type Told = (Vec<SchoolId>, Vec<DeviceId>, Vec<Timestamp>, Vec<i16>);

pub const TOLD_SAVE: Command<Told> = Command::new(
    "downtime.told_save",
    "update downtime t set told_hours = n.hours from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::smallint[]) n (school, device, began, hours)
     where t.school_id = n.school and t.device_id = n.device and t.began_at = n.began",
);

row! {
    pub struct Holder {
        pub school_id: SchoolId,
        pub role: String,
        pub person_id: PersonId,
    }
}

/// Who holds one of these roles now, at each of these organisations.
pub const HOLDER_LIST: Query<(Vec<SchoolId>, Vec<&'static str>, Timestamp), Holder> = Query::new(
    "downtime.holder_list",
    "select distinct school_id, role, person_id from identity_v_held
     where school_id = any($1) and role = any($2) and valid_from <= $3 and (valid_to is null or valid_to > $3) order by school_id, person_id, role",
);

row! {
    pub struct Taken {
        pub school_id: SchoolId,
    }
}

/// The device whose open stop is taken in hand, and when. Whoever takes it again renews it.
pub const TAKE: Query<(DeviceId, Timestamp), Taken> =
    Query::new("downtime.take", "update downtime set taken_at = $2 where device_id = $1 and ended_at is null returning school_id");

row! {
    /// A stop, raw.
    pub struct Raw {
        pub school_id: SchoolId,
        pub device_id: DeviceId,
        pub began_at: Timestamp,
        pub ended_at: Option<Timestamp>,
    }
}

/// The stops of a school that touch a stretch of time.
pub const RAW_LIST: Query<(SchoolId, Timestamp, Timestamp), Raw> = Query::new(
    "downtime.raw_list",
    "select school_id, device_id, began_at, ended_at from downtime
     where school_id = $1 and began_at < $3 and (ended_at is null or ended_at > $2) order by began_at, device_id",
);

row! {
    pub struct InService {
        pub device_id: DeviceId,
        pub code: String,
        pub name: String,
        pub from_at: Timestamp,
        pub retired_at: Option<Timestamp>,
    }
}

/// The devices of a school that were in service at some time of a stretch.
pub const SERVICE_LIST: Query<(SchoolId, Timestamp, Timestamp), InService> = Query::new(
    "downtime.service_list",
    "select d.id as device_id, d.code, d.name, s.from_at, d.retired_at from device d
     join device_service s on s.school_id = d.school_id and s.device_id = d.id
     where d.school_id = $1 and s.from_at < $3 and (d.retired_at is null or d.retired_at > $2) order by d.code",
);

row! {
    pub struct Stretch {
        pub began_at: Timestamp,
        pub ended_at: Timestamp,
    }
}

/// The stops of the service since a moment.
pub const OUTAGE_LIST: Query<(Timestamp,), Stretch> =
    Query::new("downtime.outage_list", "select began_at, ended_at from service_outage where ended_at > $1 order by began_at");

row! {
    /// Planned work.
    pub struct Planned {
        /// Its id.
        pub id: Uuid,
        /// Its school.
        pub school_id: SchoolId,
        /// The school's name in Kazakh.
        pub name_kk: String,
        /// The school's name in Russian.
        pub name_ru: String,
        /// The school's name in English.
        pub name_en: String,
        /// The school's time zone.
        pub zone: String,
        /// The device; the whole school where there is none.
        pub device_id: Option<DeviceId>,
        /// What people call the device.
        pub device: Option<String>,
        /// When it begins.
        pub from_at: Timestamp,
        /// When it is over.
        pub to_at: Timestamp,
        /// What for.
        pub reason: String,
        /// When it was planned.
        pub planned_at: Timestamp,
        /// When it was called off.
        pub called_off_at: Option<Timestamp>,
    }
}

/// A school or all in scope; what was over before a moment is left out. Work that was called off counts up to then only.
pub const PLANNED_LIST: Query<(Option<SchoolId>, Timestamp), Planned> = Query::new(
    "downtime.planned_list",
    "select m.id, m.school_id, o.name_kk, o.name_ru, o.name_en, o.zone, m.device_id, d.name as device, m.from_at, m.to_at, m.reason, m.planned_at, m.called_off_at
     from maintenance m join people_v_organisation o on o.id = m.school_id
     left join device d on d.school_id = m.school_id and d.id = m.device_id
     where ($1::uuid is null or m.school_id = $1) and m.to_at > $2 order by m.from_at desc, m.id",
);

/// School, id, device, from, to, reason, when it was planned.
type NewWork = (SchoolId, Uuid, Option<DeviceId>, Timestamp, Timestamp, String, Timestamp);

pub const WORK_ADD: Command<NewWork> = Command::new(
    "downtime.work_add",
    "insert into maintenance (school_id, id, device_id, from_at, to_at, reason, planned_at) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (school_id, id) do nothing",
);

/// Id and when: work that is not over.
pub const WORK_CALL_OFF: Query<(Uuid, Timestamp), Taken> = Query::new(
    "downtime.work_call_off",
    "update maintenance set called_off_at = $2 where id = $1 and called_off_at is null and to_at > $2 returning school_id",
);

/// Stops and planned work that no act needs any more.
pub static SWEEPS: &[Sweep] = &[
    Sweep {
        what: "downtime",
        count: Query::new("downtime.old_stop_count", "select count(*) as count from downtime where ended_at < $1"),
        delete: Command::new("downtime.old_stop_delete", "delete from downtime where ctid = any(array(select ctid from downtime where ended_at < $1 limit $2))"),
    },
    Sweep {
        what: "maintenance",
        count: Query::new("downtime.old_work_count", "select count(*) as count from maintenance where to_at < $1"),
        delete: Command::new("downtime.old_work_delete", "delete from maintenance where ctid = any(array(select ctid from maintenance where to_at < $1 limit $2))"),
    },
];

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[
    &HEALTH_LOCK, &RETURN_SAVE, &BEAT_FIND, &BEAT_SAVE, &STOP_OPEN, &STOP_END_RETIRED, &OPEN_LIST, &OPEN_FOR_UPDATE, &TOLD_SAVE, &HOLDER_LIST, &TAKE, &RAW_LIST,
    &SERVICE_LIST, &OUTAGE_LIST, &PLANNED_LIST, &WORK_ADD, &WORK_CALL_OFF,
];
