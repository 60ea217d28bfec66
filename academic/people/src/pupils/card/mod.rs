//! Card: what a school writes down of a person beside belonging to it, and what it was before.
//!
//! A field has one open value; a change ends it on a day and opens the next, a correction of a mistake ends it with the reason, and the new
//! value has stood all the time. Names, date of birth, sex and language are in `person`, one for all schools that see the person; the
//! rest is the school's own. History is the school's that wrote it.
//!
//! Owns `person_value`; writes `person` with the room that owns it. Reads `people_v_pupil`.
//! Rights: `people.see_cards` (director, deputies, administrator, class teacher, specialists), `people.edit_cards` (director, deputies,
//! administrator).
//! Always true:
//!  1. A field of a person has at most one open value at a school (unique index `person_value_open`).
//!  2. No former value is lost: a change or a correction keeps it, with its days and who ended it; the same form sent twice changes once.
//!  3. A correction has its reason (CHECK), and every change its audit row, with names of fields and without values.
//!  4. Who may see some classes only sees and changes their pupils (`Ctx::within`, in the statements).

pub(crate) mod pages;
pub(crate) mod rules;
mod service;
mod store;
pub(crate) mod view;

pub use pages::routes;
pub use rules::{Field, How};
pub use service::{Card, Former, card, change, change_pupil, former, history, phone_owners, phones};
pub(crate) use service::card_held;
pub use store::STATEMENTS;

kernel::rights! {
    /// Sees address, contacts and history in the card of a pupil and of a guardian.
    SeeCards = "people.see_cards" by class: [Director, DeputyAcademic, DeputyUpbringing, SchoolAdministrator, ClassTeacher, Psychologist, SocialPedagogue, Nurse],
    /// Changes the cards of pupils and guardians.
    EditCards = "people.edit_cards" by class: [Director, DeputyAcademic, DeputyUpbringing, SchoolAdministrator],
}
