//! The IIN of a person at school: written down once, found again, shown by its last digits.
//!
//! The database holds it sealed, and a hash with a key that it does not hold ([`Keeper`]). Everybody who may see the pupil sees the last four
//! digits; all twelve see only those who hold a right of their own, on a page whose every opening is in the audit trail.
//!
//! **No probing.** A person is global, but a school finds by an IIN only who belongs to it. Where another school wrote the same number down,
//! nothing is said: the row is kept as a claim that looks like any other (`person_iin.held`, decided by a trigger that nobody can ask), so
//! that no school learns by typing numbers who learns elsewhere. One person comes of two rows by a transfer or by joining cards, which ask
//! both sides.
//!
//! Owns `person_iin`. Rights: `people.see_iin` (director, school administrator).
//! Always true:
//!  1. No text in the database is an IIN: without the key it is neither read nor looked for ([`Keeper`]).
//!  2. At a school one person has an IIN, and a person has one IIN (primary key, [`Keeper::put_many`]); in the country one person holds it
//!     (unique index `person_iin_held`).
//!  3. A school learns nothing of a number that another school wrote down.
//!  4. All twelve digits stand on no page without the right, and each look is audited; a demo takes no real person's IIN.

mod keeper;
mod pages;
mod service;
mod store;

pub use keeper::Keeper;
pub(crate) use keeper::remove_many;
pub use pages::routes;
pub use store::STATEMENTS;

kernel::rights! {
    /// Sees whole IINs and writes them down.
    SeeIin = "people.see_iin": [Director, SchoolAdministrator],
}
