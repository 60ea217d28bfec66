//! Telegram: the token is one, and the bot that it is for is the one that pages name. Nothing is said to anybody.

use super::Finding;
use crate::config::Config;
use delivery::channels::telegram::{Bot, Settings};

pub(super) async fn look(config: &Config) -> Finding {
    let telegram = &config.push.telegram;
    let token = match telegram.token() {
        Ok(Some(token)) => token,
        Ok(None) => return Finding::Good("Telegram is off".into()),
        Err(error) => return Finding::Bad(error.to_string()),
    };
    let Some(way_out) = config.mode.way_out() else { return Finding::Good("Telegram is not looked at: no traffic outward in mode test".into()) };
    let bot = match Bot::new(way_out, &Settings { url: telegram.base_url.clone(), per_second: telegram.per_second }, token) {
        Ok(bot) => bot,
        Err(error) => return Finding::Bad(error.to_string()),
    };
    match bot.name().await {
        Ok(name) if name.eq_ignore_ascii_case(&telegram.bot) => Finding::Good(format!("Telegram knows our bot as @{name}")),
        Ok(name) => Finding::Bad(format!("the token is that of @{name}, but push.telegram.bot says {}", telegram.bot)),
        Err(trouble) => Finding::Bad(format!("Telegram does not answer as it should ({}): is the token right, and is {} reached from here?", trouble.detail, telegram.base_url)),
    }
}
