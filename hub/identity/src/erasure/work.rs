//! The job of an erasure, portion by portion: what is searched in the end is gathered first; then every table of every person; then what
//! belongs to no school, where nobody needs it any more; then the search, and the act.

use futures_util::future::{FutureExt, LocalBoxFuture};
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed},
    db::{Db, Scope, Tx},
    id::{PersonId, Uuid},
    job::{self, Progress, Step, Taken, Work},
    keep::{Fate, Holding, Release},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

use super::{ERASE, service::Registry, store};
use crate::schools;

/// Rows that one statement touches at most.
const AT_ONCE: i64 = 2_000;
/// Tables that one portion searches.
const SEARCHED: usize = 5;

/// Erases.
pub struct Erase {
    /// What rooms registered.
    pub registry: Registry,
}

/// Where an erasure stands. Emptied with the job.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct State {
    begun: bool,
    /// Who, and the id that stands in their place.
    persons: Vec<(Uuid, Uuid)>,
    traces: Vec<String>,
    /// The next person, holding, person to release, table to search.
    person: usize,
    holding: usize,
    release: usize,
    table: usize,
    counts: BTreeMap<String, i64>,
    /// Persons who are still seen by another school, child or office.
    needed: usize,
    /// Persons whose row a register needs: it names nobody now.
    blanked: usize,
    found: BTreeMap<String, i64>,
}

impl Work for Erase {
    fn kind(&self) -> &'static str {
        ERASE
    }

    fn portion<'a>(&'a self, db: &'a Db, ctx: &'a Ctx, job: &'a Taken) -> LocalBoxFuture<'a, Result<Step>> {
        self.next(db, ctx, job).boxed_local()
    }
}

impl Erase {
    async fn next(&self, db: &Db, ctx: &Ctx, job: &Taken) -> Result<Step> {
        let state: State = serde_json::from_value(job.state.clone()).map_err(|_| Error::broken("the state of an erasure cannot be read"))?;
        let erasure = job.body.get("erasure").and_then(serde_json::Value::as_str).and_then(|id| id.parse::<Uuid>().ok());
        let erasure = erasure.ok_or_else(|| Error::broken("a job names no erasure"))?;
        if !state.begun {
            return db.run(&ctx.scope, async |tx| self.begin(tx, ctx, job, erasure).await).await;
        }
        if let Some((person, stand_in)) = state.persons.get(state.person).copied() {
            // In sight by id too: the school does not see them any more at the end.
            let scope = ctx.scope.clone().with_person(PersonId(person));
            return db.run(&scope, async |tx| self.rows(tx, ctx, job, state, PersonId(person), PersonId(stand_in)).await).await;
        }
        if let Some((person, _)) = state.persons.get(state.release).copied() {
            return self.release(db, ctx, job, state, PersonId(person)).await;
        }
        db.run(&ctx.scope, async |tx| search(tx, ctx, job, state, erasure).await).await
    }

    /// Gathers by what the persons could be found, before any of it leaves.
    async fn begin(&self, tx: &Tx, ctx: &Ctx, job: &Taken, erasure: Uuid) -> Result<Step> {
        let persons = store::PERSONS_FIND.one(tx, (job.school_id, erasure)).await?.persons;
        let mut traces = Vec::new();
        for person in &persons {
            for source in self.registry.traces.iter().chain(&self.registry.common_traces) {
                traces.extend(source.all(tx, (job.school_id, *person)).await?.into_iter().map(|trace| trace.trace));
            }
        }
        // A text of a letter or two stands everywhere.
        traces.retain(|trace| trace.chars().count() >= 4);
        let persons = persons.into_iter().map(|person| (person.0, ctx.id::<Uuid>())).collect();
        self.advance(tx, ctx, job, &State { begun: true, persons, traces, ..State::default() }).await
    }

    /// A stretch of one table of one person.
    async fn rows(&self, tx: &Tx, ctx: &Ctx, job: &Taken, mut state: State, person: PersonId, stand_in: PersonId) -> Result<Step> {
        let Some(holding) = self.registry.holdings.get(state.holding) else {
            (state.person, state.holding) = (state.person + 1, 0);
            return self.advance(tx, ctx, job, &state).await;
        };
        let (rows, more) = apply(tx, job, holding, person, stand_in).await?;
        if rows > 0 {
            *state.counts.entry(holding.table.to_owned()).or_default() += rows;
        }
        if !more {
            state.holding += 1;
        }
        self.advance(tx, ctx, job, &state).await
    }

