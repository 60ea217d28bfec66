//! The load: the real swarm as a child, and what it says of itself. Open loop: what happens at the doors follows the schedule,
//! whatever the hub does, and latency counts from the scheduled time.

use std::{fs, path::PathBuf, process::Stdio, time::Duration};

use rustix::process::Signal;
use serde::Deserialize;
use shanyraq::embedded::children::{self, Child};

use crate::{
    failure::{Failure, Outcome},
    world::{World, ours},
};

/// How long all terminals may take to connect.
const CONNECTING: Duration = Duration::from_secs(30);

/// A running swarm.
pub struct Swarm {
    child: Child,
    said: PathBuf,
    summary: PathBuf,
}

/// What the swarm said at some second of its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Seconds since its start.
    pub second: u64,
    /// Events that happened.
    pub created: u64,
    /// Events acknowledged.
    pub acknowledged: u64,
    /// Events neither acknowledged nor given up.
    pub open: u64,
}

/// The end of a run.
#[derive(Debug, Clone, Deserialize)]
pub struct Summary {
    /// Events left unacknowledged.
    pub unacknowledged: i64,
    /// Scheduled time to our acknowledgement.
    pub latency: Latency,
}

/// Scheduled time to our acknowledgement.
#[derive(Debug, Clone, Deserialize)]
pub struct Latency {
    /// Median.
    pub p50_us: u64,
    /// 99th percentile.
    pub p99_us: u64,
}

impl Swarm {
    /// Starts terminals that let `rate` passes a second happen for so long, and returns when they have begun.
    /// Latencies of the first `settle` are left out.
    pub async fn start(world: &World, rate: f64, settle: Duration, length: Duration) -> Outcome<Self> {
        let (said, summary) = (world.folder.join("swarm.err"), world.folder.join("swarm.out"));
        let mut command = ours("swarm", &world.folder.join("swarm.log"))?;
        command.stdout(fs::File::create(&summary)?).stderr(fs::File::create(&said)?).stdin(Stdio::null());
        command.arg("--town").arg(world.town_file()).args(["--arrivals", "poisson", "--meals", "0"]);
        let seconds = |duration: Duration| duration.as_secs_f64().to_string();
        command.arg("--rate").arg(rate.to_string()).arg("--for-seconds").arg(seconds(length));
        command.arg("--deadline-seconds").arg(seconds(length + CONNECTING)).arg("--latency-after-seconds").arg(seconds(settle));
        let swarm = Self { child: children::spawn(command)?, said, summary };
        swarm.begun().await?;
        Ok(swarm)
    }

    /// Its process number.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Everything it said so far.
    pub fn progress(&self) -> Outcome<Vec<Progress>> {
        Ok(fs::read_to_string(&self.said)?.lines().filter_map(progress).collect())
    }

    async fn begun(&self) -> Outcome<()> {
        let deadline = tokio::time::Instant::now() + CONNECTING;
        while !self.progress()?.iter().any(|progress| progress.created > 0) {
            if tokio::time::Instant::now() > deadline {
                return Err(Failure::plain(format!("the swarm did not begin: {}", fs::read_to_string(&self.said)?)));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    /// Waits until everything is acknowledged, at most so long; then ends it.
    pub async fn finish(mut self, patience: Duration) -> Outcome<Summary> {
        if tokio::time::timeout(patience, self.child.wait()).await.is_err() {
            self.child.stop(Signal::TERM, Duration::from_secs(5)).await?;
        }
        Ok(serde_json::from_str(&fs::read_to_string(&self.summary)?)?)
    }
}

/// `swarm: 4 s, 123 created, 120 acknowledged, 3 open, …`
fn progress(line: &str) -> Option<Progress> {
    let mut numbers = line.strip_prefix("swarm: ")?.split(", ").map(|part| part.split(' ').next()?.parse::<u64>().ok());
    let mut next = || numbers.next().flatten();
    Some(Progress { second: next()?, created: next()?, acknowledged: next()?, open: next()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_progress_is_read() {
        let line = "swarm: 4 s, 123 created, 120 acknowledged, 3 open, 200 of 200 connected, 0 sent again";
        assert_eq!(progress(line), Some(Progress { second: 4, created: 123, acknowledged: 120, open: 3 }));
        assert_eq!(progress("swarm: the deadline is reached"), None);
    }
}
