//! The commit: events of many devices become durable in one transaction, with a constant number of statements.
//! Owns `device_cursor`, `event`, `dead_letter`, `incident`. Calls `safety::recognise`, `safety::save` and `delivery::issue` in the same transaction.
//!
//! Always true:
//!  1. Whether an event is fresh is decided under its cursor's row lock ([`rules::sift`]); a number counts once.
//!  2. Everything an event causes, and the cursor that says so, is one transaction: all of it or nothing.
//!  3. Nothing is acknowledged that [`commit`] has not returned as durable.
//!  4. One bad event never holds up others: data that the database refuses (SQLSTATE 22, 23) is found by halving and kept as a
//!     dead letter; whatever else goes wrong leaves the batch whole, to be tried again.

pub mod rules;
pub(crate) mod store;

use std::{collections::HashMap, sync::Arc, time::Duration};

use delivery::Issued;
use futures_util::future::{try_join, try_join4};
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Result,
    db::{Db, LockWait, Scope, Tx},
    id::{DeviceId, SchoolId, fresh},
};
use notice::Draft;
use protocol::{cursor::Cursor, up::Body, up::Event};
use safety::{Recorded, Taken};

use crate::{
    registry::Device,
    sabotage::{Sabotage, breaks, mishap},
};
use rules::Sifted;

/// One event on its way to the database.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its device.
    pub device: Arc<Device>,
    /// Its journal.
    pub store: Arc<str>,
    /// When the hub got it.
    pub received_at: Timestamp,
    /// The event.
    pub event: Event,
    /// Its content's fingerprint.
    pub fingerprint: i64,
}

/// Something that could not be read as an event, on its way to the dead letters.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Whose: the device's school, or the supplier where no device of ours sent it.
    pub school: SchoolId,
    /// The device, if known.
    pub device: Option<DeviceId>,
    /// The journal and number, if they could be read.
    pub event: Option<(Arc<str>, i64)>,
    /// When the hub got it.
    pub received_at: Timestamp,
    /// Why; a word of our own, see [`Reason`].
    pub reason: Reason,
    /// Where it came from.
    pub topic: String,
    /// What exactly was wrong.
    pub detail: String,
    /// As it came, cut at 64 KiB.
    pub payload: Vec<u8>,
}

/// Why something became a dead letter. Each also raises an incident of the same kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Not a message of its topic.
    Malformed,
    /// Over the size limit.
    TooLong,
    /// Not a topic of ours.
    ForeignTopic,
    /// No such device.
    UnknownDevice,
    /// The device stands at another school or shard.
    WrongSchool,
    /// The card belongs to nobody of that school.
    UnknownCard,
    /// From the future.
    FutureDated,
    /// A known kind with wrong fields.
    UnreadableBody,
    /// A number used for two contents.
    ConflictingContent,
    /// The database refused the data.
    RefusedByDatabase,
}

impl Reason {
    /// All reasons.
    pub const ALL: [Self; 10] = [
        Self::Malformed,
        Self::TooLong,
        Self::ForeignTopic,
        Self::UnknownDevice,
        Self::WrongSchool,
        Self::UnknownCard,
        Self::FutureDated,
        Self::UnreadableBody,
        Self::ConflictingContent,
        Self::RefusedByDatabase,
    ];

    /// As in SQL; never renamed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::TooLong => "too_long",
            Self::ForeignTopic => "foreign_topic",
            Self::UnknownDevice => "unknown_device",
            Self::WrongSchool => "wrong_school",
            Self::UnknownCard => "unknown_card",
            Self::FutureDated => "future_dated",
            Self::UnreadableBody => "unreadable_body",
            Self::ConflictingContent => "conflicting_content",
            Self::RefusedByDatabase => "refused_by_database",
        }
    }
}

