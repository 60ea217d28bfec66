//! Faults: the promises of the event path, kept on real processes while these are killed, panic, or break a promise on purpose.
//!
//! Each test is a [`house`] of its own: four schools with two hundred terminals in a database of their own, a private Mosquitto,
//! the hub as a child process, the push simulator and the swarm. The [`verdict`] is the checker's, a program that shares no code with
//! the hub. Tests take turns, since they kill the database that all share.
//!
//! Always true of these tests:
//!  1. A load is bounded in events and in time; what does not end by itself is a failure.
//!  2. Faults come at counts of events, not at times, so that a slow machine suffers them at the same places.
//!  3. A checker that has not been seen red proves nothing: [`sabotage`] shows it red, rule by rule.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test program: what is not as expected is a failed test")]

mod duplicates;
mod house;
mod kills;
mod load;
mod mix;
mod panics;
mod programs;
mod quiet;
mod sabotage;
mod stop;
mod verdict;

/// One test at a time.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
