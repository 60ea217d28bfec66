//! Two days without a broker, with a loss of power and a wrong clock in the middle: every pass arrives once, in order, at its time.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod common;

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    thread::JoinHandle,
    time::Instant,
};

use jiff::{SignedDuration, Timestamp};
use protocol::{
    topic::Code,
    up::{Body, Direction, Method, Pass},
};
use terminal::{
    clock::{Clock, Source},
    forward::{Account, Chance, Messenger, Pace, Patience, Tls},
    journal::{Happening, Limits, record::Deed},
    keeper::{Keeper, Place, Report},
    list::Shelf,
    tally::Tally,
};
use tokio::sync::watch;

use common::{Broker, DEADLINE, Hub, Road, apart, eventually};

/// Sunday evening.
const BEGIN_MS: i64 = 1_763_912_000_000;
const PASSES: i64 = 2_400;
/// Two days among so many passes.
const STEP_MS: i64 = 2 * 86_400_000 / PASSES;
/// How long an acknowledgement may be under way on a busy machine, which the terminal takes for a wrong clock: less than from pass to pass.
const ROAD_MS: i64 = 60_000;

/// The true time: the test's own, which leaps, and goes on with the machine's in between.
#[derive(Clone)]
struct World {
    began: Instant,
    leapt_ms: Arc<AtomicI64>,
}

impl World {
    fn true_ms(&self) -> i64 {
        let elapsed = i64::try_from(self.began.elapsed().as_millis()).unwrap();
        BEGIN_MS + self.leapt_ms.load(Ordering::SeqCst) + elapsed
    }

    fn leap(&self, ms: i64) {
        self.leapt_ms.fetch_add(ms, Ordering::SeqCst);
    }
}

/// A machine in that world whose clock is wrong by so much.
struct Machine {
    world: World,
    wrong_ms: i64,
}

impl Source for Machine {
    fn monotonic_ms(&self) -> i64 {
        self.world.true_ms() - BEGIN_MS
    }

    fn machine_ms(&self) -> i64 {
        self.world.true_ms() + self.wrong_ms
    }
}

/// A terminal that is switched on.
struct Terminal {
    keeper: Keeper,
    clock: Clock,
    keeping: JoinHandle<()>,
    telling: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

impl Terminal {
    fn switch_on(folder: &Path, port: u16, tls: Option<Tls>, machine: Machine) -> Self {
        let clock = Clock::begin(Arc::new(machine), 0);
        let limits = Limits { segment_bytes: 8 * 1024, ..Limits::default() };
        let (keeper, mut desk) = Keeper::new(Place { folder: folder.join("journal"), limits }, clock.clone());
        desk.prepare();
        let school = Code::parse("s001").unwrap();
        let account = Account { host: "127.0.0.1".into(), port, school: school.clone(), device: Code::parse("gate1").unwrap(), password: "p".into(), tls };
        let pace = Pace { patience: Patience { first_ms: 100, most_ms: 400 }, health_ms: 200 };
        let shelf = Shelf::open(folder, school, vec![0; 32]);
        let messenger = Messenger::new(account, pace, keeper.clone(), clock.clone(), shelf, Tally::default(), Chance::new(7));
        let (stop, stopped) = watch::channel(false);
        let keeping = std::thread::spawn(move || desk.run());
        let telling = std::thread::spawn(move || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(messenger.run(stopped)));
        let terminal = Self { keeper, clock, keeping, telling, stop };
        terminal.wait_for_journal();
        terminal
    }

    fn wait_for_journal(&self) {
        self.wait(|_| true);
    }

    fn wait_until_empty(&self) {
        self.wait(|report| report.queue == 0);
    }

    fn wait(&self, is_so: impl Fn(&Report) -> bool) {
        let mut reports = self.keeper.reports();
        let wait = async { tokio::time::timeout(DEADLINE, reports.wait_for(|report| report.as_ref().is_some_and(&is_so))).await.unwrap().is_ok() };
        assert!(tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(wait));
    }

    fn pass(&self, n: i64) {
        let direction = if n % 2 == 0 { Direction::In } else { Direction::Out };
        let pass = Pass { card: card(n), direction, method: Method::Card };
        self.keeper.happened(Happening { moment: self.clock.now(), deed: Deed::Pass(pass) });
    }

