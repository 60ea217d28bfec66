//! Identity: who looks at the page, and what they may do.
//! Rooms: [`accounts`] (signing in and out, passwords, the chosen language), [`factors`] (two-step sign-in), [`sessions`] (tokens,
//! recognising a request, devices), [`roles`] (what a school makes of its own, who may hand on what), [`logins`] (who can sign in,
//! invitations), [`organisations`] (going from one to another) and [`trail`] (who read or changed whose data).
//! Above them [`guard`]: extractors that give a handler its [`kernel::Ctx`], so that no handler can forget to ask for a right.
//!
//! It knows persons only by id and name. Roles are rows of `role_grant` and `school_role_grant`; being a guardian follows from `kinship`.
//!
//! ```ignore
//! async fn devices(guard: Guard<SeeDevices>) -> web::Answer { … &guard.ctx … }   // `/{school}/devices`, `/support/devices`
//! async fn children(guard: MyGuard) -> web::Answer { … }                       // `/my`
//! ```

pub mod accounts;
pub mod factors;
pub mod guard;
pub mod logins;
pub mod organisations;
pub mod roles;
pub mod schools;
pub mod sessions;
pub mod trail;

use kernel::{id::SchoolId, right::Right, right::Role, sql::Statement};

pub use accounts::{
    Policy,
    password::{Cost, hash_password},
};
pub use factors::Sealer;
pub use guard::{Guard, MyGuard, signed_in};
pub use schools::School;
pub use sessions::{Child, Identity, recognise};

/// The organisation of the supplier, which the first migration makes: home of support staff.
pub const SUPPLIER: SchoolId = SchoolId(kernel::id::Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0001));

/// Texts of the sign-in pages.
pub const LOCALES: &[web::Source] = &[
    web::Source { locale: kernel::Locale::Kk, ftl: include_str!("../locales/kk/identity.ftl") },
    web::Source { locale: kernel::Locale::Kk, ftl: include_str!("../locales/kk/factors.ftl") },
    web::Source { locale: kernel::Locale::Kk, ftl: include_str!("../locales/kk/trail.ftl") },
    web::Source { locale: kernel::Locale::Kk, ftl: include_str!("../locales/kk/roles.ftl") },
    web::Source { locale: kernel::Locale::Ru, ftl: include_str!("../locales/ru/roles.ftl") },
    web::Source { locale: kernel::Locale::En, ftl: include_str!("../locales/en/roles.ftl") },
    web::Source { locale: kernel::Locale::Ru, ftl: include_str!("../locales/ru/identity.ftl") },
    web::Source { locale: kernel::Locale::Ru, ftl: include_str!("../locales/ru/factors.ftl") },
    web::Source { locale: kernel::Locale::Ru, ftl: include_str!("../locales/ru/trail.ftl") },
    web::Source { locale: kernel::Locale::En, ftl: include_str!("../locales/en/identity.ftl") },
    web::Source { locale: kernel::Locale::En, ftl: include_str!("../locales/en/factors.ftl") },
    web::Source { locale: kernel::Locale::En, ftl: include_str!("../locales/en/trail.ftl") },
];

/// Every statement of this crate.
pub const STATEMENTS: &[&[&dyn Statement]] = &[accounts::STATEMENTS, factors::STATEMENTS, sessions::STATEMENTS, schools::STATEMENTS, roles::STATEMENTS, logins::STATEMENTS, logins::invitations::STATEMENTS, trail::STATEMENTS];

/// Every right of this crate, by room. Everybody may sign in and out and choose a language.
pub const RIGHTS: &[&[(Right, &[Role])]] = &[roles::RIGHTS, logins::RIGHTS, trail::RIGHTS];

/// What the navigation offers.
pub const NAVIGATION: &[&[web::NavItem]] = &[logins::NAVIGATION, trail::NAVIGATION];

/// `/`, `/sign-in…`, `/sign-out`, `/locale`, `/account…`, `/my/place`, `/join…`, `/{school}/accounts…`, `/{school}/roles…`,
/// `/{school}/invitations`, `/my/audit`, `/{school}/audit`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    accounts::routes(cfg);
    factors::routes(cfg);
    sessions::routes(cfg);
    organisations::routes(cfg);
    roles::routes(cfg);
    logins::routes(cfg);
    trail::routes(cfg);
}
