//! The fleet: what stands at the schools and how it is.
//! Rooms: [`registry`] (which devices there are and how they sign in at the broker), [`health`] (the newest known of each), [`downtime`] (its stops, and
//! what is left of the 48 hours), [`dossier`] (all that is known of one device) and [`connect`] (a stranger's own terminal in five minutes).
//! Certificates, commands and firmware join as rooms of their own.

pub mod connect;
pub mod dossier;
pub mod downtime;
pub mod health;
pub mod keep;
pub mod registry;

use kernel::{
    Locale,
    right::{Right, Role},
    sql::Statement,
};
use web::{NavItem, Source};

pub use connect::BrokerAddress;
pub use health::{Condition, Seen, Status, save_health, statuses};
pub use registry::{Registered, registered};

/// Texts of the pages.
pub const LOCALES: &[Source] = &[
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/fleet.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/fleet.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/fleet.ftl") },
];

/// Every statement of this crate, by room.
pub const STATEMENTS: &[&[&dyn Statement]] = &[registry::STATEMENTS, health::STATEMENTS, downtime::STATEMENTS, dossier::STATEMENTS, connect::STATEMENTS];

/// Every right of this crate, by room.
pub const RIGHTS: &[&[(Right, &[Role])]] = &[registry::RIGHTS, health::RIGHTS, downtime::RIGHTS];

/// What the navigation offers.
pub const NAVIGATION: &[NavItem] = downtime::NAVIGATION;

/// `/support/devices/new`, `/support/devices/{id}…`, `/support/connect…`, `/support/downtime…`, `/support/maintenance…`, `/{school}/downtime`.
/// The board `/support/devices` is `live`'s.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    registry::routes(cfg);
    dossier::routes(cfg);
    connect::routes(cfg);
    downtime::routes(cfg);
}
