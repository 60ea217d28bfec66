//! The allow-list: whose card opens, when, and which card opens nowhere. Made and signed elsewhere, kept on the device.
//!
//! One binary file ([`file`]), its cards as sorted digests, so that fifty thousand take less than a megabyte and a stolen
//! controller gives out no card numbers to read. [`rules`] decides; [`shelf`] keeps the list in force.
//!
//! Always true:
//!  1. A list is taken only if it is whole, of this school, signed with the key the device was given, newer than the one in force, and
//!     not over; otherwise the former one stays in force, across restarts too.
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
pub use shelf::Shelf;
