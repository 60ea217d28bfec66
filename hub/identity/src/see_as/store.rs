//! Every statement of seeing as somebody else.

use jiff::Timestamp;
use kernel::{
    id::{AccountId, PersonId, SchoolId, Uuid},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// With whose eyes a session looks now.
    pub struct Open {
        pub school_id: SchoolId,
        pub id: Uuid,
        pub seen_id: PersonId,
        pub account_id: AccountId,
        pub expires_at: Timestamp,
    }
}

row! {
    /// A session by its id.
    pub struct Session { pub id: Uuid }
}

row! {
    /// Who looked with one's own eyes.
    pub struct Look {
        pub school_id: SchoolId,
        pub began_at: Timestamp,
        pub ended_at: Timestamp,
        pub reason: String,
        pub seer: Option<String>,
    }
}

/// Session, who it is of, now; with that person's own rows in sight.
pub const OPEN_FIND: Query<(Uuid, PersonId, Timestamp), Open> = Query::new(
    "identity.see_as_open_find",
    "select s.school_id, s.id, s.seen_id, a.id as account_id, s.expires_at from see_as s join account a on a.person_id = s.seen_id
     where s.session_id = $1 and s.seer_id = $2 and s.ended_at is null and s.expires_at > $3 order by s.began_at desc limit 1",
);

pub const SESSION_ID: Query<(Vec<u8>,), Session> = Query::new("identity.see_as_session", "select id from session where token_hash = $1");

/// School, id, seer, seen, session, reason, from, until.
pub type SeeAsRow = (SchoolId, Uuid, PersonId, PersonId, Uuid, String, Timestamp, Timestamp);

/// A form sent twice begins once.
pub const SEE_AS_ADD: Command<SeeAsRow> = Command::new(
    "identity.see_as_add",
    "insert into see_as (school_id, id, seer_id, seen_id, session_id, reason, began_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (school_id, id) do nothing",
);

/// Ends what a session looks with, but for one row.
pub const SEE_AS_END_OTHERS: Command<(SchoolId, PersonId, Uuid, Uuid, Timestamp)> = Command::new(
    "identity.see_as_end_others",
    "update see_as set ended_at = $5 where school_id = $1 and seer_id = $2 and session_id = $3 and id <> $4 and ended_at is null",
);

pub const SEE_AS_END: Command<(SchoolId, Uuid, Timestamp)> =
    Command::new("identity.see_as_end", "update see_as set ended_at = least($3, expires_at) where school_id = $1 and id = $2 and ended_at is null");

/// Newest first, with the person's own rows in sight and their schools in scope for the names.
pub const LOOK_LIST: Query<(PersonId, Timestamp), Look> = Query::new(
    "identity.see_as_look_list",
    "select s.school_id, s.began_at, least(coalesce(s.ended_at, $2), s.expires_at) as ended_at, s.reason, n.surname || ' ' || n.given_name as seer
     from see_as s left join people_v_name n on n.person_id = s.seer_id where s.seen_id = $1 order by s.began_at desc limit 200",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&OPEN_FIND, &SESSION_ID, &SEE_AS_ADD, &SEE_AS_END_OTHERS, &SEE_AS_END, &LOOK_LIST];
