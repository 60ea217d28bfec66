//! The journal of arrivals: one JSON object per line, appended, never rewritten.
//!
//! Lines gather in memory and go to the file every 20 ms, from a thread of their
//! own, so that a slow disk does not slow the answers: what is lost when the
//! simulator itself is killed is at most that. A journal that cannot be written
//! ends the simulator, because a checker would trust it.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::time::{MissedTickBehavior, interval};

use super::message::Pairs;

const FLUSH_EVERY: Duration = Duration::from_millis(20);

/// One line. `at` is milliseconds since the epoch, `n` counts requests since the start.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Line<'a> {
    /// The simulator started; counters and the script begin anew.
    Start {
        /// When.
        at: u64,
        /// The address served.
        base: &'a str,
    },
    /// A request for an access token.
    Token {
        /// When it came.
        at: u64,
        /// Its number.
        n: u64,
        /// `issued`, or OAuth's error code.
        outcome: &'a str,
    },
    /// A send. `notice`, `token` and `data` are absent when the body was not read.
    Send {
        /// When it came, whole.
        at: u64,
        /// Its number.
        n: u64,
        /// The number of its TCP connection.
        conn: u64,
        /// `1.1` or `2`.
        http: &'static str,
        /// The project in its address.
        project: &'a str,
        /// The device token.
        #[serde(skip_serializing_if = "Option::is_none")]
        token: Option<&'a str>,
        /// `data.notice`.
        #[serde(skip_serializing_if = "Option::is_none")]
        notice: Option<&'a str>,
        /// All data fields.
        #[serde(skip_serializing_if = "Option::is_none")]
        data: Option<&'a Pairs<'a>>,
        /// The verdict's word.
        outcome: &'a str,
        /// HTTP status, absent for a stall or a reset.
        #[serde(skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
        /// The time between receipt and answer given to this send.
        latency_ms: u64,
    },
    /// Send `n` was decided (perhaps accepted), and its answer could not be given.
    Unanswered {
        /// When that was noticed.
        at: u64,
        /// The number of the send.
        n: u64,
    },
}

/// Where lines are written; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Journal {
    pending: Arc<Mutex<Vec<u8>>>,
    kept: bool,
}

impl Journal {
    /// A journal that is written down by [`Journal::keep`].
    #[must_use]
    pub fn kept() -> Self {
        Self {
            pending: Arc::default(),
            kept: true,
        }
    }

    /// A journal that forgets, for runs without `--log`.
    #[must_use]
    pub fn forgotten() -> Self {
        Self::default()
    }

    /// Adds a line, a [`Line`] or another simulator's.
    pub fn write(&self, line: &impl Serialize) {
        if !self.kept {
            return;
        }
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let before = pending.len();
        match serde_json::to_writer(&mut *pending, line) {
            Ok(()) => pending.push(b'\n'),
            // Cannot happen with these types; half a line must not stay.
            Err(_) => pending.truncate(before),
        }
    }

    /// Moves lines to the file until `stop` resolves, and the last ones then.
    ///
    /// # Errors
    /// What the system said when the file could not be written.
    pub async fn keep(&self, file: File, stop: impl Future<Output = ()>) -> io::Result<()> {
        let file = Arc::new(file);
        let mut stop = pin!(stop);
        let mut spare = Vec::with_capacity(256 * 1024);
        let mut tick = interval(FLUSH_EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let last = tokio::select! {
                _ = tick.tick() => false,
                () = &mut stop => true,
            };
            self.swap(&mut spare);
            if !spare.is_empty() {
                spare = append(Arc::clone(&file), spare).await?;
            }
            if last {
                return Ok(());
            }
        }
    }

    fn swap(&self, other: &mut Vec<u8>) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::swap(&mut *pending, other);
    }
}

/// Writes `lines` away from the runtime's thread, and gives the emptied buffer back.
async fn append(file: Arc<File>, mut lines: Vec<u8>) -> io::Result<Vec<u8>> {
    let write = move || {
        (&*file).write_all(&lines)?;
        lines.clear();
        Ok(lines)
    };
    tokio::task::spawn_blocking(write)
        .await
        .map_err(io::Error::other)?
}

/// Opens the journal's file to append.
///
/// # Errors
/// What the system said.
pub fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}
