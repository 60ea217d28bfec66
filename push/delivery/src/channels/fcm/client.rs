//! The client: one attempt from push to verdict, over a few HTTP/2 connections.

use std::{
    borrow::Cow,
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use kernel::{clock::Clock, mode::WayOut};
use reqwest::{
    Client, Response, Url,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER},
};
use thiserror::Error;
use web::Catalog;

use super::{
    access::{Access, AccessError},
    account::ServiceAccount,
    answer::{Meaning, meaning, retry_after},
    message::{Shown, body},
};
use crate::{
    Push,
    channels::{Channel, Verdict, install_tls},
    text::push_text,
};

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");
/// Answers are a few hundred bytes; more is not read.
const ANSWER_LIMIT: u64 = 64 * 1024;

/// Sends that one connection takes at a time; the service allows 100, and one that was cut off counts there a little longer.
const ROOM: usize = 90;

/// How to reach FCM.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where messages are sent; `https://fcm.googleapis.com`, or a simulator's `http://127.0.0.1:…`.
    pub url: String,
    /// How many HTTP/2 connections to share the sends among. The service allows 100 sends at a time on each.
    pub connections: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { url: "https://fcm.googleapis.com".to_owned(), connections: 8 }
    }
}

/// Settings that cannot work.
#[derive(Debug, Error)]
pub enum FcmError {
    /// No address.
    #[error("the push address {0} is not a URL")]
    Url(String),
    /// Names of children must not travel in clear text.
    #[error("the push address {0} is plain http: that is for a simulator on this machine only")]
    Plain(String),
    /// The HTTP client could not be made.
    #[error("the HTTP client cannot be made: {0}")]
    Http(#[from] reqwest::Error),
}

/// The channel.
pub struct Fcm {
    access: Access,
    send_url: Url,
    connections: Vec<Connection>,
    clock: Clock,
    catalog: Arc<Catalog>,
}

impl Fcm {
    /// A channel that has not connected yet, where there is a way out. Its connections live in the runtime that sends first.
    ///
    /// # Errors
    /// [`FcmError`].
    pub fn new(_: WayOut, settings: &Settings, account: ServiceAccount, catalog: Arc<Catalog>, clock: Clock) -> Result<Self, FcmError> {
        install_tls();
        let send_url = send_url(settings, &account)?;
        let plain = send_url.scheme() == "http";
        let connections = (0..settings.connections.max(1)).map(|_| Connection::new(plain)).collect::<Result<_, _>>()?;
        let token_client = client(account.token_uri.starts_with("http:"))?;
        let access = Access::new(account, token_client, clock.clone());
        Ok(Self { access, send_url, connections, clock, catalog })
    }

    async fn attempt(&self, push: &Push) -> Verdict {
        let (title, text) = push_text(&self.catalog, push);
        let body = match body(push, Shown { title: &title, body: &text }, self.clock.now()) {
            Ok(body) => Bytes::from(body),
            Err(_) => return Verdict::Refused("the message could not be written".into()),
        };
        match self.post(body.clone()).await {
            Ok(Meaning::Over(verdict)) => verdict,
            Ok(Meaning::Reauthenticate) => self.post_again(body).await,
            Err(trouble) => trouble.verdict(),
        }
    }

    /// The second and last try with a fresh access token.
    async fn post_again(&self, body: Bytes) -> Verdict {
        match self.post(body).await {
            Ok(Meaning::Over(verdict)) => verdict,
            Ok(Meaning::Reauthenticate) => Verdict::Later { after: None, detail: "401 twice".into() },
            Err(trouble) => trouble.verdict(),
        }
    }

