//! The audit trail: who read or changed whose data, in which role, from where and why; and the proof that nobody has tampered with it.
//!
//! Rows are written by [`kernel::audit::record`] in the transaction of a change, and by [`read`] before a page that shows personal data
//! is answered. A chainer ([`chain`]) then gives the rows of each school an order number and a hash over the row's content and the hash
//! before, in a table of its own. Whoever edits, deletes, reorders or slips in a row, or cuts the chain short, breaks a hash, a number
//! or the head, and [`verify`] says where first. The head of each chain also goes to the log, which is kept elsewhere: against somebody
//! who may rewrite the whole database a hash inside of it proves nothing, the log does.
//!
//! Owns `audit`, `audit_pending`, `audit_chain`, `audit_head`, `audit_base`. Reads `people_v_name`, `people_v_member`,
//! `people_v_organisation`. Rights: `trail.see` (director, school administrator), `trail.see_own` (guardian).
//! Always true:
//!  1. A page that shows personal data is not answered before its row is durable; where the row cannot be written, it is refused ([`read`]).
//!  2. No role of the application can change or delete a row or a link (grants), or take the head of a chain back (trigger).
//!  3. Any edit, deletion, reordering, insertion or truncation of what is chained is found by [`verify`], with the first broken link.
//!  4. One chainer works at a time (advisory lock), and a row is in the chain or in `audit_pending`, never in neither (one transaction).
//!  5. Rows hold ids, no names and no searched words.

mod chainer;
mod origin;
mod pages;
mod reading;
mod rules;
mod service;
mod store;
mod verify;

pub use chainer::{Chained, chain, oldest_waiting};
pub use origin::{origin_from, origin_of};
pub use pages::routes;
pub use reading::{Sight, read};
pub use rules::{Fault, Hash};
pub use store::STATEMENTS;
pub use verify::{Expected, Finding, places, verify};

use web::NavItem;

kernel::rights! {
    /// Sees who read and changed what at the school.
    SeeTrail = "trail.see": [Director, SchoolAdministrator],
    /// Sees who looked at one's own children's data.
    SeeOwnTrail = "trail.see_own": [Guardian],
}

/// What the navigation offers.
pub const NAVIGATION: &[NavItem] = &[
    NavItem::of::<SeeOwnTrail>("/my/audit", "lock", "nav-my-trail"),
    NavItem::of::<SeeTrail>("/{school}/audit", "lock", "nav-trail"),
];
