//! Erasure of a leaver: what a school knows of somebody who has left goes, and an act says what went, what stays and why.
//!
//! A director chooses a pupil who has left, or a guardian whose children have; guardians without another child at the school go along. The
//! preview says of each room's table what is deleted, what is kept as a number of nobody, and what the law keeps. The order is confirmed by
//! typing the surname, and done as a job in portions ([`Erase`]): killed in between it goes on, run again it finds nothing to do. The last
//! step searches every column of every table for the names, logins, cards and phones, and the act says what it found.
//!
//! Rooms register what they keep ([`kernel::keep::Holding`], [`Registry`]): this room knows no table of theirs. Persons are global: the
//! person's row and account go only when no school, no child and no office of theirs is left anywhere. Audit rows stay: the law keeps
//! them three years, they hold ids and no names, they are chained, and after the erasure an id leads to nobody.
//! Who worked at the school is not erased here: labour law keeps the personnel file.
//!
//! Owns `erasure`, `document_number`. Reads `people_v_belonging`, `people_v_kinship`, `people_v_schooling`, `people_v_name`, `role_grant`.
//! Rights: `erasure.order` (director, school administrator).
//! Always true:
//!  1. Nobody is erased who belongs to the school, is in a class, is guardian of somebody here, or worked here ([`rules::refusal`]).
//!  2. After an erasure no name, login, card number or phone of the person stands in any column of any table of the school.
//!  3. A neighbour school's data of the same person stay as they are, and so do the person's row and account.
//!  4. Passes and meals stay as numbers; the id in the person's place stands nowhere else.
//!  5. Killed at any portion the job goes on, and a person is erased once. Acts are numbered without gaps.

mod pages;
mod rules;
mod service;
mod store;
mod work;

pub use pages::routes;
pub use rules::{Facts, refusal};
pub use service::{Ordered, Preview, Registry, order, preview};
pub use store::STATEMENTS;
pub use work::Erase;

use web::NavItem;

/// The job of an erasure.
pub const ERASE: &str = "erasure.run";

kernel::rights! {
    /// Erases the data of those who have left the school, and sees the acts.
    OrderErasure = "erasure.order": [Director, SchoolAdministrator],
}

/// What the navigation offers.
pub const NAVIGATION: &[NavItem] = &[NavItem::of::<OrderErasure>("/{school}/erasures", "x", "nav-erasures")];
