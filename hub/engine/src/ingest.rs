//! Ingest: MQTT from the broker to the router. One client per group of shards, with a fixed client id and a persistent session, so
//! that a restarted hub inherits what the broker kept for it.
//!
//! Three tasks per client, none of which waits for another's work: one only polls and hands over, one sends PUBACKs for settled
//! receipts, and one subscribes whenever a connection begins. Publishing on the polling task would deadlock on a full channel.
//!
//! Always true:
//!  1. A message is released at the broker only through its [`Receipt`], never by the client on its own (manual acknowledgement).
//!  2. The broker's in-flight window bounds how many messages are between here and the commit.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use jiff::Timestamp;
use kernel::clock::Clock;
use protocol::topic::SHARDS;
use rumqttc::{AsyncClient, Event, EventLoop, Incoming, MqttOptions, QoS, SubscribeFilter};
use tokio::sync::{mpsc, watch};

use crate::{
    config::Broker,
    receipt::{Epoch, Receipt, Release},
};

/// The largest packet the hub reads. Above the broker's own limit, so that no packet can be poison: it is read, refused and released.
const PACKET_LIMIT_BYTES: usize = 4 * 1024 * 1024;
/// Requests (PUBACKs, acknowledgements) waiting for one client's socket.
const REQUESTS: usize = 4_096;

/// A message as it came.
#[derive(Debug)]
pub struct Arrived {
    /// Its topic.
    pub topic: String,
    /// Its content.
    pub payload: Bytes,
    /// When the hub got it.
    pub received_at: Timestamp,
    /// Whether the broker said again what it kept: old words, said anew whenever the hub subscribes.
    pub is_retained: bool,
    /// Releases it at the broker.
    pub receipt: Receipt,
}

/// How far the stop has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Messages are taken.
    Taking,
    /// Nothing more is taken (the broker keeps it for the next start), but what was taken is still acknowledged.
    Draining,
    /// The clients disconnect.
    Ended,
}

/// Publishes to devices. Each shard's group has its own connection.
#[derive(Clone)]
pub struct Outbox {
    clients: Vec<AsyncClient>,
    /// Whether each group is connected.
    lines: Arc<[AtomicBool]>,
}

impl Outbox {
    /// Whether every device could be heard now: each group has its connection.
    pub fn hears_all(&self) -> bool {
        self.lines.iter().all(|line| line.load(Ordering::Relaxed))
    }

    /// Publishes our acknowledgement (QoS 0). When the socket is behind it is dropped: the device sends again and is told then.
    pub fn acknowledge(&self, shard: u8, topic: &str, payload: Vec<u8>) {
        let Some(client) = self.clients.get(usize::from(shard) % self.clients.len().max(1)) else { return };
        if client.try_publish(topic, QoS::AtMostOnce, false, payload).is_err() {
            metrics::counter!("acknowledgements_dropped_total").increment(1);
        }
    }
}

/// The shards of a group: shard s belongs to group s modulo the number of groups.
fn shards_of(group: u8, groups: u8) -> impl Iterator<Item = u8> {
    (0..SHARDS).filter(move |shard| shard % groups == group)
}

/// Starts the clients on the current runtime. They end with the phase [`Phase::Ended`], after a clean disconnect.
pub fn start(broker: &Broker, clock: &Clock, arrived: &mpsc::Sender<Arrived>, phase: &watch::Receiver<Phase>) -> Outbox {
    let groups = broker.groups.clamp(1, SHARDS);
    let lines: Arc<[AtomicBool]> = (0..groups).map(|_| AtomicBool::new(false)).collect();
    let line = |group| Line { group, groups, lines: Arc::clone(&lines) };
    let clients = (0..groups).map(|group| start_group(broker, line(group), clock.clone(), arrived.clone(), phase.clone())).collect();
    Outbox { clients, lines }
}

/// One group's connection, as others may see it.
struct Line {
    group: u8,
    groups: u8,
    lines: Arc<[AtomicBool]>,
}

