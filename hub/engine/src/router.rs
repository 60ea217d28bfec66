//! The router: from a message's topic to its device's actor. What names no device of ours becomes a dead letter.

use std::time::{Duration, Instant};

use kernel::id::{SchoolId, Uuid};
use protocol::topic::Topic;
use tokio::sync::{mpsc, watch};

use crate::{
    commit::{Letter, Reason},
    device::{self, letter},
    directory::Directory,
    ingest::Arrived,
    lane::{Lanes, Parcel},
    registry::{Found, Registry},
};

/// The supplier of the service, as the first migration makes it: the tenant of letters that belong to no school.
pub const SUPPLIER: SchoolId = SchoolId(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0001));

/// An unknown code makes the registry be read again, at most this often.
const RELOAD_AT_MOST_EVERY: Duration = Duration::from_secs(1);
/// The registry is read again this often anyway.
const RELOAD_EVERY: Duration = Duration::from_secs(10);

/// See the module.
pub struct Router {
    /// Which device is which.
    pub registry: Registry,
    /// The actors.
    pub directory: Directory,
    /// Where letters go.
    pub lanes: Lanes,
}

impl Router {
    /// Routes until nothing comes any more or the engine stops.
    pub async fn run(self, mut arrived: mpsc::Receiver<Arrived>, mut stop: watch::Receiver<bool>) {
        let mut reload = tokio::time::interval(RELOAD_EVERY);
        let mut reloaded = Instant::now();
        loop {
            tokio::select! {
                message = arrived.recv() => match message {
                    Some(message) => self.route(message, &mut reloaded).await,
                    None => return,
                },
                _ = reload.tick() => self.reload().await,
                _ = stop.changed() => return,
            }
        }
    }

    async fn route(&self, arrived: Arrived, reloaded: &mut Instant) {
        let topic = match Topic::parse(&arrived.topic) {
            Ok(topic) => topic,
            Err(error) => return self.lanes.offer(stray(Reason::ForeignTopic, error.to_string(), arrived)),
        };
        let mut found = self.registry.find(&topic);
        if !matches!(found, Found::Device(_)) && reloaded.elapsed() > RELOAD_AT_MOST_EVERY {
            *reloaded = Instant::now();
            self.reload().await;
            found = self.registry.find(&topic);
        }
        match found {
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
