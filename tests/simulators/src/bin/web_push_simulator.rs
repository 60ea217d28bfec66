//! `web-push-simulator`: the push service of a browser's vendor as a sender sees it, on 127.0.0.1.
//!
//! A simulator: nothing reaches a browser. It makes subscriptions and keeps the private keys that a browser would, so that it can say what
//! the browser would have been given; a test hands that to the real worker by Chromium's debugging protocol. It prints one line when ready:
//!
//! ```text
//! $ web-push-simulator --log arrivals.jsonl --latency-ms 50 --unavailable 0.02
//! {"ready":true,"base":"http://127.0.0.1:41234"}
//! ```
//!
//! | request | answer |
//! |---|---|
//! | `POST /subscribe` with `{"key": "<sender's public key>", "name": "…"}` | the subscription as `PushSubscription.toJSON()` gives it |
//! | `POST /push/{name}` | 201, or 400, 403, 404, 410, 413, 429, 500, 503; or no answer; or a TCP reset |
//! | `GET /messages?of={name}` | what arrived, opened: `[{"n":1,"subscription":"…","outcome":"accepted","topic":"…","ttl":3600,"text":"…"}]` |
//! | `GET /stats`, `POST /control` | counters; changes of faults, latency, `retry_after_s`, `failures` |
//!
//! A name may tell what happens: `gone-` 404, `left-` 410, `small-` takes 200 bytes, and for the first N sends `busy-` 429 with Retry-After,
//! `down-` 503, `later-` 503 with Retry-After, `broken-` 500, `stall-`, `reset-` (`busy-3-x`: the first three). `--log` appends the ledger,
//! one JSON object a line. It ends on SIGTERM, SIGINT, `--for-seconds`, or with its parent (`--exit-with-parent`).

use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use serde_json::json;
use simulators::fcm::faults::{Faults, Latency, SettingsError};
use simulators::fcm::journal::{self, Journal};
use simulators::life;
use simulators::web_push::server;
use simulators::web_push::simulator::{Settings, Simulator};
use thiserror::Error;
use tokio::net::TcpListener;

/// A SIMULATOR of a browser vendor's push service (RFC 8030, 8291, 8292) on 127.0.0.1, for tests and load
#[derive(Debug, Parser)]
#[command(name = "web-push-simulator", version)]
struct Options {
    /// port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// ledger of arrivals, JSON lines, appended
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// seed of faults and latency
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// sends that fail to subscriptions named busy-, down-, later-, broken-, unless the name says how many
    #[arg(long, default_value_t = 2, value_name = "N")]
    failures: u32,
    /// Retry-After of 429 and 503
    #[arg(long, default_value_t = 1, value_name = "S")]
    retry_after_s: u64,
    /// faults by chance
    #[command(flatten)]
    faults: Faults,
    /// the time an answer takes
    #[command(flatten)]
    latency: Latency,
    /// end after this time
    #[arg(long, value_name = "N")]
    for_seconds: Option<u64>,
    /// end when standard input is closed, as it is when the parent dies
    #[arg(long)]
    exit_with_parent: bool,
}

#[derive(Debug, Error)]
enum RunError {
    #[error("{0}")]
    Settings(#[from] SettingsError),
    #[error("{0}")]
    System(#[from] io::Error),
}

// One thread: the simulator shares the machine with what it tests.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("web-push-simulator: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), RunError> {
    let Options { port, log, seed, failures, retry_after_s, faults, latency, for_seconds, exit_with_parent } = options;
    let settings = Settings { faults, latency, retry_after_s, failures }.checked()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let base = format!("http://{}", listener.local_addr()?);
    let file = log.as_deref().map(journal::open).transpose()?;
    let journal = if file.is_some() { Journal::kept() } else { Journal::forgotten() };
    let simulator = Arc::new(Simulator::new(base.clone(), journal.clone(), settings, seed));
    let serving = tokio::spawn(server::serve(listener, simulator));
    let ending = life::ending(for_seconds, exit_with_parent)?;
    let mut out = io::stdout().lock();
    writeln!(out, "{}", json!({ "ready": true, "base": base }))?;
    out.flush()?;
    drop(out);
    match file {
        Some(file) => journal.keep(file, ending).await?,
        None => ending.await,
    }
    serving.abort();
    Ok(())
}
