//! The program that keeps the house: rules about the repository that no compiler checks.
//!
//! Each test walks every file and names each place that breaks its rule, as `path:line: what is wrong`. An exception stands in the
//! list beside the rule, with its reason; an exception that is needed no longer is an error too, so that the lists only shrink.

mod dependencies;
mod invariants;
mod migrations;
mod rooms;
mod templates;
mod texts;
mod watch;
mod words;

/// Fails with every violation, one a line.
fn clean(violations: &[String]) {
    assert!(violations.is_empty(), "{} places break the rule\n{}", violations.len(), violations.join("\n"));
}

/// Exceptions to a rule by path, each with its reason.
type Exceptions = &'static [(&'static str, &'static str)];

/// Leaves out what is excepted, and adds exceptions that nothing needs.
fn except(violations: Vec<(String, String)>, exceptions: Exceptions) -> Vec<String> {
    let excepted = |path: &str| exceptions.iter().any(|(allowed, _)| path == *allowed);
    let idle = exceptions.iter().filter(|(allowed, _)| !violations.iter().any(|(path, _)| path == allowed)).map(|(allowed, _)| format!("{allowed}: its exception is needed no longer"));
    let left = violations.iter().filter(|(path, _)| !excepted(path)).map(|(path, what)| format!("{path}{what}"));
    left.chain(idle).collect()
}
