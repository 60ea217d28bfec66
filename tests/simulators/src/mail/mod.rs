//! A mail server as a client sees it: SMTP (RFC 5321) in clear text on 127.0.0.1. It takes every letter and keeps it for whoever asks, or refuses
//! recipients when told to. Nothing is passed on.

mod session;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A letter that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// Whom it came from, as the envelope says.
    pub from: String,
    /// To whom, as the envelope says.
    pub to: Vec<String>,
    /// Headers and body as they came.
    pub data: String,
}

impl Arrived {
    /// The body in plain text, its transfer encoding undone.
    #[must_use]
    pub fn text(&self) -> String {
        let (head, body) = self
            .data
            .split_once("\r\n\r\n")
            .unwrap_or((self.data.as_str(), ""));
        let head = head.to_lowercase();
        let bytes = if head.contains("content-transfer-encoding: base64") {
            session::from_base64(body)
        } else if head.contains("content-transfer-encoding: quoted-printable") {
            session::from_quoted(body)
        } else {
            body.as_bytes().to_vec()
        };
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// What the server keeps and how it behaves; shared by its sessions.
#[derive(Debug, Default)]
struct Shared {
    letters: Mutex<Vec<Arrived>>,
    refusing: AtomicBool,
}

/// A running server; it ends when dropped.
#[derive(Debug)]
pub struct MailSink {
    address: SocketAddr,
    shared: Arc<Shared>,
    serving: JoinHandle<()>,
}

impl MailSink {
    /// Starts one on a free port.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::default());
        let serving = tokio::spawn(serve(listener, Arc::clone(&shared)));
        Ok(Self {
            address,
            shared,
            serving,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// What arrived so far, in order.
    #[must_use]
    pub fn letters(&self) -> Vec<Arrived> {
        self.shared
            .letters
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// From now on every recipient is refused.
    pub fn refuse(&self) {
        self.shared.refusing.store(true, Ordering::SeqCst);
    }
}

impl Drop for MailSink {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    // An accept fails for the peer's reasons; the next one may be good.
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            let shared = Arc::clone(&shared);
            // How a session ends is the client's affair.
            tokio::spawn(async move { session::attend(stream, &shared).await.ok() });
        }
    }
}
