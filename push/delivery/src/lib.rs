//! Delivery: what people are told, and whether it reached them.
//!
//! The engine hands drafts ("this child entered") to [`issue`] inside its own transaction. Issue finds the guardians, keeps a
//! notice for the inbox of each, and one delivery row for each phone, leased to this instance. After the commit the engine gives
//! the pushes to the [`Dispatcher`], which sends them from memory through a [channel](channels); the rows make them certain when
//! a process dies between the two.
//!
//! Rooms: [`issue`] and [`dispatch`], with the [`channels`]; [`inbox`] and [`switches`] of the guardian; [`phones`], by which
//! people are reached; [`log`], which tells support why somebody was, or was not.

pub mod channels;
pub mod dispatch;
pub mod inbox;
pub mod issue;
pub mod keep;
pub mod log;
pub mod phones;
pub mod switches;
#[cfg(test)]
mod test_data;
mod text;

pub use dispatch::{Dispatch, Dispatcher, Stop};
pub use issue::{Issued, IssuedNotice, Push, issue};
pub use text::notice_text;

use kernel::{
    Locale,
    right::{Right, Role},
};
use web::{NavItem, Source};

/// Every statement of this crate, for the test that prepares them all.
pub const STATEMENTS: &[&[&dyn kernel::sql::Statement]] = 
    &[issue::STATEMENTS, dispatch::STATEMENTS, inbox::STATEMENTS, switches::STATEMENTS, phones::STATEMENTS, log::STATEMENTS];

/// Every right of this crate, by room.
pub const RIGHTS: &[&[(Right, &[Role])]] = &[inbox::RIGHTS, switches::RIGHTS, log::RIGHTS];

/// The texts of this crate.
pub const LOCALES: &[Source] = &[
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/delivery.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/delivery.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/delivery.ftl") },
];

/// What the navigation offers.
pub const NAVIGATION: &[NavItem] = &[
    NavItem::of::<inbox::SeeInbox>("/my/inbox", "inbox", "nav-inbox"),
    NavItem::of::<log::SeeDeliveryLog>("/{school}/deliveries", "bell", "nav-deliveries"),
    NavItem { roles: &[Role::Support, Role::SupplierAdministrator], ..NavItem::of::<log::SeeDeliveryLog>("/support/deliveries", "bell", "nav-deliveries") },
];

/// `/my/inbox`, `/my/switches`, `/support/deliveries`, `/{school}/deliveries`, `/api/v1/push-tokens`.
/// To be registered before rooms that have `/my/{child}`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    inbox::routes(cfg);
    switches::routes(cfg);
    phones::routes(cfg);
    log::routes(cfg);
}

/// The description of this crate's API.
pub fn described() -> utoipa::openapi::OpenApi {
    phones::described()
}
