//! The chainer: takes the rows that wait, and gives each its number and hash behind the last link of its school.
//!
//! Rows of one school are chained in the order of their time as far as they are visible; a transaction that commits later is chained
//! later. Everything of one call is one transaction with the same few statements, however many schools and rows it is about.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kernel::{
    Error, Result,
    db::{Db, Scope, Tx},
    id::SchoolId,
};

use super::{
    rules::{End, Hash},
    store::{self, Waiting},
};

/// A number nobody else uses: the ASCII of "trail".
const LOCK: i64 = 0x0074_7261_696c;
/// How many rows one transaction chains.
const AT_ONCE: i64 = 2_000;

/// What one call did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chained {
    /// How many rows.
    pub rows: usize,
    /// The new ends of the chains that grew: what the log keeps apart from the database.
    pub ends: Vec<(SchoolId, i64, Hash)>,
    /// Whether rows may be left for the next call.
    pub more: bool,
}

/// Chains what waits in the schools of the scope; nothing while another instance does.
pub async fn chain(db: &Db, scope: &Scope, now: Timestamp) -> Result<Chained> {
    db.run(scope, async |tx| {
        if !store::CHAINER_LOCK.one(tx, (LOCK,)).await?.had {
            return Ok(Chained::default());
        }
        let waiting = store::PENDING_TAKE.all(tx, (AT_ONCE,)).await?;
        if waiting.is_empty() { Ok(Chained::default()) } else { append(tx, &waiting, now).await }
    })
    .await
}

/// Since when the oldest row of these schools waits to be chained.
pub async fn oldest_waiting(db: &Db, scope: &Scope) -> Result<Option<Timestamp>> {
    Ok(db.run(scope, async |tx| store::PENDING_OLDEST.one(tx, ()).await).await?.at)
}

async fn append(tx: &Tx, waiting: &[Waiting], now: Timestamp) -> Result<Chained> {
    let mut ends = ends_of(tx, waiting).await?;
    let (mut schools, mut numbers, mut times, mut ids, mut hashes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for row in waiting {
        let end = ends.entry(row.school_id).or_insert(End { n: 0, hash: Hash::of_nothing(row.school_id) });
        let n = end.n + 1;
        // A row that was removed while it waited leaves a link that no content fits: its absence will be found.
        let hash = end.hash.next(n, row.content.as_deref().unwrap_or_default());
        *end = End { n, hash };
        schools.push(row.school_id);
        numbers.push(n);
        times.push(row.at);
        ids.push(row.audit_id);
        hashes.push(hash.0.to_vec());
    }
    store::CHAIN_ADD.run(tx, (schools, numbers, times, ids, hashes, now)).await?;
    let ends: Vec<(SchoolId, i64, Hash)> = ends.into_iter().map(|(school, end)| (school, end.n, end.hash)).collect();
    let heads = (ends.iter().map(|end| end.0).collect(), ends.iter().map(|end| end.1).collect(), ends.iter().map(|end| end.2.0.to_vec()).collect(), now);
    store::HEAD_SET.run(tx, heads).await?;
    Ok(Chained { rows: waiting.len(), ends, more: i64::try_from(waiting.len()).is_ok_and(|rows| rows >= AT_ONCE) })
}

/// Where the chains of these rows' schools end now.
async fn ends_of(tx: &Tx, waiting: &[Waiting]) -> Result<BTreeMap<SchoolId, End>> {
    let mut schools: Vec<SchoolId> = waiting.iter().map(|row| row.school_id).collect();
    schools.dedup();
    let mut ends = BTreeMap::new();
    for head in store::HEAD_LIST.all(tx, (schools,)).await? {
        let hash = Hash::read(&head.hash).ok_or_else(|| Error::broken("the head of an audit chain is no hash"))?;
        ends.insert(head.school_id, End { n: head.n, hash });
    }
    Ok(ends)
}
