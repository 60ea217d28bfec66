//! Use cases of blocks: made by a guardian, by a pupil of age or by the office; taken back by whoever made it, or lifted by the office.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed, Whose},
    db::{Db, Tx},
    id::{PersonId, SchoolId, Uuid, show},
};
use notice::{CARD_BLOCKED, CARD_UNBLOCKED, Draft, Kind, To};
use serde_json::json;

use super::{
    BlockCards, BlockOwnCard, LiftBlocks, SeeBlockedCards,
    rules::{self, NewBlock},
    store::{self, Block, HeldCard, Holder, Standing, Use},
};

/// How many blocks a page of the list shows.
pub const PAGE: usize = 50;
/// How many a file holds at most.
const MOST: i64 = 20_000;

/// Whose card it is, and who speaks of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Own {
    /// The holder's school.
    pub school: SchoolId,
    /// The holder: a child, or the speaker.
    pub holder: PersonId,
    /// A guardian, or the holder, of age: that is the caller's to know.
    pub speaker: PersonId,
}

/// The moment, as the words of a notice say it.
#[derive(Debug, Clone, Copy)]
pub struct In<'a> {
    /// The school's zone.
    pub zone: &'a TimeZone,
    /// Today there.
    pub today: Date,
}

/// Which card of whom is blocked, and by which form.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// The form's id: sent twice, it is one block.
    pub id: Uuid,
    /// The card.
    pub card: Uuid,
}

/// What of the list is asked for.
#[derive(Debug, Clone, Default)]
pub struct Sought {
    /// `lifted`, `all`; empty for those that hold.
    pub state: &'static str,
    /// A reason, or empty.
    pub reason: &'static str,
    /// Only who has no card that opens.
    pub cardless: bool,
    /// Words of name, class or number.
    pub words: String,
}

/// The cards of several holders, each with their school, for the page that leads to each.
///
/// # Errors
/// Without the right; the database's.
pub async fn own_cards(db: &Db, ctx: &Ctx, holders: (Vec<SchoolId>, Vec<PersonId>)) -> Result<Vec<HeldCard>> {
    ctx.require::<BlockOwnCard>()?;
    db.run(&ctx.scope, async |tx| store::CARD_LIST.all(tx, holders.clone()).await).await
}

/// A holder's cards, and what was done with blocked ones.
///
/// # Errors
/// `NotFound` for who is no guardian of the child.
pub async fn own(db: &Db, ctx: &Ctx, own: Own, today: Date) -> Result<(Vec<HeldCard>, Vec<Use>)> {
    ctx.require::<BlockOwnCard>()?;
    db.run(&ctx.scope, async |tx| {
        kin_or_nobody(tx, own, today).await?;
        Ok((store::CARD_LIST.all(tx, (vec![own.school], vec![own.holder])).await?, store::USE_LIST.all(tx, (own.school, own.holder)).await?))
    })
    .await
}

/// Blocks a card on the own page. Sent twice, or for a card that is blocked already, it is one block.
///
/// # Errors
/// `NotFound` for who is no guardian, and for another's card.
pub async fn block_own(db: &Db, ctx: &Ctx, own: Own, here: In<'_>, wanted: Wanted, block: NewBlock) -> Result<()> {
    ctx.require::<BlockOwnCard>()?;
    db.run(&ctx.scope, async |tx| {
        kin_or_nobody(tx, own, here.today).await?;
        add(tx, ctx, (own.school, own.holder), here, wanted, &block, "safety.block_own_card").await
    })
    .await
}

/// Takes a block back that the same person made a moment ago. Sent twice, it is done once.
///
/// # Errors
/// `NotFound` for who is no guardian and for another's block; a refusal when it is too late, or somebody else's to lift.
pub async fn take_back(db: &Db, ctx: &Ctx, own: Own, here: In<'_>, id: Uuid) -> Result<()> {
    ctx.require::<BlockOwnCard>()?;
    db.run(&ctx.scope, async |tx| {
        kin_or_nobody(tx, own, here.today).await?;
        let block = store::BLOCK_FIND.one(tx, (own.school, id)).await?;
        if block.person_id != own.holder {
            return Err(Error::NotFound);
        }
        if block.lifted_at.is_none() && !rules::may_take_back(block.blocked_by, block.blocked_at, own.speaker, ctx.now()) {
            return Err(Error::Refused("blocks.too_late"));
        }
        lift_found(tx, ctx, own.school, here, (id, &block), "safety.undo_block").await
    })
    .await
}

/// A page of what the office sees, and the block after which the next one begins.
///
/// # Errors
/// Without the right; the database's.
pub async fn list(db: &Db, ctx: &Ctx, school: SchoolId, sought: &Sought, after: Option<Uuid>) -> Result<(Vec<Block>, Option<Uuid>)> {
    let mut found = listed(db, ctx, school, sought, after, i64::try_from(PAGE + 1).unwrap_or(MOST)).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().map(|block| block.id).filter(|_| more);
    Ok((found, next))
}

/// All that is asked for, for a file.
///
/// # Errors
/// Without the right; the database's.
pub async fn whole_list(db: &Db, ctx: &Ctx, school: SchoolId, sought: &Sought) -> Result<Vec<Block>> {
    listed(db, ctx, school, sought, None, MOST).await
}

