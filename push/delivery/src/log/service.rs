//! The use case of the log.

use jiff::Timestamp;
use kernel::{
    Ctx, Result,
    db::{Db, Tx},
    id::NoticeId,
};

use super::{
    SeeDeliveryLog,
    store::{self, Attempted, Entry},
};

/// How many notices a page shows.
const PAGE: usize = 50;
/// Of how many people with the searched name notices are shown at most.
const NAMESAKES: i64 = 200;

/// Which notices to show.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Words of a guardian's or child's name, or of the class.
    pub words: String,
    /// From this moment.
    pub from: Timestamp,
    /// Until before this one.
    pub until: Timestamp,
    /// Go on before this notice.
    pub after: Option<NoticeId>,
}

/// A page of the log.
#[derive(Debug)]
pub struct LogPage {
    /// Newest first, each with what became of it.
    pub entries: Vec<(Entry, Vec<Attempted>)>,
    /// The last one shown, when more follow.
    pub next: Option<NoticeId>,
}

/// Notices of a time, of everybody or of those with a name, with what became of them.
pub async fn entries(db: &Db, ctx: &Ctx, filter: Filter) -> Result<LogPage> {
    ctx.require::<SeeDeliveryLog>()?;
    db.run(&ctx.scope, async |tx| {
        let mut entries = list(tx, ctx, &filter).await?;
        let more = entries.len() > PAGE;
        entries.truncate(PAGE);
        let next = entries.last().map(|entry| entry.id).filter(|_| more);
        let attempted = attempted(tx, &entries).await?;
        let with_rows = |entry: Entry| {
            let rows = attempted.iter().filter(|row| row.notice_id == entry.id).cloned().collect();
            (entry, rows)
        };
        Ok(LogPage { entries: entries.into_iter().map(with_rows).collect(), next })
    })
    .await
}

async fn list(tx: &Tx, ctx: &Ctx, filter: &Filter) -> Result<Vec<Entry>> {
    let schools = ctx.scope.schools.clone();
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let words: String = filter.words.trim().chars().take(100).collect();
    if words.is_empty() {
        return store::ENTRY_LIST.all(tx, (schools, filter.from, filter.until, filter.after, limit)).await;
    }
    let found = store::RECIPIENT_FIND.all(tx, (schools.clone(), words, NAMESAKES)).await?;
    let (recipients, children) = found.into_iter().map(|found| (found.recipient_id, found.child_id)).unzip();
    store::ENTRY_OF_LIST.all(tx, (schools, filter.from, filter.until, filter.after, limit, recipients, children)).await
}

async fn attempted(tx: &Tx, entries: &[Entry]) -> Result<Vec<Attempted>> {
    let schools = entries.iter().map(|entry| entry.school_id).collect();
    let ids = entries.iter().map(|entry| entry.id).collect();
    let times = entries.iter().map(|entry| entry.created_at).collect();
    store::ATTEMPTED_LIST.all(tx, (schools, ids, times)).await
}
