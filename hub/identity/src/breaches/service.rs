//! Use cases of the register.

use std::collections::{BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed},
    db::{Db, Scope, Tx},
    id::{PersonId, SchoolId, Uuid},
};
use serde_json::json;

use super::{
    KeepBreaches,
    rules::{self, Draft},
    store::{self, Breach, Class, Concerned, Found, Locked, Step},
};
use crate::accounts::{
    Policy,
    identifiers::{self, Reach},
};

/// How many incidents a page of the register shows.
pub const PAGE: usize = 25;
/// How many of those concerned a page shows.
pub const PEOPLE_PAGE: usize = 50;
/// How many a search by name shows.
const FOUND: i64 = 20;
/// More than any school has people, pupils of former years with them.
const EVERYBODY: i64 = 100_000;

/// An incident with everything that was done about it.
pub struct Detail {
    /// The incident.
    pub breach: Breach,
    /// Oldest first.
    pub steps: Vec<Step>,
    /// A page of those concerned.
    pub people: Vec<Concerned>,
    /// After whom the next page begins.
    pub next: Option<PersonId>,
    /// Who has the searched name.
    pub found: Vec<Found>,
    /// The classes of the school.
    pub classes: Vec<Class>,
}

/// Which incidents a page of the register shows.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// `open`, `closed`, or anything else for all.
    pub state: String,
    /// Words of the entry.
    pub words: String,
    /// Go on after this number.
    pub after: Option<i32>,
}

/// Where in the register something is done.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The database.
    pub db: &'a Db,
    /// Who does it.
    pub ctx: &'a Ctx,
    /// The school.
    pub school: SchoolId,
    /// The incident.
    pub breach: Uuid,
}

/// A page of the register, newest first, and the number after which the next one begins.
pub async fn list(db: &Db, ctx: &Ctx, school: SchoolId, filter: Filter) -> Result<(Vec<Breach>, Option<i32>)> {
    ctx.require::<KeepBreaches>()?;
    let mut found = db.run(&ctx.scope, async |tx| store::BREACH_LIST.all(tx, (school, filter.state.clone(), filter.words.clone(), filter.after, at_most(PAGE + 1))).await).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|breach| breach.number);
    Ok((found, next))
}

/// Writes an incident down and starts its clock. Sent twice with one id, it is written once.
pub async fn register(db: &Db, ctx: &Ctx, school: SchoolId, zone: &TimeZone, id: Uuid, draft: Draft) -> Result<()> {
    ctx.require::<KeepBreaches>()?;
    let person = ctx.person()?;
    db.run(&ctx.scope, async |tx| {
        let due = rules::due(draft.detected_at, zone, &days_off(tx, draft.detected_at, zone).await?).ok_or_else(|| Error::broken("no work day within a month"))?;
        store::NUMBER_LOCK.one(tx, (school.to_string(),)).await?;
        let row = (school, id, draft.detected_at, due, draft.happened.clone(), draft.contact.clone(), person, ctx.now());
        match store::BREACH_ADD.run(tx, row).await? {
            0 => Ok(()),
            _ => note(tx, ctx, school, id, "breaches.register", json!({ "detected_at": draft.detected_at, "due_at": due })).await,
        }
    })
    .await
}

/// One incident, with a page of those concerned and whom a search finds.
pub async fn find(place: Place<'_>, today: Date, after: Option<PersonId>, words: &str) -> Result<Detail> {
    place.ctx.require::<KeepBreaches>()?;
    let Place { db, ctx, school, breach } = place;
    let words: String = words.trim().chars().take(100).collect();
    db.run(&ctx.scope, async |tx| {
        let mut people = store::CONCERNED_LIST.all(tx, (school, breach, today, after, at_most(PEOPLE_PAGE + 1))).await?;
        let more = people.len() > PEOPLE_PAGE;
        people.truncate(PEOPLE_PAGE);
        Ok(Detail {
            breach: store::BREACH_FIND.one(tx, (school, breach)).await?,
            steps: store::STEP_LIST.all(tx, (school, breach)).await?,
            next: people.last().filter(|_| more).map(|person| person.person_id),
            people,
            found: if words.is_empty() { Vec::new() } else { store::PERSON_SEARCH.all(tx, (school, breach, words.clone(), FOUND)).await? },
            classes: store::CLASS_LIST.all(tx, (school,)).await?,
        })
    })
    .await
}

