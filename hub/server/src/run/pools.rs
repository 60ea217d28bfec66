//! The pools: one a group role, so that a busy page cannot hold up an event, and each sees what its role may see.

use super::RunError;
use crate::config::Config;
use kernel::db::{Db, DbRole};

/// One pool a role; each connects when first used.
pub(super) struct Pools {
    /// Pages and API.
    pub web: Db,
    /// Events from devices.
    pub engine: Db,
    /// Work in the background.
    pub jobs: Db,
}

impl Pools {
    pub fn new(config: &Config) -> Result<Self, RunError> {
        let url = config.database.app_url()?;
        let pool = |role, size| Db::connect(url.reveal(), role, size);
        Ok(Self {
            web: pool(DbRole::Web, config.database.web_connections)?,
            engine: pool(DbRole::Engine, config.database.engine_connections)?,
            jobs: pool(DbRole::Jobs, config.database.jobs_connections)?,
        })
    }
}
