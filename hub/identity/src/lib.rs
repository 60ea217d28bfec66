//! Identity: who looks at the page, and what they may do.
//! Rooms: [`accounts`] (signing in and out, passwords, the chosen language), [`factors`] (two-step sign-in),
//! [`passkeys`] (a finger or a face instead of the password), [`recovery`] (a new password by e-mail), [`keys`] (programs and apps),
//! [`letters`] (what is sent by e-mail), [`sessions`] (tokens,
//! recognising a request, devices), [`roles`] (what a school makes of its own, who may hand on what), [`delegation`] (a role in a colleague's hands for a time), [`see_as`] (looking with
//! somebody's eyes to help them), [`logins`] (who can sign in,
//! invitations), [`consents`] (what a child's data may be used for), [`organisations`] (going from one to another), [`papers`] (how often somebody asks whether a paper is genuine), [`trail`] (who read or changed whose data) [`retention`] (what is kept how long) and [`erasure`] (what becomes of a leaver's data).
//! Above them [`guard`]: extractors that give a handler its [`kernel::Ctx`], so that no handler can forget to ask for a right.
//!
//! It knows persons only by id and name. Roles are rows of `role_grant` and `school_role_grant`; being a guardian follows from `kinship`.
//!
//! ```ignore
//! async fn devices(guard: Guard<SeeDevices>) -> web::Answer { … &guard.ctx … }   // `/{school}/devices`, `/support/devices`
//! async fn children(guard: MyGuard) -> web::Answer { … }                       // `/my`
//! ```

pub mod accounts;
pub mod changes;
pub mod delegation;
pub mod breaches;
pub mod consents;
pub mod erasure;
pub mod factors;
pub mod guard;
pub mod keep;
pub mod keys;
pub mod letters;
pub mod logins;
pub mod organisations;
pub mod papers;
pub mod passkeys;
pub mod retention;
pub mod recovery;
pub mod roles;
pub mod schools;
pub mod see_as;
pub mod sessions;
pub mod standing;
pub mod trail;

use kernel::{id::SchoolId, right::Right, right::Role, sql::Statement};

pub use accounts::{
    Policy,
    identifiers::confirmed_email,
    password::{AT_ONCE as PASSWORDS_AT_ONCE, Cost, hash_password, password_matches},
};
pub use factors::Sealer;
pub use letters::{Letter, Mailer};
pub use guard::{ClassGuard, Guard, MyGuard, signed_in};
pub use schools::School;
pub use sessions::{Browser, Child, Identity, browser, recognise};

/// The organisation of the supplier, which the first migration makes: home of support staff.
pub const SUPPLIER: SchoolId = SchoolId(kernel::id::Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0001));

