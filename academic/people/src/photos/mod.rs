//! Photos: the picture of a pupil, by which staff know them. One at a time, with a small one for lists; taken by the office, and only
//! while the consent to photos stands.
//!
//! What is uploaded is written anew (`web::upload`): no place, time or camera is left in it. A picture is never opened to anybody without
//! a right at the school, is given out by its own route and audited, and from the moment the consent is withdrawn it is not there: nobody
//! sees it, and after the time that the rule `photo_after_consent` gives for a word taken back by mistake it is deleted ([`SWEEP`]).
//! Owns `pupil_photo`; its files are of the kinds `people.photo` and `people.photo_small`, with the pupil in `file.person_id`; publishes
//! `people_v_photo`. Reads `people_v_pupil`, `identity_v_consent_stop`.
//! Rights: `people.see_photo` (whoever sees pupils, and the guard at the door), `people.keep_photo` (director, administrator, card officer).
//! Always true:
//!  1. A picture is taken only with a yes to photos (`identity::consents::allows`, in the same transaction).
//!  2. Once the consent is withdrawn it is not there for anybody (view `people_v_photo`), and it is deleted when its rule says so.
//!  3. A pupil has one picture at a time (primary key), and the files of the one before go with it.
//!  4. Who may see some classes only sees no picture of another (`Ctx::within`, in the statements).

mod pages;
mod service;
mod store;

pub use pages::routes;
pub use service::{Photo, photo_of};
pub use store::{STATEMENTS, SWEEP};

/// What a picture of ours is called among the files.
pub const KIND: &str = "people.photo";
/// What the small one is called.
pub const SMALL_KIND: &str = "people.photo_small";

kernel::rights! {
    /// Sees pictures of pupils.
    SeePhotos = "people.see_photo" by class: [Director, DeputyAcademic, DeputyUpbringing, SchoolAdministrator, Teacher, ClassTeacher, Psychologist, SocialPedagogue, Nurse, CardOfficer, DoorGuard],
    /// Adds and removes pictures of pupils.
    KeepPhotos = "people.keep_photo": [Director, SchoolAdministrator, CardOfficer],
}
