//! The ledger: what the swarm did and what the hub promised, one JSON object a line, for the checker. Lines of a moment are
//! written by one system call and before the messages go out, so that no crash can leave an event unlisted.

use std::{fs::File, io::Write, path::Path, sync::Mutex};

use protocol::cursor::Stretch;
use serde::Serialize;

/// One line.
#[derive(Debug, Serialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum Line<'a> {
    /// An event was written into a terminal's journal.
    Event(EventLine<'a>),
    /// An acknowledgement that says more than the last one.
    Acked {
        /// Whose.
        device: &'a str,
        /// Which journal.
        store: &'a str,
        /// All up to here.
        upto: i64,
        /// And these.
        have: &'a [Stretch],
        /// When it came.
        at_ms: i64,
    },
    /// A journal was wiped; these numbers were not acknowledged and are promised nothing.
    Wiped {
        /// Whose.
        device: &'a str,
        /// Which journal.
        store: &'a str,
        /// The numbers lost.
        seqs: Vec<i64>,
        /// When.
        at_ms: i64,
    },
    /// Numbers that were never sent and are declared lost by event `seq`.
    Lost {
        /// Whose.
        device: &'a str,
        /// Which journal.
        store: &'a str,
        /// First lost number.
        from: i64,
        /// Last lost number.
        to: i64,
        /// The declaring event.
        seq: i64,
    },
    /// Something sent on purpose that is no event of the journal.
    Mischief {
        /// duplicate, malformed, replay, conflict, foreign_topic, wrong_school, oversized.
        what: &'a str,
        /// By whom.
        device: &'a str,
        /// Under which journal's name, where it has one.
        store: &'a str,
        /// Under which number; 0 where it has none.
        seq: i64,
        /// When.
        at_ms: i64,
    },
    /// The last line.
    Summary(&'a serde_json::Value),
}

/// An event as the terminal wrote it.
#[derive(Debug, Serialize)]
pub struct EventLine<'a> {
    /// The device's code.
    pub device: &'a str,
    /// The school's code.
    pub school: &'a str,
    /// The journal.
    pub store: &'a str,
    /// The number.
    pub seq: i64,
    /// pass, meal, alarm, lost or an unknown kind.
    pub kind: &'a str,
    /// What the hub owes: `row` (its effect), `dead` (no effect, a dead letter), `kept` (only the event).
    pub expect: &'a str,
    /// The card, in the hub's form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card: Option<&'a str>,
    /// Which way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<&'a str>,
    /// What was eaten.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<&'a str>,
    /// At what price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_tiyn: Option<i64>,
    /// The device's own time.
    pub at_ms: i64,
    /// `at` plus the offset that the device knew.
    pub occurred_ms: i64,
    /// When it truly happened.
    pub scheduled_ms: i64,
    /// right, known or unknown.
    pub clock: &'a str,
    /// Whether the terminal was connected when it happened.
    pub fresh: bool,
}

/// Lines of one terminal, not yet written.
#[derive(Debug, Default)]
pub struct Lines(Vec<u8>);

impl Lines {
    /// Adds a line.
    pub fn add(&mut self, line: &Line<'_>) {
        let before = self.0.len();
        match serde_json::to_writer(&mut self.0, line) {
            Ok(()) => self.0.push(b'\n'),
            Err(_) => self.0.truncate(before),
        }
    }
}

/// The file, or nothing where none was asked for.
#[derive(Debug)]
pub struct Ledger(Option<Mutex<File>>);

impl Ledger {
    /// Begins a ledger.
    pub fn create(path: Option<&Path>) -> std::io::Result<Self> {
        Ok(Self(path.map(File::create).transpose()?.map(Mutex::new)))
    }

    /// Writes lines; a full disk ends the program, since a ledger with holes proves nothing.
    pub fn write(&self, lines: &mut Lines) {
        if let Some(file) = &self.0
            && !lines.0.is_empty()
        {
            let written = file.lock().map(|mut file| file.write_all(&lines.0));
            if !matches!(written, Ok(Ok(()))) {
                eprintln!("swarm: the ledger cannot be written");
                std::process::exit(4);
            }
        }
        lines.0.clear();
    }
}
