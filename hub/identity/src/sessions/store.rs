//! The SQL of sessions.

use jiff::Timestamp;
use kernel::{
    id::{AccountId, PersonId, SchoolId, Uuid},
    row,
    sql::{Command, Query, Statement},
};

use super::SessionId;

row! {
    /// A session with its account.
    pub struct Found {
        pub id: Uuid,
        pub account_id: AccountId,
        pub person_id: PersonId,
        pub locale: Option<String>,
        pub seen_at: Timestamp,
        pub expires_at: Timestamp,
        /// When a passkey was shown in it.
        pub passkey_at: Option<Timestamp>,
        /// Since when its token waits to be exchanged.
        pub renew_at: Option<Timestamp>,
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

row! {
    /// Whether an account has a second factor.
    pub struct Factor { pub confirmed: bool }
}

row! {
    /// A session as its owner sees it.
    pub struct Listed {
        pub id: SessionId,
        pub created_at: Timestamp,
        pub seen_at: Timestamp,
        pub user_agent: Option<String>,
        pub here: bool,
    }
}

row! {
    /// A session that was ended.
    pub struct Ended { pub id: SessionId }
}

pub const SESSION_FIND: Query<(Vec<u8>,), Found> = Query::new(
    "identity.session_find",
    "select s.id, s.account_id, a.person_id, a.locale, s.seen_at, s.expires_at, s.passkey_at, s.renew_at
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

pub const SECOND_FACTOR: Query<(AccountId,), Factor> = Query::new(
    "identity.second_factor",
    "select exists (select from account_totp where account_id = $1 and confirmed_at is not null) as confirmed",
);

/// Token hash, account, now, last moment, browser, id.
type SessionRow = (Vec<u8>, AccountId, Timestamp, Timestamp, Option<String>, Uuid);

pub const SESSION_ADD: Command<SessionRow> = Command::new(
    "identity.session_add",
    "insert into session (token_hash, account_id, created_at, seen_at, expires_at, user_agent, id) values ($1, $2, $3, $3, $4, $5, $6)",
);

pub const SESSION_SEEN: Command<(Vec<u8>, Timestamp)> = Command::new("identity.session_seen", "update session set seen_at = $2 where token_hash = $1 and seen_at < $2");

/// The old token's hash, the fresh one's.
pub const SESSION_EXCHANGE: Command<(Vec<u8>, Vec<u8>)> =
    Command::new("identity.session_exchange", "update session set token_hash = $2, renew_at = null where token_hash = $1");

pub const SESSION_RENEW: Command<(PersonId, Timestamp)> = Command::new(
    "identity.session_renew",
    "update session set renew_at = $2 where renew_at is null and account_id = (select id from account where person_id = $1)",
);

/// School, role of its own, now.
pub const SESSION_RENEW_HOLDERS: Command<(SchoolId, Uuid, Timestamp)> = Command::new(
    "identity.session_renew_holders",
    "update session set renew_at = $3 where renew_at is null and account_id in (
       select a.id from school_role_grant g join account a on a.person_id = g.person_id
       where g.school_id = $1 and g.role_id = $2 and (g.valid_to is null or g.valid_to >= $3))",
);

/// School, delivered role, now.
pub const SESSION_RENEW_ROLE: Command<(SchoolId, &'static str, Timestamp)> = Command::new(
    "identity.session_renew_role",
    "update session set renew_at = $3 where renew_at is null and account_id in (
       select a.id from role_grant g join account a on a.person_id = g.person_id
       where g.school_id = $1 and g.role = $2 and (g.valid_to is null or g.valid_to >= $3))",
);

pub const SESSION_PASSKEY: Command<(Vec<u8>, Timestamp)> = Command::new("identity.session_passkey", "update session set passkey_at = $2 where token_hash = $1");

pub const SESSION_NO_PASSKEY: Command<(AccountId,)> = Command::new("identity.session_no_passkey", "update session set passkey_at = null where account_id = $1 and passkey_at is not null");

pub const SESSION_DELETE: Command<(Vec<u8>,)> = Command::new("identity.session_delete", "delete from session where token_hash = $1");

/// An account's sessions, those of browsers long unused left out; whose token this is stands out.
pub const SESSION_LIST: Query<(AccountId, Vec<u8>, Timestamp, Timestamp), Listed> = Query::new(
    "identity.session_list",
    "select id, created_at, seen_at, user_agent, token_hash = $2 as here from session
     where account_id = $1 and expires_at > $3 and seen_at > $4 order by seen_at desc, id limit 100",
);

pub const SESSION_END: Query<(AccountId, SessionId), Ended> = Query::new("identity.session_end", "delete from session where account_id = $1 and id = $2 returning id");

pub const SESSION_END_OTHERS: Command<(AccountId, Vec<u8>)> = Command::new("identity.session_end_others", "delete from session where account_id = $1 and token_hash <> $2");

pub const SESSION_DELETE_EXPIRED: Command<(AccountId, Timestamp)> =
    Command::new("identity.session_delete_expired", "delete from session where account_id = $1 and expires_at <= $2");

pub const ACCOUNT_SIGNED_IN: Command<(AccountId, Timestamp)> = Command::new("identity.account_signed_in", "update account set signed_in_at = $2 where id = $1");

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[
    &ACCOUNT_SIGNED_IN,
    &SESSION_FIND,
    &PERSON_IN_SIGHT,
    &PERSON_NAME,
    &GRANT_LIST,
    &CHILD_LIST,
    &SECOND_FACTOR,
    &SESSION_LIST,
    &SESSION_END,
    &SESSION_END_OTHERS,
    &SESSION_ADD,
    &SESSION_SEEN,
    &SESSION_EXCHANGE,
    &SESSION_RENEW,
    &SESSION_RENEW_HOLDERS,
    &SESSION_RENEW_ROLE,
    &SESSION_PASSKEY,
    &SESSION_NO_PASSKEY,
    &SESSION_DELETE,
    &SESSION_DELETE_EXPIRED,
];
