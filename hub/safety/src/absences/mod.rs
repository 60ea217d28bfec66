//! Absences: a guardian says that a child will not come, and the school knows it before the first lesson.
//!
//! A note names the first and the last day, the reason and, where they want, some words. A guardian writes it on their own page; who
//! rings up is written down by the office or the class teacher. A note is never changed: it is taken back, by a guardian before its first
//! day, by the school at any time. What excuses a child on a day is what the view `safety_v_excused` shows; [`crate::arrivals`] asks it.
//!
//! Owns `absence_note`, and by [`document`] what belongs to a note; publishes `safety_v_excused`. Reads `people_v_kinship`, `people_v_name`, `people_v_pupil`.
//! Rights: `safety.tell_absence` (guardian), `safety.see_absences` and `safety.enter_absence` (the school's office, class teachers for
//! their classes).
//! Always true:
//!  1. Only who is a guardian of the child now tells or takes back, and sees only what is said of their own (`people_v_kinship`, in the
//!     same transaction).
//!  2. No two notes that hold say something of one day of a child ([`store::OVERLAP_IS`], under the child's lock), and the same form sent
//!     twice is one note.
//!  3. A guardian takes back nothing that has begun ([`rules::may_take_back`]).
//!  4. Who has some classes sees and enters notes of these only (`Ctx::within`, in the statement).

pub mod document;
mod entry_pages;
mod list_pages;
mod own_pages;
mod rules;
mod service;
mod store;
mod view;

pub use store::{HOLDINGS, STATEMENTS, SWEEP};

use web::NavItem;

kernel::rights! {
    /// Tells the school that one's own child will be absent.
    TellAbsence = "safety.tell_absence": [Guardian],
    /// Sees who is absent, from when to when and why.
    SeeAbsences = "safety.see_absences" by class: [Director, DeputyAcademic, DeputyUpbringing, SchoolAdministrator, ClassTeacher, SocialPedagogue],
    /// Writes an absence down that a guardian told at the telephone, and takes it back.
    EnterAbsences = "safety.enter_absence" by class: [Director, DeputyAcademic, DeputyUpbringing, SchoolAdministrator, ClassTeacher],
    /// Opens the document of an absence note, which may tell of a child's health.
    SeeAbsenceDocuments = "safety.see_absence_documents" by class: [Director, DeputyUpbringing, ClassTeacher, SocialPedagogue],
}

/// What the navigation offers.
pub const NAVIGATION_ITEM: NavItem = NavItem::of::<SeeAbsences>("/{school}/absences", "calendar", "absences-nav");

/// `/my/{child}/absence…`, `/{school}/absences…`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    // The guardian's first: `/{school}/…` would take their address.
    own_pages::routes(cfg);
    document::pages::own_routes(cfg);
    document::pages::routes(cfg);
    entry_pages::routes(cfg);
    list_pages::routes(cfg);
}
