//! Every statement of the exports.

use jiff::Timestamp;
use kernel::{
    id::{JobId, PersonId, SchoolId, Uuid},
    keep::{Count, Sweep},
    row,
    sql::{Command, Query, Statement},
};
use serde_json::Value;

row! {
    /// A file that was asked for.
    pub struct Export {
        pub id: Uuid,
        pub kind: String,
        pub about: Value,
        pub has_iin: bool,
        pub file_name: String,
        pub ordered_at: Timestamp,
        pub job_id: JobId,
        pub lines: Option<i32>,
        pub finished_at: Option<Timestamp>,
        pub parts: i64,
    }
}

row! {
    /// A part of a file.
    pub struct Part { pub sealed: Vec<u8> }
}

/// School, id, kind, what was asked, whether IINs stand in it, name of the file, by whom, when, job.
pub type NewExport = (SchoolId, Uuid, &'static str, Value, bool, String, PersonId, Timestamp, JobId);

pub const EXPORT_ADD: Command<NewExport> = Command::new(
    "exports.export_add",
    "insert into export (school_id, id, kind, about, has_iin, file_name, ordered_by, ordered_at, job_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
);

pub const EXPORT_FIND: Query<(SchoolId, Uuid), Export> = Query::new(
    "exports.export_find",
    "select x.id, x.kind, x.about, x.has_iin, x.file_name, x.ordered_at, x.job_id, x.lines, x.finished_at,
       (select count(*) from export_part p where p.school_id = x.school_id and p.export_id = x.id) as parts
     from export x where x.school_id = $1 and x.id = $2",
);

pub const EXPORT_OF_JOB: Query<(SchoolId, JobId), Export> = Query::new(
    "exports.export_of_job",
    "select x.id, x.kind, x.about, x.has_iin, x.file_name, x.ordered_at, x.job_id, x.lines, x.finished_at, 0::bigint as parts
     from export x where x.school_id = $1 and x.job_id = $2",
);

/// School, kind: the last one.
pub const EXPORT_LAST: Query<(SchoolId, &'static str), Export> = Query::new(
    "exports.export_last",
    "select x.id, x.kind, x.about, x.has_iin, x.file_name, x.ordered_at, x.job_id, x.lines, x.finished_at,
       (select count(*) from export_part p where p.school_id = x.school_id and p.export_id = x.id) as parts
     from export x where x.school_id = $1 and x.kind = $2 order by x.ordered_at desc, x.id desc limit 1",
);

/// School, export, lines, when.
pub const EXPORT_FINISH: Command<(SchoolId, Uuid, i32, Timestamp)> =
    Command::new("exports.export_finish", "update export set lines = $3, finished_at = $4 where school_id = $1 and id = $2 and finished_at is null");

/// School, export, numbers, sealed.
pub const PART_ADD: Command<(SchoolId, Uuid, Vec<i32>, Vec<Vec<u8>>)> = Command::new(
    "exports.part_add",
    "insert into export_part (school_id, export_id, n, sealed) select $1, $2, t.* from unnest($3::int[], $4::bytea[]) t",
);

pub const PART_FIND: Query<(SchoolId, Uuid, i32), Part> =
    Query::new("exports.part_find", "select sealed from export_part where school_id = $1 and export_id = $2 and n = $3");

/// School, kind: the bytes of all of them.
pub const PART_CLEAR: Command<(SchoolId, &'static str)> = Command::new(
    "exports.part_clear",
    "delete from export_part p using export x where x.school_id = $1 and x.kind = $2 and p.school_id = x.school_id and p.export_id = x.id",
);

/// What the night removes.
pub const SWEEP: Sweep = Sweep { what: "export", count: SWEEP_COUNT, delete: SWEEP_DELETE };
const SWEEP_COUNT: Query<(Timestamp,), Count> = Query::new("exports.sweep_count", "select count(*) as count from export where ordered_at < $1");
const SWEEP_DELETE: Command<(Timestamp, i64)> = Command::new(
    "exports.sweep",
    "delete from export x using (select school_id, id from export where ordered_at < $1 limit $2) old where x.school_id = old.school_id and x.id = old.id",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] =
    &[&EXPORT_ADD, &EXPORT_FIND, &EXPORT_OF_JOB, &EXPORT_LAST, &EXPORT_FINISH, &PART_ADD, &PART_FIND, &PART_CLEAR, &SWEEP_COUNT, &SWEEP_DELETE];
