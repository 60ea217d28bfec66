//! Letters leave by SMTP, through the server that the configuration names: those of identity, and notices over a connection of their own. Without one none leave, and in mode `test` none do: a mail server
//! on this machine would hand them on.

use super::RunError;
use crate::config::{Config, Encryption, read_secret};
use delivery::channels::mail::{Letter as NoticeLetter, Post, Refusal};
use futures_util::future::{BoxFuture, FutureExt, ready};
use identity::letters::{Letter, Mailer, NotSent};
use kernel::mode::WayOut;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart,
        header::{ContentType, Header, HeaderName, HeaderValue},
    },
    transport::smtp::{AsyncSmtpTransportBuilder, Error as SmtpError, PoolConfig, authentication::Credentials},
};
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// A server that says nothing for so long is given up.
const PATIENCE: Duration = Duration::from_secs(20);

/// The way to the configured server; nothing where no letters are sent.
///
/// # Errors
/// When an address or a file of the configuration cannot be read.
pub fn mailer(config: &Config) -> Result<Option<Arc<dyn Mailer>>, RunError> {
    let Some((builder, from)) = sender(config)? else { return Ok(None) };
    Ok(Some(Arc::new(Smtp { transport: builder.build(), from })))
}

/// The way of notices: the same server, over one connection that is kept; nothing where no letters are sent.
///
/// # Errors
/// When an address or a file of the configuration cannot be read.
pub fn post(config: &Config) -> Result<Option<Arc<dyn Post>>, RunError> {
    let Some((builder, from)) = sender(config)? else { return Ok(None) };
    Ok(Some(Arc::new(Notices { line: Arc::new(Line::of(builder.pool_config(PoolConfig::new().max_size(1)))), from })))
}

fn sender(config: &Config) -> Result<Option<(AsyncSmtpTransportBuilder, Mailbox)>, RunError> {
    let Some(way_out) = config.mode.way_out() else { return Ok(None) };
    let Some(from) = config.mail.from.as_ref() else { return Ok(None) };
    let Some(builder) = builder(way_out, config)? else { return Ok(None) };
    let from = from.parse().map_err(|_| RunError::Mail(format!("mail.from: {from:?} is no address")))?;
    Ok(Some((builder, from)))
}

/// The connection to the configured server, not opened yet.
///
/// # Errors
/// When an address or a file of the configuration cannot be read.
pub fn transport(way_out: WayOut, config: &Config) -> Result<Option<AsyncSmtpTransport<Tokio1Executor>>, RunError> {
    Ok(builder(way_out, config)?.map(AsyncSmtpTransportBuilder::build))
}

fn builder(_: WayOut, config: &Config) -> Result<Option<AsyncSmtpTransportBuilder>, RunError> {
    let mail = &config.mail;
    let Some(host) = &mail.host else { return Ok(None) };
    let broken = |error: lettre::transport::smtp::Error| RunError::Mail(format!("mail.host: {error}"));
    let builder = match mail.encryption()? {
        Encryption::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(host).map_err(broken)?,
        Encryption::StartTls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(host).map_err(broken)?,
        Encryption::None => AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host),
    };
    let builder = builder.port(mail.port).timeout(Some(PATIENCE));
    let builder = match (&mail.user, &mail.password_file) {
        (Some(user), Some(file)) => builder.credentials(Credentials::new(user.clone(), read_secret("mail.password_file", file)?.reveal().to_owned())),
        _ => builder,
    };
    Ok(Some(builder))
}

struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mailer for Smtp {
    fn send(&self, letter: Letter) -> BoxFuture<'static, Result<(), NotSent>> {
        let Ok(to) = letter.to.parse::<Mailbox>() else { return ready(Err(NotSent("its address cannot be read".to_owned()))).boxed() };
        let message = Message::builder().from(self.from.clone()).to(to).subject(letter.subject).header(ContentType::TEXT_PLAIN).body(letter.body);
        let transport = self.transport.clone();
        async move {
            let message = message.map_err(|error| NotSent(error.to_string()))?;
            transport.send(message).await.map(drop).map_err(|error| NotSent(error.to_string()))
        }
        .boxed()
    }
}

