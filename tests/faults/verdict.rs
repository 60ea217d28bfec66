//! The checker's verdict on a house after a load.

use std::{collections::BTreeSet, process::Command};

use crate::{house::House, programs::Program};

/// What the checker found.
#[derive(Debug)]
pub struct Verdict {
    /// Whether every rule holds.
    pub holds: bool,
    /// The rules that do not.
    pub broken: BTreeSet<String>,
    /// Events that terminals were told are durable.
    pub acknowledged: u64,
    /// Events that are.
    pub stored: u64,
    /// Pushes that the provider took. A verdict about nothing told is worth nothing: whoever asks for one looks that there were some.
    pub told: u64,
    /// The whole report, for people.
    pub text: String,
}

/// Asks the checker. `complete` demands that everything was acknowledged; `duplicates` is what the provider may have got twice.
pub fn verdict(house: &House, duplicates: usize, further: &[&str]) -> Verdict {
    let mut command = Command::new(Program::Checker.path());
    command.arg("--ledger").arg(house.folder.join("ledger.jsonl")).arg("--fcm").arg(house.push_journal());
    command.arg("--database").arg(house.database.superuser_url());
    command.args(["--duplicates-at-most", &duplicates.to_string()]).args(further);
    let output = command.output().expect("running the checker");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("the checker could not judge:\n{text}"));
    let findings = report["findings"].as_array().expect("findings");
    let broken = findings.iter().filter(|finding| finding["broken"] != 0).filter_map(|finding| finding["rule"].as_str()).map(str::to_owned).collect();
    let count = |name: &str| report["counts"][name].as_u64().expect("a count");
    Verdict { holds: report["holds"] == true, broken, acknowledged: count("acknowledged"), stored: count("stored"), told: count("accepted"), text }
}
