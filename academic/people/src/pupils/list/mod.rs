//! The list of pupils that an office works in: searched, filtered, sorted, taken away as a file, and many of it dealt with at once.
//!
//! Everything that is asked for stands in the address ([`Sieve`] reads it), so a filtered list can be sent to a colleague, and what a task of
//! the home page counts is one click away. The list of a page, its total and its file come of one statement.
//! A search compares the rows of one school, found by the key of their school, as [`crate::find`] does.
//!
//! Owns nothing of its own; reads `enrolment`, `school_class`, `person`, `kinship`, `person_iin`, `person_value` of this wing.
//! Rights: `people.see_pupils` shows, `people.take_lists` takes away as a file; moving asks for `people.enrol`, printing codes for
//! `identity.manage_accounts`.
//! Always true:
//!  1. A file holds exactly the pupils that its page says are found (one statement, one sieve).
//!  2. Who may see some classes only finds, counts and takes away nobody of another (`Ctx::within`, in the statement).
//!  3. What is done with many is one act: all of them or none, with one order and one audit row, taken back with one press.

mod bulk;
mod pages;
mod service;
mod sieve;
mod store;

pub use pages::routes;
pub use service::{Page, listed};
pub use sieve::{Order, Sieve};
pub use store::{Listed, STATEMENTS};

use web::task::{Look, Task, Urgency};

use crate::{families::EditFamilies, iin::SeeIin, pupils::SeePupils};

/// What may wait.
pub const TASKS: [Task; 3] = [
    Task::of::<EditFamilies>("/{school}/pupils?missing=guardian", "home-no-guardian", Urgency::Soon, Look::Classes(&store::TASK_NO_GUARDIAN)),
    Task::of::<SeeIin>("/{school}/pupils?missing=iin", "home-no-iin", Urgency::Soon, Look::Day(&store::TASK_NO_IIN)),
    Task::of::<SeePupils>("/{school}/pupils?birthday=week", "home-birthdays", Urgency::Sometime, Look::OwnClasses(&store::TASK_BIRTHDAYS)),
];

kernel::rights! {
    /// Takes lists of pupils and their guardians away as files.
    TakeLists = "people.take_lists" by class: [Director, DeputyAcademic, DeputyUpbringing, SchoolAdministrator, ClassTeacher, SocialPedagogue],
}
