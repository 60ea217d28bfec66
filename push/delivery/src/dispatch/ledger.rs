//! The ledger: outcomes go to the rows in batches, and due rows come back as pushes. One task does both in turn, so that no
//! row is taken again while its outcome is still on the way to it.

use std::{cell::RefCell, collections::HashSet, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use kernel::{
    Locale, Result,
    clock::Clock,
    db::{Db, Scope},
    id::{NoticeId, PersonId, SchoolId, TokenId},
};
use notice::Lane;
use tokio::{
    sync::{Mutex, Notify},
    time::{Instant, sleep, sleep_until, timeout},
};

use super::{
    Serves, Settings, gauges,
    lanes::PerLane,
    queue::Queue,
    rules::{self, Entry, Next, Outcome},
    store::{self, Due},
};
use crate::{Push, channels::Via};

/// As many rows go into one transaction at most.
const BATCH: usize = 2_000;
/// What was held back is gathered for so many phones at a time.
const PHONES: i64 = 1_000;
/// The list of schools is read anew after this long.
const SCHOOLS_FOR: std::time::Duration = std::time::Duration::from_secs(30);
/// Nothing waits in memory for longer: its lease is over by then.
const WAITS_AT_MOST: SignedDuration = SignedDuration::from_mins(10);
/// The wait after the database said no.
const AFTER_TROUBLE: std::time::Duration = std::time::Duration::from_secs(1);

/// Outcomes on their way to the rows.
pub struct Ledger {
    db: Db,
    clock: Clock,
    settings: Settings,
    /// An entry leaves only when it is written: a write that fails, panics or is cut off loses nothing.
    pending: RefCell<Vec<(Key, Entry)>>,
    /// Of whom nothing may be sent, as of the last look: those whose consent was withdrawn while a push could still wait in memory.
    stopped: RefCell<HashSet<(SchoolId, PersonId)>>,
    writing: Mutex<()>,
    some: Notify,
    many: Notify,
}

/// The key of a delivery row. The order is that in which rows are locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    school: SchoolId,
    notice: NoticeId,
    token: TokenId,
    created_at: Timestamp,
    /// Not of the key, but follows from it.
    recipient: PersonId,
}

impl Key {
    /// The row of a push.
    pub fn of(push: &Push) -> Self {
        Self { school: push.school, notice: push.notice, token: push.token, created_at: push.created_at, recipient: push.recipient }
    }
}

/// All schools, as read a while ago.
struct Schools {
    ids: Vec<SchoolId>,
    read_at: Instant,
}

impl Ledger {
    /// An empty ledger.
    pub fn new(db: Db, clock: Clock, settings: Settings) -> Self {
        Self { db, clock, settings, pending: RefCell::default(), stopped: RefCell::default(), writing: Mutex::default(), some: Notify::new(), many: Notify::new() }
    }

    /// Notes what is to be written.
    pub fn add(&self, key: Key, entry: Entry) {
        let mut pending = self.pending.borrow_mut();
        pending.push((key, entry));
        match pending.len() {
            1 => self.some.notify_one(),
            length if length >= self.settings.write_at => self.many.notify_one(),
            _ => {}
        }
    }

    /// Writes and takes, for ever.
    pub async fn keep(&self, queue: &Queue) {
        let mut next_poll = Instant::now();
        let mut schools = None;
        loop {
            self.gathered(next_poll).await;
            let done = self.turn(queue, &mut next_poll, &mut schools).await;
            if let Err(error) = done {
                gauges::database_trouble(&error);
                sleep(AFTER_TROUBLE).await;
            }
        }
    }

    /// Whether the consent that a push rests on was withdrawn while it waited.
    pub fn is_stopped(&self, push: &Push) -> bool {
        self.stopped.borrow().contains(&(push.school, push.child))
    }

