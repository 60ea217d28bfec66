//! The SQL of retention: the rules, the runs, and the rows of this crate that rules let go.

use jiff::{Timestamp, civil::Date};
use kernel::{
    id::Uuid,
    keep::Sweep,
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// A rule in force.
    pub struct Rule {
        pub what: String,
        pub valid_from: Date,
        pub keep_months: i32,
        pub source: String,
        pub basis: String,
    }
}

pub const RULE_LIST: Query<(Date,), Rule> = Query::new(
    "retention.rule_list",
    "select distinct on (what) what, valid_from, keep_months, source, basis from retention_rule where valid_from <= $1 order by what, valid_from desc",
);

row! {
    /// The last run of a rule.
    pub struct Run {
        pub what: String,
        pub ran_at: Timestamp,
        pub removed: i64,
    }
}

pub const RUN_LAST: Query<(), Run> =
    Query::new("retention.run_last", "select distinct on (what) what, ran_at, removed from retention_run order by what, ran_at desc");

pub const RUN_LIST: Query<(i64,), Run> =
    Query::new("retention.run_list", "select what, ran_at, removed from retention_run where removed > 0 order by ran_at desc, what limit $1");

/// Id, rule, now, from when on it keeps, rows, parts.
pub const RUN_ADD: Command<(Uuid, String, Timestamp, Timestamp, i64, i32)> = Command::new(
    "retention.run_add",
    "insert into retention_run (id, what, ran_at, older_than, removed, parts) values ($1, $2, $3, $4, $5, $6)",
);

row! {
    /// Parts that a rule lets go.
    pub struct Parts { pub parts: i64, pub row_count: Option<i64> }
}

pub const PART_COUNT: Query<(String,), Parts> =
    Query::new("retention.part_count", "select count(*) as parts, sum(row_count)::bigint as row_count from retention_parts($1)");

row! {
    /// Parts that were dropped.
    pub struct Dropped { pub dropped: i32, pub removed: i64 }
}

pub const PART_DROP: Query<(String,), Dropped> = Query::new("retention.part_drop", "select dropped, removed from retention_drop_parts($1)");

const SESSIONS: Sweep = Sweep {
    what: "session",
    count: Query::new("retention.session_count", "select count(*) as count from session where expires_at < $1"),
    delete: Command::new("retention.session_delete", "delete from session where token_hash in (select token_hash from session where expires_at < $1 limit $2)"),
};

const HALF_OPEN: Sweep = Sweep {
    what: "half_open",
    count: Query::new("retention.half_open_count", "select count(*) as count from account_half_open where expires_at < $1"),
    delete: Command::new(
        "retention.half_open_delete",
        "delete from account_half_open where token_hash in (select token_hash from account_half_open where expires_at < $1 limit $2)",
    ),
};

const INVITATIONS: Sweep = Sweep {
    what: "invitation",
    count: Query::new("retention.invitation_count", "select count(*) as count from invitation where least(used_at, revoked_at, expires_at) < $1"),
    delete: Command::new(
        "retention.invitation_delete",
        "delete from invitation i using (select school_id, id from invitation where least(used_at, revoked_at, expires_at) < $1 limit $2) old
         where i.school_id = old.school_id and i.id = old.id",
    ),
};

/// The rows of this crate that rules let go.
pub static SWEEPS: &[Sweep] = &[SESSIONS, HALF_OPEN, INVITATIONS];

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&RULE_LIST, &RUN_LAST, &RUN_LIST, &RUN_ADD, &PART_COUNT, &PART_DROP];
