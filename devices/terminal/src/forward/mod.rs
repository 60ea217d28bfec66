//! The messenger: brings the journal to the hub and learns from its acknowledgements what may go, and what time it is.
//!
//! One connection at a time, polled by a future that is never cancelled half-way; publishing only ever tries, since what does not
//! go out is sent again. The journal is asked through the [`keeper`](crate::keeper), without waiting for it.
//!
//! Always true:
//!  1. Nothing is forgotten because it was sent: only the hub's acknowledgement of this journal lets the keeper forget.
//!  2. At most `protocol::WINDOW_EVENTS` events are under way.
//!  3. What is not acknowledged is sent again, ever more slowly; after a break at once, the lowest numbers first.

mod messages;
mod patience;
mod window;

use std::time::Duration;

use protocol::{
    down::Ack,
    topic::{Channel, Code, Topic},
};
use rumqttc::{AsyncClient, ConnectionError, Event, EventLoop, LastWill, MqttOptions, Packet, QoS, TlsConfiguration, Transport};
use tokio::{select, sync::watch};

use crate::{
    clock::Clock,
    journal::Letter,
    keeper::{Asked, Keeper, Report},
    list::Shelf,
    tally::Tally,
};

use self::window::Window;
pub use self::patience::{Chance, Patience};

/// Messages between us and the socket: a full window and what else is to say.
const QUEUE: usize = 64;
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// Longer than any message of the protocol, so that none of the hub's breaks the connection.
const PACKET_BYTES: usize = 256 * 1024;

/// Who we are at which broker.
#[derive(Debug, Clone)]
pub struct Account {
    /// Name or address of the broker.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The school.
    pub school: Code,
    /// This device, which is also its user name.
    pub device: Code,
    /// Its password.
    pub password: String,
    /// How the road is sealed, if it is.
    pub tls: Option<Tls>,
}

/// A sealed road.
#[derive(Debug, Clone)]
pub struct Tls {
    /// Who vouches for the broker, in PEM.
    pub authority: Vec<u8>,
    /// The device's own certificate and key, in PEM.
    pub own: Option<(Vec<u8>, Vec<u8>)>,
}

/// How fast things go.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Sending again, and connecting again.
    pub patience: Patience,
    /// Between health messages, in milliseconds.
    pub health_ms: i64,
}

/// Why a connection ended.
enum End {
    Broken(String),
    Stopped,
}

/// What woke us.
enum Woken {
    ByBroker(Result<Event, ConnectionError>),
    ByJournal(Vec<Letter>),
    ByNews,
    ByTime,
    ToStop,
}

/// How reading the journal stands.
enum Reading {
    /// Nobody was asked.
    Idle,
    /// The keeper was.
    Asked(Asked),
    /// It gave nothing: what it has waits for the hub's time.
    Dry,
}

/// The messenger's task.
pub struct Messenger {
    account: Account,
    topic: Topic,
    pace: Pace,
    keeper: Keeper,
    reports: watch::Receiver<Option<Report>>,
    clock: Clock,
    shelf: Shelf,
    tally: Tally,
    chance: Chance,
    reading: Reading,
    /// How often the hub's time was asked for, and when to ask again.
    probe: (u32, i64),
    health_due_ms: i64,
    ready: bool,
    firmware: String,
}

impl Messenger {
    /// The task of this terminal.
    pub fn new(account: Account, pace: Pace, keeper: Keeper, clock: Clock, shelf: Shelf, tally: Tally, chance: Chance) -> Self {
        let topic = Topic::of(&account.school, &account.device, Channel::UpEvents);
        let reports = keeper.reports();
        let firmware = concat!("terminal ", env!("CARGO_PKG_VERSION")).to_owned();
        Self { account, topic, pace, keeper, reports, clock, shelf, tally, chance, reading: Reading::Idle, probe: (0, 0), health_due_ms: 0, ready: false, firmware }
    }

    /// Names another program at birth than the reference terminal.
    pub fn named(self, firmware: &str) -> Self {
        Self { firmware: firmware.to_owned(), ..self }
    }

