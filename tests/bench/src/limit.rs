//! The limit: how fast the same rows can be written by the same statements when nobody receives, reads, acknowledges or pushes.
//! `engine::commit::commit` is called directly with prepared events of all devices, for several batch sizes and numbers of
//! connections, while broker and swarm feed a null subscriber at the same rate.

use std::{
    path::Path,
    process::Stdio,
    sync::Arc,
    time::{Duration, Instant},
};

use engine::{
    commit::{Item, Outcome as Committed, Terms, commit},
    registry::{Device, Registry},
};
use jiff::{SignedDuration, Timestamp};
use kernel::{
    clock::Clock,
    db::{Db, DbRole},
};
use protocol::{topic::Code, up::Events};
use rustix::process::Signal;
use shanyraq::{embedded::children, town::School};
use tokio::task::JoinSet;

use crate::{
    failure::{Failure, Outcome},
    stats::{float, len},
    swarm::Swarm,
    world::{World, ours},
};

/// Batch sizes tried.
const BATCHES: [usize; 3] = [100, 300, 1_000];
/// Numbers of connections tried.
const CONNECTIONS: [usize; 3] = [1, 2, 4];
/// As the hub waits for a lock.
const LOCK_WAIT: Duration = Duration::from_millis(200);

/// One way of writing and how fast it was.
#[derive(Debug, Clone, Copy)]
pub struct Written {
    /// Events in a commit.
    pub batch: usize,
    /// Connections side by side, each for its own schools.
    pub connections: usize,
    /// Passes a second.
    pub per_s: f64,
    /// At what rate broker and swarm fed the null subscriber meanwhile.
    pub fed_per_s: f64,
}

/// How thoroughly the limit is searched.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// For each way of writing.
    pub each: Duration,
    /// Further looks at the best way, each with the feed closer to the limit itself.
    pub refinements: usize,
    /// Prepared events for each second: more than can be written.
    pub most_per_s: usize,
}

/// Tries every way while the feed runs at `rate`, then the best one again with the feed drawn near to it. The last is the limit.
pub async fn find(world: &World, rate: f64, effort: Effort, tell: &impl Fn(&str)) -> Outcome<(Written, Vec<Written>)> {
    let ways: Vec<(usize, usize)> = BATCHES.into_iter().flat_map(|batch| CONNECTIONS.map(|connections| (batch, connections))).collect();
    let mut all = fed(world, rate, effort, &ways, tell).await?;
    let best = all.iter().copied().max_by(|a, b| a.per_s.total_cmp(&b.per_s));
    let mut best = best.ok_or_else(|| Failure::plain("no way of writing was tried"))?;
    for _ in 0..effort.refinements {
        let rate = f64::midpoint(best.fed_per_s, best.per_s);
        let again = fed(world, rate, effort, &[(best.batch, best.connections)], tell).await?;
        best = again.last().copied().unwrap_or(best);
        all.push(best);
    }
    Ok((best, all))
}

/// Writes in each of these ways, one after the other, under one feed.
async fn fed(world: &World, rate: f64, effort: Effort, ways: &[(usize, usize)], tell: &impl Fn(&str)) -> Outcome<Vec<Written>> {
    world.clear().await?;
    let mut null = start_null(world)?;
    // Events are prepared while the feed runs: time for that is part of its length.
    let length = (effort.each * 2 + Duration::from_secs(2)).mul_f64(len(ways)) + Duration::from_secs(3);
    let swarm = Swarm::start(world, rate, Duration::ZERO, length).await?;
    let mut all = Vec::new();
    for (batch, connections) in ways.iter().copied() {
        let per_s = write(world, batch, connections, effort).await?;
        all.push(Written { batch, connections, per_s, fed_per_s: rate });
        tell(&format!("limit: {per_s:.0}/s in commits of {batch} over {connections} connections, fed {rate:.0}/s"));
    }
    swarm.finish(Duration::ZERO).await?;
    null.stop(Signal::KILL, Duration::from_secs(1)).await?;
    Ok(all)
}

