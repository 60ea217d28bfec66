//! The fleet: what stands at the schools and how it is.
//! Rooms: [`registry`] (which devices there are and how they sign in at the broker) and [`health`] (the newest known of each).
//! Certificates, commands, firmware and downtime join as rooms of their own.

pub mod health;
pub mod registry;

use kernel::{
    right::{Right, Role},
    sql::Statement,
};

pub use health::{Condition, Seen, Status, save_health, statuses};
pub use registry::{Registered, registered};

/// Every statement of this crate, by room, for the test that prepares them all.
pub const STATEMENTS: &[&[&dyn Statement]] = &[registry::STATEMENTS, health::STATEMENTS];

/// Every right of this crate, by room.
pub const RIGHTS: &[&[(Right, &[Role])]] = &[registry::RIGHTS, health::RIGHTS];