impl Line {
    fn is(&self, state: LineState) {
        let connected = state == LineState::Connected;
        if let Some(line) = self.lines.get(usize::from(self.group)) {
            line.store(connected, Ordering::Relaxed);
        }
        metrics::gauge!("broker_connected", "group" => self.group.to_string()).set(f64::from(u8::from(connected)));
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineState {
    Connected,
    Away,
}

fn start_group(broker: &Broker, line: Line, clock: Clock, arrived: mpsc::Sender<Arrived>, phase: watch::Receiver<Phase>) -> AsyncClient {
    let Line { group, groups, lines: _ } = line;
    let mut options = MqttOptions::new(format!("{}-{group}", broker.client_id), &broker.host, broker.port);
    options
        .set_credentials(&broker.user, &broker.password)
        .set_clean_session(false)
        .set_manual_acks(true)
        .set_keep_alive(Duration::from_secs(15))
        .set_request_channel_capacity(REQUESTS)
        .set_max_packet_size(PACKET_LIMIT_BYTES, PACKET_LIMIT_BYTES);
    let (client, event_loop) = AsyncClient::new(options, REQUESTS);
    let filters: Vec<SubscribeFilter> =
        shards_of(group, groups).map(|shard| SubscribeFilter::new(format!("v1/{shard}/+/+/up/+"), QoS::AtLeastOnce)).collect();
    let (release, releases) = mpsc::unbounded_channel();
    let epoch = Epoch::default();
    let (connected, connections) = watch::channel(0_u64);
    tokio::spawn(subscribe(client.clone(), filters, connections));
    tokio::spawn(release_settled(client.clone(), epoch.clone(), releases));
    let poller = Poller { line, clock, epoch, release, arrived, connected };
    tokio::spawn(poller.run(event_loop, client.clone(), phase));
    client
}

/// Subscribes after each new connection; a broker that lost our session must not leave us deaf.
async fn subscribe(client: AsyncClient, filters: Vec<SubscribeFilter>, mut connections: watch::Receiver<u64>) {
    while connections.changed().await.is_ok() {
        if let Err(error) = client.subscribe_many(filters.clone()).await {
            tracing::warn!(%error, "could not ask for subscriptions");
        }
    }
}

async fn release_settled(client: AsyncClient, epoch: Epoch, mut releases: mpsc::UnboundedReceiver<Release>) {
    while let Some(release) = releases.recv().await {
        if release.epoch == epoch.current() && client.ack(&release.publish).await.is_err() {
            return;
        }
    }
}

struct Poller {
    line: Line,
    clock: Clock,
    epoch: Epoch,
    release: mpsc::UnboundedSender<Release>,
    arrived: mpsc::Sender<Arrived>,
    connected: watch::Sender<u64>,
}

impl Poller {
    async fn run(self, mut event_loop: EventLoop, client: AsyncClient, mut phase: watch::Receiver<Phase>) {
        let mut patience = Duration::from_millis(200);
        let mut stopping = false;
        loop {
            let polled = tokio::select! {
                polled = event_loop.poll() => polled,
                changed = phase.changed(), if !stopping => {
                    stopping = changed.is_err() || *phase.borrow() == Phase::Ended;
                    if stopping && client.try_disconnect().is_err() {
                        return;
                    }
                    continue;
                }
            };
            match polled {
                Ok(Event::Incoming(Incoming::ConnAck(ack))) => {
                    patience = Duration::from_millis(200);
                    self.epoch.advance();
                    self.connected.send_replace(self.epoch.current());
                    self.line.is(LineState::Connected);
                    tracing::info!(group = self.line.group, session_present = ack.session_present, "connected to the broker");
                }
                Ok(Event::Incoming(Incoming::Publish(publish))) if *phase.borrow() == Phase::Taking => {
                    if !self.hand_over(publish).await {
                        return;
                    }
                }
                Ok(_) => {}
                Err(_) if stopping => return,
                Err(error) => {
                    self.line.is(LineState::Away);
                    tracing::warn!(group = self.line.group, %error, "no broker; trying again");
                    tokio::time::sleep(patience).await;
                    patience = (patience * 2).min(Duration::from_secs(5));
                }
            }
        }
    }

    /// False when nobody takes messages any more.
    async fn hand_over(&self, mut publish: rumqttc::Publish) -> bool {
        metrics::counter!("messages_received_total").increment(1);
        let payload = std::mem::take(&mut publish.payload);
        let topic = std::mem::take(&mut publish.topic);
        let is_retained = publish.retain;
        let receipt = Receipt::new(publish, self.epoch.current(), self.release.clone());
        let message = Arrived { topic, payload, received_at: self.clock.now(), is_retained, receipt };
        self.arrived.send(message).await.is_ok()
    }
}