/// As fast as it goes, for so long.
async fn write(world: &World, batch: usize, connections: usize, effort: Effort) -> Outcome<f64> {
    let db = Db::connect(&world.app_url(), DbRole::Engine, connections)?;
    let registry = Registry::new(db.clone());
    registry.reload().await?;
    let mut heaps = Vec::new();
    let most = effort.most_per_s * usize::try_from(effort.each.as_secs().max(1)).unwrap_or(1) / connections;
    for share in 0..connections {
        heaps.push(prepare(world, &registry, share, connections, most, &format!("limit{batch}x{connections}"))?);
    }
    let terms = Terms { late_after: SignedDuration::from_mins(10), future_tolerance: SignedDuration::from_mins(5), delivery_lease: SignedDuration::from_secs(60) };
    let begin = Instant::now();
    let mut writers = JoinSet::new();
    for items in heaps {
        let (db, terms) = (db.clone(), terms.clone());
        writers.spawn(async move { drain(&db, &terms, &items, batch, begin + effort.each).await });
    }
    let mut written = 0;
    while let Some(ended) = writers.join_next().await {
        written += ended.map_err(|error| Failure::plain(error.to_string()))??;
    }
    Ok(float(written) / begin.elapsed().as_secs_f64())
}

/// Commits batch after batch until it is time to end.
async fn drain(db: &Db, terms: &Terms, items: &[Item], batch: usize, until: Instant) -> Outcome<u64> {
    let mut written = 0;
    for items in items.chunks(batch) {
        if Instant::now() >= until {
            break;
        }
        match commit(db, terms, Clock::System.now(), LOCK_WAIT, items, &[]).await {
            Committed::Done(durable) => written += u64::try_from(durable.fresh).unwrap_or(0),
            Committed::Blocked => return Err(Failure::plain("a commit was blocked")),
            Committed::Failed(error) => return Err(error.into()),
        }
    }
    Ok(written)
}

/// Events of one connection's schools, the devices in turn.
fn prepare(world: &World, registry: &Registry, share: usize, of: usize, most: usize, store: &str) -> Outcome<Vec<Item>> {
    let devices = registry.all();
    let schools = world.town.schools.iter().enumerate().filter(|(place, _)| place % of == share).map(|(_, school)| school);
    let doors: Vec<(&School, Arc<Device>)> = schools
        .flat_map(|school| school.devices.iter().map(move |device| (school, device)))
        .filter_map(|(school, device)| Some((school, devices.get(&Code::parse(&device.code).ok()?)?.clone())))
        .collect();
    let now = Clock::System.now();
    let store: Arc<str> = store.into();
    (0..most).map_while(|number| pass(&doors, number, &store, now)).collect()
}

fn pass(doors: &[(&School, Arc<Device>)], number: usize, store: &Arc<str>, now: Timestamp) -> Option<Outcome<Item>> {
    let (school, device) = doors.get(number % doors.len().max(1))?;
    let seq = number / doors.len() + 1;
    // A step that is prime to the number of pupils: everybody comes in turn, not in order.
    let card = &school.pupils.get((number * 37 + seq) % school.pupils.len())?.card;
    let direction = if seq % 2 == 0 { "out" } else { "in" };
    let text = format!(r#"{{"store":"{store}","seq":{seq},"boot":1,"at":"{now}","kind":"pass","card":"{card}","direction":"{direction}"}}"#);
    let read = Events::parse(text.as_bytes()).map_err(|error| Failure::plain(error.to_string()));
    Some(read.and_then(|mut events| {
        let event = events.events.pop().ok_or_else(|| Failure::plain("no event"))?;
        let fingerprint = event.fingerprint();
        Ok(Item { device: device.clone(), store: store.clone(), received_at: now, event, fingerprint })
    }))
}

/// The null subscriber, as a process of its own.
fn start_null(world: &World) -> Outcome<children::Child> {
    let name = std::env::current_exe()?;
    let name = name.file_name().and_then(|name| name.to_str()).ok_or_else(|| Failure::plain("this program has no name"))?;
    let mut command = ours(name, Path::new(&world.folder.join("null.log")))?;
    let (host, port, user, password) = world.broker();
    command.arg("null-subscriber").args([&host, &port.to_string(), user, password]).stdin(Stdio::null());
    Ok(children::spawn(command)?)
}
