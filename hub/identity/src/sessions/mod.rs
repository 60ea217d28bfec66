//! Sessions: a browser that signed in is recognised again.
//! Owns `session`. Reads `account`, `role_grant`, `people_v_kinship`, `people_v_name`, `people_v_organisation`.
//! Always true:
//!  1. The database holds only the SHA-256 of a token; the token itself is 256 random bits that only the browser keeps ([`token`]).
//!  2. A session ends by itself: unused for a while, or at its last day ([`rules`]).
//!  3. A blocked account is nobody, at once on this instance and within 30 seconds on others ([`memory`]).

mod memory;
mod rules;
mod service;
mod store;
pub mod token;

pub use rules::{Lifetime, lifetime};
pub use service::{Child, Identity, close, forget_account, identity_of, open, recognise};
pub use store::STATEMENTS;
