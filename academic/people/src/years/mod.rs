//! Years: the school year with its quarters, breaks and days off, and what a school changed in it for itself.
//!
//! What is national stands in `school_year_span` and `schooling_norm`, dated and with its act; days off by law come from `identity_v_day_off`.
//! Other rooms load a [`Calendar`] ([`calendar`]) and ask it: is this a school day for this grade, and which quarter is it?
//!
//! Owns `school_year_span`, `schooling_norm`, `school_norm`, `school_day`. Reads `identity_v_day_off`.
//! Rights: `people.see_calendar` (everybody who works at the school), `people.set_calendar` (director, deputy for academic work, administrator).
//! Always true:
//!  1. Quarters follow one another within the year, and none shares a day with a break ([`Calendar::quarters`] derives them).
//!  2. A school's own word about a day holds against the country's, and only within the year ([`Calendar::day`]).
//!  3. A school says one thing of a day at a time (unique index `school_day_open`); what it said before stays.

mod api;
mod pages;
mod rules;
mod service;
mod store;

pub(crate) use rules::short;
pub use rules::{Calendar, Day, Span, SpanKind, year_of};
pub use service::{Norm, calendar, known, norm};
pub use store::STATEMENTS;
use web::NavItem;

kernel::rights! {
    /// Sees the school's calendar.
    SeeCalendar = "people.see_calendar": [Director, DeputyAcademic, DeputyUpbringing, SchoolAdministrator, Teacher, ClassTeacher, Psychologist, CareerCounsellor, SocialPedagogue, Librarian, CanteenWorker, Nurse, CardOfficer, DoorGuard],
    /// Says on which days the school does otherwise, its last grade, and how many days a week it works.
    SetCalendar = "people.set_calendar": [Director, DeputyAcademic, SchoolAdministrator],
}

/// `/{school}/calendar…`, `/api/v1/schools/{school}/years`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    pages::routes(cfg);
    api::routes(cfg);
}

/// The description of the API of years.
pub fn described() -> utoipa::openapi::OpenApi {
    <api::Described as utoipa::OpenApi>::openapi()
}

/// What the navigation offers.
pub const NAVIGATION_ITEM: NavItem = NavItem::of::<SeeCalendar>("/{school}/calendar", "calendar", "years-nav").in_group(web::NavGroup::Year);
