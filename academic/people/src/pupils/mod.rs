//! Pupils: who learns at the school, in which class, and who answers for them at home. What is written down of them beside is [`card`].
//! Owns `person`, `school_person`, `enrolment`, `kinship`; publishes `people_v_pupil`, `people_v_pupil_class`, `people_v_adult` and
//! `people_v_member`. Reads `safety_v_card`.
//! Rights: `people.see_pupils` (director, deputies, administrator, teachers, psychologist, social pedagogue, nurse, card officer), `people.enrol` (director, administrator).
//! Always true:
//!  1. A pupil is in one class of a school at a time (unique index `enrolment_open`).
//!  2. A guardian is named once for a child at a time (unique index `kinship_open`).
//!  3. Every change is audited in its own transaction, with ids and without names.
//!  4. Who may see some classes only finds no pupil of another, in the list or by id (`Ctx::within`, in the statements).

mod api;
pub mod card;
mod enrolments_api;
pub mod list;
mod pages;
mod rules;
mod service;
mod store;

pub use rules::{KinshipKind, NewPerson};
pub(crate) use rules::{full_name, is_name};
pub(crate) use service::{add_person, in_sight};
pub use service::{Family, Filter, PupilDetail, PupilPage, Schooling, Sibling, add_guardian, enrol, pupil, pupils};
pub use store::{Guardian, Pupil, STATEMENTS};

kernel::rights! {
    /// Sees the pupils of the school and their guardians.
    SeePupils = "people.see_pupils" by class: [Director, DeputyAcademic, DeputyUpbringing, SchoolAdministrator, Teacher, ClassTeacher, Psychologist, SocialPedagogue, Nurse, CardOfficer],
    /// Takes pupils in and names their guardians.
    EnrolPupils = "people.enrol": [Director, SchoolAdministrator],
}

/// The description of the API of pupils.
pub fn described() -> utoipa::openapi::OpenApi {
    let mut described = <api::Described as utoipa::OpenApi>::openapi();
    described.merge(<enrolments_api::Described as utoipa::OpenApi>::openapi());
    described
}

/// `/{school}/pupils…`, `/api/v1/schools/{school}/pupils…`, `/api/v1/schools/{school}/enrolments`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    list::routes(cfg);
    pages::routes(cfg);
    api::routes(cfg);
    enrolments_api::routes(cfg);
}
