//! Invitations: how guardians come to a login. The school prints a slip for each guardian of a class who has none; the code on it makes
//! one, once.
//! Owns `invitation`. Reads `people_v_pupil`, `people_v_pupil_class`, `people_v_kinship`, `people_v_name`.
//! Rights: `identity.manage_accounts` prints; the code itself is what `/join` asks for.
//! Always true:
//!  1. The database holds only the hash of a code; printing again makes new codes and ends the old ([`rules::Code`]).
//!  2. A code works once, for thirty days, and for a guardian without a login (the update that uses it asks for all three).
//!  3. Before a login is made, a code tells the given name of the child and nothing else; a wrong, used or old one are answered the same.
//!  4. Trying codes is slowed by address ([`throttle`]).

mod pages;
mod rules;
mod service;
mod store;
mod throttle;

pub use pages::{respond_for, routes};
pub use store::STATEMENTS;
pub(super) use store::TASK_NOT_INVITED;
