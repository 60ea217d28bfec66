//! A mail server as a client sees it: SMTP (RFC 5321) in clear text on 127.0.0.1. It takes every letter and keeps it for whoever asks (for people
//! as [`pages`]), or puts recipients off, refuses them, says nothing or hangs up when told to. Nothing is passed on.

pub mod pages;
mod session;

use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A letter that arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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

/// What is done to a recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Does {
    /// 451: later.
    Defer,
    /// 550: there is no such mailbox.
    Refuse,
    /// 554: the server does not take it, and the mailbox has nothing to do with it.
    Reject,
    /// No answer, ever.
    Stall,
    /// The connection is closed.
    HangUp,
}

/// What shall happen to recipients, certain.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// To this address only.
    #[serde(default)]
    pub to: Option<String>,
    /// What.
    pub does: Does,
    /// How often.
    #[serde(default = "once")]
    pub times: u32,
}

fn once() -> u32 {
    1
}

/// The body of a control call.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Control {
    plan: Vec<Plan>,
    /// Forget every plan of before.
    forget: bool,
}

/// Letters kept; the oldest leave.
const KEPT: usize = 10_000;

/// What the server keeps and how it behaves; shared by its sessions.
#[derive(Debug, Default)]
pub struct Shared {
    letters: Mutex<VecDeque<Arrived>>,
    plans: Mutex<VecDeque<Plan>>,
    connections: AtomicU32,
}

impl Shared {
    /// What arrived so far, in order.
    #[must_use]
    pub fn letters(&self) -> Vec<Arrived> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// What shall happen to recipients from now on, after what was planned before.
    pub fn plan(&self, plan: Plan) {
        self.plans.lock().unwrap_or_else(PoisonError::into_inner).push_back(plan);
    }

    /// Changes what is planned.
    ///
    /// # Errors
    /// The mistake in words; nothing is changed then.
    pub fn control(&self, body: &[u8]) -> Result<(), String> {
        let Control { plan, forget } = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        let mut plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
        if forget {
            plans.clear();
        }
        plans.extend(plan);
        Ok(())
    }

    fn keep(&self, letter: Arrived) {
        let mut letters = self.letters.lock().unwrap_or_else(PoisonError::into_inner);
        if letters.len() >= KEPT {
            letters.pop_front();
        }
        letters.push_back(letter);
    }

    fn planned(&self, to: &str) -> Option<Does> {
        let mut plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
        let place = plans.iter().position(|plan| plan.to.as_deref().is_none_or(|only| only.eq_ignore_ascii_case(to)))?;
        let plan = plans.get_mut(place)?;
        plan.times = plan.times.saturating_sub(1);
        let (does, times) = (plan.does, plan.times);
        if times == 0 {
            plans.remove(place);
        }
        Some(does)
    }
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
        self.shared.letters()
    }

    /// The next recipients are put off, so many.
    pub fn be_busy(&self, times: u32) {
        self.shared.plan(Plan { to: None, does: Does::Defer, times });
    }

    /// The next recipients are left without an answer, so many.
    pub fn stall(&self, times: u32) {
        self.shared.plan(Plan { to: None, does: Does::Stall, times });
    }

    /// How often somebody connected.
    #[must_use]
    pub fn connections(&self) -> u32 {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// From now on every recipient is refused.
    pub fn refuse(&self) {
        self.shared.plan(Plan { to: None, does: Does::Refuse, times: u32::MAX });
    }
}

impl Drop for MailSink {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Takes letters for ever.
pub async fn serve(listener: TcpListener, shared: Arc<Shared>) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_holds_for_its_address_and_so_often() {
        let shared = Shared::default();
        assert_eq!(shared.planned("a@b.kz"), None);
        shared.control(br#"{"plan":[{"to":"a@b.kz","does":"defer","times":2},{"does":"hang_up"}]}"#).unwrap();
        assert_eq!(shared.planned("c@b.kz"), Some(Does::HangUp));
        assert_eq!([shared.planned("A@b.kz"), shared.planned("a@b.kz"), shared.planned("a@b.kz")], [Some(Does::Defer), Some(Does::Defer), None]);
        assert!(shared.control(br#"{"plan":[{"does":"explode"}]}"#).is_err());
        shared.control(br#"{"plan":[{"does":"refuse"}]}"#).unwrap();
        shared.control(br#"{"forget":true}"#).unwrap();
        assert_eq!(shared.planned("a@b.kz"), None);
    }
}
