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
        /// Until when it was held back.
        pub held_until: Option<Timestamp>,
        /// For how many it stands, where it was.
        pub gathers: Option<i32>,
        pub child_id: PersonId,
        pub kind: String,
        pub occurred_at: Timestamp,
        pub args: serde_json::Value,
        /// The phone; none when it has been removed since.
        pub token: Option<String>,
        /// By what it is reached.
        pub channel: Option<String>,
        pub locale: Option<String>,
        /// What the guardian wishes by now.
        pub switch: Option<String>,
        /// Whether they may be told of the child still.
        pub is_guardian: bool,
        /// Whether the consent that it rested on is withdrawn by now.
        pub stopped: bool,
    }
}

/// Now, leased until; lanes and how many of each at most; kinds.
pub type Take = (Timestamp, Timestamp, Vec<i32>, Vec<i64>, Vec<&'static str>);

/// Takes deliveries that are due and leases them anew, lane by lane, so that many of one do not hide the few of another. What was held back
/// is taken when it has been gathered.
/// Found and written by primary key for the same reason as [`DELIVERY_WRITE`].
pub const DELIVERY_TAKE: Query<Take, Due> = Query::new(
    "dispatch.delivery_take",
    "with due as materialized (
       select d.* from unnest($3::int[], $4::bigint[]) l (lane, room)
       cross join lateral (
         select school_id, notice_id, token_id, created_at, recipient_id, channel from delivery
         where lane = l.lane and outcome is null and lease_until <= $1 and (held_until is null or gathers is not null)
         order by lease_until limit l.room for update skip locked
       ) d
     ), taken as (
       insert into delivery as d (school_id, notice_id, token_id, created_at, recipient_id, channel, lease_until)
       select school_id, notice_id, token_id, created_at, recipient_id, channel, $2 from due
       on conflict (school_id, notice_id, token_id, created_at) do update set lease_until = excluded.lease_until
       returning d.school_id, d.notice_id, d.token_id, d.created_at, d.recipient_id, d.attempts, d.held_until, d.gathers
     )
     select t.school_id, t.notice_id, t.token_id, t.created_at, t.recipient_id, t.attempts, t.held_until, t.gathers,
       n.child_id, n.kind, n.occurred_at, n.args, p.token, p.channel, p.locale, case p.channel when 'mail' then s.mail when 'telegram' then coalesce(s.telegram, s.push) else s.push end as switch,
       exists (select from identity_v_consent_stop c where c.school_id = t.school_id and c.person_id = n.child_id
         and c.purpose in ('notices', 'register') and c.until is null) as stopped,
       n.child_id = t.recipient_id or exists (select from people_v_kinship k where k.school_id = t.school_id and k.pupil_id = n.child_id and k.guardian_id = t.recipient_id
         and k.valid_to is null) as is_guardian
     from taken t
     cross join lateral (
       select child_id, kind, occurred_at, args from notice
       where school_id = t.school_id and recipient_id = t.recipient_id and id = t.notice_id and created_at = t.created_at and kind = any($5)
       offset 0
     ) n
     left join lateral (select token, channel, locale from push_token where id = t.token_id and removed_at is null offset 0) p on true
     left join lateral (
       select push, telegram, mail from notice_switch where school_id = t.school_id and guardian_id = t.recipient_id and child_id = n.child_id and kind = n.kind
       offset 0
     ) s on true",
);

/// Now; how many phones at most.
///
/// Gathers what was held back and is due, phone by phone: the newest that may still be sent stands for all that may, and they end as
/// `collapsed`; what may not be sent stands for itself, and ends with its own reason when it is taken. One instance at a time does it, so that
/// two do not make two banners for one phone. Found and written by primary key for the same reason as [`DELIVERY_WRITE`].
pub const GATHER: Command<(Timestamp, i64)> = Command::new(
    "dispatch.gather",
    "with phone as materialized (
       select distinct token_id from (
         select token_id from delivery
         where outcome is null and held_until is not null and gathers is null and lease_until <= $1
           and (select pg_try_advisory_xact_lock(hashtext('delivery.gather')))
         order by lease_until limit $2) due
     ), held as materialized (
       select school_id, notice_id, token_id, created_at, recipient_id, channel from delivery
       where outcome is null and held_until is not null and gathers is null and lease_until <= $1 and token_id in (select token_id from phone)
       for update skip locked
     ), judged as (
       select h.*, n.child_id is not null and p.id is not null and case h.channel when 'mail' then s.mail when 'telegram' then coalesce(s.telegram, s.push) else s.push end is distinct from 'off'
         and not exists (select from identity_v_consent_stop c where c.school_id = h.school_id and c.person_id = n.child_id
           and c.purpose in ('notices', 'register') and c.until is null)
         and (n.child_id = h.recipient_id or exists (select from people_v_kinship k where k.school_id = h.school_id and k.pupil_id = n.child_id and k.guardian_id = h.recipient_id
           and k.valid_to is null)) as wanted
       from held h
       left join lateral (
         select child_id, kind from notice
         where school_id = h.school_id and recipient_id = h.recipient_id and id = h.notice_id and created_at = h.created_at offset 0
       ) n on true
       left join lateral (select id from push_token where id = h.token_id and removed_at is null offset 0) p on true
       left join lateral (
         select push, telegram, mail from notice_switch where school_id = h.school_id and guardian_id = h.recipient_id and child_id = n.child_id and kind = n.kind
         offset 0
       ) s on true
     ), placed as (
       select j.*, case when wanted then count(*) over (partition by token_id, wanted) else 1 end::int as gathers,
         wanted and row_number() over (partition by token_id, wanted order by created_at desc, notice_id desc) > 1 as collapses
       from judged j
     )
     insert into delivery as d (school_id, notice_id, token_id, created_at, recipient_id, channel, lease_until, gathers, outcome, outcome_at)
     select school_id, notice_id, token_id, created_at, recipient_id, channel, $1, gathers,
       case when collapses then 'collapsed' end, case when collapses then $1 end
     from placed
     on conflict (school_id, notice_id, token_id, created_at) do update
       set gathers = excluded.gathers, outcome = excluded.outcome, outcome_at = excluded.outcome_at
     where d.outcome is null",
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

/// The oldest open delivery of those that are not held back.
pub const DELIVERY_OLDEST: Query<(), Open> =
    Query::new("dispatch.delivery_oldest", "select min(created_at) as oldest from delivery where outcome is null and (held_until is null or gathers is not null)");

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&SCHOOL_LIST, &DELIVERY_WRITE, &TOKEN_REMOVE, &DELIVERY_TAKE, &GATHER, &STOPPED_LIST, &DELIVERY_OLDEST];
