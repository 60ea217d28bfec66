//! Providers that reach a guardian's phone: one for native apps, those of browsers, and a messenger.

use super::{ConfigError, read_secret, section::section};
use delivery::channels::{
    telegram::Token,
    web_push::{KeyError, Vapid},
};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Providers that reach a guardian's phone.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Push {
    /// Firebase Cloud Messaging.
    pub fcm: Fcm,
    /// Web Push.
    pub web: WebPush,
    /// Telegram.
    pub telegram: Telegram,
}

section! {
    /// Firebase Cloud Messaging, HTTP v1.
    pub struct Fcm {
        /// Whether notices go to phones. Without it they are seen in the pages only.
        enabled: bool = false,
        /// The service account's JSON file, from the Firebase console.
        service_account_file: Option<PathBuf> = None,
        /// The service; another address is for a simulator.
        base_url: String = "https://fcm.googleapis.com".into(),
        /// Requests under way at once.
        concurrency: usize = 700,
    }
}

section! {
    /// Web Push: browsers, and the app that is installed from one.
    pub struct WebPush {
        /// Whether browsers may subscribe. Messages then go to the push service of each browser's vendor; they hold no name.
        enabled: bool = false,
        /// The installation's own key (P-256, PKCS#8 PEM): openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256.
        /// Keep it: browsers take messages of this key only, and a new one costs every subscription.
        key_file: Option<PathBuf> = None,
        /// Where push services find who sends, when something is wrong: "mailto:…" or "https://…".
        contact: String = String::new(),
    }
}

section! {
    /// Telegram: a bot that brings notices into chats that their owners linked.
    pub struct Telegram {
        /// Whether chats may be linked. The words of notices then pass through Telegram's servers, for those who linked one.
        enabled: bool = false,
        /// The file of the bot's token, as @BotFather told it.
        token_file: Option<PathBuf> = None,
        /// The bot's user name, without @.
        bot: String = String::new(),
        /// The service; another address is for a simulator.
        base_url: String = "https://api.telegram.org".into(),
        /// Where people open bots; another address is for a simulator.
        opened_at: String = "https://t.me".into(),
        /// Messages in a second; Telegram takes 30 from a bot.
        per_second: u32 = 25,
    }
}

impl Telegram {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        let invalid = |key, problem: &str| Err(ConfigError::Invalid { key, problem: problem.to_owned() });
        if self.enabled && self.token_file.is_none() {
            return invalid("push.telegram.token_file", "is needed when push.telegram.enabled is true: @BotFather in Telegram makes a bot and tells its token");
        }
        let is_name = (5..=32).contains(&self.bot.len()) && self.bot.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if self.enabled && !is_name {
            return invalid("push.telegram.bot", "is needed when push.telegram.enabled is true: the bot's user name without @, such as shanyraq_bot");
        }
        if self.per_second == 0 {
            return invalid("push.telegram.per_second", "must be at least 1");
        }
        Ok(())
    }

    /// The token, read; nothing where Telegram is off.
    ///
    /// # Errors
    /// When the file cannot be read or holds none.
    pub fn token(&self) -> Result<Option<Token>, ConfigError> {
        let Some(file) = self.token_file.as_deref().filter(|_| self.enabled) else { return Ok(None) };
        let key = "push.telegram.token_file";
        let token = Token::parse(read_secret(key, file)?.reveal());
        token.map(Some).ok_or_else(|| ConfigError::Invalid { key, problem: format!("names {}, which holds no token such as 123456:ABC…", file.display()) })
    }
}

impl WebPush {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        let invalid = |key, problem: &str| Err(ConfigError::Invalid { key, problem: problem.to_owned() });
        if self.enabled && self.key_file.is_none() {
            return invalid("push.web.key_file", "is needed when push.web.enabled is true; make one: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");
        }
        let is_contact = ["mailto:", "https://"].iter().any(|begin| self.contact.starts_with(begin) && self.contact.len() > begin.len());
        if self.enabled && !is_contact {
            return invalid("push.web.contact", "is needed when push.web.enabled is true: an address that begins with mailto: or https://");
        }
        Ok(())
    }

    /// The key, read; nothing where web push is off.
    ///
    /// # Errors
    /// When the file holds none.
    pub fn key(&self) -> Result<Option<Vapid>, KeyError> {
        let file = self.key_file.as_deref().filter(|_| self.enabled);
        file.map(|file| Vapid::read(file, &self.contact)).transpose()
    }
}

impl Fcm {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        if self.enabled && self.service_account_file.is_none() {
            let problem = "is needed when push.fcm.enabled is true: download it from the Firebase console (project settings, service accounts)".to_owned();
            return Err(ConfigError::Invalid { key: "push.fcm.service_account_file", problem });
        }
        if self.concurrency == 0 {
            return Err(ConfigError::Invalid { key: "push.fcm.concurrency", problem: "must be at least 1".to_owned() });
        }
        Ok(())
    }
}
