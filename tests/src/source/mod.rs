//! The repository read as text, for the programs that keep the house: every file once, Rust apart from its comments and texts, and the
//! routes with the guard that each handler asks for.
//!
//! Nothing here compiles anything: it reads what people read, and says so plainly when it cannot.

mod files;
mod routes;
mod rust;

pub use files::{File, Golden, files, root};
pub use routes::{Access, Route, routes};
pub use rust::{Literal, Rust, rust};
