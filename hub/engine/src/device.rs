//! The device actor: reads what its device says, passes on what is not yet durable, remembers how the device is.
//!
//! Its memory is a cache: which numbers are durable (so that a re-send costs no statement) and the newest health. Rebuilt empty,
//! it is right again with the next commit.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use actix::prelude::*;
use jiff::Timestamp;
use kernel::clock::Clock;
use protocol::{
    Malformed,
    cursor::Cursor,
    topic::Channel,
    up::{self, Event, Events, Health, State},
};

use crate::{
    after::send_ack,
    board::Board,
    budget::Budgets,
    commit::{Letter, Reason, rules::Raise},
    ingest::{Arrived, Outbox},
    lane::Lanes,
    parcel::Parcel,
    receipt::Receipt,
    registry::Device,
    sabotage::{Sabotage, breaks, panic_in_device, panic_point},
    supervision::{Supervised, Worker},
};

/// Journals remembered per device: the one in use and the one before a replacement.
const JOURNALS: usize = 2;
/// Numbers whose content is remembered per journal: a full window and then some.
const REMEMBERED: usize = 512;

/// What a device actor is sent.
#[derive(Debug)]
pub enum Message {
    /// A message of the device's.
    Arrived {
        /// What it is about.
        channel: Channel,
        /// The message.
        arrived: Arrived,
    },
    /// Events of the device's are durable.
    Durable {
        /// The journal.
        store: Arc<str>,
        /// Its cursor after the commit.
        cursor: Cursor,
        /// Numbers and fingerprints of the commit.
        known: Vec<(i64, i64)>,
        /// The newest of them.
        occurred_at: Option<Timestamp>,
        /// When the hub got them.
        received_at: Timestamp,
    },
}

/// What device actors are made of.
#[derive(Clone)]
pub struct Seed {
    /// The clock.
    pub clock: Clock,
    /// Where events go.
    pub lanes: Lanes,
    /// Where acknowledgements of re-sent events go.
    pub outbox: Outbox,
    /// What each school may bring.
    pub budgets: Budgets,
    /// Where health goes.
    pub board: Board,
    /// See [`crate::config::Config::gap_patience`].
    pub gap_patience: Duration,
}

/// See the module.
pub struct DeviceActor {
    seed: Seed,
    device: Arc<Device>,
    journals: VecDeque<Journal>,
    seen: Option<fleet::Seen>,
}

struct Journal {
    store: Arc<str>,
    cursor: Cursor,
    contents: BTreeMap<i64, i64>,
    gap_noted: Option<i64>,
}

impl Journal {
    fn knows(&self, seq: i64, fingerprint: i64) -> bool {
        self.cursor.has(seq) && self.contents.get(&seq) == Some(&fingerprint)
    }

    fn learn(&mut self, cursor: Cursor, known: Vec<(i64, i64)>) {
        self.cursor = cursor;
        // Only what the cursor covers is durable: a number too far ahead of a gap is in the batch but was not taken.
        self.contents.extend(known.into_iter().filter(|(seq, _)| self.cursor.has(*seq)));
        while self.contents.len() > REMEMBERED {
            self.contents.pop_first();
        }
    }
}

impl DeviceActor {
    /// An actor with an empty cache.
    pub fn new(seed: Seed, device: Arc<Device>) -> Self {
        Self { seed, device, journals: VecDeque::new(), seen: None }
    }

    fn arrived(&mut self, channel: Channel, arrived: Arrived) {
        match channel {
            Channel::UpEvents => self.events(arrived),
            Channel::UpState => self.state(arrived),
            Channel::UpHealth => self.health(arrived),
            Channel::UpReply | Channel::DownAck | Channel::DownCmd | Channel::DownList => {
                let refused = Malformed::Topic("nothing is expected there");
                self.refuse(&refused, arrived);
            }
        }
    }

    fn events(&mut self, arrived: Arrived) {
        match Events::parse(&arrived.payload) {
            Ok(Events { store, events }) => self.pass_on(Arc::from(store), events, arrived.received_at, arrived.receipt),
            Err(malformed) => self.refuse(&malformed, arrived),
        }
    }

