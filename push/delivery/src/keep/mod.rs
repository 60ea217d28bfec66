//! What this crate keeps of a person, and how it leaves: by the retention rules, or when a leaver is erased.
//! Registered with the server; `identity::retention` and `identity::erasure` use it without knowing a table of this crate.

mod store;

pub use store::{HOLDINGS, RELEASES, STATEMENTS, SWEEPS, TRACES};
