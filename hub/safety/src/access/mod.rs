//! Access: who went through a door, and who is inside.
//! Owns `pass`, `presence`. Reads `card`, `person`, `enrolment`.
//! Always true:
//!  1. Presence is the greatest pass by `(occurred_at, device, seq, store)`, whatever order passes came in (`rules::later`, and the
//!     same comparison in `presence_raise`).
//!  2. A pass has exactly one row: the engine takes an event once, under its cursor's lock, and this insert is part of that transaction.

mod rules;
mod store;

use futures_util::future::try_join;
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Result,
    db::Tx,
    id::{DeviceId, PersonId, SchoolId},
    sql::Statement,
};
use notice::{Draft, To};
use protocol::up::{Direction, Pass};

use crate::{Taken, cards::Holder, local};

pub(crate) const STATEMENTS: &[&dyn Statement] = store::STATEMENTS;

/// Who went in and was not seen to leave counts as inside for so long: a school day with its evening, but not the next morning.
pub const INSIDE_AT_MOST: SignedDuration = SignedDuration::from_hours(18);

/// The passes of a batch, column by column.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    school: Vec<SchoolId>,
    person: Vec<PersonId>,
    occurred_at: Vec<Timestamp>,
    device: Vec<DeviceId>,
    store: Vec<String>,
    seq: Vec<i64>,
    received_at: Vec<Timestamp>,
    direction: Vec<&'static str>,
    method: Vec<&'static str>,
    late: Vec<bool>,
    last: rules::Last,
}

impl Rows {
    pub(crate) fn push(&mut self, event: &Taken<'_>, person: PersonId, pass: &Pass) {
        self.school.push(event.school);
        self.person.push(person);
        self.occurred_at.push(event.occurred_at);
        self.device.push(event.device);
        self.store.push(event.store.to_owned());
        self.seq.push(event.seq);
        self.received_at.push(event.received_at);
        self.direction.push(pass.direction.as_str());
        self.method.push(pass.method.as_str());
        self.late.push(event.late);
        let key = rules::Key { since: event.occurred_at, device: event.device, seq: event.seq, store: event.store.to_owned() };
        self.last.see(event.school, person, key, pass.direction);
    }
}

/// Both statements are sent before either answer is awaited.
pub(crate) async fn save(tx: &Tx, mut rows: Rows) -> Result<()> {
    if rows.school.is_empty() {
        return Ok(());
    }
    let last = std::mem::take(&mut rows.last);
    try_join(store::pass_add(tx, rows), store::presence_raise(tx, last)).await?;
    Ok(())
}

pub(crate) fn draft(event: &Taken<'_>, holder: &Holder, pass: &Pass) -> Draft {
    let kind = match pass.direction {
        Direction::In => &notice::ENTERED,
        Direction::Out => &notice::LEFT,
    };
    let (date, time) = local(event);
    let args = serde_json::json!({ "child": holder.given_name, "place": event.place, "date": date, "time": time });
    Draft { school: event.school, child: holder.person_id, to: To::Guardians, kind, occurred_at: event.occurred_at, late: event.late, args }
}
