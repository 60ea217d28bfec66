//! The sender: takes pushes from the queue, makes attempts, so many at a time, and notes how they ended.

use std::{panic::AssertUnwindSafe, rc::Rc, sync::Arc, time::Duration};

use futures_util::FutureExt;
use kernel::{clock::Clock, db::Db};
use tokio::time::{Instant, timeout};

use super::{
    Settings, gauges,
    lanes::Gate,
    ledger::{Key, Ledger},
    queue::{Queue, Slot},
    rules::{self, Turn},
};
use crate::{
    Push,
    channels::{Channel, Verdict},
};

/// How long the last outcomes may take to be written when the dispatcher stops.
const LAST_WRITE: Duration = Duration::from_secs(5);

/// What the dispatcher's tasks share, on their one thread.
pub struct Sender {
    /// Pushes waiting.
    pub queue: Queue,
    /// Outcomes to be written.
    pub ledger: Ledger,
    channel: Arc<dyn Channel>,
    attempt: Duration,
    clock: Clock,
}

impl Sender {
    /// A sender with nothing to do.
    pub fn new(settings: &Settings, db: Db, clock: Clock, channel: Arc<dyn Channel>) -> Self {
        let in_flight = u32::try_from(settings.in_flight.clamp(1, 100_000)).unwrap_or(1);
        Self {
            queue: Queue::new(settings.queue, Gate::new(in_flight, settings.per_second, Instant::now())),
            ledger: Ledger::new(db, clock.clone(), settings.clone()),
            channel,
            attempt: settings.attempt,
            clock,
        }
    }

    /// Gives every push its turn, for ever.
    pub async fn feed(self: Rc<Self>) {
        loop {
            let (push, slot) = self.queue.next().await;
            self.take_turn(push, slot);
        }
    }

    /// Gives back what waits, lets what is under way finish, for so long at most, and writes what is known.
    /// `feed` must have been stopped before.
    pub async fn finish(&self, within: Duration) {
        let now = self.clock.now();
        for push in self.queue.drain() {
            self.ledger.add(Key::of(&push), rules::given_back(now));
        }
        // At once, so that another instance can take them while we wait.
        self.write_last().await;
        if timeout(within, self.queue.idle()).await.is_err() {
            tracing::warn!("pushes under way were cut off; their rows bring them back");
        }
        self.write_last().await;
    }

    async fn write_last(&self) {
        match timeout(LAST_WRITE, self.ledger.flush()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => gauges::database_trouble(&error),
            Err(_) => tracing::warn!("the outcomes of the last pushes could not be written in time"),
        }
    }

    fn take_turn(self: &Rc<Self>, push: Push, slot: Slot) {
        #[cfg(feature = "sabotage")]
        if sabotage::skips_sending() {
            self.ledger.add(Key::of(&push), rules::entry(&push, Verdict::Accepted, self.clock.now()));
            return;
        }
        if self.ledger.is_stopped(&push) {
            self.ledger.add(Key::of(&push), rules::stopped());
            return;
        }
        match rules::turn(&push, self.clock.now(), self.attempt) {
            Turn::Expired => self.ledger.add(Key::of(&push), rules::expired()),
            Turn::LeaseTooShort => gauges::left_to_rows(1),
            Turn::Send => {
                let sender = Rc::clone(self);
                actix_rt::spawn(async move {
                    let under_way = gauges::under_way();
                    sender.deliver(&push).await;
                    drop((under_way, slot));
                });
            }
        }
    }

    async fn deliver(&self, push: &Push) {
        let verdict = self.attempt(push).await;
        let now = self.clock.now();
        gauges::attempted(push, &verdict, now);
        if let Verdict::Paused { after, detail: _ } = &verdict {
            self.queue.pause(*after);
        }
        self.ledger.add(Key::of(push), rules::entry(push, verdict, now));
    }

    async fn attempt(&self, push: &Push) -> Verdict {
        let sending = AssertUnwindSafe(async { self.channel.send(push).await }).catch_unwind();
        match timeout(self.attempt, sending).await {
            Ok(Ok(verdict)) => verdict,
            Ok(Err(_panic)) => Verdict::Later { after: None, detail: "panic".into() },
            Err(_too_long) => Verdict::Later { after: None, detail: "no answer in time".into() },
        }
    }
}

/// Breaks a promise on purpose, so that the fault tests can show that they would notice. Not compiled into the product.
#[cfg(feature = "sabotage")]
mod sabotage {
    use std::sync::LazyLock;

    static SKIPS: LazyLock<bool> = LazyLock::new(|| std::env::var("SHANYRAQ_SABOTAGE").is_ok_and(|wish| wish == "skip_sending"));

    /// Whether pushes are marked sent and not sent.
    pub fn skips_sending() -> bool {
        *SKIPS
    }
}