/// An incident with everybody concerned and how to reach them.
pub struct Everybody {
    /// The incident.
    pub breach: Breach,
    /// In the order of the Kazakh alphabet.
    pub people: Vec<Concerned>,
    /// IIN and phone of those concerned and of their guardians, as far as the school wrote them down.
    pub reach: HashMap<PersonId, Reach>,
}

/// Everybody concerned, for the file that goes with the letter: the order asks for name, IIN and phone.
pub async fn everybody(place: Place<'_>, policy: &Policy, today: Date) -> Result<Everybody> {
    place.ctx.require::<KeepBreaches>()?;
    let Place { db, ctx, school, breach } = place;
    db.run(&ctx.scope, async |tx| {
        let found = store::BREACH_FIND.one(tx, (school, breach)).await?;
        let people = store::CONCERNED_LIST.all(tx, (school, breach, today, None, EVERYBODY)).await?;
        let with_guardians = people.iter().flat_map(|person| std::iter::once(person.person_id).chain(person.guardian_ids.iter().copied()));
        let ids: BTreeSet<PersonId> = with_guardians.collect();
        Ok(Everybody { breach: found, reach: identifiers::reach(tx, policy, ids.into_iter().collect()).await?, people })
    })
    .await
}

/// What a step says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// Something was found out.
    Finding,
    /// Something was done.
    Measure,
}

/// Adds what was found out or done.
pub async fn write(place: Place<'_>, written: Written, text: &str) -> Result<()> {
    let text = rules::text(text, rules::LONGEST).ok_or_else(|| Error::invalid("text", "breaches-field-happened"))?;
    let (kind, action) = match written {
        Written::Finding => ("finding", "breaches.add_finding"),
        Written::Measure => ("measure", "breaches.add_measure"),
    };
    place.change(async |tx, _| place.step(tx, kind, action, &text, 0).await).await
}

/// Who is concerned, and how that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum People {
    /// Everybody of the school.
    School,
    /// Everybody of a class.
    Class(Uuid),
    /// One person.
    One(PersonId),
    /// Everybody whose data a login read or changed between two moments.
    SeenBy {
        /// What they type to sign in.
        login: String,
        /// From here on.
        from: Timestamp,
        /// Up to here.
        until: Timestamp,
    },
}

/// Adds those concerned; says how many are new.
pub async fn add_people(place: Place<'_>, people: People) -> Result<u64> {
    let (school, breach, now) = (place.school, place.breach, place.ctx.now());
    place
        .change(async |tx, _| {
            let added = match people.clone() {
                People::School => store::PEOPLE_ADD_CLASS.run(tx, (school, breach, None, now)).await?,
                People::Class(class) => store::PEOPLE_ADD_CLASS.run(tx, (school, breach, Some(class), now)).await?,
                People::One(person) => store::PEOPLE_ADD_ONE.run(tx, (school, breach, person, now)).await?,
                People::SeenBy { login, from, until } => store::PEOPLE_ADD_SEEN.run(tx, (school, breach, login.trim().to_lowercase(), from, until, now)).await?,
            };
            if added > 0 {
                place.step(tx, "people_added", "breaches.add_people", "", added).await?;
            }
            Ok(added)
        })
        .await
}

/// Takes somebody off who was put there by mistake. Whoever was told stays.
pub async fn remove_person(place: Place<'_>, person: PersonId) -> Result<()> {
    place
        .change(async |tx, _| match store::PERSON_REMOVE.run(tx, (place.school, place.breach, person)).await? {
            0 => Ok(()),
            removed => place.step(tx, "people_removed", "breaches.remove_person", "", removed).await,
        })
        .await
}

