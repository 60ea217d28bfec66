//! Transfers: a pupil goes from one school of this hub to another, with their data and their history.
//!
//! The sending school releases the pupil: a slip with a code, which is shown once and good for three working days. The pupil stays where they
//! are until the receiving school accepts with that code; then, in one transaction, the sending school's time ends with an order and a line in
//! its book, and the pupil, the family and the limits of guardians are at the receiving school (function `people_transfer_accept`). Consents,
//! photos, confidential records and cards do not go along: each school asks for its own. The receiving school sees in which classes the pupil
//! learned before (function `people_schooling_before`), the sending school keeps its own time.
//!
//! Owns `transfer`. Reads `organisation`, `enrolment`.
//! Rights: `people.enrol` of the room of pupils.
//! Always true:
//!  1. A code is kept by its hash only, and works once, at the school it is addressed to, until its last day (the function looks).
//!  2. A pupil has one open slip at a time (unique index `transfer_open`).
//!  3. A limit of a guardian goes along: whom it bars is barred at the receiving school from the first moment (the function).

mod pages;
mod rules;
mod service;
mod store;

pub use pages::routes;
pub use rules::{Code, Reason, expires};
pub(crate) use service::{Before, before};
pub use service::{accept, cancel, release};
pub use store::STATEMENTS;
use web::{
    NavItem,
    task::{Look, Task, Urgency},
};

use crate::pupils::EnrolPupils;

/// What the navigation offers.
pub const NAVIGATION_ITEM: NavItem = NavItem::of::<EnrolPupils>("/{school}/transfers", "door-in", "transfers-nav");

/// What may wait.
pub const TASK: Task = Task::of::<EnrolPupils>("/{school}/transfers", "home-transfers", Urgency::Today, Look::Day(&store::TASK_ADDRESSED));
