//! What is done with a blocked card, as the engine's commit hands it over: a row of its own, and a notice of its own.

use jiff::Timestamp;
use kernel::{
    Result,
    db::Tx,
    id::{DeviceId, PersonId, SchoolId, Uuid},
};
use notice::{Draft, To};
use protocol::up::Body;

use super::{rules, store};
use crate::{Taken, local};

/// The uses of a batch, column by column.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(super) school: Vec<SchoolId>,
    pub(super) device: Vec<DeviceId>,
    pub(super) store: Vec<String>,
    pub(super) seq: Vec<i64>,
    pub(super) received_at: Vec<Timestamp>,
    pub(super) occurred_at: Vec<Timestamp>,
    pub(super) block: Vec<Uuid>,
    pub(super) person: Vec<PersonId>,
    pub(super) kind: Vec<&'static str>,
    pub(super) late: Vec<bool>,
}

impl Rows {
    /// A use; nothing where the body is none.
    pub(crate) fn push(&mut self, event: &Taken<'_>, person: PersonId, block: Uuid) {
        let Some(kind) = rules::kind_of(event.body) else { return };
        self.school.push(event.school);
        self.device.push(event.device);
        self.store.push(event.store.to_owned());
        self.seq.push(event.seq);
        self.received_at.push(event.received_at);
        self.occurred_at.push(event.occurred_at);
        self.block.push(block);
        self.person.push(person);
        self.kind.push(kind);
        self.late.push(event.late);
    }
}

/// Whether all that is known of the event is that somebody had the card in hand.
pub(crate) fn tells_of_the_card(body: &Body) -> bool {
    rules::kind_of(body).is_some()
}

/// One statement, and none where nobody used a blocked card: that is every batch but a few.
pub(crate) async fn save(tx: &Tx, rows: Rows) -> Result<()> {
    if rows.school.is_empty() { Ok(()) } else { store::use_add(tx, rows).await }
}

/// What the guardians are told.
pub(crate) fn draft(event: &Taken<'_>, holder: PersonId, given_name: &str) -> Draft {
    let (date, time) = local(event);
    let args = serde_json::json!({ "child": given_name, "place": event.place, "date": date, "time": time });
    Draft { school: event.school, child: holder, to: To::Guardians, kind: &notice::BLOCKED_CARD_USED, occurred_at: event.occurred_at, late: event.late, args }
}
