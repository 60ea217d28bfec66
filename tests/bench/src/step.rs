//! One measurement of the hub at one rate: did the backlog grow, what did each process use, how late were acknowledgements.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::{
    failure::Outcome,
    metrics::{Meter, Reading},
    processes::Used,
    stats::{float, rise},
    swarm::{Summary, Swarm},
    world::World,
};

/// Between two looks at the backlogs.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// A backlog that rises by less than what happens in this time does not grow: schedules are random.
const NOISE_S: f64 = 0.25;
/// Each pass owes two pushes: two guardians, one phone each.
const PUSHES_PER_PASS: f64 = 2.0;

/// How a step is timed.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// Left out at the beginning.
    pub settle: Duration,
    /// Measured.
    pub measure: Duration,
}

/// What a step found.
#[derive(Debug, Clone)]
pub struct Step {
    /// Passes a second that were to happen.
    pub rate: f64,
    /// Passes a second that became durable.
    pub durable_per_s: f64,
    /// By how many passes the terminals' backlog rose: not yet acknowledged, or not even sent on time.
    pub waiting_rise: f64,
    /// By how many passes' worth the pushes' backlog rose.
    pub pushes_rise: f64,
    /// Processor time while measured.
    pub used: Used,
    /// Passes that became durable while measured.
    pub passes: f64,
    /// How long was measured.
    pub seconds: f64,
    /// Mean events in a commit.
    pub batch: f64,
    /// Mean seconds of a commit.
    pub commit_s: f64,
    /// What the swarm said at the end.
    pub summary: Summary,
}

impl Step {
    /// Whether terminals wait no longer at the end than at the beginning.
    pub fn passes_hold(&self) -> bool {
        self.waiting_rise < NOISE_S * self.rate
    }

    /// Whether pushes wait no longer at the end than at the beginning.
    pub fn pushes_hold(&self) -> bool {
        self.pushes_rise < NOISE_S * self.rate
    }

    /// Processors that something else on the machine kept busy meanwhile.
    pub fn busy_elsewhere(&self) -> f64 {
        float(self.used.elsewhere()) / 1e6 / self.seconds
    }

    /// Processor microseconds a pass of one process.
    pub fn us_per_pass(&self, used: u64) -> f64 {
        float(used) / self.passes.max(1.0)
    }

    /// In a line.
    pub fn says(&self) -> String {
        let verdict = match (self.passes_hold(), self.pushes_hold()) {
            (true, true) => "holds",
            (false, _) => "terminals wait longer and longer",
            (true, false) => "pushes wait longer and longer",
        };
        format!(
            "{:.0}/s: {:.0}/s durable, {verdict} (passes {:+.0}, pushes {:+.0}); {:.0} events a commit of {:.1} ms; p50 {:.1} ms, p99 {:.1} ms to the acknowledgement; CPU µs a pass: hub {:.0}, postgres {:.0}, mosquitto {:.0}, swarm {:.0}, simulator {:.0}; {} left; {:.2} processors busy elsewhere",
            self.rate,
            self.durable_per_s,
            self.waiting_rise,
            self.pushes_rise,
            self.batch,
            self.commit_s * 1e3,
            float(self.summary.latency.p50_us) / 1e3,
            float(self.summary.latency.p99_us) / 1e3,
            self.us_per_pass(self.used.hub),
            self.us_per_pass(self.used.postgres),
            self.us_per_pass(self.used.mosquitto),
            self.us_per_pass(self.used.swarm),
            self.us_per_pass(self.used.simulator),
            self.summary.unacknowledged,
            self.busy_elsewhere(),
        )
    }
}

/// When the measured part of a step was, by the wall clock, in microseconds.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// Its beginning.
    pub from_us: i64,
    /// Its end.
    pub to_us: i64,
}

/// Measures a fresh hub on emptied tables at a rate. `drain` says how long stragglers may take afterwards.
pub async fn measure(world: &World, rate: f64, timing: Timing, drain: Duration) -> Outcome<(Step, Window)> {
    world.clear().await?;
    let hub = world.start_hub().await?;
    let meter = Meter::new(&hub.url)?;
    // The swarm says it has begun up to two seconds late; a second more keeps the schedule running to the end.
    let length = timing.settle + timing.measure + Duration::from_secs(1);
    let swarm = Swarm::start(world, rate, timing.settle, length + Duration::from_secs(2)).await?;
    let begin = Instant::now();
    sleep_until(begin + timing.settle).await;

    let (from_us, from) = (now_us(), swarm.progress()?.last().map_or(0, |progress| progress.second));
    let (first, used) = (meter.read().await?, Used::now(world, Some(&hub), swarm.pid()));
    let started = Instant::now();
    let mut pushes = vec![(0.0, pushes_waiting(&first))];
    while started.elapsed() < timing.measure {
        sleep_until(Instant::now() + LOOK_EVERY.min(timing.measure.saturating_sub(started.elapsed()))).await;
        pushes.push((started.elapsed().as_secs_f64(), pushes_waiting(&meter.read().await?)));
    }
    let (last, used) = (meter.read().await?, Used::now(world, Some(&hub), swarm.pid()).since(used));
    let (elapsed, window) = (started.elapsed().as_secs_f64(), Window { from_us, to_us: now_us() });
    let waiting = waiting(&swarm, rate, from)?;
    let summary = swarm.finish(drain).await?;
    drain_pushes(&meter, drain).await?;
    hub.stop().await?;
    let passes = last.sum("events_durable_total") - first.sum("events_durable_total");
    let step = Step {
        rate,
        durable_per_s: passes / elapsed,
        waiting_rise: rise(&waiting),
        pushes_rise: rise(&pushes) / PUSHES_PER_PASS,
        used,
        passes,
        seconds: elapsed,
        batch: last.mean_since(&first, "commit_events"),
        commit_s: last.mean_since(&first, "commit_seconds"),
        summary,
    };
    Ok((step, window))
}

/// Pushes owed and not yet answered by the provider, whether they wait in memory or in their rows.
fn pushes_waiting(reading: &Reading) -> f64 {
    PUSHES_PER_PASS * reading.sum("events_durable_total") - reading.sum("push_attempts_total")
}

/// What waits at the terminals, second by second; a swarm that cannot keep its own schedule counts as waiting too.
fn waiting(swarm: &Swarm, rate: f64, from_second: u64) -> Outcome<Vec<(f64, f64)>> {
    let progress: Vec<_> = swarm.progress()?.into_iter().filter(|progress| progress.second >= from_second).collect();
    let Some(first) = progress.first().copied() else { return Ok(Vec::new()) };
    let point = |progress: &crate::swarm::Progress| {
        let second = float(progress.second - first.second);
        let behind = rate * second - float(progress.created - first.created);
        // Chance alone leaves a schedule ahead or behind by its square root.
        let noise = 3.0 * (rate * second).sqrt();
        (second, float(progress.open) + (behind - noise).max(0.0))
    };
    Ok(progress.iter().map(point).collect())
}

async fn drain_pushes(meter: &Meter, patience: Duration) -> Outcome<()> {
    let deadline = Instant::now() + patience;
    while pushes_waiting(&meter.read().await?) > 0.5 && Instant::now() < deadline {
        sleep_until(Instant::now() + Duration::from_millis(100)).await;
    }
    Ok(())
}

fn now_us() -> i64 {
    kernel::clock::Clock::System.now().as_microsecond()
}
