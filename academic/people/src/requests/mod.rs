//! Requests: a guardian tells the school what changed, and the office takes it over field by field or says why not.
//!
//! What is asked is kept with the value that stood when it was asked, so that the office sees both, and sees when somebody changed the card
//! meanwhile. What is accepted is written by [`crate::pupils::card`], with its history and audit, as if the office had typed it. The
//! guardian hears of it by a notice ([`notice::REQUEST_ANSWERED`]) and reads the outcome on their own page.
//!
//! Owns `update_request`, `update_request_field`; its files are of the kind `people.update_document`, with the child in `file.person_id`.
//! Reads `people_v_kinship`, `people_v_name`, `people_v_pupil`.
//! Rights: `people.ask_update` (guardian), `people.answer_update` (director, deputies, administrator).
//! Always true:
//!  1. Only who is a guardian of the child now asks, and nothing of theirs is taken over once they are none or are barred (`people_v_kinship`,
//!     in the same transaction).
//!  2. What stands already is not asked for, and a request for nothing is refused ([`rules::asked`]).
//!  3. A field is answered once, also by two officers at once; the same form sent twice answers once ([`rules::judge`], under the request's
//!     row lock).
//!  4. A value that nobody looked at is not overwritten: what changed since the form was shown is shown again ([`rules::judge`], under the
//!     person's row lock).
//!  5. A guardian has at most a few open requests about a child (under a lock of the two).
//!  6. Every word is audited in its own transaction, with names of fields and without values.

mod office_pages;
mod own_pages;
mod rules;
mod service;
mod store;

pub use rules::{About, Verdict};
pub use store::{HOLDINGS, STATEMENTS};

use web::{
    NavItem,
    task::{Look, Task, Urgency},
};

/// What a document of ours is called among the files.
pub const DOCUMENT: &str = "people.update_document";

kernel::rights! {
    /// Tells the school what changed about one's own children and oneself.
    AskUpdate = "people.ask_update": [Guardian],
    /// Takes over what guardians say has changed, or refuses it.
    AnswerUpdates = "people.answer_update": [Director, DeputyAcademic, DeputyUpbringing, SchoolAdministrator],
}

/// Where the office finds all. A guardian comes from their children's pages: five places are enough for the bar under their thumb.
pub const NAVIGATION_ITEM: NavItem = NavItem::of::<AnswerUpdates>("/{school}/updates", "inbox", "updates-nav");

/// What may wait.
pub const TASK: Task = Task::of::<AnswerUpdates>("/{school}/updates?state=waiting", "home-updates", Urgency::Today, Look::Moment(&store::TASK_WAITING));

/// `/my/updates…`, `/my/{child}/update`, `/{school}/updates…`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    // The guardian's first: `/{school}/updates` would take their address.
    own_pages::routes(cfg);
    office_pages::routes(cfg);
}
