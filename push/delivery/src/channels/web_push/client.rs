//! The client: one attempt from push to verdict.

use std::{sync::Arc, time::Duration};

use futures_util::{FutureExt, future::BoxFuture};
use kernel::{clock::Clock, mode::WayOut};
use notice::Lane;
use reqwest::{
    Client,
    header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, RETRY_AFTER},
};
use thiserror::Error;
use web::Catalog;

use super::{
    address::{PublicOnly, Reach, Subscription},
    answer::{Meaning, meaning, retry_after},
    encrypt::{Length, encrypt},
    message::{message, shortest},
    vapid::Vapid,
};
use crate::{
    Push,
    channels::{Channel, Verdict, install_tls, time_left},
};

/// The channel cannot be made.
#[derive(Debug, Error)]
pub enum WebPushError {
    /// The HTTP client could not be made.
    #[error("the HTTP client cannot be made: {0}")]
    Http(#[from] reqwest::Error),
}

/// The channel.
pub struct WebPush {
    vapid: Vapid,
    reach: Reach,
    /// To the internet: every name is resolved by us.
    outward: Client,
    /// To a simulator on this machine.
    here: Client,
    clock: Clock,
    catalog: Arc<Catalog>,
}

impl WebPush {
    /// A channel that has not connected yet, where there is a way out.
    ///
    /// # Errors
    /// [`WebPushError`].
    pub fn new(_: WayOut, vapid: Vapid, reach: Reach, catalog: Arc<Catalog>, clock: Clock) -> Result<Self, WebPushError> {
        install_tls();
        let builder = || {
            let builder = Client::builder().connect_timeout(Duration::from_secs(5)).tcp_nodelay(true).pool_idle_timeout(Duration::from_secs(60));
            builder.http2_keep_alive_interval(Duration::from_secs(30)).http2_keep_alive_timeout(Duration::from_secs(10)).redirect(reqwest::redirect::Policy::none())
        };
        let outward = builder().https_only(true).dns_resolver(PublicOnly::shared()).build()?;
        let here = builder().http2_prior_knowledge().no_proxy().build()?;
        Ok(Self { vapid, reach, outward, here, clock, catalog })
    }

    async fn attempt(&self, push: &Push) -> Verdict {
        let Some(subscription) = Subscription::stored(&push.device_token) else { return Verdict::Refused("no subscription".into()) };
        if !self.reach.lets(subscription.endpoint()) {
            return Verdict::Refused("address not allowed".into());
        }
        let Ok(text) = message(push, &self.catalog) else { return Verdict::Refused("the message could not be written".into()) };
        match self.post(push, &subscription, (&text, Length::Rounded)).await {
            Meaning::Over(verdict) => verdict,
            Meaning::Shorten => self.post_shortest(push, &subscription).await,
        }
    }

    /// The second and last try, with the id alone.
    async fn post_shortest(&self, push: &Push, subscription: &Subscription) -> Verdict {
        let Ok(text) = shortest(push) else { return Verdict::Refused("the message could not be written".into()) };
        match self.post(push, subscription, (&text, Length::Shortest)).await {
            Meaning::Over(verdict) => verdict,
            Meaning::Shorten => Verdict::Refused("413 twice".into()),
        }
    }

    async fn post(&self, push: &Push, subscription: &Subscription, (text, length): (&[u8], Length)) -> Meaning {
        let now = self.clock.now();
        let refused = |what: &'static str| Meaning::Over(Verdict::Refused(what.into()));
        let later = |what: &'static str| Meaning::Over(Verdict::Later { after: None, detail: what.into() });
        let endpoint = subscription.endpoint();
        let Ok(authorization) = self.vapid.authorization(&endpoint.origin().ascii_serialization(), now) else { return later("no signature") };
        let Ok(body) = encrypt(subscription, text, length) else { return refused("cannot be sealed") };
        let client = if endpoint.scheme() == "https" { &self.outward } else { &self.here };
        let sent = client
            .post(endpoint.clone())
            .header(AUTHORIZATION, authorization)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"))
            .header(CONTENT_ENCODING, HeaderValue::from_static("aes128gcm"))
            .header("ttl", time_left(push, now).as_secs().to_string())
            .header("urgency", urgency(push))
            // Of two messages with one topic that wait for a phone, the service keeps the last.
            .header("topic", push.notice.to_string())
            .body(body)
            .send()
            .await;
        match sent {
            // The body is not read: whoever made up the address could send one without end.
            Ok(answer) => {
                let wait = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
                meaning(answer.status().as_u16(), retry_after(wait, self.clock.now()))
            }
            Err(error) if error.is_connect() => later("cannot connect"),
            Err(_) => later("connection lost"),
        }
    }
}

/// How hard a service tries: what is told to many does not wake a phone that sleeps.
fn urgency(push: &Push) -> &'static str {
    match push.kind.urgency.lane() {
        Lane::Urgent | Lane::Normal => "high",
        Lane::Bulk => "normal",
    }
}

impl Channel for WebPush {
    fn send<'a>(&'a self, push: &'a Push) -> BoxFuture<'a, Verdict> {
        self.attempt(push).boxed()
    }
}
