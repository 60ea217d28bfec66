//! See as: who helps somebody opens the product with that person's eyes, to see what they see.
//! Owns `see_as`. Reads `account`, `session`, `people_v_name`.
//! Rights: `identity.see_as` (school administrator); the person seen needs none to learn of it (`/account/seen`).
//! Always true:
//!  1. Nothing is changed with another's eyes: every request that is not a plain reading is refused, and so are the person's own account
//!     and live sockets ([`rules::may_ask`]).
//!  2. Nobody looks with the eyes of somebody who holds what they could not give, nor of one who belongs to another organisation too
//!     (`logins::reaches`).
//!  3. What is confidential stays closed, whoever is looked as ([`rules::CLOSED`]).
//!  4. It ends after half an hour at the latest (a constraint of the table), or with the session, or when the seer may no longer.
//!  5. Each page is audited with both persons before it is answered, and the person seen finds who looked, when and why.

mod pages;
mod rules;
mod service;
mod store;

pub use pages::routes;
pub use rules::{CLOSED, Seer};
pub(crate) use rules::may_ask;
pub(crate) use service::{note_page, with_their_eyes};
pub use store::STATEMENTS;

kernel::rights! {
    /// Opens the product with somebody else's eyes, to help them.
    SeeAs = "identity.see_as": [SchoolAdministrator],
}
