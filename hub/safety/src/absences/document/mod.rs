//! The document of an absence note: a doctor's paper, a letter of a competition. Who told the school adds it with the note or later.
//!
//! It may tell of health, so it is kept as health records are: its file is enclosed, its key sealed in the realm of health, and fewer see it
//! than see the note (a right of its own). Without `secrets.records_key_file` none is taken, and the form says so. Another one takes the
//! place of the one before; when the note is taken back, is erased or is swept, it goes.
//!
//! Owns `absence_document`; its files are of the kind `safety.absence_document`, with the child in `file.person_id`. Reads `absence_note` of this room.
//! Rights: `safety.tell_absence` (guardian), `safety.see_absence_documents` (class teachers for their classes, director, deputy for
//! upbringing, social pedagogue).
//! Always true:
//!  1. The database holds nothing of a document in the clear, and its key opens in its own place only ([`service`], [`kernel::vault`]).
//!  2. Every look is written down before a byte of it leaves ([`pages`]).
//!  3. A note that holds no more has no document (taken back: in the same transaction; erased or swept: in the same statement).

pub(super) mod pages;
pub(super) mod service;
mod store;

pub use service::RESEALED;
pub use store::{HOLDING, STATEMENTS};

/// What a document of ours is called among the files.
pub const DOCUMENT: &str = "safety.absence_document";
