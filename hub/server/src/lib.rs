//! The `shanyraq` program, as a library: configuration, embedded servers, migrations, composition.
//!
//! This is the only crate that knows every other one. `main` reads the command line and calls one function of this library;
//! tests call the same functions. Where to look: `config` (one documented struct per concern), `embedded` (private PostgreSQL and
//! Mosquitto), `migrate` (schema), `check` (is everything reachable and safe), `run` (the hub itself), `up` (the whole house on
//! one machine).

pub mod audit;
pub mod check;
pub mod command_line;
pub mod config;
pub mod embedded;
pub mod first_login;
pub mod health;
pub mod keys;
pub mod migrate;
pub mod observe;
pub mod retention;
pub mod rooms;
pub mod run;
mod signals;
pub mod town;
pub mod voice;
pub mod up;
