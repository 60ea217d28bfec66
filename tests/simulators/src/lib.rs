//! Stand-ins for the outside world, for demos, tests and load.
//!
//! Nothing here is part of the product: `shanyraq` never links this crate. Each
//! simulator is a program of its own that speaks the real protocol of the service
//! it imitates on 127.0.0.1, misbehaves on request, and writes down everything
//! that reached it, so that the checker can compare that with what was promised.
//!
//! - [`fcm`]: Firebase Cloud Messaging, HTTP v1 (`fcm-simulator`).
//! - [`web_push`]: a push service of a browser's vendor (`web-push-simulator`).
//! - [`mail`]: a mail server, and its letters as a page (`mail-simulator`).
//! - [`telegram`]: Telegram's Bot API, and chats whose people do what a test says (`telegram-simulator`).
//! - [`slow`]: a service that answers a byte a second, in the process of a test.

pub mod fcm;
pub mod life;
pub mod mail;
pub mod slow;
pub mod telegram;
pub mod web_push;
