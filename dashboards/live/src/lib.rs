//! Live dashboards: what is going on at a school now, and how every device of every school is.
//! Rooms: [`home`] (what waits to be done, and the day), [`school`] (who is inside, today's stream), [`board`] (support's board of devices) and [`departments`] (sums for
//! authorities above schools).
//!
//! Each page is whole without script. With it, the engine's session actors send fragments made here from the very templates of
//! the page: [`school_fragment`] and [`support_fragment`].

pub mod board;
pub mod departments;
pub mod home;
pub mod school;

use kernel::{
    Locale,
    right::{Right, Role},
    sql::Statement,
};
use web::{NavItem, Source};

pub use board::support_fragment;
pub use school::school_fragment;

/// Texts of the pages.
pub const LOCALES: &[Source] = &[
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/live.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/live.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/live.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/home.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/home.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/home.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/departments.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/departments.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/departments.ftl") },
];

/// Every statement of this crate, by room.
pub const STATEMENTS: &[&[&dyn Statement]] = &[school::STATEMENTS, departments::STATEMENTS];

/// Every right of this crate, by room.
pub const RIGHTS: &[&[(Right, &[Role])]] = &[home::RIGHTS, school::RIGHTS, departments::RIGHTS];

/// Where the pages stand in the navigation.
pub const NAVIGATION: &[NavItem] = &[
    NavItem::of::<home::SeeHome>("/{school}", "home", "school-nav-home").first(),
    NavItem::of::<school::SeeSchoolNow>("/{school}/presence", "school", "school-nav-presence").first(),
    NavItem::of::<school::SeeSchoolNow>("/{school}/stream", "clock", "school-nav-stream").first(),
    NavItem::of::<departments::SeeDepartment>("/departments", "school", "departments-nav").first(),
    NavItem::of::<fleet::health::SeeDevices>("/support/devices", "device", "board-nav").first(),
];

/// `/support/devices`, `/departments…`, `/{school}`, `/{school}/presence`, `/{school}/stream`. The last of all routes: `/{school}` is any one word.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    board::routes(cfg);
    departments::routes(cfg);
    school::routes(cfg);
    home::routes(cfg);
}
