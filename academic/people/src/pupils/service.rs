//! Use cases of the pupils.

use std::collections::HashMap;

use jiff::civil::Date;
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed},
    db::{Db, Tx},
    id::{ClassId, PersonId, SchoolId},
    right::Bounds,
};
use serde_json::json;

use crate::{
    movement::{self, Arrival, ArrivalKind},
    photos::{self, SeePhotos},
};

use super::{
    EnrolPupils, KinshipKind, NewPerson, SeePupils,
    card::{self, Former, SeeCards},
    store::{self, Card, Enrolment, Guardian, Pupil},
};

pub use super::store::{Schooling, Sibling};

/// How many pupils a page of the list shows.
const PAGE: i64 = 50;

/// Which pupils to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words of the name or class, as typed.
    pub words: String,
    /// One class only.
    pub class: Option<ClassId>,
    /// Go on after this pupil.
    pub after: Option<PersonId>,
    /// How many, where it is not a page's worth.
    pub limit: Option<i64>,
}

/// A page of the list.
#[derive(Debug)]
pub struct PupilPage {
    /// The pupils, in the order of the Kazakh alphabet.
    pub pupils: Vec<Pupil>,
    /// The last one, when more follow.
    pub next: Option<PersonId>,
}

/// All that a pupil's page shows.
#[derive(Debug)]
pub struct PupilDetail {
    /// The pupil.
    pub pupil: Pupil,
    /// Date of birth.
    pub birth_date: Option<Date>,
    /// Their guardians.
    pub guardians: Vec<Guardian>,
    /// Their cards that open now.
    pub cards: Vec<Card>,
    /// Whether there is a picture that this reader may see.
    pub has_photo: bool,
    /// Classes at this school, the newest first.
    pub schooling: Vec<Schooling>,
    /// Brothers and sisters whom this reader may see.
    pub siblings: Vec<Sibling>,
    /// What stands in the card, for who sees cards.
    pub family: Option<Family>,
}

/// What only who sees cards sees of a pupil.
#[derive(Debug)]
pub struct Family {
    /// The pupil's card.
    pub card: card::Card,
    /// Phones of the guardians.
    pub phones: HashMap<PersonId, String>,
    /// What the card said before: the newest few.
    pub former: Vec<Former>,
}

/// Lists pupils of a school.
pub async fn pupils(db: &Db, ctx: &Ctx, school: SchoolId, filter: Filter) -> Result<PupilPage> {
    let bounds = ctx.within::<SeePupils>()?;
    let words: String = filter.words.trim().chars().take(100).collect();
    let limit = filter.limit.unwrap_or(PAGE);
    let key = (school, words, filter.class, filter.after, limit + 1, bounds.classes());
    let mut pupils = db.run(&ctx.scope, async |tx| store::PUPIL_LIST.all(tx, key).await).await?;
    let limit = usize::try_from(limit).unwrap_or_default();
    let more = pupils.len() > limit;
    pupils.truncate(limit);
    let next = pupils.last().map(|pupil| pupil.id).filter(|_| more);
    Ok(PupilPage { pupils, next })
}

/// Which enrolments to list.
#[derive(Debug, Clone)]
pub struct Enrolled {
    /// On this day.
    pub on: Date,
    /// Of one class only.
    pub class: Option<ClassId>,
    /// Go on after this pupil.
    pub after: Option<PersonId>,
    /// How many.
    pub limit: i64,
}

/// Who is in which class on a day, and the last one where more follow.
pub async fn enrolled(db: &Db, ctx: &Ctx, school: SchoolId, asked: Enrolled) -> Result<(Vec<Enrolment>, Option<PersonId>)> {
    let bounds = ctx.within::<SeePupils>()?;
    let Enrolled { on, class, after, limit } = asked;
    let mut found = db.run(&ctx.scope, async |tx| store::ENROLMENT_LIST.all(tx, (school, on, class, after, limit + 1, bounds.classes())).await).await?;
    let limit = usize::try_from(limit).unwrap_or_default();
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().map(|one| one.pupil_id).filter(|_| more);
    Ok((found, next))
}

