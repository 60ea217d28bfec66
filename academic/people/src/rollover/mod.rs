//! Rollover: the whole school goes into the next year at once.
//!
//! Each class goes into the next grade with its letter and all that is known of it, pupils of the last grade leave as graduates, those who are
//! ticked stay in their grade, and empty classes wait for the first grade. What will happen is shown before it is done ([`rules::plan`]), and
//! done in one transaction of a constant number of statements, with one order. Classes are of one year: the old ones are closed and new ones
//! opened, so that every list as of a past day stays true.
//!
//! Owns `rollover`. Reads `school_class`, `enrolment`, `person`, `movement`, `people_v_building`.
//! Rights: `people.roll_over` (director, administrator).
//! Always true:
//!  1. Everybody who was in a class is afterwards in exactly one class of the next year, or has left as a graduate ([`rules::plan`]).
//!  2. A school goes into a year once; sent twice it is done once (unique index `rollover_year`).
//!  3. Taken back within a day, everything is as it was; when anything followed, it is refused.

mod pages;
mod rules;
mod service;
mod store;

pub use pages::routes;
pub use service::{Preview, Request, preview, roll_over, take_back};
pub use store::STATEMENTS;
use web::{
    NavItem,
    task::{Look, Task, Urgency},
};

kernel::rights! {
    /// Takes the whole school into the next year.
    RollOver = "people.roll_over": [Director, SchoolAdministrator],
}

/// What may wait.
pub const TASK: Task = Task::of::<RollOver>("/{school}/rollover", "home-rollover", Urgency::Soon, Look::Day(&store::TASK_DUE));

/// What the navigation offers.
pub const NAVIGATION_ITEM: NavItem = NavItem::of::<RollOver>("/{school}/rollover", "calendar", "rollover-nav").in_group(web::NavGroup::Year);
