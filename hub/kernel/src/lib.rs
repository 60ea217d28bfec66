//! The ground floor: what every room stands on and that knows none of them.
//! Ids, the clock, money, languages, rights, errors, typed SQL, transactions with their tenancy, and the audit row.
//! It knows no HTML, no actors, no MQTT and no domain.
//!
//! Always true:
//!  1. A transaction cannot be begun without saying which schools it may see ([`db::Scope`]).
//!  2. Nobody but [`clock`] and [`id`] reads the machine's clock or randomness, so tests control both.
//!  3. What an [`error::Error`] shows a person never holds the cause's text.

pub mod audit;
pub mod clock;
pub mod ctx;
pub mod db;
pub mod error;
pub mod file;
pub mod id;
pub mod iin;
pub mod job;
pub mod keep;
pub mod locale;
pub mod mode;
pub mod money;
pub mod partition;
pub mod right;
pub mod sql;
pub mod vault;
pub mod waiting;

pub use ctx::{Actor, Ctx};
pub use error::{Error, Result};
pub use locale::Locale;