    fn pass_on(&mut self, store: Arc<str>, events: Vec<Event>, received_at: Timestamp, receipt: Receipt) {
        let journal = self.journals.iter().find(|journal| journal.store == store);
        let with_fingerprint = events.into_iter().map(|event| {
            let fingerprint = event.fingerprint();
            (event, fingerprint)
        });
        let known = |event: &Event, fingerprint: i64| !breaks(Sabotage::DedupOff) && journal.is_some_and(|journal| journal.knows(event.seq, fingerprint));
        let (durable, unknown): (Vec<_>, Vec<_>) = with_fingerprint.partition(|(event, fingerprint)| known(event, *fingerprint));
        metrics::counter!("events_known_total").increment(u64::try_from(durable.len()).unwrap_or(0));
        if unknown.is_empty() {
            if let Some(journal) = journal {
                send_ack(&self.seed.outbox, &self.seed.clock, &self.device, &journal.store, &journal.cursor);
            }
            return receipt.settle();
        }
        if !self.seed.budgets.allow(self.device.school, unknown.len()) {
            metrics::counter!("events_shed_total", "why" => "budget").increment(u64::try_from(unknown.len()).unwrap_or(0));
            return receipt.settle();
        }
        let parcel = Parcel::Events { device: self.device.clone(), store, received_at, events: unknown, receipt };
        self.seed.lanes.offer(parcel);
    }

    fn refuse(&mut self, malformed: &Malformed, arrived: Arrived) {
        let reason = match malformed {
            Malformed::TooLong(_) => Reason::TooLong,
            Malformed::Topic(_) => Reason::ForeignTopic,
            Malformed::Form(_) | Malformed::Field { .. } => Reason::Malformed,
        };
        if !self.seed.budgets.allow(self.device.school, 1) {
            metrics::counter!("events_shed_total", "why" => "budget").increment(1);
            return arrived.receipt.settle();
        }
        self.seed.lanes.offer(letter(&self.device, reason, malformed.to_string(), arrived));
    }

    fn state(&mut self, arrived: Arrived) {
        let State { status, store, boot: _, firmware, at } = match State::parse(&arrived.payload) {
            Ok(state) => state,
            Err(malformed) => return self.refuse(&malformed, arrived),
        };
        let received_at = arrived.received_at;
        if arrived.is_retained {
            // What the device once said tells what it is, and nothing of how it is now: a dead one would seem alive at each start of the hub.
            if let Some(seen) = &mut self.seen {
                seen.store = store.or(seen.store.take());
                seen.firmware = firmware.or(seen.firmware.take());
            }
            return arrived.receipt.settle();
        }
        let seen = self.seen_at(received_at);
        if seen.status != status {
            seen.status = status;
            seen.status_since = received_at;
        }
        seen.store = store.or(seen.store.take());
        seen.firmware = firmware.or(seen.firmware.take());
        seen.clock_offset_ms = at.map(|at| offset_ms(received_at, at)).or(seen.clock_offset_ms);
        self.note();
        arrived.receipt.settle();
    }

    fn health(&mut self, arrived: Arrived) {
        let health = match Health::parse(&arrived.payload) {
            Ok(health) => health,
            Err(malformed) => return self.refuse(&malformed, arrived),
        };
        let received_at = arrived.received_at;
        let seen = self.seen_at(received_at);
        seen.status = up::Status::Online;
        seen.clock_offset_ms = health.at.map(|at| offset_ms(received_at, at)).or(seen.clock_offset_ms);
        seen.queue = health.queue.or(seen.queue);
        seen.reader_errors = health.reader_errors.or(seen.reader_errors);
        seen.temperature_c = health.temperature_c.or(seen.temperature_c);
        seen.disk_free_percent = health.disk_free_percent.or(seen.disk_free_percent);
        seen.link_percent = health.link_percent.or(seen.link_percent);
        seen.rx_bytes = health.rx_bytes.or(seen.rx_bytes);
        seen.tx_bytes = health.tx_bytes.or(seen.tx_bytes);
        self.note();
        arrived.receipt.settle();
    }

    fn durable(&mut self, store: Arc<str>, cursor: Cursor, known: Vec<(i64, i64)>, ctx: &mut Context<Supervised<Self>>) {
        let place = self.journals.iter().position(|journal| journal.store == store);
        let mut journal = place
            .and_then(|place| self.journals.remove(place))
            .unwrap_or_else(|| Journal { store, cursor: Cursor::default(), contents: BTreeMap::new(), gap_noted: None });
        journal.learn(cursor, known);
        self.watch_gap(&mut journal, ctx);
        self.journals.push_front(journal);
        self.journals.truncate(JOURNALS);
    }

