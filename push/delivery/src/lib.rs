//! Delivery: what people are told, and whether it reached them.
//!
//! The engine hands drafts ("this child entered") to [`issue`] inside its own transaction. Issue finds the guardians, keeps a
//! notice for the inbox of each, and one delivery row for each phone, leased to this instance. After the commit the engine gives
//! the pushes to the [`Dispatcher`], which sends them from memory through a [channel](channels); the rows make them certain when
//! a process dies between the two.
//!
//! Rooms: [`issue`], [`dispatch`], [`channels`].

pub mod channels;
pub mod dispatch;
pub mod issue;
#[cfg(test)]
mod test_data;
mod text;

pub use dispatch::{Dispatch, Dispatcher, Stop};
pub use issue::{Issued, IssuedNotice, Push, issue};
pub use text::notice_text;

use kernel::Locale;
use web::Source;

/// Every statement of this crate, for the test that prepares them all.
pub const STATEMENTS: &[&[&dyn kernel::sql::Statement]] = &[issue::STATEMENTS, dispatch::STATEMENTS];

/// The texts of this crate.
pub const LOCALES: &[Source] = &[
    Source { locale: Locale::Kk, ftl: include_str!("../locales/kk/delivery.ftl") },
    Source { locale: Locale::Ru, ftl: include_str!("../locales/ru/delivery.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../locales/en/delivery.ftl") },
];
