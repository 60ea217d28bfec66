//! shanyraq.
fn main() {}
