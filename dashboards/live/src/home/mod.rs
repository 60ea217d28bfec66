//! Home of whoever works at a school: what waits to be done today, what is late first, and below it the day at the doors for who may see it.
//!
//! What may wait is said by the rooms themselves ([`web::Task`], collected in `rooms.rs`); this page asks for what concerns the reader, all in one
//! round trip, and knows none of them. Numbers and days only: whose they are is seen on the pages it leads to.
//! Owns nothing. Reads what [`crate::school`] reads, where the reader may.
//! Rights: `live.see_home` (every role of a school).
//! Always true:
//!  1. A task is shown to who may do it and to nobody else, and counts what lies within their classes ([`web::Task::concerns`]).
//!  2. What keeps itself fresh asks for the figures alone, and not for the tasks again.

mod pages;

pub use pages::routes;

kernel::rights! {
    /// Sees the page that the day begins with: what waits to be done.
    SeeHome = "live.see_home" by class: [Director, DeputyAcademic, DeputyUpbringing, SchoolAdministrator, Teacher, ClassTeacher, Psychologist, CareerCounsellor, SocialPedagogue, Librarian, CanteenWorker, Nurse, CardOfficer, DoorGuard],
}
