//! What a guardian holds in the hand: the children on one screen, their day as it happens, and their days before.
//! One room: [`children`]. Inbox, switches and phones are rooms of `delivery`.
//!
//! It owns no table and writes nothing: it reads what `people`, `safety` and `fleet` keep, through the guardian's own scope.

pub mod children;

use kernel::{right::Right, right::Role, sql::Statement};

pub use children::guardian_fragment;

/// Texts of the guardian's pages.
pub const LOCALES: &[web::Source] = &[
    web::Source { locale: kernel::Locale::Kk, ftl: include_str!("../locales/kk/children.ftl") },
    web::Source { locale: kernel::Locale::Ru, ftl: include_str!("../locales/ru/children.ftl") },
    web::Source { locale: kernel::Locale::En, ftl: include_str!("../locales/en/children.ftl") },
];

/// Every statement of this crate.
pub const STATEMENTS: &[&[&dyn Statement]] = &[children::STATEMENTS];

/// The rights of this crate.
pub const RIGHTS: &[&[(Right, &[Role])]] = &[children::RIGHTS];

/// What the navigation offers.
pub const NAVIGATION: &[web::NavItem] = &[web::NavItem::of::<children::SeeOwnChildren>("/my", "home", "nav-my-children")];

/// `/my` and `/my/{child}`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    children::routes(cfg);
}
