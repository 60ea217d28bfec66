//! Issue: drafts become notices and deliveries, inside the caller's transaction.
//! Owns the inserts into `notice` and `delivery`. Reads `people_v_kinship`, `people_v_organisation`, `notice_switch`,
//! `notice_hours`, `push_token`, `identity_v_consent_stop`, `identity_v_held`.
//! Always true:
//!  1. Three statements a call, however many drafts, and a fourth where some are told of themselves; none where there is nothing to tell.
//!  2. Every notice has at least one delivery row: an open one for each phone, leased or held back, or one that says why there is none.
//!  3. A push is returned only for a row that the same transaction inserted open and leased until `now + lease`.
//!  4. Of a child whose consent to services abroad is withdrawn nothing is pushed; whose consent to the register is, nobody is told. Nobody is
//!     told of themselves who neither works nor learns at the school at that moment.
//!  5. What is held back goes out while it is news, or its row says from the start that it will not ([`rules::put_off`]).

mod rules;
mod service;
mod store;

pub use service::{Issued, IssuedNotice, Push, expiry, issue};
pub use store::STATEMENTS;
