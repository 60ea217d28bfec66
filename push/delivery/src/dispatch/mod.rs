//! Dispatch: pushes go out at once from memory, and certainly from rows.
//! Owns the updates of `delivery` and the removal of `push_token`. Reads `notice`, `notice_switch`,
//! `people_v_kinship`, `identity_v_consent_stop`.
//!
//! The engine hands pushes to the [`Dispatcher`] after its commit, by `try_send`. They wait in a [`queue`] of
//! bounded [`lanes`]; the [`sender`] feeds them to a [`Channel`](crate::channels::Channel), so many at a time; the [`ledger`] writes outcomes back in
//! batches and once a second takes what is due again: retries, and rows whose lease ran out because their holder died. Both ways
//! meet in the queue. When the queue is full, pushes are dropped without a word to anyone: their rows bring them back.
//!
//! Always true:
//!  1. Nothing is sent without a lease that outlasts the attempt, so two instances do not send the same push.
//!  2. Rows are taken again only when all outcomes known so far are written.
//!  3. A failed attempt is repeated after 10 s at the earliest, later each time, and never before the provider's Retry-After.
//!  4. A push older than its kind's time is not sent; its row says `expired`.
//!  5. What a guardian switched off is not sent again: a row taken once more asks the switch, and whether they are a guardian still.
//!  6. A panic in one send is that send's failure and nobody else's.
//!  7. What rests on a consent that was withdrawn is sent no more: a row taken once more asks, and what waits in memory hears of it with
//!     the next look at the rows, a second later at most.
//!  8. However many of one lane wait, in memory or in rows, a push of a lane above finds a place and a token of its own ([`lanes`]; rows are
//!     taken lane by lane).
//!  9. What was held back goes out as one banner for each phone, which says for how many it stands; each of them ends `collapsed` or with the
//!     banner, in the transaction that makes the banner ready ([`store::GATHER`]). What may not be sent any more is not counted.

mod actor;
mod gauges;
mod lanes;
mod ledger;
mod queue;
mod rules;
mod sender;
mod store;

use std::time::Duration;

use jiff::SignedDuration;
use kernel::id::SchoolId;

pub use actor::{Dispatch, Dispatcher, Stop};
pub(crate) use gauges::replayed;
pub(crate) use rules::BANNER_LASTS;
pub use store::STATEMENTS;

/// Whose due rows a dispatcher takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Serves {
    /// Those of every school there is.
    Everybody,
    /// Those of these schools.
    Only(Vec<SchoolId>),
}

/// How the dispatcher works.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whose due rows it takes. What it is handed it sends for whomever.
    pub serves: Serves,
    /// Sends under way at a time.
    pub in_flight: usize,
    /// What the provider lets the project send in a second.
    pub per_second: u32,
    /// Pushes waiting in memory in each lane; more are left to their rows.
    pub queue: usize,
    /// Batches waiting in the actor's mailbox.
    pub mailbox: usize,
    /// The longest an attempt may take; then it is cut off and counts as failed.
    pub attempt: Duration,
    /// For how long rows are leased when taken again. Give [`issue`](crate::issue) the same.
    pub lease: SignedDuration,
    /// How often outcomes are written when there are few.
    pub write_every: Duration,
    /// How many outcomes are written at once when there are many.
    pub write_at: usize,
    /// How often due rows are looked for.
    pub poll_every: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            serves: Serves::Everybody,
            in_flight: 700,
            // FCM gives a project 600,000 a minute.
            per_second: 9_000,
            queue: 20_000,
            mailbox: 64,
            attempt: Duration::from_secs(10),
            lease: SignedDuration::from_secs(60),
            write_every: Duration::from_millis(50),
            write_at: 256,
            poll_every: Duration::from_secs(1),
        }
    }
}
