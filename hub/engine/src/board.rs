//! The board: the newest state of every device, gathered from the device actors, written every two seconds in one statement, and
//! shown to support live. With them the service says that it listens, as long as it does. Incidents that no event's transaction carries (an open gap, a parked actor) go the same way.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use actix::prelude::*;
use fleet::Seen;
use jiff::{SignedDuration, Timestamp};
use kernel::{
    clock::Clock,
    db::{Db, Scope},
    id::{DeviceId, SchoolId},
};

use crate::{
    commit::{rules::Raise, store::incident_raise},
    ingest::Outbox,
    lane::IntoWorker,
    live::Switchboard,
    registry::everywhere,
    supervision::{Supervised, To, Worker},
};

const EVERY: Duration = Duration::from_secs(2);
const BEAT_EVERY: SignedDuration = SignedDuration::from_secs(10);

#[derive(Debug, Default)]
struct Notes {
    seen: HashMap<DeviceId, Seen>,
    raised: Vec<Raise>,
}

/// Where device actors leave notes. Cheap to clone; bounded by the number of devices.
#[derive(Debug, Clone, Default)]
pub struct Board {
    notes: Arc<Mutex<Notes>>,
}

impl Board {
    /// The newest known of a device.
    pub fn note(&self, seen: Seen) {
        if let Ok(mut notes) = self.notes.lock() {
            notes.seen.insert(seen.device, seen);
        }
    }

    /// An incident.
    pub fn raise(&self, raise: Raise) {
        if let Ok(mut notes) = self.notes.lock() {
            notes.raised.push(raise);
        }
    }

    fn take(&self) -> Notes {
        self.notes.lock().map(|mut notes| std::mem::take(&mut *notes)).unwrap_or_default()
    }

    /// Puts back what could not be written; newer notes win.
    fn put_back(&self, old: Notes) {
        if let Ok(mut notes) = self.notes.lock() {
            for (device, seen) in old.seen {
                notes.seen.entry(device).or_insert(seen);
            }
            notes.raised.extend(old.raised);
        }
    }
}

/// Writes the notes.
pub struct Clerk {
    board: Board,
    db: Db,
    clock: Clock,
    switchboard: Switchboard,
    /// By what devices are heard.
    outbox: Outbox,
    /// When it last said that the service listens.
    beat: Option<Timestamp>,
}

impl Clerk {
    /// Starts it on the current arbiter.
    pub fn start(board: Board, db: Db, clock: Clock, switchboard: Switchboard, outbox: Outbox) -> Addr<Supervised<Self>> {
        Supervised::new(Self { board, db, clock, switchboard, outbox, beat: None }).start()
    }

    /// Now, where it is time to say that the service listens, and it does.
    fn beat_due(&mut self) -> Option<Timestamp> {
        let now = self.clock.now();
        let is_due = self.beat.is_none_or(|last| now.duration_since(last) >= BEAT_EVERY) && self.outbox.hears_all();
        if is_due {
            self.beat = Some(now);
        }
        is_due.then_some(now)
    }

    fn write(&mut self, ctx: &mut Context<Supervised<Self>>) {
        let notes = self.board.take();
        let beat = self.beat_due();
        let (board, db, clock, switchboard) = (self.board.clone(), self.db.clone(), self.clock.clone(), self.switchboard.clone());
        let work = async move {
            if let Err(error) = say(&db, beat).await {
                tracing::warn!(%error, "that the service listens could not be written");
            }
            if let Err(error) = write(&db, &clock, &notes).await {
                tracing::warn!(%error, "device states could not be written; they are kept for the next time");
                board.put_back(notes);
            } else if switchboard.support_is_watching() && !notes.seen.is_empty() {
                show(&db, &clock, &switchboard, &notes).await;
            }
        };
        ctx.spawn(work.into_actor_worker(|_: &mut Self, ctx, ()| {
            ctx.notify_later(To(Tick), EVERY);
        }));
    }
}

/// Before the states of devices: what the service slept through is known when the first of them comes back.
async fn say(db: &Db, beat: Option<Timestamp>) -> kernel::Result<()> {
    match beat {
        Some(now) => db.run(&Scope::schools(Vec::new()), async |tx| fleet::downtime::beat(tx, now).await).await,
        None => Ok(()),
    }
}

async fn write(db: &Db, clock: &Clock, notes: &Notes) -> kernel::Result<()> {
    let mut schools: Vec<SchoolId> = notes.seen.values().map(|seen| seen.school).chain(notes.raised.iter().map(|raise| raise.school)).collect();
    schools.sort_unstable();
    schools.dedup();
    if schools.is_empty() {
        return Ok(());
    }
    let mut rows: Vec<Seen> = notes.seen.values().cloned().collect();
    rows.sort_by_key(|seen| (seen.school, seen.device));
    let raised = &notes.raised;
    db.run(&Scope::schools(schools), async |tx| {
        fleet::save_health(tx, clock.now(), &rows).await?;
        incident_raise(tx, clock.now(), raised).await
    })
    .await
}

async fn show(db: &Db, clock: &Clock, switchboard: &Switchboard, notes: &Notes) {
    let read = async {
        let scope = everywhere(db).await?;
        db.run(&scope, async |tx| fleet::statuses(tx, clock.now()).await).await
    };
    match read.await {
        Ok(statuses) => switchboard.statuses(statuses.into_iter().filter(|status| notes.seen.contains_key(&status.id)).collect()),
        Err(error) => tracing::warn!(%error, "device states could not be read for the live page"),
    }
}

/// Time to write.
pub struct Tick;

impl Worker for Clerk {
    type Message = Tick;
    const KIND: &'static str = "clerk";
    const MAILBOX: usize = 16;

    fn name(&self) -> String {
        "clerk".into()
    }

    fn rebuilt(&self) -> Self {
        Self { board: self.board.clone(), db: self.db.clone(), clock: self.clock.clone(), switchboard: self.switchboard.clone(), outbox: self.outbox.clone(), beat: None }
    }

    fn begin(&mut self, ctx: &mut Context<Supervised<Self>>) {
        ctx.notify_later(To(Tick), EVERY);
    }

    fn handle(&mut self, _: Tick, ctx: &mut Context<Supervised<Self>>) {
        self.write(ctx);
    }
}
