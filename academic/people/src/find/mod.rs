//! Find: a letter or two, and the pupil, the class, the colleague, the guardian or the page is there. Serves the page `/{school}/find`, its part that follows the
//! typing, and the palette that opens over any page with "/" or Ctrl+K.
//! Owns nothing. Reads `people_v_pupil` and `people_v_class`, and the tables of staff and families of this wing; pages come from the reader's own navigation.
//! Rights: `people.see_pupils`, of the whole school or of some classes; staff for who holds `people.see_staff`, guardians for `people.see_cards`.
//! Every typed word begins a word of the name or the class, compared by `fold`. The rows of one school are found by the key of their
//! school, under row-level security, and then compared: an index over all names would be read before the school is known, and the
//! database does not let a comparison that is not leakproof run there.
//! Always true:
//!  1. Nothing is found outside the classes that the reader may see, and no pupil of another school (`Ctx::within`, in the statements).
//!  2. What was typed is written down nowhere: the audit row holds the ids of who was shown.

mod pages;
mod rules;
mod service;
mod store;

pub use pages::{NAVIGATION_ITEM, routes};
pub(crate) use rules::digits;
pub use rules::fold;
pub use service::{Found, Others, find, find_all};
pub use store::{FoundClass, FoundGuardian, FoundPupil, FoundStaff, STATEMENTS};
