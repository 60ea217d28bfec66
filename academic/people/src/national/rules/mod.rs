//! What stands in a file for the national database. Pure: a mapping is read and checked, and records become cells by it.

mod cells;
mod mapping;

pub use cells::{Record, Told, cell, lacking};
pub use mapping::{Mapping, What};
