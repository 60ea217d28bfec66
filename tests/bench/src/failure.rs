//! Why a benchmark could not be run.

use shanyraq::{embedded::EmbeddedError, migrate::MigrateError, town::TownError};

/// Why a benchmark could not be run. A goal that is missed is no failure.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A private server.
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
    /// The schema.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// The town.
    #[error(transparent)]
    Town(#[from] TownError),
    /// The database.
    #[error("the database: {0}")]
    Sql(#[from] tokio_postgres::Error),
    /// The engine's own statements.
    #[error("the engine: {0}")]
    Kernel(#[from] kernel::Error),
    /// Files and processes.
    #[error("the system: {0}")]
    Io(#[from] std::io::Error),
    /// The hub's metrics.
    #[error("the hub's metrics: {0}")]
    Http(#[from] reqwest::Error),
    /// What a program wrote could not be read.
    #[error("what a program wrote: {0}")]
    Json(#[from] serde_json::Error),
    /// Anything else, in words.
    #[error("{0}")]
    Plain(String),
}

impl Failure {
    /// A failure in words.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::Plain(text.into())
    }
}

/// What a step of a benchmark gives.
pub type Outcome<T> = Result<T, Failure>;
