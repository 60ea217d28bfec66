//! The SQL of sessions.

use jiff::Timestamp;
use kernel::{
    id::{AccountId, PersonId, SchoolId},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// A session with its account.
    pub struct Found {
        pub account_id: AccountId,
        pub person_id: PersonId,
        pub locale: Option<String>,
        pub seen_at: Timestamp,
        pub expires_at: Timestamp,
    }
}

row! {
    /// What a setting now is.
    pub struct Setting { pub value: String }
}

row! {
    /// Name of a person.
    pub struct Name { pub surname: String, pub given_name: String }
}

row! {
    /// A role somewhere.
    pub struct Granted { pub school_id: SchoolId, pub role: String }
}

row! {
    /// A child of a guardian.
    pub struct Kin { pub school_id: SchoolId, pub pupil_id: PersonId }
}

pub const SESSION_FIND: Query<(Vec<u8>,), Found> = Query::new(
    "identity.session_find",
    "select s.account_id, a.person_id, a.locale, s.seen_at, s.expires_at
     from session s join account a on a.id = s.account_id where s.token_hash = $1 and a.blocked_at is null",
);

/// Brings a person's own rows into sight, once it is known who they are.
pub const PERSON_IN_SIGHT: Query<(String,), Setting> = Query::new("identity.person_in_sight", "select set_config('shanyraq.person', $1, true) as value");

pub const PERSON_NAME: Query<(PersonId,), Name> = Query::new("identity.person_name", "select surname, given_name from people_v_name where person_id = $1");

pub const GRANT_LIST: Query<(PersonId, Timestamp), Granted> = Query::new(
    "identity.grant_list",
    "select school_id, role from role_grant
     where person_id = $1 and valid_from <= $2 and (valid_to is null or valid_to > $2) order by valid_from, school_id",
);

pub const CHILD_LIST: Query<(PersonId, Timestamp), Kin> = Query::new(
    "identity.child_list",
    "select k.school_id, k.pupil_id from people_v_kinship k join people_v_organisation o on o.id = k.school_id
     where k.guardian_id = $1 and k.valid_from <= ($2 at time zone o.zone)::date and (k.valid_to is null or k.valid_to >= ($2 at time zone o.zone)::date)
     order by k.pupil_id, k.school_id",
);

/// Token hash, account, now, last moment, browser.
type SessionRow = (Vec<u8>, AccountId, Timestamp, Timestamp, Option<String>);

pub const SESSION_ADD: Command<SessionRow> = Command::new(
    "identity.session_add",
    "insert into session (token_hash, account_id, created_at, seen_at, expires_at, user_agent) values ($1, $2, $3, $3, $4, $5)",
);

pub const SESSION_SEEN: Command<(Vec<u8>, Timestamp)> = Command::new("identity.session_seen", "update session set seen_at = $2 where token_hash = $1 and seen_at < $2");

pub const SESSION_DELETE: Command<(Vec<u8>,)> = Command::new("identity.session_delete", "delete from session where token_hash = $1");

pub const SESSION_DELETE_EXPIRED: Command<(AccountId, Timestamp)> =
    Command::new("identity.session_delete_expired", "delete from session where account_id = $1 and expires_at <= $2");

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[
    &SESSION_FIND,
    &PERSON_IN_SIGHT,
    &PERSON_NAME,
    &GRANT_LIST,
    &CHILD_LIST,
    &SESSION_ADD,
    &SESSION_SEEN,
    &SESSION_DELETE,
    &SESSION_DELETE_EXPIRED,
];
