//! School now: who is inside, what happened today, and the day's figures, which [`crate::home`] shows too.
//! Owns nothing. Reads `safety_v_record`, `safety_v_presence`, `people_v_pupil`, `people_v_member`, `people_v_photo`, `fleet_v_device`.
//! Rights: `live.see_school` (director, deputies, administrator, teachers, social pedagogue, guard at the door).
//! Always true:
//!  1. The stream shows each pass and meal once, newest received first, and goes on where it stopped ([`Place`]).
//!  2. A live fragment and the page come from one template, and an item's id follows from what it tells of ([`Item`]).
//!  3. Who may see some classes only sees the figures, passes and meals of their pupils and nobody else's, and opens no live socket:
//!     what comes over it is the whole school's (`Ctx::within`, in the statements).

mod fragment;
mod item;
mod pages;
mod place;
mod service;
mod store;

pub use fragment::school_fragment;
pub use item::Item;
pub use pages::routes;
pub(crate) use pages::{people_of, quiet};
pub use place::Place;
pub use service::{ClassNow, Figures, Stream, StreamFilter, WhoNow, figures, presence, stream, who};
pub use store::STATEMENTS;

kernel::rights! {
    /// Sees who is inside and today's passes and meals.
    SeeSchoolNow = "live.see_school" by class: [Director, DeputyAcademic, DeputyUpbringing, SchoolAdministrator, Teacher, ClassTeacher, SocialPedagogue, DoorGuard],
}
