//! Run: the hub itself, on the servers its configuration names.
//!
//! A list of named steps and nothing else: each step starts one part of the house and hands back what later steps need.
//! Stopping is the reverse: pages first, then ingest and what it committed, then pushes that are under way.

mod accounts;
mod chainer;
mod ingest;
mod jobs;
mod live;
mod mail;
mod pages;
mod pools;
mod push;
mod standing;
mod upkeep;
mod watch;

pub use live::routes as live_routes;
pub use standing::listen as listen_for_changes;
pub use mail::{mailer, post as notice_post, transport as mail_transport};

use crate::{
    config::{Config, ConfigError},
    health::Health,
    migrate::{self, MigrateError},
    observe::{self, ObserveError},
};
use kernel::clock::Clock;
use pools::Pools;
use std::{io, sync::Arc};

/// Why the hub does not run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Logs or metrics.
    #[error(transparent)]
    Observe(#[from] ObserveError),
    /// The database cannot be reached.
    #[error("the database cannot be reached: {0}. `shanyraq check` tells more")]
    Database(#[from] tokio_postgres::Error),
    /// The schema cannot be looked at.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// The schema is not ours.
    #[error("the database is not migrated to this version: run `shanyraq migrate`")]
    NotMigrated,
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: String,
        /// Why.
        source: io::Error,
    },
    /// The server failed.
    #[error("the page server failed: {0}")]
    Serve(#[source] io::Error),
    /// Push to phones cannot work as configured.
    #[error("push: {0}")]
    Push(String),
    /// Letters cannot be sent as configured.
    #[error("{0}")]
    Mail(String),
    /// A part of the house did not start.
    #[error("{0}")]
    Part(#[from] kernel::Error),
}

/// Runs the hub until SIGINT or SIGTERM.
pub async fn run(config: Config) -> Result<(), RunError> {
    observe::start_logs(&config.log)?;
    let metrics = observe::start_metrics(&config)?;
    require_migrated(&config).await?;
    let pools = Pools::new(&config)?;
    let clock = Clock::System;
    let site = pages::site(&config, &pools, clock.clone())?;
    let switchboard = engine::live::Switchboard::default();
    let views = Arc::new(live::views(&site));
    let standing = standing::listen(config.database.app_url()?.reveal().parse()?, site.clone(), switchboard.clone());
    let server = pages::bind(&config, site, Health::new(&config)?, metrics, switchboard.clone(), views)?;
    let pushes = push::start(&config, &pools, clock.clone())?;
    let accounts = accounts::start(&config, &pools)?;
    let upkeep = upkeep::start(&pools);
    let chainer = chainer::start(&pools, clock.clone());
    let jobs = jobs::start(&config, &pools, clock.clone())?;
    let watch = watch::start(&pools, clock.clone());
    let engine = ingest::start(&config, &pools, clock, switchboard, pushes.dispatcher()).await?;
    tracing::info!(address = config.http.listen, "the hub runs");
    let served = pages::serve_until_asked(server).await;
    engine.stop().await;
    jobs.stop().await;
    accounts.abort();
    standing.abort();
    upkeep.abort();
    chainer.abort();
    watch.abort();
    pushes.stop().await;
    served
}

async fn require_migrated(config: &Config) -> Result<(), RunError> {
    let mut app: tokio_postgres::Config = config.database.app_url()?.reveal().parse()?;
    app.options("-c role=shanyraq_web").connect_timeout(std::time::Duration::from_secs(10));
    let (client, connection) = app.connect(tokio_postgres::NoTls).await?;
    let connection = tokio::spawn(connection);
    let migrated = migrate::is_migrated(&client).await;
    drop(client);
    // The connection ends with its client; how it ends does not matter any more.
    connection.await.ok();
    if migrated? { Ok(()) } else { Err(RunError::NotMigrated) }
}
