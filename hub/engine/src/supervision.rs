//! Supervision: a panicking actor is caught, rebuilt from nothing and goes on; its neighbours notice nothing.
//!
//! actix neither catches panics nor rebuilds actors, so ours are [`Supervised`]: the worker's state lives inside, every message
//! is handled under `catch_unwind`, and a panic replaces the state by [`Worker::rebuilt`]. Truth is in rows, so a rebuilt worker
//! starts with an empty cache and is right. The message that panicked is dropped: its events are not acknowledged, so the
//! terminal sends them again.
//!
//! Always true:
//!  1. More than [`RESTARTS`] panics within [`WINDOW`] park the worker: it drops what it is sent (terminals keep their events),
//!     an incident is raised, and every [`PARKED`] one attempt is made to go on.
//!  2. A worker's address outlives its panics: nobody holds a dead one.

use std::{
    any::Any,
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use actix::prelude::*;

use crate::sabotage::die_of_age;

/// Panics that a worker may have within [`WINDOW`].
pub const RESTARTS: usize = 5;
/// The stretch of time in which panics are counted.
pub const WINDOW: Duration = Duration::from_secs(10);
/// How long a worker stays parked before the next attempt.
pub const PARKED: Duration = Duration::from_secs(30);

/// The inside of a supervised actor.
pub trait Worker: Sized + Unpin + 'static {
    /// What it is sent.
    type Message: Send + 'static;
    /// What kind of worker it is, for logs and metrics.
    const KIND: &'static str;
    /// Messages its mailbox holds before senders are told it is full.
    const MAILBOX: usize;

    /// Which one it is, for logs.
    fn name(&self) -> String;
    /// The same worker with an empty cache.
    fn rebuilt(&self) -> Self;
    /// Called when the actor starts and after each rebuild.
    fn begin(&mut self, _ctx: &mut Context<Supervised<Self>>) {}
    /// Handles a message.
    fn handle(&mut self, message: Self::Message, ctx: &mut Context<Supervised<Self>>);
    /// Called when it is parked: raise an incident.
    fn parked(&mut self) {}
}

/// A message to a worker.
pub struct To<M>(pub M);

impl<M: Send + 'static> Message for To<M> {
    type Result = ();
}

/// What the supervisor does after a panic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Rebuild,
    Park,
}

/// Counts panics; pure but for the instants it is given.
#[derive(Debug, Default)]
struct Budget {
    panics: VecDeque<Instant>,
}

impl Budget {
    fn spend(&mut self, now: Instant) -> Verdict {
        self.panics.push_back(now);
        while self.panics.front().is_some_and(|first| now.duration_since(*first) > WINDOW) {
            self.panics.pop_front();
        }
        if self.panics.len() > RESTARTS { Verdict::Park } else { Verdict::Rebuild }
    }
}

/// An actor around a worker.
pub struct Supervised<W: Worker> {
    worker: W,
    budget: Budget,
    born: Instant,
    parked_until: Option<Instant>,
}

impl<W: Worker> Supervised<W> {
    /// The actor for a worker.
    pub fn new(worker: W) -> Self {
        Self { worker, budget: Budget::default(), born: Instant::now(), parked_until: None }
    }

    /// Runs the closure on the worker under the same protection as a message: for timers, and for futures that bring a result.
    pub fn protect(&mut self, ctx: &mut Context<Self>, work: impl FnOnce(&mut W, &mut Context<Self>)) {
        let outcome = catch_unwind(AssertUnwindSafe(|| work(&mut self.worker, ctx)));
        if let Err(panic) = outcome {
            self.recover(ctx, &*panic);
        }
    }

    /// After a panic in a future of the worker's: count it and rebuild.
    pub fn recover(&mut self, ctx: &mut Context<Self>, panic: &(dyn Any + Send)) {
        let verdict = self.budget.spend(Instant::now());
        metrics::counter!("actor_restarts_total", "kind" => W::KIND).increment(1);
        tracing::error!(kind = W::KIND, name = self.worker.name(), cause = reason(panic), ?verdict, "actor panicked");
        self.worker = self.worker.rebuilt();
        self.born = Instant::now();
        match verdict {
            Verdict::Rebuild => self.worker.begin(ctx),
            Verdict::Park => {
                metrics::counter!("actor_parked_total", "kind" => W::KIND).increment(1);
                self.parked_until = Some(Instant::now() + PARKED);
                self.worker.parked();
            }
        }
    }

    fn is_parked(&mut self, ctx: &mut Context<Self>) -> bool {
        match self.parked_until {
            Some(until) if Instant::now() < until => true,
            Some(_) => {
                self.parked_until = None;
                self.budget = Budget::default();
                tracing::info!(kind = W::KIND, name = self.worker.name(), "actor is tried again");
                self.worker.begin(ctx);
                false
            }
            None => false,
        }
    }
}

impl<W: Worker> Actor for Supervised<W> {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(W::MAILBOX);
        self.protect(ctx, |worker, ctx| worker.begin(ctx));
    }
}

impl<W: Worker> Handler<To<W::Message>> for Supervised<W> {
    type Result = ();

    fn handle(&mut self, To(message): To<W::Message>, ctx: &mut Self::Context) {
        if self.is_parked(ctx) {
            metrics::counter!("actor_parked_dropped_total", "kind" => W::KIND).increment(1);
            return;
        }
        let born = self.born;
        self.protect(ctx, |worker, ctx| {
            die_of_age(born);
            worker.handle(message, ctx);
        });
    }
}

fn reason(panic: &(dyn Any + Send)) -> &str {
    panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("unknown")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    #[test]
    fn inv_1_the_budget_parks_on_the_sixth_panic_in_ten_seconds() {
        let start = Instant::now();
        let mut budget = Budget::default();
        for n in 0..5 {
            assert_eq!(budget.spend(start + Duration::from_secs(n)), Verdict::Rebuild);
        }
        assert_eq!(budget.spend(start + Duration::from_secs(9)), Verdict::Park);
        assert_eq!(budget.spend(start + Duration::from_secs(60)), Verdict::Rebuild);
    }

    struct Counter {
        seen: usize,
        reached: Arc<AtomicUsize>,
    }

    impl Worker for Counter {
        type Message = &'static str;
        const KIND: &'static str = "counter";
        const MAILBOX: usize = 16;
        fn name(&self) -> String {
            "counter".into()
        }
        fn rebuilt(&self) -> Self {
            Self { seen: 0, reached: self.reached.clone() }
        }
        fn handle(&mut self, message: &'static str, _: &mut Context<Supervised<Self>>) {
            assert_ne!(message, "panic");
            self.seen += 1;
            self.reached.store(self.seen, Ordering::SeqCst);
        }
    }

    #[actix::test]
    async fn inv_2_the_address_outlives_a_panic_and_the_state_is_fresh() {
        let reached = Arc::new(AtomicUsize::new(0));
        let counter = Supervised::new(Counter { seen: 0, reached: reached.clone() }).start();
        for message in ["a", "b", "panic", "c"] {
            counter.send(To(message)).await.unwrap();
        }
        assert_eq!(reached.load(Ordering::SeqCst), 1);
        for _ in 0..10 {
            counter.send(To("panic")).await.unwrap();
        }
        counter.send(To("d")).await.unwrap();
        assert_eq!(reached.load(Ordering::SeqCst), 1, "parked: dropped, not handled");
    }
}
