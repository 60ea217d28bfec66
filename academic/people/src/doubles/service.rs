//! Use cases of doubles: found, told apart, merged, undone.

use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed, Whose},
    db::{Db, Tx},
    id::{PersonId, SchoolId, Uuid, show},
};
use serde_json::json;

use super::{
    MergeDoubles,
    rules::{self, Face, Facts, Why},
    store::{self, Holds, Merge, Pair},
};
use crate::pupils::card::{self, Card, Field, How};

/// How many pairs are looked at; a school with more has another trouble.
const MOST: i64 = 2_000;

/// Two who look alike, and why.
#[derive(Debug)]
pub struct Double {
    /// The two.
    pub pair: Pair,
    /// Why.
    pub whys: Vec<Why>,
}

/// Two side by side.
#[derive(Debug)]
pub struct Compared {
    /// Who would stay, and who would go.
    pub cards: [Card; 2],
    /// What each of them holds, table by table.
    pub holds: [Vec<Holds>; 2],
    /// Somebody said that these are two.
    pub is_apart: bool,
    /// Why they cannot be merged.
    pub refusal: Option<&'static str>,
}

/// All who look alike, in the order of the Kazakh alphabet.
pub async fn doubles(db: &Db, ctx: &Ctx, school: SchoolId) -> Result<Vec<Double>> {
    ctx.require::<MergeDoubles>()?;
    let pairs = db.run(&ctx.scope, async |tx| store::PAIR_LIST.all(tx, (school, MOST)).await).await?;
    let judged = |pair: Pair| {
        let face = |surname: &str, given_name: &str, patronymic: &Option<String>, born, phone: &Option<String>| Face {
            surname: surname.to_owned(),
            given_name: given_name.to_owned(),
            patronymic: patronymic.clone(),
            born,
            phone: phone.clone(),
        };
        let a = face(&pair.a_surname, &pair.a_given_name, &pair.a_patronymic, pair.a_birth_date, &pair.a_phone);
        let b = face(&pair.b_surname, &pair.b_given_name, &pair.b_patronymic, pair.b_birth_date, &pair.b_phone);
        let whys = rules::likeness(&a, &b);
        (!whys.is_empty()).then_some(Double { pair, whys })
    };
    Ok(pairs.into_iter().filter_map(judged).collect())
}

/// The merges of a school, the newest first.
pub async fn merges(db: &Db, ctx: &Ctx, school: SchoolId) -> Result<Vec<Merge>> {
    ctx.require::<MergeDoubles>()?;
    db.run(&ctx.scope, async |tx| store::MERGE_LIST.all(tx, (school,)).await).await
}

/// Says that two are two, or takes it back. Sent twice, it is said once.
pub async fn tell_apart(db: &Db, ctx: &Ctx, school: SchoolId, one: PersonId, other: PersonId, apart: Apart) -> Result<()> {
    ctx.require::<MergeDoubles>()?;
    let me = ctx.person()?;
    let (first, second) = (one.min(other), one.max(other));
    db.run(&ctx.scope, async |tx| {
        facts(tx, ctx, school, first, second).await?;
        let (changed, action) = match apart {
            Apart::Two => (store::PAIR_ADD.run(tx, (school, first, second, me, ctx.now())).await?, "people.tell_apart"),
            Apart::Perhaps => (store::PAIR_REMOVE.run(tx, (school, first, second)).await?, "people.tell_alike"),
        };
        if changed == 0 {
            return Ok(());
        }
        note(tx, ctx, school, action, first, second, json!({ "other": second })).await
    })
    .await
}

/// Whether two are surely two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Apart {
    /// They are two.
    Two,
    /// Nobody knows.
    Perhaps,
}

/// Two side by side, with what stands in the way.
///
/// # Errors
/// `NotFound` where one of them is nobody of the school.
pub async fn compared(db: &Db, ctx: &Ctx, school: SchoolId, kept: PersonId, gone: PersonId) -> Result<Compared> {
    ctx.require::<MergeDoubles>()?;
    db.run(&ctx.scope, async |tx| {
        let facts = facts(tx, ctx, school, kept, gone).await?;
        Ok(Compared {
            cards: [card::card(tx, school, kept).await?, card::card(tx, school, gone).await?],
            holds: [store::HOLD_COUNT.all(tx, (school, kept)).await?, store::HOLD_COUNT.all(tx, (school, gone)).await?],
            is_apart: store::PAIR_IS.one(tx, (school, kept.min(gone), kept.max(gone))).await?.apart,
            refusal: rules::refusal(facts),
        })
    })
    .await
}

