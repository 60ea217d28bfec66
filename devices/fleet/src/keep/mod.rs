//! What the fleet keeps for a time only. Registered with the server; `identity::retention` uses it without knowing a table of this crate.

mod store;

pub use store::{STATEMENTS, SWEEPS};