/// One pupil of a school.
pub async fn pupil(db: &Db, ctx: &Ctx, school: SchoolId, id: PersonId) -> Result<PupilDetail> {
    let bounds = ctx.within::<SeePupils>()?;
    db.run(&ctx.scope, async |tx| {
        let pupil = store::PUPIL_FIND.one(tx, (school, id, bounds.classes())).await?;
        let birth_date = store::BIRTH_FIND.one(tx, (id,)).await?.birth_date;
        let guardians = store::GUARDIAN_LIST.all(tx, (school, id)).await?;
        let cards = store::CARD_LIST.all(tx, (school, id)).await?;
        let has_photo = match ctx.within::<SeePhotos>() {
            Ok(seen) => photos::photo_of(tx, school, id, seen.classes()).await?.is_some(),
            Err(_) => false,
        };
        let schooling = store::SCHOOLING_LIST.all(tx, (school, id)).await?;
        let siblings = store::SIBLING_LIST.all(tx, (school, id, bounds.classes())).await?;
        let family = family(tx, ctx, school, id, &guardians).await?;
        Ok(PupilDetail { pupil, birth_date, guardians, cards, has_photo, schooling, siblings, family })
    })
    .await
}

/// Nothing for who does not see cards, or not this pupil's.
async fn family(tx: &Tx, ctx: &Ctx, school: SchoolId, id: PersonId, guardians: &[Guardian]) -> Result<Option<Family>> {
    let Ok(seen) = ctx.within::<SeeCards>() else { return Ok(None) };
    if store::PUPIL_FIND.opt(tx, (school, id, seen.classes())).await?.is_none() {
        return Ok(None);
    }
    let card = card::card(tx, school, id).await?;
    let phones = card::phones(tx, school, guardians.iter().map(|guardian| guardian.id).collect()).await?;
    Ok(Some(Family { card, phones, former: card::former(tx, school, id, 5).await? }))
}

/// A pupil of the school whom these bounds admit.
pub(crate) async fn in_sight(tx: &Tx, school: SchoolId, id: PersonId, bounds: &Bounds) -> Result<Pupil> {
    store::PUPIL_FIND.one(tx, (school, id, bounds.classes())).await
}

/// Takes a new pupil into a class from a day on.
pub async fn enrol(db: &Db, ctx: &Ctx, school: SchoolId, class: ClassId, person: NewPerson, from: Date) -> Result<PersonId> {
    ctx.require::<EnrolPupils>()?;
    db.run(&ctx.scope, async |tx| {
        let id = add_person(tx, ctx, school, person, from).await?;
        let arrival = Arrival { pupil: id, class, on: from, kind: ArrivalKind::New };
        movement::arrive(tx, ctx, school, &[arrival]).await.map_err(|error| match error {
            Error::Refused("movement.class_closed") => Error::invalid("class", "people-field-class"),
            other => other,
        })?;
        record(tx, ctx, school, "people.enrol", id, json!({ "class": class })).await?;
        Ok(id)
    })
    .await
}

/// Names a new guardian of a pupil from a day on.
pub async fn add_guardian(db: &Db, ctx: &Ctx, school: SchoolId, pupil: PersonId, kind: KinshipKind, person: NewPerson, from: Date) -> Result<PersonId> {
    ctx.require::<EnrolPupils>()?;
    db.run(&ctx.scope, async |tx| {
        store::PUPIL_FIND.one(tx, (school, pupil, None)).await?;
        let id = add_person(tx, ctx, school, person, from).await?;
        store::KINSHIP_ADD.run(tx, (school, pupil, id, kind.as_str(), from)).await?;
        record(tx, ctx, school, "people.add_guardian", pupil, json!({ "guardian": id, "kind": kind.as_str() })).await?;
        Ok(id)
    })
    .await
}

/// Writes a person down as somebody of the school from a day on.
pub(crate) async fn add_person(tx: &Tx, ctx: &Ctx, school: SchoolId, person: NewPerson, from: Date) -> Result<PersonId> {
    let id: PersonId = ctx.id();
    let NewPerson { surname, given_name, patronymic, birth_date } = person;
    store::PERSON_ADD.run(tx, (id, surname, given_name, patronymic, birth_date)).await?;
    store::MEMBER_ADD.run(tx, (school, id, from)).await?;
    Ok(id)
}

async fn record(tx: &Tx, ctx: &Ctx, school: SchoolId, action: &'static str, person: PersonId, detail: serde_json::Value) -> Result<()> {
    audit::record(tx, ctx, Deed { school, action, subject_kind: "person", subject: Some(person.0), detail }).await
}
