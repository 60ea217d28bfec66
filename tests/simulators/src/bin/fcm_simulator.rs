//! `fcm-simulator`: Firebase Cloud Messaging as a client sees it, on 127.0.0.1.
//!
//! A simulator: nothing reaches a phone. It serves HTTP/2 in clear text (prior
//! knowledge) and HTTP/1.1 on one port, writes a service account for the client,
//! and prints one line when it is ready:
//!
//! ```text
//! $ fcm-simulator --service-account sa.json --log arrivals.jsonl --latency-ms 50 --unavailable 0.02
//! {"ready":true,"base":"http://127.0.0.1:41234","service_account":"sa.json"}
//! ```
//!
//! # Served
//!
//! | request | answer |
//! |---|---|
//! | `POST /token` | an access token for an RS256 assertion of that account; 400 or 401 with OAuth's error otherwise |
//! | `POST /v1/projects/{project}/messages:send` | `{"name": …}`, or Google's error JSON: 400, 401, 403, 404, 429, 500, 503; or no answer; or a TCP reset |
//! | `GET /stats` | counters since the start, and the settings |
//! | `POST /control` | changes settings; all fields optional, answers the settings now |
//!
//! `/control` takes `{"faults": {"unavailable": 0.1, "unavailable_later": 0, "quota": 0, "internal": 0, "stall": 0,
//! "reset": 0}, "latency": {"latency_ms": 50, "latency_p99_ms": 400}, "token_lifetime_s": 3600, "retry_after_s": 1,
//! "failures": 2, "revoke_tokens": true, "forget_script": true}`. A given `faults` or `latency` replaces the whole of
//! it. Revoked access tokens are answered 401, so that a client must fetch a new one.
//!
//! # Faults
//!
//! By chance, seeded (`--seed`), for ordinary tokens: `--unavailable` (503), `--unavailable-later` (503 with
//! Retry-After), `--quota` (429 with Retry-After), `--internal` (500), `--stall` (never answered), `--reset`
//! (TCP reset, with all else in flight on that connection). By the device token's prefix, certain:
//!
//! | prefix | outcome |
//! |---|---|
//! | `gone-` `bad-` `alien-` `thirdparty-` | always 404 UNREGISTERED, 400 INVALID_ARGUMENT, 403 SENDER_ID_MISMATCH, 401 THIRD_PARTY_AUTH_ERROR |
//! | `busy-` `down-` `later-` `broken-` | first N sends 429 with Retry-After, 503, 503 with Retry-After, 500; then accepted. N is `--failures`, or in the token: `busy-3-x` |
//! | `stall-` `reset-` | the first send stalls, resets; then accepted. `reset-2-x`: the first two |
//!
//! # Journal
//!
//! `--log` appends one JSON object per line, written within 20 ms: `start`, `token`, `send` and `unanswered`
//! (see `simulators::fcm::journal::Line`). A `send` is written when it is decided, before its latency passes:
//! `{"kind":"send","at":1795300000123,"n":17,"conn":3,"http":"2","project":"…","token":"…","notice":"…",
//! "data":{…},"outcome":"accepted","status":200,"latency_ms":52}`. Outcomes: `accepted validated unauthenticated
//! permission_denied malformed bad_token unregistered sender_mismatch third_party_auth quota unavailable
//! unavailable_later internal stall reset`. Only `accepted` reaches a phone. If its answer could not be given (the client died, gave
//! up, or lost the connection to a neighbour's reset), `{"kind":"unanswered","at":…,"n":17}` follows: that
//! notice may rightly come again.
//!
//! It ends on SIGTERM, SIGINT, `--for-seconds`, or with its parent (`--exit-with-parent`), journal complete.

use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use serde_json::json;
use simulators::fcm::faults::SettingsError;
use simulators::fcm::journal::{self, Journal, Line};
use simulators::fcm::options::Options;
use simulators::fcm::server;
use simulators::fcm::service_account::{AccountError, ServiceAccount};
use simulators::fcm::simulator::{Simulator, now_ms};
use simulators::life;
use thiserror::Error;
use tokio::net::TcpListener;

/// Why the simulator could not start, or had to end early.
#[derive(Debug, Error)]
enum RunError {
    #[error("{0}")]
    Settings(#[from] SettingsError),
    #[error("{0}")]
    Account(#[from] AccountError),
    #[error("cannot listen on 127.0.0.1: {0}")]
    Listen(io::Error),
    #[error("the journal cannot be written: {0}")]
    Journal(io::Error),
    #[error("{0}")]
    System(io::Error),
}

/// As the hub's: what the simulator costs, the hub does not have.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

// One thread: the simulator shares the machine with what it tests.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("fcm-simulator: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), RunError> {
    let settings = options.settings().checked()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))
        .await
        .map_err(RunError::Listen)?;
    let base = format!(
        "http://{}",
        listener.local_addr().map_err(RunError::Listen)?
    );
    let account = ServiceAccount::new(&options.project, &base, options.key_file.as_deref())?;
    account.write(&options.service_account)?;

    let file = options
        .log
        .as_deref()
        .map(journal::open)
        .transpose()
        .map_err(RunError::Journal)?;
    let journal = if file.is_some() {
        Journal::kept()
    } else {
        Journal::forgotten()
    };
    journal.write(&Line::Start {
        at: now_ms(),
        base: &base,
    });
    let simulator = Arc::new(Simulator::new(
        account,
        journal.clone(),
        settings,
        options.seed,
    ));
    let serving = tokio::spawn(server::serve(listener, simulator, options.max_streams));
    let ending = life::ending(options.for_seconds, options.exit_with_parent).map_err(RunError::System)?;
    announce(&base, &options).map_err(RunError::System)?;

    match file {
        Some(file) => journal
            .keep(file, ending)
            .await
            .map_err(RunError::Journal)?,
        None => ending.await,
    }
    serving.abort();
    Ok(())
}

fn announce(base: &str, options: &Options) -> io::Result<()> {
    let ready = json!({ "ready": true, "base": base, "service_account": options.service_account });
    let mut out = io::stdout().lock();
    writeln!(out, "{ready}")?;
    out.flush()
}
