//! `telegram-simulator`: Telegram's Bot API as a bot sees it, on 127.0.0.1, for demonstrations and tests.
//!
//! A simulator: nothing reaches Telegram. It prints one line when ready:
//!
//! ```text
//! $ telegram-simulator --token-file token --bot shanyraq_demo_bot
//! {"ready":true,"base":"http://127.0.0.1:41234"}
//! ```
//!
//! | request | answer |
//! |---|---|
//! | `POST /bot{token}/getMe`, `…/getUpdates`, `…/sendMessage` | as the Bot API: 200, or 400, 401, 403, 404, 409, 429, 5xx; or no answer; or a TCP reset |
//! | `POST /say` with `{"chat": 7, "text": "/start CODE", "language": "ru"}` | somebody writes to the bot |
//! | `POST /block` with `{"chat": 7}` | somebody blocks it |
//! | `GET /messages?chat=7` | what the bot sent, with outcomes |
//! | `POST /control` with `{"faults": {…}, "retry_after_s": 1, "per_chat_ms": 1000, "plan": [{"chat": 7, "status": 429, "times": 2, "retry_after": 3}]}` | what goes wrong |
//! | `GET /{bot}?start=CODE`, then `/chat-{n}` | a chat as a page: what a person sees who follows the link to the bot |
//!
//! It ends on SIGTERM, SIGINT, `--for-seconds`, or with its parent (`--exit-with-parent`).

use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use serde_json::json;
use simulators::life;
use simulators::telegram::server;
use simulators::telegram::simulator::Simulator;
use tokio::net::TcpListener;

/// A SIMULATOR of Telegram's Bot API on 127.0.0.1, for demonstrations and tests
#[derive(Debug, Parser)]
#[command(name = "telegram-simulator", version)]
struct Options {
    /// port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// the file with the bot's token
    #[arg(long, value_name = "FILE")]
    token_file: PathBuf,
    /// the bot's user name
    #[arg(long, default_value = "shanyraq_demo_bot")]
    bot: String,
    /// milliseconds between two messages of one chat; 0 sets no limit
    #[arg(long, default_value_t = 1000)]
    per_chat_ms: u64,
    /// seed of faults
    #[arg(long, default_value_t = 1)]
    seed: u64,
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
            eprintln!("telegram-simulator: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> io::Result<()> {
    let Options { port, token_file, bot, per_chat_ms, seed, for_seconds, exit_with_parent } = options;
    let token = std::fs::read_to_string(token_file)?.trim().to_owned();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let base = format!("http://{}", listener.local_addr()?);
    let simulator = Arc::new(Simulator::new(token, bot, seed));
    simulator.control(json!({ "per_chat_ms": per_chat_ms }).to_string().as_bytes()).map_err(io::Error::other)?;
    let serving = tokio::spawn(server::serve(listener, simulator));
    let ending = life::ending(for_seconds, exit_with_parent)?;
    let mut out = io::stdout().lock();
    writeln!(out, "{}", json!({ "ready": true, "base": base }))?;
    out.flush()?;
    drop(out);
    ending.await;
    serving.abort();
    Ok(())
}
