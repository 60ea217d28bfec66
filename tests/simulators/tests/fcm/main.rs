//! The FCM simulator from outside: the real program, asked by a real HTTP/2 client.
//!
//! `bench` starts the program and speaks to it as the hub does; `behaviour` holds
//! what is answered, `lifetime` how it starts, ends and what it costs.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic; clippy exempts only the functions marked #[test]"
)]

mod behaviour;
mod bench;
mod lifetime;
