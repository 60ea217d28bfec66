//! The gate: takes cards from readers, decides by the list in force, opens, and leaves word with the keeper.
//!
//! Always true:
//!  1. A pass is left for the journal only after the gate opened, and the gate never waits for the journal.
//!  2. A gate that was opened is shut again after its time, whoever comes meanwhile.
//!  3. A refusal is counted and shown, and is no pass; a barred card is an alarm.

pub mod output;
pub mod screen;

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use protocol::up::{Method, Pass, card};

use self::output::Output;
use crate::{
    clock::{Clock, Moment},
    journal::{
        Happening,
        record::{Alarm, Deed},
    },
    keeper::Keeper,
    list::{Fallback, Refusal, Shelf, Verdict, decide},
    reader::Reading,
    tally::Tally,
};

/// What comes to the gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Knock {
    /// A card.
    Card(Reading),
    /// The end of the program.
    Stop,
}

/// What the gate decides with, and whom it tells.
pub struct Gate {
    /// The list in force.
    pub shelf: Shelf,
    /// What to do without one.
    pub fallback: Fallback,
    /// What time it is.
    pub clock: Clock,
    /// Who writes it down.
    pub keeper: Keeper,
    /// What is only counted.
    pub tally: Tally,
    /// What opens and shuts.
    pub output: Box<dyn Output>,
    /// How long it stays open.
    pub open_ms: i64,
    /// Since when the output does not obey.
    pub failing: Option<Moment>,
    /// When to shut what is open.
    pub shut_at_ms: Option<i64>,
}

impl Gate {
    /// Serves readers until it is told to stop.
    pub fn run(mut self, knocks: &Receiver<Knock>) {
        loop {
            match knocks.recv_timeout(self.patience()) {
                Ok(Knock::Card(reading)) => {
                    self.serve(&reading);
                }
                Ok(Knock::Stop) | Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {}
            }
            self.shut_if_due();
        }
        self.shut();
    }

    /// Serves one card.
    pub fn serve(&mut self, reading: &Reading) -> Verdict {
        let now = self.clock.now();
        let Ok(code) = card(&reading.card) else {
            self.tally.reader_erred();
            return self.refuse(Refusal::Unreadable, reading, now);
        };
        let list = self.shelf.list();
        match decide(list.as_deref(), self.fallback, &code, reading.direction, now.best_ms()) {
            Verdict::Open => self.open(code, reading, now),
            Verdict::Refuse(refusal) => self.refuse(refusal, reading, now),
        }
    }

    /// Shuts the gate if its time is over.
    pub fn shut_if_due(&mut self) {
        if self.shut_at_ms.is_some_and(|due| due <= self.clock.monotonic_ms()) {
            self.shut();
        }
    }

    fn patience(&self) -> Duration {
        /// Anything: there is nothing to do without a card.
        const ROUND_MS: i64 = 60_000;
        let left_ms = self.shut_at_ms.map_or(ROUND_MS, |due| due.saturating_sub(self.clock.monotonic_ms()));
        Duration::from_millis(u64::try_from(left_ms).unwrap_or(0))
    }

    fn open(&mut self, card: String, reading: &Reading, now: Moment) -> Verdict {
        if let Err(error) = self.output.open(reading.direction) {
            self.failed(&error, now);
            return Verdict::Open;
        }
        self.failing = None;
        self.shut_at_ms = Some(self.clock.monotonic_ms().saturating_add(self.open_ms));
        let pass = Pass { card, direction: reading.direction, method: Method::Card };
        self.keeper.happened(Happening { moment: now, deed: Deed::Pass(pass) });
        Verdict::Open
    }

    fn refuse(&mut self, refusal: Refusal, reading: &Reading, now: Moment) -> Verdict {
        self.tally.gate_refused();
        if let Err(error) = self.output.refuse(refusal, reading.direction) {
            self.failed(&error, now);
        }
        if refusal == Refusal::Barred {
            self.keeper.happened(Happening { moment: now, deed: Deed::Alarm(Alarm::BarredCard) });
        }
        Verdict::Refuse(refusal)
    }

    fn shut(&mut self) {
        if self.shut_at_ms.take().is_some()
            && let Err(error) = self.output.shut()
        {
            self.failed(&error, self.clock.now());
        }
    }

    /// Support is told once until the gate obeys again.
    fn failed(&mut self, error: &std::io::Error, now: Moment) {
        tracing::error!(%error, "the gate does not obey");
        if self.failing.is_none() {
            self.failing = Some(now);
            self.keeper.happened(Happening { moment: now, deed: Deed::Alarm(Alarm::GateFailed) });
        }
    }
}

#[cfg(test)]
mod tests;