    async fn post(&self, body: Bytes) -> Result<Meaning, Trouble> {
        let bearer = self.access.bearer().await?;
        let Some(connection) = self.connection() else { return Err(Trouble::NoConnection) };
        let _under_way = connection.enter();
        let request = connection.client.post(self.send_url.clone()).header(CONTENT_TYPE, JSON).header(AUTHORIZATION, bearer.clone());
        let response = request.body(body).send().await?;
        let meaning = read(response).await?;
        if meaning == Meaning::Reauthenticate {
            self.access.forget(&bearer).await;
        }
        Ok(meaning)
    }

    /// The first connection with room, so that sends of one moment share one; the least busy when all are full. A connection that
    /// hangs fills up and is passed by.
    fn connection(&self) -> Option<&Connection> {
        self.connections.iter().find(|connection| connection.under_way() < ROOM).or_else(|| self.connections.iter().min_by_key(|connection| connection.under_way()))
    }
}

/// One HTTP/2 connection and the sends under way on it.
struct Connection {
    client: Client,
    under_way: AtomicUsize,
}

impl Connection {
    fn new(plain: bool) -> Result<Self, FcmError> {
        Ok(Self { client: client(plain)?, under_way: AtomicUsize::new(0) })
    }

    fn under_way(&self) -> usize {
        self.under_way.load(Ordering::Relaxed)
    }

    fn enter(&self) -> UnderWay<'_> {
        self.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay(self)
    }
}

/// A send under way, until this is dropped, however it ends.
struct UnderWay<'a>(&'a Connection);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Channel for Fcm {
    fn send<'a>(&'a self, push: &'a Push) -> BoxFuture<'a, Verdict> {
        self.attempt(push).boxed()
    }
}

/// What kept an attempt from getting an answer.
#[derive(Debug, Error)]
enum Trouble {
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    #[error("there is no connection to send on")]
    NoConnection,
}

impl Trouble {
    fn verdict(&self) -> Verdict {
        let detail: Cow<'static, str> = match self {
            Self::Access(AccessError::Status(status)) => format!("no access token: {status}").into(),
            Self::Access(_) => "no access token".into(),
            Self::Http(error) if error.is_connect() => "cannot connect".into(),
            Self::Http(_) => "connection lost".into(),
            Self::NoConnection => "no connection".into(),
        };
        Verdict::Later { after: None, detail }
    }
}

async fn read(response: Response) -> Result<Meaning, Trouble> {
    let status = response.status().as_u16();
    let wait = retry_after(response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()));
    if response.content_length().is_some_and(|length| length > ANSWER_LIMIT) {
        return Ok(meaning(status, wait, b""));
    }
    // Read to the end in any case: an abandoned body would reset the stream.
    let body = response.bytes().await?;
    Ok(meaning(status, wait, &body))
}

fn send_url(settings: &Settings, account: &ServiceAccount) -> Result<Url, FcmError> {
    let base = settings.url.trim_end_matches('/');
    let url = Url::parse(&format!("{base}/v1/projects/{}/messages:send", account.project)).map_err(|_| FcmError::Url(settings.url.clone()))?;
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_this_machine(&url) => Ok(url),
        "http" => Err(FcmError::Plain(settings.url.clone())),
        _ => Err(FcmError::Url(settings.url.clone())),
    }
}

fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    host == "localhost" || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn client(plain: bool) -> Result<Client, FcmError> {
    let builder = Client::builder()
        .connect_timeout(Duration::from_secs(5))
        .tcp_nodelay(true)
        .http2_keep_alive_interval(Duration::from_secs(30))
        .http2_keep_alive_timeout(Duration::from_secs(10))
        .redirect(reqwest::redirect::Policy::none());
    Ok(if plain { builder.http2_prior_knowledge().no_proxy() } else { builder }.build()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clear_text_stays_on_this_machine() {
        let allowed = |url: &str| is_this_machine(&Url::parse(url).unwrap());
        assert!(allowed("http://127.0.0.1:9/") && allowed("http://localhost/") && allowed("http://[::1]:1/"));
        assert!(!allowed("http://fcm.googleapis.com/") && !allowed("http://10.0.0.1/"));
    }
}
