//! Stand-ins for the outside world, for demos, tests and load.
//!
//! Nothing here is part of the product: `shanyraq` never links this crate. Each
//! simulator is a program of its own that speaks the real protocol of the service
//! it imitates on 127.0.0.1, misbehaves on request, and writes down everything
//! that reached it, so that the checker can compare that with what was promised.
//!
//! - [`fcm`]: Firebase Cloud Messaging, HTTP v1 (`fcm-simulator`).
//! - [`mail`]: a mail server that keeps what it takes, in the process of a test.

pub mod fcm;
pub mod mail;
