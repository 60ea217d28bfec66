//! Lets things happen on schedule, and ends the run when its bounds are reached.

use std::{sync::Arc, time::Duration};

use protocol::WINDOW_EVENTS;
use tokio::sync::mpsc::UnboundedSender;

use crate::{
    arrivals::{Arrival, Crowd, Lean, Next, Schedule, hour_of_day},
    chance::Chance,
    swarm::Swarm,
};

/// Almaty, the whole country since 2024.
const ZONE_HOURS: i64 = 5;

/// How the run is bounded and shaped.
#[derive(Debug)]
pub struct Plan {
    /// When things happen.
    pub schedule: Schedule,
    /// At most so many events.
    pub count: u64,
    /// At most for so long, in microseconds.
    pub for_us: u64,
    /// Whether the hour of the day shapes the rate and the direction.
    pub day: Day,
}

/// Whether the hour of the day matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// The same at all times.
    Flat,
    /// Mornings in, evenings out, nights quiet.
    Real,
    /// All lean inwards.
    Morning,
}

/// Lets everything of the plan happen; gives how many events were issued.
pub async fn conduct(swarm: Arc<Swarm>, mut plan: Plan, mut crowd: Crowd, terminals: Vec<UnboundedSender<Arrival>>) -> u64 {
    let mut chance = Chance::new(swarm.behaviour.seed, 0);
    let begin_ms = swarm.clock.since_start_ms();
    let begin_us = begin_ms.saturating_mul(1_000);
    let room = i64::try_from(terminals.len().saturating_mul(WINDOW_EVENTS / 2)).unwrap_or(i64::MAX);
    let mut stop = swarm.stop.clone();
    let mut issued = 0;
    while issued < plan.count && !*stop.borrow_and_update() {
        let (weight, lean) = shape(&swarm, plan.day);
        let due_us = match plan.schedule.next(weight, &mut chance) {
            Next::Never => break,
            Next::At(us) => us,
            Next::WhenThereIsRoom => {
                while swarm.counts.open() >= room && !*stop.borrow() {
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
                swarm.clock.since_start_ms().saturating_sub(begin_ms).saturating_mul(1_000)
            }
        };
        if due_us > plan.for_us {
            break;
        }
        sleep_until(&swarm, begin_ms + due_us / 1_000).await;
        let scheduled_us = swarm.clock.start_us().saturating_add(i64::try_from(begin_us + due_us).unwrap_or(0));
        let Some(arrival) = crowd.act(scheduled_us, lean, &mut chance) else { continue };
        issued += 1;
        swarm.counts.open_by(1);
        if terminals.get(arrival.terminal).is_none_or(|terminal| terminal.send(arrival).is_err()) {
            swarm.counts.open_by(-1);
        }
        if issued % 256 == 0 {
            tokio::task::yield_now().await;
        }
    }
    issued
}

fn shape(swarm: &Swarm, day: Day) -> (f64, Lean) {
    match day {
        Day::Flat => (1.0, Lean::Even),
        Day::Morning => (1.0, Lean::In),
        Day::Real => hour_of_day((swarm.clock.wall_ms() / 3_600_000 + ZONE_HOURS).rem_euclid(24)),
    }
}

async fn sleep_until(swarm: &Swarm, due_ms: u64) {
    let mut stop = swarm.stop.clone();
    if due_ms > swarm.clock.since_start_ms() {
        tokio::select! {
            () = tokio::time::sleep_until(swarm.clock.instant(due_ms)) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
}
