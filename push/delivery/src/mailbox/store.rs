//! The statements of the mailbox.

use jiff::Timestamp;
use kernel::{
    id::{PersonId, TokenId},
    row,
    sql::{Query, Statement},
};

row! {
    /// The last that was made of a person's mailbox.
    pub struct Last {
        /// Why it is off; nothing while it is on.
        pub removed_reason: Option<String>,
    }
}

row! {
    /// A mailbox that is on now.
    pub struct Added {
        pub id: TokenId,
        /// Whether it was off before.
        pub fresh: Option<bool>,
    }
}

/// How a person's mailbox stands.
pub const MAILBOX_LAST: Query<(PersonId,), Last> = Query::new(
    "mailbox.mailbox_last",
    "select removed_reason from push_token where person_id = $1 and channel = 'mail' order by removed_at is null desc, registered_at desc, id desc limit 1",
);

/// Id, person, account, language, when.
pub type NewRow = (TokenId, PersonId, String, &'static str, Timestamp);

/// Switches it on, or takes its language.
pub const MAILBOX_ADD: Query<NewRow, Added> = Query::new(
    "mailbox.mailbox_add",
    "insert into push_token (id, person_id, channel, token, locale, registered_at) values ($1, $2, 'mail', $3, $4, $5)
     on conflict (channel, token) where removed_at is null do update set locale = excluded.locale
     returning id, (xmax = 0) as fresh",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&MAILBOX_LAST, &MAILBOX_ADD];
