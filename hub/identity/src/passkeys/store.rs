//! The SQL of passkeys.

use jiff::Timestamp;
use kernel::{
    id::{AccountId, PersonId},
    row,
    sql::{Command, Query, Statement},
};

use super::PasskeyId;

row! {
    /// A passkey as its owner sees it.
    pub struct Listed {
        pub id: PasskeyId,
        pub name: String,
        pub created_at: Timestamp,
        pub used_at: Option<Timestamp>,
    }
}

row! {
    /// The public half of a passkey.
    pub struct Key { pub credential: serde_json::Value }
}

row! {
    /// A passkey with its account.
    pub struct Found {
        pub id: PasskeyId,
        pub credential: serde_json::Value,
        pub account_id: AccountId,
        pub person_id: PersonId,
        pub locale: Option<String>,
    }
}

row! {
    /// A question that waited for its answer.
    pub struct Question {
        pub account_id: Option<AccountId>,
        pub state: serde_json::Value,
        pub expires_at: Timestamp,
    }
}

row! {
    /// How many.
    pub struct Number { pub number: i64 }
}

pub const PASSKEY_LIST: Query<(AccountId,), Listed> =
    Query::new("passkeys.passkey_list", "select id, name, created_at, used_at from account_passkey where account_id = $1 order by created_at, id limit 100");

pub const PASSKEY_COUNT: Query<(AccountId,), Number> = Query::new("passkeys.passkey_count", "select count(*) as number from account_passkey where account_id = $1");

pub const KEY_LIST: Query<(AccountId,), Key> = Query::new("passkeys.key_list", "select credential from account_passkey where account_id = $1 limit 100");

/// Locked, so that two answers of one device come one after the other and the counter is compared with the last of them.
pub const PASSKEY_FIND_FOR_UPDATE: Query<(Vec<u8>,), Found> = Query::new(
    "passkeys.passkey_find_for_update",
    "select p.id, p.credential, p.account_id, a.person_id, a.locale
     from account_passkey p join account a on a.id = p.account_id where p.credential_id = $1 and a.blocked_at is null for update of p",
);

/// Id, account, the key's own id, its public half, name, now.
type NewPasskey = (PasskeyId, AccountId, Vec<u8>, serde_json::Value, String, Timestamp);

pub const PASSKEY_ADD: Command<NewPasskey> = Command::new(
    "passkeys.passkey_add",
    "insert into account_passkey (id, account_id, credential_id, credential, name, created_at) values ($1, $2, $3, $4, $5, $6) on conflict (credential_id) do nothing",
);

pub const PASSKEY_RENAME: Command<(AccountId, PasskeyId, String)> =
    Command::new("passkeys.passkey_rename", "update account_passkey set name = $3 where account_id = $1 and id = $2 and name <> $3");

pub const PASSKEY_DELETE: Command<(AccountId, PasskeyId)> = Command::new("passkeys.passkey_delete", "delete from account_passkey where account_id = $1 and id = $2");

pub const PASSKEY_DELETE_ALL: Command<(AccountId,)> = Command::new("passkeys.passkey_delete_all", "delete from account_passkey where account_id = $1");

pub const PASSKEY_USED: Command<(PasskeyId, serde_json::Value, Timestamp)> = Command::new("passkeys.passkey_used", "update account_passkey set credential = $2, used_at = $3 where id = $1");

/// Token hash, account, state, until when.
type NewQuestion = (Vec<u8>, Option<AccountId>, serde_json::Value, Timestamp);

pub const QUESTION_ADD: Command<NewQuestion> =
    Command::new("passkeys.question_add", "insert into account_passkey_question (token_hash, account_id, state, expires_at) values ($1, $2, $3, $4)");

/// Taken once: whoever takes it deletes it.
pub const QUESTION_TAKE: Query<(Vec<u8>,), Question> =
    Query::new("passkeys.question_take", "delete from account_passkey_question where token_hash = $1 returning account_id, state, expires_at");

pub const QUESTION_DELETE_EXPIRED: Command<(Timestamp,)> = Command::new("passkeys.question_delete_expired", "delete from account_passkey_question where expires_at <= $1");

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[
    &PASSKEY_LIST,
    &PASSKEY_COUNT,
    &KEY_LIST,
    &PASSKEY_FIND_FOR_UPDATE,
    &PASSKEY_ADD,
    &PASSKEY_RENAME,
    &PASSKEY_DELETE,
    &PASSKEY_DELETE_ALL,
    &PASSKEY_USED,
    &QUESTION_ADD,
    &QUESTION_TAKE,
    &QUESTION_DELETE_EXPIRED,
];