    fn switch_off(self) {
        self.stop.send(true).unwrap();
        self.telling.join().unwrap();
        self.keeper.stop();
        self.keeping.join().unwrap();
    }
}

fn card(n: i64) -> String {
    format!("04A1{n:06}")
}

#[test]
fn inv_2_two_days_without_a_broker_arrive_once_in_order_and_at_their_time() {
    let (mut broker, folder) = (Broker::start(), tempfile::tempdir().unwrap());
    let road = Road::to(&broker);
    let world = World { began: Instant::now(), leapt_ms: Arc::default() };
    let hubs = world.clone();
    let hub = Hub::start(&broker, 5, move || Timestamp::from_millisecond(hubs.true_ms()).unwrap());
    let mut truth = Vec::new();
    // Time leaps only while no acknowledgement is under way, which would look very late.
    let mut go_through = |terminal: &Terminal, passes: std::ops::Range<i64>, step_ms: i64| {
        for n in passes {
            truth.push((card(n), world.true_ms()));
            terminal.pass(n);
            world.leap(step_ms);
        }
    };

    // An hour fast, and on line: the journal's first word brings the hub's time.
    road.open();
    let terminal = Terminal::switch_on(folder.path(), road.port, None, Machine { world: world.clone(), wrong_ms: 3_600_000 });
    go_through(&terminal, 0..100, 0);
    hub.until("what passed on line", |memory| memory.cards().len() == 100);

    terminal.wait_until_empty();
    road.cut();
    broker.kill();
    go_through(&terminal, 100..1_200, STEP_MS);
    terminal.switch_off();
    // Power comes back, and the clock's battery is empty.
    let terminal = Terminal::switch_on(folder.path(), road.port, None, Machine { world: world.clone(), wrong_ms: -world.true_ms() });
    go_through(&terminal, 1_200..PASSES, STEP_MS);
    broker.start_again();
    hub.until_it_listens(2);
    road.open();
    go_through(&terminal, PASSES..PASSES + 50, 0);
    let all = usize::try_from(PASSES + 50).unwrap();
    let memory = hub.wait("every pass", |memory| memory.cards().len() >= all);

    let (cards, seqs) = (memory.cards(), memory.seqs());
    assert_eq!(cards, truth.iter().map(|(card, _)| card.clone()).collect::<Vec<_>>(), "each once, in order");
    assert!(seqs.iter().copied().eq(1..=seqs.last().copied().unwrap()), "no number is missing or twice");
    assert_eq!((memory.cursors.len(), memory.malformed), (1, 0));
    assert!(memory.conflicts.is_empty(), "a re-send is told in the same words: {:?}", memory.conflicts);
    let passes = memory.fresh.iter().filter(|(_, event)| matches!(event.body, Body::Pass(_)));
    for ((_, event), (card, true_ms)) in passes.zip(&truth) {
        let distance = apart(event.occurred_at, Timestamp::from_millisecond(*true_ms).unwrap());
        assert!(distance < SignedDuration::from_millis(ROAD_MS), "{card} is dated {distance:?} off, in boot {}", event.boot);
    }
    let boots: Vec<i64> = memory.births.iter().filter_map(|birth| birth.boot).collect();
    assert!(boots.contains(&1) && boots.contains(&2), "{boots:?}");
    drop(memory);

    hub.until("a queue that is empty", |memory| memory.health.last().is_some_and(|health| health.queue == Some(0) && health.disk_free_percent.is_some()));
    terminal.switch_off();
    hub.until("a word of farewell", |memory| memory.deaths > 0);
    let left: Vec<_> = std::fs::read_dir(folder.path().join("journal")).unwrap().map(|entry| entry.unwrap().file_name()).filter(|name| name.to_str().unwrap().ends_with(".segment")).collect();
    assert!(left.len() <= 2, "acknowledged files are gone: {left:?}");
}

fn sealed(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sealed").join(name)).unwrap()
}

#[test]
fn inv_2_a_sealed_road_is_taken_and_only_to_the_broker_that_is_meant() {
    rustls::crypto::ring::default_provider().install_default().ok();
    let (broker, folder) = (Broker::start(), tempfile::tempdir().unwrap());
    let hub = Hub::start(&broker, u64::MAX, || Timestamp::from_millisecond(BEGIN_MS).unwrap());
    let road = Road::sealed_to(&broker);
    road.open();
    let world = World { began: Instant::now(), leapt_ms: Arc::default() };
    let switch_on = |authority: &str| {
        let tls = Tls { authority: sealed(authority), own: Some((sealed("device.pem"), sealed("device.key"))) };
        Terminal::switch_on(folder.path(), road.port, Some(tls), Machine { world: world.clone(), wrong_ms: 0 })
    };
    let terminal = switch_on("stranger.pem");
    terminal.pass(1);
    eventually("a terminal that tries", || road.admitted() >= 3);
    assert!(hub.memory().births.is_empty(), "it tells a stranger nothing");
    terminal.switch_off();

    let terminal = switch_on("authority.pem");
    terminal.pass(2);
    let cards = hub.wait("both passes", |memory| memory.cards().len() == 2).cards();
    assert_eq!(cards, [card(1), card(2)]);
    terminal.switch_off();
}
