//! Verifying: walks a school's chain from its first link and compares it with the rows, the head and what the log once told.

use kernel::{
    Result,
    db::{Db, Scope, Tx},
    id::SchoolId,
};

use super::{
    rules::{End, Fault, Found, Hash, Walk},
    store::{self, Link},
};

/// How many links are asked for at once.
const STRETCH: i64 = 5_000;

/// An end of the chain that was told elsewhere, as by the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// Its number.
    pub n: i64,
    /// Its hash.
    pub hash: Hash,
}

/// What was found at a school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How many links are sound.
    pub links: i64,
    /// The hash of the last of them.
    pub hash: Hash,
    /// How many rows wait to be chained.
    pub waiting: i64,
    /// The first thing that is wrong.
    pub fault: Option<Fault>,
}

/// Every organisation with its code: each has a chain of its own.
pub async fn places(db: &Db) -> Result<Vec<(SchoolId, String)>> {
    let places = db.run(&Scope::nothing(), async |tx| store::PLACE_LIST.all(tx, ()).await).await?;
    Ok(places.into_iter().map(|place| (place.id, place.code)).collect())
}

/// Walks the whole chain of a school.
///
/// # Errors
/// When the database cannot be asked; a broken chain is a finding.
pub async fn verify(db: &Db, school: SchoolId, expected: Option<Expected>) -> Result<Finding> {
    db.run(&Scope::school(school), async |tx| {
        // Before the links: a chain that grows meanwhile is longer than its head, never shorter.
        let head = head_of(tx, school).await?;
        let mut walk = begin(tx, school).await?;
        let broken = links(tx, school, &mut walk, &[head, expected.map(|told| End { n: told.n, hash: told.hash })]).await?;
        let fault = match broken {
            Some(fault) => Some(fault),
            None => head_behind(tx, school, walk.end()).await?.or(outside(tx, school).await?),
        };
        let waiting = store::TAIL_COUNT.one(tx, (school,)).await?.waiting;
        Ok(Finding { links: walk.end().n, hash: walk.end().hash, waiting, fault })
    })
    .await
}

/// The last links of a chain, walked from a link that is taken at its word.
pub(super) async fn verify_last(tx: &Tx, school: SchoolId, most: i64) -> Result<(Option<Fault>, Option<i64>)> {
    let Some(head) = store::HEAD_LIST.all(tx, (vec![school],)).await?.into_iter().next() else { return Ok((None, None)) };
    let begin = begin(tx, school).await?.end();
    let from = (head.n - most).max(begin.n);
    let mut found = store::LINK_LIST.all(tx, (school, if from == begin.n { from } else { from - 1 }, most + 1)).await?.into_iter().map(as_found);
    let start = if from == begin.n { Some(begin) } else { found.next().filter(|first| first.n == from).and_then(|first| Some(End { n: from, hash: first.hash? })) };
    let Some(start) = start else { return Ok((Some(Fault::LinkMissing(from)), None)) };
    let mut walk = Walk::after(start);
    let fault = found.try_for_each(|link| walk.step(&link)).err().or_else(|| (walk.end().n < head.n).then_some(Fault::CutShort(head.n)));
    Ok((fault, Some(walk.end().n)))
}

/// Where the walk begins: behind the last link that left by the rule of retention, or before the first.
async fn begin(tx: &Tx, school: SchoolId) -> Result<Walk> {
    let base = store::BASE_FIND.opt(tx, (school,)).await?;
    Ok(base.and_then(|base| Some(End { n: base.n, hash: Hash::read(&base.hash)? })).map_or_else(|| Walk::of(school), Walk::after))
}

async fn head_of(tx: &Tx, school: SchoolId) -> Result<Option<End>> {
    let head = store::HEAD_LIST.all(tx, (vec![school],)).await?.into_iter().next();
    Ok(head.and_then(|head| Some(End { n: head.n, hash: Hash::read(&head.hash)? })))
}

/// Walks every link; on the way the ends that were told must be met.
async fn links(tx: &Tx, school: SchoolId, walk: &mut Walk, told: &[Option<End>]) -> Result<Option<Fault>> {
    loop {
        let stretch = store::LINK_LIST.all(tx, (school, walk.end().n, STRETCH)).await?;
        let last = i64::try_from(stretch.len()).is_ok_and(|links| links < STRETCH);
        for link in stretch {
            if let Err(fault) = walk.step(&as_found(link)) {
                return Ok(Some(fault));
            }
            if told.iter().flatten().any(|end| end.n == walk.end().n && end.hash != walk.end().hash) {
                return Ok(Some(Fault::HeadDiffers(walk.end().n)));
            }
        }
        if last {
            let beyond = told.iter().flatten().map(|end| end.n).filter(|n| *n > walk.end().n).max();
            return Ok(beyond.map(Fault::CutShort));
        }
    }
}

/// The head goes with the last link in one transaction: read after the walk, it is never behind it.
async fn head_behind(tx: &Tx, school: SchoolId, end: End) -> Result<Option<Fault>> {
    let head = head_of(tx, school).await?.map_or(0, |head| head.n);
    Ok((head < end.n).then_some(Fault::HeadDiffers(end.n)))
}

async fn outside(tx: &Tx, school: SchoolId) -> Result<Option<Fault>> {
    Ok(store::OUTSIDE_FIND.opt(tx, (school,)).await?.map(|row| Fault::Outside(row.id)))
}

fn as_found(link: Link) -> Found {
    Found { n: link.n, hash: Hash::read(&link.hash), at: link.at, content: link.content }
}
