//! What is only counted: for health messages, since the start of the program.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// Counts that readers and the gate add to and the messenger tells. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    reader_errors: Arc<AtomicI64>,
    refused: Arc<AtomicI64>,
}

impl Tally {
    /// A reader gave nothing that could be read, or did not answer.
    pub fn reader_erred(&self) {
        self.reader_errors.fetch_add(1, Ordering::Relaxed);
    }

    /// The gate stayed shut.
    pub fn gate_refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    /// Errors of readers.
    pub fn reader_errors(&self) -> i64 {
        self.reader_errors.load(Ordering::Relaxed)
    }

    /// How often the gate stayed shut.
    pub fn refused(&self) -> i64 {
        self.refused.load(Ordering::Relaxed)
    }
}
