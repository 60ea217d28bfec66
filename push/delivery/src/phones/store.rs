//! The statements of phones.

use jiff::Timestamp;
use kernel::{
    id::{PersonId, TokenId},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// A registered phone.
    pub struct Phone {
        pub id: TokenId,
    }
}

row! {
    /// How many others a token was taken from.
    pub struct Claimed {
        pub claimed: Option<i32>,
    }
}

/// Takes an open token from everybody but the person in scope. A function of the database, because nobody sees others' tokens.
pub const TOKEN_CLAIM: Query<(&'static str, String, Timestamp), Claimed> =
    Query::new("phones.token_claim", "select delivery_claim_push_token($1, $2, $3) as claimed");

/// Adds a token, or keeps the open one and takes its language.
pub const TOKEN_ADD: Query<(TokenId, PersonId, &'static str, String, &'static str, Timestamp), Phone> = Query::new(
    "phones.token_add",
    "insert into push_token (id, person_id, channel, token, locale, registered_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (channel, token) where removed_at is null do update set locale = excluded.locale
     returning id",
);

/// Removes one's own token.
pub const TOKEN_REMOVE: Command<(TokenId, PersonId, Timestamp)> = Command::new(
    "phones.token_remove",
    "update push_token set removed_at = $3, removed_reason = 'removed' where id = $1 and person_id = $2 and removed_at is null",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&TOKEN_CLAIM, &TOKEN_ADD, &TOKEN_REMOVE];
