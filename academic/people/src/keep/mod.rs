//! What this crate keeps of a person, and how it leaves when a leaver is erased.
//! Registered with the server; `identity::erasure` uses it without knowing a table of this crate.

mod store;

pub use store::{BELONGING, HOLDINGS, PERSON, PERSON_BLANK, RELEASES, STATEMENTS, TRACES};
