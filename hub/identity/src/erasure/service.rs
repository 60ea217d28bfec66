//! Use cases of erasures: who may be erased, what would go, and the order.

use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed},
    db::{Db, Tx},
    id::{PersonId, SchoolId, Uuid},
    job::{self, Order, Standing},
    keep::{Fate, Holding, Release, Traces},
};
use serde_json::json;

use super::{
    ERASE, OrderErasure,
    rules::{Facts, refusal},
    store::{self, Along, Erasure, Known, Leaver},
};

/// How many leavers a page lists.
pub(super) const PAGE: usize = 50;
/// How many acts a page lists.
const ACTS: i64 = 200;

/// What rooms registered, in the order in which it leaves.
#[derive(Clone, Default)]
pub struct Registry {
    /// A person's rows at a school.
    pub holdings: Vec<&'static Holding>,
    /// Rows of a person that belong to no school.
    pub releases: Vec<&'static Release>,
    /// The person's own row, and what becomes of it where a register that stays needs it.
    pub person: Option<(&'static Release, &'static Release)>,
    /// By what a person could be found at a school.
    pub traces: Vec<&'static Traces>,
    /// By what a person could be found everywhere: not looked for while somebody else needs the person.
    pub common_traces: Vec<&'static Traces>,
}

/// What would go, and why it cannot.
#[derive(Debug)]
pub struct Preview {
    /// Surname, to be typed.
    pub surname: String,
    /// The whole name.
    pub name: String,
    /// When they left.
    pub left_on: Option<jiff::civil::Date>,
    /// Why they cannot be erased.
    pub refused: Option<&'static str>,
    /// Guardians who go along.
    pub along: Vec<(PersonId, String)>,
    /// Table, what becomes of its rows (`deleted`, `anonymised`, `kept`), how many.
    pub lines: Vec<(&'static str, &'static str, i64)>,
}

/// An order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ordered {
    /// The erasure.
    pub id: Uuid,
}

/// Who has left and is not erased, and whether more follow.
pub(super) async fn leavers(db: &Db, ctx: &Ctx, school: SchoolId, today: jiff::civil::Date, after: Option<PersonId>) -> Result<(Vec<Leaver>, Vec<Erasure>)> {
    ctx.require::<OrderErasure>()?;
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    db.run(&ctx.scope, async |tx| Ok((store::LEAVER_LIST.all(tx, (school, today, after, limit)).await?, store::ERASURE_LIST.all(tx, (school, ACTS)).await?))).await
}

/// What an erasure of this person would do now.
pub async fn preview(db: &Db, ctx: &Ctx, registry: &Registry, school: SchoolId, person: PersonId, today: jiff::civil::Date) -> Result<Preview> {
    ctx.require::<OrderErasure>()?;
    let (known, along) = db.run(&ctx.scope, async |tx| known(tx, school, person, today).await).await?;
    let mut lines = Vec::new();
    for holding in &registry.holdings {
        let mut count = 0;
        for who in std::iter::once(person).chain(along.iter().map(|along| along.person_id)) {
            count += db.run(&ctx.scope, async |tx| holding.count.one(tx, (school, who)).await).await?.count;
        }
        let fate = match holding.fate {
            Fate::Delete(_) => "deleted",
            Fate::Anonymise(_) => "anonymised",
            Fate::Kept(_) => "kept",
        };
        if count > 0 {
            lines.push((holding.table, fate, count));
        }
    }
    let name = [Some(known.surname.as_str()), Some(known.given_name.as_str()), known.patronymic.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let along = along.into_iter().map(|along| (along.person_id, format!("{} {}", along.surname, along.given_name))).collect();
    Ok(Preview { refused: refusal(facts(&known), today), surname: known.surname, name, left_on: known.left_on, along, lines })
}

/// Orders an erasure; `typed` is the surname that whoever orders it typed. Ordered twice, it is one.
pub async fn order(db: &Db, ctx: &Ctx, school: SchoolId, person: PersonId, typed: &str, today: jiff::civil::Date) -> Result<Ordered> {
    ctx.require::<OrderErasure>()?;
    let by = ctx.person()?;
    db.run(&ctx.scope, async |tx| {
        let (known, along) = known(tx, school, person, today).await?;
        if let Some(code) = refusal(facts(&known), today) {
            return Err(Error::Refused(code));
        }
        if typed.trim().to_lowercase() != known.surname.to_lowercase() {
            return Err(Error::invalid("surname", "erasure-field-surname"));
        }
        let left_on = known.left_on.ok_or(Error::Refused("erasure.still_here"))?;
        let persons: Vec<PersonId> = std::iter::once(person).chain(along.iter().map(|along| along.person_id)).collect();
        let id = ctx.id::<Uuid>();
        let order = Order { school, kind: ERASE, key: person.to_string(), body: json!({ "erasure": id }) };
        let job = job::order(tx, ctx, order).await?;
        if store::ERASURE_ADD.run(tx, (school, id, person, persons, left_on, by, ctx.now(), job)).await? == 0 {
            return Err(Error::Refused("erasure.ordered_already"));
        }
        let deed = Deed { school, action: "erasure.order", subject_kind: "person", subject: Some(person.0), detail: json!({ "erasure": id, "along": along.len() }) };
        audit::record(tx, ctx, deed).await?;
        Ok(Ordered { id })
    })
    .await
}

/// An erasure, with the job that does it.
pub(super) async fn find(db: &Db, ctx: &Ctx, school: SchoolId, id: Uuid) -> Result<(Erasure, Option<Standing>)> {
    ctx.require::<OrderErasure>()?;
    db.run(&ctx.scope, async |tx| {
        let erasure = store::ERASURE_FIND.one(tx, (school, id)).await?;
        let job = match job::find(tx, school, erasure.job_id).await {
            // Jobs that are over leave by their own rule; the act stays.
            Err(Error::NotFound) => None,
            found => Some(found?),
        };
        Ok((erasure, job))
    })
    .await
}

async fn known(tx: &Tx, school: SchoolId, person: PersonId, today: jiff::civil::Date) -> Result<(Known, Vec<Along>)> {
    let known = store::KNOWN_FIND.one(tx, (school, person, today)).await?;
    Ok((known, store::ALONG_LIST.all(tx, (school, person)).await?))
}

fn facts(known: &Known) -> Facts {
    Facts { left_on: known.left_on, in_class: known.in_class, has_child: known.has_child, worked: known.worked, ordered: known.ordered }
}
