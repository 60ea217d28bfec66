//! Delivery from outside: drafts become rows, rows become pushes at a provider that misbehaves, outcomes come back.

mod dispatch;
mod issue;
mod pages;
mod phones;
pub(crate) mod world;
