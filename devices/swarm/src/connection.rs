//! One terminal on the network: a task that keeps its connection, hands messages over and takes acknowledgements.
//!
//! The connection is polled by a future that lives until it answers and is never cancelled half-way; publishing only
//! ever tries (a full queue is a lost message, and lost messages are sent again), so that the task cannot wait for itself.

mod happenings;
mod pranks;

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use protocol::{
    cursor::Stretch,
    down::Ack,
    topic::{Channel, Code, Topic},
    up::{Health, State, Status},
};
use ring::rand::{SecureRandom, SystemRandom};
use rumqttc::{AsyncClient, Event, EventLoop, LastWill, MqttOptions, Packet, QoS};
use tokio::{select, sync::mpsc::UnboundedReceiver, sync::watch, time::Instant};

use crate::{
    arrivals::Arrival,
    chance::Chance,
    ledger::{Line, Lines},
    mischief::{Clock, Prank},
    swarm::Swarm,
    terminal::{Freed, Message, Terminal},
    town,
};

/// Packets of any length may go out, so that a message over the limit can be tried.
const PACKET_LIMIT: usize = 4 * 1024 * 1024;
/// Messages between us and the socket.
const QUEUE: usize = 1_024;
const MOST_CONNECT_PAUSE_MS: u64 = 5_000;

/// Why a connection ended.
enum End {
    /// The other side, or the network.
    Broken,
    /// On purpose, with what follows.
    Prank(Prank),
    /// The run is over.
    Stopped,
}

/// One terminal's task.
pub struct Connection {
    swarm: Arc<Swarm>,
    school: usize,
    device: town::Device,
    topic: Topic,
    events_topic: String,
    inbox: UnboundedReceiver<Arrival>,
    stop: watch::Receiver<bool>,
    terminal: Terminal,
    chance: Chance,
    clock: Clock,
    boot: i64,
    ready: bool,
    health_due_ms: u64,
    lines: Lines,
    pranks: Vec<Prank>,
    reorder: bool,
    last_message: Vec<u8>,
    last_ack: (String, i64, Vec<Stretch>),
    last_freed: Option<(i64, Box<str>)>,
}

impl Connection {
    /// The task of the town's `index`-th terminal. `None` where a code is none, which the town's check rules out.
    pub fn new(swarm: Arc<Swarm>, index: usize, school: usize, device: town::Device, inbox: UnboundedReceiver<Arrival>) -> Option<Self> {
        let school_code = Code::parse(&swarm.town.schools.get(school)?.code).ok()?;
        let topic = Topic::of(&school_code, &Code::parse(&device.code).ok()?, Channel::UpEvents);
        let mut chance = Chance::new(swarm.behaviour.seed, u64::try_from(index).ok()? + 1);
        let clock = swarm.behaviour.mischief.clock(swarm.clock.wall_ms(), &mut chance);
        let terminal = Terminal::new(&random_name('k'), swarm.behaviour.patience, chance.clone());
        Some(Self {
            stop: swarm.stop.clone(),
            events_topic: topic.to_string(),
            health_due_ms: chance.below(swarm.behaviour.health_ms),
            swarm,
            school,
            device,
            topic,
            inbox,
            terminal,
            chance,
            clock,
            boot: 1,
            ready: false,
            lines: Lines::default(),
            pranks: Vec::new(),
            reorder: false,
            last_message: Vec::new(),
            last_ack: (String::new(), 0, Vec::new()),
            last_freed: None,
        })
    }

    /// Lives until the run is over.
    pub async fn run(mut self) {
        let mut failures = 0_u32;
        while !*self.stop.borrow() {
            let end = self.connected().await;
            if std::mem::take(&mut self.ready) {
                self.swarm.counts.connected_by(-1);
                failures = 0;
            }
            self.terminal.reconnected();
            let pause_ms = match end {
                End::Stopped => return,
                End::Broken => {
                    self.swarm.counts.broken.add(1);
                    failures += 1;
                    let most = (250 << failures.min(10)).min(MOST_CONNECT_PAUSE_MS);
                    most / 2 + self.chance.below(most)
                }
                End::Prank(prank) => self.suffer(prank),
            };
            self.pause(pause_ms).await;
        }
    }

    /// What a prank does to a terminal, and how long it stays away.
    fn suffer(&mut self, prank: Prank) -> u64 {
        match prank {
            Prank::Offline(ms) => {
                self.swarm.counts.dropped.add(1);
                return ms;
            }
            Prank::Wipe => self.wipe(),
            Prank::Drop | Prank::Duplicate | Prank::Malformed | Prank::Malicious(_) => self.swarm.counts.dropped.add(1),
        }
        self.chance.below(200)
    }

