//! Canteen: what was eaten and at what price. The account it is paid from comes with R-MEAL-2.
//! Owns `meal`. Reads `card`, `person`, `enrolment`.
//! Always true:
//!  1. A meal has exactly one row: the engine takes an event once, under its cursor's lock, and this insert is part of that transaction.

mod store;

use jiff::Timestamp;
use kernel::{
    Result,
    db::Tx,
    id::{DeviceId, PersonId, SchoolId},
    money::Money,
    sql::Statement,
};
use notice::{Draft, To};
use protocol::up::Meal;

use crate::{Taken, cards::Holder, local};

pub(crate) const STATEMENTS: &[&dyn Statement] = store::STATEMENTS;

/// The meals of a batch, column by column.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    school: Vec<SchoolId>,
    person: Vec<PersonId>,
    occurred_at: Vec<Timestamp>,
    device: Vec<DeviceId>,
    store: Vec<String>,
    seq: Vec<i64>,
    received_at: Vec<Timestamp>,
    item: Vec<String>,
    price_tiyn: Vec<i64>,
    late: Vec<bool>,
}

impl Rows {
    pub(crate) fn push(&mut self, event: &Taken<'_>, person: PersonId, meal: &Meal) {
        self.school.push(event.school);
        self.person.push(person);
        self.occurred_at.push(event.occurred_at);
        self.device.push(event.device);
        self.store.push(event.store.to_owned());
        self.seq.push(event.seq);
        self.received_at.push(event.received_at);
        self.item.push(meal.item.clone());
        self.price_tiyn.push(meal.price_tiyn);
        self.late.push(event.late);
    }
}

pub(crate) async fn save(tx: &Tx, rows: Rows) -> Result<()> {
    if rows.school.is_empty() { Ok(()) } else { store::meal_add(tx, rows).await }
}

pub(crate) fn draft(event: &Taken<'_>, holder: &Holder, meal: &Meal) -> Draft {
    let (date, time) = local(event);
    let price = Money::from_tiyn(meal.price_tiyn).to_string();
    let args = serde_json::json!({ "child": holder.given_name, "item": meal.item, "price": price, "date": date, "time": time });
    Draft { school: event.school, child: holder.person_id, to: To::Guardians, kind: &notice::MEAL, occurred_at: event.occurred_at, late: event.late, args }
}
