//! The SQL of identifiers.

use jiff::Timestamp;
use kernel::{
    id::{AccountId, PersonId},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// An identifier as it is kept.
    pub struct Kept {
        pub kind: String,
        pub sealed: Vec<u8>,
        pub vouched_at: Option<Timestamp>,
    }
}

row! {
    /// Whose it is.
    pub struct Owner {
        pub account_id: AccountId,
        pub vouched_at: Option<Timestamp>,
    }
}

row! {
    /// A new e-mail that waited.
    pub struct Waiting {
        pub account_id: AccountId,
        pub lookup: Vec<u8>,
        pub sealed: Vec<u8>,
        pub expires_at: Timestamp,
    }
}

row! {
    /// Whose an account is.
    pub struct Person { pub person_id: PersonId, pub locale: Option<String> }
}

pub const IDENTIFIER_LIST: Query<(AccountId,), Kept> = Query::new("identifiers.identifier_list", "select kind, sealed, vouched_at from account_identifier where account_id = $1");

row! {
    /// An identifier of one of several people.
    pub struct KeptOf { pub person_id: PersonId, pub account_id: AccountId, pub kind: String, pub sealed: Vec<u8> }
}

pub const IDENTIFIER_OF_PERSONS: Query<(Vec<PersonId>,), KeptOf> = Query::new(
    "identifiers.identifier_of_persons",
    "select a.person_id, i.account_id, i.kind, i.sealed from account a join account_identifier i on i.account_id = a.id
     where a.person_id = any($1) and i.kind in ('iin', 'phone')",
);

row! {
    /// A confirmed e-mail.
    pub struct Email { pub sealed: Vec<u8> }
}

/// The e-mail of an account that is not blocked, where somebody vouched for it.
pub const EMAIL_CONFIRMED: Query<(AccountId,), Email> = Query::new(
    "identifiers.email_confirmed",
    "select i.sealed from account_identifier i join account a on a.id = i.account_id
     where i.account_id = $1 and i.kind = 'email' and i.vouched_at is not null and a.blocked_at is null",
);

pub const OWNER_FIND: Query<(&'static str, Vec<u8>), Owner> =
    Query::new("identifiers.owner_find", "select account_id, vouched_at from account_identifier where kind = $1 and lookup = $2");

/// Account, kind, hash, sealed, now, by whom, since when vouched for.
type NewIdentifier = (AccountId, &'static str, Vec<u8>, Vec<u8>, Timestamp, PersonId, Option<Timestamp>);

/// What stands there already, vouched for, stays so.
pub const IDENTIFIER_PUT: Command<NewIdentifier> = Command::new(
    "identifiers.identifier_put",
    "insert into account_identifier as i (account_id, kind, lookup, sealed, set_at, set_by, vouched_at) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (account_id, kind) do update
     set lookup = excluded.lookup, sealed = excluded.sealed, set_at = excluded.set_at, set_by = excluded.set_by, vouched_at = excluded.vouched_at
     where i.lookup <> excluded.lookup or (i.vouched_at is null and excluded.vouched_at is not null)",
);

pub const IDENTIFIER_DELETE: Command<(AccountId, &'static str)> =
    Command::new("identifiers.identifier_delete", "delete from account_identifier where account_id = $1 and kind = $2");

pub const QUESTION_DELETE: Command<(AccountId,)> = Command::new("identifiers.question_delete", "delete from account_email_question where account_id = $1");

/// Token hash, account, hash, sealed, until when.
type NewQuestion = (Vec<u8>, AccountId, Vec<u8>, Vec<u8>, Timestamp);

pub const QUESTION_ADD: Command<NewQuestion> =
    Command::new("identifiers.question_add", "insert into account_email_question (token_hash, account_id, lookup, sealed, expires_at) values ($1, $2, $3, $4, $5)");

/// Taken once: whoever takes it deletes it.
pub const QUESTION_TAKE: Query<(Vec<u8>,), Waiting> =
    Query::new("identifiers.question_take", "delete from account_email_question where token_hash = $1 returning account_id, lookup, sealed, expires_at");

pub const PERSON_OF: Query<(AccountId,), Person> = Query::new("identifiers.person_of", "select person_id, locale from account where id = $1 and blocked_at is null");

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] =
    &[&IDENTIFIER_LIST, &EMAIL_CONFIRMED, &IDENTIFIER_OF_PERSONS, &OWNER_FIND, &IDENTIFIER_PUT, &IDENTIFIER_DELETE, &QUESTION_DELETE, &QUESTION_ADD, &QUESTION_TAKE, &PERSON_OF];
