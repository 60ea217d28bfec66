//! The statements of links.

use jiff::Timestamp;
use kernel::{
    id::{PersonId, SchoolId, TokenId, Uuid},
    row,
    sql::{Command, Query, Statement},
};

row! {
    /// Whose code it was.
    pub struct Owner {
        pub person_id: PersonId,
        pub locale: String,
    }
}

row! {
    /// A chat that was linked, or was so.
    pub struct Linked {
        pub id: TokenId,
        /// Whether it was not linked before.
        pub fresh: Option<bool>,
    }
}

row! {
    /// A chat that is linked no more.
    pub struct Ended {
        pub id: TokenId,
        pub person_id: PersonId,
        pub locale: String,
    }
}

row! {
    /// Where the bot's messages are to be read on.
    pub struct Place {
        pub next_update: i64,
        /// When it was moved on last.
        pub heard_at: Option<Timestamp>,
    }
}

row! {
    /// A school of one of the person's children, or their own.
    pub struct Hears {
        pub school_id: SchoolId,
    }
}

/// Makes a person's codes void.
pub const CODE_VOID: Command<(PersonId,)> = Command::new("links.code_void", "delete from delivery_link_code where person_id = $1");

/// Hash, person, language, until when.
pub type NewCode = (Vec<u8>, PersonId, &'static str, Timestamp);

/// Keeps a code.
pub const CODE_ADD: Command<NewCode> = Command::new("links.code_add", "insert into delivery_link_code (code_hash, person_id, locale, expires_at) values ($1, $2, $3, $4)");

/// Takes a code that works: whoever takes it deletes it.
pub const CODE_TAKE: Query<(Vec<u8>, Timestamp), Owner> =
    Query::new("links.code_take", "delete from delivery_link_code where code_hash = $1 and expires_at > $2 returning person_id, locale");

/// Forgets codes that were over at this moment.
pub const CODE_SWEEP: Command<(Timestamp,)> = Command::new("links.code_sweep", "delete from delivery_link_code where expires_at <= $1");

/// Takes a chat from everybody but this person.
pub const CHAT_CLAIM: Command<(String, PersonId, Timestamp)> = Command::new(
    "links.chat_claim",
    "update push_token set removed_at = $3, removed_reason = 'moved' where channel = 'telegram' and token = $1 and person_id <> $2 and removed_at is null",
);

/// Id, person, chat, language, when.
pub type NewChat = (TokenId, PersonId, String, String, Timestamp);

/// Links a chat, or keeps it and takes its language.
pub const CHAT_ADD: Query<NewChat, Linked> = Query::new(
    "links.chat_add",
    "insert into push_token (id, person_id, channel, token, locale, registered_at) values ($1, $2, 'telegram', $3, $4, $5)
     on conflict (channel, token) where removed_at is null do update set locale = excluded.locale
     returning id, (xmax = 0) as fresh",
);

/// Leaves a person so many chats, the newest.
pub const CHAT_TRIM: Command<(PersonId, i64, Timestamp)> = Command::new(
    "links.chat_trim",
    "update push_token set removed_at = $3, removed_reason = 'crowded' where id in (
       select id from push_token where person_id = $1 and channel = 'telegram' and removed_at is null order by registered_at desc, id desc offset $2)",
);

/// Chat, when, why. Ends its link.
pub const CHAT_END: Query<(String, Timestamp, &'static str), Ended> = Query::new(
    "links.chat_end",
    "update push_token set removed_at = $2, removed_reason = $3 where channel = 'telegram' and token = $1 and removed_at is null returning id, person_id, locale",
);

/// The schools that hear of what a person does with their phones; now.
pub const HEARS_LIST: Query<(PersonId, Timestamp), Hears> = Query::new(
    "links.hears_list",
    "select school_id from people_v_kinship where guardian_id = $1 and valid_to is null
     union select h.school_id from identity_v_held h join people_v_organisation o on o.id = h.school_id and o.kind = 'school'
     where h.person_id = $1 and h.role <> 'guardian' and h.valid_from <= $2 and (h.valid_to is null or h.valid_to > $2)",
);

/// Bot, instance, until when, now.
pub type Lease = (String, Uuid, Timestamp, Timestamp);

/// Takes the bot's ear, where nobody else has it; where it is ours already, for longer.
pub const BOT_LEASE: Query<Lease, Place> = Query::new(
    "links.bot_lease",
    "insert into delivery_bot as b (name, holder, lease_until) values ($1, $2, $3)
     on conflict (name) do update set holder = excluded.holder, lease_until = excluded.lease_until where b.holder = excluded.holder or b.lease_until <= $4
     returning next_update, heard_at",
);

/// Bot, instance, the number to go on with, now, before when a last message is so old that numbers began anew. Nothing moves where another
/// instance listens by now, or where it was moved on already.
pub const BOT_MOVE: Command<(String, Uuid, i64, Timestamp, Timestamp)> = Command::new(
    "links.bot_move",
    "update delivery_bot set next_update = $3, heard_at = $4 where name = $1 and holder = $2 and (next_update < $3 or heard_at is null or heard_at < $5)",
);

/// Gives the bot's ear back.
pub const BOT_LEAVE: Command<(String, Uuid, Timestamp)> = Command::new("links.bot_leave", "update delivery_bot set lease_until = $3 where name = $1 and holder = $2");

/// Every statement of this room.
pub const STATEMENTS: &[&dyn Statement] =
    &[&CODE_VOID, &CODE_ADD, &CODE_TAKE, &CODE_SWEEP, &CHAT_CLAIM, &CHAT_ADD, &CHAT_TRIM, &CHAT_END, &HEARS_LIST, &BOT_LEASE, &BOT_MOVE, &BOT_LEAVE];
