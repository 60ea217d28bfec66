//! Recovery: who forgot the password makes a new one by a link sent to the account's e-mail. Where there is no e-mail, or the installation sends
//! no letters, the school helps ([`crate::logins`]: a new password, a lost second factor taken off).
//!
//! Owns `account_recovery`. Reads `account_identifier`. Rights: none; whoever reads the mailbox may.
//! Always true:
//!  1. A link works once, within half an hour, and only while the e-mail that it was sent to is still the account's.
//!  2. A known and an unknown address are answered alike and at once: the letter is made after the answer ([`pages`]).
//!  3. A mailbox has at most two links that work, so that a stranger cannot flood it; those two go on working for its owner, who is therefore
//!     never locked out by a stranger's asking.
//!  4. A new password ends every session, every key of the API and every other link of the account, and leaves an audit row. A second factor is asked as before.

mod pages;
mod service;
mod store;

pub use pages::routes;
pub(crate) use service::forget;
pub use store::STATEMENTS;
