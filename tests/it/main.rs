//! The one integration program: every room from outside, against a real PostgreSQL and a real Mosquitto.

mod fleet;
mod statements;
mod town;
