//! The `shanyraq` program.
fn main() {}
