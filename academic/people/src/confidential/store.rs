//! The SQL of confidential records.

use jiff::Timestamp;
use kernel::{
    id::{PersonId, SchoolId, Uuid},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// A pupil of the school, by name.
    pub struct Pupil {
        pub surname: String,
        pub given_name: String,
        pub patronymic: Option<String>,
        pub class_label: Option<String>,
    }
}

pub const PUPIL_FIND: Query<(SchoolId, PersonId), Pupil> = Query::new(
    "confidential.pupil_find",
    "select surname, given_name, patronymic, class_label from people_v_pupil where school_id = $1 and pupil_id = $2",
);

row! {
    /// Whether there is a consent in force.
    pub struct Consented { pub given: bool }
}

pub const CONSENT_FIND: Query<(SchoolId, PersonId), Consented> = Query::new(
    "confidential.consent_find",
    "select exists (select from identity_v_consent where school_id = $1 and person_id = $2 and purpose = 'psychology' and state = 'given') as given",
);

row! {
    /// A version as stored.
    pub struct Stored {
        pub id: Uuid,
        pub record_id: Uuid,
        pub version: i32,
        pub generation: i32,
        pub sealed: Vec<u8>,
        pub written_by: PersonId,
        pub writer: Option<String>,
        pub written_at: Timestamp,
    }
}

/// Newest records first, the newest version of each first.
pub const VERSION_LIST: Query<(SchoolId, PersonId, &'static str), Stored> = Query::new(
    "confidential.version_list",
    "select r.id, r.record_id, r.version, r.generation, r.sealed, r.written_by, p.surname || ' ' || p.given_name as writer, r.written_at
     from confidential_record r left join person p on p.id = r.written_by
     where r.school_id = $1 and r.person_id = $2 and r.realm = $3 order by r.record_id desc, r.version desc limit 500",
);

/// School, row, record, version, person, realm, generation, sealed, by whom, when.
pub type NewVersion = (SchoolId, Uuid, Uuid, i32, PersonId, &'static str, i32, Vec<u8>, PersonId, Timestamp);

/// Adds nothing unless the version before it is the newest of a record of this person and realm, or it is the first of a new record.
pub const VERSION_ADD: Command<NewVersion> = Command::new(
    "confidential.version_add",
    "insert into confidential_record (school_id, id, record_id, version, person_id, realm, generation, sealed, written_by, written_at)
     select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
     where $4 = 1 + coalesce((select max(version) from confidential_record where school_id = $1 and record_id = $3 and person_id = $5 and realm = $6), 0)
     on conflict do nothing",
);

row! {
    /// Whether it was written already.
    pub struct Written { pub written: bool }
}

pub const VERSION_WRITTEN: Query<(SchoolId, Uuid, PersonId), Written> = Query::new(
    "confidential.version_written",
    "select exists (select from confidential_record where school_id = $1 and id = $2 and person_id = $3) as written",
);

row! {
    /// The newest version of a record of a pupil who learns here now.
    pub struct Newest {
        pub person_id: PersonId,
        pub id: Uuid,
        pub generation: i32,
        pub sealed: Vec<u8>,
    }
}

pub const NEWEST_LIST: Query<(SchoolId, &'static str), Newest> = Query::new(
    "confidential.newest_list",
    "select distinct on (r.record_id) r.person_id, r.id, r.generation, r.sealed
     from confidential_record r join people_v_pupil v on v.school_id = r.school_id and v.pupil_id = r.person_id
     where r.school_id = $1 and r.realm = $2 order by r.record_id, r.version desc",
);

row! {
    /// How many pupils have records of a realm.
    pub struct RealmCount { pub realm: String, pub pupils: i64 }
}

pub const COUNT_LIST: Query<(SchoolId,), RealmCount> = Query::new(
    "confidential.count_list",
    "select realm, count(distinct person_id) as pupils from confidential_record where school_id = $1 group by realm",
);

row! {
    /// How many rows wait for the newest key.
    pub struct Waiting { pub waiting: i64 }
}

pub const RESEAL_COUNT: Query<(SchoolId, &'static str, i32), Waiting> = Query::new(
    "confidential.reseal_count",
    "select count(*) as waiting from confidential_record where school_id = $1 and realm = $2 and generation < $3",
);

row! {
    /// A row to be sealed anew.
    pub struct Older { pub id: Uuid, pub person_id: PersonId, pub generation: i32, pub sealed: Vec<u8> }
}

pub const RESEAL_LIST: Query<(SchoolId, &'static str, i32, i64), Older> = Query::new(
    "confidential.reseal_list",
    "select id, person_id, generation, sealed from confidential_record where school_id = $1 and realm = $2 and generation < $3 order by id limit $4",
);

/// School, rows, what they are sealed to now, one generation.
pub const RESEAL_SET: Command<(SchoolId, Vec<Uuid>, Vec<Vec<u8>>, i32)> = Command::new(
    "confidential.reseal_set",
    "update confidential_record r set sealed = n.sealed, generation = $4 from unnest($2::uuid[], $3::bytea[]) as n (id, sealed)
     where r.school_id = $1 and r.id = n.id",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] =
    &[&PUPIL_FIND, &CONSENT_FIND, &VERSION_LIST, &VERSION_ADD, &VERSION_WRITTEN, &NEWEST_LIST, &COUNT_LIST, &RESEAL_COUNT, &RESEAL_LIST, &RESEAL_SET];
