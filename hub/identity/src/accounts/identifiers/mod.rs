//! Identifiers: what a person may type at the sign-in in place of the login that they were given. A phone and an e-mail they set themselves
//! (the e-mail counts when the link of a letter was followed); the school writes down all three, the IIN too, on the page of a person's login.
//!
//! Owns `account_identifier`, `account_email_question`. Rights: none of its own; the school's side asks `identity.manage_accounts`.
//! Always true:
//!  1. The database holds an identifier sealed, and a hash with a key that the database does not hold; without that key there are none ([`Keeper`]).
//!  2. One identifier opens one account (unique index); one that nobody vouched for gives way to one that somebody did.
//!  3. A page shows an IIN by its last digits only (whole it stands in the list for the authorised body alone, [`crate::breaches`]), and in a demo no real person's IIN is taken.
//!  4. An e-mail counts once the link sent to it was followed, within a day, once.

mod own;
mod pages;
mod rules;
mod store;
mod writing;

pub use pages::routes;
pub use writing::confirmed_email;
pub(crate) use rules::{Identifier, Kind, read_all};
pub use store::STATEMENTS;
pub(crate) use writing::{Author, Keeper, Known, Reach, fits_the_mode, known, reach, take_off, write};
