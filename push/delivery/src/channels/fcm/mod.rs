//! Firebase Cloud Messaging, HTTP v1: the channel for phones and browsers.
//!
//! [`account`] signs an assertion with the service account's key; [`access`] exchanges it for an access token and keeps that fresh;
//! [`message`] writes the body; [`answer`] reads what came back (pure); [`client`] joins them over HTTP/2.
//! Always true:
//!  1. A phone shows a notice once, however often it is sent: its id is the Android tag, the APNs collapse id and the web tag.
//!  2. Only 404 UNREGISTERED, or 400 naming the token itself, costs a phone its token.
//!  3. An access token is exchanged by one task at a time, and once more at once after a 401.
//!  4. Neither access tokens, device tokens nor texts of notices get into logs or `delivery.detail`.

mod access;
mod account;
mod answer;
mod client;
mod message;

pub use account::{AccountError, ServiceAccount};
pub use client::{Fcm, FcmError, Settings};
