//! The swarm's ledger as facts: which events were made, what was acknowledged, what was wiped or lost, which mischief was played.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    io::{BufRead, BufReader},
    path::Path,
    sync::Arc,
};

use serde::Deserialize;

/// The name of an event: device, journal, number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The device's code.
    pub device: Arc<str>,
    /// The journal's name.
    pub store: Arc<str>,
    /// The number.
    pub seq: i64,
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{}", self.device, self.store, self.seq)
    }
}

/// What the hub owes an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expect {
    /// Its effect: one row of pass or meal.
    Row,
    /// No effect, and a dead letter.
    Dead,
    /// Only to be kept.
    Kept,
}

/// An event as the terminal wrote it.
#[derive(Debug, Clone, Deserialize)]
pub struct Made {
    /// The school's code.
    pub school: String,
    /// pass, meal, alarm, lost, or an unknown kind.
    pub kind: String,
    /// What the hub owes.
    pub expect: Expect,
    /// The card.
    pub card: Option<String>,
    /// in or out.
    pub direction: Option<String>,
    /// What was eaten.
    pub item: Option<String>,
    /// At what price.
    pub price_tiyn: Option<i64>,
    /// The device's time.
    pub at_ms: i64,
    /// `at` with the offset that the device knew.
    pub occurred_ms: i64,
}

/// One line of the ledger.
#[derive(Debug, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
enum Line {
    Event { device: String, store: String, seq: i64, #[serde(flatten)] made: Made },
    Acked { device: String, store: String, upto: i64, have: Vec<(i64, i64)> },
    Wiped { device: String, store: String, seqs: Vec<i64> },
    Lost { device: String, store: String, from: i64, to: i64 },
    Mischief { what: String, store: String },
    Summary,
}

/// Numbers that were acknowledged for one journal.
#[derive(Debug, Default)]
pub struct Acknowledged {
    /// The greatest `upto`.
    pub upto: i64,
    /// Every stretch ever named.
    pub have: BTreeSet<(i64, i64)>,
}

impl Acknowledged {
    /// Whether the number was acknowledged.
    pub fn covers(&self, seq: i64) -> bool {
        seq <= self.upto || self.have.iter().any(|&(from, to)| from <= seq && seq <= to)
    }

    /// The greatest number acknowledged.
    pub fn most(&self) -> i64 {
        self.have.iter().map(|&(_, to)| to).max().unwrap_or(0).max(self.upto)
    }
}

/// A journal: device and store.
pub type Journal = (Arc<str>, Arc<str>);

/// All ledgers together.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Every event made.
    pub events: HashMap<Key, Made>,
    /// What was acknowledged.
    pub acknowledged: HashMap<Journal, Acknowledged>,
    /// Events that went with a wiped flash before any acknowledgement.
    pub wiped: HashSet<Key>,
    /// Numbers declared lost.
    pub lost: HashMap<Journal, Vec<(i64, i64)>>,
    /// Journals' names under which only mischief was sent: nothing of theirs may be stored.
    pub strays: HashSet<Arc<str>>,
    /// How much mischief of each kind.
    pub mischief: HashMap<String, usize>,
    names: HashSet<Arc<str>>,
}

/// Why a ledger cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// The file cannot be read.
    #[error("cannot read {0}: {1}")]
    Io(String, std::io::Error),
    /// A line is none of ours.
    #[error("{0}, line {1}: {2}")]
    Line(String, usize, serde_json::Error),
}

impl Ledger {
    /// Adds a ledger file.
    pub fn load(&mut self, path: &Path) -> Result<(), Unusable> {
        let name = path.display().to_string();
        let file = std::fs::File::open(path).map_err(|error| Unusable::Io(name.clone(), error))?;
        for (number, line) in BufReader::new(file).lines().enumerate() {
            let line = line.map_err(|error| Unusable::Io(name.clone(), error))?;
            self.add(&line).map_err(|error| Unusable::Line(name.clone(), number + 1, error))?;
        }
        Ok(())
    }

    /// Adds one line.
    pub fn add(&mut self, line: &str) -> Result<(), serde_json::Error> {
        match serde_json::from_str(line)? {
            Line::Event { device, store, seq, made } => {
                let key = Key { device: self.name(&device), store: self.name(&store), seq };
                self.events.insert(key, made);
            }
            Line::Acked { device, store, upto, have } => {
                let journal = (self.name(&device), self.name(&store));
                let acknowledged = self.acknowledged.entry(journal).or_default();
                acknowledged.upto = acknowledged.upto.max(upto);
                acknowledged.have.retain(|&(_, to)| to > acknowledged.upto);
                acknowledged.have.extend(have);
            }
            Line::Wiped { device, store, seqs } => {
                let (device, store) = (self.name(&device), self.name(&store));
                self.wiped.extend(seqs.into_iter().map(|seq| Key { device: device.clone(), store: store.clone(), seq }));
            }
            Line::Lost { device, store, from, to } => {
                let journal = (self.name(&device), self.name(&store));
                self.lost.entry(journal).or_default().push((from, to));
            }
            Line::Mischief { what, store } => {
                if matches!(what.as_str(), "foreign_topic" | "wrong_school" | "oversized") {
                    let store = self.name(&store);
                    self.strays.insert(store);
                }
                *self.mischief.entry(what).or_default() += 1;
            }
            Line::Summary => {}
        }
        Ok(())
    }

    /// Whether the event was acknowledged.
    pub fn is_acknowledged(&self, key: &Key) -> bool {
        self.acknowledged.get(&(key.device.clone(), key.store.clone())).is_some_and(|of| of.covers(key.seq))
    }

    /// Codes of all devices that took part.
    pub fn devices(&self) -> HashSet<Arc<str>> {
        self.events.keys().map(|key| key.device.clone()).collect()
    }

    fn name(&mut self, text: &str) -> Arc<str> {
        if let Some(name) = self.names.get(text) {
            return name.clone();
        }
        let name: Arc<str> = text.into();
        self.names.insert(name.clone());
        name
    }
}
