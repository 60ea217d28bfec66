//! What a terminal and the hub say to each other over MQTT: topics, messages, and the arithmetic of acknowledgement.
//! Pure: no clock, no network, no database. Shared by the hub, the reference terminal, the swarm and the tests.
//!
//! Always true:
//!  1. No input makes a parser panic; what cannot be read is a [`Malformed`] with its reason.
//!  2. An event is named by `(device, store, seq)`; its [`fingerprint`](up::Event::fingerprint) does not depend on how
//!     the JSON was laid out or whether it came alone or in a batch.
//!  3. `upto` of an acknowledgement never passes an open gap ([`cursor::Cursor`]).
//!
//! Within `v1` everything is additive: unknown fields are ignored, unknown kinds are kept raw.

pub mod cursor;
pub mod down;
pub mod topic;
pub mod up;

/// The largest message either side sends, in bytes. The broker enforces it.
pub const MESSAGE_LIMIT_BYTES: usize = 64 * 1024;
/// The most events a device has under way without our acknowledgement.
pub const WINDOW_EVENTS: usize = 200;

/// Why a message could not be read. The text is for support staff and logs, never for end users.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Longer than [`MESSAGE_LIMIT_BYTES`].
    #[error("message of {0} bytes is over the limit")]
    TooLong(usize),
    /// Not JSON, or not of the message's form.
    #[error("not a message of this topic: {0}")]
    Form(String),
    /// A field holds what it may not hold.
    #[error("field `{field}`: {reason}")]
    Field {
        /// The field's name in the JSON.
        field: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Not one of our topics.
    #[error("not a topic of ours: {0}")]
    Topic(&'static str),
}
