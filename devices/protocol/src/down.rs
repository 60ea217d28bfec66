//! What the hub says to a device.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::cursor::{Cursor, Stretch};

/// Our acknowledgement on `down/ack` (QoS 0, one per device and commit). The terminal deletes what it names and no more;
/// a lost acknowledgement costs a re-send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ack {
    /// The journal these numbers belong to.
    pub store: String,
    /// All numbers up to this one are durable.
    pub upto: i64,
    /// Durable stretches above the first gap.
    pub have: Vec<Stretch>,
    /// The hub's clock when it wrote this, so that the device learns its own offset.
    pub hub_time: Timestamp,
}

impl Ack {
    /// The acknowledgement that a cursor allows.
    pub fn of(store: &str, cursor: &Cursor, hub_time: Timestamp) -> Self {
        Self { store: store.to_owned(), upto: cursor.upto(), have: cursor.ahead().to_vec(), hub_time }
    }

    /// Whether the number may be deleted from the journal.
    pub fn covers(&self, seq: i64) -> bool {
        seq <= self.upto || self.have.iter().any(|&(from, to)| from <= seq && seq <= to)
    }
}
