//! Delivery from outside: drafts become rows, rows become pushes at a provider that misbehaves, outcomes come back.

mod announcements;
mod dispatch;
mod issue;
mod lanes;
mod mail;
mod pages;
mod phones;
mod quiet;
mod telegram;
mod undelivered;
mod web_push;
pub(crate) mod world;
