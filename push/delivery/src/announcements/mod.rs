//! Announcements: what a school tells many guardians at once, and who has read it.
//!
//! It is written in both languages, looked at with how many it will reach, and sent. Sending fixes its readers (one row for each guardian and
//! child) in one statement and orders a job, which tells the guardians in portions: a notice in the inbox of each, pushes in the lane of bulk,
//! or as an alarm where it is urgent. A guardian says themselves that they have read it; who has not can be reminded.
//!
//! Owns `announcement`, `announcement_reader`, and the job `delivery.announce`. Reads `people_v_pupil`, `people_v_class`, `people_v_kinship`,
//! `people_v_name`, `identity_v_consent_stop`; marks `notice.read_at`.
//! Rights: `delivery.announce` (director, deputies, administrator), `delivery.read_announcement` (guardian).
//! Always true:
//!  1. A guardian gets an announcement once, however many children they have in its audience, and once more for a reminder
//!     (`told_at` is written in the transaction of the notice).
//!  2. What was sent is not changed, and is sent once, however often the button is pressed (the announcement's row lock).
//!  3. Only whom it was sent to, and who is a guardian of that child now, reads it and says so; saying it twice keeps the first time.
//!  4. A reminder goes to who has not confirmed, and to them once an hour at most.

mod form;
mod own_pages;
mod pages;
mod rules;
mod service;
mod store;
mod work;

pub use rules::{Audience, NewAnnouncement};
pub use store::{HOLDINGS, STATEMENTS};
pub use work::Announce;

kernel::rights! {
    /// Tells many guardians of the school something, and sees who has read it.
    AnnounceToGuardians = "delivery.announce": [Director, DeputyAcademic, DeputyUpbringing, SchoolAdministrator],
    /// Reads what the school announced to one's own family.
    ReadAnnouncements = "delivery.read_announcement": [Guardian],
}

/// `/my/announcements/{id}…`, `/{school}/announcements…`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    // The guardian's first: `/{school}/announcements` would take their address.
    own_pages::routes(cfg);
    pages::routes(cfg);
}
