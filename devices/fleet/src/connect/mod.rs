//! Connect: anybody with `mosquitto_pub` has a terminal of their own at work within five minutes.
//! Owns nothing; registers through the registry. Reads `safety_v_card`, `engine_v_event`, `people_v_pupil`,
//! `people_v_member`, `people_v_kinship`, `delivery_v_notice`, `delivery_v_delivery`.
//! Rights: `fleet.register` (support).
//! Always true:
//!  1. The commands raise `seq` by themselves and keep the last message in a file, as a terminal's journal does ([`Commands`]).
//!  2. A password stands on the page that made it and nowhere else.

mod pages;
mod rules;
mod service;
mod store;

pub use pages::{BrokerAddress, routes};
pub use rules::{Commands, Terminal};
pub use store::STATEMENTS;
