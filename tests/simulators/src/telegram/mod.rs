//! Telegram as a bot sees it: the Bot API over HTTP (`telegram-simulator`), and chats whose people do what a test says.
//!
//! - [`simulator`]: chats, updates, the ledger of what the bot sent, and what goes wrong with it.
//! - [`server`]: connections and routes, the pages of a chat among them.

pub mod server;
pub mod simulator;
