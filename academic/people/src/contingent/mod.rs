//! Contingent: how many pupils the school has on the evening of any day, by grade, language, shift and sex, and how a period changed it.
//!
//! Counted from `enrolment` alone, which says who was where when; the book of movement is not needed for it, so numbers hold for times before
//! the book too. A pupil whose one time follows the other without a day between has neither left nor come ([`rules`]).
//!
//! Owns nothing. Reads `enrolment`, `school_class`, `person`.
//! Rights: `people.see_movement` of the room of movement. Shows numbers and nobody.
//! Always true:
//!  1. At the start of a period, plus who came, less who left, is what there is at its end ([`rules::Flow`], and the statement alike).

mod pages;
mod rules;
mod service;
mod store;

pub use pages::routes;
pub use rules::{Flow, Time, flow};
pub use service::{Numbers, numbers};
pub use store::STATEMENTS;
use web::NavItem;

use crate::movement::SeeMovement;

/// What the navigation offers.
pub const NAVIGATION_ITEM: NavItem = NavItem::of::<SeeMovement>("/{school}/contingent", "people", "contingent-nav");
