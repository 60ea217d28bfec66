//! Health: is the process alive, can it do its work, and its metrics. For load balancers and monitoring, without sign-in.
//!
//! `/health/live` says only that the process answers: restarting it would not help a dead database.
//! `/health/ready` says whether requests can be served now, and names what is missing.

use crate::config::{Config, ConfigError};
use actix_web::{HttpResponse, web};
use metrics_exporter_prometheus::PrometheusHandle;
use serde::Serialize;
use std::time::Duration;
use tokio_postgres::NoTls;

/// How long a part may take to answer before it counts as missing.
const PATIENCE: Duration = Duration::from_secs(3);

/// What readiness needs to look at.
#[derive(Debug, Clone)]
pub struct Health {
    database: tokio_postgres::Config,
}

/// Readiness, part by part.
#[derive(Debug, Serialize)]
struct Readiness {
    ready: bool,
    database: &'static str,
}

impl Health {
    /// Of this configuration.
    pub fn new(config: &Config) -> Result<Self, ConfigError> {
        let url = config.database.app_url()?;
        let mut database: tokio_postgres::Config = url.reveal().parse().map_err(|error: tokio_postgres::Error| ConfigError::Invalid { key: "database.url", problem: error.to_string() })?;
        database.application_name("shanyraq-health").connect_timeout(PATIENCE);
        Ok(Self { database })
    }

    /// A connection of its own: a busy pool is not a dead database.
    async fn database_answers(&self) -> bool {
        let ask = async {
            let (client, connection) = self.database.connect(NoTls).await?;
            let connection = actix_web::rt::spawn(connection);
            let answer = client.simple_query("select 1").await;
            connection.abort();
            answer
        };
        matches!(tokio::time::timeout(PATIENCE, ask).await, Ok(Ok(_rows)))
    }
}

/// `/health/live`, `/health/ready`, `/metrics`.
pub fn routes(config: &mut web::ServiceConfig) {
    config.route("/health/live", web::get().to(live)).route("/health/ready", web::get().to(ready)).route("/metrics", web::get().to(metrics));
}

async fn live() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("alive\n")
}

async fn ready(health: web::Data<Health>) -> HttpResponse {
    if health.database_answers().await {
        HttpResponse::Ok().json(Readiness { ready: true, database: "answers" })
    } else {
        HttpResponse::ServiceUnavailable().json(Readiness { ready: false, database: "does not answer" })
    }
}

async fn metrics(handle: web::Data<PrometheusHandle>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(handle.render())
}