    /// Writes everything there is.
    pub async fn flush(&self) -> Result<()> {
        let _writing = self.writing.lock().await;
        loop {
            let batch = self.next_batch();
            if batch.is_empty() {
                return Ok(());
            }
            let entries = batch.len();
            self.write(&rules::once_a_row(batch)).await?;
            self.pending.borrow_mut().drain(..entries);
        }
    }

    /// Until there are many outcomes, or a few for some time, or it is time to look for due rows.
    async fn gathered(&self, next_poll: Instant) {
        if self.pending.borrow().is_empty() {
            tokio::select! {
                () = self.some.notified() => {}
                () = sleep_until(next_poll) => return,
            }
        }
        // Running out of time is as good a reason to write as being many.
        if timeout(self.settings.write_every, self.many.notified()).await.is_err() {
            tracing::trace!("a few outcomes");
        }
    }

    async fn turn(&self, queue: &Queue, next_poll: &mut Instant, schools: &mut Option<Schools>) -> Result<()> {
        self.flush().await?;
        if Instant::now() < *next_poll {
            return Ok(());
        }
        *next_poll = Instant::now() + self.settings.poll_every;
        self.look_at_stops(schools).await?;
        if queue.is_paused() {
            return Ok(());
        }
        let rooms = PerLane::new(|lane| queue.free(lane).min(BATCH));
        let taken = self.take(&rooms, schools).await?;
        let filled = |lane: &Lane| *rooms.of(*lane) > 0 && taken.iter().filter(|push| push.kind.urgency.lane() == *lane).count() == *rooms.of(*lane);
        if Lane::ALL.iter().any(filled) {
            *next_poll = Instant::now();
        }
        queue.add(taken);
        Ok(())
    }

    fn next_batch(&self) -> Vec<(Key, Entry)> {
        self.pending.borrow().iter().take(BATCH).cloned().collect()
    }

    async fn write(&self, batch: &[(Key, Entry)]) -> Result<()> {
        let now = self.clock.now();
        let mut schools: Vec<_> = batch.iter().map(|(key, _)| key.school).collect();
        schools.dedup();
        let gone: Vec<_> = batch.iter().filter(|(_, entry)| entry.next == Next::Over(Outcome::Unregistered)).map(|(key, _)| key.token).collect();
        let columns = columns(batch, now);
        self.db
            .run(&Scope::schools(schools), async |tx| {
                store::DELIVERY_WRITE.run(tx, columns).await?;
                if !gone.is_empty() {
                    store::TOKEN_REMOVE.run(tx, (gone, now)).await?;
                }
                Ok(())
            })
            .await
    }

    /// Hears whose consent was withdrawn, so that what waits in memory is not sent.
    async fn look_at_stops(&self, schools: &mut Option<Schools>) -> Result<()> {
        let scope = Scope::schools(self.schools(schools).await?);
        let since = self.clock.now() - WAITS_AT_MOST;
        let rows = self.db.run(&scope, async |tx| store::STOPPED_LIST.all(tx, (since,)).await).await?;
        *self.stopped.borrow_mut() = rows.into_iter().map(|row| (row.school_id, row.person_id)).collect();
        Ok(())
    }

    /// Takes due rows and leases them to this instance.
    async fn take(&self, rooms: &PerLane<usize>, schools: &mut Option<Schools>) -> Result<Vec<Push>> {
        let scope = Scope::schools(self.schools(schools).await?);
        let now = self.clock.now();
        let lease_until = now + self.settings.lease;
        let kinds = notice::KINDS.iter().map(|kind| kind.name).collect();
        let lanes = Lane::ALL.iter().map(|lane| lane.number()).collect();
        let rooms = Lane::ALL.iter().map(|lane| i64::try_from(*rooms.of(*lane)).unwrap_or(i64::MAX)).collect();
        let (gathered, due, oldest) = self
            .db
            .run(&scope, async |tx| {
                let gathered = store::GATHER.run(tx, (now, PHONES)).await?;
                let due = store::DELIVERY_TAKE.all(tx, (now, lease_until, lanes, rooms, kinds)).await?;
                Ok((gathered, due, store::DELIVERY_OLDEST.one(tx, ()).await?.oldest))
            })
            .await?;
        gauges::oldest_open(oldest, now);
        gauges::gathered(gathered);
        gauges::taken(due.len());
        Ok(due.into_iter().filter_map(|due| self.admit(due, lease_until)).collect())
    }

