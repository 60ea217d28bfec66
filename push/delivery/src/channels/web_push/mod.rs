//! Web Push: the channel for browsers, and for the app that is installed from one.
//!
//! The browser's vendor carries the message (RFC 8030) and can read nothing of it: [`encrypt`] seals it for the one browser that
//! subscribed (RFC 8291); [`vapid`] proves who sends (RFC 8292); [`address`] says where a message may go at all; [`message`] writes
//! what is sealed, an id and no name; [`answer`] reads what came back (pure); [`client`] joins them over HTTP.
//! Always true:
//!  1. Only the browser that subscribed can read a message: the standard's own example comes out byte for byte, and a decryptor that
//!     shares no code with us reads ours.
//!  2. A message holds no name and nothing of a child: the worker fetches the text with its own session.
//!  3. Only 404 and 410 cost a browser its subscription.
//!  4. In a live installation nothing is sent but over https to addresses of the internet, whatever a name resolves to at that moment.
//!  5. Neither addresses, keys nor texts of notices get into logs or `delivery.detail`, and no answer's body is read.

mod address;
mod answer;
mod client;
mod encrypt;
mod message;
mod vapid;

pub use address::{AddressError, Reach, Subscription};
pub use client::{WebPush, WebPushError};
pub use encrypt::{EncryptError, Length, encrypt};
pub use vapid::{KeyError, Vapid, fresh_key};
