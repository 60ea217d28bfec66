//! Breaches: incidents with personal data, from the moment somebody notices to the moment everybody concerned has been told.
//!
//! Within one work day of noticing, the authorised body has to know of it: who answers for personal data and how to reach them, what was
//! done, and the names, IINs and phones of those concerned (law №94-V, article 25; order №481/НҚ of 09.08.2024). The school's register
//! keeps that clock, gathers those concerned (a class, a person, the whole school, or everybody whose data a misused login looked at, as
//! the audit trail tells) and makes the letter and its list. A disturbance of a device is an incident too, but of another room.
//!
//! Owns `breach`, `breach_step`, `breach_person`, `day_off`. Reads `audit`, `account`, `people_v_member`, `people_v_name`,
//! `people_v_kinship`, `people_v_organisation`. Rights: `breaches.keep` (director, school administrator), `breaches.watch` (the supplier,
//! who sees clocks and no people).
//! Always true:
//!  1. The clock never allows more than one work day, whatever the hour, the weekday and the holidays ([`rules::due`]).
//!  2. What was registered is never rewritten: later findings and measures are steps of their own (grants; nothing updates them).
//!  3. Numbers have no gaps within a school (the counter is the last number, under the school's lock).
//!  4. Only people whom the school sees get into its register, and a list is fetched with an audit row.

mod pages;
mod rules;
mod service;
mod store;
mod watch;

pub use service::overdue;
pub use store::STATEMENTS;

use web::{
    NavItem,
    task::{Look, Task, Urgency},
};

kernel::rights! {
    /// Keeps the school's register of incidents with personal data.
    KeepBreaches = "breaches.keep": [Director, SchoolAdministrator],
    /// Sees of every school which incidents are open and how much time is left; neither people nor texts.
    WatchBreaches = "breaches.watch": [Support, SupplierAdministrator],
}

/// What may wait.
pub const TASK: Task = Task::of::<KeepBreaches>("/{school}/breaches", "home-breaches", Urgency::Today, Look::Moment(&store::TASK_UNREPORTED));

/// What the navigation offers.
pub const NAVIGATION: &[NavItem] = &[
    NavItem::of::<KeepBreaches>("/{school}/breaches", "alarm", "nav-breaches"),
    NavItem::of::<WatchBreaches>("/support/breaches", "alarm", "nav-breaches"),
];

/// `/support/breaches`, `/{school}/breaches…`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    watch::routes(cfg);
    pages::routes(cfg);
}
