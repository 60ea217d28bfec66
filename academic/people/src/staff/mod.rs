//! Staff: who works at the school, as what and how much, what they learned, which category they hold until when, where they worked before,
//! and when they may retire.
//!
//! Staff is whoever holds an office at the school now, or has an open post in the card. The card is made of lines (post, education,
//! category, award, period of work), each with its days and its document. Seniority is computed from the periods and the posts here,
//! never typed. The pension age is a table of dated numbers of the law (`pension_age`), shown with the act and with the word that
//! nobody has checked it yet where that is so.
//! Dismissal ends the posts and, through `identity`, every office of the person at the school, in one transaction.
//!
//! Owns `staff_line`, `pension_age`. Reads `person`, `school_person`, `identity_v_held`.
//! Rights: `people.see_staff` (director, deputies, administrator), `people.manage_staff` (director, administrator).
//! Always true:
//!  1. A day counts once in a seniority, however many periods cover it, and the order of the periods is nothing ([`rules::seniority`]).
//!  2. A line is never changed: it ends, or is struck out with its reason (CHECK; no statement does more).
//!  3. Who is dismissed holds no office at the school from the answer on, and the school keeps an administrator (`identity::logins`).
//!  4. Every change is audited in its own transaction, with ids and without names.

mod api;
mod card_pages;
mod list_pages;
mod rules;
mod service;
mod store;
mod words;

pub(crate) use rules::{CATEGORIES, DEGREES, POSITIONS};
pub use rules::{LineKind, NewLine, PensionRule, Period, Seniority, pension_date, seniority};
pub use service::{Filter, add, dismiss, end, members, of, strike};
pub use store::STATEMENTS;

use web::{
    NavItem,
    task::{Look, Task, Urgency},
};

kernel::rights! {
    /// Sees the staff of the school and their cards.
    SeeStaff = "people.see_staff": [Director, DeputyAcademic, DeputyUpbringing, SchoolAdministrator],
    /// Keeps the cards of staff, and dismisses.
    ManageStaff = "people.manage_staff": [Director, SchoolAdministrator],
}

/// What may wait.
pub const TASKS: [Task; 2] = [
    Task::of::<ManageStaff>("/{school}/staff?ends=post", "home-post-ends", Urgency::Soon, Look::Day(&store::TASK_POST_ENDS)),
    Task::of::<ManageStaff>("/{school}/staff?ends=category", "home-category-ends", Urgency::Sometime, Look::Day(&store::TASK_CATEGORY_ENDS)),
];

/// Where the list stands in the navigation.
pub const NAVIGATION_ITEM: NavItem = NavItem::of::<SeeStaff>("/{school}/staff", "people", "staff-nav");

/// `/{school}/staff…`, `/api/v1/schools/{school}/staff`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    // Before `/{school}/staff/{id}`, which would take their addresses.
    list_pages::routes(cfg);
    card_pages::routes(cfg);
    api::routes(cfg);
}

/// The description of the API of staff.
pub fn described() -> utoipa::openapi::OpenApi {
    <api::Described as utoipa::OpenApi>::openapi()
}
