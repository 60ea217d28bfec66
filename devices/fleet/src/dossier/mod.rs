//! Dossier: all that is known of one device, for the person who has to find out what is wrong with it.
//! Owns nothing. Reads `engine_v_event`, `engine_v_cursor`, `engine_v_letter`, `engine_v_incident`, `people_v_organisation`. Rights: `fleet.see` (support).
//! Always true:
//!  1. A device out of sight is not found, and nothing of another device is shown ([`dossier`]).

mod pages;
mod service;
mod store;

pub use pages::routes;
pub use service::{Dossier, dossier, silent_schools};
pub use store::{EventRow, IncidentRow, JournalRow, LetterRow, STATEMENTS, SilentSchool};
