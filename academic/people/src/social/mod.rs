//! Social passport: how many pupils of the school are of which social category and in which health group; and for who needs to know, whom.
//!
//! What is counted are the newest versions of the confidential records ([`crate::confidential`]) of pupils who learn here now and whose
//! category holds today; they are opened in memory, under the same keys, and nothing opened is written anywhere. Who may not read the
//! records sees numbers, and none below five. Which categories there are, and by which act, is dated reference data.
//!
//! Owns `social_category`. Reads `confidential_record` through its room, `people_v_pupil`.
//! Rights: `people.see_passport` (director, deputies, social pedagogue) sees numbers; the list takes `people.see_social` (social pedagogue).
//! Always true:
//!  1. A number below five is said to nobody who may not read the records, nor can it be found by taking others away from a sum
//!     ([`rules::shown`]).
//!  2. The list is shown to who may read social records, and every look has its audit row first, with those who are on it.
//!  3. A pupil counts once in a category, and while it holds.

mod pages;
mod rules;
mod service;
mod store;

pub use pages::routes;
pub use rules::{Figure, shown};
pub use service::{Listed, Passport, listed, passport};
pub use store::STATEMENTS;

use web::NavItem;

kernel::rights! {
    /// Sees how many pupils are of which social category and in which health group.
    SeePassport = "people.see_passport": [Director, DeputyAcademic, DeputyUpbringing, SocialPedagogue],
}

/// Where the passport stands in the navigation.
pub const NAVIGATION_ITEM: NavItem = NavItem::of::<SeePassport>("/{school}/social", "people", "social-nav");
