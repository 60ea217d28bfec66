//! Exports: files for other systems that take longer than a page may. Another room says what is in one; this one keeps it until it is fetched.
//!
//! An order is a row and a job ([`order`]); the job's last portion delivers the bytes ([`deliver`]), which stand sealed in parts of a MiB, since whole
//! IINs may be among them. A new file of a kind takes the bytes of the old ones away, and nothing older than a day is given out.
//!
//! Owns `export`, `export_part`.
//! Rights: none of its own; the rooms whose files these are ask for theirs.
//! Always true:
//!  1. No byte of a file stands in the database in the clear ([`deliver`] seals, [`respond`] opens).
//!  2. One file of a kind is made at a time (the job's key), and a school keeps the bytes of one.

mod service;
mod store;

pub(crate) use service::{Wanted, deliver, find, latest, making, may_fetch, order, respond};
pub use store::{STATEMENTS, SWEEP};
