//! The push-service simulator: what a browser's vendor runs (RFC 8030), as a sender sees it.
//!
//! It makes subscriptions, keeping the private keys that a browser would keep; checks of every message who sends it (RFC 8292) and that the
//! browser could open it (RFC 8291); keeps what it said; and misbehaves on request, by chance or by the subscription's name.
//! [`keys`] are a browser's; [`vapid`] checks a sender's token; [`simulator`] is the state; [`server`] speaks HTTP.
//!
//! Always true:
//!  1. Nothing is accepted that the browser could not open, or that another sender than the one subscribed to sent.
//!  2. An arrival is in the ledger before its answer leaves.

pub mod keys;
pub mod server;
pub mod simulator;
pub mod vapid;
