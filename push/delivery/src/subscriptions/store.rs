//! The statements of subscriptions.

use jiff::Timestamp;
use kernel::{
    id::{NoticeId, PersonId, SchoolId, TokenId},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// How many others a browser was taken from.
    pub struct Claimed {
        pub claimed: Option<i32>,
    }
}

row! {
    /// A browser that was added, or was there.
    pub struct Added {
        pub id: TokenId,
        /// Whether it was not there before.
        pub fresh: Option<bool>,
    }
}

row! {
    /// A phone or browser of the person.
    pub struct Phone {
        pub id: TokenId,
        pub channel: String,
        pub token: String,
        pub label: String,
        pub registered_at: Timestamp,
    }
}

row! {
    /// A phone that was removed.
    pub struct Removed {
        pub id: TokenId,
        pub channel: String,
    }
}

row! {
    /// A notice, to be told in words.
    pub struct Told {
        pub id: NoticeId,
        pub child_id: PersonId,
        pub kind: String,
        pub occurred_at: Timestamp,
        pub args: serde_json::Value,
    }
}

/// Takes a browser from everybody but the person in scope. A function of the database, because nobody sees others' phones.
pub const BROWSER_CLAIM: Query<(&'static str, String, Timestamp), Claimed> =
    Query::new("subscriptions.browser_claim", "select delivery_claim_push_token($1, $2, $3) as claimed");

/// Id, person, what it is reached by, language, name, when.
type NewRow = (TokenId, PersonId, String, &'static str, String, Timestamp);

/// Adds a browser, or keeps it and takes its language and name.
pub const BROWSER_ADD: Query<NewRow, Added> = Query::new(
    "subscriptions.browser_add",
    "insert into push_token (id, person_id, channel, token, locale, label, registered_at) values ($1, $2, 'web_push', $3, $4, $5, $6)
     on conflict (channel, token) where removed_at is null do update set locale = excluded.locale, label = excluded.label
     returning id, (xmax = 0) as fresh",
);

/// Person, the address that is over, when. Ends it where it is the person's own.
pub const BROWSER_REPLACE: Query<(PersonId, String, Timestamp), Removed> = Query::new(
    "subscriptions.browser_replace",
    "update push_token set removed_at = $3, removed_reason = 'replaced'
     where person_id = $1 and channel = 'web_push' and removed_at is null and split_part(token, ' ', 1) = $2 returning id, channel",
);

/// Leaves a person so many browsers, the newest.
pub const BROWSER_TRIM: Command<(PersonId, i64, Timestamp)> = Command::new(
    "subscriptions.browser_trim",
    "update push_token set removed_at = $3, removed_reason = 'crowded' where id in (
       select id from push_token where person_id = $1 and channel = 'web_push' and removed_at is null order by registered_at desc, id desc offset $2)",
);

/// A person's phones, the newest first.
pub const PHONE_LIST: Query<(PersonId,), Phone> = Query::new(
    "subscriptions.phone_list",
    "select id, channel, token, label, registered_at from push_token where person_id = $1 and removed_at is null order by registered_at desc, id desc limit 50",
);

/// Removes one's own phone.
pub const PHONE_REMOVE: Query<(TokenId, PersonId, Timestamp), Removed> = Query::new(
    "subscriptions.phone_remove",
    "update push_token set removed_at = $3, removed_reason = 'removed' where id = $1 and person_id = $2 and removed_at is null returning id, channel",
);

/// Schools, recipient, notices, the recipient's children now and themselves.
pub type ToldKey = (Vec<SchoolId>, PersonId, Vec<NoticeId>, Vec<PersonId>);

/// Notices of a person's inbox, by id.
pub const TOLD_LIST: Query<ToldKey, Told> = Query::new(
    "subscriptions.told_list",
    "select id, child_id, kind, occurred_at, args from notice
     where school_id = any($1) and recipient_id = $2 and id = any($3) and child_id = any($4) order by id desc limit 20",
);

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] = &[&BROWSER_CLAIM, &BROWSER_ADD, &BROWSER_REPLACE, &BROWSER_TRIM, &PHONE_LIST, &PHONE_REMOVE, &TOLD_LIST];
