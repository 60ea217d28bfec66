//! Departments: what an education department, a region or the ministry knows of the schools below it: sums, never a person.
//! Owns `school_tally`, which only the function `departments_figures` reads and writes: it looks below the reader's own organisation, and keeps for five
//! minutes what it counted. Reads `people_v_organisation`.
//! Rights: `departments.see` (district department, region administration, ministry).
//! Always true:
//!  1. An authority sees what lies below it and nothing else: another's page is not there (the function looks from the reader's own scope).
//!  2. No row of a person leaves the database: the function sums, and a number of people from one to four is not said.
//!  3. What needs somebody stands first ([`rules::worst_first`]).

mod pages;
mod rules;
mod service;
mod store;

pub use pages::routes;
pub use store::STATEMENTS;

kernel::rights! {
    /// Sees the sums of the schools below one's authority.
    SeeDepartment = "departments.see": [DistrictDepartment, RegionAdministration, Ministry],
}
