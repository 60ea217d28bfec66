//! The SQL of keys.

use jiff::Timestamp;
use kernel::{
    id::{AccountId, PersonId},
    row,
    sql::{Command, Query, Statement},
};

use super::KeyId;

row! {
    /// A key as its owner sees it.
    pub struct Listed {
        pub id: KeyId,
        pub name: String,
        pub scopes: Vec<String>,
        pub bound: bool,
        pub created_at: Timestamp,
        pub expires_at: Timestamp,
        pub used_at: Option<Timestamp>,
    }
}

row! {
    /// A key that was sent, with its account.
    pub struct Found {
        pub id: KeyId,
        pub account_id: AccountId,
        pub person_id: PersonId,
        pub locale: Option<String>,
        pub scopes: Vec<String>,
        pub thumbprint: Option<Vec<u8>>,
        pub used_at: Option<Timestamp>,
        /// Whether the account has a second factor of any kind.
        pub strong: bool,
    }
}

row! {
    /// What a code promised.
    pub struct Promised {
        pub account_id: AccountId,
        pub person_id: PersonId,
        pub locale: Option<String>,
        pub name: String,
        pub scopes: Vec<String>,
        pub expires_at: Timestamp,
        pub key_expires_at: Timestamp,
    }
}

row! {
    /// A key that was revoked.
    pub struct Revoked { pub id: KeyId }
}

pub const KEY_LIST: Query<(AccountId, Timestamp), Listed> = Query::new(
    "keys.key_list",
    "select id, name, scopes, thumbprint is not null as bound, created_at, expires_at, used_at from account_key
     where account_id = $1 and revoked_at is null and expires_at > $2 order by created_at desc, id limit 100",
);

/// Id, account, name, token hash, scopes, the key it is bound to, now, until when, how many may be there.
type NewKey = (KeyId, AccountId, String, Vec<u8>, Vec<String>, Option<Vec<u8>>, Timestamp, Timestamp, i64);

pub const KEY_ADD: Command<NewKey> = Command::new(
    "keys.key_add",
    "insert into account_key (id, account_id, name, token_hash, scopes, thumbprint, created_at, expires_at) select $1, $2, $3, $4, $5, $6, $7, $8
     where (select count(*) from account_key k where k.account_id = $2 and k.revoked_at is null and k.expires_at > $7) < $9",
);

pub const KEY_FIND: Query<(Vec<u8>, Timestamp), Found> = Query::new(
    "keys.key_find",
    "select k.id, k.account_id, a.person_id, a.locale, k.scopes, k.thumbprint, k.used_at,
       exists (select from account_totp t where t.account_id = a.id and t.confirmed_at is not null) or exists (select from account_passkey p where p.account_id = a.id) as strong
     from account_key k join account a on a.id = k.account_id
     where k.token_hash = $1 and k.revoked_at is null and k.expires_at > $2 and a.blocked_at is null",
);

pub const KEY_USED: Command<(KeyId, Timestamp)> = Command::new("keys.key_used", "update account_key set used_at = $2 where id = $1 and (used_at is null or used_at < $2)");

pub const KEY_REVOKE: Query<(AccountId, KeyId, Timestamp), Revoked> =
    Query::new("keys.key_revoke", "update account_key set revoked_at = $3 where account_id = $1 and id = $2 and revoked_at is null returning id");

pub const KEY_REVOKE_ALL: Command<(AccountId, Timestamp)> = Command::new("keys.key_revoke_all", "update account_key set revoked_at = $2 where account_id = $1 and revoked_at is null");

/// Code hash, account, name, scopes, until when, until when the key.
type NewCode = (Vec<u8>, AccountId, String, Vec<String>, Timestamp, Timestamp);

pub const CODE_ADD: Command<NewCode> =
    Command::new("keys.code_add", "insert into account_key_code (code_hash, account_id, name, scopes, expires_at, key_expires_at) values ($1, $2, $3, $4, $5, $6)");

/// One code of an account waits at a time.
pub const CODE_DELETE: Command<(AccountId,)> = Command::new("keys.code_delete", "delete from account_key_code where account_id = $1");

/// Taken once: whoever takes it deletes it.
pub const CODE_TAKE: Query<(Vec<u8>,), Promised> = Query::new(
    "keys.code_take",
    "delete from account_key_code c using account a where c.code_hash = $1 and a.id = c.account_id and a.blocked_at is null
     returning c.account_id, a.person_id, a.locale, c.name, c.scopes, c.expires_at, c.key_expires_at",
);

/// Adds nothing for a proof that was seen before.
pub const PROOF_ADD: Command<(Vec<u8>, Vec<u8>, Timestamp)> =
    Command::new("keys.proof_add", "insert into account_key_proof (thumbprint, proof_hash, expires_at) values ($1, $2, $3) on conflict do nothing");

pub const PROOF_DELETE_OVER: Command<(Timestamp,)> = Command::new("keys.proof_delete_over", "delete from account_key_proof where expires_at < $1");

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] =
    &[&KEY_LIST, &KEY_ADD, &KEY_FIND, &KEY_USED, &KEY_REVOKE, &KEY_REVOKE_ALL, &CODE_ADD, &CODE_DELETE, &CODE_TAKE, &PROOF_ADD, &PROOF_DELETE_OVER];
