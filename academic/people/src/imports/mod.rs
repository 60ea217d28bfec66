//! Imports: a school is brought in from the list that its office has, however messy it is; and the register goes out in the same form.
//!
//! A file is read into lines of text ([`book`]), its columns are recognised by their headings or told by a person (remembered by the headings),
//! and every row is judged ([`rules`]): somebody new, something to add to somebody known, nothing to do, or something to mend. What is wrong
//! says its row, its field, and what to do, and is mended on the spot. Nothing is written before somebody says so; then a job brings the rows in,
//! five hundred at a time ([`Bring`]), and within a day another takes back what nothing followed ([`TakeBack`]).
//!
//! Rejected: keeping the file (it is read at once, and what was read leaves the day it is brought in); writing over what the register says (a
//! list adds what is missing and says what differs: a change has its day and its author, and is made on the card); moving pupils between classes
//! (an act with an order, see [`crate::movement`]).
//!
//! What another room read out of a file of its own comes as rows ([`take_rows`]), with what the file's system calls each person.
//!
//! Owns `import`, `import_line`, `import_row`, `import_mapping`. Reads `person`, `school_person`, `kinship`, `enrolment`, `school_class`,
//! `person_value`, `person_iin`; writes them with the rooms that own them.
//! Rights: `people.import` (director, school administrator).
//! Always true:
//!  1. The same list brought in twice changes nothing the second time (recognised by IIN, or by name, date of birth and class).
//!  2. A list adds and never writes over ([`rules::Plan`] holds what is missing, and the statements fill only what is empty).
//!  3. What a list says stands in the database sealed only, and leaves when it is brought in ([`chest`]).
//!  4. Killed at any portion the job goes on, and no row is brought in twice (a portion marks its rows in its own transaction).
//!  5. Taken back within a day, everything it made and nobody used is gone; what was used stays and is named.
//!  6. What goes out comes in again and changes nothing ([`export`]).

mod book;
mod chest;
mod export;
mod forms;
mod judging;
mod list_pages;
mod pages;
mod rules;
mod service;
mod store;
mod undo;
mod work;

pub(crate) use chest::Chest;
pub(crate) use judging::Desk;
pub(crate) use rules::{Field, RowIn, Source, read_class};
pub(crate) use service::take_rows;
pub use store::{HOLDING, STATEMENTS, SWEEP};
pub use undo::TakeBack;
pub use work::Bring;

use web::{
    NavItem,
    task::{Look, Task, Urgency},
};

/// The job that brings a list in.
pub const BRING: &str = "people.bring_in";
/// The job that takes it back.
pub const TAKE_BACK: &str = "people.take_back";

kernel::rights! {
    /// Brings lists of pupils and employees in, and takes them back within a day.
    BringIn = "people.import": [Director, SchoolAdministrator],
}

/// What the navigation offers.
pub const NAVIGATION_ITEM: NavItem = NavItem::of::<BringIn>("/{school}/imports", "download", "imports-title");

/// What may wait.
pub const TASKS: [Task; 2] = [
    Task::of::<BringIn>("/{school}/imports", "home-imports-unfinished", Urgency::Soon, Look::Day(&store::TASK_UNFINISHED)),
    Task::of::<BringIn>("/{school}/imports", "home-imports-left-out", Urgency::Soon, Look::Day(&store::TASK_LEFT_OUT)),
];

/// `/{school}/imports…`, `/{school}/register.xlsx`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    list_pages::routes(cfg);
    export::routes(cfg);
    pages::routes(cfg);
    forms::routes(cfg);
}
