//! The one integration program: every room from outside, against a real PostgreSQL and a real Mosquitto.

mod delivery;
mod engine;
mod fleet;
mod people;
mod statements;
mod town;
mod visitor;
