//! `swarm`: thousands of simulated terminals that speak real MQTT to a real broker, for the demo, the tests and load.
//!
//! Each terminal keeps a flash journal and frees it only by the hub's acknowledgements; what goes wrong on purpose is chosen
//! in per cent and seeded. A ledger tells the checker what was created, acknowledged and spoilt. The program ends by itself
//! when everything is acknowledged, at its deadline, at a signal, or when its parent goes. Exit codes: 0 all acknowledged,
//! 3 something was not, 2 bad arguments, 4 no ledger or town.

mod arrivals;
mod chance;
mod conduct;
mod connection;
mod latency;
mod ledger;
mod mischief;
mod swarm;
mod terminal;
mod town;

use std::{io::Read, path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use clap::{Parser, ValueEnum};
use tokio::{sync::watch, time::Instant};

use crate::{
    arrivals::{Crowd, Schedule},
    chance::Chance,
    conduct::{Day, Plan},
    connection::Connection,
    latency::Latency,
    ledger::{Ledger, Line, Lines},
    mischief::Mischief,
    swarm::{Behaviour, Clock, Counts, Swarm},
    terminal::Patience,
    town::Town,
};

/// Thousands of simulated terminals.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The town file: broker, schools, terminals, cards, dishes.
    #[arg(long)]
    town: PathBuf,
    /// Where to write the ledger.
    #[arg(long)]
    ledger: Option<PathBuf>,
    /// When things happen.
    #[arg(long, value_enum, default_value_t = Arrivals::Poisson)]
    arrivals: Arrivals,
    /// At most so many events (a morning peak: exactly so many).
    #[arg(long)]
    count: Option<u64>,
    /// Events per second over all schools, for poisson arrivals.
    #[arg(long)]
    rate: Option<f64>,
    /// How long things happen.
    #[arg(long)]
    for_seconds: Option<f64>,
    /// Ends then, whatever is left. Without it and without --demo: 300 s after the last event at most.
    #[arg(long)]
    deadline_seconds: Option<f64>,
    /// A gentle stream that follows the hours of a school day and ends with the parent or a signal.
    #[arg(long)]
    demo: bool,
    /// Ends when standard input is closed.
    #[arg(long)]
    exit_with_parent: bool,
    /// Meals in per cent of events.
    #[arg(long, default_value_t = 20.0)]
    meals: f64,
    /// The most events in one message.
    #[arg(long, default_value_t = 20)]
    batch: usize,
    /// Before the first re-send.
    #[arg(long, default_value_t = 2_000)]
    resend_ms: u64,
    /// Between re-sends at most.
    #[arg(long, default_value_t = 300_000)]
    resend_most_ms: u64,
    /// Between two health messages of a terminal.
    #[arg(long, default_value_t = 30.0)]
    health_seconds: f64,
    /// So many terminals connect at once.
    #[arg(long, default_value_t = 64)]
    connect_at_once: usize,
    /// Latencies of the first seconds are not counted.
    #[arg(long, default_value_t = 0.0)]
    latency_after_seconds: f64,
    /// The seed of all mischief and arrivals.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads that carry the terminals.
    #[arg(long, default_value_t = 1)]
    threads: usize,
    #[command(flatten)]
    mischief: Mischief,
}

/// When things happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Arrivals {
    /// Independently, at --rate.
    Poisson,
    /// --count events as a bell over --for-seconds.
    Peak,
    /// --count events as fast as the terminals' windows allow.
    Flood,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut runtime = match arguments.threads {
        0 | 1 => tokio::runtime::Builder::new_current_thread(),
        threads => {
            let mut builder = tokio::runtime::Builder::new_multi_thread();
            builder.worker_threads(threads);
            builder
        }
    };
    let outcome = match runtime.enable_all().build() {
        Ok(runtime) => runtime.block_on(run(arguments)),
        Err(error) => Err(error.into()),
    };
    match outcome {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(3),
        Err(failure) => {
            eprintln!("swarm: {failure}");
            ExitCode::from(failure.code())
        }
    }
}

