//! Use cases of families.

use jiff::civil::Date;
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed},
    db::{Db, Tx},
    id::{PersonId, SchoolId},
};
use serde_json::json;

use super::{
    EditFamilies,
    rules,
    store::{self, Candidate, Child},
};
use crate::pupils::{
    self, KinshipKind, NewPerson, Pupil,
    card::{self, Card, EditCards, Field, Former, How, SeeCards},
};

pub use super::store::Kin;

/// A pupil with those who answer for them, and who could.
#[derive(Debug)]
pub struct FamilyDetail {
    /// The pupil.
    pub pupil: Pupil,
    /// Guardians of now and before.
    pub kin: Vec<Kin>,
    /// Who was searched for.
    pub found: Vec<Candidate>,
}

/// A guardian with what stands in the card.
#[derive(Debug)]
pub struct GuardianDetail {
    /// The card.
    pub card: Card,
    /// Their children whom this reader may see.
    pub children: Vec<Child>,
    /// What the card said before.
    pub former: Vec<Former>,
}

/// What is written down of a new guardian.
#[derive(Debug, Clone)]
pub struct NewGuardian {
    /// Who.
    pub person: NewPerson,
    /// How they stand to the child.
    pub kind: KinshipKind,
    /// Their phone.
    pub phone: Option<String>,
}

/// A pupil's family; with words, those of the school who could belong to it.
pub async fn family(db: &Db, ctx: &Ctx, school: SchoolId, pupil: PersonId, words: &str) -> Result<FamilyDetail> {
    let bounds = ctx.within::<EditFamilies>()?;
    let words: String = words.trim().chars().take(100).collect();
    db.run(&ctx.scope, async |tx| {
        let found = match words.as_str() {
            "" => Vec::new(),
            words => store::CANDIDATE_LIST.all(tx, (school, words.to_owned(), pupil, rules::digits(words), bounds.classes())).await?,
        };
        Ok(FamilyDetail { pupil: pupils::in_sight(tx, school, pupil, &bounds).await?, kin: store::KIN_LIST.all(tx, (school, pupil)).await?, found })
    })
    .await
}

/// Links somebody of this school as a guardian. Sent twice, it is done once.
///
/// # Errors
/// `NotFound` for a pupil out of sight; a refusal for a stranger.
pub async fn link(db: &Db, ctx: &Ctx, school: SchoolId, pupil: PersonId, guardian: PersonId, kind: KinshipKind, from: Date) -> Result<()> {
    let bounds = ctx.within::<EditFamilies>()?;
    db.run(&ctx.scope, async |tx| {
        pupils::in_sight(tx, school, pupil, &bounds).await?;
        if store::KINSHIP_LINK.run(tx, (school, pupil, guardian, kind.as_str(), from, bounds.classes())).await? == 0 {
            let is_one = store::KIN_LIST.all(tx, (school, pupil)).await?.iter().any(|kin| kin.guardian_id == guardian && kin.valid_to.is_none());
            return if is_one { Ok(()) } else { Err(Error::NotFound) };
        }
        store::MEMBER_RETURN.run(tx, (school, guardian, from)).await?;
        note(tx, ctx, school, "people.add_guardian", pupil, json!({ "guardian": guardian, "kind": kind.as_str(), "linked": true })).await
    })
    .await
}

/// Writes a new guardian down.
pub async fn add(db: &Db, ctx: &Ctx, school: SchoolId, pupil: PersonId, new: NewGuardian, from: Date) -> Result<PersonId> {
    let bounds = ctx.within::<EditFamilies>()?;
    db.run(&ctx.scope, async |tx| {
        pupils::in_sight(tx, school, pupil, &bounds).await?;
        let id = pupils::add_person(tx, ctx, school, new.person, from).await?;
        store::KINSHIP_ADD.run(tx, (school, pupil, id, new.kind.as_str(), from)).await?;
        if let Some(phone) = new.phone {
            card::change(tx, ctx, school, id, &[(Field::Phone, Some(phone))], &How::Changed(from)).await?;
        }
        note(tx, ctx, school, "people.add_guardian", pupil, json!({ "guardian": id, "kind": new.kind.as_str() })).await?;
        Ok(id)
    })
    .await
}

