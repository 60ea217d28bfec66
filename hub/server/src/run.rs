//! Run: the hub itself, on the servers its configuration names.
//!
//! A list of named steps and nothing else: each step starts one part of the house and hands back what later steps need.
//! Stopping is the reverse: pages first, then ingest, then what is under way.

use crate::{
    config::{Config, ConfigError},
    health::{self, Health},
    migrate::{self, MigrateError},
    observe::{self, ObserveError},
};
use actix_web::{App, HttpServer, web};
use std::io;

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
}

/// Runs the hub until SIGINT or SIGTERM.
pub async fn run(config: Config) -> Result<(), RunError> {
    observe::start_logs(&config.log)?;
    let metrics = observe::start_metrics(&config)?;
    require_migrated(&config).await?;
    let health = Health::new(&config)?;
    serve(&config, health, metrics).await
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

async fn serve(config: &Config, health: Health, metrics: metrics_exporter_prometheus::PrometheusHandle) -> Result<(), RunError> {
    let address = config.http.address()?;
    let health = web::Data::new(health);
    let metrics = web::Data::new(metrics);
    let server = HttpServer::new(move || App::new().app_data(health.clone()).app_data(metrics.clone()).configure(health::routes))
        .workers(config.http.workers)
        .bind(address)
        .map_err(|source| RunError::Listen { address: address.to_string(), source })?;
    tracing::info!(%address, "pages are served");
    server.run().await.map_err(RunError::Serve)
}