/// What a commit needs to know of the settings.
#[derive(Debug, Clone)]
pub struct Terms {
    /// See [`crate::config::Config`].
    pub late_after: SignedDuration,
    /// See [`crate::config::Config`].
    pub future_tolerance: SignedDuration,
    /// See [`crate::config::Config`].
    pub delivery_lease: SignedDuration,
}

/// What became durable.
#[derive(Debug, Default)]
pub struct Durable {
    /// The cursors after the commit, of every journal that had an event in the batch.
    pub cursors: HashMap<(DeviceId, Arc<str>), Cursor>,
    /// Passes and meals as recorded.
    pub recorded: Vec<Recorded>,
    /// Notices and pushes.
    pub issued: Issued,
    /// Events taken as new.
    pub fresh: usize,
    /// Events that were durable before.
    pub duplicates: usize,
}

impl Durable {
    fn join(mut self, other: Self) -> Self {
        self.cursors.extend(other.cursors);
        self.recorded.extend(other.recorded);
        self.issued.notices.extend(other.issued.notices);
        self.issued.pushes.extend(other.issued.pushes);
        self.fresh += other.fresh;
        self.duplicates += other.duplicates;
        self
    }
}

/// Raises the incident of a school whose gates are silent in the morning, in the transaction of whoever noticed it. `key` makes it one.
///
/// # Errors
/// The database's; then the caller's transaction is void.
pub async fn gates_are_silent(tx: &Tx, now: Timestamp, school: SchoolId, key: String) -> Result<()> {
    store::incident_raise(tx, now, &[rules::Raise { school, kind: "gates_silent", key, device: None, count: 1 }]).await
}

/// Closes the incidents of silent gates up to this morning's: they tell again.
///
/// # Errors
/// The database's; then the caller's transaction is void.
pub async fn gates_tell(tx: &Tx, now: Timestamp, school: SchoolId, key: String) -> Result<()> {
    store::incident_close(tx, now, school, "gates_silent", key).await
}

/// How a batch ended.
#[derive(Debug)]
pub enum Outcome {
    /// All of it is durable or answered.
    Done(Durable),
    /// A row lock was not had in time: split by school, or be patient.
    Blocked,
    /// The database is away or broken: the batch is to be tried again, whole.
    Failed(kernel::Error),
}

/// Commits a batch. `items` and `letters` may be of any schools.
pub async fn commit(db: &Db, terms: &Terms, now: Timestamp, wait: Duration, items: &[Item], letters: &[Letter]) -> Outcome {
    let mut done = Durable::default();
    // Halving by an explicit stack: the letters travel with the first half.
    let mut stack: Vec<(&[Item], &[Letter])> = vec![(items, letters)];
    while let Some((items, letters)) = stack.pop() {
        match attempt(db, terms, now, wait, items, letters).await {
            Ok(part) => done = done.join(part),
            Err(error) if error.is_lock_timeout() => return Outcome::Blocked,
            Err(error) if error.blames_the_data() => match items {
                [] => return Outcome::Failed(error),
                [item] => match refuse(db, now, wait, item, letters, &error).await {
                    Ok(part) => done = done.join(part),
                    Err(error) if error.is_lock_timeout() => return Outcome::Blocked,
                    Err(error) => return Outcome::Failed(error),
                },
                _ => {
                    let (first, second) = items.split_at(items.len() / 2);
                    stack.push((second, &[]));
                    stack.push((first, letters));
                }
            },
            Err(error) => return Outcome::Failed(error),
        }
    }
    Outcome::Done(done)
}

async fn attempt(db: &Db, terms: &Terms, now: Timestamp, wait: Duration, items: &[Item], letters: &[Letter]) -> Result<Durable> {
    let early = if breaks(Sabotage::CursorEarly) { Some(raise_cursors_first(db, now, wait, items).await?) } else { None };
    let (tx, sifted) = db
        .begin_with(&scope(items, letters), LockWait::AtMost(wait), async |tx| match early {
            Some(sifted) => Ok(sifted),
            None => sift(tx, now, items).await,
        })
        .await?;
    match write(&tx, terms, now, items, letters, sifted).await {
        Ok(durable) => {
            tx.commit().await?;
            Ok(durable)
        }
        Err(error) => {
            tx.rollback().await;
            Err(error)
        }
    }
}

