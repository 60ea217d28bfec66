//! Sessions: a browser that signed in is recognised again, and its owner sees where they are signed in and ends what should be no more.
//! Owns `session`. Reads `account`, `account_totp`, `role_grant`, `people_v_kinship`, `people_v_name`, `people_v_organisation`.
//! Always true:
//!  1. The database holds only the SHA-256 of a token; the token itself is 256 random bits that only the browser keeps ([`token`]).
//!  2. A session ends by itself: unused for a while, or at its last day ([`rules`]).
//!  3. A blocked account is nobody, at once on this instance, within a second on others that hear of it ([`crate::changes`]), and
//!     within 30 seconds in any case ([`memory`]).
//!  4. A session is shown by an id that opens nothing ([`pages`]), and only its owner sees or ends it.
//!  5. Whose role needs a second factor by policy, and who has none, is recognised on the pages that switch one on and nowhere else ([`recognise`]).
//!  6. When a person's rights, password or factors change, the token is exchanged for a fresh one and the old one is refused (`exchange`).

mod browser;
mod exchange;
mod memory;
mod own;
mod pages;
mod rules;
mod service;
mod store;
pub mod token;

pub use browser::{Browser, browser};
pub use pages::routes;
pub use rules::{Lifetime, lifetime};
pub(crate) use exchange::{exchange, forget_passkeys, note_passkey, renew, renew_holders, renew_role};
pub(crate) use service::end_others;
pub use service::{Child, Identity, close, forget_account, forget_all, forget_person, forget_school, identity_of, open, recognise};
pub use store::STATEMENTS;

kernel::ids! {
    /// A session, as its owner sees it.
    SessionId,
}
