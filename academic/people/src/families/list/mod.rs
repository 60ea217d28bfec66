//! The list of guardians: whose they are, how they are reached, in which language, and whether they come in.
//!
//! Owns nothing of its own; reads `kinship`, `enrolment`, `person`, `person_value` of this wing, `identity_v_account` and `identity_v_invited`.
//! Rights: `people.see_cards` shows, `people.take_lists` takes away as a file, `identity.manage_accounts` prints codes for many.
//! Always true:
//!  1. Who may see some classes only sees the guardians of their pupils, and of a guardian only those children (`Ctx::within`, in the statement).
//!  2. A file holds exactly the guardians that its page says are found (one statement, one sieve).

mod pages;
mod service;
mod store;

pub use pages::routes;
pub use service::{Sieve, listed};
pub use store::{Listed, STATEMENTS};
use web::NavItem;

use crate::pupils::card::SeeCards;

/// What the navigation offers.
pub const NAVIGATION_ITEM: NavItem = NavItem::of::<SeeCards>("/{school}/guardians", "people", "lists-guardians-title");
