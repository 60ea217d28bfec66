//! The statements of the log.

use jiff::Timestamp;
use kernel::{
    id::{NoticeId, PersonId, SchoolId, TokenId},
    row,
    sql::{Query, Statement},
};

row! {
    /// A notice and whom it was for.
    pub struct Entry {
        pub id: NoticeId,
        pub school_id: SchoolId,
        pub recipient_id: PersonId,
        pub child_id: PersonId,
        pub created_at: Timestamp,
        pub occurred_at: Timestamp,
        pub kind: String,
        pub late: bool,
        pub read_at: Option<Timestamp>,
        pub recipient: Option<String>,
        pub child: Option<String>,
    }
}

row! {
    /// What became of it at one phone, or why there was none.
    pub struct Attempted {
        pub notice_id: NoticeId,
        pub token_id: TokenId,
        /// By what the phone is reached; means nothing where there is none.
        pub channel: String,
        pub attempts: i32,
        pub lease_until: Timestamp,
        /// Until when quiet hours or the digest held it back.
        pub held_until: Option<Timestamp>,
        /// For how many notices it stands.
        pub gathers: Option<i32>,
        pub outcome: Option<String>,
        pub outcome_at: Option<Timestamp>,
        pub detail: Option<String>,
        /// When support sent it again.
        pub replayed_at: Option<Timestamp>,
    }
}

row! {
    /// A guardian and a child of theirs, where either has the searched name; whoever has it, as one who is told of themselves.
    pub struct Found {
        pub recipient_id: PersonId,
        pub child_id: PersonId,
    }
}

/// Schools, words, how many at most. Guardians by their own name or by their child's, anybody else by their own.
pub const RECIPIENT_FIND: Query<(Vec<SchoolId>, String, i64), Found> = Query::new(
    "log.recipient_find",
    r#"with named as (
       select m.school_id, m.person_id from people_v_member m
       where m.school_id = any($1)
         and fold(m.surname || ' ' || m.given_name || ' ' || coalesce(m.class_label, '')) like all
             (select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from regexp_split_to_table(fold($2), '\s+') as word)
       limit $3
     )
     select distinct k.guardian_id as recipient_id, k.pupil_id as child_id
     from named join people_v_kinship k on k.school_id = named.school_id and (k.guardian_id = named.person_id or k.pupil_id = named.person_id)
     union select person_id, person_id from named"#,
);

/// Schools, from, until, the notice before which to go on, how many.
pub type DayKey = (Vec<SchoolId>, Timestamp, Timestamp, Option<NoticeId>, i64);

/// All notices of a time, newest first.
pub const ENTRY_LIST: Query<DayKey, Entry> = Query::new(
    "log.entry_list",
    "select n.id, n.school_id, n.recipient_id, n.child_id, n.created_at, n.occurred_at, n.kind, n.late, n.read_at,
       g.surname || ' ' || g.given_name as recipient, c.surname || ' ' || c.given_name as child
     from (select * from notice where school_id = any($1) and created_at >= $2 and created_at < $3 and ($4::uuid is null or id < $4)
           order by id desc limit $5) n
     left join people_v_name g on g.person_id = n.recipient_id left join people_v_name c on c.person_id = n.child_id
     order by n.id desc",
);

/// Schools, from, until, the notice before which to go on, how many, recipients with a child each.
pub type PersonKey = (Vec<SchoolId>, Timestamp, Timestamp, Option<NoticeId>, i64, Vec<PersonId>, Vec<PersonId>);

/// Notices to these recipients about these children, pair by pair, newest first.
pub const ENTRY_OF_LIST: Query<PersonKey, Entry> = Query::new(
    "log.entry_of_list",
    "select n.id, n.school_id, n.recipient_id, n.child_id, n.created_at, n.occurred_at, n.kind, n.late, n.read_at,
       g.surname || ' ' || g.given_name as recipient, c.surname || ' ' || c.given_name as child
     from (select notice.* from unnest($6::uuid[], $7::uuid[]) w (recipient_id, child_id)
           join notice on notice.school_id = any($1) and notice.recipient_id = w.recipient_id and notice.child_id = w.child_id
             and notice.created_at >= $2 and notice.created_at < $3 and ($4::uuid is null or notice.id < $4)
           order by notice.id desc limit $5) n
     left join people_v_name g on g.person_id = n.recipient_id left join people_v_name c on c.person_id = n.child_id
     order by n.id desc",
);

/// School, id and time, one element a notice.
pub type NoticeKeys = (Vec<SchoolId>, Vec<NoticeId>, Vec<Timestamp>);

/// What became of notices, phone by phone.
pub const ATTEMPTED_LIST: Query<NoticeKeys, Attempted> = Query::new(
    "log.attempted_list",
    "select d.notice_id, d.token_id, d.channel, d.attempts, d.lease_until, d.held_until, d.gathers, d.outcome, d.outcome_at, d.detail, d.replayed_at
     from unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) n (school_id, id, created_at)
     join delivery d on d.school_id = n.school_id and d.notice_id = n.id and d.created_at = n.created_at
     order by d.notice_id, d.token_id",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&RECIPIENT_FIND, &ENTRY_LIST, &ENTRY_OF_LIST, &ATTEMPTED_LIST];
