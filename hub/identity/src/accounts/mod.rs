//! Accounts: signing in and out, one's own account with its password, and the language a person chose.
//! Owns `account`, `role_grant`. Opens and closes sessions of [`crate::sessions`]; asks [`crate::factors`] whether a code is needed.
//! Always true:
//!  1. A password is kept as argon2id and nothing else ([`password`]).
//!  2. An unknown login costs as much as a wrong password and is answered the same ([`service::sign_in`]).
//!  3. Guessing is slowed by login and address together, so that nobody can lock a person out from elsewhere ([`throttle`]).
//!  4. Signing in gives a fresh token and ends the session that the browser had ([`service::open`]).
//!  5. Every coming and going leaves an audit row in the same transaction.
//!  6. A new password is long enough, not one that everybody knows, and not made of its owner's name ([`rules`], [`Policy`]).
//!  7. Changing the password asks for the old one, ends every session of the account, and gives this browser a fresh token ([`own`]).

pub mod identifiers;
mod limits;
mod own;
mod own_pages;
mod pages;
pub mod password;
mod policy;
mod rules;
mod service;
mod store;
mod throttle;

pub(crate) use limits::{Asking, Limits};
pub(crate) use own::{judge_new, login_of, prove};
pub(crate) use own_pages::{Done, PasswordForm, password_field, refusal};
pub(crate) use pages::{NoFields, Problem, entered, sign_in_page, to};
pub use policy::Policy;
pub(crate) use rules::judge;
pub(crate) use service::{Entered, Means, Visit, ctx_at, ctx_of, note, open, whose};
pub use store::STATEMENTS;
pub(crate) use store::Account;
pub(crate) use throttle::{Guess, Throttle};

/// `/`, `/sign-in`, `/sign-out`, `/locale`, `/account`, `/account/password`, `/account/identifiers…` and `/confirm-email`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    pages::routes(cfg);
    own_pages::routes(cfg);
    identifiers::routes(cfg);
}
