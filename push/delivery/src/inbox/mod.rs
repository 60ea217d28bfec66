//! Inbox: everything a guardian was told, and everybody else of themselves, pushed or not.
//! Owns `notice.read_at`. Reads `notice`, `people_v_name`.
//! Rights: `delivery.see_inbox` (guardian); what one was told oneself takes none ([`Own`](crate::Own)).
//! Always true:
//!  1. A reader sees and marks their own notices only: every statement names the recipient, and the scope the schools of their children and their own.
//!  2. "Mark all read" marks what the page showed and older, never what came in the meantime.
//!  3. Marking twice changes nothing: the first time stays.

mod pages;
mod service;
mod store;

pub use pages::{fragment, routes};
pub use service::{Filter, InboxPage, mark_all_read, mark_read, notices};
pub use store::{Note, STATEMENTS};

kernel::rights! {
    /// Sees one's own notices.
    SeeInbox = "delivery.see_inbox": [Guardian],
}
