//! A phone gets a notice twice only where nobody can know better: the hub was killed, or the provider's answer was lost on the way.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

/// How long before a kill a send may have been accepted whose outcome was still on its way to its row.
const ON_ITS_WAY_MS: i64 = 5_000;
/// An answer due this close to its connection's reset may have been lost without the simulator's knowing: a reset discards what the
/// hub has not read yet, and what was handed over but has not left.
const UNREAD_MS: u64 = 500;

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
    let sends: Vec<Send> = lines.iter().filter(|line| line["kind"] == "send").map(Send::read).collect();
    let resets: Vec<&Send> = sends.iter().filter(|send| send.outcome == "reset").collect();
    let discarded = |send: &Send| resets.iter().any(|reset| reset.connection == send.connection && reset.answered_ms.abs_diff(send.answered_ms) < UNREAD_MS);
    let mut accepted: HashMap<(&str, &str), Vec<&Send>> = HashMap::new();
    for send in sends.iter().filter(|send| send.outcome == "accepted") {
        accepted.entry((&send.notice, &send.token)).or_default().push(send);
    }
    let mut found = Repetitions::default();
    for (what, sends) in accepted {
        // Each send but the last needs a reason for having been repeated.
        let (_, before_the_last) = sends.split_last().expect("at least one");
        for send in before_the_last {
            if kills_ms.iter().any(|kill| (*kill - ON_ITS_WAY_MS..=*kill).contains(&send.at_ms)) {
                found.by_kill += 1;
            } else if unanswered.contains(&send.number) || discarded(send) {
                found.by_lost_answer += 1;
            } else {
                found.unexplained.push(format!("{what:?}: {sends:?}"));
            }
        }
    }
    found
}

/// A send, as the push simulator decided it.
#[derive(Debug)]
struct Send {
    number: i64,
    connection: i64,
    notice: String,
    token: String,
    outcome: String,
    at_ms: i64,
    /// When the answer left, or the connection was reset instead.
    answered_ms: i64,
}

impl Send {
    fn read(line: &serde_json::Value) -> Self {
        let text = |field: &str| line[field].as_str().unwrap_or_default().to_owned();
        let number = |field: &str| line[field].as_i64().unwrap_or_default();
        Self {
            number: number("n"),
            connection: number("conn"),
            notice: text("notice"),
            token: text("token"),
            outcome: text("outcome"),
            at_ms: number("at"),
            answered_ms: number("at") + number("latency_ms"),
        }
    }
}