async fn listed(db: &Db, ctx: &Ctx, school: SchoolId, sought: &Sought, after: Option<Uuid>, limit: i64) -> Result<Vec<Block>> {
    ctx.require::<SeeBlockedCards>()?;
    let key = (school, sought.state, sought.reason, sought.cardless, sought.words.clone(), after, limit);
    db.run(&ctx.scope, async |tx| store::LIST.all(tx, key.clone()).await).await
}

/// Those of a name who have a card.
///
/// # Errors
/// Without the right; the database's.
pub async fn seek(db: &Db, ctx: &Ctx, school: SchoolId, words: &str) -> Result<Vec<Holder>> {
    ctx.require::<BlockCards>()?;
    let words: String = words.trim().chars().take(100).collect();
    db.run(&ctx.scope, async |tx| store::HOLDER_SEEK.all(tx, (school, words.clone())).await).await
}

/// Somebody of the school with their cards.
///
/// # Errors
/// `NotFound` for who is not of the school.
pub async fn holder(db: &Db, ctx: &Ctx, school: SchoolId, person: PersonId) -> Result<(Holder, Vec<HeldCard>)> {
    ctx.require::<BlockCards>()?;
    db.run(&ctx.scope, async |tx| Ok((store::HOLDER_FIND.one(tx, (school, person)).await?, store::CARD_LIST.all(tx, (vec![school], vec![person])).await?))).await
}

/// The office blocks anybody's card.
///
/// # Errors
/// `NotFound` for who is not of the school, and for another's card.
pub async fn block(db: &Db, ctx: &Ctx, school: SchoolId, person: PersonId, here: In<'_>, wanted: Wanted, block: NewBlock) -> Result<()> {
    ctx.require::<BlockCards>()?;
    db.run(&ctx.scope, async |tx| {
        store::HOLDER_FIND.one(tx, (school, person)).await?;
        add(tx, ctx, (school, person), here, wanted, &block, "safety.block_card").await
    })
    .await
}

/// The office lifts a block, whoever made it. Sent twice, it is done once.
///
/// # Errors
/// `NotFound` for a block that is not the school's.
pub async fn lift(db: &Db, ctx: &Ctx, school: SchoolId, here: In<'_>, id: Uuid) -> Result<()> {
    ctx.require::<LiftBlocks>()?;
    db.run(&ctx.scope, async |tx| {
        let block = store::BLOCK_FIND.one(tx, (school, id)).await?;
        lift_found(tx, ctx, school, here, (id, &block), "safety.lift_block").await
    })
    .await
}

async fn add(tx: &Tx, ctx: &Ctx, (school, holder): (SchoolId, PersonId), here: In<'_>, wanted: Wanted, block: &NewBlock, action: &'static str) -> Result<()> {
    let card = store::CARD_FOR_UPDATE.one(tx, (school, wanted.card)).await?;
    if card.person_id != holder || !card.is_open {
        return Err(Error::NotFound);
    }
    let known = store::BLOCK_KNOWN.one(tx, (school, wanted.card, wanted.id)).await?;
    if known.is_blocked {
        return Ok(());
    }
    // The form of a block that was lifted since, gone back to: another block.
    let id = if known.is_used { ctx.id() } else { wanted.id };
    let row = (school, id, wanted.card, holder, block.reason.as_str(), block.words.clone(), block.way.as_str(), ctx.person()?, ctx.now());
    store::BLOCK_ADD.run(tx, row).await?;
    deed(tx, ctx, school, holder, (id, wanted.card), action).await?;
    notice::tell(tx, ctx, &draft(&CARD_BLOCKED, school, holder, here.zone, ctx.now())).await
}

async fn lift_found(tx: &Tx, ctx: &Ctx, school: SchoolId, here: In<'_>, (id, block): (Uuid, &Standing), action: &'static str) -> Result<()> {
    if block.lifted_at.is_some() {
        return Ok(());
    }
    store::BLOCK_LIFT.run(tx, (school, id, ctx.person()?, ctx.now())).await?;
    deed(tx, ctx, school, block.person_id, (id, block.card_id), action).await?;
    notice::tell(tx, ctx, &draft(&CARD_UNBLOCKED, school, block.person_id, here.zone, ctx.now())).await
}

/// All guardians are told, whoever did it: who did it reads that it is done, and whoever did not knows that somebody did. Of staff nobody is.
fn draft(kind: &'static Kind, school: SchoolId, child: PersonId, zone: &TimeZone, now: Timestamp) -> Draft {
    let at = now.to_zoned(zone.clone());
    let args = json!({ "date": at.strftime("%d.%m.%Y").to_string(), "time": at.strftime("%H:%M").to_string() });
    Draft { school, child, to: To::Guardians, kind, occurred_at: now, late: false, args }
}

async fn kin_or_nobody(tx: &Tx, own: Own, today: Date) -> Result<()> {
    if own.holder == own.speaker {
        return Ok(());
    }
    let kin = store::KIN_IS.one(tx, (own.school, own.holder, own.speaker, today)).await?;
    if kin.so { Ok(()) } else { Err(Error::NotFound) }
}

async fn deed(tx: &Tx, ctx: &Ctx, school: SchoolId, holder: PersonId, (block, card): (Uuid, Uuid), action: &'static str) -> Result<()> {
    let deed = Deed { school, action, subject_kind: "person", subject: Some(holder.0), detail: json!({ "block": show(block), "card": show(card) }) };
    audit::record_about(tx, ctx, deed, Whose::person(holder)).await
}
