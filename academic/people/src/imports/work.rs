//! The job that brings a list in, portion by portion. What the database or a room refuses is found by halving, stays out and says why.

use futures_util::future::{FutureExt, LocalBoxFuture};
use identity::logins;
use jiff::civil::Date;
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed},
    db::{Db, Tx},
    id::{PersonId, SchoolId, Uuid},
    iin::Iin,
    job::{self, Progress, Step, Taken, Work},
    right::Role,
};
use serde_json::{Value, json};

use super::{
    BRING,
    chest::{Chest, Kept},
    rules::{Plan, PlannedGuardian},
    store,
};
use crate::{
    iin::Keeper,
    oneroster,
    movement::{self, Arrival, ArrivalKind},
};

/// Rows of one transaction.
pub(super) const AT_ONCE: i64 = 500;

/// Brings lists in.
pub struct Bring {
    /// Keeps IINs, and opens rows; nothing where the installation has no key.
    pub keeper: Option<Keeper>,
}

/// What a portion of either job works with.
pub(super) struct Portion<'a> {
    pub(super) db: &'a Db,
    pub(super) ctx: &'a Ctx,
    pub(super) job: &'a Taken,
    pub(super) keeper: &'a Keeper,
    pub(super) chest: Chest,
    pub(super) import: Uuid,
}

/// A row with its plan.
pub(super) struct Planned {
    pub(super) n: i32,
    pub(super) kept: Kept,
}

impl Work for Bring {
    fn kind(&self) -> &'static str {
        BRING
    }

    fn portion<'a>(&'a self, db: &'a Db, ctx: &'a Ctx, job: &'a Taken) -> LocalBoxFuture<'a, Result<Step>> {
        async move { bring(&Portion::of(db, ctx, job, self.keeper.as_ref())?).await }.boxed_local()
    }
}

impl<'a> Portion<'a> {
    pub(super) fn of(db: &'a Db, ctx: &'a Ctx, job: &'a Taken, keeper: Option<&'a Keeper>) -> Result<Self> {
        let import = job.body.get("import").and_then(Value::as_str).and_then(|id| id.parse::<Uuid>().ok());
        let import = import.ok_or_else(|| Error::broken("a job names no import"))?;
        let keeper = keeper.ok_or(Error::Refused("people.no_iin_key"))?;
        Ok(Self { db, ctx, job, keeper, chest: keeper.chest(import), import })
    }

    pub(super) fn school(&self) -> SchoolId {
        self.job.school_id
    }

    pub(super) fn open(&self, rows: Vec<store::RowRow>) -> Result<Vec<Planned>> {
        rows.into_iter().map(|row| Ok(Planned { n: row.n, kept: self.chest.open(&row.sealed)? })).collect()
    }

    /// Marks rows in the portion's own transaction, and keeps of them what is needed to take them back.
    pub(super) async fn mark(&self, tx: &Tx, rows: &[Planned], outcome: &'static str) -> Result<()> {
        let sealed = rows.iter().map(|row| self.chest.seal(&row.kept)).collect::<Result<Vec<_>>>()?;
        store::ROW_MARK.run(tx, (self.school(), self.import, rows.iter().map(|row| row.n).collect(), outcome, sealed)).await.map(drop)
    }

    pub(super) async fn advance(&self, tx: &Tx, done: i64, total: Option<i64>) -> Result<()> {
        job::advance(tx, self.ctx, self.job, Progress { done, total, state: json!({}) }).await
    }
}

