//! The second factor: an authenticator's code beside the password, and recovery codes for who lost the authenticator.
//!
//! Whoever switched it on signs in in two steps: the right password opens nothing but a half-open session ([`half_open`]), which lives five
//! minutes and can do nothing but take a code. Roles that need a second factor by policy ([`crate::Policy`]) are led to switch it on before
//! they see any other page ([`crate::sessions`] refuses them everything else).
//!
//! Owns `account_totp`, `account_recovery_code`, `account_half_open`. Rights: none; everybody has a second factor of their own.
//! Always true:
//!  1. A code works once: the step it belongs to is remembered in the statement that takes it, and that step and older ones are refused.
//!  2. The database holds secrets sealed with a key that it does not hold ([`Sealer`]), and of recovery codes and half-open sessions the hash.
//!  3. A right password alone opens no session where the second factor is on ([`service::ask_for_code`]).
//!  4. A recovery code works once, and leaves its audit row.
//!  5. Five wrong codes end a half-open session; trying on is slowed by account and address together, and by account alone only for whoever
//!     has the password.

mod half_open;
mod pages;
mod qr;
mod rules;
mod seal;
mod service;
mod sign_in;
mod store;

pub(crate) use half_open::cookie;
pub use qr::Picture;
pub use rules::code_at;
pub(crate) use seal::Purpose;
pub use seal::Sealer;
pub(crate) use service::{ask_for_code, is_on, take_off};
pub use store::STATEMENTS;

/// The pages of this room.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    pages::routes(cfg);
    sign_in::routes(cfg);
}
