//! Live: what became durable a moment ago appears on open pages. One session actor per open page; the switchboard knows who wants what.
//!
//! A page that misses something is never wrong for long: each frame carries `rev`, and a page that sees a jump, or is told
//! `snapshot`, fetches its part again. So every queue here may drop, and none may grow.
//!
//! A socket was let in by somebody's rights at that moment. When these change, or the session ends, the socket is ended with the code
//! [`GONE`](session::GONE) ([`Switchboard::end`]); the browser then loads its page anew and is let in, or is led to the sign-in.

mod session;
mod switchboard;

pub use session::{Session, open};
pub use switchboard::{Audience, Ending, News, Owner, Switchboard};

use delivery::IssuedNotice;
use fleet::Status;
use kernel::Locale;
use safety::Recorded;

/// How news becomes HTML: filled in by the server from the pages' own crates, so that a live fragment and a full page come from
/// one template. Each returns out-of-band fragments for htmx, or nothing.
pub struct Views {
    /// For a guardian: passes and meals of their children.
    pub guardian: View<Recorded>,
    /// For a guardian: notices to them.
    pub notice: View<IssuedNotice>,
    /// For school staff: passes and meals of the school, and how many are inside.
    pub school: Box<dyn Fn(Locale, &[Recorded], u64) -> String + Send + Sync>,
    /// For support: devices whose state changed.
    pub support: View<Status>,
}

/// Out-of-band HTML of some news in a language.
pub type View<T> = Box<dyn Fn(Locale, &[T]) -> String + Send + Sync>;
