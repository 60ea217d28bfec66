//! Use cases of health.

use jiff::Timestamp;
use kernel::{Error, Result, db::Tx, id::DeviceId};

use super::{Seen, Status, rules::worst_first, store};
use crate::downtime;

/// Saves what the engine newly knows, all devices in one statement, after the stops of those that are back. At most one entry a device.
pub async fn save_health(tx: &Tx, now: Timestamp, rows: &[Seen]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = serde_json::to_value(rows).map_err(|error| Error::broken(error.to_string()))?;
    downtime::record_returns(tx, now, &rows).await?;
    store::HEALTH_SAVE.run(tx, (rows,)).await?;
    Ok(())
}

/// Every device of the schools in scope, worst first.
pub async fn statuses(tx: &Tx, now: Timestamp) -> Result<Vec<Status>> {
    let mut statuses = store::STATUS_LIST.all(tx, ()).await?;
    worst_first(&mut statuses, now);
    Ok(statuses)
}

/// One device.
pub async fn status(tx: &Tx, id: DeviceId) -> Result<Status> {
    store::STATUS_FIND.one(tx, (id,)).await
}
