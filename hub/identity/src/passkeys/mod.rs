//! Passkeys: signing in with a phone or computer instead of a password. The device proves that it holds a key and that its owner was there
//! (finger, face, PIN), so that a passkey is two factors at once and no code is asked for. It counts as the second factor of those whose role
//! needs one ([`crate::Policy`]); who has one and no authenticator is then not let in by the password alone.
//!
//! A passkey belongs to the name of a site: an installation that is reached by a number has none ([`relying_party`]).
//!
//! Owns `account_passkey`, `account_passkey_question`. Rights: none; everybody has passkeys of their own.
//! Always true:
//!  1. The database holds public keys only.
//!  2. A question is answered once, within five minutes, by the browser that was asked and for the account that was asked ([`service`]).
//!  3. A passkey opens the account it was made for and no other; one that was removed opens none, and one whose counter went back opens none.
//!  4. Adding asks for the password, ends the account's other sessions and exchanges this one's token; adding, removing and every coming in
//!     leave an audit row.
//!  5. Where the role needs a second factor and a passkey is the only one, the password alone opens nothing ([`is_the_only_factor`]).

mod pages;
mod relying_party;
mod service;
mod sign_in;
mod store;

pub(crate) use relying_party::is_possible;
pub(crate) use service::{count, is_the_only_factor, take_off};
pub use store::STATEMENTS;

kernel::ids! {
    /// A passkey, as its owner sees it.
    PasskeyId,
}

/// `/account/passkeys…`, `/sign-in/passkey…`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    pages::routes(cfg);
    sign_in::routes(cfg);
}
