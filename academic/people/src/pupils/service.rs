//! Use cases of the pupils.

use jiff::civil::Date;
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed},
    db::{Db, Tx},
    id::{ClassId, PersonId, SchoolId},
};
use serde_json::json;

use crate::photos::{self, SeePhotos};

use super::{
    EnrolPupils, KinshipKind, NewPerson, SeePupils,
    store::{self, Card, Guardian, Pupil},
};

/// How many pupils a page of the list shows.
const PAGE: usize = 50;

/// Which pupils to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words of the name or class, as typed.
    pub words: String,
    /// One class only.
    pub class: Option<ClassId>,
    /// Go on after this pupil.
    pub after: Option<PersonId>,
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
}

/// Lists pupils of a school.
pub async fn pupils(db: &Db, ctx: &Ctx, school: SchoolId, filter: Filter) -> Result<PupilPage> {
    let bounds = ctx.within::<SeePupils>()?;
    let words: String = filter.words.trim().chars().take(100).collect();
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let key = (school, words, filter.class, filter.after, limit, bounds.classes());
    let mut pupils = db.run(&ctx.scope, async |tx| store::PUPIL_LIST.all(tx, key).await).await?;
    let more = pupils.len() > PAGE;
    pupils.truncate(PAGE);
    let next = pupils.last().map(|pupil| pupil.id).filter(|_| more);
    Ok(PupilPage { pupils, next })
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
        Ok(PupilDetail { pupil, birth_date, guardians, cards, has_photo })
    })
    .await
}

/// Takes a new pupil into a class from a day on.
pub async fn enrol(db: &Db, ctx: &Ctx, school: SchoolId, class: ClassId, person: NewPerson, from: Date) -> Result<PersonId> {
    ctx.require::<EnrolPupils>()?;
    db.run(&ctx.scope, async |tx| {
        let id = add_person(tx, ctx, school, person, from).await?;
        if store::ENROLMENT_ADD.run(tx, (school, id, class, from)).await? == 0 {
            return Err(Error::invalid("class", "people-field-class"));
        }
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

async fn add_person(tx: &Tx, ctx: &Ctx, school: SchoolId, person: NewPerson, from: Date) -> Result<PersonId> {
    let id: PersonId = ctx.id();
    let NewPerson { surname, given_name, patronymic, birth_date } = person;
    store::PERSON_ADD.run(tx, (id, surname, given_name, patronymic, birth_date)).await?;
    store::MEMBER_ADD.run(tx, (school, id, from)).await?;
    Ok(id)
}

async fn record(tx: &Tx, ctx: &Ctx, school: SchoolId, action: &'static str, person: PersonId, detail: serde_json::Value) -> Result<()> {
    audit::record(tx, ctx, Deed { school, action, subject_kind: "person", subject: Some(person.0), detail }).await
}
