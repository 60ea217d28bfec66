//! Doubles: persons who are registered twice at the school are found, told apart, or merged into one; and forms say before they write
//! somebody down that there is a namesake.
//!
//! A merge moves every row that holds the one person to the other, whatever table it stands in (`people_merge_move` reads the catalogue), and
//! writes each down as it was and as it became. A row that has no place beside the other's, such as a second belonging of the same days, is
//! taken out and kept for the undo. What the card says is chosen field by field and written by [`crate::pupils::card`]. Within a day all of
//! it is put back exactly, unless something followed on what was moved. Old links to who went lead to who stayed.
//!
//! Owns `person_pair`, `person_merge`, `person_merge_row`. Acts on all tables by `people_merge_…` (owner's rights, in the caller's scope).
//! Rights: `people.merge` (director, administrator).
//! Always true:
//!  1. A likeness has no order, and two who were told apart are not offered again until that is taken back ([`rules::likeness`], `person_pair`).
//!  2. After a merge no row of any table holds who went, but for the audit and the memory of merges (a test walks the catalogue).
//!  3. What cannot be merged is refused with its own sentence, and nothing is moved ([`rules::refusal`], in the same transaction).
//!  4. An undo puts every row back exactly as it was, or changes nothing (`people_merge_undo`).
//!  5. A merge is done once, also when it is sent twice or by two at once (a lock of the school, unique index `person_merge_gone`).
//!  6. Every word is audited in its own transaction, with ids and without names.

pub(crate) mod namesakes;
mod pages;
mod rules;
mod service;
mod store;

pub(crate) use pages::lead_on;
pub use pages::routes;
pub use store::{HOLDINGS, STATEMENTS};

kernel::rights! {
    /// Finds persons who are registered twice, and merges them.
    MergeDoubles = "people.merge": [Director, SchoolAdministrator],
}

/// What the navigation offers.
pub const NAVIGATION_ITEM: web::NavItem = web::NavItem::of::<MergeDoubles>("/{school}/doubles", "copy", "doubles-nav");
