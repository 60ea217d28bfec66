//! Identity: who looks at the page, and what they may do.
//! Rooms: [`accounts`] (signing in and out, passwords, the chosen language) and [`sessions`] (tokens, recognising a request).
//! Above them [`guard`]: extractors that give a handler its [`kernel::Ctx`], so that no handler can forget to ask for a right.
//!
//! It knows persons only by id and name. Roles are rows of `role_grant`; being a guardian follows from `kinship`.
//!
//! ```ignore
//! async fn devices(guard: Guard<SeeDevices>) -> web::Answer { … &guard.ctx … }   // `/{school}/devices`, `/support/devices`
//! async fn children(guard: MyGuard) -> web::Answer { … }                       // `/my`
//! ```

pub mod accounts;
pub mod guard;
pub mod schools;
pub mod sessions;

use kernel::{id::SchoolId, right::Right, right::Role, sql::Statement};

pub use accounts::password::{Cost, hash_password};
pub use guard::{Guard, MyGuard, signed_in};
pub use schools::School;
pub use sessions::{Child, Identity, recognise};

/// The organisation of the supplier, which the first migration makes: home of support staff.
pub const SUPPLIER: SchoolId = SchoolId(kernel::id::Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0001));

/// Texts of the sign-in pages.
pub const LOCALES: &[web::Source] = &[
    web::Source { locale: kernel::Locale::Kk, ftl: include_str!("../locales/kk/identity.ftl") },
    web::Source { locale: kernel::Locale::Ru, ftl: include_str!("../locales/ru/identity.ftl") },
    web::Source { locale: kernel::Locale::En, ftl: include_str!("../locales/en/identity.ftl") },
];

/// Every statement of this crate.
pub const STATEMENTS: &[&[&dyn Statement]] = &[accounts::STATEMENTS, sessions::STATEMENTS, schools::STATEMENTS];

/// Identity declares no rights: everybody may sign in and out and choose a language.
pub const RIGHTS: &[(Right, &[Role])] = &[];

/// `/`, `/sign-in`, `/sign-out`, `/locale`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    accounts::routes(cfg);
}
