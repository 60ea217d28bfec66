//! Switches: which kinds of notice a guardian wants on the phone, in Telegram and by e-mail, for each child; and who works or learns at a
//! school, of what is told to themselves.
//! Owns `notice_switch`. Reads `people_v_kinship`, `people_v_name`, `push_token`.
//! Rights: `delivery.switch` (guardian); for oneself none ([`Own`](crate::Own)).
//! Always true:
//!  1. A guardian switches only for a child whose guardian they are now (the insert selects from `kinship`), and nobody for anybody else but
//!     themselves, where they work or learn now.
//!  2. A switch says what shall be, not "the other way round": sent twice, it changes once.
//!  3. Every change is audited in its own transaction; undoing is switching again.
//!  4. Without a row the kind's default holds, and asking for the default writes nothing.
//!  5. A wish for a child holds at every school where the child comes later (the triggers `delivery_wishes_follow_…` on `kinship`); for another
//!     child there is no wish yet: a family hears too much of it rather than nothing.

mod pages;
mod rules;
mod service;
mod store;

pub use pages::routes;
pub use rules::{About, Ways};
pub use service::{ChildSwitches, Reached, Switch, Wish, reached, set, switches};
pub use store::STATEMENTS;

kernel::rights! {
    /// Chooses which notices come to one's own phone.
    SwitchNotices = "delivery.switch": [Guardian],
}
