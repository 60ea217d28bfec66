//! Downtime: no technical stop may last longer than 48 hours (R-DEV-4; service specification "Safe School": «исключены любые технические
//! остановки работы на более 48 часов»). This room keeps the stops, says how much of the 48 hours each has left, and tells people in time.
//!
//! A stop is raw: from the moment at which a device last said anything, or its last will came, until it spoke again. The engine writes it down
//! with the state of a device that comes back ([`record_returns`]); the watch, every minute, opens the stop of a device that is silent
//! ([`watch`]). What of it counts is reckoned whenever somebody asks ([`rules::counted`]): the time in which the service itself did not listen is
//! the service's own stop and stands in its own list, and planned work, told before it began, stands apart. So a hub that was down for an hour
//! makes no device late, and the same rows always give the same figures.
//!
//! While a stop goes on, people are told at 12, 24, 36 and 47 hours of what counts, each time more of them ([`rules::told`]), by one notice for
//! all devices of a school, or of all schools. Whoever takes a stop in hand silences the ladder for twelve hours; the last rung comes whatever was said.
//!
//! Owns `downtime`, `maintenance`, `device_service`, `service_beat`, `service_outage`. Reads `device`, `device_health` of this wing, `people_v_organisation`,
//! `identity_v_held`. Rights: `fleet.see_downtime` (support), `fleet.take_downtime` (support), `fleet.see_own_downtime` (a school's director and
//! administrator).
//! Always true:
//!  1. A device has one open stop at most, and no two of its stops begin at the same moment (unique index `downtime_open`, primary key).
//!  2. Every silence of more than five minutes of a device in service leaves a row, whoever was away meanwhile ([`record_returns`] under the rows' locks).
//!  3. What the service slept through counts for no device, and is in no list twice ([`rules::counted`] takes the union).
//!  4. Planned work is told before it begins, lasts a day at most (CHECKs of `maintenance`), and explains no stop that began before it was planned.
//!  5. A rung of a stop is told once, across restarts and instances (`told_hours`, set in the transaction of the notices, under the row's lock).
//!  6. An act of a month that is over says the same whenever it is asked for ([`rules::Act`]; its hash shows it).

mod act;
mod pages;
pub mod rules;
mod school;
mod service;
mod store;
mod watch;

pub use service::{beat, figures, listening_since, record_returns};
pub use store::{STATEMENTS, SWEEPS};
pub use watch::{Looked, Voice, WATCH, Watch, look, order};

use web::NavItem;

kernel::rights! {
    /// Sees the stops of every device and what is left of the 48 hours, and makes the monthly act.
    SeeDowntime = "fleet.see_downtime": [Support, SupplierAdministrator],
    /// Takes a stop in hand, and plans maintenance.
    TakeDowntime = "fleet.take_downtime": [Support, SupplierAdministrator],
    /// Sees which devices of the own school stand still, and what to do about it.
    SeeOwnDowntime = "fleet.see_own_downtime": [Director, SchoolAdministrator],
}

/// What the navigation offers.
pub const NAVIGATION: &[NavItem] = &[
    NavItem::of::<SeeDowntime>("/support/downtime", "clock", "downtime-nav"),
    NavItem::of::<SeeOwnDowntime>("/{school}/downtime", "device", "downtime-nav-own"),
];

/// `/support/downtime…`, `/support/maintenance…`, `/{school}/downtime`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    pages::routes(cfg);
    act::routes(cfg);
    school::routes(cfg);
}