async fn bring(portion: &Portion<'_>) -> Result<Step> {
    let scope = &portion.ctx.scope;
    let waiting = portion.db.run(scope, async |tx| store::ROW_WAITING.all(tx, (portion.school(), portion.import, AT_ONCE)).await).await?;
    if waiting.is_empty() {
        return portion.db.run(scope, async |tx| finish(tx, portion).await).await;
    }
    let total = portion.job.body.get("rows").and_then(Value::as_i64);
    let mut done = portion.job.done;
    let mut parts = vec![portion.open(waiting)?];
    while let Some(mut part) = parts.pop() {
        let rows = i64::try_from(part.len()).unwrap_or(i64::MAX);
        let brought = portion.db.run(scope, async |tx| {
            apply(tx, portion, &part).await?;
            portion.mark(tx, &thinned(&part), "brought").await?;
            portion.advance(tx, done + rows, total).await
        });
        match brought.await {
            Ok(()) => done += rows,
            Err(error) if is_the_rows(&error) && part.len() > 1 => {
                let second = part.split_off(part.len() / 2);
                parts.extend([second, part]);
            }
            Err(error) if is_the_rows(&error) => {
                tracing::warn!(job = %portion.job.id, %error, "a row of an import stays out");
                portion.db.run(scope, async |tx| {
                    portion.mark(tx, &part, "left").await?;
                    portion.advance(tx, done + rows, total).await
                }).await?;
                done += rows;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(Step::More)
}

/// Whether trying again cannot help, since it is what the rows say.
pub(super) fn is_the_rows(error: &Error) -> bool {
    matches!(error, Error::Refused(_) | Error::Invalid(_)) || error.blames_the_data()
}

/// What is brought in stands in its own tables now: of the row only the plan stays, for a day in which it may be taken back.
fn thinned(part: &[Planned]) -> Vec<Planned> {
    part.iter().map(|row| Planned { n: row.n, kept: Kept { plan: row.kept.plan.clone(), ..Kept::default() } }).collect()
}

async fn finish(tx: &Tx, portion: &Portion<'_>) -> Result<Step> {
    let school = portion.school();
    let tally = store::ROW_TALLY.all(tx, (school, portion.import)).await?;
    let of = |verdict: &str, outcome: Option<&str>| tally.iter().filter(|one| one.verdict == verdict && one.outcome.as_deref() == outcome).map(|one| one.count).sum::<i64>();
    let left: i64 = tally.iter().filter(|one| one.outcome.as_deref() == Some("left")).map(|one| one.count).sum();
    let result = json!({ "new": of("new", Some("brought")), "changed": of("changed", Some("brought")), "same": of("same", None), "wrong": of("wrong", None), "skipped": of("skipped", None), "left": left });
    store::IMPORT_FINISH.run(tx, (school, portion.import, portion.ctx.now())).await?;
    store::LINE_CLEAR.run(tx, (school, portion.import)).await?;
    job::finish(tx, portion.ctx, portion.job, result.clone()).await?;
    let deed = Deed { school, action: "people.brought_in", subject_kind: "import", subject: Some(portion.import), detail: result };
    audit::record(tx, portion.ctx, deed).await?;
    Ok(Step::Over)
}

/// All that these rows write, in a constant number of statements.
async fn apply(tx: &Tx, portion: &Portion<'_>, part: &[Planned]) -> Result<()> {
    let (school, ctx) = (portion.school(), portion.ctx);
    let today = today(portion.job)?;
    let plans: Vec<(PersonId, &Plan)> = plans(part);
    let guardians: Vec<(PersonId, PersonId, &PlannedGuardian)> = guardians(&plans);
    add_persons(tx, &plans, &guardians).await?;
    let members = plans.iter().map(|(id, _)| *id).chain(guardians.iter().map(|(_, guardian, _)| *guardian)).collect();
    store::MEMBER_ADD.run(tx, (school, members, today)).await?;
    fill(tx, &plans).await?;
    let arrivals: Vec<Arrival> = plans.iter().filter_map(|(id, plan)| Some(Arrival { pupil: *id, class: plan.class?, on: today, kind: if plan.returns { ArrivalKind::Returned } else { ArrivalKind::New } })).collect();
    movement::arrive(tx, ctx, school, &arrivals).await?;
    let kin = (guardians.iter().map(|one| one.0).collect(), guardians.iter().map(|one| one.1).collect(), guardians.iter().map(|one| one.2.kind.clone()).collect());
    store::KINSHIP_ADD.run(tx, (school, kin.0, kin.1, kin.2, today)).await?;
    let iins: Vec<(PersonId, Iin)> = plans.iter().filter_map(|(id, plan)| Some((*id, Iin::parse(plan.iin.as_deref()?).ok()?))).collect();
    portion.keeper.put_many(tx, ctx, school, &iins).await?;
    let sources = part.iter().filter_map(|row| Some((row.kept.row.source.as_ref()?, row.kept.plan.as_ref()?.person?)));
    oneroster::remember(tx, school, sources).await?;
    let (persons, fields, values) = values(&plans, &guardians);
    let ids = persons.iter().map(|_| ctx.id()).collect();
    store::VALUE_ADD.run(tx, (school, ids, persons, fields, values, by(portion.job), ctx.now())).await?;
    logins::grant_many(tx, ctx, school, &roles(&plans)).await.map(drop)
}

/// New pupils, employees and guardians.
async fn add_persons(tx: &Tx, plans: &[(PersonId, &Plan)], guardians: &[(PersonId, PersonId, &PlannedGuardian)]) -> Result<()> {
    let mut rows: store::NewPersons = Default::default();
    for (id, plan) in plans.iter().filter(|(_, plan)| plan.is_new) {
        rows.0.push(*id);
        rows.1.push(plan.surname.clone());
        rows.2.push(plan.given_name.clone());
        rows.3.push(plan.patronymic.clone());
        rows.4.push(plan.birth_date);
        rows.5.push(plan.sex.clone());
    }
    for (_, id, guardian) in guardians.iter().filter(|(_, _, guardian)| guardian.is_new) {
        rows.0.push(*id);
        rows.1.push(guardian.surname.clone());
        rows.2.push(guardian.given_name.clone());
        rows.3.push(guardian.patronymic.clone());
        rows.4.push(None);
        rows.5.push(sex_of(&guardian.kind));
    }
    store::PERSON_ADD.run(tx, rows).await.map(drop)
}

/// What is missing of those whom the school knows.
async fn fill(tx: &Tx, plans: &[(PersonId, &Plan)]) -> Result<()> {
    let (ids, patronymics, births, sexes) = filled(plans);
    store::PERSON_FILL.run(tx, (ids, patronymics, births, sexes)).await.map(drop)
}

type Filled = (Vec<PersonId>, Vec<Option<String>>, Vec<Option<Date>>, Vec<Option<String>>);

pub(super) fn filled(plans: &[(PersonId, &Plan)]) -> Filled {
    let mut rows: Filled = Default::default();
    for (id, plan) in plans.iter().filter(|(_, plan)| !plan.is_new && (plan.patronymic.is_some() || plan.birth_date.is_some() || plan.sex.is_some())) {
        rows.0.push(*id);
        rows.1.push(plan.patronymic.clone());
        rows.2.push(plan.birth_date);
        rows.3.push(plan.sex.clone());
    }
    rows
}

pub(super) fn plans(part: &[Planned]) -> Vec<(PersonId, &Plan)> {
    part.iter().filter_map(|row| row.kept.plan.as_ref()).filter_map(|plan| Some((plan.person?, plan))).collect()
}

/// Pupil, guardian, and what is planned of the guardian.
pub(super) fn guardians<'a>(plans: &[(PersonId, &'a Plan)]) -> Vec<(PersonId, PersonId, &'a PlannedGuardian)> {
    plans.iter().flat_map(|(pupil, plan)| plan.guardians.iter().filter_map(|guardian| Some((*pupil, guardian.person?, guardian)))).collect()
}

