//! Use cases of cards. A person's card is changed in the caller's transaction, after the caller has found the person in sight.

use std::collections::HashMap;

use jiff::{Timestamp, civil::Date};
use kernel::{
    Ctx, Result,
    audit::{self, Deed},
    db::{Db, Tx},
    id::{PersonId, SchoolId, Uuid},
};
use serde_json::json;

use super::{
    EditCards, SeeCards,
    rules::{self, Field, How, Open, Step},
    store::{self, Person},
};
use crate::pupils;

/// What is written down of a person now.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// The person's own row.
    pub person: Person,
    values: HashMap<Field, Open>,
}

impl Card {
    /// What a field says.
    pub fn value(&self, field: Field) -> Option<String> {
        let Person { surname, given_name, patronymic, birth_date, sex, locale } = &self.person;
        match field {
            Field::Surname => Some(surname.clone()),
            Field::GivenName => Some(given_name.clone()),
            Field::Patronymic => patronymic.clone(),
            Field::BirthDate => birth_date.map(|born| born.to_string()),
            Field::Sex => sex.clone(),
            Field::Language => Some(locale.clone()),
            other => self.values.get(&other).and_then(|open| open.value.clone()),
        }
    }

    /// Surname, given name, patronymic.
    pub fn full_name(&self) -> String {
        pupils::full_name(&self.person.surname, &self.person.given_name, self.person.patronymic.as_deref())
    }

    fn open(&self) -> Vec<Open> {
        let since = |field: Field| self.values.get(&field).filter(|open| open.value == self.value(field)).and_then(|open| open.since);
        Field::ALL.into_iter().map(|field| Open { field, value: self.value(field), since: since(field) }).collect()
    }

    /// The person's own row after these steps.
    fn after(&self, steps: &[Step]) -> Person {
        let now = |field: Field| steps.iter().find(|step| step.field == field).map_or_else(|| self.value(field), |step| step.after.clone());
        Person {
            surname: now(Field::Surname).unwrap_or_default(),
            given_name: now(Field::GivenName).unwrap_or_default(),
            patronymic: now(Field::Patronymic),
            birth_date: now(Field::BirthDate).and_then(|born| born.parse().ok()),
            sex: now(Field::Sex),
            locale: now(Field::Language).unwrap_or_default(),
        }
    }
}

/// What a field said before.
#[derive(Debug, Clone, PartialEq)]
pub struct Former {
    /// The field.
    pub field: Field,
    /// What it said.
    pub value: Option<String>,
    /// Since when; nothing where nobody knows.
    pub from: Option<Date>,
    /// Until when; nothing where it never was so.
    pub to: Option<Date>,
    /// Why it was corrected.
    pub reason: Option<String>,
    /// Who ended it, while they are in sight.
    pub by: Option<String>,
    /// When it was ended.
    pub at: Option<Timestamp>,
}

/// The card of a person in sight.
pub async fn card(tx: &Tx, school: SchoolId, id: PersonId) -> Result<Card> {
    let person = store::PERSON_FIND.one(tx, (id,)).await?;
    with_values(tx, school, id, person).await
}

/// The same, held until the transaction ends: nobody changes it between a look and a word.
pub(crate) async fn card_held(tx: &Tx, school: SchoolId, id: PersonId) -> Result<Card> {
    let person = store::PERSON_LOCK.one(tx, (id,)).await?;
    with_values(tx, school, id, person).await
}

async fn with_values(tx: &Tx, school: SchoolId, id: PersonId, person: Person) -> Result<Card> {
    let values = store::VALUE_LIST.all(tx, (school, id)).await?;
    let open = |row: store::Value| Field::parse(&row.field).map(|field| (field, Open { field, value: row.value, since: row.valid_from }));
    Ok(Card { person, values: values.into_iter().filter_map(open).collect() })
}

