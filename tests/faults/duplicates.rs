//! A phone gets a notice twice only where nobody can know better: the hub was killed, or the provider's answer was lost on the way.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

/// How long before a kill a send may have been accepted whose outcome was still on its way to its row.
const ON_ITS_WAY_MS: i64 = 5_000;

/// Every repetition, with whether a kill or a lost answer explains it.
#[derive(Debug, Default)]
pub struct Repetitions {
    /// Explained by a kill of the hub.
    pub by_kill: usize,
    /// Explained by an answer that the provider could not give.
    pub by_lost_answer: usize,
    /// Not explained.
    pub unexplained: Vec<String>,
}

/// Reads the push simulator's journal. `kills_ms` are the moments at which the hub was killed.
pub fn repetitions(journal: &Path, kills_ms: &[i64]) -> Repetitions {
    let text = std::fs::read_to_string(journal).expect("the push journal");
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).expect("a line of the push journal")).collect();
    let unanswered: HashSet<i64> = lines.iter().filter(|line| line["kind"] == "unanswered").filter_map(|line| line["n"].as_i64()).collect();
    let mut accepted: HashMap<(String, String), Vec<(i64, i64)>> = HashMap::new();
    for line in lines.iter().filter(|line| line["kind"] == "send" && line["outcome"] == "accepted") {
        let name = |field: &str| line[field].as_str().unwrap_or_default().to_owned();
        let when = (line["at"].as_i64().expect("a time"), line["n"].as_i64().expect("a number"));
        accepted.entry((name("notice"), name("token"))).or_default().push(when);
    }
    let mut found = Repetitions::default();
    for (what, sends) in accepted {
        // Each send but the last needs a reason for having been repeated.
        let (_, before_the_last) = sends.split_last().expect("at least one");
        for (at, n) in before_the_last {
            if kills_ms.iter().any(|kill| (*kill - ON_ITS_WAY_MS..=*kill).contains(at)) {
                found.by_kill += 1;
            } else if unanswered.contains(n) {
                found.by_lost_answer += 1;
            } else {
                found.unexplained.push(format!("{what:?}: {sends:?}"));
            }
        }
    }
    found
}
