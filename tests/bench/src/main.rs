//! `bench`: what the hub can do, as ratios within one run, on the machine it runs on.
//!
//! It builds a [`world`] of its own (PostgreSQL with every guard of durability on, Mosquitto, a town, the push simulator), finds the
//! [`ceiling`] of the real `shanyraq run` fed by the real swarm, compares it with the [`limit`] of the same statements, looks at the
//! [`latency`] of pushes, and writes a [`report`]. Absolute figures belong to a machine; nothing here fails because of one.
//! Everything listens on 127.0.0.1, is bounded in time and ends with this program.

mod bring_in;
mod ceiling;
mod failure;
mod latency;
mod limit;
mod machine;
mod metrics;
mod morning;
mod null;
mod pages;
mod processes;
mod region;
mod report;
mod statements;
mod stats;
mod step;
mod swarm;
mod world;

use std::{
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use clap::{Parser, Subcommand};
use kernel::clock::Clock;
use shanyraq::town::DEMO_PASSWORD;

use crate::{
    ceiling::Search,
    failure::Outcome,
    limit::Effort,
    report::{Pushed, Report},
    step::Timing,
    world::{Size, World},
};

/// What the hub can do on this machine: ceiling, limit, latency.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// A run of some seconds that shows that the benchmark works; its figures mean nothing.
    #[arg(long)]
    smoke: bool,
    /// Ten-second looks instead of a minute for the ceiling.
    #[arg(long)]
    short: bool,
    /// Only the cost of guard and audit, and sign-ins.
    #[arg(long)]
    pages: bool,
    /// Only the lists of a school office in a region of 500 schools.
    #[arg(long, conflicts_with = "pages")]
    region: bool,
    /// Only a morning of 500 schools, alone and beside an announcement to everybody.
    #[arg(long, conflicts_with_all = ["pages", "region"])]
    morning: bool,
    /// Only lists whose name has this in it, and no report.
    #[arg(long, value_name = "WORD", requires = "region")]
    list: Option<String>,
    /// Only one look at this rate.
    #[arg(long, value_name = "PASSES_PER_S")]
    rate: Option<f64>,
    /// Where the search for the ceiling begins.
    #[arg(long, default_value_t = 3_000.0)]
    first_rate: f64,
    /// Writes the reports to tests/bench/RESULTS.md, PAGES.md, REGION.md and MORNING.md instead of printing them.
    #[arg(long)]
    write: bool,
    /// Where the data go while it runs; a disk, not a memory file system.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(subcommand)]
    part: Option<Part>,
}

#[derive(Debug, Subcommand)]
enum Part {
    /// The null subscriber, started by the benchmark itself.
    #[command(hide = true)]
    NullSubscriber { host: String, port: u16, user: String, password: String },
}

/// How thoroughly to measure.
struct Plan {
    mode: &'static str,
    size: Size,
    provider_ms: u32,
    search: Search,
    effort: Effort,
    latency: Timing,
    /// Parts of the ceiling at which latency is looked at.
    parts: &'static [(&'static str, f64)],
    /// A rate at which it is looked at whatever the ceiling.
    fixed: Option<(&'static str, f64)>,
    /// Requests of a page, of each kind and round.
    requests: usize,
    /// The region whose lists are read, and requests of a list and round.
    region: Size,
    list_requests: usize,
    /// Pupils of a list that is brought in.
    brought_in: usize,
    /// How long people sign in.
    signing_in: Duration,
    /// The town of the morning, how long it is looked at, and pushes of its bare client.
    morning: Size,
    entries: Timing,
    bare_pushes: usize,
}

const fn timing(settle: u64, measure: u64) -> Timing {
    Timing { settle: Duration::from_secs(settle), measure: Duration::from_secs(measure) }
}

