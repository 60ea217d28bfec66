//! Delivery: what people are told, and whether it reached them.
//!
//! The engine hands drafts ("this child entered") to [`issue`] inside its own transaction. Issue finds the guardians, keeps a
//! notice for the inbox of each, and one delivery row for each phone, leased to this instance. After the commit the
//! pushes go out from memory; the rows make them certain when a process dies between the two.

pub mod issue;

pub use issue::{Issued, IssuedNotice, Push, issue};

/// Every statement of this crate, for the test that prepares them all.
pub const STATEMENTS: &[&[&dyn kernel::sql::Statement]] = &[issue::STATEMENTS];
