//! The testkit: real servers for tests, started once per test program.
//!
//! [`database`] and [`broker`] each start at first use: a private PostgreSQL (made and migrated once) and a private Mosquitto, both
//! reached on this machine only, both below one temporary folder. They end with the test program, however it ends, and the folder
//! goes with them. Tests share the database: isolation comes from each test having its own school, which is also how tenancy is
//! tested by every test.
//!
//! Connections belong to the runtime that made them, so each test makes its own from [`TestDatabase::app_config`]
//! and friends.
//!
//! A failure to start is a panic with a plain sentence: there is nothing a test could do about it.

#![expect(clippy::expect_used, reason = "a test that cannot have its servers has to fail, with a sentence that says why")]

mod broker;
mod database;
mod home;
mod school;
pub mod source;
mod wait;

pub use broker::{TestBroker, broker};
pub use database::{DATABASE, OwnDatabase, TestDatabase, database};
pub use home::home;
pub use school::{SchoolBuilder, admit, pool, scope_of};
pub use wait::{Patience, eventually};
