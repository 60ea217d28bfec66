//! The FCM simulator: Firebase Cloud Messaging HTTP v1 as a client sees it.
//!
//! A request goes through these files in order: [`server`] accepts the connection
//! and routes; [`oauth`] exchanges a signed assertion for an access token;
//! [`message`] checks the body of a send; [`faults`] decides how this send shall
//! end and how long it shall take; [`journal`] writes the arrival down; [`answer`]
//! turns the verdict into Google's JSON. [`simulator`] is the state they share.
//!
//! Always true:
//!  1. An arrival is in the journal before its answer leaves.
//!  2. A verdict other than [`verdict::Verdict::Accepted`] means that the phone got nothing.
//!  3. An accepted send whose answer could not be given (the client gave up, or the
//!     connection was reset by a neighbour's fault) has a second line, `unanswered`.

pub mod answer;
pub mod connection;
pub mod faults;
pub mod journal;
pub mod message;
pub mod oauth;
pub mod options;
pub mod script;
pub mod server;
pub mod service_account;
pub mod simulator;
pub mod verdict;
