//! The gate: takes cards from readers, decides by the list in force, opens, and leaves word with the keeper.
//!
//! Always true:
//!  1. A pass is left for the journal only after the gate opened, and the gate never waits for the journal.
//!  2. A gate that was opened is shut again after its time, each way for itself, whoever comes meanwhile; if that fails, it is tried until
//!     it is shut. What a former run may have left open is shut at the beginning.
//!  3. A refusal is counted and shown, and is no pass; a barred card is an alarm.
//!  4. A card that waited for too long opens nothing: whoever showed it has gone.

pub mod output;
pub mod screen;

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::Duration,
};

use protocol::up::{Direction, Method, Pass, card};

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

/// Cards that may wait: more than stand before a gate.
pub const QUEUE: usize = 16;
/// A card that waited for longer is forgotten.
const STALE_MS: i64 = 3_000;
/// Between two tries to shut a gate that does not obey.
const SHUT_AGAIN_MS: i64 = 1_000;

/// What comes to the gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Knock {
    /// A card, and when it was shown, by the monotonic clock.
    Card(Reading, i64),
    /// The end of the program.
    Stop,
}

/// When to shut what is open, each way for itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Deadlines {
    inwards: Option<i64>,
    outwards: Option<i64>,
}

impl Deadlines {
    const WAYS: [Direction; 2] = [Direction::In, Direction::Out];

    fn of(&mut self, direction: Direction) -> &mut Option<i64> {
        match direction {
            Direction::In => &mut self.inwards,
            Direction::Out => &mut self.outwards,
        }
    }

    fn next(self) -> Option<i64> {
        self.inwards.into_iter().chain(self.outwards).min()
    }
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
    pub deadlines: Deadlines,
}

impl Gate {
    /// Serves readers until it is told to stop.
    pub fn run(mut self, knocks: &Receiver<Knock>) {
        self.shut_all();
        loop {
            match knocks.recv_timeout(self.patience()) {
                Ok(Knock::Card(_, shown_ms)) if self.clock.monotonic_ms().saturating_sub(shown_ms) > STALE_MS => self.tally.reader_erred(),
                Ok(Knock::Card(reading, _)) => {
                    self.serve(&reading);
                }
                Ok(Knock::Stop) | Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {}
            }
            self.shut_if_due();
        }
        self.shut_all();
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
        let now_ms = self.clock.monotonic_ms();
        for direction in Deadlines::WAYS {
            if self.deadlines.of(direction).is_some_and(|due| due <= now_ms) {
                self.shut(direction);
            }
        }
    }

    fn patience(&self) -> Duration {
        /// Anything: there is nothing to do without a card.
        const ROUND_MS: i64 = 60_000;
        let left_ms = self.deadlines.next().map_or(ROUND_MS, |due| due.saturating_sub(self.clock.monotonic_ms()));
        Duration::from_millis(u64::try_from(left_ms).unwrap_or(0))
    }

    fn open(&mut self, card: String, reading: &Reading, now: Moment) -> Verdict {
        if let Err(error) = self.output.open(reading.direction) {
            self.failed(&error, now);
            return Verdict::Open;
        }
        self.failing = None;
        *self.deadlines.of(reading.direction) = Some(self.clock.monotonic_ms().saturating_add(self.open_ms));
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

    fn shut_all(&mut self) {
        Deadlines::WAYS.into_iter().for_each(|direction| self.shut(direction));
    }

    fn shut(&mut self, direction: Direction) {
        let shut = self.output.shut(direction);
        let again_ms = self.clock.monotonic_ms().saturating_add(SHUT_AGAIN_MS);
        *self.deadlines.of(direction) = shut.is_err().then_some(again_ms);
        if let Err(error) = shut {
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
