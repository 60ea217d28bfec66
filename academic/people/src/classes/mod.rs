//! Classes: `7А`, with its language of teaching and shift.
//! Owns `school_class`; publishes `people_v_class`.
//! Always true:
//!  1. A school has at most one class of a grade and letter at a time (unique index `school_class_name`).
//!  2. A class letter is one capital Cyrillic letter, whatever keyboard it was typed on ([`Letter`]).

mod rules;
mod store;

use kernel::{Result, db::Tx, id::SchoolId, right::Bounds};
pub use rules::Letter;
pub use store::{Class, STATEMENTS};

/// The classes of a school with how many pupils each has, by grade and letter.
pub async fn classes(tx: &Tx, school: SchoolId) -> Result<Vec<Class>> {
    within(tx, school, &Bounds::Whole).await
}

/// Those of them that may be seen.
pub async fn within(tx: &Tx, school: SchoolId, bounds: &Bounds) -> Result<Vec<Class>> {
    store::CLASS_LIST.all(tx, (school, bounds.classes())).await
}
