//! Consents: what a child's personal data may be used for, as their legal representatives say it, and what stops when they take it back.
//!
//! A purpose is a dated row with its rule: processing runs *until somebody says no* (`until_refused`: what law, or the application for
//! enrolment, covers), or *only after somebody said yes* (`after_yes`). Each word is a row of a ledger that nobody can change: who said
//! what about whose data, when, to which version of the text in which language, on screen or on paper with a scan, and from where.
//!
//! Whose word holds: of those who had a say when last somebody spoke, each one's last word counts, and the stricter holds
//! (`identity_v_consent`). A consent is only one if it is nobody's against their will: one guardian's no is not outvoted by the other's
//! yes, and a quarrel is not the school's to decide. A guardian who is one no more, or is barred by a court, has no say from the next
//! word on; whoever turned eighteen speaks alone, by themselves.
//!
//! What must stop is written beside the word in the same transaction (`consent_stop`): a small table, usually almost empty, that the
//! statements at doors, tills and phones look into for every event. What happened during a stop is not made up for when it ends.
//!
//! Owns `consent_purpose`, `consent_text`, `consent`, `consent_stop`; publishes `identity_v_consent` (the last word) and
//! `identity_v_consent_stop`. Reads `people_v_kinship`, `people_v_name`, `people_v_pupil`, `people_v_pupil_class`.
//! Rights: `consents.give` (guardian, pupil of age), `consents.see` (director, deputies, administrator, class teacher, social pedagogue),
//! `consents.record` (director, deputy for upbringing, administrator, class teacher, social pedagogue).
//! Everything of a person here: `consent.person_id` (whose data), `consent.by_person`, `consent.recorded_by` and `consent.voters` (who
//! spoke, wrote down, had a say), `consent_stop.person_id`, and the scans, `file.person_id` of kind `consents.scan`.
//! Always true:
//!  1. A word never changes and a text never changes: no role may update the ledger, only an erasure takes its person's words away, and
//!     a trigger keeps the texts.
//!  2. Nobody speaks for a child whose guardian they are not now, nor for one of age ([`rules::may_speak`], under the child's lock).
//!  3. When guardians differ, the stricter holds (view `identity_v_consent`).
//!  4. A stop is open exactly while the last word is no, from the same transaction on (`consent_stop`).
//!  5. What needs a yes is not allowed without one ([`allows`]).
//!  6. A word said twice is one word; a word to a text that is no longer the newest is refused.
//!  7. A word from paper names its scan and who wrote it down (CHECK), and every word is audited in its own transaction.
//!  8. Who may see some classes only sees and records for their pupils (`Ctx::within`, in the statements).

mod blank;
mod own_pages;
mod paper;
mod rules;
mod school;
mod school_pages;
mod service;
mod sheet_pages;
mod store;

pub use own_pages::own_ctx;
pub use rules::{Act, How, Purpose, Rule, Wish};
pub use service::{Child, Given, Speaker, allows, children, give};
pub use store::STATEMENTS;

use web::{
    NavItem,
    task::{Look, Task, Urgency},
};

/// What a scan of ours is called among the files.
pub const SCAN: &str = "consents.scan";

kernel::rights! {
    /// Gives consents for one's own children and takes them back; from eighteen on, for oneself.
    GiveConsents = "consents.give": [Guardian, Pupil],
    /// Sees who gave which consent at the school.
    SeeConsents = "consents.see" by class: [Director, DeputyAcademic, DeputyUpbringing, SchoolAdministrator, ClassTeacher, SocialPedagogue],
    /// Writes down consents that were given on paper.
    RecordConsents = "consents.record" by class: [Director, DeputyUpbringing, SchoolAdministrator, ClassTeacher, SocialPedagogue],
}

/// What may wait.
pub const TASK: Task = Task::of::<RecordConsents>("/{school}/consents", "home-consents", Urgency::Sometime, Look::Classes(&store::TASK_SILENT));

/// What the navigation offers.
pub const NAVIGATION: &[NavItem] = &[
    NavItem::of::<GiveConsents>("/my/consents", "check", "nav-my-consents"),
    NavItem::of::<SeeConsents>("/{school}/consents", "check", "nav-consents"),
];

/// `/my/consents…`, `/{school}/consents…`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    // The guardian's first: `/{school}/consents` would take their address.
    own_pages::routes(cfg);
    school_pages::routes(cfg);
    sheet_pages::routes(cfg);
    blank::routes(cfg);
}
