//! Readers: where cards come from. Each has a thread that waits for it; a reader that fails is opened again, and support is told.
//!
//! There is no OSDP here: the crate at hand binds a C library, and a secure channel wants hardware to be tried on.

pub mod evdev;
pub mod lines;
pub mod wiegand;

use std::{io, sync::mpsc::Sender};

use protocol::up::Direction;

use crate::gate::Knock;

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

/// Hands over what a reader gives, until it ends or nobody listens.
pub fn drain(reader: &mut dyn Reader, gate: &Sender<Knock>) -> io::Result<()> {
    while let Some(reading) = reader.next()? {
        if gate.send(Knock::Card(reading)).is_err() {
            break;
        }
    }
    Ok(())
}
