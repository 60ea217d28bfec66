//! SQL of meals.

use jiff::Timestamp;
use kernel::{
    Result,
    db::Tx,
    id::{DeviceId, PersonId, SchoolId},
    sql::{Command, Statement},
};

use super::Rows;

type MealColumns = (
    Vec<SchoolId>,
    Vec<PersonId>,
    Vec<Timestamp>,
    Vec<DeviceId>,
    Vec<String>,
    Vec<i64>,
    Vec<Timestamp>,
    Vec<String>,
    Vec<i64>,
    Vec<bool>,
);

const MEAL_ADD: Command<MealColumns> = Command::new(
    "canteen.meal_add",
    "insert into meal (school_id, person_id, occurred_at, device_id, store, seq, received_at, item, price_tiyn, late)
     select * from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::uuid[], $5::text[], $6::bigint[], $7::timestamptz[],
                          $8::text[], $9::bigint[], $10::bool[])",
);

pub(crate) const STATEMENTS: &[&dyn Statement] = &[&MEAL_ADD];

pub(super) async fn meal_add(tx: &Tx, rows: Rows) -> Result<()> {
    let columns = (
        rows.school,
        rows.person,
        rows.occurred_at,
        rows.device,
        rows.store,
        rows.seq,
        rows.received_at,
        rows.item,
        rows.price_tiyn,
        rows.late,
    );
    MEAL_ADD.run(tx, columns).await?;
    Ok(())
}
