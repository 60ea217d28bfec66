//! Movement: pupils come, change their class and leave, and a book says why.
//!
//! Who is in which class when stands in `enrolment`, and nowhere else; a line of `movement` is written beside every change of it, with its
//! reason, its order and who made it. Who leaves belongs to the school no longer: enrolment, belonging and kinship end with the day, cards
//! at that moment (trigger `card_follows_belonging`), guardians without another child or an office here leave along.
//! The last act with a pupil can be taken back for a day while nothing followed: the line stays, with who took it back.
//!
//! Owns `movement`. Reads `enrolment`, `school_class`, `school_person`, `kinship`, `identity_v_office`.
//! Always true:
//!  1. A pupil's times in classes of a school never overlap ([`arrive`] and its siblings compare under the row lock; unique index `enrolment_open`).
//!  2. Every change of an enrolment by this room has its line in the book, written in the same transaction.
//!  3. What was taken back is as if it had never been, and its line stays.

mod acts;
mod rules;
mod store;

pub use acts::{About, Arrival, Departure, Move, arrive, arrive_as, leave, relocate, unmake};
pub use rules::{ArrivalKind, MoveKind, Reason};
pub use store::STATEMENTS;
