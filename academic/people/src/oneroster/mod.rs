//! OneRoster: the register of a school goes to another system, and another system's comes here, as the zip of CSV files that OneRoster 1.2 describes
//! (1EdTech, CSV binding 1.2, bulk mode).
//!
//! Out: a job reads the school and one year, and writes every file from what it read at once ([`rules::write`]), so that no row names another that
//! is not there. Guardians whom a limit bars from a child's data are not that child's agents. An IIN never stands in it.
//! In: a zip is unpacked within bounds ([`unpack`]), read ([`rules::read`]), and its pupils and employees become two lists of the room of imports,
//! which shows, mends, brings in and takes back as with any list. What the other system calls a person is remembered by school and system, so
//! that a changed name is a word about somebody known and nobody new.
//!
//! Rejected: delta mode (it says what to delete: a school lets nobody go by somebody else's file); writing over names and classes (a list adds).
//!
//! Owns `oneroster_id`. Reads `school_class`, `enrolment`, `person`, `person_value`, `kinship`, `staff_line`, `organisation`, `school_year_span`,
//! `people_v_kinship`, `identity_v_held`, `identity_v_class_teacher`.
//! Rights: `people.export_roster` (director, school administrator); bringing in is `people.import` of the room of imports.
//! Always true:
//!  1. Every row that names another names one that is in the zip, and every id is there once ([`rules::write`] leaves out what it cannot resolve).
//!  2. No guardian whom a limit bars is an agent of that child, and no IIN stands in any file.
//!  3. Our own zip brought into an empty school gives the same classes and pupils, and into the same school nothing.
//!  4. A zip is read within its bounds, whatever it says of itself, and no name in it is a path ([`unpack`]).

mod format;
mod pack;
mod pages;
mod reading_pages;
mod rules;
mod service;
mod store;
mod unpack;
mod work;

pub(crate) use service::{forget, remember};
pub use store::{HOLDING, STATEMENTS};
pub use work::WriteRoster;

use web::NavItem;

/// The job that writes a zip.
pub const WRITE: &str = "people.write_roster";
/// The kind of its file.
const KIND: &str = "oneroster";

kernel::rights! {
    /// Takes the register out as OneRoster files for another system.
    ExportRoster = "people.export_roster": [Director, SchoolAdministrator],
}

/// What the navigation offers.
pub const NAVIGATION_ITEM: NavItem = NavItem::of::<ExportRoster>("/{school}/oneroster", "refresh", "oneroster-nav");

/// `/{school}/oneroster…`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    pages::routes(cfg);
    reading_pages::routes(cfg);
}