    /// A gap that stays open is an incident, and nothing else: only the device's own word closes it.
    fn watch_gap(&self, journal: &mut Journal, ctx: &mut Context<Supervised<Self>>) {
        let gap = journal.cursor.gaps().first().map(|(from, _)| *from);
        if gap.is_some() && gap != journal.gap_noted {
            let (store, from) = (journal.store.clone(), journal.cursor.upto());
            ctx.run_later(self.seed.gap_patience, move |actor, ctx| actor.protect(ctx, |device, _| device.report_gap(&store, from)));
        }
        journal.gap_noted = gap;
    }

    fn report_gap(&mut self, store: &str, from: i64) {
        let still_open = self.journals.iter().any(|journal| &*journal.store == store && journal.cursor.upto() == from && !journal.cursor.ahead().is_empty());
        if still_open {
            let key = format!("{}/{store}", self.device.id);
            self.seed.board.raise(Raise { school: self.device.school, kind: "gap_open", key, device: Some(self.device.id), count: 1 });
        }
    }

    fn seen_at(&mut self, at: Timestamp) -> &mut fleet::Seen {
        let (school, device) = (self.device.school, self.device.id);
        let seen = self.seen.get_or_insert_with(|| fleet::Seen {
            school,
            device,
            status: up::Status::Online,
            status_since: at,
            seen_at: at,
            last_event_at: None,
            latency_ms: None,
            clock_offset_ms: None,
            queue: None,
            reader_errors: None,
            temperature_c: None,
            disk_free_percent: None,
            link_percent: None,
            rx_bytes: None,
            tx_bytes: None,
            firmware: None,
            store: None,
        });
        seen.seen_at = seen.seen_at.max(at);
        seen
    }

    fn note(&self) {
        if let Some(seen) = &self.seen {
            self.seed.board.note(seen.clone());
        }
    }
}

impl Worker for DeviceActor {
    type Message = Message;
    const KIND: &'static str = "device";
    const MAILBOX: usize = 512;

    fn name(&self) -> String {
        self.device.code().to_string()
    }

    fn rebuilt(&self) -> Self {
        Self::new(self.seed.clone(), self.device.clone())
    }

    fn handle(&mut self, message: Message, ctx: &mut Context<Supervised<Self>>) {
        panic_point("device");
        panic_in_device(self.device.code().as_str());
        match message {
            Message::Arrived { channel, arrived } => self.arrived(channel, arrived),
            Message::Durable { store, cursor, known, occurred_at, received_at } => {
                self.durable(store.clone(), cursor, known, ctx);
                let now = self.seed.clock.now();
                let seen = self.seen_at(received_at);
                seen.store = Some(store.to_string());
                seen.last_event_at = occurred_at.max(seen.last_event_at);
                seen.latency_ms = occurred_at.map(|at| offset_ms(now, at));
                self.note();
            }
        }
    }

    fn parked(&mut self) {
        let key = self.device.id.to_string();
        self.seed.board.raise(Raise { school: self.device.school, kind: "actor_parked", key, device: Some(self.device.id), count: 1 });
    }
}

/// What cannot be read, for the dead letters.
pub(crate) fn letter(device: &Device, reason: Reason, detail: String, arrived: Arrived) -> Parcel {
    let letter = Letter {
        school: device.school,
        device: Some(device.id),
        event: None,
        received_at: arrived.received_at,
        reason,
        topic: arrived.topic,
        detail,
        payload: arrived.payload.iter().take(protocol::MESSAGE_LIMIT_BYTES).copied().collect(),
    };
    Parcel::Letter { letter: Box::new(letter), receipt: arrived.receipt }
}

fn offset_ms(hub: Timestamp, device: Timestamp) -> i64 {
    i64::try_from(hub.duration_since(device).as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_knows_only_what_the_cursor_covers() {
        let cursor = Cursor::from_parts(2, []);
        let mut journal = Journal { store: "s".into(), cursor: Cursor::default(), contents: BTreeMap::new(), gap_noted: None };
        journal.learn(cursor, vec![(1, 10), (2, 20), (900, 30)]);
        assert!(journal.knows(1, 10) && journal.knows(2, 20));
        assert!(!journal.knows(2, 21), "other content is for the lock to decide");
        assert!(!journal.knows(900, 30), "not taken, so not known");
    }

    #[test]
    fn the_cache_is_bounded() {
        let mut journal = Journal { store: "s".into(), cursor: Cursor::from_parts(10_000, []), contents: BTreeMap::new(), gap_noted: None };
        journal.learn(Cursor::from_parts(10_000, []), (1..=10_000).map(|seq| (seq, seq)).collect());
        assert_eq!(journal.contents.len(), REMEMBERED);
        assert!(journal.knows(10_000, 10_000));
    }
}
