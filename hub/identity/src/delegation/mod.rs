//! Delegation: who goes on leave hands a role of theirs to a colleague, from a day to a day, with a reason.
//! Owns `delegation`. Reads `role_grant`, `school_role_grant`, `class_grant`, `people_v_name`.
//! Rights: `identity.hand_over` (everybody who works at a school), `identity.see_delegations` (director, school administrator).
//! Always true:
//!  1. What was handed over opens nothing that the giver does not hold at that very moment, and for some classes only where the giver has
//!     it so (`roles::store::LIMITED_LIST` reads the giver's own grants).
//!  2. It ends by itself, at the latest when the giver's own role does, and earlier when the giver or an administrator says so.
//!  3. It is not handed on: what is offered are roles held in one's own name ([`store::HELD_LIST`]), and who stands in for somebody gives
//!     nobody a role (`roles::power`).
//!  4. What is done in a colleague's place says so in the audit row (`kernel::ctx::Behalf`).

mod pages;
mod rules;
mod service;
mod store;

pub use pages::routes;
pub use store::STATEMENTS;

kernel::rights! {
    /// Hands a role of one's own to a colleague for a time.
    HandOver = "identity.hand_over" by class: [Teacher, ClassTeacher, DeputyAcademic, DeputyUpbringing, Director, Psychologist, CareerCounsellor, SocialPedagogue, Librarian, CanteenWorker, Nurse, CardOfficer, DoorGuard, SchoolAdministrator],
    /// Sees and ends what others handed over.
    SeeDelegations = "identity.see_delegations": [Director, SchoolAdministrator],
}
