//! Announcements: what a school tells many at once, and who has read it.
//!
//! It is written in both languages, given files, looked at with how many it will reach, and sent. It is for guardians of the school, of grades
//! or of classes, for the pupils themselves as far as they have a login, for their class teachers, for all staff or those of some roles.
//! Sending fixes its readers (one row for each guardian and child, and one for whoever reads it for themselves) in one statement and orders
//! a job, which tells them in portions: a notice in the inbox of each, pushes in the lane of bulk, or as an alarm where it is urgent. A reader
//! says themselves that they have read it; who has not can be reminded.
//!
//! Owns `announcement`, `announcement_reader`, `announcement_file`, and the jobs `delivery.announce`, `delivery.announce_to_all`. Reads
//! `people_v_pupil`, `people_v_class`, `people_v_kinship`, `people_v_name`, `identity_v_consent_stop`, `identity_v_held`,
//! `identity_v_class_teacher`; marks `notice.read_at`. Its files are of the kind `delivery.attachment`.
//! Rights: `delivery.announce` (director, deputies, administrator), `delivery.read_announcement` (guardian); what was sent to oneself takes
//! none ([`Own`](crate::Own)).
//! Always true:
//!  1. A reader gets an announcement once, however many children they have in its audience and whatever else they are at the school, and once
//!     more for a reminder (`told_at` is written in the transaction of the notice).
//!  2. What was sent is not changed, its files neither, and is sent once, however often the button is pressed (the announcement's row lock).
//!  3. Only whom it was sent to, and who is a guardian of that child, works or learns at the school now, reads it with its files and says so;
//!     saying it twice keeps the first time.
//!  4. A reminder goes to who has not confirmed, and to them once an hour at most.
//!  5. It has five files at most, each a PDF or a picture by its content, and goes with them when a draft is thrown away.

mod form;
mod own_pages;
mod pages;
mod rules;
mod service;
mod store;
mod view;
mod work;

pub use rules::{Audience, NewAnnouncement, Readers, Within};
pub use store::{HOLDINGS, STATEMENTS};
pub use work::{Announce, AnnounceToAll};

kernel::rights! {
    /// Tells many guardians, pupils and staff of the school something, and sees who has read it.
    AnnounceToGuardians = "delivery.announce": [Director, DeputyAcademic, DeputyUpbringing, SchoolAdministrator],
    /// Reads what the school announced to one's own family.
    ReadAnnouncements = "delivery.read_announcement": [Guardian],
}

/// `/my/announcements/{id}…`, `/{school}/announcements…`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    // The reader's first: `/{school}/announcements` would take their address.
    own_pages::routes(cfg);
    pages::routes(cfg);
}
