//! The bot over HTTP: it says something, and it listens.

use std::{
    fmt,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use kernel::mode::WayOut;
use notice::Lane;
use reqwest::{Client, Url};
use serde_json::{Value, json};
use thiserror::Error;
use tokio::time::{Instant, sleep};

use super::{
    answer::{self, Trouble, Update},
    pace::{Pace, Turn},
};
use crate::channels::{Verdict, install_tls};

/// The longest answer that is read: a hundred updates are less.
const LONGEST_ANSWER: usize = 2 * 1024 * 1024;
/// An answer that takes longer than what was asked to wait is given up.
const PATIENCE: Duration = Duration::from_secs(8);
/// So many updates at a time.
const UPDATES: u32 = 100;

/// The secret by which the service knows the bot: `123456:ABC…`.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Reads one; nothing for what cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (number, secret) = text.split_once(':')?;
        let plausible = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) && secret.len() >= 20;
        let plain = secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        (plausible && plain && text.len() <= 200).then(|| Self(text.to_owned()))
    }
}

/// Never shown by accident.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// How to reach the service.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `https://api.telegram.org`, or a simulator's `http://127.0.0.1:…`.
    pub url: String,
    /// What it takes from a bot in a second.
    pub per_second: u32,
}

impl Default for Settings {
    fn default() -> Self {
        // The service says 30; a little is left for answers that it counts otherwise.
        Self { url: "https://api.telegram.org".to_owned(), per_second: 25 }
    }
}

/// The bot cannot be made.
#[derive(Debug, Error)]
pub enum BotError {
    /// No address.
    #[error("the address {0} of Telegram's service is not a URL")]
    Url(String),
    /// Names of children must not travel in clear text.
    #[error("the address {0} of Telegram's service is plain http: that is for a simulator on this machine only")]
    Plain(String),
    /// The HTTP client could not be made.
    #[error("the HTTP client cannot be made: {0}")]
    Http(#[from] reqwest::Error),
}

/// The bot.
pub struct Bot {
    client: Client,
    base: Url,
    token: Token,
    pace: Mutex<Pace>,
}

impl Bot {
    /// A bot that has not spoken yet, where there is a way out.
    ///
    /// # Errors
    /// [`BotError`].
    pub fn new(_: WayOut, settings: &Settings, token: Token) -> Result<Self, BotError> {
        install_tls();
        let base = base(&settings.url)?;
        let builder = Client::builder().connect_timeout(Duration::from_secs(5)).tcp_nodelay(true).pool_idle_timeout(Duration::from_secs(60)).redirect(reqwest::redirect::Policy::none());
        let client = if base.scheme() == "http" { builder.no_proxy().build()? } else { builder.https_only(true).build()? };
        Ok(Self { client, base, token, pace: Mutex::new(Pace::new(settings.per_second, Instant::now())) })
    }

    /// The bot's user name, as the service knows it.
    ///
    /// # Errors
    /// The service's.
    pub async fn name(&self) -> Result<String, Trouble> {
        let me = self.call("getMe", &json!({}), PATIENCE).await?;
        me.get("username").and_then(Value::as_str).map(str::to_owned).ok_or(Trouble::of_network("a bot without a name"))
    }

    /// Says something in a chat, when it is its turn.
    pub async fn say(&self, chat: i64, text: &str, lane: Lane) -> Verdict {
        if let Err(after) = self.take_turn(chat, lane).await {
            return Verdict::Later { after: Some(after), detail: "many at once".into() };
        }
        let body = json!({ "chat_id": chat, "text": text, "link_preview_options": { "is_disabled": true }, "disable_notification": lane == Lane::Bulk });
        match self.call("sendMessage", &body, PATIENCE).await {
            Ok(_) => Verdict::Accepted,
            Err(trouble) => {
                if let Some(wait) = trouble.wait() {
                    self.pace().asked_to_wait(chat, wait, Instant::now());
                }
                trouble.verdict()
            }
        }
    }

    /// Waits for a turn in a chat, or says after how long to come again.
    async fn take_turn(&self, chat: i64, lane: Lane) -> Result<(), Duration> {
        let since = Instant::now();
        loop {
            let turn = self.pace().turn(chat, lane, since, Instant::now());
            match turn {
                Turn::Ask(wait) => sleep(wait).await,
                Turn::Again(after) => return Err(after),
                Turn::In(wait) => {
                    sleep(wait).await;
                    break;
                }
            }
        }
        // While it waited for its turn the service may have asked for silence.
        let silent = self.pace().silent_for(chat, Instant::now());
        if silent.is_zero() { Ok(()) } else { Err(silent) }
    }

    /// What was written to the bot from this number on, or all that the service keeps; waits so long for the first.
    ///
    /// # Errors
    /// The service's.
    pub async fn updates(&self, from: Option<i64>, wait: Duration) -> Result<Vec<(i64, Update)>, Trouble> {
        // Without a number nothing is told to be read: what comes was not there before, or stays known by its number.
        let body = json!({ "offset": from.unwrap_or(0), "limit": UPDATES, "timeout": wait.as_secs(), "allowed_updates": ["message", "my_chat_member"] });
        let told = self.call("getUpdates", &body, wait + PATIENCE).await;
        if let Some(wait) = told.as_ref().err().and_then(Trouble::wait) {
            self.pace().silence(wait, Instant::now());
        }
        Ok(answer::updates(&told?))
    }

    async fn call(&self, method: &str, body: &Value, patience: Duration) -> Result<Value, Trouble> {
        let mut address = self.base.clone();
        address.set_path(&format!("/bot{}/{method}", self.token.0));
        // No error of the client is shown or kept: it tells the address.
        let sent = self.client.post(address).timeout(patience).json(body).send().await;
        let mut answer = sent.map_err(|error| Trouble::of_network(if error.is_connect() { "cannot connect" } else { "connection lost" }))?;
        let (status, mut whole) = (answer.status().as_u16(), Vec::new());
        while let Some(part) = answer.chunk().await.map_err(|_| Trouble::of_network("connection lost"))? {
            whole.extend_from_slice(&part);
            if whole.len() > LONGEST_ANSWER {
                return Err(Trouble::of_network("an answer without end"));
            }
        }
        answer::read(status, &whole)
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn base(url: &str) -> Result<Url, BotError> {
    let parsed = Url::parse(url).map_err(|_| BotError::Url(url.to_owned()))?;
    match parsed.scheme() {
        "https" => Ok(parsed),
        "http" if is_this_machine(&parsed) => Ok(parsed),
        "http" => Err(BotError::Plain(url.to_owned())),
        _ => Err(BotError::Url(url.to_owned())),
    }
}

fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    host == "localhost" || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inv_3_a_token_is_read_and_never_shown() {
        let token = Token::parse(" 110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw\n").unwrap();
        assert_eq!(format!("{token:?}"), "***");
        for wrong in ["", "abc", "12:short", "x1:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", "1:AAHdqTcvCH1vGWJxfSeof/SAs0K5PALDsaw"] {
            assert!(Token::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn inv_4_plain_http_is_for_a_simulator_here() {
        assert!(base("https://api.telegram.org").is_ok() && base("http://127.0.0.1:8081").is_ok() && base("http://[::1]:8081").is_ok());
        assert!(matches!(base("http://api.telegram.org"), Err(BotError::Plain(_))));
        assert!(matches!(base("ftp://x"), Err(BotError::Url(_))) && matches!(base("x"), Err(BotError::Url(_))));
    }
}
