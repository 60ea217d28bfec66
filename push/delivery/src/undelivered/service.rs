//! Use cases: count what was not delivered, look at one cause, send it again.

use jiff::Timestamp;
use kernel::{
    Ctx, Result,
    audit::{self, Deed, Entry, Whose},
    db::{Db, Tx},
    id::{NoticeId, TokenId},
};
use notice::KINDS;
use serde_json::json;

use super::{
    ReplayDeliveries,
    rules::{MOST, Period},
    store::{self, Counted, Dead, Replayed},
};
use crate::dispatch::BANNER_LASTS;

/// How many a page shows; the act is of all.
const SHOWN: i64 = 50;

/// What a page is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// How far back.
    pub period: Period,
    /// The code of the one school that is meant; empty for all.
    pub school: String,
}

/// A channel and a cause, as rows have them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// By what it was sent.
    pub channel: String,
    /// `refused` or `expired`.
    pub outcome: String,
    /// What the last attempt left; may be empty.
    pub detail: String,
}

/// One dead letter among those of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letter {
    /// The notice.
    pub notice: NoticeId,
    /// The phone.
    pub token: TokenId,
}

/// What a form asks for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Where its page looked.
    pub filter: Filter,
    /// Of what cause.
    pub group: Group,
    /// One alone.
    pub only: Option<Letter>,
    /// When its page was made.
    pub seen_at: Timestamp,
}

/// Those of one cause.
#[derive(Debug)]
pub struct Letters {
    /// How many there are, and of what.
    pub counted: Option<Counted>,
    /// The first of them.
    pub shown: Vec<Dead>,
}

/// What an act did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Done {
    /// Opened again.
    pub again: i64,
    /// Given up: too old.
    pub old: i64,
}

/// Everything that was not delivered by a fault, by channel and cause.
///
/// # Errors
/// The database's.
pub async fn groups(db: &Db, ctx: &Ctx, filter: &Filter) -> Result<Vec<Counted>> {
    ctx.require::<ReplayDeliveries>()?;
    db.run(&ctx.scope, async |tx| {
        let sight = sight(tx, ctx, filter).await?;
        store::GROUP_LIST.all(tx, sight).await
    })
    .await
}

/// What was not delivered for one cause.
///
/// # Errors
/// The database's.
pub async fn letters(db: &Db, ctx: &Ctx, filter: &Filter, group: &Group) -> Result<Letters> {
    ctx.require::<ReplayDeliveries>()?;
    db.run(&ctx.scope, async |tx| {
        let sight = sight(tx, ctx, filter).await?;
        let counted = store::GROUP_LIST.all(tx, sight.clone()).await?.into_iter().find(|counted| Group::of(counted) == *group);
        let (schools, from, kinds, seconds, banner, now) = sight;
        let Group { channel, outcome, detail } = group.clone();
        let shown = store::DEAD_LIST.all(tx, (schools, from, kinds, seconds, banner, now, channel, outcome, detail, SHOWN)).await?;
        Ok(Letters { counted, shown })
    })
    .await
}

/// Sends again what is news still, of what was dead when the page was made; gives up what is not.
///
/// # Errors
/// The database's.
pub async fn replay(db: &Db, ctx: &Ctx, asked: Asked) -> Result<Done> {
    ctx.require::<ReplayDeliveries>()?;
    let Asked { filter, group: Group { channel, outcome, detail }, only, seen_at } = asked;
    let (cause, channel_said) = (format!("{outcome} {detail}"), channel.clone());
    let seen_at = seen_at.min(ctx.now());
    let done = db
        .run(&ctx.scope, async |tx| {
            let (schools, from, kinds, seconds, banner, now) = sight(tx, ctx, &filter).await?;
            let (notice, token) = (only.map(|letter| letter.notice), only.map(|letter| letter.token));
            let touched = store::REPLAY.all(tx, (schools, from, kinds, seconds, banner, now, channel, outcome, detail, MOST, seen_at, notice, token)).await?;
            let entry = |row: &Replayed| {
                let detail = json!({ "channel": channel_said, "cause": cause.trim_end(), "again": row.fresh, "given_up": row.old });
                let deed = Deed { school: row.school_id, action: "delivery.replay", subject_kind: "notice", subject: only.map(|letter| letter.notice.0), detail };
                Entry::of(ctx, deed, Whose::Nobody)
            };
            audit::write(tx, &touched.iter().map(entry).collect::<Vec<_>>()).await?;
            Ok(Done { again: touched.iter().map(|row| row.fresh).sum(), old: touched.iter().map(|row| row.old).sum() })
        })
        .await?;
    crate::dispatch::replayed(done.again, done.old);
    Ok(done)
}

impl Group {
    /// That of a count.
    pub fn of(counted: &Counted) -> Self {
        Self { channel: counted.channel.clone(), outcome: counted.outcome.clone().unwrap_or_default(), detail: counted.detail.clone() }
    }
}

/// A code of no school, or of one out of sight, finds nothing.
async fn sight(tx: &Tx, ctx: &Ctx, filter: &Filter) -> Result<store::Sight> {
    let schools = match filter.school.trim() {
        "" => ctx.scope.schools.clone(),
        code => store::SCHOOL_FIND.all(tx, (code.to_lowercase(), ctx.scope.schools.clone())).await?.into_iter().map(|school| school.id).collect(),
    };
    let names = KINDS.iter().map(|kind| kind.name).collect();
    let seconds = KINDS.iter().map(|kind| kind.expires_after.as_secs()).collect();
    Ok((schools, filter.period.begins(ctx.now()), names, seconds, BANNER_LASTS.as_secs(), ctx.now()))
}
