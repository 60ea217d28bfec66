//! Logs and metrics of this process.

use crate::config::{Config, Log, LogFormat};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// Why nothing can be observed.
#[derive(Debug, thiserror::Error)]
pub enum ObserveError {
    /// The filter is wrong.
    #[error("log.filter {filter:?} is wrong: {source}")]
    Filter {
        /// The filter.
        filter: String,
        /// Why.
        source: tracing_subscriber::filter::ParseError,
    },
    /// The recorder cannot be installed.
    #[error("metrics: {0}")]
    Metrics(#[from] BuildError),
}

/// Starts logging to standard error, so that standard output stays free for what a command prints.
pub fn start_logs(log: &Log) -> Result<(), ObserveError> {
    let filter = EnvFilter::try_new(&log.filter).map_err(|source| ObserveError::Filter { filter: log.filter.clone(), source })?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    match log.format {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
    Ok(())
}

/// Seconds: from a fast statement to a delivery that was retried.
const BUCKETS: [f64; 16] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0, 600.0];

/// Starts the recorder of metrics; the handle renders them.
pub fn start_metrics(config: &Config) -> Result<PrometheusHandle, ObserveError> {
    let handle = PrometheusBuilder::new().set_buckets(&BUCKETS)?.install_recorder()?;
    metrics::describe_gauge!("shanyraq_info", "Constant 1, with the program's version and mode.");
    metrics::gauge!("shanyraq_info", "version" => env!("CARGO_PKG_VERSION"), "mode" => format!("{:?}", config.mode).to_lowercase()).set(1.0);
    Ok(handle)
}
