//! Inbox: everything a guardian was told, pushed or not.
//! Owns `notice.read_at`. Reads `notice`, `people_v_name`.
//! Rights: `delivery.see_inbox` (guardian).
//! Always true:
//!  1. A guardian sees and marks their own notices only: every statement names the recipient, and the scope their children's schools.
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
