//! Use cases of the social passport: records are opened in memory, counted, and forgotten.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use kernel::{
    Ctx, Result,
    audit::{self, Deed},
    db::{Db, Tx},
    id::{PersonId, SchoolId},
    vault::{Realm, Vault},
};
use serde_json::json;

use super::{
    SeePassport,
    rules::{self, Adds, Figure, Reader},
    store::{self, CategoryRow, Named},
};
use crate::confidential::{self, Category, Content, SeeSocial};

/// The numbers of a school.
#[derive(Debug)]
pub struct Passport {
    /// How many learn here.
    pub pupils: i64,
    /// Each category with its number.
    pub categories: Vec<(CategoryRow, Figure)>,
    /// Health groups one to five, then of whom nothing is written down.
    pub groups: Vec<Figure>,
}

/// A pupil on the list, with what is written down.
#[derive(Debug)]
pub struct Listed {
    /// Who.
    pub pupil: Named,
    /// The category.
    pub category: Category,
    /// The document that proves it.
    pub proof: String,
    /// Since when.
    pub from: Date,
    /// Until when, where the document says so.
    pub to: Option<Date>,
}

/// The numbers, as the reader may know them.
pub async fn passport(db: &Db, ctx: &Ctx, vault: &Vault, school: SchoolId, today: Date) -> Result<Passport> {
    ctx.require::<SeePassport>()?;
    let reader = if ctx.require::<SeeSocial>().is_ok() { Reader::NeedsToKnow } else { Reader::CountsOnly };
    db.run(&ctx.scope, async |tx| {
        let pupils = store::PUPIL_COUNT.one(tx, (school,)).await?.pupils;
        let mut counted: HashMap<&'static str, BTreeSet<PersonId>> = HashMap::new();
        for record in social(tx, vault, school, today).await? {
            counted.entry(record.1.as_str()).or_default().insert(record.0);
        }
        let rows = store::CATEGORY_LIST.all(tx, (today,)).await?;
        let numbers: Vec<i64> = rows.iter().map(|row| size(counted.get(row.code.as_str()).map_or(0, BTreeSet::len))).collect();
        let figures = rules::shown(&numbers, Adds::ToNothing, reader);
        // A health record is the nurse's: who reads social records only sees its numbers as everybody does.
        let groups = rules::shown(&groups(tx, vault, school, pupils).await?, Adds::ToSomethingKnown, Reader::CountsOnly);
        Ok(Passport { pupils, categories: rows.into_iter().zip(figures).collect(), groups })
    })
    .await
}

/// How many are in which health group; the newest record of a pupil counts.
async fn groups(tx: &Tx, vault: &Vault, school: SchoolId, pupils: i64) -> Result<Vec<i64>> {
    let mut newest: BTreeMap<PersonId, (kernel::id::Uuid, u8)> = BTreeMap::new();
    for (person, row, content) in confidential::newest(tx, vault, school, Realm::Health).await? {
        if let Content::Health { group, notes: _ } = content {
            let known = newest.entry(person).or_insert((row, group));
            // Ids grow with time.
            if row >= known.0 {
                *known = (row, group);
            }
        }
    }
    let of = |wanted: u8| size(newest.values().filter(|(_, group)| *group == wanted).count());
    let nothing = pupils - size(newest.len());
    Ok((1..=5).map(of).chain([nothing]).collect())
}

/// Whose category holds today: pupil, category, proof, days.
async fn social(tx: &Tx, vault: &Vault, school: SchoolId, today: Date) -> Result<Vec<(PersonId, Category, String, Date, Option<Date>)>> {
    let opened = confidential::newest(tx, vault, school, Realm::Social).await?;
    let held = opened.into_iter().filter_map(|(person, _, content)| match content {
        Content::Social { category, proof, from, to, notes: _ } if rules::holds(from, to, today) => Some((person, category, proof, from, to)),
        Content::Social { .. } | Content::Health { .. } | Content::Psychology { .. } => None,
    });
    Ok(held.collect())
}

/// Who is of a category today, or of any.
pub async fn listed(db: &Db, ctx: &Ctx, vault: &Vault, school: SchoolId, today: Date, only: Option<Category>) -> Result<Vec<Listed>> {
    ctx.require::<SeeSocial>()?;
    db.run(&ctx.scope, async |tx| {
        let mut held = social(tx, vault, school, today).await?;
        held.retain(|record| only.is_none_or(|only| record.1 == only));
        let persons: BTreeSet<PersonId> = held.iter().map(|record| record.0).collect();
        let names = store::NAME_LIST.all(tx, (school, persons.into_iter().collect())).await?;
        let mut list = Vec::new();
        for pupil in names {
            for (_, category, proof, from, to) in held.iter().filter(|record| record.0 == pupil.id) {
                list.push(Listed { pupil: pupil.clone(), category: *category, proof: proof.clone(), from: *from, to: *to });
            }
        }
        Ok(list)
    })
    .await
}

/// Notes that the list left the house as a file.
pub async fn note_export(db: &Db, ctx: &Ctx, school: SchoolId, rows: usize) -> Result<()> {
    let deed = Deed { school, action: "people.export_social", subject_kind: "organisation", subject: Some(school.0), detail: json!({ "rows": rows }) };
    db.run(&ctx.scope, async |tx| audit::record(tx, ctx, deed).await).await
}

fn size(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
