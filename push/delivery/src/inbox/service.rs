//! Use cases of the inbox.

use kernel::{
    Result,
    db::Db,
    id::{NoticeId, PersonId},
};
use notice::Kind;

use super::{
    SeeInbox,
    store::{self, Child, Note},
};
use crate::Own;

/// How many notices a page shows.
const PAGE: usize = 30;

/// Which notices to show.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// About one child only.
    pub child: Option<PersonId>,
    /// Of one kind only.
    pub kind: Option<&'static Kind>,
    /// Go on before this notice.
    pub after: Option<NoticeId>,
}

/// A page of the inbox.
#[derive(Debug)]
pub struct InboxPage {
    /// Newest first.
    pub notices: Vec<Note>,
    /// The last one shown, when more follow.
    pub next: Option<NoticeId>,
    /// How many are unread, of all; at most a hundred are counted.
    pub unread: i64,
    /// Of whom the reader is told, for the filter.
    pub children: Vec<Child>,
}

/// A page of the reader's notices.
pub async fn notices(db: &Db, own: &Own, filter: Filter) -> Result<InboxPage> {
    own.require::<SeeInbox>()?;
    let (ctx, children) = (&own.ctx, own.persons());
    let (person, schools) = (ctx.person()?, ctx.scope.schools.clone());
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let key = (schools.clone(), person, filter.after, filter.child, filter.kind.map(|kind| kind.name), limit, children.clone());
    db.run(&ctx.scope, async |tx| {
        let mut notices = store::NOTICE_LIST.all(tx, key).await?;
        let more = notices.len() > PAGE;
        notices.truncate(PAGE);
        let next = notices.last().map(|note| note.id).filter(|_| more);
        let unread = store::UNREAD_COUNT.one(tx, (schools, person, children.clone())).await?.unread.unwrap_or(0);
        let children = store::CHILD_LIST.all(tx, (children,)).await?;
        Ok(InboxPage { notices, next, unread, children })
    })
    .await
}

/// Marks one notice as read.
pub async fn mark_read(db: &Db, own: &Own, notice: NoticeId) -> Result<()> {
    own.require::<SeeInbox>()?;
    let ctx = &own.ctx;
    let key = (ctx.scope.schools.clone(), ctx.person()?, notice, ctx.now());
    db.run(&ctx.scope, async |tx| store::NOTICE_READ.run(tx, key).await).await.map(|_| ())
}

/// Marks a notice and all older ones as read.
pub async fn mark_all_read(db: &Db, own: &Own, upto: NoticeId) -> Result<()> {
    own.require::<SeeInbox>()?;
    let ctx = &own.ctx;
    let key = (ctx.scope.schools.clone(), ctx.person()?, upto, ctx.now());
    db.run(&ctx.scope, async |tx| store::NOTICE_READ_UPTO.run(tx, key).await).await.map(|_| ())
}