/// The sabotaged order: cursors are durable before the events that they cover, which then sometimes are not stored.
async fn raise_cursors_first(db: &Db, now: Timestamp, wait: Duration, items: &[Item]) -> Result<Sifted> {
    let tx = db.begin_waiting(&scope(items, &[]), LockWait::AtMost(wait)).await?;
    let sifted = sift(&tx, now, items).await?;
    store::cursor_save(&tx, now, &sifted.cursors).await?;
    tx.commit().await?;
    if mishap(20) { Err(kernel::Error::broken("sabotage between the cursor and its events")) } else { Ok(sifted) }
}

/// Writes a batch as it was decided under its cursors' locks.
async fn write(tx: &Tx, terms: &Terms, now: Timestamp, items: &[Item], letters: &[Letter], sifted: Sifted) -> Result<Durable> {
    let mut letters = letters.to_vec();
    let conflicting = sifted.conflicts.iter().filter_map(|place| items.get(*place));
    letters.extend(conflicting.map(|item| letter_of(item, Reason::ConflictingContent)));
    let stored: Vec<&Item> = sifted.fresh.iter().filter_map(|place| items.get(*place)).collect();

    let mut effective = Vec::with_capacity(stored.len());
    for item in &stored {
        match rules::answer(item, terms.future_tolerance) {
            rules::Answer::Effect => effective.push(taken(item, terms.late_after)),
            rules::Answer::Letter(reason) => letters.push(letter_of(item, reason)),
            rules::Answer::Nothing => {}
        }
    }
    let (absorbed, rows) = safety::recognise(tx, &effective).await?;
    let nameless: Vec<&Item> = absorbed.stopped.iter().filter_map(|place| same_event(&stored, effective.get(*place)?)).collect();
    for place in &absorbed.unknown_cards {
        if let Some(item) = effective.get(*place).and_then(|taken| same_event(&stored, taken)) {
            letters.push(letter_of(item, Reason::UnknownCard));
        }
    }
    let incidents = rules::incidents(&stored, &letters);
    // Statements that do not wait for each other's answers are sent together: the database works on while answers travel.
    // In the order in which they are sent, those that wait for a first answer last: when one fails, all sent after it fail too
    // ("transaction is aborted"), and the one that is to blame must be heard first.
    let events = store::event_add(tx, &stored, &nameless, terms.late_after);
    let answers = try_join4(events, store::letter_add(tx, now, &letters), store::incident_raise(tx, now, &incidents), save_cursors(tx, now, &sifted));
    let effects = try_join(safety::save(tx, rows), issue(tx, now, terms, &absorbed.drafts));
    let (_, ((), issued)) = try_join(answers, effects).await?;
    let (fresh, duplicates) = (stored.len(), sifted.duplicates);
    let cursors = sifted.cursors.into_iter().map(|(key, cursor)| ((key.device, key.store), cursor)).collect();
    Ok(Durable { cursors, recorded: absorbed.recorded, issued, fresh, duplicates })
}

async fn issue(tx: &Tx, now: Timestamp, terms: &Terms, drafts: &[Draft]) -> Result<Issued> {
    if breaks(Sabotage::SkipDelivery) { Ok(Issued::default()) } else { delivery::issue(tx, now, terms.delivery_lease, drafts).await }
}

/// The sabotaged build forgets at once what it has taken; the device is acknowledged all the same.
async fn save_cursors(tx: &Tx, now: Timestamp, sifted: &Sifted) -> Result<()> {
    if breaks(Sabotage::DedupOff) { Ok(()) } else { store::cursor_save(tx, now, &sifted.cursors).await }
}

