//! Channels: ways to reach a phone. A channel makes one attempt and says how it ended; when to try again is
//! [`dispatch`](crate::dispatch)'s to decide.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::{FutureExt, future::BoxFuture};
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::Push;

mod bucket;
pub mod fcm;
pub mod mail;
mod pem;
pub mod telegram;
pub mod web_push;

/// By what an address is reached. Each address is of one channel, which its row names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Via {
    /// Firebase Cloud Messaging: the native app.
    Fcm,
    /// Web Push: a browser, or the app installed from it.
    WebPush,
    /// Telegram: a chat with the installation's bot.
    Telegram,
    /// E-mail: the confirmed address of an account.
    Mail,
}

impl Via {
    /// As in SQL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fcm => "fcm",
            Self::WebPush => "web_push",
            Self::Telegram => "telegram",
            Self::Mail => "mail",
        }
    }

    /// As stored; nothing for a channel that only another version knows.
    pub fn stored(text: &str) -> Option<Self> {
        [Self::Fcm, Self::WebPush, Self::Telegram, Self::Mail].into_iter().find(|via| via.as_str() == text)
    }
}

/// Every channel, and for each push that of its address. A provider that asks the whole project to wait holds back its own channel and no
/// other: what is for it comes again afterwards, browsers and chats are told meanwhile.
pub struct ByAddress {
    channels: HashMap<Via, Arc<dyn Channel>>,
    /// Until when a channel is to be silent.
    silent: Mutex<HashMap<Via, Instant>>,
}

impl ByAddress {
    /// Of these channels.
    pub fn new(channels: impl IntoIterator<Item = (Via, Arc<dyn Channel>)>) -> Self {
        Self { channels: channels.into_iter().collect(), silent: Mutex::default() }
    }

    async fn attempt(&self, push: &Push) -> Verdict {
        let Some(channel) = self.channels.get(&push.via) else { return Verdict::Refused("no such channel here".into()) };
        if let Some(after) = self.silence(push.via) {
            return Verdict::Later { after: Some(after), detail: "the provider asks to wait".into() };
        }
        match channel.send(push).await {
            Verdict::Paused { after, detail } => {
                self.hold(push.via, after);
                Verdict::Later { after: Some(after), detail }
            }
            verdict => verdict,
        }
    }

    /// How long a channel is silent still.
    fn silence(&self, via: Via) -> Option<Duration> {
        let silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        silent.get(&via).map(|until| until.saturating_duration_since(Instant::now())).filter(|left| !left.is_zero())
    }

    fn hold(&self, via: Via, during: Duration) {
        let until = Instant::now() + during.min(LONGEST_SILENCE);
        let mut silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        silent.entry(via).and_modify(|known| *known = until.max(*known)).or_insert(until);
    }
}

impl Channel for ByAddress {
    fn send<'a>(&'a self, push: &'a Push) -> BoxFuture<'a, Verdict> {
        self.attempt(push).boxed()
    }
}

/// A way to reach a phone.
pub trait Channel: Send + Sync {
    /// Makes one attempt. The dispatcher cuts it off when it takes too long.
    fn send<'a>(&'a self, push: &'a Push) -> BoxFuture<'a, Verdict>;
}

/// How one attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The provider took it.
    Accepted,
    /// The app is gone from that phone: its token is of no more use.
    Unregistered(Detail),
    /// The provider will never take this message; the token may be good.
    Refused(Detail),
    /// Not now.
    Later {
        /// The wait the provider asked for.
        after: Option<Duration>,
        /// Why.
        detail: Detail,
    },
    /// Not now, and nobody else either: the provider asks the whole project to wait.
    Paused {
        /// The wait the provider asked for.
        after: Duration,
        /// Why.
        detail: Detail,
    },
}

/// What the provider or the network said, in a few words: kept in the delivery log. Holds no token and no text of a message.
pub type Detail = std::borrow::Cow<'static, str>;

impl Verdict {
    /// As metrics call it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Unregistered(_) => "unregistered",
            Self::Refused(_) => "refused",
            Self::Later { after: _, detail: _ } => "later",
            Self::Paused { after: _, detail: _ } => "paused",
        }
    }
}

/// The longest that a channel keeps silent, whatever a provider asks for.
const LONGEST_SILENCE: Duration = Duration::from_secs(24 * 3600);

/// Providers keep a message for four weeks at most.
const LONGEST: SignedDuration = SignedDuration::from_hours(28 * 24);

/// How long the news stays news: at least a second, since 0 means "now or never" to providers.
fn time_left(push: &Push, now: Timestamp) -> SignedDuration {
    push.expires_at.duration_since(now).clamp(SignedDuration::from_secs(1), LONGEST)
}

/// The one TLS stack of the process is rustls with ring. Whoever comes first says so; a second time changes nothing.
fn install_tls() {
    if rustls::crypto::CryptoProvider::get_default().is_none() && rustls::crypto::ring::default_provider().install_default().is_err() {
        tracing::debug!("another part of the program installed TLS at the same moment");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::test_data::push;

    struct Says(Verdict, Arc<AtomicUsize>);

    impl Channel for Says {
        fn send<'a>(&'a self, _: &'a Push) -> BoxFuture<'a, Verdict> {
            self.1.fetch_add(1, Ordering::Relaxed);
            futures_util::future::ready(self.0.clone()).boxed()
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_provider_that_asks_to_wait_holds_back_its_own_channel_only() {
        let asked: [Arc<AtomicUsize>; 2] = Default::default();
        let busy = Verdict::Paused { after: Duration::from_secs(60), detail: "429".into() };
        let fcm: Arc<dyn Channel> = Arc::new(Says(busy, Arc::clone(&asked[0])));
        let browsers: Arc<dyn Channel> = Arc::new(Says(Verdict::Accepted, Arc::clone(&asked[1])));
        let all = ByAddress::new([(Via::Fcm, fcm), (Via::WebPush, browsers)]);
        let to = |via| Push { via, ..push() };
        for _ in 0..3 {
            assert!(matches!(all.send(&to(Via::Fcm)).await, Verdict::Later { after: Some(after), .. } if after <= Duration::from_secs(60)));
            assert_eq!(all.send(&to(Via::WebPush)).await, Verdict::Accepted);
        }
        assert_eq!((asked[0].load(Ordering::Relaxed), asked[1].load(Ordering::Relaxed)), (1, 3));
        tokio::time::advance(Duration::from_secs(61)).await;
        all.send(&to(Via::Fcm)).await;
        assert_eq!(asked[0].load(Ordering::Relaxed), 2);
        assert!(matches!(all.send(&to(Via::Mail)).await, Verdict::Refused(_)));
    }
}
