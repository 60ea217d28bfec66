//! `checker`: proves from three independent witnesses that the hub kept its promises. The witnesses are the swarm's ledgers
//! (what was made and what was acknowledged), the database by plain SQL, and the push simulator's log. Links no crate of the
//! hub, so that it cannot share the hub's mistakes.
//!
//! The report is JSON on standard output and text on standard error. Exit codes: 0 every rule holds, 1 a rule is broken, 2 the
//! witnesses cannot be heard.

mod ledger;
mod provider;
mod report;
mod rules;
#[cfg(test)]
mod scenes;
mod stored;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::Parser;

use crate::{
    ledger::Ledger,
    provider::Provider,
    report::Report,
    rules::{Allowance, Ending, Others},
};

/// Proves that the hub kept its promises.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// A ledger of the swarm; may be given several times.
    #[arg(long, required = true)]
    ledger: Vec<PathBuf>,
    /// The database, as a superuser or its owner.
    #[arg(long)]
    database: String,
    /// A log of the push simulator; may be given several times. Without any, the provider's rules are left out.
    #[arg(long)]
    fcm: Vec<PathBuf>,
    /// How often the provider may have got the same notice for the same phone again.
    #[arg(long, default_value_t = 0)]
    duplicates_at_most: usize,
    /// Waits so long for open deliveries to end.
    #[arg(long, default_value_t = 0)]
    settle_seconds: u64,
    /// The devices may have stored journals that no ledger names: from earlier runs.
    #[arg(long)]
    other_runs: bool,
    /// The run ended by itself: every event must be acknowledged or wiped.
    #[arg(long)]
    complete: bool,
}

/// Why a witness cannot be heard.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Ledger(#[from] ledger::Unusable),
    #[error(transparent)]
    Provider(#[from] provider::Unusable),
    #[error("the database: {0:?}")]
    Database(#[from] tokio_postgres::Error),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let report = match run(&Arguments::parse()).await {
        Ok(report) => report,
        Err(failure) => {
            eprintln!("checker: {failure}");
            return ExitCode::from(2);
        }
    };
    eprint!("{}", report.text());
    match serde_json::to_string(&report) {
        Ok(json) => println!("{json}"),
        Err(_) => return ExitCode::from(2),
    }
    if report.holds { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

async fn run(arguments: &Arguments) -> Result<Report, Failure> {
    let mut ledger = Ledger::default();
    arguments.ledger.iter().try_for_each(|path| ledger.load(path))?;
    let mut client = stored::connect(&arguments.database).await?;
    stored::settle(&client, Duration::from_secs(arguments.settle_seconds)).await?;
    let stored = stored::load(&mut client).await?;
    // After the database: what is called sent there was in the log before.
    let mut provider = Provider::default();
    arguments.fcm.iter().try_for_each(|path| provider.load(path))?;
    let allowance = Allowance {
        duplicates_at_most: arguments.duplicates_at_most,
        others: if arguments.other_runs { Others::OtherRuns } else { Others::Invented },
        ending: if arguments.complete { Ending::Complete } else { Ending::CutOff },
    };
    Ok(rules::check(&ledger, &stored, (!arguments.fcm.is_empty()).then_some(&provider), allowance))
}
