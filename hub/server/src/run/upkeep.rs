//! Upkeep: what the database needs now and then, whichever instance does it first.

use super::pools::Pools;
use std::time::Duration;
use tokio::{task::JoinHandle, time};

const EVERY: Duration = Duration::from_secs(6 * 3600);

/// Makes the parts of the coming months at the start and four times a day.
pub(super) fn start(pools: &Pools) -> JoinHandle<()> {
    let db = pools.jobs.clone();
    tokio::spawn(async move {
        let mut beat = time::interval(EVERY);
        loop {
            beat.tick().await;
            match kernel::partition::ensure(&db).await {
                Ok(0) => {}
                Ok(made) => tracing::info!(made, "parts of the big tables were made ahead"),
                Err(error) => tracing::error!(%error, "parts of the big tables could not be made; rows go to the default part"),
            }
        }
    })
}
