//! Telegram: the channel for who reads a messenger and installs no app. A bot of the installation writes into a chat that its owner linked
//! with a code ([`links`](crate::links)).
//!
//! [`pace`] says when the bot may speak in a chat, and [`bucket`](crate::channels::bucket) when at all (both pure); [`answer`] reads what came back (pure); [`bot`] joins them over HTTP, for sending and for
//! listening; [`message`] writes what is said.
//! Always true:
//!  1. Nothing is sent while the service asked to wait, never more in a second than it takes from a bot, and never two in a second in a chat; what
//!     is told to many leaves the places to what is urgent.
//!  2. Only who blocked the bot, or is no more, loses the link.
//!  3. The bot's token gets into no log, no row and no text of an error: it is a part of every address, and no address is kept.
//!  4. In a live installation nothing is sent but over https.
//!  5. A wait that the service asks for after haste in one chat holds up that chat and no other.

mod answer;
mod bot;
mod message;
mod pace;

use std::sync::Arc;

use futures_util::{FutureExt, future::BoxFuture};
use web::Catalog;

use crate::{
    Push,
    channels::{Channel, Verdict},
};

pub use answer::{Trouble, Update};
pub use bot::{Bot, BotError, Settings, Token};

/// The channel.
pub struct Telegram {
    bot: Arc<Bot>,
    catalog: Arc<Catalog>,
    /// The installation's public address, for links.
    home: String,
}

impl Telegram {
    /// A channel through a bot.
    pub fn new(bot: Arc<Bot>, catalog: Arc<Catalog>, home: String) -> Self {
        Self { bot, catalog, home }
    }

    async fn attempt(&self, push: &Push) -> Verdict {
        let Ok(chat) = push.device_token.parse() else { return Verdict::Refused("no chat".into()) };
        let text = message::text(push, &self.catalog, &self.home);
        self.bot.say(chat, &text, push.kind.urgency.lane()).await
    }
}

impl Channel for Telegram {
    fn send<'a>(&'a self, push: &'a Push) -> BoxFuture<'a, Verdict> {
        self.attempt(push).boxed()
    }
}
