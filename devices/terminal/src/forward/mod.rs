//! The messenger: brings the journal to the hub and learns from its acknowledgements what may go, and what time it is.
//!
//! One connection at a time, polled by a future that is never cancelled half-way; publishing only ever tries, since what does not
//! go out is sent again. The journal is asked through the [`keeper`](crate::keeper), without waiting for it.
//!
//! Always true:
//!  1. Nothing is forgotten because it was sent: only the hub's acknowledgement of this journal lets the keeper forget.
//!  2. At most `protocol::WINDOW_EVENTS` events are under way.
//!  3. What is not acknowledged is sent again, ever more slowly; after a break at once; always from the lowest number on, in order.
//!  4. Who waits for the hub's time waits: no round of this task is without a reason, and no news of the journal is forgotten.

mod messages;
mod patience;
mod window;

use std::{fmt, net::IpAddr, time::Duration};

use protocol::{
    down::Ack,
    topic::{Channel, Code, Topic},
};
use rumqttc::{AsyncClient, ConnectionError, Event, EventLoop, LastWill, MqttOptions, Packet, QoS, SubscribeReasonCode, TlsConfiguration, Transport};
use tokio::{select, sync::watch};

use crate::{
    clock::Clock,
    journal::{Letter, MOST_SEQ},
    keeper::{Asked, Keeper, Report},
    list::Shelf,
    tally::Tally,
};

use self::window::Window;
pub use self::patience::{Chance, Patience};

/// Messages between us and the socket: a full window and what else is to say.
const QUEUE: usize = 64;
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// A road of a mobile network may take that long for a connection, and for what is written to it.
const PATIENCE_SECONDS: u64 = 30;
/// Longer than any message of the protocol, so that none of the hub's breaks the connection.
const PACKET_BYTES: usize = 256 * 1024;

/// Who we are at which broker.
#[derive(Clone)]
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

impl Account {
    /// Whether the password goes through a network for everybody to read.
    pub fn is_overheard(&self) -> bool {
        let is_here = self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        self.tls.is_none() && !is_here
    }
}

impl fmt::Debug for Account {
    /// Without the password.
    fn fmt(&self, form: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, school, device, tls, password: _ } = self;
        form.debug_struct("Account").field("host", host).field("port", port).field("school", school).field("device", device).field("tls", tls).finish_non_exhaustive()
    }
}

/// A sealed road.
#[derive(Clone)]
pub struct Tls {
    /// Who vouches for the broker, in PEM.
    pub authority: Vec<u8>,
    /// The device's own certificate and key, in PEM.
    pub own: Option<(Vec<u8>, Vec<u8>)>,
}

