//! What is only counted: for health messages, since the start of the program.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

/// Counts that readers and the gate add to and the messenger tells. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    reader_errors: Arc<AtomicI64>,
    refused: Arc<AtomicI64>,
    others: Arc<Mutex<BTreeMap<&'static str, i64>>>,
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

    /// What only some programs count: so many more, or fewer.
    pub fn add(&self, name: &'static str, more: i64) {
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        let count = others.entry(name).or_default();
        *count = count.saturating_add(more).max(0);
    }

    /// What only some programs measure.
    pub fn set(&self, name: &'static str, value: i64) {
        self.others.lock().unwrap_or_else(PoisonError::into_inner).insert(name, value);
    }

    /// All of that, by name as in the health message.
    pub fn others(&self) -> BTreeMap<&'static str, i64> {
        self.others.lock().unwrap_or_else(PoisonError::into_inner).clone()
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
