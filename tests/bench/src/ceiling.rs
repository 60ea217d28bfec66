//! The ceiling: the highest rate whose backlog does not grow.

use std::time::Duration;

use crate::{
    failure::Outcome,
    step::{self, Step, Timing},
    world::World,
};

/// How the ceiling is searched.
#[derive(Debug, Clone, Copy)]
pub struct Search {
    /// Where to begin.
    pub first_rate: f64,
    /// A short look at each rate of the search.
    pub look: Timing,
    /// Short looks at most.
    pub looks: usize,
    /// The long look that decides.
    pub proof: Timing,
    /// Tries of it, each 7 per cent lower than the one before.
    pub proofs: usize,
}

/// After an overload what waits is thrown away, not waited for.
const NO_PATIENCE: Duration = Duration::from_millis(200);

/// Short looks closer than this to each other are close enough.
const CLOSE: f64 = 1.06;

/// Finds it. `None` when no long look held; the steps are given in the order they were made.
pub async fn find(world: &World, search: Search, tell: &impl Fn(&str)) -> Outcome<(Option<Step>, Vec<Step>)> {
    let mut steps = Vec::new();
    let mut rate = short_looks(world, search, tell, &mut steps).await?;
    for _ in 0..search.proofs {
        if look(world, rate, search.proof, tell, &mut steps).await? {
            return Ok((steps.last().cloned(), steps));
        }
        rate *= 0.93;
    }
    Ok((None, steps))
}

/// The highest rate that held in a short look, or a guess where none did.
async fn short_looks(world: &World, search: Search, tell: &impl Fn(&str), steps: &mut Vec<Step>) -> Outcome<f64> {
    let (mut low, mut high) = (None::<f64>, None::<f64>);
    let mut rate = search.first_rate;
    for _ in 0..search.looks {
        if look(world, rate, search.look, tell, steps).await? { low = Some(rate) } else { high = Some(rate) }
        rate = match (low, high) {
            (Some(low), Some(high)) if high / low < CLOSE => return Ok(low),
            (Some(low), Some(high)) => f64::midpoint(low, high),
            (Some(low), None) => low * 1.5,
            // Overloaded, it still says how much it can do: the truth is near that.
            (None, _) => steps.last().map_or(rate / 2.0, |step| step.durable_per_s * 0.85).clamp(rate / 4.0, rate * 0.85),
        };
    }
    Ok(low.unwrap_or(rate))
}

async fn look(world: &World, rate: f64, timing: Timing, tell: &impl Fn(&str), steps: &mut Vec<Step>) -> Outcome<bool> {
    let (step, _) = step::measure(world, rate, timing, NO_PATIENCE).await?;
    tell(&step.says());
    let holds = step.passes_hold() && step.pushes_hold();
    steps.push(step);
    Ok(holds)
}
