//! Hours: when a reader wants quiet, a guardian mostly, and when the daily digest comes.
//!
//! A wish delays a push and never drops it: [`issue`](crate::issue) asks [`Hours::wait`] and lets the delivery's row wait until then;
//! [`dispatch`](crate::dispatch) gathers what waited for a phone into one banner. What would be too old by then stays in the inbox, and its
//! row says so from the start.
//!
//! Owns `notice_hours`. Reads `people_v_kinship`, `people_v_organisation`.
//! Rights: `delivery.switch` (guardian); for oneself none ([`Own`](crate::Own)).
//! Always true:
//!  1. Quiet is of the wall clock in the child's school's zone by the rule of that day; what waits ends in no quiet ([`Hours::wait`]).
//!  2. An alarm waits only for who said so.
//!  3. A reader has one wish, kept alike at every school of their children (the insert selects from `kinship`) and their own; saying the same again
//!     changes nothing, and every change is audited in its own transaction.
//!  4. The wish holds at a school that comes later, and for a second child, from the transaction that writes the kinship on (the triggers
//!     `delivery_wishes_follow_…` on `kinship`); the newest wish stands for all. Whoever tells sees the schools of their batch alone, so the
//!     rows must be there: to look a wish up by its person would open every school's rows to the busiest statement of the house.

mod pages;
mod rules;
mod service;
mod store;

pub use pages::routes;
pub use rules::{Alarms, Hours, Quiet, WallTime};
pub use service::{hours, set};
pub use store::STATEMENTS;
