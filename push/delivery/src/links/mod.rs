//! Links: a chat of a messenger gets notices from the moment its owner shows the bot a code, which a page gave them.
//! Owns `delivery_link_code`, `delivery_bot`, and the rows of `push_token` whose channel is `telegram`. Reads `people_v_kinship`, `identity_v_held`.
//! Rights: none; everybody signed in gets a code for their own chat, sees and removes it on the page of their phones.
//!
//! The page shows a code and an address that opens the bot with it. [`Listener`] reads what is written to the bot: `/start CODE` links the chat,
//! `/stop` or blocking the bot ends that. What it read and what follows from it are one transaction.
//! Always true:
//!  1. A code works once, for ten minutes, and only the newest of a person; the database knows it by its hash.
//!  2. A chat belongs to one person at a time (`push_token_open`); who links it takes it from whoever did before.
//!  3. Each message to the bot has its effect once, however many instances listen and whenever one dies (`delivery_bot`, one row a bot,
//!     moved on in the same transaction).
//!  4. Only a private chat is linked, and who tries codes is not answered after the fifth wrong one.
//!  5. Linking and ending it are written into the audit trail of the schools of the person's children, and of those where they work or learn.

mod listen;
mod pages;
mod rules;
mod service;
mod store;

pub use listen::{Listener, Round};
pub use pages::routes;
pub use service::{Offer, make_code};
pub use store::STATEMENTS;
