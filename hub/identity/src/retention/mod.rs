//! Retention: what is kept how long, on what ground, and the night's work that lets the rest go.
//!
//! Rules are dated rows of `retention_rule`, each with its ground: an act, or our own reason, which a line of a later day changes. Rooms say
//! of their own tables which rows a rule lets go ([`kernel::keep::Sweep`]); of tables in monthly parts the database drops whole parts by the
//! rule ([`Retain`] only asks it to). A run is a job in bounded portions and leaves its numbers in `retention_run`.
//!
//! The oldest parts of the audit leave together with their links; `audit_base` remembers the last link that left, and `trail::verify` goes
//! on from there. A base younger than the rule allows counts for nothing, so that nobody hides tampering behind it.
//!
//! Owns `retention_rule`, `retention_run`. Rights: `retention.see` (director, school administrator).
//! Always true:
//!  1. Nothing younger than its rule leaves, whoever runs it and how often.
//!  2. After its oldest parts have left, each audit chain still verifies, and a link slipped away by hand is still found.
//!  3. A dry run changes nothing and says what a run would remove.

mod pages;
mod rules;
mod service;
mod store;

pub use pages::routes;
pub use rules::cut_off;
pub use service::{Planned, RETAIN, Retain, order, order_now, plan};
pub use store::{STATEMENTS, SWEEPS};

use web::NavItem;

kernel::rights! {
    /// Sees what is kept how long and what the last runs removed.
    SeeRetention = "retention.see": [Director, SchoolAdministrator],
}

/// What the navigation offers.
pub const NAVIGATION: &[NavItem] = &[NavItem::of::<SeeRetention>("/{school}/retention", "clock", "nav-retention")];