/// Phones and addresses: person, field, value; one of each.
pub(super) fn values(plans: &[(PersonId, &Plan)], guardians: &[(PersonId, PersonId, &PlannedGuardian)]) -> (Vec<PersonId>, Vec<&'static str>, Vec<String>) {
    let own = plans.iter().flat_map(|(id, plan)| [("address", plan.address.clone()), ("phone", plan.phone.clone())].map(|(field, value)| (*id, field, value)));
    let theirs = guardians.iter().filter(|(_, _, guardian)| guardian.is_new).map(|(_, id, guardian)| (*id, "phone", guardian.phone.clone()));
    let mut all: Vec<(PersonId, &'static str, String)> = own.chain(theirs).filter_map(|(id, field, value)| Some((id, field, value?))).collect();
    all.sort_unstable();
    all.dedup_by(|one, other| one.0 == other.0 && one.1 == other.1);
    let mut rows: (Vec<PersonId>, Vec<&'static str>, Vec<String>) = Default::default();
    for (id, field, value) in all {
        rows.0.push(id);
        rows.1.push(field);
        rows.2.push(value);
    }
    rows
}

pub(super) fn roles(plans: &[(PersonId, &Plan)]) -> Vec<(PersonId, Role)> {
    plans.iter().filter_map(|(id, plan)| Some((*id, Role::parse(plan.role.as_deref()?)?))).collect()
}

fn sex_of(kind: &str) -> Option<String> {
    match kind {
        "mother" => Some("f".to_owned()),
        "father" => Some("m".to_owned()),
        _ => None,
    }
}

/// The day at the school on which somebody said go.
pub(super) fn today(job: &Taken) -> Result<Date> {
    let day = job.body.get("today").and_then(Value::as_str).and_then(|day| day.parse().ok());
    day.ok_or_else(|| Error::broken("a job names no day"))
}

fn by(job: &Taken) -> Option<PersonId> {
    job.body.get("by").and_then(Value::as_str).and_then(|by| by.parse().ok())
}
