//! The engine from outside: what terminals publish through a real Mosquitto, and what stands in a real PostgreSQL afterwards.
//! One engine runs for the whole test program; each test has its own school.

mod bad_input;
mod fairness;
pub(crate) mod fixture;
mod gaps;
mod thread;
