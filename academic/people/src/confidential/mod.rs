//! Confidential records: what the nurse, the social pedagogue and the psychologist each need to know of a pupil, and nobody else.
//!
//! What was written is sealed with the key of its realm at this school ([`kernel::vault`]); the database holds whose record it is, of which
//! realm, and when who wrote it. A correction is a new version beside the old ones. Without `secrets.records_key_file` the pages say so.
//! The director sees how many pupils have records, never of whom nor what; a number below five is not said.
//! Psychology needs the consent `psychology` of the pupil's representative: without it nothing is shown and nothing is written.
//!
//! Owns `confidential_record`. Reads `people_v_pupil`, `identity_v_consent`.
//! Rights: `people.see_health`, `people.write_health` (nurse), `people.see_social`, `people.write_social` (social pedagogue),
//! `people.see_psychology`, `people.write_psychology` (psychologist), `people.count_confidential` (director).
//! Always true:
//!  1. The database holds nothing of a record's content in the clear, and a sealed row opens in its own place only.
//!  2. No version is changed: a correction adds one, and of two corrections of one version the second is refused.
//!  3. Every look and every change is audited, with the reason where one is asked for; without the audit row nothing is shown.
//!  4. Psychology is neither shown nor written without the consent that is in force.

mod pages;
mod rules;
mod service;
mod store;

pub use pages::{routes, vault_of};
pub use rules::{Category, Content, LEAST_SHOWN, shown_count};
pub use service::{Draft, NeedToKnow, RESEALED, Record, Version, counts, records, write};
pub use store::STATEMENTS;

pub(crate) use pages::links;
pub(crate) use service::newest;
use web::NavItem;

kernel::rights! {
    /// Reads a pupil's health record.
    SeeHealth = "people.see_health": [Nurse],
    /// Writes a pupil's health record.
    WriteHealth = "people.write_health": [Nurse],
    /// Reads a pupil's social record.
    SeeSocial = "people.see_social": [SocialPedagogue],
    /// Writes a pupil's social record.
    WriteSocial = "people.write_social": [SocialPedagogue],
    /// Reads the psychologist's notes about a pupil.
    SeePsychology = "people.see_psychology": [Psychologist],
    /// Writes the psychologist's notes about a pupil.
    WritePsychology = "people.write_psychology": [Psychologist],
    /// Sees how many pupils have confidential records, without whose and what.
    CountConfidential = "people.count_confidential": [Director],
}

/// Where the director's page stands in the navigation.
pub const NAVIGATION_ITEM: NavItem = NavItem::of::<CountConfidential>("/{school}/confidential", "lock", "confidential-nav");