    /// Stays away, while things go on happening at the door.
    async fn pause(&mut self, ms: u64) {
        let until = Instant::now() + Duration::from_millis(ms);
        loop {
            select! {
                () = tokio::time::sleep_until(until) => return,
                Some(arrival) = self.inbox.recv() => self.take_all(arrival),
                _ = self.stop.changed() => return,
            }
        }
    }

    /// One connection, from its beginning to its end.
    async fn connected(&mut self) -> End {
        let swarm = Arc::clone(&self.swarm);
        let Ok(permit) = swarm.greeting.acquire().await else { return End::Stopped };
        let mut permit = Some(permit);
        let (client, mut eventloop) = AsyncClient::new(self.options(), QUEUE);
        let mut network = eventloop.network_options();
        network.set_tcp_nodelay(true);
        eventloop.set_network_options(network);
        loop {
            let Some(event) = self.until_event(&client, &mut eventloop).await else {
                return self.farewell(&client, &mut eventloop).await;
            };
            match event {
                Err(end) => return end,
                Ok(Event::Incoming(Packet::ConnAck(_))) => {
                    drop(permit.take());
                    if !self.greet(&client) {
                        return End::Broken;
                    }
                }
                Ok(Event::Incoming(Packet::SubAck(_))) => {
                    self.ready = true;
                    self.swarm.counts.connects.add(1);
                    self.swarm.counts.connected_by(1);
                }
                Ok(Event::Incoming(Packet::Publish(publish))) => self.hear(&publish.payload),
                Ok(Event::Incoming(_) | Event::Outgoing(_)) => {}
            }
            if let Some(end) = self.send(&client) {
                return end;
            }
        }
    }

    /// Polls the connection until it says something, meanwhile taking what happens and sending what is due.
    /// `None` when the run is over.
    async fn until_event(&mut self, client: &AsyncClient, eventloop: &mut EventLoop) -> Option<Result<Event, End>> {
        let poll = eventloop.poll();
        tokio::pin!(poll);
        loop {
            let wake = self.swarm.clock.instant(self.next_wake_ms());
            select! {
                event = &mut poll => return Some(event.map_err(|_| End::Broken)),
                Some(arrival) = self.inbox.recv() => self.take_all(arrival),
                () = tokio::time::sleep_until(wake) => {}
                _ = self.stop.changed() => return None,
            }
            if let Some(end) = self.send(client) {
                return Some(Err(end));
            }
        }
    }

    fn next_wake_ms(&self) -> u64 {
        if !self.ready {
            return self.swarm.clock.since_start_ms() + 60_000;
        }
        self.terminal.next_due_ms().map_or(self.health_due_ms, |due| due.min(self.health_due_ms))
    }

