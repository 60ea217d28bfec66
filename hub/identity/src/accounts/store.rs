//! The SQL of accounts.

use kernel::{
    id::{AccountId, PersonId},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// What signing in needs of an account.
    pub struct Account {
        pub id: AccountId,
        pub person_id: PersonId,
        pub password_hash: String,
        pub locale: Option<String>,
    }
}

/// Login as typed; kind and hash of the identifier that was typed instead, or nothing in both. A login wins over another's identifier.
pub const ACCOUNT_FIND: Query<(String, &'static str, Vec<u8>), Account> = Query::new(
    "identity.account_find",
    "select a.id, a.person_id, a.password_hash, a.locale from account a
     where a.blocked_at is null and (a.login = $1 or a.id = (select i.account_id from account_identifier i where i.kind = $2 and i.lookup = $3))
     order by a.login = $1 desc limit 1",
);

row! {
    /// One's own account.
    pub struct Own {
        pub login: String,
        pub password_hash: String,
    }
}

pub const ACCOUNT_OWN: Query<(AccountId,), Own> = Query::new("identity.account_own", "select login, password_hash from account where id = $1 and blocked_at is null");

/// Only over the hash that was proved: of two changes at once, one happens.
pub const ACCOUNT_SET_PASSWORD: Command<(AccountId, String, String)> =
    Command::new("identity.account_set_password", "update account set password_hash = $3 where id = $1 and password_hash = $2");

pub const ACCOUNT_SET_LOCALE: Command<(AccountId, &'static str)> = Command::new("identity.account_set_locale", "update account set locale = $2 where id = $1");

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&ACCOUNT_FIND, &ACCOUNT_OWN, &ACCOUNT_SET_PASSWORD, &ACCOUNT_SET_LOCALE];