impl fmt::Debug for Tls {
    /// Without the key.
    fn fmt(&self, form: &mut fmt::Formatter<'_>) -> fmt::Result {
        form.debug_struct("Tls").field("own", &self.own.is_some()).finish_non_exhaustive()
    }
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
    /// The journal has more to tell than when it was asked.
    news: bool,
    /// The hub has answered on this connection.
    heard: bool,
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
        Self { account, topic, pace, keeper, reports, clock, shelf, tally, chance, reading: Reading::Idle, news: false, heard: false, probe: (0, 0), health_due_ms: 0, ready: false, firmware }
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
            // Only a word of the hub is a success: two devices of one code would drive each other away for ever.
            if std::mem::take(&mut self.heard) {
                failures = 0;
            }
            (self.ready, self.reading, self.news, self.probe) = (false, Reading::Idle, false, (0, 0));
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
        network.set_connection_timeout(PATIENCE_SECONDS);
        eventloop.set_network_options(network);
        loop {
            match self.until_broker(&client, &mut eventloop, window, stop).await {
                Err(end) => return end,
                Ok(None) => return self.farewell(&client, &mut eventloop).await,
                Ok(Some(event)) => {
                    if let Err(why) = self.hear(&client, event, window) {
                        return End::Broken(why.into());
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
        let probe = self.is_stuck(window).then_some(self.probe.1);
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

    /// Listens to the broker. Fails if the connection is of no use.
    fn hear(&mut self, client: &AsyncClient, event: Event, window: &mut Window) -> Result<(), &'static str> {
        match event {
            Event::Incoming(Packet::ConnAck(_)) => self.greet(client).then_some(()).ok_or("there is no room for the first words"),
            Event::Incoming(Packet::SubAck(answer)) if answer.return_codes.contains(&SubscribeReasonCode::Failure) => Err("the broker keeps the hub's words from us"),
            Event::Incoming(Packet::SubAck(_)) => {
                tracing::info!(broker = self.account.host, "connected");
                self.ready = true;
                self.health_due_ms = self.clock.monotonic_ms();
                window.reconnected();
                Ok(())
            }
            // What the broker had kept was said at another time.
            Event::Incoming(Packet::Publish(publish)) if !publish.retain => {
                self.hear_hub(&publish.payload, window);
                Ok(())
            }
            Event::Incoming(_) | Event::Outgoing(_) => Ok(()),
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
        if self.reports.borrow().as_ref().is_none_or(|report| report.store != ack.store) || ack.upto >= MOST_SEQ {
            return;
        }
        self.heard = true;
        self.keeper.correct(self.clock.learn(ack.hub_time.as_millisecond()));
        if let Some(upto) = window.acknowledge(&ack, self.clock.monotonic_ms()) {
            self.keeper.acknowledged(upto);
        }
        self.probe = (0, 0);
        self.read_again();
    }

    fn read_again(&mut self) {
        match self.reading {
            Reading::Dry => self.reading = Reading::Idle,
            Reading::Asked(_) => self.news = true,
            Reading::Idle => {}
        }
    }

    /// The journal tells nothing, and nothing is under way whose acknowledgement would change that.
    fn is_stuck(&self, window: &Window) -> bool {
        matches!(self.reading, Reading::Dry) && window.is_empty()
    }

    fn take(&mut self, letters: Vec<Letter>, window: &mut Window) {
        let dry = letters.is_empty() && !std::mem::take(&mut self.news);
        self.reading = if dry { Reading::Dry } else { Reading::Idle };
        window.take(letters);
    }

    /// Says what is to say now.
    fn send(&mut self, client: &AsyncClient, window: &mut Window) {
        if !self.ready {
            return;
        }
        let now_ms = self.clock.monotonic_ms();
        self.ask_for_time(client, window, now_ms);
        self.ask_journal(window);
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
            self.news = false;
            self.reading = self.keeper.read(after, room).map_or(Reading::Idle, Reading::Asked);
        }
    }

    /// What happened since the start is not told before the hub's time is known; an event that the hub has already brings it.
    fn ask_for_time(&mut self, client: &AsyncClient, window: &Window, now_ms: i64) {
        let (attempts, due_ms) = self.probe;
        if due_ms > now_ms || !self.is_stuck(window) {
            return;
        }
        let report = self.reports.borrow().clone();
        if self.clock.now().offset_ms.is_some() {
            self.reading = Reading::Idle;
        } else if let Some(message) = report.as_ref().and_then(messages::probe) {
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

#[cfg(test)]
mod tests {
    use std::sync::{Arc, atomic::Ordering};

    use serde_json::json;

    use super::*;
    use crate::{
        clock::tests::ByHand,
        journal::Limits,
        keeper::{Desk, Place},
    };

    /// A messenger on line, of a keeper that does nothing.
    fn messenger(source: Arc<ByHand>) -> (Messenger, Desk, Window) {
        let clock = Clock::begin(source, 0);
        let (keeper, desk) = Keeper::new(Place { folder: "/nowhere".into(), limits: Limits::default() }, clock.clone());
        let (school, device) = (Code::parse("s001").unwrap(), Code::parse("gate1").unwrap());
        let account = Account { host: "127.0.0.1".into(), port: 1, school: school.clone(), device, password: "secret".into(), tls: None };
        assert!(!format!("{account:?}").contains("secret") && !account.is_overheard());
        assert!(Account { host: "broker.example".into(), ..account.clone() }.is_overheard());
        let pace = Pace { patience: Patience::default(), health_ms: 30_000 };
        let mut messenger = Messenger::new(account, pace, keeper, clock, Shelf::empty(school), Tally::default(), Chance::new(1));
        (messenger.ready, messenger.health_due_ms) = (true, 30_000);
        (messenger, desk, Window::new("k1", 0, pace.patience, Chance::new(1)))
    }

    #[test]
    fn inv_4_nobody_asks_for_the_time_while_an_answer_is_to_come() {
        let source = Arc::new(ByHand::default());
        let (mut messenger, _desk, mut window) = messenger(source.clone());
        messenger.reading = Reading::Dry;
        assert_eq!(messenger.next_due_ms(&window), 0, "now");
        window.take(vec![Letter { seq: 1, told: json!({}) }]);
        window.next_message(0).unwrap();
        source.monotonic.store(100, Ordering::SeqCst);
        assert!(messenger.next_due_ms(&window) >= 2_000, "when the window is due");
    }

    #[test]
    fn inv_4_news_that_come_while_the_journal_is_asked_are_not_forgotten() {
        let (mut messenger, _desk, mut window) = messenger(Arc::default());
        messenger.reading = Reading::Asked(messenger.keeper.read(0, 9).unwrap());
        messenger.read_again();
        messenger.take(Vec::new(), &mut window);
        assert!(matches!(messenger.reading, Reading::Idle), "it is asked again");
        messenger.reading = Reading::Asked(messenger.keeper.read(0, 9).unwrap());
        messenger.take(Vec::new(), &mut window);
        assert!(matches!(messenger.reading, Reading::Dry));
    }
}