    fn options(&self) -> MqttOptions {
        let broker = &self.swarm.town.broker;
        let mut options = MqttOptions::new(self.device.code.clone(), broker.host.clone(), broker.port);
        options.set_credentials(self.device.code.clone(), self.device.password.clone());
        options.set_keep_alive(Duration::from_secs(30));
        options.set_max_packet_size(PACKET_LIMIT, PACKET_LIMIT);
        options.set_inflight(200);
        let state = self.topic.sibling(Channel::UpState).to_string();
        options.set_last_will(LastWill::new(state, r#"{"status":"offline"}"#, QoS::AtLeastOnce, true));
        options
    }

    /// Asks for acknowledgements and tells of its birth.
    fn greet(&self, client: &AsyncClient) -> bool {
        let birth = State {
            status: Status::Online,
            store: Some(self.terminal.store().to_owned()),
            boot: Some(self.boot),
            firmware: Some(concat!("swarm ", env!("CARGO_PKG_VERSION")).to_owned()),
            at: timestamp(self.clock.date(self.swarm.clock.wall_ms()).at_ms),
        };
        let birth = serde_json::to_vec(&birth).unwrap_or_default();
        client.try_publish(self.topic.sibling(Channel::UpState).to_string(), QoS::AtLeastOnce, true, birth).is_ok()
            && client.try_subscribe(self.topic.sibling(Channel::DownAck).to_string(), QoS::AtMostOnce).is_ok()
    }

    /// Goes in order: says so, and waits a moment for the words to leave.
    async fn farewell(&mut self, client: &AsyncClient, eventloop: &mut EventLoop) -> End {
        let state = self.topic.sibling(Channel::UpState).to_string();
        let said = self.ready && client.try_publish(state, QoS::AtMostOnce, true, r#"{"status":"offline"}"#).is_ok();
        if said && client.try_disconnect().is_ok() {
            let gone = async { while eventloop.poll().await.is_ok() {} };
            tokio::time::timeout(Duration::from_millis(500), gone).await.ok();
        }
        End::Stopped
    }

    fn hear(&mut self, payload: &[u8]) {
        let Ok(ack) = serde_json::from_slice::<Ack>(payload) else { return };
        let swarm = Arc::clone(&self.swarm);
        swarm.counts.acks.add(1);
        let now_us = swarm.clock.wall_us();
        if (&self.last_ack.0, self.last_ack.1, &self.last_ack.2) != (&ack.store, ack.upto, &ack.have) {
            let (store, have) = (ack.store.as_str(), ack.have.as_slice());
            self.lines.add(&Line::Acked { device: &self.device.code, store, upto: ack.upto, have, at_ms: now_us / 1_000 });
            self.last_ack = (ack.store.clone(), ack.upto, ack.have.clone());
        }
        let counted_from = swarm.clock.start_us().saturating_add(swarm.behaviour.latency_after_us);
        let (mut freed, mut last) = (0_usize, None);
        if let Ok(mut latency) = swarm.latency.lock() {
            self.terminal.acknowledge(&ack, |it: Freed| {
                freed += 1;
                if it.scheduled_us >= counted_from {
                    latency.add(u64::try_from(now_us - it.scheduled_us).unwrap_or(0));
                }
                last = Some((it.seq, it.fields));
            });
        }
        self.last_freed = last.or(self.last_freed.take());
        swarm.ledger.write(&mut self.lines);
        swarm.counts.acknowledged.add(freed);
        self.settle(freed);
    }

    fn settle(&self, events: usize) {
        self.swarm.counts.open_by(-i64::try_from(events).unwrap_or(0));
    }

    /// Sends what is new or due, then plays the pranks that fell to these events.
    fn send(&mut self, client: &AsyncClient) -> Option<End> {
        if !self.ready {
            return None;
        }
        let now_ms = self.swarm.clock.since_start_ms();
        if std::mem::take(&mut self.reorder) {
            let mut messages: Vec<Message> = std::iter::from_fn(|| self.terminal.next_message(now_ms, 1)).collect();
            self.chance.shuffle(&mut messages);
            messages.into_iter().for_each(|message| self.publish(client, message));
        }
        while let Some(message) = self.terminal.next_message(now_ms, self.swarm.behaviour.batch) {
            self.publish(client, message);
        }
        if now_ms >= self.health_due_ms {
            self.health_due_ms = now_ms + self.swarm.behaviour.health_ms;
            self.tell_health(client);
        }
        self.play_pranks(client).map(End::Prank)
    }

    fn publish(&mut self, client: &AsyncClient, message: Message) {
        let counts = &self.swarm.counts;
        counts.messages.add(1);
        counts.sent_again.add(message.again);
        if self.pranks.contains(&Prank::Duplicate) {
            self.last_message.clone_from(&message.payload);
        }
        if client.try_publish(self.events_topic.clone(), QoS::AtLeastOnce, false, message.payload).is_err() {
            counts.held_back.add(1);
        }
    }

    fn tell_health(&mut self, client: &AsyncClient) {
        let health = Health {
            at: timestamp(self.clock.date(self.swarm.clock.wall_ms()).at_ms),
            queue: i64::try_from(self.terminal.queue()).ok(),
            reader_errors: Some(0),
            temperature_c: Some(20.0 + self.chance.unit() * 15.0),
            disk_free_percent: Some(60.0 + self.chance.unit() * 30.0),
            link_percent: Some(70.0 + self.chance.unit() * 30.0),
            rx_bytes: None,
            tx_bytes: None,
        };
        let payload = serde_json::to_vec(&health).unwrap_or_default();
        // A health message that finds no room is worth nothing later.
        client.try_publish(self.topic.sibling(Channel::UpHealth).to_string(), QoS::AtMostOnce, false, payload).ok();
    }

}

fn timestamp(ms: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(ms).ok()
}

/// A name that no other run has used: journals must never share one, whatever the seed.
fn random_name(first: char) -> String {
    let mut bytes = [0_u8; 8];
    if SystemRandom::new().fill(&mut bytes).is_err() {
        eprintln!("swarm: the system has no randomness");
        std::process::exit(4);
    }
    format!("{first}{:016x}", u64::from_be_bytes(bytes))
}
