//! Delivery: what people are told, and whether it reached them.
//!
//! The engine hands drafts ("this child entered") to [`issue`] inside its own transaction. Issue finds the guardians, keeps a
//! notice for the inbox of each, and one delivery row for each phone, leased to this instance. After the commit the engine gives
//! the pushes to the [`Dispatcher`], which sends them from memory through a [channel](channels); the rows make them certain when
//! a process dies between the two.
//!
//! Rooms: [`issue`] and [`dispatch`], with the [`channels`]; [`inbox`], [`switches`] and [`hours`] of a reader ([`Own`]); [`phones`], by which
//! people are reached, and [`subscriptions`], which are browsers' and made on a page, and [`links`], which are chats' and made by a code, and [`mailbox`]; [`announcements`] of a school to many; [`log`], which tells support why somebody was, or was not; [`undelivered`], which sends again what a fault kept from everybody.

pub mod announcements;
pub mod channels;
pub mod dispatch;
pub mod hours;
pub mod inbox;
pub mod issue;
pub mod keep;
pub mod links;
pub mod log;
pub mod mailbox;
mod own;
pub mod phones;
pub mod subscriptions;
pub mod switches;
mod tell;
#[cfg(test)]
mod test_data;
mod text;
pub mod undelivered;

pub use announcements::{Announce, AnnounceToAll};
pub use dispatch::{Dispatch, Dispatcher, Stop};
pub use issue::{Issued, IssuedNotice, Push, issue};
pub use own::Own;
pub use tell::Tell;
pub use text::{notice_text, push_text};

use kernel::{
    Locale,
    right::{Right, Role},
};
use web::{NavItem, Source};

/// Every statement of this crate, for the test that prepares them all.
pub const STATEMENTS: &[&[&dyn kernel::sql::Statement]] = 
    &[issue::STATEMENTS, dispatch::STATEMENTS, inbox::STATEMENTS, switches::STATEMENTS, announcements::STATEMENTS, hours::STATEMENTS, tell::STATEMENTS, phones::STATEMENTS, subscriptions::STATEMENTS, links::STATEMENTS, mailbox::STATEMENTS, log::STATEMENTS, undelivered::STATEMENTS];

/// Every right of this crate, by room.
pub const RIGHTS: &[&[(Right, &[Role])]] = &[inbox::RIGHTS, switches::RIGHTS, announcements::RIGHTS, log::RIGHTS, undelivered::RIGHTS];

/// The texts of this crate.
pub const LOCALES: &[Source] = &[
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/delivery.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/subscriptions.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/delivery.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/subscriptions.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/delivery.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/announcements.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/announcements.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/announcements.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/subscriptions.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/links.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/links.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/links.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/undelivered.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/undelivered.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/undelivered.ftl") },
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/mailbox.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/mailbox.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/mailbox.ftl") },
];

/// What the navigation offers.
pub const NAVIGATION: &[NavItem] = &[
    NavItem { roles: own::READERS, ..NavItem::of::<inbox::SeeInbox>("/my/inbox", "inbox", "nav-inbox") },
    NavItem::of::<announcements::AnnounceToGuardians>("/{school}/announcements", "bell", "nav-announcements").in_group(web::NavGroup::People),
    NavItem::of::<log::SeeDeliveryLog>("/{school}/deliveries", "bell", "nav-deliveries"),
    NavItem { roles: &[Role::Support, Role::SupplierAdministrator], ..NavItem::of::<log::SeeDeliveryLog>("/support/deliveries", "bell", "nav-deliveries") },
    NavItem::of::<undelivered::ReplayDeliveries>("/support/undelivered", "refresh", "nav-undelivered"),
];

/// `/my/inbox`, `/my/switches`, `/my/quiet`, `/my/phones`, `/my/notices.json`, `/my/push/…`, `/my/telegram/code`, `/my/mail`, `/my/announcements/…`, `/{school}/announcements…`, `/support/deliveries`, `/{school}/deliveries`, `/support/undelivered…`, `/api/v1/push-tokens`.
/// To be registered before rooms that have `/my/{child}`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    inbox::routes(cfg);
    switches::routes(cfg);
    hours::routes(cfg);
    announcements::routes(cfg);
    phones::routes(cfg);
    subscriptions::routes(cfg);
    links::routes(cfg);
    mailbox::routes(cfg);
    log::routes(cfg);
    undelivered::routes(cfg);
}

/// The description of this crate's API.
pub fn described() -> utoipa::openapi::OpenApi {
    phones::described()
}
