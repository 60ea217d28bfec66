//! The SQL of what retention rules let go.

use kernel::{
    keep::Sweep,
    sql::{Command, Query, Statement},
};

/// The last state of devices that were retired long ago.
pub static SWEEPS: &[Sweep] = &[Sweep {
    what: "device_health",
    count: Query::new(
        "fleet.old_health_count",
        "select count(*) as count from device_health h join device d on d.school_id = h.school_id and d.id = h.device_id where d.retired_at < $1",
    ),
    delete: Command::new(
        "fleet.old_health_delete",
        "delete from device_health h using (
           select h.school_id, h.device_id from device_health h join device d on d.school_id = h.school_id and d.id = h.device_id where d.retired_at < $1 limit $2) old
         where h.school_id = old.school_id and h.device_id = old.device_id",
    ),
}];

/// Every statement stands in the lists above, and is prepared by the test that goes through them.
pub const STATEMENTS: &[&dyn Statement] = &[];
