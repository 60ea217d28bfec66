//! Children: where they are now, what happened today, and the days before.
//! Owns nothing. Reads `people_v_name`, `people_v_member`, `people_v_organisation`, `safety_v_presence`, `safety_v_record`, `fleet_v_device`.
//! Rights: `app.see_own_children` (guardian).
//! Always true:
//!  1. A guardian sees only children whose kinship to them is open today: pages name children through the guard, and every statement
//!     names both school and child ([`service`]).
//!  2. A page without script says the same as the live one: both are written by the same structs ([`view`]).
//!  3. What comes late is shown with a mark and never changes where the child is said to be ([`fragment`]).

mod fragment;
mod pages;
mod rules;
mod service;
mod store;
mod view;

pub use fragment::guardian_fragment;
pub use pages::routes;
pub use store::STATEMENTS;

kernel::rights! {
    /// Sees one's own children.
    SeeOwnChildren = "app.see_own_children": [Guardian],
}