/// Why a run could not begin.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Town(#[from] town::Unusable),
    #[error("cannot create the ledger or the runtime: {0}")]
    Io(#[from] std::io::Error),
    #[error("{0}")]
    Arguments(&'static str),
}

impl Failure {
    fn code(&self) -> u8 {
        match self {
            Self::Arguments(_) => 2,
            Self::Town(_) | Self::Io(_) => 4,
        }
    }
}

/// A run from beginning to end; gives the events left unacknowledged.
async fn run(arguments: Arguments) -> Result<i64, Failure> {
    let (stopper, stop) = watch::channel(false);
    let plan = plan(&arguments)?;
    let deadline = arguments.deadline_seconds.map(seconds);
    let swarm = Arc::new(swarm(&arguments, stop)?);
    let crowd = Crowd::of(&swarm.town, arguments.meals);
    if arguments.exit_with_parent {
        exit_with_parent(stopper.clone());
    }
    let (tasks, senders) = terminals(&swarm);
    let all = i64::try_from(senders.len()).unwrap_or(i64::MAX);
    let progress = tokio::spawn(progress(Arc::clone(&swarm), all));
    let started = Instant::now();
    let work = async {
        wait_for(Duration::from_secs(20), || swarm.counts.connected() >= all).await;
        conduct::conduct(Arc::clone(&swarm), plan, crowd, senders).await;
        let patience = if deadline.is_some() { Duration::MAX } else { Duration::from_secs(300) };
        wait_for(patience, || swarm.counts.open() <= 0).await;
    };
    tokio::select! {
        () = work => {}
        () = until(deadline) => eprintln!("swarm: the deadline is reached"),
        () = signalled() => {}
        _ = async { swarm.stop.clone().wait_for(|stop| *stop).await.map(|_| ()) } => {}
    }
    let elapsed = started.elapsed();
    let left = swarm.counts.open();
    stopper.send_replace(true);
    progress.abort();
    for task in tasks {
        task.await.ok();
    }
    report(&swarm, elapsed, left);
    Ok(if arguments.demo { 0 } else { left })
}

fn plan(arguments: &Arguments) -> Result<Plan, Failure> {
    let (count, length) = (arguments.count.unwrap_or(u64::MAX), arguments.for_seconds.unwrap_or(f64::MAX));
    let for_us = u64::try_from(seconds(length).as_micros()).unwrap_or(u64::MAX);
    if arguments.demo {
        return Ok(Plan { schedule: Schedule::poisson(arguments.rate.unwrap_or(3.0)), count, for_us, day: Day::Real });
    }
    let (schedule, day) = match (arguments.arrivals, arguments.count, arguments.rate, arguments.for_seconds) {
        (Arrivals::Poisson, None, _, None) => return Err(Failure::Arguments("poisson arrivals need --count or --for-seconds")),
        (Arrivals::Poisson, _, Some(rate), _) => (Schedule::poisson(rate), Day::Flat),
        (Arrivals::Poisson, _, None, _) => return Err(Failure::Arguments("poisson arrivals need --rate")),
        (Arrivals::Peak, Some(count), _, Some(length)) => (Schedule::peak(count, length, &mut Chance::new(arguments.seed, u64::MAX)), Day::Morning),
        (Arrivals::Peak, ..) => return Err(Failure::Arguments("a morning peak needs --count and --for-seconds")),
        (Arrivals::Flood, None, _, None) => return Err(Failure::Arguments("a flood needs --count or --for-seconds")),
        (Arrivals::Flood, ..) => (Schedule::Flood, Day::Flat),
    };
    Ok(Plan { schedule, count, for_us, day })
}

fn swarm(arguments: &Arguments, stop: watch::Receiver<bool>) -> Result<Swarm, Failure> {
    let millis = |s: f64| u64::try_from(seconds(s).as_millis()).unwrap_or(u64::MAX);
    Ok(Swarm {
        town: Town::load(&arguments.town)?,
        behaviour: Behaviour {
            batch: arguments.batch.clamp(1, protocol::WINDOW_EVENTS),
            patience: Patience { first_ms: arguments.resend_ms, most_ms: arguments.resend_most_ms },
            health_ms: millis(arguments.health_seconds).max(1),
            mischief: arguments.mischief.clone(),
            seed: arguments.seed,
            latency_after_us: i64::try_from(millis(arguments.latency_after_seconds)).unwrap_or(0).saturating_mul(1_000),
        },
        clock: Clock::start(),
        ledger: Ledger::create(arguments.ledger.as_deref())?,
        counts: Counts::default(),
        latency: std::sync::Mutex::new(Latency::default()),
        greeting: tokio::sync::Semaphore::new(arguments.connect_at_once.max(1)),
        stop,
    })
}

type Terminals = (Vec<tokio::task::JoinHandle<()>>, Vec<tokio::sync::mpsc::UnboundedSender<arrivals::Arrival>>);

/// Starts every terminal of the town.
fn terminals(swarm: &Arc<Swarm>) -> Terminals {
    let (mut tasks, mut senders) = (Vec::new(), Vec::new());
    for (school, it) in swarm.town.schools.iter().enumerate() {
        for device in &it.devices {
            let (sender, inbox) = tokio::sync::mpsc::unbounded_channel();
            let connection = Connection::new(Arc::clone(swarm), senders.len(), school, device.clone(), inbox);
            tasks.extend(connection.map(|connection| tokio::spawn(connection.run())));
            senders.push(sender);
        }
    }
    (tasks, senders)
}

/// Waits until something holds, or until patience ends.
async fn wait_for(patience: Duration, holds: impl Fn() -> bool) {
    let begin = Instant::now();
    while !holds() && begin.elapsed() < patience {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn until(deadline: Option<Duration>) {
    match deadline {
        Some(deadline) => tokio::time::sleep(deadline).await,
        None => std::future::pending().await,
    }
}

async fn signalled() {
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        },
        Err(_) => {
            tokio::signal::ctrl_c().await.ok();
        }
    }
}

/// Reads standard input to its end on a thread of its own: it closes when the parent goes.
fn exit_with_parent(stopper: watch::Sender<bool>) {
    std::thread::spawn(move || {
        let mut ignored = [0_u8; 256];
        while matches!(std::io::stdin().read(&mut ignored), Ok(n) if n > 0) {}
        stopper.send_replace(true);
    });
}

async fn progress(swarm: Arc<Swarm>, terminals: i64) {
    loop {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let counts = &swarm.counts;
        let seconds = swarm.clock.since_start_ms() / 1_000;
        eprintln!(
            "swarm: {seconds} s, {} created, {} acknowledged, {} open, {} of {terminals} connected, {} sent again",
            counts.created.get(), counts.acknowledged.get(), counts.open(), counts.connected(), counts.sent_again.get(),
        );
    }
}

/// The summary: the ledger's last line, and standard output's only one.
fn report(swarm: &Swarm, elapsed: Duration, left: i64) {
    let counts = &swarm.counts;
    let Ok(latency) = swarm.latency.lock() else { return };
    let summary = serde_json::json!({
        "created": counts.created.get(), "acknowledged": counts.acknowledged.get(), "unacknowledged": left,
        "acks": counts.acks.get(), "messages": counts.messages.get(), "sent_again": counts.sent_again.get(),
        "held_back": counts.held_back.get(), "connects": counts.connects.get(), "broken": counts.broken.get(),
        "dropped": counts.dropped.get(), "wipes": counts.wipes.get(), "wiped": counts.wiped.get(), "lost": counts.lost.get(),
        "mischief": counts.mischief.get(), "cpu_ms": cpu_ms(), "elapsed_ms": u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
        "latency": { "counted": latency.total(), "p50_us": latency.per_mille_us(500), "p90_us": latency.per_mille_us(900),
            "p99_us": latency.per_mille_us(990), "p999_us": latency.per_mille_us(999), "most_us": latency.most_us() },
    });
    let mut lines = Lines::default();
    lines.add(&Line::Summary(&summary));
    swarm.ledger.write(&mut lines);
    println!("{summary}");
}

/// Processor time of this process so far, where the system tells (Linux, in hundredths of a second).
fn cpu_ms() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, after_name) = stat.rsplit_once(')')?;
    let ticks = after_name.split_whitespace().skip(11).take(2).map_while(|field| field.parse::<u64>().ok());
    Some(ticks.sum::<u64>() * 10)
}

/// So many seconds; what is no duration counts as for ever.
fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
}
