//! Parcels: what one message asks to be made durable, and the backlog of all that waits for its commit.
//!
//! Always true:
//!  1. A parcel counts in the backlog from its [`Load`] until that is dropped, however that comes: committed, shed or lost in a panic.

use std::{
    collections::{BTreeSet, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use kernel::id::SchoolId;
use protocol::up::Event;

use crate::{commit::Letter, receipt::Receipt, registry::Device};

/// Everything one message asks to be made durable.
#[derive(Debug)]
pub enum Parcel {
    /// Events of one device's journal.
    Events {
        /// The device.
        device: Arc<Device>,
        /// The journal.
        store: Arc<str>,
        /// When the hub got them.
        received_at: Timestamp,
        /// The events with their fingerprints.
        events: Vec<(Event, i64)>,
        /// Settled after the commit.
        receipt: Receipt,
    },
    /// Something that could not be read.
    Letter {
        /// What to keep of it.
        letter: Box<Letter>,
        /// Settled after the commit.
        receipt: Receipt,
    },
}

impl Parcel {
    /// Whose rows it touches.
    pub fn school(&self) -> SchoolId {
        match self {
            Self::Events { device, .. } => device.school,
            Self::Letter { letter, .. } => letter.school,
        }
    }

    /// How many events it carries.
    pub fn weight(&self) -> usize {
        match self {
            Self::Events { events, .. } => events.len(),
            Self::Letter { .. } => 1,
        }
    }

    fn received_at(&self) -> Timestamp {
        match self {
            Self::Events { received_at, .. } => *received_at,
            Self::Letter { letter, .. } => letter.received_at,
        }
    }

    fn receipt(&mut self) -> &mut Receipt {
        match self {
            Self::Events { receipt, .. } | Self::Letter { receipt, .. } => receipt,
        }
    }
}

/// A parcel and its place in the backlog; dropping it, for whatever reason, gives the place back.
#[derive(Debug)]
pub struct Load {
    parcel: Parcel,
    place: Place,
    backlog: Arc<Backlog>,
}

impl Load {
    /// Gives a parcel its place.
    pub fn new(parcel: Parcel, backlog: Arc<Backlog>) -> Self {
        let place = backlog.enter(parcel.received_at(), parcel.weight());
        Self { parcel, place, backlog }
    }

    /// What is to be committed.
    pub fn parcel(&self) -> &Parcel {
        &self.parcel
    }

    /// Whose rows it touches.
    pub fn school(&self) -> SchoolId {
        self.parcel.school()
    }

    /// How many events it carries.
    pub fn weight(&self) -> usize {
        self.place.weight
    }

    /// How long ago the hub got it.
    pub fn age(&self, now: Timestamp) -> SignedDuration {
        now.duration_since(self.place.since).max(SignedDuration::ZERO)
    }

    /// What it asked for is durable.
    pub fn settle(mut self) {
        self.parcel.receipt().settle_now();
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.backlog.leave(&self.place);
    }
}

#[derive(Debug)]
struct Place {
    since: Timestamp,
    number: u64,
    weight: usize,
}

/// What waits for its commit in all lanes together, and which schools go by the patient one.
#[derive(Debug, Default)]
pub struct Backlog {
    waiting: Mutex<Waiting>,
    detoured: Mutex<HashSet<SchoolId>>,
}

#[derive(Debug, Default)]
struct Waiting {
    events: usize,
    entered: u64,
    /// Oldest first; the number keeps apart what came in the same microsecond.
    places: BTreeSet<(Timestamp, u64)>,
}

impl Backlog {
    /// How many events wait.
    pub fn waiting(&self) -> usize {
        locked(&self.waiting).events
    }

    /// How long the oldest has waited; nothing where none waits.
    pub fn oldest(&self, now: Timestamp) -> Option<SignedDuration> {
        let waiting = locked(&self.waiting);
        waiting.places.first().map(|(since, _)| now.duration_since(*since).max(SignedDuration::ZERO))
    }

    /// Whether the school's parcels go by the patient lane.
    pub fn is_detoured(&self, school: SchoolId) -> bool {
        locked(&self.detoured).contains(&school)
    }

    /// Sends the school's further parcels by the patient lane.
    pub fn detour(&self, school: SchoolId) {
        locked(&self.detoured).insert(school);
    }

    /// The patient lane is empty: all go their own way again.
    pub fn end_detours(&self) {
        locked(&self.detoured).clear();
    }

    fn enter(&self, since: Timestamp, weight: usize) -> Place {
        let mut waiting = locked(&self.waiting);
        waiting.entered += 1;
        waiting.events += weight;
        let number = waiting.entered;
        waiting.places.insert((since, number));
        Place { since, number, weight }
    }

    fn leave(&self, place: &Place) {
        let mut waiting = locked(&self.waiting);
        waiting.events = waiting.events.saturating_sub(place.weight);
        waiting.places.remove(&(place.since, place.number));
    }
}

/// Each change under these locks is complete in itself; a panic elsewhere while one was held leaves nothing half-done.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn inv_1_the_oldest_is_known_until_it_leaves() {
        let backlog = Backlog::default();
        assert_eq!(backlog.oldest(at(9)), None);
        let (first, second, same) = (backlog.enter(at(1), 3), backlog.enter(at(4), 1), backlog.enter(at(4), 2));
        assert_eq!((backlog.waiting(), backlog.oldest(at(9))), (6, Some(SignedDuration::from_secs(8))));
        backlog.leave(&first);
        backlog.leave(&same);
        assert_eq!((backlog.waiting(), backlog.oldest(at(9))), (1, Some(SignedDuration::from_secs(5))));
        backlog.leave(&second);
        assert_eq!((backlog.waiting(), backlog.oldest(at(9))), (0, None));
    }
}
