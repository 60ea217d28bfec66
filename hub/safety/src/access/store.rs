//! SQL of passes and presence.

use jiff::Timestamp;
use kernel::{
    Result,
    db::Tx,
    id::{DeviceId, PersonId, SchoolId},
    sql::{Command, Statement},
};

use super::{Rows, rules::Last};

type PassColumns = (
    Vec<SchoolId>,
    Vec<PersonId>,
    Vec<Timestamp>,
    Vec<DeviceId>,
    Vec<String>,
    Vec<i64>,
    Vec<Timestamp>,
    Vec<&'static str>,
    Vec<&'static str>,
    Vec<bool>,
);

const PASS_ADD: Command<PassColumns> = Command::new(
    "access.pass_add",
    "insert into pass (school_id, person_id, occurred_at, device_id, store, seq, received_at, direction, method, late)
     select * from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::uuid[], $5::text[], $6::bigint[], $7::timestamptz[],
                          $8::text[], $9::text[], $10::bool[])",
);

type PresenceColumns = (Vec<SchoolId>, Vec<PersonId>, Vec<&'static str>, Vec<Timestamp>, Vec<DeviceId>, Vec<String>, Vec<i64>);

const PRESENCE_RAISE: Command<PresenceColumns> = Command::new(
    "access.presence_raise",
    "insert into presence as known (school_id, person_id, direction, since, device_id, store, seq)
     select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::uuid[], $6::text[], $7::bigint[])
     on conflict (school_id, person_id) do update
     set direction = excluded.direction, since = excluded.since, device_id = excluded.device_id, store = excluded.store, seq = excluded.seq
     where (excluded.since, excluded.device_id, excluded.seq, excluded.store collate \"C\")
         > (known.since, known.device_id, known.seq, known.store collate \"C\")",
);

pub(crate) const STATEMENTS: &[&dyn Statement] = &[&PASS_ADD, &PRESENCE_RAISE];

pub(super) async fn pass_add(tx: &Tx, rows: Rows) -> Result<()> {
    let columns = (
        rows.school,
        rows.person,
        rows.occurred_at,
        rows.device,
        rows.store,
        rows.seq,
        rows.received_at,
        rows.direction,
        rows.method,
        rows.late,
    );
    PASS_ADD.run(tx, columns).await?;
    Ok(())
}

pub(super) async fn presence_raise(tx: &Tx, last: Last) -> Result<()> {
    let mut columns: PresenceColumns = Default::default();
    for ((school, person), (key, direction)) in last.of {
        columns.0.push(school);
        columns.1.push(person);
        columns.2.push(direction.as_str());
        columns.3.push(key.since);
        columns.4.push(key.device);
        columns.5.push(key.store);
        columns.6.push(key.seq);
    }
    PRESENCE_RAISE.run(tx, columns).await?;
    Ok(())
}
