//! People: who belongs to a school and to whom.
//! Rooms: [`organisation`] (the tree of schools), [`classes`], [`pupils`] (pupils, their class and their guardians).
//! Other rooms read what is published as views: `people_v_pupil`, `people_v_member`; and compare names by `fold`.

pub mod classes;
pub mod organisation;
pub mod pupils;

use kernel::{
    Locale,
    right::{Right, Role},
    sql::Statement,
};
use web::{NavItem, Source};

/// Texts of the pages.
pub const LOCALES: &[Source] = &[
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/people.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/people.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/people.ftl") },
];

/// Every statement of this crate, by room.
pub const STATEMENTS: &[&[&dyn Statement]] = &[organisation::STATEMENTS, classes::STATEMENTS, pupils::STATEMENTS];

/// Every right of this crate, by room.
pub const RIGHTS: &[&[(Right, &[Role])]] = &[organisation::RIGHTS, pupils::RIGHTS];

/// Where the pages stand in the navigation.
pub const NAVIGATION: &[NavItem] = &[NavItem::of::<pupils::SeePupils>("/{school}/pupils", "people", "people-nav-pupils")];

/// `/{school}/organisation`, `/{school}/pupils…`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    organisation::routes(cfg);
    pupils::routes(cfg);
}
