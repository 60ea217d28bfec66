//! Readers: where cards come from. Each has a thread that waits for it; a reader that fails is opened again, and support is told.
//!
//! There is no OSDP here: the crate at hand binds a C library, and a secure channel wants hardware to be tried on.

pub mod evdev;
pub mod lines;
pub mod wiegand;

use std::{
    io,
    sync::mpsc::{SyncSender, TrySendError},
};

use protocol::up::Direction;

use crate::{clock::Clock, gate::Knock, tally::Tally};

/// A card at a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What the reader gave, of whatever form.
    pub card: String,
    /// Which way the reader leads.
    pub direction: Direction,
}

/// A reader.
pub trait Reader: Send {
    /// Waits for the next card. `None` when there will be no more.
    fn next(&mut self) -> io::Result<Option<Reading>>;
}

/// Why nothing more is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The reader has no more.
    Reader,
    /// Nobody listens.
    Gate,
}

/// Hands over what a reader gives, until it ends or nobody listens. What comes while the gate is busy with others is forgotten, and counted.
pub fn drain(reader: &mut dyn Reader, gate: &SyncSender<Knock>, clock: &Clock, tally: &Tally) -> io::Result<Ended> {
    while let Some(reading) = reader.next()? {
        match gate.try_send(Knock::Card(reading, clock.monotonic_ms())) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => tally.reader_erred(),
            Err(TrySendError::Disconnected(_)) => return Ok(Ended::Gate),
        }
    }
    Ok(Ended::Reader)
}
