//! The rules, pure: facts in, findings out. `events` proves that nothing was lost, doubled, changed or invented; `notices` that
//! the right people were told, and only they.

pub mod events;
pub mod notices;

use std::collections::HashMap;

use crate::{
    ledger::Ledger,
    provider::Provider,
    report::{Counts, Finding, Report},
    stored::Stored,
};

/// What is allowed on the command line.
#[derive(Debug, Clone, Copy)]
pub struct Allowance {
    /// How often the provider may have got the same notice for the same phone again.
    pub duplicates_at_most: usize,
    /// Whether journals that no ledger names may be stored for the ledgers' devices (earlier runs, a demo).
    pub others: Others,
    /// Whether every event must have been acknowledged by the end.
    pub ending: Ending,
}

/// What to think of journals that no ledger names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Others {
    /// Somebody invented them.
    Invented,
    /// They belong to other runs.
    OtherRuns,
}

/// What to think of events neither acknowledged nor wiped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The run was cut off; they are still the terminals'.
    CutOff,
    /// The run ended by itself: there are none.
    Complete,
}

/// Applies every rule.
pub fn check(ledger: &Ledger, stored: &Stored, provider: Option<&Provider>, allowance: Allowance) -> Report {
    let mut findings = events::check(ledger, stored, allowance);
    findings.extend(notices::check(stored));
    if let Some(provider) = provider {
        findings.extend(notices::check_provider(stored, provider, allowance));
    }
    let counts = counts(ledger, stored, provider);
    Report::new(findings, counts)
}

fn counts(ledger: &Ledger, stored: &Stored, provider: Option<&Provider>) -> Counts {
    let devices = ledger.devices();
    let acknowledged = ledger.events.keys().filter(|key| ledger.is_acknowledged(key)).count();
    let mut deliveries: HashMap<String, usize> = HashMap::new();
    for delivery in &stored.deliveries {
        *deliveries.entry(delivery.outcome.clone().unwrap_or_else(|| "open".to_owned())).or_default() += 1;
    }
    Counts {
        made: ledger.events.len(),
        acknowledged,
        open: events::open(ledger).count(),
        wiped: ledger.wiped.len(),
        stored: stored.events.iter().filter(|event| devices.contains(&event.key.device)).count(),
        effects: stored.effects.len(),
        late: stored.effects.iter().filter(|effect| effect.late).count(),
        notices: stored.notices.values().map(Vec::len).sum(),
        deliveries: deliveries.into_iter().collect(),
        accepted: provider.map_or(0, |provider| provider.accepted.len()),
        provider_duplicates: provider.map_or(0, notices::duplicates),
        mischief: ledger.mischief.iter().map(|(what, n)| (what.clone(), *n)).collect(),
    }
}

/// Counts occurrences.
fn tally<K: std::hash::Hash + Eq>(keys: impl Iterator<Item = K>) -> HashMap<K, usize> {
    let mut counts = HashMap::new();
    for key in keys {
        *counts.entry(key).or_default() += 1;
    }
    counts
}

/// A finding over all items.
fn each<T>(rule: &'static str, items: impl Iterator<Item = T>, holds: impl Fn(&T) -> bool, example: impl Fn(&T) -> String) -> Finding {
    let mut finding = Finding::new(rule);
    for item in items {
        finding.check(holds(&item), || example(&item));
    }
    finding
}
