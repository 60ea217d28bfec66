//! What this crate keeps of a person, and how it leaves when a leaver is erased.
//! Registered with the server; [`crate::erasure`] uses it as that of any other crate.

mod store;

pub use store::{HOLDINGS, RELEASES, STATEMENTS, TRACES};
