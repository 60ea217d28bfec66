//! A receipt stands for one message that the broker still holds as under way to us.
//!
//! Always true: every receipt ends in exactly one PUBACK, after the commit when all goes well. One that is dropped on the way
//! (a panic, a full mailbox, a parked actor) is released too, and counted as shed: the broker's window must not fill with the dead,
//! and the terminal, which never got *our* acknowledgement, sends its events again.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use rumqttc::Publish;
use tokio::sync::mpsc::UnboundedSender;

/// Which connection of an ingest client a message came by. An acknowledgement for an earlier one is not sent: its packet id may
/// by then name another message.
#[derive(Debug, Clone, Default)]
pub struct Epoch(Arc<AtomicU64>);

impl Epoch {
    /// A new connection begins.
    pub fn advance(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    /// The current one.
    pub fn current(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// A message to release at the broker. The channel is unbounded, but holds no more than the broker's in-flight window.
#[derive(Debug)]
pub struct Release {
    /// The message, without its payload.
    pub publish: Publish,
    /// The connection it came by.
    pub epoch: u64,
}

/// See the module.
#[derive(Debug)]
pub struct Receipt {
    release: Option<Release>,
    to: UnboundedSender<Release>,
}

impl Receipt {
    /// The receipt of a message that came by a connection.
    pub fn new(publish: Publish, epoch: u64, to: UnboundedSender<Release>) -> Self {
        Self { release: Some(Release { publish, epoch }), to }
    }

    /// Releases the message: what it said is durable, or answered otherwise.
    pub fn settle(mut self) {
        self.send();
    }

    /// The same where the receipt is part of something else.
    pub fn settle_now(&mut self) {
        self.send();
    }

    fn send(&mut self) {
        if let Some(release) = self.release.take()
            && self.to.send(release).is_err()
        {
            tracing::debug!("ingest has stopped; the broker will send the message again");
        }
    }
}

impl Drop for Receipt {
    fn drop(&mut self) {
        if self.release.is_some() {
            metrics::counter!("messages_shed_total", "why" => "dropped").increment(1);
            self.send();
        }
    }
}
