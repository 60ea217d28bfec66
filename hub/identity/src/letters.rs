//! Letters: what the house sends by e-mail, behind a small trait. The server gives a [`Mailer`] that speaks SMTP; where it gave none, nothing
//! is sent and pages say so. A letter holds no name of a child and no secret but the link that it is sent for.

use actix_web::{HttpRequest, web::Data};
use futures_util::future::BoxFuture;

/// A letter in plain text.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// To whom.
    pub to: String,
    /// What stands over it.
    pub subject: String,
    /// What it says.
    pub body: String,
}

/// Why a letter did not leave. Says nothing of its content.
#[derive(Debug, Clone, thiserror::Error)]
#[error("a letter did not leave: {0}")]
pub struct NotSent(pub String);

/// Sends letters.
pub trait Mailer: Send + Sync {
    /// Sends one; resolves when the next server has taken it.
    fn send(&self, letter: Letter) -> BoxFuture<'static, Result<(), NotSent>>;
}

/// The mailer of a request's installation.
pub fn mailer_of(req: &HttpRequest) -> Option<Data<dyn Mailer>> {
    req.app_data::<Data<dyn Mailer>>().cloned()
}

/// Sends a letter while the page is answered already: how long it takes tells nobody whether there was one to send.
pub(crate) fn send_later(mailer: &Data<dyn Mailer>, letter: Letter) {
    let sending = mailer.send(letter);
    actix_web::rt::spawn(async move {
        let outcome = match sending.await {
            Ok(()) => "sent",
            Err(error) => {
                tracing::warn!(%error, "a letter did not leave");
                "failed"
            }
        };
        metrics::counter!("identity_letters_total", "outcome" => outcome).increment(1);
    });
}