/// How a reader is rid of letters: their program shows it as a button.
#[derive(Clone)]
struct ListUnsubscribe(String);

impl Header for ListUnsubscribe {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.clone())
    }
}

/// Sends notices.
struct Notices {
    line: Arc<Line>,
    from: Mailbox,
}

/// A connection that is kept, and made anew when a letter on it was given up: the server may owe it an answer for ever, and the pool cannot know.
struct Line {
    builder: AsyncSmtpTransportBuilder,
    transport: Mutex<AsyncSmtpTransport<Tokio1Executor>>,
    is_stale: AtomicBool,
}

/// A letter under way; dropped before its end, it was given up.
struct UnderWay<'a>(Option<&'a Line>);

impl Line {
    fn of(builder: AsyncSmtpTransportBuilder) -> Self {
        let transport = Mutex::new(builder.clone().build());
        Self { builder, transport, is_stale: AtomicBool::new(false) }
    }

    async fn send(&self, message: Message) -> Result<(), SmtpError> {
        let mut under_way = UnderWay(Some(self));
        let sent = self.transport().send(message).await;
        under_way.0 = None;
        sent.map(drop)
    }

    fn transport(&self) -> AsyncSmtpTransport<Tokio1Executor> {
        let mut transport = self.transport.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_stale.swap(false, Ordering::Relaxed) {
            *transport = self.builder.clone().build();
        }
        transport.clone()
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        if let Some(line) = self.0 {
            line.is_stale.store(true, Ordering::Relaxed);
        }
    }
}

impl Post for Notices {
    fn send(&self, to: String, letter: NoticeLetter) -> BoxFuture<'static, Result<(), Refusal>> {
        // An address that cannot be read, or a letter that cannot be written, is no better the next time.
        let broken = Refusal { code: Some(500), subject: None };
        let Ok(to) = to.parse::<Mailbox>() else { return ready(Err(broken)).boxed() };
        let NoticeLetter { subject, text, html, unsubscribe } = letter;
        let head = Message::builder().from(self.from.clone()).to(to).subject(subject).header(ListUnsubscribe(format!("<{unsubscribe}>")));
        let Ok(message) = head.multipart(MultiPart::alternative_plain_html(text, html)) else { return ready(Err(broken)).boxed() };
        let line = Arc::clone(&self.line);
        async move { line.send(message).await.map_err(|error| refusal(&error)) }.boxed()
    }
}

/// What a server answered; nothing of its words, which may name the address.
fn refusal(error: &SmtpError) -> Refusal {
    let code = error.status().map(u16::from);
    // `permanent error (550): 5.1.1 no such user`: the enhanced code stands first in what it said.
    let said = error.to_string();
    let enhanced = said.split_whitespace().find_map(|word| match word.split('.').collect::<Vec<_>>().as_slice() {
        [class, subject, detail] if ["4", "5"].contains(class) && detail.trim_end_matches([';', ',', ':']).parse::<u16>().is_ok() => subject.parse().ok(),
        _ => None,
    });
    Refusal { code, subject: enhanced }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(mode: &str, mail: &str) -> Config {
        Config::parse(&format!("mode = \"{mode}\"\n[mail]\n{mail}"), "test.toml", std::iter::empty()).unwrap()
    }

    #[actix_web::test]
    async fn in_mode_test_no_letter_leaves() {
        rustls::crypto::ring::default_provider().install_default().ok();
        let outward = "host = \"mail.example.kz\"\nfrom = \"a@b.kz\"\n";
        let here = "host = \"127.0.0.1\"\nencryption = \"none\"\nfrom = \"a@b.kz\"\n";
        assert!(mailer(&config("test", outward)).unwrap().is_none());
        assert!(mailer(&config("test", here)).unwrap().is_none(), "a mail server here hands letters on");
        assert!(mailer(&config("demo", here)).unwrap().is_some());
        assert!(mailer(&config("live", outward)).unwrap().is_some());
        assert!(mailer(&config("live", "")).unwrap().is_none(), "not set up");
        assert!(mailer(&config("live", "host = \"mail.example.kz\"\nfrom = \"@\"\n")).is_err());
    }
}