impl Plan {
    fn of(arguments: &Arguments) -> Self {
        if arguments.smoke {
            return Self::smoke();
        }
        let (mode, proof) = if arguments.short { ("short", timing(2, 10)) } else { ("in full", timing(3, 60)) };
        Self {
            mode,
            size: Size::FULL,
            provider_ms: 50,
            search: Search { first_rate: arguments.first_rate, look: timing(2, 8), looks: 5, proof, proofs: 3 },
            effort: Effort { each: Duration::from_secs(3), refinements: 2, most_per_s: 16_000 },
            latency: if arguments.short { timing(2, 8) } else { timing(3, 15) },
            parts: &[("a tenth", 0.1), ("half", 0.5), ("nine tenths", 0.9)],
            fixed: Some(("2,500/s", 2_500.0)),
            requests: 1_000,
            region: Size::REGION,
            list_requests: 640,
            brought_in: bring_in::PUPILS,
            signing_in: Duration::from_secs(5),
            morning: Size::MORNING,
            // Shorter than the rush lasts.
            entries: timing(2, 10),
            bare_pushes: 30_000,
        }
    }

    fn smoke() -> Self {
        let blink = Timing { settle: Duration::from_millis(200), measure: Duration::from_millis(800) };
        Self {
            mode: "a smoke test: its figures mean nothing",
            size: Size::SMOKE,
            provider_ms: 5,
            search: Search { first_rate: 100.0, look: blink, looks: 0, proof: blink, proofs: 1 },
            effort: Effort { each: Duration::from_millis(100), refinements: 0, most_per_s: 2_000 },
            latency: blink,
            parts: &[("half", 0.5)],
            fixed: None,
            requests: 20,
            region: Size::REGION_SMOKE,
            list_requests: 32,
            brought_in: 50,
            signing_in: Duration::from_millis(500),
            morning: Size::SMOKE,
            entries: blink,
            bare_pushes: 200,
        }
    }
}

