//! Custody: what a guardian may not, by a court's act or by the family's word: see the child's data, pick the child up.
//! Owns `custody_limit`. Reads `kinship`, `people_v_pupil`, `people_v_name`; decides what `people_v_kinship` shows.
//! Rights: `people.set_custody` (director, school administrator), `people.see_pickups` (guard at the door, class teacher, deputies,
//! director, administrator).
//! Always true:
//!  1. Whom a limit bars from the data is no guardian of that child in `people_v_kinship` while it holds, and so nowhere: no page, no
//!     notice, no push, no invitation, no consent (the view itself).
//!  2. A limit is never changed and never deleted: it ends, and who set and who ended it stays (no statement does more).
//!  3. A limit by a court's act names the act's number and date (a constraint of the table, and [`rules`]).
//!  4. Audit rows hold ids, neither the act nor the words of the family.

mod pages;
mod rules;
mod service;
mod store;

pub use pages::routes;
pub use service::{Refused, refused_pickups};
pub use store::STATEMENTS;

kernel::rights! {
    /// Writes down and ends limits of guardians.
    SetCustody = "people.set_custody": [Director, SchoolAdministrator],
    /// Sees to whom a child is not to be handed over.
    SeePickups = "people.see_pickups": [DoorGuard, ClassTeacher, DeputyUpbringing, Director, SchoolAdministrator],
}
