//! Channels: ways to reach a phone. A channel makes one attempt and says how it ended; when to try again is
//! [`dispatch`](crate::dispatch)'s to decide.

use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::Push;

pub mod fcm;

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
