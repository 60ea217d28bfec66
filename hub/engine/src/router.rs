//! The router: from a message's topic to its device's actor. What names no device of ours becomes a dead letter.

use std::time::Duration;

use kernel::id::{SchoolId, Uuid};
use protocol::topic::Topic;
use tokio::sync::{mpsc, watch};

use crate::{
    commit::{Letter, Reason},
    device::{self, letter},
    directory::Directory,
    ingest::{Arrived, Phase},
    lane::Lanes,
    parcel::Parcel,
    registry::{Found, Registry},
};

/// The supplier of the service, as the first migration makes it: the tenant of letters that belong to no school.
pub const SUPPLIER: SchoolId = SchoolId(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0001));

/// Messages of unknown devices wait for the registry to be read again, which happens this often while any wait.
const RELOAD_FOR_UNKNOWN_EVERY: Duration = Duration::from_millis(500);
/// The registry is read again this often anyway.
const RELOAD_EVERY: Duration = Duration::from_secs(10);
/// Messages that may wait for the registry; one more is a dead letter at once.
const MOST_WAITING: usize = 1_000;

/// See the module.
pub struct Router {
    registry: Registry,
    directory: Directory,
    lanes: Lanes,
    /// Messages whose device was not in the registry when they came: it may have been registered a moment ago.
    waiting: Vec<(Topic, Arrived)>,
}

impl Router {
    /// A router over the registry, sending to the directory's actors; letters go to the lanes.
    pub fn new(registry: Registry, directory: Directory, lanes: Lanes) -> Self {
        Self { registry, directory, lanes, waiting: Vec::new() }
    }

    /// Routes until nothing comes any more or the engine stops.
    pub async fn run(mut self, mut arrived: mpsc::Receiver<Arrived>, mut phase: watch::Receiver<Phase>) {
        let mut regular = tokio::time::interval(RELOAD_EVERY);
        let mut for_unknown = tokio::time::interval(RELOAD_FOR_UNKNOWN_EVERY);
        loop {
            tokio::select! {
                message = arrived.recv() => match message {
                    Some(message) => self.route(message),
                    None => return,
                },
                _ = for_unknown.tick() => if !self.waiting.is_empty() {
                    self.reload().await;
                    self.route_waiting();
                },
                _ = regular.tick() => self.reload().await,
                changed = phase.changed() => if changed.is_err() || *phase.borrow() == Phase::Ended { return },
            }
        }
    }

    fn route(&mut self, arrived: Arrived) {
        let topic = match Topic::parse(&arrived.topic) {
            Ok(topic) => topic,
            Err(error) => return self.lanes.offer(stray(Reason::ForeignTopic, error.to_string(), arrived)),
        };
        match self.registry.find(&topic) {
            Found::Device(_) => self.settle(&topic, arrived),
            Found::WrongPlace(_) | Found::Unknown if self.waiting.len() < MOST_WAITING => self.waiting.push((topic, arrived)),
            Found::WrongPlace(_) | Found::Unknown => self.settle(&topic, arrived),
        }
    }

    fn route_waiting(&mut self) {
        for (topic, arrived) in std::mem::take(&mut self.waiting) {
            self.settle(&topic, arrived);
        }
    }

    /// By what the registry says now.
    fn settle(&self, topic: &Topic, arrived: Arrived) {
        match self.registry.find(topic) {
            Found::Device(device) => self.directory.device(&device, device::Message::Arrived { channel: topic.channel, arrived }),
            Found::WrongPlace(device) => self.lanes.offer(letter(&device, Reason::WrongSchool, topic.school.to_string(), arrived)),
            Found::Unknown => self.lanes.offer(stray(Reason::UnknownDevice, topic.device.to_string(), arrived)),
        }
    }

    async fn reload(&self) {
        if let Err(error) = self.registry.reload().await {
            tracing::warn!(%error, "the device registry could not be read; the one in memory is used");
        }
    }
}

fn stray(reason: Reason, detail: String, arrived: Arrived) -> Parcel {
    let letter = Letter {
        school: SUPPLIER,
        device: None,
        event: None,
        received_at: arrived.received_at,
        reason,
        topic: arrived.topic,
        detail,
        payload: arrived.payload.iter().take(protocol::MESSAGE_LIMIT_BYTES).copied().collect(),
    };
    Parcel::Letter { letter: Box::new(letter), receipt: arrived.receipt }
}