    /// A due row as a push, unless it is over without one: switched off meanwhile, or the phone is gone.
    fn admit(&self, due: Due, lease_until: Timestamp) -> Option<Push> {
        let over = |outcome, detail: &'static str| Entry { attempts: 0, next: Next::Over(outcome), detail: Some(detail.into()) };
        let key = Key { school: due.school_id, notice: due.notice_id, token: due.token_id, created_at: due.created_at, recipient: due.recipient_id };
        if due.switch.as_deref().map(notice::Push::stored) == Some(notice::Push::Off) {
            self.add(key, over(Outcome::SwitchedOff, "while it waited"));
            return None;
        }
        if due.stopped {
            self.add(key, rules::stopped());
            return None;
        }
        if !due.is_guardian {
            self.add(key, over(Outcome::SwitchedOff, "no guardian any more"));
            return None;
        }
        let push = push(&due, lease_until);
        if push.is_none() {
            self.add(key, over(Outcome::Unregistered, "removed before"));
        }
        push
    }

    async fn schools(&self, known: &mut Option<Schools>) -> Result<Vec<SchoolId>> {
        if let Serves::Only(schools) = &self.settings.serves {
            return Ok(schools.clone());
        }
        if let Some(known) = known.as_ref().filter(|known| known.read_at.elapsed() < SCHOOLS_FOR) {
            return Ok(known.ids.clone());
        }
        let rows = self.db.run(&Scope::nothing(), async |tx| store::SCHOOL_LIST.all(tx, ()).await).await?;
        let ids: Vec<_> = rows.into_iter().map(|school| school.id).collect();
        *known = Some(Schools { ids: ids.clone(), read_at: Instant::now() });
        Ok(ids)
    }
}

fn columns(batch: &[(Key, Entry)], now: Timestamp) -> store::Entries {
    let next = |entry: &Entry| match entry.next {
        Next::Over(outcome) => (Some(outcome.as_str()), None),
        Next::Again(at) => (None, Some(at)),
    };
    (
        batch.iter().map(|(key, _)| key.school).collect(),
        batch.iter().map(|(key, _)| key.notice).collect(),
        batch.iter().map(|(key, _)| key.token).collect(),
        batch.iter().map(|(key, _)| key.created_at).collect(),
        batch.iter().map(|(key, _)| key.recipient).collect(),
        batch.iter().map(|(_, entry)| entry.attempts).collect(),
        batch.iter().map(|(_, entry)| next(entry).0).collect(),
        batch.iter().map(|(_, entry)| next(entry).0.map(|_| now)).collect(),
        batch.iter().map(|(_, entry)| entry.detail.as_deref().map(str::to_owned)).collect(),
        batch.iter().map(|(_, entry)| next(entry).1).collect(),
    )
}

fn push(due: &Due, lease_until: Timestamp) -> Option<Push> {
    let kind = notice::kind(&due.kind)?;
    let stands_for = due.gathers.unwrap_or(1);
    Some(Push {
        school: due.school_id,
        notice: due.notice_id,
        token: due.token_id,
        recipient: due.recipient_id,
        via: Via::stored(due.channel.as_deref()?)?,
        device_token: due.token.clone()?,
        locale: due.locale.as_deref().map(Locale::stored).unwrap_or_default(),
        child: due.child_id,
        kind,
        occurred_at: due.occurred_at,
        created_at: due.created_at,
        lease_until,
        expires_at: rules::expiry(kind, due.occurred_at, due.held_until.filter(|_| stands_for > 1).map(|until| until + rules::BANNER_LASTS)),
        stands_for,
        attempts: due.attempts,
        args: Arc::new(due.args.clone()),
    })
}
