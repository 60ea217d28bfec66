//! How long a push takes, from the scheduled time of its pass to the provider's acceptance, stage by stage.
//!
//! The scheduled time stands in the event itself (`at`, which the swarm's ledger repeats), receipt and begin of the commit stand in
//! the rows, arrival and acceptance in the simulator's journal. All of them are one machine's clock; the journal and the schedule
//! count whole milliseconds.

use std::{
    collections::{HashMap, HashSet},
    fs::File,
    io::{BufRead, BufReader, Seek, SeekFrom},
    path::Path,
};

use jiff::Timestamp;
use kernel::id::NoticeId;
use serde::Deserialize;

use crate::{failure::Outcome, stats::per_mille, step::Window, world::World};

/// Median and 99th percentile, in microseconds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spread {
    /// Median.
    pub p50: i64,
    /// 99th percentile.
    pub p99: i64,
}

impl Spread {
    fn of(mut values: Vec<i64>) -> Self {
        Self { p50: per_mille(&mut values, 500), p99: per_mille(&mut values, 990) }
    }

    /// `p50 / p99` in milliseconds.
    pub fn shown(self) -> String {
        let ms = |us: i64| format!("{}.{}", us / 1_000, us.rem_euclid(1_000) / 100);
        format!("{} / {}", ms(self.p50), ms(self.p99))
    }
}

/// The stages of a push.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stages {
    /// Pushes counted.
    pub pushes: usize,
    /// Pushes of the window that the provider had not accepted when the run was over.
    pub missing: usize,
    /// Scheduled time → received by the hub.
    pub received: Spread,
    /// Received → its commit began.
    pub gathered: Spread,
    /// Its commit began → the request arrived at the provider (the commit itself, the dispatcher's queue, HTTP).
    pub sent: Spread,
    /// Arrived → accepted: the simulator's latency.
    pub accepted: Spread,
    /// All of it.
    pub whole: Spread,
}

/// Where the simulator's journal ends now.
pub fn mark(world: &World) -> u64 {
    std::fs::metadata(world.arrivals_file()).map_or(0, |metadata| metadata.len())
}

/// Reads the pushes of a window from the journal after `mark` and from the rows.
pub async fn read(world: &World, mark: u64, window: Window) -> Outcome<Stages> {
    let accepted = arrivals(&world.arrivals_file(), mark)?;
    let db = world.superuser().await?;
    let (from, to) = (time(window.from_us), time(window.to_us));
    let rows = db
        .query(
            "select n.id, n.occurred_at, p.received_at, n.created_at from notice n
             join pass p on p.school_id = n.school_id and p.person_id = n.child_id and p.occurred_at = n.occurred_at
             where n.occurred_at between $1 and $2",
            &[&from, &to],
        )
        .await?;
    let (mut received, mut gathered, mut sent, mut provider, mut whole) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut missing = 0;
    for row in rows {
        let Some(arrival) = accepted.get(&row.try_get::<_, NoticeId>(0)?) else {
            missing += 1;
            continue;
        };
        let [scheduled, got, begun] = [row.try_get(1)?, row.try_get(2)?, row.try_get(3)?].map(|at: Timestamp| at.as_microsecond());
        received.push(got - scheduled);
        gathered.push(begun - got);
        sent.push(arrival.at_us - begun);
        provider.push(arrival.latency_us);
        whole.push(arrival.at_us + arrival.latency_us - scheduled);
    }
    let pushes = whole.len();
    let [received, gathered, sent, accepted, whole] = [received, gathered, sent, provider, whole].map(Spread::of);
    Ok(Stages { pushes, missing, received, gathered, sent, accepted, whole })
}

/// The notices that the provider accepted within a window, of the journal after `mark`.
pub fn accepted(world: &World, mark: u64, window: Window) -> Outcome<HashSet<NoticeId>> {
    let arrivals = arrivals(&world.arrivals_file(), mark)?;
    Ok(arrivals.into_iter().filter(|(_, arrival)| (window.from_us..window.to_us).contains(&(arrival.at_us + arrival.latency_us))).map(|(id, _)| id).collect())
}

#[derive(Debug, Clone, Copy)]
struct Arrival {
    at_us: i64,
    latency_us: i64,
}

#[derive(Deserialize)]
struct Line<'a> {
    kind: &'a str,
    at: i64,
    #[serde(default)]
    notice: Option<&'a str>,
    #[serde(default)]
    outcome: &'a str,
    #[serde(default)]
    latency_ms: i64,
}

/// The first acceptance of each notice.
fn arrivals(path: &Path, mark: u64) -> Outcome<HashMap<NoticeId, Arrival>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(mark))?;
    let mut accepted = HashMap::new();
    for line in BufReader::with_capacity(1 << 20, file).lines() {
        let line = line?;
        let Ok(line) = serde_json::from_str::<Line<'_>>(&line) else { continue };
        let Some(notice) = line.notice.and_then(|notice| notice.parse().ok()) else { continue };
        if line.kind == "send" && line.outcome == "accepted" {
            accepted.entry(notice).or_insert(Arrival { at_us: line.at * 1_000, latency_us: line.latency_ms * 1_000 });
        }
    }
    Ok(accepted)
}

fn time(us: i64) -> Timestamp {
    Timestamp::from_microsecond(us).unwrap_or(Timestamp::UNIX_EPOCH)
}