/// Writes what is wanted into the card of a person whom the caller found; says how many fields changed. Sent twice, it changes once.
///
/// # Errors
/// A change that would begin before what it changes.
pub async fn change(tx: &Tx, ctx: &Ctx, school: SchoolId, id: PersonId, wanted: &[(Field, Option<String>)], how: &How) -> Result<usize> {
    let (me, now) = (ctx.person()?, ctx.now());
    let card = card_held(tx, school, id).await?;
    let steps = rules::steps(&card.open(), wanted, how)?;
    if steps.is_empty() {
        return Ok(0);
    }
    let fields: Vec<&'static str> = steps.iter().map(|step| step.field.as_str()).collect();
    let fresh = || steps.iter().map(|_| ctx.id::<Uuid>()).collect::<Vec<_>>();
    store::VALUE_KEEP.run(tx, (school, id, fresh(), fields.clone(), steps.iter().map(|step| step.before.clone()).collect())).await?;
    let (until, reason) = match how {
        How::Changed(from) => (Some(*from), None),
        How::Corrected(reason) => (None, Some(reason.clone())),
    };
    store::VALUE_END.run(tx, (school, id, fields.clone(), until, how.as_str(), reason, me, now)).await?;
    let (after, from) = (steps.iter().map(|step| step.after.clone()).collect(), steps.iter().map(|step| step.from).collect());
    store::VALUE_ADD.run(tx, (school, id, me, now, fresh(), fields.clone(), after, from)).await?;
    if steps.iter().any(|step| step.field.is_of_person()) {
        let Person { surname, given_name, patronymic, birth_date, sex, locale } = card.after(&steps);
        store::PERSON_SET.run(tx, (id, surname, given_name, patronymic, birth_date, sex, locale)).await?;
    }
    let detail = json!({ "fields": fields, "how": how.as_str() });
    audit::record(tx, ctx, Deed { school, action: "people.change_card", subject_kind: "person", subject: Some(id.0), detail }).await?;
    Ok(steps.len())
}

/// Changes the card of a pupil.
///
/// # Errors
/// See [`change`].
pub async fn change_pupil(db: &Db, ctx: &Ctx, school: SchoolId, pupil: PersonId, wanted: &[(Field, Option<String>)], how: &How) -> Result<usize> {
    let bounds = ctx.within::<EditCards>()?;
    db.run(&ctx.scope, async |tx| {
        pupils::in_sight(tx, school, pupil, &bounds).await?;
        change(tx, ctx, school, pupil, wanted, how).await
    })
    .await
}

/// A pupil's card, for who changes it.
pub(super) async fn to_edit(db: &Db, ctx: &Ctx, school: SchoolId, pupil: PersonId) -> Result<Card> {
    let bounds = ctx.within::<EditCards>()?;
    db.run(&ctx.scope, async |tx| {
        pupils::in_sight(tx, school, pupil, &bounds).await?;
        card(tx, school, pupil).await
    })
    .await
}

/// What a pupil's card said before, the newest end first, and the card itself.
pub async fn history(db: &Db, ctx: &Ctx, school: SchoolId, pupil: PersonId) -> Result<(Card, Vec<Former>)> {
    let bounds = ctx.within::<SeeCards>()?;
    db.run(&ctx.scope, async |tx| {
        pupils::in_sight(tx, school, pupil, &bounds).await?;
        Ok((card(tx, school, pupil).await?, former(tx, school, pupil, 200).await?))
    })
    .await
}

/// What the card of a person in sight said before: at most so many values.
pub async fn former(tx: &Tx, school: SchoolId, person: PersonId, most: i64) -> Result<Vec<Former>> {
    let rows = store::FORMER_LIST.all(tx, (school, person, most)).await?;
    let former = |row: store::FormerRow| {
        Some(Former { field: Field::parse(&row.field)?, value: row.value, from: row.valid_from, to: row.valid_to, reason: row.reason, by: row.ended_by, at: row.ended_at })
    };
    Ok(rows.into_iter().filter_map(former).collect())
}

/// Phones of these persons.
pub async fn phones(tx: &Tx, school: SchoolId, persons: Vec<PersonId>) -> Result<HashMap<PersonId, String>> {
    Ok(store::PHONE_LIST.all(tx, (school, persons)).await?.into_iter().map(|row| (row.person_id, row.phone)).collect())
}

/// Whose phone it is at this school.
pub async fn phone_owners(tx: &Tx, school: SchoolId, phone: String) -> Result<Vec<PersonId>> {
    Ok(store::PHONE_OWNERS.all(tx, (school, phone)).await?.into_iter().map(|row| row.person_id).collect())
}
