//! What the rules found: each with how much it looked at, how often it was broken, and up to ten examples.

use serde::Serialize;

/// Examples shown of a broken rule.
const EXAMPLES: usize = 10;

/// One rule's outcome.
#[derive(Debug, Serialize)]
pub struct Finding {
    /// The rule's name.
    pub rule: &'static str,
    /// How many things it looked at.
    pub checked: usize,
    /// How many broke it.
    pub broken: usize,
    /// Some of those.
    pub examples: Vec<String>,
}

impl Finding {
    /// A rule that has looked at nothing yet.
    pub fn new(rule: &'static str) -> Self {
        Self { rule, checked: 0, broken: 0, examples: Vec::new() }
    }

    /// Looks at one thing; the example is only made where the rule is broken.
    pub fn check(&mut self, holds: bool, example: impl FnOnce() -> String) {
        self.checked += 1;
        if !holds {
            self.broken += 1;
            if self.examples.len() < EXAMPLES {
                self.examples.push(example());
            }
        }
    }
}

/// All rules' outcomes.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Whether no rule is broken.
    pub holds: bool,
    /// Every rule.
    pub findings: Vec<Finding>,
    /// What was counted besides.
    pub counts: Counts,
}

/// What was counted besides.
#[derive(Debug, Default, Serialize)]
pub struct Counts {
    /// Events of the ledgers.
    pub made: usize,
    /// Of those, acknowledged.
    pub acknowledged: usize,
    /// Neither acknowledged nor wiped.
    pub open: usize,
    /// Wiped before any acknowledgement.
    pub wiped: usize,
    /// Events stored for the ledgers' devices.
    pub stored: usize,
    /// Rows of pass and meal.
    pub effects: usize,
    /// Of those, late.
    pub late: usize,
    /// Rows of notice.
    pub notices: usize,
    /// Rows of delivery, by outcome.
    pub deliveries: std::collections::BTreeMap<String, usize>,
    /// Sends accepted by the provider.
    pub accepted: usize,
    /// Of those, repetitions of the same notice to the same phone.
    pub provider_duplicates: usize,
    /// Mischief played, by kind.
    pub mischief: std::collections::BTreeMap<String, usize>,
}

impl Report {
    /// The report of all findings.
    pub fn new(findings: Vec<Finding>, counts: Counts) -> Self {
        Self { holds: findings.iter().all(|finding| finding.broken == 0), findings, counts }
    }

    /// For people.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for finding in &self.findings {
            let verdict = if finding.broken == 0 { "holds " } else { "BROKEN" };
            text.push_str(&format!("{verdict} {} ({} of {} broken)\n", finding.rule, finding.broken, finding.checked));
            for example in &finding.examples {
                text.push_str(&format!("         {example}\n"));
            }
        }
        let counts = serde_json::to_string(&self.counts).unwrap_or_default();
        text + &counts + "\n" + if self.holds { "All rules hold.\n" } else { "A rule is broken.\n" }
    }
}
