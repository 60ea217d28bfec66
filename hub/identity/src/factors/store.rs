//! The SQL of second factors.

use jiff::Timestamp;
use kernel::{
    id::{AccountId, PersonId},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// An account's authenticator.
    pub struct Authenticator {
        pub sealed: Vec<u8>,
        pub confirmed_at: Option<Timestamp>,
    }
}

row! {
    /// How many recovery codes are unused.
    pub struct Left { pub count: i64 }
}

row! {
    /// A half-open session with its account.
    pub struct HalfOpenRow {
        pub account_id: AccountId,
        pub person_id: PersonId,
        pub login: String,
        pub locale: Option<String>,
        pub next: String,
    }
}

row! {
    /// A login.
    pub struct Login { pub login: String }
}

row! {
    /// How often it went wrong.
    pub struct Failures { pub failures: i16 }
}

pub const LOGIN_OF: Query<(AccountId,), Login> = Query::new("factors.login_of", "select login from account where id = $1");

pub const TOTP_FIND: Query<(AccountId,), Authenticator> = Query::new("factors.totp_find", "select sealed, confirmed_at from account_totp where account_id = $1");

/// A secret that was shown but not confirmed is replaced; a confirmed one stays.
pub const TOTP_BEGIN: Command<(AccountId, Vec<u8>, Timestamp)> = Command::new(
    "factors.totp_begin",
    "insert into account_totp as t (account_id, sealed, created_at) values ($1, $2, $3)
     on conflict (account_id) do update set sealed = excluded.sealed, created_at = excluded.created_at, last_step = 0 where t.confirmed_at is null",
);

/// Switched on by its first code, whose step is taken with it.
pub const TOTP_CONFIRM: Command<(AccountId, i64, Timestamp)> =
    Command::new("factors.totp_confirm", "update account_totp set confirmed_at = $3, last_step = $2 where account_id = $1 and confirmed_at is null");

/// Takes a step: touches no row where this step or a later one was taken already.
pub const TOTP_TAKE_STEP: Command<(AccountId, i64)> =
    Command::new("factors.totp_take_step", "update account_totp set last_step = $2 where account_id = $1 and confirmed_at is not null and last_step < $2");

pub const TOTP_DELETE: Command<(AccountId,)> = Command::new("factors.totp_delete", "delete from account_totp where account_id = $1");

pub const RECOVERY_DELETE: Command<(AccountId,)> = Command::new("factors.recovery_delete", "delete from account_recovery_code where account_id = $1");

pub const RECOVERY_ADD: Command<(AccountId, Vec<Vec<u8>>, Timestamp)> =
    Command::new("factors.recovery_add", "insert into account_recovery_code (account_id, code_hash, created_at) select $1, hash, $3 from unnest($2::bytea[]) hash");

/// Uses a code up: touches no row where it was used already or never was one.
pub const RECOVERY_USE: Command<(AccountId, Vec<u8>, Timestamp)> =
    Command::new("factors.recovery_use", "update account_recovery_code set used_at = $3 where account_id = $1 and code_hash = $2 and used_at is null");

pub const RECOVERY_LEFT: Query<(AccountId,), Left> =
    Query::new("factors.recovery_left", "select count(*) as count from account_recovery_code where account_id = $1 and used_at is null");

/// Token hash, account, where to go then, now, until when.
type HalfOpenNew = (Vec<u8>, AccountId, String, Timestamp, Timestamp);

pub const HALF_OPEN_ADD: Command<HalfOpenNew> =
    Command::new("factors.half_open_add", "insert into account_half_open (token_hash, account_id, next, created_at, expires_at) values ($1, $2, $3, $4, $5)");

pub const HALF_OPEN_FIND: Query<(Vec<u8>, Timestamp), HalfOpenRow> = Query::new(
    "factors.half_open_find",
    "select h.account_id, a.person_id, a.login, a.locale, h.next
     from account_half_open h join account a on a.id = h.account_id where h.token_hash = $1 and h.expires_at > $2 and a.blocked_at is null",
);

pub const HALF_OPEN_FAILED: Query<(Vec<u8>,), Failures> =
    Query::new("factors.half_open_failed", "update account_half_open set failures = failures + 1 where token_hash = $1 returning failures");

pub const HALF_OPEN_DELETE: Command<(Vec<u8>,)> = Command::new("factors.half_open_delete", "delete from account_half_open where token_hash = $1");

pub const HALF_OPEN_DELETE_EXPIRED: Command<(AccountId, Timestamp)> =
    Command::new("factors.half_open_delete_expired", "delete from account_half_open where account_id = $1 and expires_at <= $2");

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[
    &LOGIN_OF,
    &TOTP_FIND,
    &TOTP_BEGIN,
    &TOTP_CONFIRM,
    &TOTP_TAKE_STEP,
    &TOTP_DELETE,
    &RECOVERY_DELETE,
    &RECOVERY_ADD,
    &RECOVERY_USE,
    &RECOVERY_LEFT,
    &HALF_OPEN_ADD,
    &HALF_OPEN_FIND,
    &HALF_OPEN_FAILED,
    &HALF_OPEN_DELETE,
    &HALF_OPEN_DELETE_EXPIRED,
];
