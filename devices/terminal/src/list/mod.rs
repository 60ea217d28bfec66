//! The allow-list: whose card opens, when, and which card opens nowhere. Made and signed elsewhere, kept on the device.
//!
//! One binary file ([`file`]), its cards as sorted digests, so that fifty thousand take less than a megabyte and nobody reads a school's
//! cards off it by looking. It hides them from nobody who tries: the salt stands in the file, card numbers are short, and the journal
//! beside it names those who passed. [`rules`] decides; [`shelf`] keeps the list in force.
//!
//! Always true:
//!  1. A list is taken only if it is whole, of this school, signed with a key the device was given, newer than any that was in force, and
//!     not over; otherwise the former one stays in force, across restarts too. Of a list that was damaged the one before it holds.
//!  2. A barred card is refused whatever else holds: out of hours, with a list that is over, without a clock.
//!  3. Reading any bytes never panics.

pub mod compose;
pub mod draft;
pub mod file;
pub mod rules;
pub mod shelf;
#[cfg(test)]
pub(crate) mod tests;

pub use file::{AllowList, ListError};
pub use rules::{Fallback, Refusal, Verdict, decide};
pub use shelf::{Keys, Shelf};
