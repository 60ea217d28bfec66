//! A terminal at work: its threads, who watches over them, and how they end.
//!
//! Always true:
//!  1. The gate serves within seconds of the start, whatever the disk does.
//!  2. If a thread ends that should not, the gate is shut and the program ends, to be started again by whoever started it.
//!  3. A reader that ends is opened again, and counted; only standard input ends for good.

use std::{
    fs::File,
    io::{self, BufReader},
    path::Path,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use protocol::up::Direction;
use ring::rand::{SecureRandom, SystemRandom};
use tokio::{
    runtime,
    signal::unix::{SignalKind, signal},
    sync::{mpsc, watch},
    task::JoinHandle as Task,
    time::timeout,
};

use crate::{
    clock::{Clock, Machine},
    config::{self, Config, ReaderKind},
    forward::{Chance, Messenger},
    gate::{
        self, Deadlines, Gate, Knock,
        output::{Lines, Output, Text},
        screen::Texts,
    },
    journal::{
        Happening,
        record::{Alarm, Deed},
    },
    keeper::{Keeper, Place},
    list::Shelf,
    reader::{self, Ended, Reader, evdev::Keyboard},
    tally::Tally,
};

/// How often the shelf is looked at for a new list.
const SHELF_ROUND: Duration = Duration::from_secs(5);
/// How long a reader that failed is left alone.
const READER_PAUSE: Duration = Duration::from_secs(2);
/// How long the gate waits at the start for what the disk knows: the time, and the list.
const DISK_PATIENCE: Duration = Duration::from_secs(2);
/// How long the parts may take to end: together less than the system waits for the program.
const GATE_PATIENCE: Duration = Duration::from_secs(2);
const MESSENGER_PATIENCE: Duration = Duration::from_secs(3);
const KEEPER_PATIENCE: Duration = Duration::from_secs(10);

/// Why a terminal ends, or does not begin.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The system gives no threads or signals.
    #[error("the system refuses: {0}")]
    System(#[from] io::Error),
    /// A part of it broke.
    #[error("the {0} has ended, and with it the program: it is to be started again")]
    Part(&'static str),
}

/// Starts threads whose end is told.
struct Threads(mpsc::Sender<&'static str>);

/// Hears of the ends of threads.
struct Supervisor {
    ends: mpsc::Receiver<&'static str>,
    ended: Vec<&'static str>,
}

/// Tells of a thread's end, however it ends.
struct End {
    name: &'static str,
    told: Option<mpsc::Sender<&'static str>>,
}

impl End {
    /// It was to end.
    fn is_right(mut self) {
        self.told = None;
    }
}

impl Drop for End {
    fn drop(&mut self) {
        if let Some(told) = self.told.take() {
            told.try_send(self.name).ok();
        }
    }
}

impl Threads {
    /// For so many threads.
    fn new(most: usize) -> (Self, Supervisor) {
        let (sender, ends) = mpsc::channel(most.max(1));
        (Self(sender), Supervisor { ends, ended: Vec::new() })
    }

    fn start(&self, name: &'static str, work: impl FnOnce(End) + Send + 'static) -> io::Result<JoinHandle<()>> {
        let end = End { name, told: Some(self.0.clone()) };
        thread::Builder::new().name(name.to_owned()).spawn(move || work(end))
    }
}

impl Supervisor {
    /// Waits for the next end.
    async fn next(&mut self) -> &'static str {
        let Some(name) = self.ends.recv().await else { return std::future::pending().await };
        self.ended.push(name);
        name
    }

    /// Waits for the end of that one, for so long. Whether it has ended.
    async fn wait_for(&mut self, name: &str, patience: Duration) -> bool {
        let until = async { while !self.ended.iter().any(|ended| *ended == name) { self.next().await; } };
        timeout(patience, until).await.is_ok()
    }
}

/// What is to be ended, in order.
struct Works {
    supervisor: Supervisor,
    gate: SyncSender<Knock>,
    serving: JoinHandle<()>,
    keeper: Keeper,
    keeping: JoinHandle<()>,
    /// Another hand on what the gate is driven by.
    output: Box<dyn Output>,
}

/// Works until SIGTERM or SIGINT.
pub fn run(config: Config) -> Result<(), RunError> {
    let clock = Clock::begin(Arc::new(Machine::new()), 0);
    let (threads, supervisor) = Threads::new(config.readers.len().saturating_add(8));
    let (keeper, mut desk) = Keeper::new(Place { folder: config.folder.join("journal"), limits: config.limits }, clock.clone());
    let shelf = Shelf::new(&config.folder, config.account.school.clone(), config.list_keys.clone());
    let tally = Tally::default();

    let (ready, prepared) = sync_channel(2);
    let journal_ready = ready.clone();
    let keeping = threads.start("keeper", move |_end| {
        desk.prepare();
        journal_ready.try_send(()).ok();
        desk.run();
    })?;
    let (looked_at, watch) = (shelf.clone(), (clock.clone(), keeper.clone()));
    threads.start("shelf", move |_end| {
        looked_at.load();
        ready.try_send(()).ok();
        look_for_lists(&looked_at, &watch.0, &watch.1);
    })?;
    wait_for_disk(&prepared, DISK_PATIENCE);
    clock.settle();

    let (sender, knocks) = sync_channel(gate::QUEUE);
    let gate = Gate {
        shelf: shelf.clone(),
        fallback: config.fallback,
        clock: clock.clone(),
        keeper: keeper.clone(),
        tally: tally.clone(),
        output: output(&config),
        open_ms: config.open_ms,
        failing: None,
        deadlines: Deadlines::default(),
    };
    let serving = threads.start("gate", move |_end| gate.run(&knocks))?;
    for place in config.readers.clone() {
        let post = Post { place, gate: sender.clone(), keeper: keeper.clone(), clock: clock.clone(), tally: tally.clone(), pause: READER_PAUSE };
        threads.start("reader", move |end| {
            post.attend();
            end.is_right();
        })?;
    }

    let works = Works { supervisor, gate: sender, serving, keeper: keeper.clone(), keeping, output: output(&config) };
    let messenger = Messenger::new(config.account, config.pace, keeper, clock, shelf, tally, Chance::new(seed()));
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let done = runtime.block_on(works.watch(messenger));
    // Somebody may still be asking for the broker's address.
    runtime.shutdown_background();
    done
}

/// Waits until journal and list are read, or for so long: a gate does not wait for a disk.
fn wait_for_disk(prepared: &Receiver<()>, patience: Duration) {
    let began = Instant::now();
    let late = (0..2).any(|_| prepared.recv_timeout(patience.saturating_sub(began.elapsed())).is_err());
    if late {
        tracing::error!("the disk is slow: the gate begins without waiting for journal and list");
    }
}

impl Works {
    async fn watch(mut self, messenger: Messenger) -> Result<(), RunError> {
        let (stop, stopped) = watch::channel(false);
        let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let mut telling = tokio::spawn(messenger.run(stopped));
        let broken = tokio::select! {
            _ = terminate.recv() => None,
            _ = interrupt.recv() => None,
            name = self.supervisor.next() => Some(name),
            _ = &mut telling => Some("messenger"),
        };
        tracing::info!(broken, "stopping");
        self.end(stop, telling, broken).await;
        broken.map_or(Ok(()), |name| Err(RunError::Part(name)))
    }

    /// The gate first, whatever becomes of the rest.
    async fn end(mut self, stop: watch::Sender<bool>, telling: Task<()>, broken: Option<&str>) {
        let Self { gate, keeper, .. } = &self;
        let (gate, keeper) = (gate.clone(), keeper.clone());
        // Whoever does not take the word must not hold up the others.
        thread::spawn(move || gate.send(Knock::Stop));
        let obeyed = self.supervisor.wait_for("gate", GATE_PATIENCE).await && self.serving.join().is_ok();
        if !obeyed {
            tracing::error!("the gate's own thread does not shut it");
            for direction in [Direction::In, Direction::Out] {
                if let Err(error) = self.output.shut(direction) {
                    tracing::error!(%error, "the gate cannot be shut");
                }
            }
        }
        stop.send(true).ok();
        if broken != Some("messenger") && timeout(MESSENGER_PATIENCE, telling).await.is_err() {
            tracing::warn!("the messenger does not end");
        }
        thread::spawn(move || keeper.stop());
        let closed = self.supervisor.wait_for("keeper", KEEPER_PATIENCE).await && self.keeping.join().is_ok();
        if !closed {
            tracing::error!("the journal was not closed; what was kept is safe");
        }
    }
}

fn output(config: &Config) -> Box<dyn Output> {
    match config.output.clone() {
        config::Output::Text => Box::new(Text::new(io::stdout(), Texts::of(config.language))),
        config::Output::Lines { inwards, outwards } => Box::new(Lines { inwards, outwards }),
    }
}

/// Where a reader is attended to.
struct Post {
    place: config::Reader,
    gate: SyncSender<Knock>,
    keeper: Keeper,
    clock: Clock,
    tally: Tally,
    /// How long a reader that failed is left alone.
    pause: Duration,
}

impl Post {
    /// Keeps a reader at work: opens it again whenever it fails or ends, and tells support once an hour while it does.
    fn attend(&self) {
        let mut told = None;
        loop {
            let path = self.place.path.display();
            let error = match open(&self.place).and_then(|mut reader| reader::drain(&mut *reader, &self.gate, &self.clock, &self.tally)) {
                Ok(Ended::Gate) => return,
                Ok(Ended::Reader) if is_input(&self.place) => {
                    tracing::info!("standard input has ended");
                    return;
                }
                // A line that hung up, a pipe whose writer has gone.
                Ok(Ended::Reader) => io::Error::from(io::ErrorKind::UnexpectedEof),
                Err(error) => error,
            };
            self.tally.reader_erred();
            tracing::warn!(%path, %error, "the reader fails");
            let now = self.clock.now();
            // Once an hour is often enough for somebody who has to come.
            if told.is_none_or(|before: i64| now.at_ms.saturating_sub(before) > 3_600_000) {
                told = Some(now.at_ms);
                self.keeper.happened(Happening { moment: now, deed: Deed::Alarm(Alarm::ReaderFailed) });
            }
            thread::park_timeout(self.pause);
        }
    }
}

fn is_input(place: &config::Reader) -> bool {
    place.path == Path::new("-")
}

fn open(place: &config::Reader) -> io::Result<Box<dyn Reader>> {
    Ok(match (place.kind, is_input(place)) {
        (ReaderKind::Lines, true) => Box::new(reader::lines::Lines::new(BufReader::new(io::stdin()), place.direction)),
        (ReaderKind::Lines, false) => Box::new(reader::lines::Lines::new(BufReader::new(File::open(&place.path)?), place.direction)),
        (ReaderKind::Keyboard, true) => Box::new(Keyboard::new(io::stdin(), place.direction)),
        (ReaderKind::Keyboard, false) => Box::new(Keyboard::new(File::open(&place.path)?, place.direction)),
    })
}

fn look_for_lists(shelf: &Shelf, clock: &Clock, keeper: &Keeper) {
    if shelf.is_damaged() {
        keeper.happened(Happening { moment: clock.now(), deed: Deed::Alarm(Alarm::ListDamaged) });
    }
    loop {
        match shelf.look(clock.now()) {
            Ok(Some(list)) => tracing::info!(version = list.version, cards = list.cards(), "a new list is in force"),
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "a list was offered and not taken; the former one stays in force"),
        }
        thread::park_timeout(SHELF_ROUND);
    }
}

/// Where jitter begins. Without randomness terminals come back in step, which is no reason not to come back.
pub fn seed() -> u64 {
    let mut bytes = [0; 8];
    SystemRandom::new().fill(&mut bytes).ok();
    u64::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use std::{
        fs::{self, OpenOptions},
        io::Write,
        sync::mpsc::RecvTimeoutError,
    };

    use rustix::fs::{CWD, Mode, mkfifoat};

    use super::*;
    use crate::{
        clock::tests::ByHand,
        journal::{Journal, Limits, disk::LinuxDisk},
    };

    /// Longer than any machine is busy.
    const DEADLINE: Duration = Duration::from_secs(120);

    fn keeper(folder: &Path, clock: &Clock) -> (Keeper, crate::keeper::Desk) {
        Keeper::new(Place { folder: folder.join("journal"), limits: Limits::default() }, clock.clone())
    }

    #[test]
    fn inv_1_a_disk_that_does_not_answer_is_not_waited_for() {
        let (ready, prepared) = sync_channel(2);
        ready.try_send(()).unwrap();
        wait_for_disk(&prepared, Duration::from_millis(1));
        assert_eq!(prepared.recv_timeout(Duration::ZERO), Err(RecvTimeoutError::Timeout), "one came, and nobody waits for the other");
    }

    #[tokio::test]
    async fn inv_2_a_thread_that_ends_is_missed_unless_it_was_to_end() {
        let (threads, mut supervisor) = Threads::new(3);
        threads.start("reader", End::is_right).unwrap().join().unwrap();
        assert!(threads.start("gate", |_end| panic!("as it happens")).unwrap().join().is_err());
        assert_eq!(supervisor.next().await, "gate");
        threads.start("keeper", |_end| {}).unwrap().join().unwrap();
        assert!(supervisor.wait_for("keeper", DEADLINE).await && supervisor.wait_for("gate", Duration::ZERO).await);
        assert!(!supervisor.wait_for("reader", Duration::ZERO).await);
    }

    #[tokio::test]
    async fn inv_2_a_gate_whose_thread_broke_is_shut_by_another_hand() {
        let folder = tempfile::tempdir().unwrap();
        let [inwards, outwards] = ["in", "out"].map(|name| folder.path().join(name));
        [&inwards, &outwards].into_iter().for_each(|line| fs::write(line, "1").unwrap());
        let (threads, supervisor) = Threads::new(3);
        let (keeper, desk) = keeper(folder.path(), &Clock::begin(Arc::new(ByHand::default()), 0));
        let (gate, knocks) = sync_channel(1);
        let serving = threads.start("gate", move |_end| panic!("{:?}", knocks.recv())).unwrap();
        let keeping = threads.start("keeper", move |_end| desk.run()).unwrap();
        let output = Box::new(Lines { inwards: inwards.clone(), outwards: outwards.clone() });
        let works = Works { supervisor, gate, serving, keeper, keeping, output };
        let (stop, mut stopped) = watch::channel(false);
        let telling = tokio::spawn(async move { stopped.changed().await.unwrap() });
        works.end(stop, telling, None).await;
        assert_eq!([inwards, outwards].map(|line| fs::read_to_string(line).unwrap()), ["0", "0"]);
    }

    #[test]
    fn inv_3_a_reader_that_ends_is_opened_again_and_told_of() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("reader");
        mkfifoat(CWD, &path, Mode::RUSR | Mode::WUSR).unwrap();
        let clock = Clock::begin(Arc::new(ByHand::default()), 0);
        let ((keeper, desk), tally, (gate, knocks)) = (keeper(folder.path(), &clock), Tally::default(), sync_channel(gate::QUEUE));
        let place = config::Reader { kind: ReaderKind::Lines, path: path.clone(), direction: Direction::In };
        let post = Post { place, gate, keeper: keeper.clone(), clock, tally: tally.clone(), pause: Duration::ZERO };
        let attending = thread::spawn(move || post.attend());
        // Each opening waits for the reader's, each end is an end of the line.
        let show = |card: &str| OpenOptions::new().write(true).open(&path).unwrap().write_all(format!("{card}\n").as_bytes()).unwrap();
        for (n, card) in ["04A10001", "04A10002"].into_iter().enumerate() {
            show(card);
            assert!(matches!(knocks.recv_timeout(DEADLINE).unwrap(), Knock::Card(reading, 0) if reading.card == card));
            let began = Instant::now();
            while tally.reader_errors() == i64::try_from(n).unwrap() {
                assert!(began.elapsed() < DEADLINE, "nobody notices the end");
                thread::yield_now();
            }
        }
        drop(knocks);
        show("04A10003");
        attending.join().unwrap();
        keeper.stop();
        desk.run();
        let letters = Journal::open(&folder.path().join("journal"), Limits::default(), Box::new(LinuxDisk), 0).unwrap().read(0, 99);
        let alarms = letters.iter().filter(|letter| letter.told.get("code").is_some_and(|code| code == "reader_failed")).count();
        assert_eq!(alarms, 1, "once an hour");
    }
}