    /// Works until it is asked to stop.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let Some(mut window) = self.journal_open(&mut stop).await else { return };
        let mut failures = 0;
        loop {
            let end = self.connected(&mut window, &mut stop).await;
            if std::mem::take(&mut self.ready) {
                failures = 0;
            }
            (self.reading, self.probe) = (Reading::Idle, (0, 0));
            let End::Broken(why) = end else { return };
            let pause_ms = self.pace.patience.pause_ms(failures, &mut self.chance);
            tracing::warn!(why, pause_ms, "no connection to the broker");
            failures = failures.saturating_add(1);
            select! {
                () = tokio::time::sleep(milliseconds(pause_ms)) => {}
                _ = stop.changed() => return,
            }
        }
    }

    async fn journal_open(&mut self, stop: &mut watch::Receiver<bool>) -> Option<Window> {
        let open = async { self.reports.wait_for(Option::is_some).await.ok().and_then(|report| report.clone()) };
        let report = select! {
            report = open => report?,
            _ = stop.changed() => return None,
        };
        Some(Window::new(&report.store, report.acknowledged, self.pace.patience, self.chance.clone()))
    }

    /// One connection, from its beginning to its end.
    async fn connected(&mut self, window: &mut Window, stop: &mut watch::Receiver<bool>) -> End {
        let (client, mut eventloop) = AsyncClient::new(self.options(), QUEUE);
        let mut network = eventloop.network_options();
        network.set_tcp_nodelay(true);
        eventloop.set_network_options(network);
        loop {
            match self.until_broker(&client, &mut eventloop, window, stop).await {
                Err(end) => return end,
                Ok(None) => return self.farewell(&client, &mut eventloop).await,
                Ok(Some(event)) => {
                    if !self.hear(&client, event, window) {
                        return End::Broken("there is no room for the first words".into());
                    }
                }
            }
            self.send(&client, window);
        }
    }

    /// Polls until the broker says something, meanwhile doing what else is to do. `None` to stop.
    async fn until_broker(&mut self, client: &AsyncClient, eventloop: &mut EventLoop, window: &mut Window, stop: &mut watch::Receiver<bool>) -> Result<Option<Event>, End> {
        let poll = eventloop.poll();
        tokio::pin!(poll);
        loop {
            let due = milliseconds(self.next_due_ms(window).saturating_sub(self.clock.monotonic_ms()));
            let woken = select! {
                event = &mut poll => Woken::ByBroker(event),
                letters = asked(&mut self.reading) => Woken::ByJournal(letters),
                changed = self.reports.changed() => if changed.is_ok() { Woken::ByNews } else { Woken::ToStop },
                () = tokio::time::sleep(due) => Woken::ByTime,
                _ = stop.changed() => Woken::ToStop,
            };
            match woken {
                Woken::ByBroker(event) => return event.map(Some).map_err(|error| End::Broken(error.to_string())),
                Woken::ByJournal(letters) => self.take(letters, window),
                Woken::ByNews => self.read_again(),
                Woken::ByTime => {}
                Woken::ToStop => return Ok(None),
            }
            self.send(client, window);
        }
    }

    fn next_due_ms(&self, window: &Window) -> i64 {
        if !self.ready {
            return i64::MAX;
        }
        let probe = self.lacks_time().then_some(self.probe.1);
        [window.next_due_ms(), probe].into_iter().flatten().fold(self.health_due_ms, i64::min)
    }

    fn options(&self) -> MqttOptions {
        let account = &self.account;
        let mut options = MqttOptions::new(account.device.as_str(), account.host.clone(), account.port);
        options.set_credentials(account.device.as_str(), account.password.clone());
        options.set_keep_alive(KEEP_ALIVE);
        options.set_max_packet_size(PACKET_BYTES, PACKET_BYTES);
        options.set_last_will(LastWill::new(self.address(Channel::UpState), messages::death(), QoS::AtLeastOnce, true));
        if let Some(Tls { authority, own }) = account.tls.clone() {
            options.set_transport(Transport::tls_with_config(TlsConfiguration::Simple { ca: authority, alpn: None, client_auth: own }));
        }
        options
    }

    fn address(&self, channel: Channel) -> String {
        self.topic.sibling(channel).to_string()
    }

    /// Listens to the broker. Whether the connection is of use.
    fn hear(&mut self, client: &AsyncClient, event: Event, window: &mut Window) -> bool {
        match event {
            Event::Incoming(Packet::ConnAck(_)) => self.greet(client),
            Event::Incoming(Packet::SubAck(_)) => {
                tracing::info!(broker = self.account.host, "connected");
                self.ready = true;
                self.health_due_ms = self.clock.monotonic_ms();
                window.reconnected(self.health_due_ms);
                true
            }
            Event::Incoming(Packet::Publish(publish)) => {
                self.hear_hub(&publish.payload, window);
                true
            }
            Event::Incoming(_) | Event::Outgoing(_) => true,
        }
    }

    /// Tells of the birth, and asks for acknowledgements.
    fn greet(&self, client: &AsyncClient) -> bool {
        let report = self.reports.borrow().clone();
        let birth = messages::birth(report.as_ref(), &self.shelf, &self.firmware, self.clock.now());
        client.try_publish(self.address(Channel::UpState), QoS::AtLeastOnce, true, birth).is_ok()
            && client.try_subscribe(self.address(Channel::DownAck), QoS::AtMostOnce).is_ok()
    }

    fn hear_hub(&mut self, payload: &[u8], window: &mut Window) {
        let Ok(ack) = serde_json::from_slice::<Ack>(payload) else {
            tracing::warn!("the hub said something that is no acknowledgement");
            return;
        };
        if self.reports.borrow().as_ref().is_none_or(|report| report.store != ack.store) {
            return;
        }
        self.keeper.correct(self.clock.learn(ack.hub_time.as_millisecond()));
        if let Some(upto) = window.acknowledge(&ack) {
            self.keeper.acknowledged(upto);
        }
        self.probe = (0, 0);
        self.read_again();
    }

    fn read_again(&mut self) {
        if let Reading::Dry = self.reading {
            self.reading = Reading::Idle;
        }
    }

    fn lacks_time(&self) -> bool {
        matches!(self.reading, Reading::Dry) && self.clock.now().offset_ms.is_none()
    }

    fn take(&mut self, letters: Vec<Letter>, window: &mut Window) {
        self.reading = if letters.is_empty() { Reading::Dry } else { Reading::Idle };
        window.take(letters, self.clock.monotonic_ms());
    }

    /// Says what is to say now.
    fn send(&mut self, client: &AsyncClient, window: &mut Window) {
        if !self.ready {
            return;
        }
        let now_ms = self.clock.monotonic_ms();
        self.ask_journal(window);
        self.ask_for_time(client, window, now_ms);
        while let Some(message) = window.next_message(now_ms) {
            // What finds no room is due again like all that is lost on the road.
            client.try_publish(self.address(Channel::UpEvents), QoS::AtLeastOnce, false, message).ok();
        }
        if now_ms >= self.health_due_ms {
            self.health_due_ms = now_ms.saturating_add(self.pace.health_ms);
            let report = self.reports.borrow().clone();
            let health = messages::health(report.as_ref(), &self.tally, &self.shelf, self.clock.now());
            client.try_publish(self.address(Channel::UpHealth), QoS::AtMostOnce, false, health).ok();
        }
    }

    fn ask_journal(&mut self, window: &Window) {
        let (after, room) = window.wants();
        let last = self.reports.borrow().as_ref().map_or(0, |report| report.acknowledged.saturating_add(report.queue));
        if matches!(self.reading, Reading::Idle) && room > 0 && last > after {
            if let Some(offset_ms) = self.clock.now().offset_ms {
                self.keeper.correct(offset_ms);
            }
            self.reading = self.keeper.read(after, room).map_or(Reading::Idle, Reading::Asked);
        }
    }

    /// What happened since the start is not told before the hub's time is known; an event that the hub has already brings it.
    fn ask_for_time(&mut self, client: &AsyncClient, window: &Window, now_ms: i64) {
        let (attempts, due_ms) = self.probe;
        if due_ms > now_ms || !self.lacks_time() || !window.is_empty() {
            return;
        }
        let report = self.reports.borrow().clone();
        if let Some(message) = report.as_ref().and_then(messages::probe) {
            client.try_publish(self.address(Channel::UpEvents), QoS::AtLeastOnce, false, message).ok();
        }
        self.probe = (attempts.saturating_add(1), now_ms.saturating_add(self.pace.patience.pause_ms(attempts, &mut self.chance)));
    }

    /// Goes in order: says so, and waits a moment for the words to leave.
    async fn farewell(&self, client: &AsyncClient, eventloop: &mut EventLoop) -> End {
        let said = self.ready && client.try_publish(self.address(Channel::UpState), QoS::AtMostOnce, true, messages::death()).is_ok();
        if said && client.try_disconnect().is_ok() {
            let gone = async { while eventloop.poll().await.is_ok() {} };
            tokio::time::timeout(Duration::from_millis(500), gone).await.ok();
        }
        End::Stopped
    }
}

/// Waits for events that were asked for; for ever if none were.
async fn asked(reading: &mut Reading) -> Vec<Letter> {
    let Reading::Asked(asked) = reading else { return std::future::pending().await };
    asked.await.unwrap_or_default()
}

fn milliseconds(ms: i64) -> Duration {
    /// Nothing is waited for longer than this at a time.
    const MOST_MS: u64 = 3_600_000;
    Duration::from_millis(u64::try_from(ms).unwrap_or(0).min(MOST_MS))
}
