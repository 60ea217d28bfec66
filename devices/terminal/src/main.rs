//! `shanyraq-terminal`: the reference terminal as a program, and the few commands that make allow-lists for it.
//!
//! Exit codes: 0 done, 1 it could not be done, 2 bad arguments.

use std::{
    error::Error,
    fs,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use terminal::{
    config::Config,
    list::{compose::Signer, draft},
    run,
};
use tracing_subscriber::EnvFilter;

#[derive(Debug, Parser)]
#[command(version, about = "The reference terminal of Shanyraq")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Works until it is told to stop.
    Run {
        /// The configuration file.
        #[arg(long)]
        config: PathBuf,
    },
    /// Says whether a configuration can be used.
    Check {
        /// The configuration file.
        #[arg(long)]
        config: PathBuf,
    },
    /// Makes a key that signs allow-lists, and prints the public half for terminals. Never on a terminal.
    ListKey {
        /// Where to keep the key; never over another one.
        #[arg(long)]
        out: PathBuf,
    },
    /// Makes and signs an allow-list.
    List {
        /// What it is to say.
        #[arg(long)]
        draft: PathBuf,
        /// The key that signs it.
        #[arg(long)]
        key: PathBuf,
        /// Where to write it.
        #[arg(long)]
        out: PathBuf,
    },
}

const OVERHEARD: &str = "the password goes through the network unsealed: set broker.authority, unless nobody else is on that network";

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let done = match Arguments::parse().command {
        Command::Run { config } => work(&config),
        Command::Check { config } => check(&config),
        Command::ListKey { out } => make_key(&out),
        Command::List { draft, key, out } => make_list(&draft, &key, &out),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("shanyraq-terminal: {error}");
            ExitCode::FAILURE
        }
    }
}

fn work(config: &Path) -> Result<(), Box<dyn Error>> {
    // The other half of TLS is chosen here; a second choice would be the same one.
    rustls::crypto::ring::default_provider().install_default().ok();
    let config = Config::read(config)?;
    if config.account.is_overheard() {
        tracing::warn!("{OVERHEARD}");
    }
    Ok(run::run(config)?)
}

fn check(config: &Path) -> Result<(), Box<dyn Error>> {
    let config = Config::read(config)?;
    if config.account.is_overheard() {
        println!("{OVERHEARD}");
    }
    println!("{} of {} at {}:{}: the configuration can be used", config.account.device, config.account.school, config.account.host, config.account.port);
    Ok(())
}

fn make_key(out: &Path) -> Result<(), Box<dyn Error>> {
    let key = Signer::generate()?;
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(out)?.write_all(&key)?;
    let digits: String = Signer::read(&key)?.public_key().iter().map(|byte| format!("{byte:02x}")).collect();
    println!("{digits}");
    Ok(())
}

fn make_list(draft: &Path, key: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let bytes = draft::read(draft)?.sign(&Signer::read(&fs::read(key)?)?)?;
    // Whole at once, as whoever looks for lists expects.
    let fresh = out.with_added_extension("new");
    fs::write(&fresh, bytes)?;
    fs::rename(&fresh, out)?;
    Ok(())
}
