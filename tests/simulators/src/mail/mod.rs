//! A mail server as a client sees it: SMTP (RFC 5321) in clear text on 127.0.0.1. It takes every letter and keeps it for whoever asks, or refuses
//! recipients when told to. Nothing is passed on.

mod session;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
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
        decoded(&self.data)
    }

    /// The parts of a letter that has several, each with its transfer encoding undone.
    #[must_use]
    pub fn parts(&self) -> Vec<String> {
        let boundary = self.data.split("boundary=\"").nth(1).and_then(|rest| rest.split('"').next());
        let Some(boundary) = boundary else { return Vec::new() };
        let mark = format!("--{boundary}");
        self.data.split(&mark).skip(1).filter(|part| !part.starts_with("--")).map(|part| decoded(part.trim_start())).collect()
    }
}

/// A body, its transfer encoding undone as its head says.
fn decoded(part: &str) -> String {
    let (head, body) = part.split_once("\r\n\r\n").unwrap_or((part, ""));
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

/// What the server keeps and how it behaves; shared by its sessions.
#[derive(Debug, Default)]
struct Shared {
    letters: Mutex<Vec<Arrived>>,
    refusing: AtomicBool,
    /// So many recipients more are put off.
    busy: AtomicU32,
    connections: AtomicU32,
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

    /// The next recipients are put off, so many.
    pub fn be_busy(&self, times: u32) {
        self.shared.busy.store(times, Ordering::SeqCst);
    }

    /// How often somebody connected.
    #[must_use]
    pub fn connections(&self) -> u32 {
        self.shared.connections.load(Ordering::SeqCst)
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
            shared.connections.fetch_add(1, Ordering::SeqCst);
            // How a session ends is the client's affair.
            tokio::spawn(async move { session::attend(stream, &shared).await.ok() });
        }
    }
}
