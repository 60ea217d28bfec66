//! Mailbox: notices by e-mail, for who wants them, at the confirmed address of their account.
//! Owns the rows of `push_token` whose channel is `mail`; such a row names the account and holds no address.
//! Rights: none; everybody signed in switches it on and off for themselves. Which kinds come is chosen at [`switches`](crate::switches).
//! Always true:
//!  1. It is switched on only where the account has a confirmed e-mail, and a person has one mailbox (`push_token_open`).
//!  2. Where the mail server says that there is no such mailbox, it is off, and the page says so.
//!  3. Switching is written into the audit trail, once each however often it is sent.

mod pages;
mod service;
mod store;

pub use pages::routes;
pub use service::{Offer, State, state};
pub use store::STATEMENTS;
