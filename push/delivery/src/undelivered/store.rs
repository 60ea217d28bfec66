//! The statements of what was not delivered. Each joins the notice by its whole key, and finds the few dead rows by their own index.

use jiff::Timestamp;
use kernel::{
    id::{NoticeId, SchoolId, TokenId},
    row,
    sql::{Query, Statement},
};

row! {
    /// Dead letters of one channel and cause.
    pub struct Counted {
        pub channel: String,
        pub outcome: Option<String>,
        pub detail: String,
        pub letters: i64,
        /// How many of them are news still.
        pub fresh: i64,
        pub schools: i64,
        pub last_at: Timestamp,
    }
}

row! {
    /// A dead letter.
    pub struct Dead {
        pub school_id: SchoolId,
        pub notice_id: NoticeId,
        pub token_id: TokenId,
        pub code: String,
        pub name_kk: String,
        pub name_ru: String,
        pub name_en: String,
        pub kind: String,
        pub occurred_at: Timestamp,
        pub attempts: i32,
        pub outcome_at: Option<Timestamp>,
        /// When it was sent again before.
        pub replayed_at: Option<Timestamp>,
        pub fresh: bool,
    }
}

row! {
    /// What an act did at a school.
    pub struct Replayed {
        pub school_id: SchoolId,
        /// Opened again.
        pub fresh: i64,
        /// Given up.
        pub old: i64,
    }
}

row! {
    /// A school.
    pub struct School {
        pub id: SchoolId,
    }
}

/// The school of a code, among those in sight.
pub const SCHOOL_FIND: Query<(String, Vec<SchoolId>), School> =
    Query::new("undelivered.school_find", "select id from people_v_organisation where code = $1 and id = any($2)");

/// Schools; from when on; kinds with the seconds that each is news; how many seconds a banner is; now.
pub type Sight = (Vec<SchoolId>, Timestamp, Vec<&'static str>, Vec<i64>, i64, Timestamp);

/// All, by channel and cause, the many first.
pub const GROUP_LIST: Query<Sight, Counted> = Query::new(
    "undelivered.group_list",
    "select d.channel, d.outcome, coalesce(d.detail, '') as detail, count(*) as letters,
       count(*) filter (where greatest(n.occurred_at + k.seconds * interval '1 second', case when d.gathers > 1 then d.held_until + $5::bigint * interval '1 second' end) > $6::timestamptz) as fresh,
       count(distinct d.school_id) as schools, max(d.outcome_at) as last_at
     from delivery d
     join notice n on n.school_id = d.school_id and n.recipient_id = d.recipient_id and n.id = d.notice_id and n.created_at = d.created_at
     join unnest($3::text[], $4::bigint[]) k (kind, seconds) on k.kind = n.kind
     where d.school_id = any($1) and d.created_at >= $2 and d.outcome in ('refused', 'expired')
     group by d.channel, d.outcome, coalesce(d.detail, '') order by letters desc, d.channel, d.outcome, detail limit 200",
);

/// As [`Sight`]; then channel, outcome and detail; how many at most.
pub type OfCause = (Vec<SchoolId>, Timestamp, Vec<&'static str>, Vec<i64>, i64, Timestamp, String, String, String, i64);

/// Those of one channel and cause: what is news still first, then the newest.
pub const DEAD_LIST: Query<OfCause, Dead> = Query::new(
    "undelivered.dead_list",
    "select x.school_id, x.notice_id, x.token_id, o.code, o.name_kk, o.name_ru, o.name_en, x.kind, x.occurred_at, x.attempts, x.outcome_at, x.replayed_at, x.fresh
     from (
       select d.school_id, d.notice_id, d.token_id, n.kind, n.occurred_at, d.attempts, d.outcome_at, d.replayed_at,
         greatest(n.occurred_at + k.seconds * interval '1 second', case when d.gathers > 1 then d.held_until + $5::bigint * interval '1 second' end) > $6::timestamptz as fresh
       from delivery d
       join notice n on n.school_id = d.school_id and n.recipient_id = d.recipient_id and n.id = d.notice_id and n.created_at = d.created_at
       join unnest($3::text[], $4::bigint[]) k (kind, seconds) on k.kind = n.kind
       where d.school_id = any($1) and d.created_at >= $2 and d.outcome in ('refused', 'expired')
         and d.channel = $7 and d.outcome = $8 and coalesce(d.detail, '') = $9
       order by fresh desc, n.occurred_at desc, d.notice_id desc limit $10) x
     join people_v_organisation o on o.id = x.school_id
     order by x.fresh desc, x.occurred_at desc, x.notice_id desc",
);

/// As [`OfCause`], with how many at most; then when the page was made; and, where one alone is meant, its notice and phone.
pub type Chosen = (Vec<SchoolId>, Timestamp, Vec<&'static str>, Vec<i64>, i64, Timestamp, String, String, String, i64, Timestamp, Option<NoticeId>, Option<TokenId>);

/// Opens what is news still and gives up what is not. What somebody else opens at this moment is theirs (`skip locked`), and what was opened
/// since the page was made is left alone.
pub const REPLAY: Query<Chosen, Replayed> = Query::new(
    "undelivered.replay",
    "with chosen as materialized (
       select d.school_id, d.notice_id, d.token_id, d.created_at,
         greatest(n.occurred_at + k.seconds * interval '1 second', case when d.gathers > 1 then d.held_until + $5::bigint * interval '1 second' end) > $6::timestamptz as fresh
       from delivery d
       join notice n on n.school_id = d.school_id and n.recipient_id = d.recipient_id and n.id = d.notice_id and n.created_at = d.created_at
       join unnest($3::text[], $4::bigint[]) k (kind, seconds) on k.kind = n.kind
       where d.school_id = any($1) and d.created_at >= $2 and d.outcome in ('refused', 'expired')
         and d.channel = $7 and d.outcome = $8 and coalesce(d.detail, '') = $9
         and d.outcome_at <= $11 and (d.replayed_at is null or d.replayed_at < $11)
         and ($12::uuid is null or d.notice_id = $12) and ($13::uuid is null or d.token_id = $13)
       order by fresh desc, n.occurred_at desc, d.notice_id desc limit $10 for update of d skip locked
     ), written as (
       update delivery d
       set outcome = case when c.fresh then null else 'given_up' end, outcome_at = case when c.fresh then null else $6::timestamptz end,
         lease_until = $6, replayed_at = $6
       from chosen c
       where d.school_id = c.school_id and d.notice_id = c.notice_id and d.token_id = c.token_id and d.created_at = c.created_at
       returning d.school_id, c.fresh
     )
     select school_id, count(*) filter (where fresh) as fresh, count(*) filter (where not fresh) as old from written group by school_id order by school_id",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&SCHOOL_FIND, &GROUP_LIST, &DEAD_LIST, &REPLAY];