/// Texts of the sign-in pages.
pub const LOCALES: &[web::Source] = &[
    web::Source { locale: kernel::Locale::Kk, ftl: include_str!("../locales/kk/hand_out.ftl") },
    web::Source { locale: kernel::Locale::Ru, ftl: include_str!("../locales/ru/hand_out.ftl") },
    web::Source { locale: kernel::Locale::En, ftl: include_str!("../locales/en/hand_out.ftl") },
    web::Source { locale: kernel::Locale::Kk, ftl: include_str!("../locales/kk/erasure.ftl") },
    web::Source { locale: kernel::Locale::Ru, ftl: include_str!("../locales/ru/erasure.ftl") },
    web::Source { locale: kernel::Locale::En, ftl: include_str!("../locales/en/erasure.ftl") },
    web::Source { locale: kernel::Locale::Kk, ftl: include_str!("../locales/kk/retention.ftl") },
    web::Source { locale: kernel::Locale::Ru, ftl: include_str!("../locales/ru/retention.ftl") },
    web::Source { locale: kernel::Locale::En, ftl: include_str!("../locales/en/retention.ftl") },
    web::Source { locale: kernel::Locale::En, ftl: include_str!("../locales/en/breaches.ftl") },
    web::Source { locale: kernel::Locale::Ru, ftl: include_str!("../locales/ru/breaches.ftl") },
    web::Source { locale: kernel::Locale::Kk, ftl: include_str!("../locales/kk/breaches.ftl") },
    web::Source { locale: kernel::Locale::Kk, ftl: include_str!("../locales/kk/signing.ftl") },
    web::Source { locale: kernel::Locale::Ru, ftl: include_str!("../locales/ru/signing.ftl") },
    web::Source { locale: kernel::Locale::En, ftl: include_str!("../locales/en/signing.ftl") },
    web::Source { locale: kernel::Locale::Kk, ftl: include_str!("../locales/kk/consents.ftl") },
    web::Source { locale: kernel::Locale::Ru, ftl: include_str!("../locales/ru/consents.ftl") },
    web::Source { locale: kernel::Locale::En, ftl: include_str!("../locales/en/consents.ftl") },
    web::Source { locale: kernel::Locale::Kk, ftl: include_str!("../locales/kk/identity.ftl") },
    web::Source { locale: kernel::Locale::Kk, ftl: include_str!("../locales/kk/factors.ftl") },
    web::Source { locale: kernel::Locale::Kk, ftl: include_str!("../locales/kk/trail.ftl") },
    web::Source { locale: kernel::Locale::Kk, ftl: include_str!("../locales/kk/roles.ftl") },
    web::Source { locale: kernel::Locale::Kk, ftl: include_str!("../locales/kk/standing.ftl") },
    web::Source { locale: kernel::Locale::Ru, ftl: include_str!("../locales/ru/standing.ftl") },
    web::Source { locale: kernel::Locale::En, ftl: include_str!("../locales/en/standing.ftl") },
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
pub const STATEMENTS: &[&[&dyn Statement]] = &[accounts::STATEMENTS, accounts::identifiers::STATEMENTS, factors::STATEMENTS, passkeys::STATEMENTS, recovery::STATEMENTS, keys::STATEMENTS, sessions::STATEMENTS, schools::STATEMENTS, roles::STATEMENTS, delegation::STATEMENTS, see_as::STATEMENTS, logins::STATEMENTS, logins::invitations::STATEMENTS, trail::STATEMENTS, breaches::STATEMENTS, retention::STATEMENTS, erasure::STATEMENTS, consents::STATEMENTS];

/// Every right of this crate, by room. Everybody may sign in and out and choose a language.
pub const RIGHTS: &[&[(Right, &[Role])]] = &[roles::RIGHTS, delegation::RIGHTS, see_as::RIGHTS, logins::RIGHTS, trail::RIGHTS, breaches::RIGHTS, retention::RIGHTS, erasure::RIGHTS, consents::RIGHTS];

/// What may wait to be done, by room.
pub const TASKS: &[web::Task] = {
    let [roles_end, loginless, not_invited] = logins::TASKS;
    &[breaches::TASK, roles_end, loginless, not_invited, consents::TASK]
};

/// What the navigation offers.
pub const NAVIGATION: &[&[web::NavItem]] = &[consents::NAVIGATION, logins::NAVIGATION, trail::NAVIGATION, breaches::NAVIGATION, retention::NAVIGATION, erasure::NAVIGATION];

/// `/`, `/sign-in…`, `/sign-out`, `/locale`, `/account…`, `/my/place`, `/join…`, `/{school}/accounts…`, `/{school}/roles…`, `/{school}/delegations…`,
/// `/{school}/invitations`, `/my/audit`, `/{school}/audit`, `/{school}/breaches…`, `/support/breaches`, `/{school}/retention`, `/{school}/erasures…`, `/{school}/leavers…`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    accounts::routes(cfg);
    factors::routes(cfg);
    passkeys::routes(cfg);
    recovery::routes(cfg);
    keys::routes(cfg);
    sessions::routes(cfg);
    organisations::routes(cfg);
    roles::routes(cfg);
    delegation::routes(cfg);
    see_as::routes(cfg);
    logins::routes(cfg);
    trail::routes(cfg);
    breaches::routes(cfg);
    consents::routes(cfg);
    retention::routes(cfg);
    erasure::routes(cfg);
}

/// The description of this crate's API.
pub fn described() -> utoipa::openapi::OpenApi {
    keys::described()
}
