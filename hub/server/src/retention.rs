//! `shanyraq retention run`: what is past its time leaves, or, with `--dry`, is only counted.

use crate::{
    config::{Config, ConfigError},
    rooms,
};
use identity::retention;
use kernel::{
    Ctx,
    clock::Clock,
    db::{Db, DbRole, Scope},
};

/// Why nothing could be said or ordered.
#[derive(Debug, thiserror::Error)]
pub enum RetentionError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database.
    #[error("the database cannot be asked: {0}. `shanyraq check` tells more")]
    Database(#[from] kernel::Error),
}

/// A line a rule, of what a run would remove now; or orders the run.
///
/// # Errors
/// When nothing can be said or ordered.
pub async fn run(config: &Config, dry: bool) -> Result<Vec<String>, RetentionError> {
    let db = Db::connect(config.database.app_url()?.reveal(), DbRole::Jobs, 1)?;
    if dry {
        let planned = retention::plan(&db, Clock::System.now(), &rooms::sweeps()).await?;
        let line = |rule: &retention::Planned| format!("{}: older than {} months: {} rows, {} monthly parts", rule.what, rule.keep_months, rule.rows, rule.parts);
        return Ok(planned.iter().map(line).collect());
    }
    let id = retention::order_now(&db, &Ctx::system("retention", Scope::school(identity::SUPPLIER), Clock::System)).await?;
    Ok(vec![format!("job {id} is ordered: the hub removes what is past its time, and its page shows the numbers")])
}
