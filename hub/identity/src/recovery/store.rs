//! The SQL of recovery.

use jiff::Timestamp;
use kernel::{
    id::{AccountId, PersonId},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// An account by its e-mail.
    pub struct Owner {
        pub account_id: AccountId,
        pub person_id: PersonId,
        pub locale: Option<String>,
    }
}

row! {
    /// An account by the link that was sent to it.
    pub struct Sent {
        pub account_id: AccountId,
        pub person_id: PersonId,
        pub locale: Option<String>,
        pub login: String,
    }
}

row! {
    /// Whose row is locked now.
    pub struct Locked { pub id: AccountId }
}

pub const OWNER_FIND: Query<(Vec<u8>,), Owner> = Query::new(
    "recovery.owner_find",
    "select i.account_id, a.person_id, a.locale from account_identifier i join account a on a.id = i.account_id
     where i.kind = 'email' and i.lookup = $1 and i.vouched_at is not null and a.blocked_at is null",
);

/// Letters of one account are counted one after the other.
pub const ACCOUNT_LOCK: Query<(AccountId,), Locked> = Query::new("recovery.account_lock", "select id from account where id = $1 for update");

/// Token hash, account, the address's hash, now, until when, how many may work at a time. Adds nothing beyond that.
type NewLink = (Vec<u8>, AccountId, Vec<u8>, Timestamp, Timestamp, i64);

pub const LINK_ADD: Command<NewLink> = Command::new(
    "recovery.link_add",
    "insert into account_recovery (token_hash, account_id, lookup, created_at, expires_at) select $1, $2, $3, $4, $5
     where (select count(*) from account_recovery r where r.account_id = $2 and r.used_at is null and r.expires_at > $4) < $6",
);

/// Links of an account that nobody can use any more.
pub const LINK_DELETE_OVER: Command<(AccountId, Timestamp)> =
    Command::new("recovery.link_delete_over", "delete from account_recovery where account_id = $1 and expires_at <= $2");

pub const LINK_FIND: Query<(Vec<u8>, Timestamp), Sent> = Query::new(
    "recovery.link_find",
    "select r.account_id, a.person_id, a.locale, a.login
     from account_recovery r join account a on a.id = r.account_id
       join account_identifier i on i.account_id = r.account_id and i.kind = 'email' and i.lookup = r.lookup and i.vouched_at is not null
     where r.token_hash = $1 and r.used_at is null and r.expires_at > $2 and a.blocked_at is null",
);

/// Used once: touches no row where it was used already.
pub const LINK_USE: Command<(Vec<u8>, Timestamp)> =
    Command::new("recovery.link_use", "update account_recovery set used_at = $2 where token_hash = $1 and used_at is null and expires_at > $2");

pub const LINK_DELETE_ALL: Command<(AccountId,)> = Command::new("recovery.link_delete_all", "delete from account_recovery where account_id = $1 and used_at is null");

pub const PASSWORD_SET: Command<(AccountId, String)> = Command::new("recovery.password_set", "update account set password_hash = $2 where id = $1 and blocked_at is null");

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] =
    &[&OWNER_FIND, &ACCOUNT_LOCK, &LINK_ADD, &LINK_DELETE_OVER, &LINK_FIND, &LINK_USE, &LINK_DELETE_ALL, &PASSWORD_SET];
