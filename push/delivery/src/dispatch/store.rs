//! The statements of dispatch: all set-based, keyed by the whole primary key so that one part of the table is touched.

use jiff::Timestamp;
use kernel::{
    id::{NoticeId, PersonId, SchoolId, TokenId},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// A school, to have all in scope.
    pub struct School {
        pub id: SchoolId,
    }
}

/// Every school: the dispatcher serves all.
pub const SCHOOL_LIST: Query<(), School> = Query::new("dispatch.school_list", "select id from organisation");

/// Columns of `delivery`, one element a row: key; attempts to add, outcome, its time, detail, when to try again.
type Entries = (
    Vec<SchoolId>,
    Vec<NoticeId>,
    Vec<TokenId>,
    Vec<Timestamp>,
    Vec<i32>,
    Vec<Option<&'static str>>,
    Vec<Option<Timestamp>>,
    Vec<Option<String>>,
    Vec<Option<Timestamp>>,
);

/// Writes outcomes and next tries. A row that has its outcome keeps it.
pub const DELIVERY_WRITE: Command<Entries> = Command::new(
    "dispatch.delivery_write",
    "update delivery d set attempts = d.attempts + v.attempts, outcome = v.outcome, outcome_at = v.outcome_at,
       detail = coalesce(v.detail, d.detail), lease_until = coalesce(v.again_at, d.lease_until)
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::int[], $6::text[], $7::timestamptz[], $8::text[], $9::timestamptz[])
       v (school_id, notice_id, token_id, created_at, attempts, outcome, outcome_at, detail, again_at)
     where d.school_id = v.school_id and d.notice_id = v.notice_id and d.token_id = v.token_id and d.created_at = v.created_at
       and d.outcome is null",
);

/// Removes phones whose app is gone.
pub const TOKEN_REMOVE: Command<(Vec<TokenId>, Timestamp)> = Command::new(
    "dispatch.token_remove",
    "update push_token set removed_at = $2, removed_reason = 'unregistered' where id = any($1) and removed_at is null",
);

row! {
    /// An open delivery that is due.
    pub struct Due {
        pub school_id: SchoolId,
        pub notice_id: NoticeId,
        pub token_id: TokenId,
        pub created_at: Timestamp,
        pub attempts: i32,
        pub child_id: PersonId,
        pub kind: String,
        pub occurred_at: Timestamp,
        pub args: serde_json::Value,
        /// The phone; none when it has been removed since.
        pub token: Option<String>,
        pub locale: Option<String>,
        /// What the guardian wishes by now.
        pub switch: Option<String>,
    }
}

/// Takes deliveries that are due and leases them anew: now, leased until, at most so many, of these kinds.
pub const DELIVERY_TAKE: Query<(Timestamp, Timestamp, i64, Vec<&'static str>), Due> = Query::new(
    "dispatch.delivery_take",
    "with due as materialized (
       select school_id, notice_id, token_id, created_at from delivery
       where outcome is null and lease_until <= $1 order by lease_until limit $3 for update skip locked
     ), taken as (
       update delivery d set lease_until = $2 from due
       where d.school_id = due.school_id and d.notice_id = due.notice_id and d.token_id = due.token_id and d.created_at = due.created_at
       returning d.school_id, d.notice_id, d.token_id, d.created_at, d.recipient_id, d.attempts
     )
     select t.school_id, t.notice_id, t.token_id, t.created_at, t.attempts, n.child_id, n.kind, n.occurred_at, n.args, p.token, p.locale, s.push as switch
     from taken t
     join notice n on n.school_id = t.school_id and n.recipient_id = t.recipient_id and n.id = t.notice_id and n.created_at = t.created_at
       and n.kind = any($4)
     left join push_token p on p.id = t.token_id and p.removed_at is null
     left join notice_switch s on s.school_id = t.school_id and s.guardian_id = t.recipient_id and s.child_id = n.child_id and s.kind = n.kind",
);

row! {
    /// What is still open.
    pub struct Open {
        /// When the oldest was made.
        pub oldest: Option<Timestamp>,
    }
}

/// The oldest open delivery.
pub const DELIVERY_OLDEST: Query<(), Open> =
    Query::new("dispatch.delivery_oldest", "select min(created_at) as oldest from delivery where outcome is null");

row! {
    /// The plan settings of this transaction.
    pub struct Planned {
        pub planned: Option<String>,
    }
}

/// Keeps the planner on the primary key. A plan made while the table was empty would read all of it, for every batch, until the
/// table is next analysed: on a first morning that is when it grows fastest.
pub const PLAN_BY_KEY: Query<(), Planned> = Query::new(
    "dispatch.plan_by_key",
    "select set_config('enable_hashjoin', 'off', true) || set_config('enable_mergejoin', 'off', true) || set_config('enable_seqscan', 'off', true) as planned",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&SCHOOL_LIST, &DELIVERY_WRITE, &TOKEN_REMOVE, &DELIVERY_TAKE, &DELIVERY_OLDEST, &PLAN_BY_KEY];
