//! A terminal at work: its threads, and how they end.

use std::{
    fs::{self, File},
    io::{self, BufReader},
    path::Path,
    sync::{
        Arc,
        mpsc::{Sender, channel},
    },
    thread,
    time::Duration,
};

use ring::rand::{SecureRandom, SystemRandom};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

use crate::{
    clock::{Clock, Machine},
    config::{self, Config, ReaderKind},
    forward::{Chance, Messenger},
    gate::{
        Gate, Knock,
        output::{Lines, Output, Text},
        screen::Texts,
    },
    journal::{
        Happening,
        record::{Alarm, Deed},
    },
    keeper::{Keeper, Place},
    list::Shelf,
    reader::{self, Reader, evdev::Keyboard},
    tally::Tally,
};

/// How often the shelf is looked at for a new list.
const SHELF_ROUND: Duration = Duration::from_secs(5);
/// How long a reader that failed is left alone.
const READER_PAUSE: Duration = Duration::from_secs(2);

/// Why a terminal does not begin.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Its folder cannot be made.
    #[error("{0}")]
    Folder(io::Error),
    /// The system gives no threads or signals.
    #[error("the system refuses: {0}")]
    System(#[from] io::Error),
}

/// What readers need besides the gate.
#[derive(Clone)]
struct Watch {
    gate: Sender<Knock>,
    keeper: Keeper,
    clock: Clock,
    tally: Tally,
}

/// Works until SIGTERM or SIGINT.
pub fn run(config: Config) -> Result<(), RunError> {
    fs::create_dir_all(&config.folder).map_err(RunError::Folder)?;
    let clock = Clock::begin(Arc::new(Machine::new()), 0);
    let (keeper, mut desk) = Keeper::new(Place { folder: config.folder.join("journal"), limits: config.limits }, clock.clone());
    let shelf = Shelf::open(&config.folder, config.account.school.clone(), config.list_key.clone());
    let tally = Tally::default();
    let (sender, knocks) = channel();
    let gate = Gate {
        shelf: shelf.clone(),
        fallback: config.fallback,
        clock: clock.clone(),
        keeper: keeper.clone(),
        tally: tally.clone(),
        output: output(&config),
        open_ms: config.open_ms,
        failing: None,
        shut_at_ms: None,
    };

    desk.prepare();
    let keeping = spawn("keeper", move || desk.run())?;
    let serving = spawn("gate", move || gate.run(&knocks))?;
    for reader in config.readers.clone() {
        let watch = Watch { gate: sender.clone(), keeper: keeper.clone(), clock: clock.clone(), tally: tally.clone() };
        spawn("reader", move || attend(&reader, &watch))?;
    }
    let (looked_at, known) = (shelf.clone(), clock.clone());
    spawn("shelf", move || look_for_lists(&looked_at, &known))?;

    let messenger = Messenger::new(config.account, config.pace, keeper.clone(), clock, shelf, tally, Chance::new(seed()));
    let told = tell_until_stopped(messenger);
    sender.send(Knock::Stop).ok();
    if serving.join().is_err() {
        tracing::error!("the gate had panicked");
    }
    keeper.stop();
    if keeping.join().is_err() {
        tracing::error!("the keeper had panicked");
    }
    told
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<thread::JoinHandle<()>> {
    thread::Builder::new().name(name.to_owned()).spawn(work)
}

fn tell_until_stopped(messenger: Messenger) -> Result<(), RunError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (stop, stopped) = watch::channel(false);
        let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let telling = tokio::spawn(messenger.run(stopped));
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
        stop.send(true).ok();
        telling.await.map_err(|_| RunError::System(io::Error::other("the messenger had panicked")))
    })
}

fn output(config: &Config) -> Box<dyn Output> {
    match config.output.clone() {
        config::Output::Text => Box::new(Text::new(io::stdout(), Texts::of(config.language))),
        config::Output::Lines { inwards, outwards } => Box::new(Lines { inwards, outwards }),
    }
}

/// Keeps a reader at work: opens it again whenever it fails, and tells support once until it works again.
fn attend(place: &config::Reader, watch: &Watch) {
    let mut told = None;
    loop {
        let drained = open(place).and_then(|mut reader| reader::drain(&mut *reader, &watch.gate));
        let Err(error) = drained else {
            tracing::info!(path = %place.path.display(), "the reader has ended");
            return;
        };
        watch.tally.reader_erred();
        tracing::warn!(path = %place.path.display(), %error, "the reader fails");
        let now = watch.clock.now();
        // Once an hour is often enough for somebody who has to come.
        if told.is_none_or(|before: i64| now.at_ms.saturating_sub(before) > 3_600_000) {
            told = Some(now.at_ms);
            watch.keeper.happened(Happening { moment: now, deed: Deed::Alarm(Alarm::ReaderFailed) });
        }
        thread::park_timeout(READER_PAUSE);
    }
}

fn open(place: &config::Reader) -> io::Result<Box<dyn Reader>> {
    let is_input = place.path == Path::new("-");
    Ok(match (place.kind, is_input) {
        (ReaderKind::Lines, true) => Box::new(reader::lines::Lines::new(BufReader::new(io::stdin()), place.direction)),
        (ReaderKind::Lines, false) => Box::new(reader::lines::Lines::new(BufReader::new(File::open(&place.path)?), place.direction)),
        (ReaderKind::Keyboard, true) => Box::new(Keyboard::new(io::stdin(), place.direction)),
        (ReaderKind::Keyboard, false) => Box::new(Keyboard::new(File::open(&place.path)?, place.direction)),
    })
}

fn look_for_lists(shelf: &Shelf, clock: &Clock) {
    loop {
        match shelf.look(clock.now().best_ms()) {
            Ok(Some(list)) => tracing::info!(version = list.version, cards = list.cards(), "a new list is in force"),
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "a list was offered and refused; the former one stays in force"),
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