/// The authorised body was told, at this moment and by this letter. Told is told: a second time changes nothing.
pub async fn report(place: Place<'_>, day: &str, time: &str, zone: &TimeZone, letter: &str) -> Result<()> {
    let now = place.ctx.now();
    let letter = rules::line(letter).ok_or_else(|| Error::invalid("letter", "breaches-field-letter"))?;
    place
        .change(async |tx, locked| {
            let at = rules::moment(day, time, zone).filter(|at| *at <= now && *at >= locked.detected_at).ok_or_else(|| Error::invalid("reported", "breaches-field-reported"))?;
            match store::BREACH_SET_REPORTED.run(tx, (place.school, place.breach, at, letter.clone())).await? {
                0 => Ok(()),
                _ => place.step(tx, "reported", "breaches.report", &letter, 0).await,
            }
        })
        .await
}

/// Everybody on the list was told.
pub async fn tell_people(place: Place<'_>) -> Result<()> {
    place
        .change(async |tx, _| match store::PEOPLE_SET_TOLD.run(tx, (place.school, place.breach, place.ctx.now())).await? {
            0 => Ok(()),
            told => place.step(tx, "people_told", "breaches.tell_people", "", told).await,
        })
        .await
}

/// Closes an incident with what came of it.
pub async fn close(place: Place<'_>, conclusion: &str) -> Result<()> {
    let conclusion = rules::text(conclusion, rules::LONGEST).ok_or_else(|| Error::invalid("conclusion", "breaches-field-conclusion"))?;
    place
        .change(async |tx, _| {
            store::BREACH_SET_CLOSED.run(tx, (place.school, place.breach, Some(place.ctx.now()))).await?;
            place.step(tx, "closed", "breaches.close", &conclusion, 0).await
        })
        .await
}

/// Opens a closed incident again.
pub async fn reopen(place: Place<'_>) -> Result<()> {
    place.ctx.require::<KeepBreaches>()?;
    place
        .db
        .run(&place.ctx.scope, async |tx| {
            if store::BREACH_LOCK.one(tx, (place.school, place.breach)).await?.closed_at.is_none() {
                return Ok(());
            }
            store::BREACH_SET_CLOSED.run(tx, (place.school, place.breach, None)).await?;
            place.step(tx, "reopened", "breaches.reopen", "", 0).await
        })
        .await
}

/// How many incidents of all schools should have been reported by now, for the alert.
pub async fn overdue(db: &Db, scope: &Scope, now: Timestamp) -> Result<i64> {
    Ok(db.run(scope, async |tx| store::OVERDUE_COUNT.one(tx, (now,)).await).await?.number)
}

impl Place<'_> {
    /// Does something to an open incident under its lock.
    async fn change<T>(&self, work: impl AsyncFn(&Tx, Locked) -> Result<T>) -> Result<T> {
        self.ctx.require::<KeepBreaches>()?;
        self.db
            .run(&self.ctx.scope, async |tx| {
                let locked = store::BREACH_LOCK.one(tx, (self.school, self.breach)).await?;
                if locked.closed_at.is_some() {
                    return Err(Error::Refused("breaches.closed"));
                }
                work(tx, locked).await
            })
            .await
    }

    async fn step(&self, tx: &Tx, kind: &'static str, action: &'static str, text: &str, people: u64) -> Result<()> {
        let people = i32::try_from(people).unwrap_or(i32::MAX);
        let step = (self.school, self.breach, self.ctx.now(), self.ctx.id::<Uuid>(), self.ctx.person()?, kind, text.to_owned(), people);
        store::STEP_ADD.run(tx, step).await?;
        note(tx, self.ctx, self.school, self.breach, action, json!({ "people": people })).await
    }
}

async fn days_off(tx: &Tx, around: Timestamp, zone: &TimeZone) -> Result<BTreeSet<Date>> {
    let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
    let found = store::DAY_OFF_LIST.all(tx, (day(around), day(around + SignedDuration::from_hours(24 * 40)))).await?;
    Ok(found.into_iter().map(|off| off.day).collect())
}

/// Ids and figures; what was written stands in the register alone.
async fn note(tx: &Tx, ctx: &Ctx, school: SchoolId, breach: Uuid, action: &'static str, detail: serde_json::Value) -> Result<()> {
    audit::record(tx, ctx, Deed { school, action, subject_kind: "breach", subject: Some(breach), detail }).await
}

fn at_most(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