    /// What belongs to no school, when nobody needs the person any more.
    async fn release(&self, db: &Db, ctx: &Ctx, job: &Taken, mut state: State, person: PersonId) -> Result<Step> {
        let scope = Scope::schools(schools::all(db).await?).with_person(person);
        let free = db.run(&scope, async |tx| store::FREE_FIND.one(tx, (person,)).await).await?.free;
        state.release += 1;
        if !free {
            state.needed += 1;
            return db.run(&ctx.scope, async |tx| self.leave(tx, ctx, job, state, person).await).await;
        }
        match db.run(&scope, async |tx| self.let_go(tx, ctx, job, &state, person, self.registry.person.map(|(gone, _)| gone)).await).await {
            // A register that stays needs the row: it names nobody from now on.
            Err(error) if error.sqlstate() == Some("23503") => {
                state.blanked += 1;
                db.run(&scope, async |tx| self.let_go(tx, ctx, job, &state, person, self.registry.person.map(|(_, blanked)| blanked)).await).await
            }
            done => done,
        }
    }

    /// Another school, child or office needs the person: by their login and phones they will still be found.
    async fn leave(&self, tx: &Tx, ctx: &Ctx, job: &Taken, mut state: State, person: PersonId) -> Result<Step> {
        for source in &self.registry.common_traces {
            let common = source.all(tx, (job.school_id, person)).await?;
            state.traces.retain(|trace| !common.iter().any(|one| one.trace == *trace));
        }
        self.advance(tx, ctx, job, &state).await
    }

    async fn let_go(&self, tx: &Tx, ctx: &Ctx, job: &Taken, state: &State, person: PersonId, last: Option<&Release>) -> Result<Step> {
        for release in self.registry.releases.iter().copied().chain(last) {
            release.delete.run(tx, (person,)).await?;
        }
        self.advance(tx, ctx, job, state).await
    }

    async fn advance(&self, tx: &Tx, ctx: &Ctx, job: &Taken, state: &State) -> Result<Step> {
        let steps = (self.registry.holdings.len() + 2) * state.persons.len().max(1);
        let done = state.person * (self.registry.holdings.len() + 1) + state.holding + state.release;
        let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let progress = Progress { done: number(done), total: Some(number(steps)), state: json!(state) };
        job::advance(tx, ctx, job, progress).await?;
        Ok(Step::More)
    }
}

/// How many rows it was, and whether there are more.
async fn apply(tx: &Tx, job: &Taken, holding: &Holding, person: PersonId, stand_in: PersonId) -> Result<(i64, bool)> {
    let rows = match &holding.fate {
        Fate::Delete(command) => command.run(tx, (job.school_id, person, AT_ONCE)).await?,
        Fate::Anonymise(command) => command.run(tx, (job.school_id, person, stand_in, AT_ONCE)).await?,
        Fate::Kept(_) => return Ok((holding.count.one(tx, (job.school_id, person)).await?.count, false)),
    };
    let rows = i64::try_from(rows).unwrap_or(i64::MAX);
    Ok((rows, rows >= AT_ONCE))
}

/// Searches a few tables; behind the last one the act is written.
async fn search(tx: &Tx, ctx: &Ctx, job: &Taken, mut state: State, erasure: Uuid) -> Result<Step> {
    let relations = store::RELATION_LIST.all(tx, ()).await?;
    let part: Vec<String> = relations.iter().skip(state.table).take(SEARCHED).map(|relation| relation.relation.clone()).collect();
    if part.is_empty() {
        return finish(tx, ctx, job, state, erasure, relations.len()).await;
    }
    state.table += part.len();
    for relation in part {
        let hits = store::TRACE_SEARCH.one(tx, (relation.clone(), state.traces.clone())).await?.hits.unwrap_or(0);
        if hits > 0 {
            state.found.insert(relation, hits);
        }
    }
    job::advance(tx, ctx, job, Progress { done: job.done, total: None, state: json!(state) }).await?;
    Ok(Step::More)
}

async fn finish(tx: &Tx, ctx: &Ctx, job: &Taken, state: State, erasure: Uuid, searched: usize) -> Result<Step> {
    let number = store::NUMBER_NEXT.one(tx, (job.school_id,)).await?.last;
    let proof = json!({ "tables": searched, "found": state.found, "needed": state.needed, "blanked": state.blanked });
    if store::ERASURE_FINISH.run(tx, (job.school_id, erasure, number, json!(state.counts), proof, ctx.now())).await? == 0 {
        return Err(Error::broken("an erasure was finished before"));
    }
    job::finish(tx, ctx, job, json!({ "number": number })).await?;
    let deed = Deed { school: job.school_id, action: "erasure.finish", subject_kind: "erasure", subject: Some(erasure), detail: json!({ "number": number }) };
    audit::record(tx, ctx, deed).await?;
    Ok(Step::Over)
}
