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

pub const ACCOUNT_FIND: Query<(String,), Account> =
    Query::new("identity.account_find", "select id, person_id, password_hash, locale from account where login = $1 and blocked_at is null");

pub const ACCOUNT_SET_LOCALE: Command<(AccountId, &'static str)> = Command::new("identity.account_set_locale", "update account set locale = $2 where id = $1");

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&ACCOUNT_FIND, &ACCOUNT_SET_LOCALE];
