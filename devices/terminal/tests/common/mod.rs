//! A real Mosquitto that a test starts and ends, a road to it that a test cuts and opens, and a small stand-in for the hub that takes,
//! remembers and acknowledges.

#![allow(dead_code, clippy::unwrap_used, clippy::panic, reason = "each test uses its part, and may fail by panicking")]

use std::{
    collections::BTreeMap,
    io,
    net::{Shutdown, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Condvar, Mutex, MutexGuard,
        atomic::{AtomicU16, Ordering},
    },
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};
use protocol::{
    cursor::{Cursor, Verdict},
    down::Ack,
    topic::{Channel, Topic},
    up::{Event as TerminalEvent, Events, Health, State},
};
use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};

/// How long a test waits for what must come: longer than any machine is busy.
pub const DEADLINE: Duration = Duration::from_secs(180);
/// Between two looks at something that tells nobody when it changes.
const LOOK: Duration = Duration::from_millis(5);

/// Looks until it is so.
pub fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < DEADLINE, "{what}");
        std::thread::park_timeout(LOOK);
    }
}

/// A broker of one test alone. Each time it starts it has another port, since nobody keeps the former one for it.
pub struct Broker {
    child: Option<Child>,
    port: Arc<AtomicU16>,
    /// Where it talks TLS, with devices that have a certificate.
    sealed_port: Arc<AtomicU16>,
    folder: tempfile::TempDir,
}

impl Broker {
    /// Starts one.
    pub fn start() -> Self {
        let mut broker = Self { child: None, port: Arc::default(), sealed_port: Arc::default(), folder: tempfile::tempdir().unwrap() };
        broker.start_again();
        broker
    }

    /// Starts it, and it remembers nothing. A port that somebody else took in between is tried anew.
    pub fn start_again(&mut self) {
        let child = (0..20).find_map(|_| self.start_once());
        assert!(child.is_some(), "mosquitto does not start: {}", std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default());
        self.child = child;
    }

    fn start_once(&self) -> Option<Child> {
        let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
        let [port, sealed_port] = listeners.map(|listener| listener.local_addr().unwrap().port());
        let sealed = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sealed");
        let sealed = sealed.display();
        let program = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"].into_iter().find(|path| Path::new(path).exists()).unwrap_or("mosquitto");
        let (config, log) = (self.folder.path().join("mosquitto.conf"), self.folder.path().join("log"));
        let text = format!(
            "user root\nallow_anonymous true\npersistence false\nmessage_size_limit 65536\nmax_queued_messages 0\nlog_dest stderr\nlistener {port} 127.0.0.1\n\
             listener {sealed_port} 127.0.0.1\ncafile {sealed}/authority.pem\ncertfile {sealed}/broker.pem\nkeyfile {sealed}/broker.key\n\
             require_certificate true\nuse_identity_as_username true\n"
        );
        std::fs::write(&config, text).unwrap();
        let stderr = std::fs::File::create(&log).unwrap();
        let mut child = Command::new(program).arg("-c").arg(&config).stdout(Stdio::null()).stderr(stderr).spawn().unwrap();
        let (mut runs, mut ended) = (false, false);
        eventually("mosquitto says that it runs, or ends", || {
            runs = std::fs::read_to_string(&log).unwrap_or_default().contains(" running");
            ended = child.try_wait().unwrap().is_some();
            runs || ended
        });
        if ended {
            return None;
        }
        self.port.store(port, Ordering::SeqCst);
        self.sealed_port.store(sealed_port, Ordering::SeqCst);
        Some(child)
    }

    /// Ends it without a word.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            child.kill().ok();
            child.wait().ok();
        }
    }
}

/// The terminal's road to the broker, which a test cuts and opens: so a terminal comes on line when the hub already listens.
pub struct Road {
    /// Where a terminal finds the broker, wherever that is.
    pub port: u16,
    traffic: Arc<(Mutex<Traffic>, Condvar)>,
}

#[derive(Default)]
struct Traffic {
    open: bool,
    /// Who stood before a closed road.
    turned_away: usize,
    admitted: usize,
    streams: Vec<TcpStream>,
}