/// Locks the cursors of the batch and decides each event under them.
async fn sift(tx: &Tx, now: Timestamp, items: &[Item]) -> Result<Sifted> {
    let keys = rules::keys(items);
    let mut cursors = store::cursor_lock(tx, &keys).await?;
    if cursors.len() < keys.len() {
        store::cursor_ensure(tx, now, &keys).await?;
        cursors = store::cursor_lock(tx, &keys).await?;
    }
    let mut sifted = rules::sift(items, cursors);
    if breaks(Sabotage::DedupOff) {
        // A copy in the same batch counts again as well: whether it comes in the same one is a matter of the machine's speed.
        return Ok(Sifted { fresh: (0..items.len()).collect(), cursors: sifted.cursors, ..Sifted::default() });
    }
    if !sifted.doubtful.is_empty() {
        let known = store::fingerprints(tx, items, &sifted.doubtful).await?;
        sifted.settle_doubts(items, &known);
    }
    Ok(sifted)
}

/// Answers one event whose data the database refuses: its number is covered, its content a dead letter.
async fn refuse(db: &Db, now: Timestamp, wait: Duration, item: &Item, letters: &[Letter], error: &kernel::Error) -> Result<Durable> {
    let items = std::slice::from_ref(item);
    let tx = db.begin_waiting(&scope(items, letters), LockWait::AtMost(wait)).await?;
    let written = async {
        let sifted = sift(&tx, now, items).await?;
        let mut letters = letters.to_vec();
        letters.push(Letter { detail: error.sqlstate().unwrap_or_default().to_owned(), ..letter_of(item, Reason::RefusedByDatabase) });
        store::letter_add(&tx, now, &letters).await?;
        store::incident_raise(&tx, now, &rules::incidents(&[], &letters)).await?;
        store::cursor_save(&tx, now, &sifted.cursors).await?;
        Ok(sifted.cursors)
    };
    match written.await {
        Ok(cursors) => {
            tx.commit().await?;
            let cursors = cursors.into_iter().map(|(key, cursor)| ((key.device, key.store), cursor)).collect();
            Ok(Durable { cursors, ..Durable::default() })
        }
        Err(error) => {
            tx.rollback().await;
            Err(error)
        }
    }
}

fn scope(items: &[Item], letters: &[Letter]) -> Scope {
    let mut schools: Vec<SchoolId> = items.iter().map(|item| item.device.school).chain(letters.iter().map(|letter| letter.school)).collect();
    schools.sort_unstable();
    schools.dedup();
    Scope::schools(schools)
}

fn taken(item: &Item, late_after: SignedDuration) -> Taken<'_> {
    Taken {
        school: item.device.school,
        zone: &item.device.zone,
        device: item.device.id,
        place: &item.device.place,
        store: &item.store,
        seq: item.event.seq,
        received_at: item.received_at,
        occurred_at: item.event.occurred_at,
        late: rules::is_late(item, late_after),
        body: &item.event.body,
    }
}

fn same_event<'a>(stored: &[&'a Item], taken: &Taken<'_>) -> Option<&'a Item> {
    stored.iter().copied().find(|item| item.device.id == taken.device && item.event.seq == taken.seq && &*item.store == taken.store)
}

fn letter_of(item: &Item, reason: Reason) -> Letter {
    let detail = match &item.event.body {
        Body::Unreadable { why, .. } => why.to_string(),
        Body::Pass(pass) => pass.card.clone(),
        Body::Meal(meal) => meal.card.clone(),
        _ => String::new(),
    };
    Letter {
        school: item.device.school,
        device: Some(item.device.id),
        event: Some((item.store.clone(), item.event.seq)),
        received_at: item.received_at,
        reason,
        topic: item.device.events_topic(),
        detail,
        payload: item.event.raw.clone().into_bytes(),
    }
}

/// A fresh id of the time.
pub(crate) fn id_at<T: From<kernel::id::Uuid>>(now: Timestamp) -> T {
    T::from(fresh(now))
}
