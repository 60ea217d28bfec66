//! What `safety::arrivals` and `fleet::downtime` have others say, in their own transactions: notices by delivery, the incident of silent gates by
//! the engine. They stand beside the one and below the other; only the server knows all of them.

use futures_util::future::{FutureExt, LocalBoxFuture};
use jiff::{SignedDuration, Timestamp};
use kernel::{Result, db::Tx, id::SchoolId};
use notice::Draft;
use safety::arrivals::Voice;

/// The house's own voice.
pub struct House;

impl fleet::downtime::Voice for House {
    fn tell<'a>(&'a self, tx: &'a Tx, now: Timestamp, drafts: &'a [Draft]) -> LocalBoxFuture<'a, Result<()>> {
        async move { delivery::issue(tx, now, SignedDuration::ZERO, drafts).await.map(|_| ()) }.boxed_local()
    }
}

impl Voice for House {
    /// Nobody holds the pushes in memory: their rows are free at once, and a dispatcher takes them within a second.
    fn tell<'a>(&'a self, tx: &'a Tx, now: Timestamp, drafts: &'a [Draft]) -> LocalBoxFuture<'a, Result<()>> {
        async move { delivery::issue(tx, now, SignedDuration::ZERO, drafts).await.map(|_| ()) }.boxed_local()
    }

    fn gates_tell<'a>(&'a self, tx: &'a Tx, now: Timestamp, school: SchoolId, key: String) -> LocalBoxFuture<'a, Result<()>> {
        engine::commit::gates_tell(tx, now, school, key).boxed_local()
    }

    fn gates_are_silent<'a>(&'a self, tx: &'a Tx, now: Timestamp, school: SchoolId, key: String) -> LocalBoxFuture<'a, Result<()>> {
        engine::commit::gates_are_silent(tx, now, school, key).boxed_local()
    }
}
