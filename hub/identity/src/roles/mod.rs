//! Roles: what a school makes of its own, and who may hand on what.
//! Owns `school_role`, `school_role_right`, `school_role_grant`, `class_grant`, `role_right_switch`. Delivered roles stand in `kernel::right`, their grants in `role_grant`.
//! Rights: `identity.manage_roles` (director, administrator).
//! Always true:
//!  1. A role of the school holds only rights that a delivered role of schools may hold ([`rules::Power`] when it is written,
//!     `kernel::right::Granted` when it is used).
//!  2. Nobody puts into a role, and nobody grants, what they may not hand on themselves ([`rules::Power`]).
//!  3. A change of rights counts at once on this instance and within half a minute on others: whom it concerns is forgotten.
//!  4. Every change is audited in its own transaction.
//!  5. A school switches only its own rights in its own roles, and never what directors and administrators arrange roles by
//!     ([`rules::may_switch`]).
//!  6. What is held for some classes shows no other class, on any page behind a right that may be held so (`kernel::right::Bounds`).

mod delivered;
mod pages;
mod rules;
mod service;
mod store;

pub use pages::routes;
pub use rules::Power;
pub(crate) use rules::{right_key, role_key};
pub use service::{follow_classes, power};
pub(crate) use service::{OwnRole, held_by, limits_of, own_roles};
pub use store::STATEMENTS;

kernel::rights! {
    /// Makes roles of the school and chooses their rights.
    ManageRoles = "identity.manage_roles": [Director, SchoolAdministrator],
}