fn main() -> ExitCode {
    // Two TLS providers could be linked one day; it fails only if chosen before.
    rustls::crypto::ring::default_provider().install_default().ok();
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let outcome = runtime.map_err(failure::Failure::from).and_then(|runtime| runtime.block_on(run(arguments)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            tell(&failure.to_string());
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Outcome<()> {
    if let Some(Part::NullSubscriber { host, port, user, password }) = &arguments.part {
        return null::subscribe(host, *port, user, password).await;
    }
    let plan = Plan::of(&arguments);
    let folder = match &arguments.data {
        Some(folder) => tempfile::Builder::new().prefix("shanyraq-bench-").tempdir_in(folder)?,
        None => tempfile::Builder::new().prefix("shanyraq-bench-").tempdir()?,
    };
    tell(&format!("building a town in {}", folder.path().display()));
    let begun = Instant::now();
    let size = match (arguments.region, arguments.morning) {
        (true, _) => plan.region,
        (false, true) => plan.morning,
        (false, false) => plan.size,
    };
    let world = World::build(folder.path(), size, plan.provider_ms).await?;
    tell(&format!("built in {:.0} s", begun.elapsed().as_secs_f64()));
    let outcome = match arguments.rate {
        _ if arguments.region => all_lists(&world, &plan, &arguments).await,
        _ if arguments.morning => one_morning(&world, &plan, &arguments).await,
        _ if arguments.pages => all_pages(&world, &plan, &arguments).await,
        Some(rate) => look_closely(&world, rate, plan.latency).await,
        None => all(&world, &plan, &arguments).await,
    };
    world.stop().await?;
    outcome
}

async fn all(world: &World, plan: &Plan, arguments: &Arguments) -> Outcome<()> {
    let machine = machine::describe(world).await?;
    let (ceiling, steps) = ceiling::find(world, plan.search, &tell).await?;
    let rate = ceiling.as_ref().or(steps.last()).map_or(plan.search.first_rate, |step| step.rate);
    let (limit, ways) = limit::find(world, rate, plan.effort, &tell).await?;
    let mut pushed = Vec::new();
    let parts = plan.parts.iter().map(|(name, part)| (*name, rate * part));
    for (name, rate) in parts.chain(plan.fixed) {
        pushed.push(look(world, name, rate, plan.latency).await?);
    }
    let date = today();
    let report = Report { mode: plan.mode.to_owned(), date, machine, size: plan.size, provider_ms: plan.provider_ms, steps, ceiling, ways, limit, pushed };
    publish(&report.markdown(), "RESULTS.md", arguments.write)?;
    all_pages(world, plan, arguments).await
}

/// Pages and sign-ins.
async fn all_pages(world: &World, plan: &Plan, arguments: &Arguments) -> Outcome<()> {
    let machine = machine::describe(world).await?;
    let costs = pages::measure(world, plan.requests).await?;
    let sign_ins = pages::sign_ins(world, plan.signing_in).await?;
    publish(&pages::markdown(&today(), &machine, &costs, &sign_ins), "PAGES.md", arguments.write)
}

/// Entries of a morning, alone and beside an announcement.
async fn one_morning(world: &World, plan: &Plan, arguments: &Arguments) -> Outcome<()> {
    let machine = machine::describe(world).await?;
    let morning = morning::measure(world, morning::PASSES_PER_S, plan.entries, plan.bare_pushes, &tell).await?;
    publish(&morning.markdown(&today(), &machine, world), "MORNING.md", arguments.write)
}

/// The lists of a region.
async fn all_lists(world: &World, plan: &Plan, arguments: &Arguments) -> Outcome<()> {
    let machine = machine::describe(world).await?;
    let costs = region::measure(world, plan.list_requests, arguments.list.as_deref().unwrap_or_default(), &tell).await?;
    if arguments.list.is_some() {
        return Ok(());
    }
    let people = region::people(&world.superuser().await?).await?;
    let brought_in = bring_in::measure(world, plan.brought_in, DEMO_PASSWORD).await?;
    let report = format!("{}\n{}", region::markdown(&today(), &machine, world, people, &costs), brought_in.markdown());
    publish(&report, "REGION.md", arguments.write)
}

fn today() -> String {
    Clock::System.now().strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// One rate, and what the database spent its time on.
async fn look_closely(world: &World, rate: f64, timing: Timing) -> Outcome<()> {
    statements::reset(world).await;
    look(world, "the given rate", rate, timing).await?;
    for spent in statements::dearest(world).await? {
        tell(&format!("{:>9.1} ms in {:>6} calls, {:>8.3} ms each: {}", spent.total_ms, spent.calls, spent.total_ms / stats::float(u64::try_from(spent.calls).unwrap_or(1)), spent.text));
    }
    Ok(())
}

/// One rate, seen from the phone.
async fn look(world: &World, name: &str, rate: f64, timing: Timing) -> Outcome<Pushed> {
    let mark = latency::mark(world);
    let (step, window) = step::measure(world, rate, timing, Duration::from_secs(10)).await?;
    tell(&step.says());
    let stages = latency::read(world, mark, window).await?;
    tell(&format!(
        "{name}: publish → received {}, → commit begun {}, → sent {}, → accepted {}; whole {} ms (p50 / p99), {} pushes, {} missing",
        stages.received.shown(), stages.gathered.shown(), stages.sent.shown(), stages.accepted.shown(), stages.whole.shown(), stages.pushes, stages.missing,
    ));
    Ok(Pushed { name: name.to_owned(), step, stages })
}

#[expect(clippy::print_stdout, reason = "the report is what the program is for")]
fn publish(report: &str, file: &str, write: bool) -> Outcome<()> {
    if write {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/").to_owned() + file;
        std::fs::write(&path, report)?;
        tell(&format!("written to {path}"));
    } else {
        println!("{report}");
    }
    Ok(())
}

/// Tells the person who waits.
#[expect(clippy::print_stderr, reason = "progress goes to the person at the terminal")]
fn tell(text: &str) {
    eprintln!("bench: {text}");
}
