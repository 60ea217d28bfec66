//! Families: who answers for a pupil at home, how they stand to the child, and how they are reached.
//!
//! A guardian is a person of the school; one who has a child here already is linked, not written down again. Whoever is one no more has an
//! end in `kinship`, and from that day on sees nothing of the child (`people_v_kinship`): the database tells every instance whom it
//! concerns, their sessions forget what they knew, and codes that invited them open nothing. Consents that they gave stay in the ledger; they
//! have no say from the next word on.
//!
//! Owns nothing of its own; writes `kinship`, `person`, `school_person` and `person_value` with the rooms that own them. Reads
//! `people_v_pupil`, `identity_v_office`.
//! Rights: `people.edit_families` (director, deputy for upbringing, administrator); the guardian's page takes `people.see_cards` and
//! `people.edit_cards`.
//! Always true:
//!  1. A guardian who is ended is none from that day on, in every session (view `people_v_kinship`, trigger of `kinship`).
//!  2. Who is linked is somebody whom this school knows or knew: a guardian here, or one who works here (the statement).
//!  3. Who may see some classes only neither sees nor links a guardian of others (`Ctx::within`, in the statements).
//!  4. Every change is audited in its own transaction, with ids and without names.

mod guardian_pages;
pub mod list;
mod pages;
mod rules;
mod service;
mod store;

pub use service::{GuardianDetail, Kin, end, guardian, link};
pub use store::STATEMENTS;

kernel::rights! {
    /// Names the guardians of pupils, changes how they stand to the child, and ends it.
    EditFamilies = "people.edit_families" by class: [Director, DeputyUpbringing, SchoolAdministrator],
}

/// `/{school}/pupils/{id}/family…`, `/{school}/guardians/{id}…`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    list::routes(cfg);
    pages::routes(cfg);
    guardian_pages::routes(cfg);
}
