//! Subscriptions: a browser, or the app installed from it, gets notices from the tap by which its owner allowed it.
//! Owns the rows of `push_token` whose channel is `web_push`. Reads `notice` for the worker that shows one.
//! Rights: `delivery.see_inbox` for the text of a notice; everybody signed in registers, sees and removes their own phones.
//! Always true:
//!  1. A browser belongs to one person at a time: who signs in on it and subscribes takes it from whoever did before (`push_token_open`).
//!  2. Nothing is taken that the channel would not send to: not an address inside the house, not a key that is none.
//!  3. A person sees and removes their own phones only (policy `own`), and the worker is told only what its person's inbox holds.
//!  4. A person has ten browsers at most; one more takes the place of the oldest.
//!  5. Subscribing and removing are written into the audit trail, once each however often they are sent.
//!  6. A browser whose vendor gave it another address keeps its place: the new address takes that of the old one, and of nobody but who held it.

mod pages;
mod rules;
mod service;
mod store;

pub use pages::routes;
pub use service::{NewBrowser, Offer, remove, renew, subscribe};
pub use store::STATEMENTS;