/// Merges: every row of `gone` becomes `kept`'s, and the chosen fields say what the other's said. `id` is the form's: sent twice, it is
/// done once.
///
/// # Errors
/// A refusal with its reason where they cannot be merged.
pub async fn merge(db: &Db, ctx: &Ctx, school: SchoolId, id: Uuid, kept: PersonId, gone: PersonId, chosen: &[Field], reason: String) -> Result<()> {
    ctx.require::<MergeDoubles>()?;
    let me = ctx.person()?;
    db.run(&ctx.scope, async |tx| {
        store::MERGE_LOCK.one(tx, (school.to_string(),)).await?;
        if let Some(done) = store::MERGE_FIND_FOR_UPDATE.opt(tx, (school, id)).await? {
            return if done.kept_id == kept && done.gone_id == gone { Ok(()) } else { Err(Error::NotFound) };
        }
        if let Some(code) = rules::refusal(facts(tx, ctx, school, kept, gone).await?) {
            return Err(Error::Refused(code));
        }
        let (own, other) = (card::card(tx, school, kept).await?, card::card(tx, school, gone).await?);
        let wanted = rules::settled(&Field::ALL, |field| own.value(field), |field| other.value(field), |field| chosen.contains(&field));
        store::MERGE_ADD.run(tx, (school, id, kept, gone, me, ctx.now())).await?;
        let moved = store::MERGE_MOVE.one(tx, (school, id)).await.map_err(in_the_way)?.moved;
        card::change(tx, ctx, school, kept, &wanted, &How::Corrected(reason)).await?;
        store::MERGE_SEAL.one(tx, (school, id)).await?;
        let fields: Vec<&str> = chosen.iter().filter(|field| own.value(**field) != other.value(**field)).map(|field| field.as_str()).collect();
        note(tx, ctx, school, "people.merge", kept, gone, json!({ "merge": show(id), "gone": gone, "rows": moved, "fields": fields })).await
    })
    .await
}

/// A row that points at what would have to leave: a login with a second factor, say.
fn in_the_way(error: Error) -> Error {
    if error.blames_the_data() { Error::Refused("doubles.two_logins") } else { error }
}

/// Puts everything back as it was before a merge; gives the two. Sent twice, it is done once.
///
/// # Errors
/// A refusal after a day, or once something followed on what was moved.
pub async fn undo(db: &Db, ctx: &Ctx, school: SchoolId, id: Uuid) -> Result<[PersonId; 2]> {
    ctx.require::<MergeDoubles>()?;
    let me = ctx.person()?;
    db.run(&ctx.scope, async |tx| {
        store::MERGE_LOCK.one(tx, (school.to_string(),)).await?;
        let merge = store::MERGE_FIND_FOR_UPDATE.one(tx, (school, id)).await?;
        let both = [merge.kept_id, merge.gone_id];
        if merge.undone_at.is_some() {
            return Ok(both);
        }
        rules::may_undo(merge.merged_at, ctx.now())?;
        if !store::MERGE_UNDO.one(tx, (school, id)).await?.undone {
            return Err(Error::Refused("doubles.followed"));
        }
        store::MERGE_MARK_UNDONE.run(tx, (school, id, me, ctx.now())).await?;
        note(tx, ctx, school, "people.undo_merge", merge.kept_id, merge.gone_id, json!({ "merge": show(id), "gone": merge.gone_id })).await?;
        Ok(both)
    })
    .await
}

/// Who stands in the place of a person who was merged away. For old links; whoever asks has found nobody.
pub(crate) async fn successor(db: &Db, ctx: &Ctx, school: SchoolId, gone: PersonId) -> Result<Option<PersonId>> {
    Ok(db.run(&ctx.scope, async |tx| store::SUCCESSOR.opt(tx, (school, gone)).await).await?.map(|row| row.kept_id))
}

/// What could stand in the way, of two of the school.
async fn facts(tx: &Tx, ctx: &Ctx, school: SchoolId, kept: PersonId, gone: PersonId) -> Result<Facts> {
    let row = store::FACT_FIND.one(tx, (school, kept, gone)).await?;
    if kept == gone || !row.both_here {
        return Err(Error::NotFound);
    }
    let me = ctx.person()?;
    let store::FactRow { both_here: _, is_elsewhere, two_iins, two_classes, two_logins, login_of_gone, confidential_of_kept, confidential_of_gone, are_kin, is_leaving, pupil_and_adult, two_transfers } = row;
    Ok(Facts {
        is_elsewhere,
        two_iins,
        two_classes,
        two_logins,
        login_of_gone,
        confidential_of_kept,
        confidential_of_gone,
        are_kin,
        is_leaving,
        pupil_and_adult,
        two_transfers,
        is_oneself: kept == me || gone == me,
    })
}

async fn note(tx: &Tx, ctx: &Ctx, school: SchoolId, action: &'static str, one: PersonId, other: PersonId, detail: serde_json::Value) -> Result<()> {
    let deed = Deed { school, action, subject_kind: "person", subject: Some(one.0), detail };
    audit::record_about(tx, ctx, deed, Whose::persons([one, other])).await
}
