//! The command line.

use std::path::PathBuf;

use clap::Parser;

use super::faults::{Faults, Latency};
use super::simulator::Settings;

/// A SIMULATOR of Firebase Cloud Messaging (HTTP v1, OAuth) on 127.0.0.1, for tests, demos and load
#[derive(Debug, Parser)]
#[command(name = "fcm-simulator", version)]
pub struct Options {
    /// port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// where to write the service account's JSON for the client
    #[arg(long, value_name = "FILE")]
    pub service_account: PathBuf,
    /// PKCS#8 PEM key of that account instead of the built-in test-only key
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// project id
    #[arg(long, default_value = "shanyraq-simulated")]
    pub project: String,
    /// journal of arrivals, JSON lines, appended
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// seed of faults and latency
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// sends that fail to tokens beginning busy-, down-, later-, broken-, unless the token says how many
    #[arg(long, default_value_t = 2, value_name = "N")]
    pub failures: u32,
    /// Retry-After of 429 and 503
    #[arg(long, default_value_t = 1, value_name = "S")]
    pub retry_after_s: u64,
    /// lifetime of access tokens
    #[arg(long, default_value_t = 3600, value_name = "S")]
    pub token_lifetime_s: u64,
    /// concurrent streams each HTTP/2 connection allows; the real service allows 100
    #[arg(long, default_value_t = 100, value_name = "N")]
    pub max_streams: u32,
    /// faults by chance
    #[command(flatten)]
    pub faults: Faults,
    /// the time an answer takes
    #[command(flatten)]
    pub latency: Latency,
    /// end after this time
    #[arg(long, value_name = "N")]
    pub for_seconds: Option<u64>,
    /// end when standard input is closed, as it is when the parent dies
    #[arg(long)]
    pub exit_with_parent: bool,
}

impl Options {
    /// The part that can be changed later.
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings {
            faults: self.faults,
            latency: self.latency,
            token_lifetime_s: self.token_lifetime_s,
            retry_after_s: self.retry_after_s,
            failures: self.failures,
        }
    }
}