/// Says anew how a guardian stands to the child; how it was stays in the history. Nothing for who is no guardian now.
pub async fn change_kind(db: &Db, ctx: &Ctx, school: SchoolId, pupil: PersonId, guardian: PersonId, kind: KinshipKind, today: Date) -> Result<()> {
    let bounds = ctx.within::<EditFamilies>()?;
    db.run(&ctx.scope, async |tx| {
        pupils::in_sight(tx, school, pupil, &bounds).await?;
        let kin = store::KIN_LIST.all(tx, (school, pupil)).await?;
        let open = kin.iter().find(|kin| kin.guardian_id == guardian && kin.valid_to.is_none()).ok_or(Error::NotFound)?;
        if open.kind == kind.as_str() {
            return Ok(());
        }
        if store::KINSHIP_REWRITE.run(tx, (school, pupil, guardian, kind.as_str(), today)).await? == 0 {
            store::KINSHIP_END.opt(tx, (school, pupil, guardian, today)).await?;
            store::KINSHIP_ADD.run(tx, (school, pupil, guardian, kind.as_str(), today)).await?;
        }
        note(tx, ctx, school, "people.change_kinship", pupil, json!({ "guardian": guardian, "before": open.kind, "kind": kind.as_str() })).await
    })
    .await
}

/// Somebody is a guardian no more, from this day on. Says whether they were one. Who has no other child here leaves the school with it.
pub async fn end(db: &Db, ctx: &Ctx, school: SchoolId, pupil: PersonId, guardian: PersonId, from: Date) -> Result<()> {
    let bounds = ctx.within::<EditFamilies>()?;
    db.run(&ctx.scope, async |tx| {
        pupils::in_sight(tx, school, pupil, &bounds).await?;
        let Some(ended) = store::KINSHIP_END.opt(tx, (school, pupil, guardian, from)).await? else { return Ok(()) };
        let last = from.yesterday().unwrap_or(from);
        store::MEMBER_END.run(tx, (school, guardian, last)).await?;
        note(tx, ctx, school, "people.end_kinship", pupil, json!({ "guardian": guardian, "kind": ended.kind, "from": from })).await
    })
    .await
}

/// A guardian's page.
///
/// # Errors
/// `NotFound` for who has no child in sight.
pub async fn guardian(db: &Db, ctx: &Ctx, school: SchoolId, id: PersonId) -> Result<GuardianDetail> {
    let bounds = ctx.within::<SeeCards>()?;
    db.run(&ctx.scope, async |tx| {
        let children = store::CHILD_LIST.all(tx, (school, id, bounds.classes())).await?;
        if children.is_empty() {
            return Err(Error::NotFound);
        }
        Ok(GuardianDetail { card: card::card(tx, school, id).await?, children, former: card::former(tx, school, id, 50).await? })
    })
    .await
}

/// A guardian's card, for who changes it.
pub async fn guardian_to_edit(db: &Db, ctx: &Ctx, school: SchoolId, id: PersonId) -> Result<Card> {
    let bounds = ctx.within::<EditCards>()?;
    db.run(&ctx.scope, async |tx| {
        if store::CHILD_LIST.all(tx, (school, id, bounds.classes())).await?.is_empty() {
            return Err(Error::NotFound);
        }
        card::card(tx, school, id).await
    })
    .await
}

/// Changes a guardian's card.
pub async fn change_guardian(db: &Db, ctx: &Ctx, school: SchoolId, id: PersonId, wanted: &[(Field, Option<String>)], how: &How) -> Result<()> {
    let bounds = ctx.within::<EditCards>()?;
    db.run(&ctx.scope, async |tx| {
        if store::CHILD_LIST.all(tx, (school, id, bounds.classes())).await?.is_empty() {
            return Err(Error::NotFound);
        }
        card::change(tx, ctx, school, id, wanted, how).await.map(drop)
    })
    .await
}

async fn note(tx: &Tx, ctx: &Ctx, school: SchoolId, action: &'static str, pupil: PersonId, detail: serde_json::Value) -> Result<()> {
    audit::record(tx, ctx, Deed { school, action, subject_kind: "person", subject: Some(pupil.0), detail }).await
}
