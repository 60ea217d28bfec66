//! The engine: from an MQTT message to durable rows and live pages.
//!
//! The way of an event: [`ingest`] receives and hands over → [`router`] finds the device's actor → [`device`] reads it and passes on
//! what is not yet durable → [`lane`] gathers events of many devices → [`commit`] makes them durable in one transaction →
//! [`after`] acknowledges, tells school actors, live sessions and push.
//!
//! Always true (each with its place and its tests):
//!  1. Acknowledged means durable: the broker's PUBACK and our acknowledgement come after the commit ([`lane`], [`receipt`]).
//!  2. An event counts once, decided under its cursor's row lock ([`commit::rules`]).
//!  3. Every queue is bounded: by the broker's window, by mailboxes, by [`lane::Lanes::offer`]; what does not fit is shed, and the
//!     terminal, which was not acknowledged, sends it again.
//!  4. Nothing an actor remembers is needed: rebuilt empty it is right again ([`supervision`]).

pub mod after;
pub mod board;
pub mod budget;
pub mod commit;
pub mod config;
pub mod device;
pub mod directory;
pub mod ingest;
pub mod keep;
pub mod lane;
pub mod live;
pub mod parcel;
pub mod receipt;
pub mod registry;
pub mod router;
pub mod sabotage;
pub mod school;
pub mod supervision;

mod start;
mod stops;

pub use config::Config;
pub use start::{Engine, Needs};

use kernel::sql::Statement;

/// Every statement of the engine, for the test that prepares them all.
pub const STATEMENTS: &[&[&dyn Statement]] = &[commit::store::STATEMENTS, registry::STATEMENTS, school::STATEMENTS, stops::STATEMENTS];
