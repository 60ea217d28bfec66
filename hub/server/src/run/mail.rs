//! Letters leave by SMTP, through the server that the configuration names. Without one none leave, and in mode `test` none do: a mail server
//! on this machine would hand them on.

use super::RunError;
use crate::config::{Config, Encryption, read_secret};
use futures_util::future::{BoxFuture, FutureExt, ready};
use identity::letters::{Letter, Mailer, NotSent};
use kernel::mode::WayOut;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::authentication::Credentials,
};
use std::{sync::Arc, time::Duration};

/// A server that says nothing for so long is given up.
const PATIENCE: Duration = Duration::from_secs(20);

/// The way to the configured server; nothing where no letters are sent.
///
/// # Errors
/// When an address or a file of the configuration cannot be read.
pub fn mailer(config: &Config) -> Result<Option<Arc<dyn Mailer>>, RunError> {
    let mail = &config.mail;
    let Some(way_out) = config.mode.way_out() else { return Ok(None) };
    let Some(from) = mail.from.as_ref() else { return Ok(None) };
    let Some(transport) = transport(way_out, config)? else { return Ok(None) };
    let from = from.parse().map_err(|_| RunError::Mail(format!("mail.from: {from:?} is no address")))?;
    Ok(Some(Arc::new(Smtp { transport, from })))
}

/// The connection to the configured server, not opened yet.
///
/// # Errors
/// When an address or a file of the configuration cannot be read.
pub fn transport(_: WayOut, config: &Config) -> Result<Option<AsyncSmtpTransport<Tokio1Executor>>, RunError> {
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
    Ok(Some(builder.build()))
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
