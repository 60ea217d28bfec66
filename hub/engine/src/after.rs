//! After the commit, and only then: devices are acknowledged, actors and live pages hear, and pushes go out.
//! Nothing here can fail the commit: a full mailbox costs a page its liveness or a push its fast path, never a row.

use std::{collections::HashSet, sync::Arc};

use actix::prelude::*;
use delivery::{Dispatch, Push};
use kernel::{clock::Clock, id::DeviceId};
use protocol::down::Ack;

use crate::{
    commit::Durable,
    device,
    directory::Directory,
    ingest::Outbox,
    live::Switchboard,
    parcel::Parcel,
    registry::Device,
    school,
};

/// Who is told. Cheap to clone.
#[derive(Clone)]
pub struct AfterCommit {
    /// The clock, for `hub_time`.
    pub clock: Clock,
    /// Our acknowledgements.
    pub outbox: Outbox,
    /// The device and school actors.
    pub directory: Directory,
    /// Live sessions.
    pub switchboard: Switchboard,
    /// Sends pushes.
    pub dispatcher: Recipient<Dispatch>,
}

impl AfterCommit {
    /// Tells everyone of a commit.
    pub fn tell<'a>(&self, batch: impl Iterator<Item = &'a Parcel>, durable: Durable) {
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        metrics::counter!("events_durable_total").increment(count(durable.fresh));
        metrics::counter!("events_duplicate_total").increment(count(durable.duplicates));
        self.acknowledge(batch, &durable);
        self.push(durable.issued.pushes);
        self.switchboard.noticed(durable.issued.notices);
        self.record(durable.recorded);
    }

    /// One acknowledgement for each journal in the batch.
    fn acknowledge<'a>(&self, batch: impl Iterator<Item = &'a Parcel>, durable: &Durable) {
        let mut told: HashSet<(DeviceId, &Arc<str>)> = HashSet::new();
        for parcel in batch {
            let Parcel::Events { device, store, events, received_at, .. } = parcel else { continue };
            let Some(cursor) = durable.cursors.get(&(device.id, store.clone())) else { continue };
            let last = events.iter().map(|(event, _)| event.occurred_at).max();
            let known = events.iter().map(|(event, fingerprint)| (event.seq, *fingerprint)).collect();
            self.directory.device(device, device::Message::Durable { store: store.clone(), cursor: cursor.clone(), known, occurred_at: last, received_at: *received_at });
            if told.insert((device.id, store)) {
                send_ack(&self.outbox, &self.clock, device, store, cursor);
            }
        }
    }

    fn push(&self, pushes: Vec<Push>) {
        if pushes.is_empty() {
            return;
        }
        if self.dispatcher.try_send(Dispatch(pushes)).is_err() {
            metrics::counter!("push_fast_path_missed_total").increment(1);
        }
    }

    fn record(&self, recorded: Vec<safety::Recorded>) {
        for recorded in recorded.chunk_by(|a, b| a.school == b.school) {
            if let Some(first) = recorded.first() {
                self.directory.school(first.school, school::Message::Recorded(Arc::from(recorded)));
            }
        }
    }
}

/// Publishes our acknowledgement of a journal.
pub(crate) fn send_ack(outbox: &Outbox, clock: &Clock, device: &Device, store: &str, cursor: &protocol::cursor::Cursor) {
    let ack = Ack::of(store, cursor, clock.now());
    match serde_json::to_vec(&ack) {
        Ok(payload) => outbox.acknowledge(device.shard(), &device.ack_topic, payload),
        Err(error) => tracing::error!(%error, "an acknowledgement cannot be written"),
    }
}
