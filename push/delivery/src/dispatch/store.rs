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
pub const SCHOOL_LIST: Query<(), School> = Query::new("dispatch.school_list", "select id from people_v_organisation");

/// Columns of `delivery`, one element a row: key and recipient; attempts to add, outcome, its time, detail, when to try again.
pub type Entries = (
    Vec<SchoolId>,
    Vec<NoticeId>,
    Vec<TokenId>,
    Vec<Timestamp>,
    Vec<PersonId>,
    Vec<i32>,
    Vec<Option<&'static str>>,
    Vec<Option<Timestamp>>,
    Vec<Option<String>>,
    Vec<Option<Timestamp>>,
);

/// Writes outcomes and next tries. A row that has its outcome keeps it.
///
/// The rows are there; the insert always meets its conflict. It stands in the place of an update with a join, because it finds
/// each row by the primary key whatever the planner believes of the table: a plan made for an empty table and kept would read
/// every open row for every batch, on the first morning, when there are most.
pub const DELIVERY_WRITE: Command<Entries> = Command::new(
    "dispatch.delivery_write",
    "insert into delivery as d (school_id, notice_id, token_id, created_at, recipient_id, attempts, outcome, outcome_at, detail, lease_until, channel)
     select v.school_id, v.notice_id, v.token_id, v.created_at, v.recipient_id, v.attempts, v.outcome, v.outcome_at, v.detail,
       coalesce(v.again_at, v.created_at), 'fcm'
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::uuid[], $6::int[], $7::text[], $8::timestamptz[], $9::text[], $10::timestamptz[])
       v (school_id, notice_id, token_id, created_at, recipient_id, attempts, outcome, outcome_at, detail, again_at)
     on conflict (school_id, notice_id, token_id, created_at) do update set
       attempts = d.attempts + excluded.attempts, outcome = excluded.outcome, outcome_at = excluded.outcome_at,
       detail = coalesce(excluded.detail, d.detail), lease_until = excluded.lease_until
     where d.outcome is null",
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
        pub recipient_id: PersonId,
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
        /// Whether they may be told of the child still.
        pub is_guardian: bool,
        /// Whether the consent that it rested on is withdrawn by now.
        pub stopped: bool,
    }
}

/// Takes deliveries that are due and leases them anew: now, leased until, at most so many, of these kinds.
/// Found and written by primary key for the same reason as [`DELIVERY_WRITE`].
pub const DELIVERY_TAKE: Query<(Timestamp, Timestamp, i64, Vec<&'static str>), Due> = Query::new(
    "dispatch.delivery_take",
    "with due as materialized (
       select school_id, notice_id, token_id, created_at, recipient_id, channel from delivery
       where outcome is null and lease_until <= $1 order by lease_until limit $3 for update skip locked
     ), taken as (
       insert into delivery as d (school_id, notice_id, token_id, created_at, recipient_id, channel, lease_until)
       select school_id, notice_id, token_id, created_at, recipient_id, channel, $2 from due
       on conflict (school_id, notice_id, token_id, created_at) do update set lease_until = excluded.lease_until
       returning d.school_id, d.notice_id, d.token_id, d.created_at, d.recipient_id, d.attempts
     )
     select t.school_id, t.notice_id, t.token_id, t.created_at, t.recipient_id, t.attempts,
       n.child_id, n.kind, n.occurred_at, n.args, p.token, p.locale, s.push as switch,
       exists (select from identity_v_consent_stop c where c.school_id = t.school_id and c.person_id = n.child_id
         and c.purpose in ('notices', 'register') and c.until is null) as stopped,
       exists (select from people_v_kinship k where k.school_id = t.school_id and k.pupil_id = n.child_id and k.guardian_id = t.recipient_id
         and k.valid_to is null) as is_guardian
     from taken t
     cross join lateral (
       select child_id, kind, occurred_at, args from notice
       where school_id = t.school_id and recipient_id = t.recipient_id and id = t.notice_id and created_at = t.created_at and kind = any($4)
       offset 0
     ) n
     left join lateral (select token, locale from push_token where id = t.token_id and removed_at is null offset 0) p on true
     left join lateral (
       select push from notice_switch where school_id = t.school_id and guardian_id = t.recipient_id and child_id = n.child_id and kind = n.kind
       offset 0
     ) s on true",
);

row! {
    /// What is still open.
    pub struct Open {
        /// When the oldest was made.
        pub oldest: Option<Timestamp>,
    }
}

row! {
    /// A child of whom nothing may be pushed.
    pub struct Stopped {
        pub school_id: SchoolId,
        pub person_id: PersonId,
    }
}

/// Of whom nothing may be pushed since then.
pub const STOPPED_LIST: Query<(Timestamp,), Stopped> = Query::new(
    "dispatch.stopped_list",
    "select school_id, person_id from identity_v_consent_stop where changed_at >= $1 and until is null and purpose in ('notices', 'register')",
);

/// The oldest open delivery.
pub const DELIVERY_OLDEST: Query<(), Open> =
    Query::new("dispatch.delivery_oldest", "select min(created_at) as oldest from delivery where outcome is null");

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&SCHOOL_LIST, &DELIVERY_WRITE, &TOKEN_REMOVE, &DELIVERY_TAKE, &STOPPED_LIST, &DELIVERY_OLDEST];
