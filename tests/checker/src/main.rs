//! checker.
fn main() {}