impl Road {
    /// A road that is closed.
    pub fn to(broker: &Broker) -> Self {
        Self::between(broker.port.clone())
    }

    /// A road to where the broker talks TLS, closed too.
    pub fn sealed_to(broker: &Broker) -> Self {
        Self::between(broker.sealed_port.clone())
    }

    fn between(to: Arc<AtomicU16>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, traffic) = (listener.local_addr().unwrap().port(), Arc::<(Mutex<Traffic>, Condvar)>::default());
        let own = traffic.clone();
        std::thread::spawn(move || listener.incoming().for_each(|stream| admit(stream.unwrap(), &own, to.load(Ordering::SeqCst))));
        Self { port, traffic }
    }

    /// Lets everybody through.
    pub fn open(&self) {
        self.traffic.0.lock().unwrap().open = true;
    }

    /// How many connections went through.
    pub fn admitted(&self) -> usize {
        self.traffic.0.lock().unwrap().admitted
    }

    /// Cuts it, and waits until the terminal has noticed: what it had not read by then it will never read.
    pub fn cut(&self) {
        let mut traffic = self.traffic.0.lock().unwrap();
        traffic.open = false;
        traffic.turned_away = 0;
        for stream in traffic.streams.drain(..) {
            stream.shutdown(Shutdown::Both).ok();
        }
        let (traffic, waited) = self.traffic.1.wait_timeout_while(traffic, DEADLINE, |traffic| traffic.turned_away == 0).unwrap();
        assert!(!waited.timed_out(), "the terminal does not come back");
        drop(traffic);
    }
}

fn admit(near: TcpStream, traffic: &(Mutex<Traffic>, Condvar), port: u16) {
    let mut traffic_now = traffic.0.lock().unwrap();
    if !traffic_now.open {
        traffic_now.turned_away += 1;
        traffic.1.notify_all();
        return;
    }
    let Ok(far) = TcpStream::connect(("127.0.0.1", port)) else { return };
    traffic_now.admitted += 1;
    for stream in [&near, &far] {
        stream.set_nodelay(true).unwrap();
        traffic_now.streams.push(stream.try_clone().unwrap());
    }
    for (mut from, mut to) in [(near.try_clone().unwrap(), far.try_clone().unwrap()), (far, near)] {
        std::thread::spawn(move || {
            io::copy(&mut from, &mut to).ok();
            to.shutdown(Shutdown::Both).ok();
        });
    }
}

/// What the hub has.
#[derive(Default)]
pub struct Memory {
    pub cursors: BTreeMap<String, Cursor>,
    /// Each event when it was new, in the order of arrival.
    pub fresh: Vec<(String, TerminalEvent)>,
    /// Numbers that came with another content than before.
    pub conflicts: Vec<i64>,
    /// How often something came that was there.
    pub repeated: usize,
    pub births: Vec<State>,
    pub deaths: usize,
    pub health: Vec<Health>,
    pub malformed: usize,
    /// How often the broker took the hub for a listener.
    pub subscribed: usize,
}

/// The stand-in.
#[derive(Clone)]
pub struct Hub(Arc<(Mutex<Memory>, Condvar)>);

