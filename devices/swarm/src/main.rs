//! swarm.
fn main() {}
