//! Every statement of the registry.

use jiff::Timestamp;
use kernel::{
    id::{DeviceId, SchoolId},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// A device as the hub needs to know it before it believes a topic.
    pub struct Registered {
        /// Its school.
        pub school: SchoolId,
        /// The school's code, as in topics.
        pub school_code: String,
        /// The school's shard, as in topics.
        pub shard: i16,
        /// The school's time zone.
        pub zone: String,
        /// Its id.
        pub id: DeviceId,
        /// Its code, as in topics and at the broker.
        pub code: String,
        /// What it is: [`Kind`](super::Kind) as stored.
        pub kind: String,
        /// What people call it.
        pub name: String,
        /// Where it stands.
        pub place: String,
        /// When it was taken out of service.
        pub retired_at: Option<Timestamp>,
    }
}

row! {
    /// A line of the broker's accounts.
    pub struct Account {
        /// User name at the broker.
        pub code: String,
        /// Hash of the password.
        pub broker_password_hash: String,
    }
}

row! {
    /// The registry's version.
    pub struct Version {
        /// Grows with every change.
        pub version: i64,
    }
}

pub const REGISTERED_LIST: Query<(), Registered> = Query::new(
    "fleet.registered_list",
    "select d.school_id as school, o.code as school_code, o.shard, o.zone, d.id, d.code, d.kind, d.name, d.place, d.retired_at
     from device d join people_v_organisation o on o.id = d.school_id
     order by o.code, d.code",
);

pub const REGISTERED_FIND: Query<(DeviceId,), Registered> = Query::new(
    "fleet.registered_find",
    "select d.school_id as school, o.code as school_code, o.shard, o.zone, d.id, d.code, d.kind, d.name, d.place, d.retired_at
     from device d join people_v_organisation o on o.id = d.school_id
     where d.id = $1",
);

type NewRow = (SchoolId, DeviceId, String, &'static str, String, String, String, Timestamp);

/// Adds nothing when the code is taken, by whatever school.
pub const DEVICE_ADD: Command<NewRow> = Command::new(
    "fleet.device_add",
    "insert into device (school_id, id, code, kind, name, place, broker_password_hash, registered_at, changed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
     on conflict (code) do nothing",
);

pub const DEVICE_RENAME: Command<(SchoolId, DeviceId, String, String, Timestamp)> = Command::new(
    "fleet.device_rename",
    "update device set name = $3, place = $4, changed_at = greatest($5, changed_at + interval '1 ms')
     where school_id = $1 and id = $2 and retired_at is null",
);

pub const DEVICE_RETIRE: Command<(SchoolId, DeviceId, Timestamp)> = Command::new(
    "fleet.device_retire",
    "update device set retired_at = $3, changed_at = greatest($3, changed_at + interval '1 ms')
     where school_id = $1 and id = $2 and retired_at is null",
);

pub const DEVICE_PASSWORD_SET: Command<(SchoolId, DeviceId, String, Timestamp)> = Command::new(
    "fleet.device_password_set",
    "update device set broker_password_hash = $3, changed_at = greatest($4, changed_at + interval '1 ms')
     where school_id = $1 and id = $2 and retired_at is null",
);

pub const ACCOUNT_LIST: Query<(), Account> = Query::new(
    "fleet.account_list",
    "select code, broker_password_hash from device where retired_at is null order by code",
);

/// A sum and not a maximum, so that changes count whatever order they commit in.
pub const VERSION: Query<(), Version> = Query::new(
    "fleet.version",
    "select coalesce(sum((extract(epoch from changed_at) * 1000)::bigint), 0)::bigint as version from device",
);

/// Every statement of this room, for the test that prepares them all.
pub const STATEMENTS: &[&dyn Statement] = &[
    &REGISTERED_LIST,
    &REGISTERED_FIND,
    &DEVICE_ADD,
    &DEVICE_RENAME,
    &DEVICE_RETIRE,
    &DEVICE_PASSWORD_SET,
    &ACCOUNT_LIST,
    &VERSION,
];