impl Hub {
    /// Takes and acknowledges until the test ends, losing one acknowledgement in `loses_every`. Its clock is given. Returns when it listens.
    pub fn start(broker: &Broker, loses_every: u64, clock: impl Fn() -> Timestamp + Send + 'static) -> Self {
        let hub = Self(Arc::default());
        let (own, port) = (hub.clone(), broker.port.clone());
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(own.listen(&port, loses_every, clock));
        });
        hub.until_it_listens(1);
        hub
    }

    /// Waits until it listens to so many brokers, one after the other.
    pub fn until_it_listens(&self, brokers: usize) {
        self.until("the hub's subscription", |memory| memory.subscribed >= brokers);
    }

    async fn listen(self, port: &AtomicU16, loses_every: u64, clock: impl Fn() -> Timestamp) {
        let mut heard = 0_u64;
        loop {
            let mut options = MqttOptions::new("hub", "127.0.0.1", port.load(Ordering::SeqCst));
            options.set_max_packet_size(1 << 20, 1 << 20);
            let (client, mut eventloop) = AsyncClient::new(options, 10_000);
            while let Ok(event) = eventloop.poll().await {
                match event {
                    Event::Incoming(Packet::ConnAck(_)) => client.try_subscribe("v1/+/+/+/up/#", QoS::AtLeastOnce).unwrap(),
                    Event::Incoming(Packet::SubAck(_)) => {
                        self.memory().subscribed += 1;
                        self.0.1.notify_all();
                    }
                    Event::Incoming(Packet::Publish(publish)) => {
                        let topic = Topic::parse(&publish.topic).unwrap();
                        let ack = self.take(&topic, &publish.payload, clock());
                        heard += 1;
                        if let Some(ack) = ack.filter(|_| !heard.is_multiple_of(loses_every)) {
                            client.try_publish(topic.sibling(Channel::DownAck).to_string(), QoS::AtMostOnce, false, serde_json::to_vec(&ack).unwrap()).ok();
                        }
                    }
                    _ => {}
                }
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    fn take(&self, topic: &Topic, payload: &[u8], now: Timestamp) -> Option<Ack> {
        let mut memory = self.memory();
        let ack = match topic.channel {
            Channel::UpEvents => memory.take(payload, now),
            Channel::UpState => {
                let state = State::parse(payload).unwrap();
                match state.store {
                    Some(_) => memory.births.push(state),
                    None => memory.deaths += 1,
                }
                None
            }
            Channel::UpHealth => {
                memory.health.push(Health::parse(payload).unwrap());
                None
            }
            other => panic!("nothing is expected at {other:?}"),
        };
        self.0.1.notify_all();
        ack
    }

    pub fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.0.lock().unwrap()
    }

    /// Waits until the hub has what the test waits for.
    pub fn until(&self, what: &str, is_so: impl Fn(&Memory) -> bool) {
        drop(self.wait(what, is_so));
    }

    /// Waits for it, and looks.
    pub fn wait(&self, what: &str, is_so: impl Fn(&Memory) -> bool) -> MutexGuard<'_, Memory> {
        let began = Instant::now();
        let mut memory = self.memory();
        while !is_so(&memory) {
            assert!(began.elapsed() < DEADLINE, "{what}: {} fresh, {} repeated, cursors {:?}", memory.fresh.len(), memory.repeated, memory.cursors);
            memory = self.0.1.wait_timeout(memory, Duration::from_millis(200)).unwrap().0;
        }
        memory
    }
}

impl Memory {
    fn take(&mut self, payload: &[u8], now: Timestamp) -> Option<Ack> {
        let Ok(message) = Events::parse(payload) else {
            self.malformed += 1;
            return None;
        };
        let cursor = self.cursors.entry(message.store.clone()).or_default();
        for event in message.events {
            match cursor.take(event.seq) {
                Verdict::Fresh => {
                    if let protocol::up::Body::Lost { from, to } = event.body {
                        cursor.declare_lost(from, to, event.seq);
                    }
                    self.fresh.push((message.store.clone(), event));
                }
                Verdict::Duplicate => {
                    self.repeated += 1;
                    let known = self.fresh.iter().find(|(store, known)| *store == message.store && known.seq == event.seq);
                    if known.is_none_or(|(_, known)| known.fingerprint() != event.fingerprint()) {
                        self.conflicts.push(event.seq);
                    }
                }
                Verdict::TooFarAhead => {}
            }
        }
        Some(Ack::of(&message.store, cursor, now))
    }

    /// Fresh numbers in the order of their arrival.
    pub fn seqs(&self) -> Vec<i64> {
        self.fresh.iter().map(|(_, event)| event.seq).collect()
    }

    /// Cards of the fresh passes, in the order of their arrival.
    pub fn cards(&self) -> Vec<String> {
        let card = |event: &TerminalEvent| match &event.body {
            protocol::up::Body::Pass(pass) => Some(pass.card.clone()),
            _ => None,
        };
        self.fresh.iter().filter_map(|(_, event)| card(event)).collect()
    }
}

/// How far two moments are from each other.
pub fn apart(a: Timestamp, b: Timestamp) -> SignedDuration {
    a.duration_since(b).abs()
}
