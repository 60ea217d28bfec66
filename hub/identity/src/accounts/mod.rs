//! Accounts: signing in and out, and the language a person chose.
//! Owns `account`, `role_grant`. Opens and closes sessions of [`crate::sessions`].
//! Always true:
//!  1. A password is kept as argon2id and nothing else ([`password`]).
//!  2. An unknown login costs as much as a wrong password and is answered the same ([`service::sign_in`]).
//!  3. Guessing is slowed by login and address together, so that nobody can lock a person out from elsewhere ([`throttle`]).
//!  4. Signing in gives a fresh token and ends the session that the browser had ([`service::sign_in`]).
//!  5. Every coming and going leaves an audit row in the same transaction.

mod pages;
pub mod password;
mod service;
mod store;
mod throttle;

pub use pages::routes;
pub use store::STATEMENTS;
