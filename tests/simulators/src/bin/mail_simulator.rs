//! `mail-simulator`: a mail server as its clients see it, on 127.0.0.1, for demonstrations and tests.
//!
//! A simulator: no letter leaves it. It prints one line when ready:
//!
//! ```text
//! $ mail-simulator
//! {"ready":true,"smtp":"127.0.0.1:41234","base":"http://127.0.0.1:41235"}
//! ```
//!
//! | where | what |
//! |---|---|
//! | SMTP | takes every letter, unless a plan says otherwise |
//! | `GET /` | the letters as a page, the newest first: what a person sees in their mailbox |
//! | `GET /letters?to=a@b.kz` | the same as JSON, as they came |
//! | `POST /control` with `{"plan": [{"to": "a@b.kz", "does": "defer", "times": 2}]}` | what goes wrong: `defer` (451), `refuse` (550), `reject` (554), `stall`, `hang_up`; `{"forget": true}` ends all plans |
//!
//! It ends on SIGTERM, SIGINT, `--for-seconds`, or with its parent (`--exit-with-parent`).

use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use serde_json::json;
use simulators::life;
use simulators::mail::{self, Shared, pages};
use tokio::net::TcpListener;

/// A SIMULATOR of a mail server on 127.0.0.1, for demonstrations and tests
#[derive(Debug, Parser)]
#[command(name = "mail-simulator", version)]
struct Options {
    /// port of SMTP on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// port of the pages on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pages_port: u16,
    /// end after this time
    #[arg(long, value_name = "N")]
    for_seconds: Option<u64>,
    /// end when standard input is closed, as it is when the parent dies
    #[arg(long)]
    exit_with_parent: bool,
}

// One thread: the simulator shares the machine with what it tests.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mail-simulator: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> io::Result<()> {
    let Options { port, pages_port, for_seconds, exit_with_parent } = options;
    let smtp = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let http = TcpListener::bind((Ipv4Addr::LOCALHOST, pages_port)).await?;
    let said = json!({ "ready": true, "smtp": smtp.local_addr()?.to_string(), "base": format!("http://{}", http.local_addr()?) });
    let shared = Arc::new(Shared::default());
    let taking = tokio::spawn(mail::serve(smtp, Arc::clone(&shared)));
    let showing = tokio::spawn(pages::serve(http, shared));
    let ending = life::ending(for_seconds, exit_with_parent)?;
    let mut out = io::stdout().lock();
    writeln!(out, "{said}")?;
    out.flush()?;
    drop(out);
    ending.await;
    taking.abort();
    showing.abort();
    Ok(())
}
