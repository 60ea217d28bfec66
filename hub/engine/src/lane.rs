//! Lanes: each gathers the events of its schools and commits them together; while one commit runs, the next batch grows.
//! A school whose rows are locked by somebody is sent to the one patient lane, and its neighbours go on.
//!
//! Always true:
//!  1. A parcel's receipt is settled, and its device acknowledged, only after its commit ([`Outcome::Done`]).
//!  2. A batch that failed is kept whole, in order, and tried again with growing pauses; nothing in it is dropped.
//!  3. What waits in lanes is bounded ([`Lanes::offer`]): beyond that a parcel is shed, which its terminal survives.

use std::{
    collections::{HashMap, VecDeque},
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use actix::prelude::*;
use futures_util::FutureExt;
use kernel::{clock::Clock, db::Db, id::SchoolId};
use protocol::{cursor::Cursor, up::Event};

use crate::{
    after::AfterCommit,
    commit::{Durable, Item, Letter, Outcome, Terms, commit},
    parcel::{Backlog, Load, Parcel},
    sabotage::{Sabotage, breaks, mishap, panic_point},
    supervision::{Supervised, To, Worker},
};

/// How long the patient lane waits for a lock.
const PATIENT: Duration = Duration::from_secs(5);

/// What lanes share.
#[derive(Clone)]
pub struct Settings {
    /// Where commits go.
    pub db: Db,
    /// The clock.
    pub clock: Clock,
    /// See [`Terms`].
    pub terms: Terms,
    /// See [`crate::config::Config::batch_events`].
    pub batch_events: usize,
    /// See [`crate::config::Config::batch_wait`].
    pub batch_wait: Duration,
    /// See [`crate::config::Config::lock_wait`].
    pub lock_wait: Duration,
    /// Told of every commit.
    pub after: AfterCommit,
}

/// The lanes, as the device actors see them.
#[derive(Clone)]
pub struct Lanes {
    fast: Vec<Addr<Supervised<Lane>>>,
    patient: Option<Addr<Supervised<Lane>>>,
    backlog: Arc<Backlog>,
    most_waiting: usize,
}

impl Lanes {
    /// Starts `count` lanes and the patient one on the current arbiter.
    pub fn start(count: usize, most_waiting: usize, settings: &Settings) -> Self {
        let backlog = Arc::new(Backlog::default());
        let patient = Supervised::new(Lane::new(settings.clone(), backlog.clone(), None)).start();
        let fast = (0..count.max(1)).map(|_| Supervised::new(Lane::new(settings.clone(), backlog.clone(), Some(patient.clone()))).start()).collect();
        Self { fast, patient: Some(patient), backlog, most_waiting }
    }

    /// Takes a parcel, or sheds it when too much waits already (dropping its receipt releases it at the broker).
    pub fn offer(&self, parcel: Parcel) {
        let weight = parcel.weight();
        if self.backlog.waiting() + weight > self.most_waiting {
            metrics::counter!("events_shed_total", "why" => "queue").increment(weight.try_into().unwrap_or(u64::MAX));
            return;
        }
        let school = parcel.school();
        let lane = if self.backlog.is_detoured(school) { self.patient.as_ref() } else { self.lane_of(school) };
        let Some(lane) = lane else { return };
        if lane.try_send(To(Ask::Take(vec![Load::new(parcel, self.backlog.clone())]))).is_err() {
            metrics::counter!("events_shed_total", "why" => "mailbox").increment(weight.try_into().unwrap_or(u64::MAX));
        }
    }

    /// What waits, in all lanes together.
    pub fn backlog(&self) -> &Arc<Backlog> {
        &self.backlog
    }

    fn lane_of(&self, school: SchoolId) -> Option<&Addr<Supervised<Lane>>> {
        let bits = school.0.as_u128() ^ (school.0.as_u128() >> 64);
        let place = usize::try_from(bits % u128::try_from(self.fast.len()).unwrap_or(1)).unwrap_or(0);
        self.fast.get(place)
    }
}

/// What a lane is asked.
#[derive(Debug)]
pub enum Ask {
    /// Commit these.
    Take(Vec<Load>),
    /// This wait for company is over; a later one may have begun since.
    Flush(u64),
}

/// One lane.
pub struct Lane {
    settings: Settings,
    backlog: Arc<Backlog>,
    /// Where blocked schools go; the patient lane has none.
    patient: Option<Addr<Supervised<Lane>>>,
    queue: VecDeque<Load>,
    queued_events: usize,
    state: State,
    /// Waits for company so far.
    turn: u64,
    failures: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Idle,
    WaitingForCompany,
    Committing,
}

impl Lane {
    fn new(settings: Settings, backlog: Arc<Backlog>, patient: Option<Addr<Supervised<Lane>>>) -> Self {
        Self { settings, backlog, patient, queue: VecDeque::new(), queued_events: 0, state: State::Idle, turn: 0, failures: 0 }
    }

    fn lock_wait(&self) -> Duration {
        if self.patient.is_some() { self.settings.lock_wait } else { PATIENT }
    }

    fn take(&mut self, loads: Vec<Load>, ctx: &mut Context<Supervised<Self>>) {
        self.queued_events += loads.iter().map(|load| load.weight()).sum::<usize>();
        self.queue.extend(loads);
        match self.state {
            State::Committing => {}
            State::WaitingForCompany if self.queued_events >= self.settings.batch_events => self.flush(ctx),
            State::WaitingForCompany => {}
            State::Idle => self.flush_soon(ctx),
        }
    }

    /// Full batches go at once. A smaller one waits a little for company, after a commit as well: the cost of a commit is mostly
    /// that of its statements, however few events they carry, and a busy hub shares its processors with its database.
    fn flush_soon(&mut self, ctx: &mut Context<Supervised<Self>>) {
        self.state = State::WaitingForCompany;
        if self.queued_events >= self.settings.batch_events {
            return self.flush(ctx);
        }
        self.turn += 1;
        ctx.notify_later(To(Ask::Flush(self.turn)), self.settings.batch_wait);
    }

    fn flush(&mut self, ctx: &mut Context<Supervised<Self>>) {
        if self.state == State::Committing || self.queue.is_empty() {
            return;
        }
        let batch = self.next_batch();
        self.commit(batch, ctx);
    }

    fn next_batch(&mut self) -> Vec<Load> {
        let mut batch = Vec::new();
        let mut events = 0;
        while let Some(load) = self.queue.front() {
            if !batch.is_empty() && events + load.weight() > self.settings.batch_events {
                break;
            }
            events += load.weight();
            batch.extend(self.queue.pop_front());
        }
        self.queued_events = self.queued_events.saturating_sub(events);
        batch
    }

    fn commit(&mut self, batch: Vec<Load>, ctx: &mut Context<Supervised<Self>>) {
        self.state = State::Committing;
        let now = self.settings.clock.now();
        batch.iter().for_each(|load| metrics::histogram!("event_to_commit_seconds").record(load.age(now).as_secs_f64()));
        let (settings, wait) = (self.settings.clone(), self.lock_wait());
        let work = async move {
            // The loads stay outside the protected future: a panic loses the attempt, not what was to be committed.
            let (items, letters) = contents(&batch);
            let attempt = AssertUnwindSafe(attempt(&settings, wait, &items, &letters)).catch_unwind().await;
            (batch, attempt)
        };
        ctx.spawn(work.into_actor_worker(|lane: &mut Self, ctx, (batch, attempt)| lane.finish(batch, attempt, ctx)));
    }

    fn finish(&mut self, batch: Vec<Load>, attempt: std::thread::Result<Outcome>, ctx: &mut Context<Supervised<Self>>) {
        match attempt {
            Ok(Outcome::Done(durable)) => {
                self.failures = 0;
                self.done(batch, durable);
            }
            Ok(Outcome::Blocked) => return self.detour(batch, ctx),
            Ok(Outcome::Failed(error)) => return self.retry_later(batch, &error.to_string(), ctx),
            Err(_) => return self.retry_later(batch, "the commit panicked", ctx),
        }
        self.go_on(ctx);
    }

    fn go_on(&mut self, ctx: &mut Context<Supervised<Self>>) {
        self.state = State::Idle;
        if self.queue.is_empty() {
            self.end_detours();
        } else {
            self.flush_soon(ctx);
        }
    }

    fn done(&mut self, batch: Vec<Load>, durable: Durable) {
        self.settings.after.tell(batch.iter().map(Load::parcel), durable);
        let now = self.settings.clock.now();
        for load in batch {
            metrics::histogram!("event_to_acknowledgement_seconds").record(load.age(now).as_secs_f64());
            load.settle();
        }
    }

    /// A lock was in the way. With several schools, each is tried alone; a single one goes to the patient lane.
    fn detour(&mut self, batch: Vec<Load>, ctx: &mut Context<Supervised<Self>>) {
        let mut by_school: HashMap<SchoolId, Vec<Load>> = HashMap::new();
        for load in batch {
            by_school.entry(load.school()).or_default().push(load);
        }
        let several = by_school.len() > 1;
        let Some(patient) = self.patient.clone() else {
            let batch = by_school.into_values().flatten().collect();
            return self.retry_later(batch, "rows are locked by somebody else", ctx);
        };
        metrics::counter!("commits_blocked_total").increment(1);
        if several {
            // Each school becomes a batch of its own, in front of the queue; the blocked one is found by its own attempt.
            self.split_alone(by_school, ctx);
        } else {
            for (school, loads) in by_school {
                tracing::warn!(%school, "rows of a school are locked; it goes to the patient lane");
                self.backlog.detour(school);
                patient.do_send(To(Ask::Take(loads)));
            }
            self.go_on(ctx);
        }
    }

    fn split_alone(&mut self, by_school: HashMap<SchoolId, Vec<Load>>, ctx: &mut Context<Supervised<Self>>) {
        let (settings, wait) = (self.settings.clone(), self.lock_wait());
        let work = async move {
            let mut ended = Vec::new();
            for (_, batch) in by_school {
                let (items, letters) = contents(&batch);
                let attempt = AssertUnwindSafe(attempt(&settings, wait, &items, &letters)).catch_unwind().await;
                ended.push((batch, attempt));
            }
            ended
        };
        ctx.spawn(work.into_actor_worker(|lane: &mut Self, ctx, ended: Vec<(Vec<Load>, std::thread::Result<Outcome>)>| {
            for (batch, attempt) in ended {
                match attempt {
                    Ok(Outcome::Done(durable)) => lane.done(batch, durable),
                    Ok(Outcome::Blocked) => lane.detour_one(batch),
                    Ok(Outcome::Failed(_)) | Err(_) => lane.put_back(batch),
                }
            }
            lane.go_on(ctx);
        }));
    }

    fn detour_one(&mut self, batch: Vec<Load>) {
        if let (Some(patient), Some(first)) = (&self.patient, batch.first()) {
            self.backlog.detour(first.school());
            patient.do_send(To(Ask::Take(batch)));
        }
    }

    fn end_detours(&mut self) {
        if self.patient.is_none() {
            self.backlog.end_detours();
        }
    }

    fn put_back(&mut self, batch: Vec<Load>) {
        self.queued_events += batch.iter().map(|load| load.weight()).sum::<usize>();
        batch.into_iter().rev().for_each(|load| self.queue.push_front(load));
    }

    fn retry_later(&mut self, batch: Vec<Load>, cause: &str, ctx: &mut Context<Supervised<Self>>) {
        self.failures = self.failures.saturating_add(1);
        metrics::counter!("commits_failed_total").increment(1);
        let pause = Duration::from_millis(100 * u64::from(self.failures.min(20)));
        tracing::warn!(cause, failures = self.failures, pause_ms = pause.as_millis(), "a commit failed; the whole batch is tried again");
        self.put_back(batch);
        // Until the pause is over the lane counts as committing: it gathers, and does not hammer a database that is away.
        ctx.run_later(pause, |lane, ctx| lane.protect(ctx, |lane, ctx| lane.go_on(ctx)));
    }
}

impl Worker for Lane {
    type Message = Ask;
    const KIND: &'static str = "lane";
    const MAILBOX: usize = 4_096;

    fn name(&self) -> String {
        if self.patient.is_some() { "lane".into() } else { "patient lane".into() }
    }

    /// A panic in the lane's own code loses its queue: the receipts are released and the terminals send again.
    fn rebuilt(&self) -> Self {
        Self::new(self.settings.clone(), self.backlog.clone(), self.patient.clone())
    }

    fn handle(&mut self, ask: Ask, ctx: &mut Context<Supervised<Self>>) {
        match ask {
            Ask::Take(loads) => self.take(loads, ctx),
            Ask::Flush(turn) => {
                if turn == self.turn && self.state == State::WaitingForCompany {
                    self.state = State::Idle;
                    self.flush(ctx);
                }
            }
        }
    }
}

async fn attempt(settings: &Settings, wait: Duration, items: &[Item], letters: &[Letter]) -> Outcome {
    let started = Instant::now();
    panic_point("commit");
    if breaks(Sabotage::AckEarly) && mishap(20) {
        return pretend(items);
    }
    let outcome = commit(&settings.db, &settings.terms, settings.clock.now(), wait, items, letters).await;
    metrics::histogram!("commit_seconds").record(started.elapsed().as_secs_f64());
    metrics::histogram!("commit_events").record(f64::from(u32::try_from(items.len()).unwrap_or(u32::MAX)));
    outcome
}

/// The sabotaged commit: says "durable" of what it never stored.
fn pretend(items: &[Item]) -> Outcome {
    let mut durable = Durable::default();
    for item in items {
        let cursor: &mut Cursor = durable.cursors.entry((item.device.id, item.store.clone())).or_default();
        cursor.take(item.event.seq);
    }
    Outcome::Done(durable)
}

fn contents(batch: &[Load]) -> (Vec<Item>, Vec<Letter>) {
    let (mut items, mut letters) = (Vec::new(), Vec::new());
    for load in batch {
        match load.parcel() {
            Parcel::Events { device, store, received_at, events, .. } => {
                let item = |(event, fingerprint): &(Event, i64)| Item {
                    device: device.clone(),
                    store: store.clone(),
                    received_at: *received_at,
                    event: event.clone(),
                    fingerprint: *fingerprint,
                };
                items.extend(events.iter().map(item));
            }
            Parcel::Letter { letter, .. } => letters.push(Letter::clone(letter)),
        }
    }
    (items, letters)
}

/// Futures whose result is handled by a worker under protection.
pub(crate) trait IntoWorker: Future + Sized + 'static {
    /// The actor's future that brings the result to the worker.
    fn into_actor_worker<W: Worker>(
        self,
        then: impl FnOnce(&mut W, &mut Context<Supervised<W>>, Self::Output) + 'static,
    ) -> impl ActorFuture<Supervised<W>, Output = ()> + 'static {
        actix::fut::wrap_future::<_, Supervised<W>>(self)
            .map(move |output, actor: &mut Supervised<W>, ctx| actor.protect(ctx, |worker, ctx| then(worker, ctx, output)))
    }
}

impl<F: Future + Sized + 'static> IntoWorker for F {}
