//! Use cases of OneRoster.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed},
    db::{Db, Tx},
    id::{PersonId, SchoolId, Uuid},
    job::Standing,
};
use serde_json::{Value, json};

use super::{
    ExportRoster, KIND, WRITE,
    rules::{self, Class, Found, Kin, Member, Roster, Time, Titles, Worker},
    store,
};
use crate::{
    exports::{self, Wanted},
    imports::{self, Desk, Field, RowIn, Source},
    years,
};

/// What the page shows.
pub(super) struct Overview {
    /// Years that are known, the newest first.
    pub(super) years: Vec<i16>,
    /// The last file and its job.
    pub(super) last: Option<Last>,
}

/// The last file.
pub(super) struct Last {
    pub(super) id: Uuid,
    pub(super) about: Value,
    pub(super) lines: Option<i32>,
    pub(super) ordered_at: jiff::Timestamp,
    pub(super) may_fetch: bool,
    pub(super) job: Option<Standing>,
}

/// The years, and the last file.
pub(super) async fn standing(db: &Db, ctx: &Ctx, school: SchoolId) -> Result<Overview> {
    ctx.require::<ExportRoster>()?;
    db.run(&ctx.scope, async |tx| {
        let mut years = years::known(tx).await?;
        years.sort_unstable_by(|one, other| other.cmp(one));
        let last = exports::latest(tx, school, KIND).await?.map(|(export, job)| Last {
            id: export.id,
            lines: export.lines,
            ordered_at: export.ordered_at,
            may_fetch: exports::may_fetch(&export, ctx.now()),
            about: export.about,
            job,
        });
        Ok(Overview { years, last })
    })
    .await
}

/// Orders the zip of a year. Asked again while it is made, it is that one.
pub(super) async fn order(db: &Db, ctx: &Ctx, school: SchoolId, code: &str, year: i16, titles: Titles) -> Result<Uuid> {
    ctx.require::<ExportRoster>()?;
    db.run(&ctx.scope, async |tx| {
        if !years::known(tx).await?.contains(&year) {
            return Err(Error::invalid("year", "oneroster-field-year"));
        }
        let about = json!({ "year": year, "titles": titles });
        let wanted = Wanted { kind: KIND, job: WRITE, about, has_iin: false, file_name: format!("{code}-oneroster-{year}.zip") };
        let id = exports::order(tx, ctx, school, wanted).await?;
        note(tx, ctx, school, "people.order_roster", id, json!({ "year": year })).await?;
        Ok(id)
    })
    .await
}

/// All that the zip of a year says.
pub(super) async fn roster(tx: &Tx, school: SchoolId, year: i16, titles: Titles, today: Date) -> Result<Roster> {
    let calendar = years::calendar(tx, school, year, today).await?;
    let kin = store::KIN_LIST.all(tx, (school, year)).await?;
    let guardians = store::GUARDIAN_LIST.all(tx, (school, kin.iter().map(|one| one.guardian_id).collect())).await?;
    Ok(Roster {
        school,
        code: store::SCHOOL_FIND.one(tx, (school,)).await?.code,
        year,
        whole: calendar.whole().ok_or(Error::Refused("people.year_unknown"))?,
        quarters: calendar.quarters(),
        titles,
        classes: store::CLASS_LIST.all(tx, (school, year)).await?.into_iter().map(|row| Class { id: row.id, grade: row.grade, letter: row.letter, language: row.language }).collect(),
        pupils: store::PUPIL_LIST.all(tx, (school, year)).await?.into_iter().map(member).collect(),
        times: store::TIME_LIST.all(tx, (school, year)).await?.into_iter().map(|row| Time { pupil: row.pupil_id, class: row.class_id, from: row.valid_from, to: row.valid_to }).collect(),
        guardians: guardians.into_iter().map(member).collect(),
        kin: kin.into_iter().map(|row| Kin { pupil: row.pupil_id, guardian: row.guardian_id }).collect(),
        staff: store::WORKER_LIST.all(tx, (school, today)).await?.into_iter().map(worker).collect(),
        teachers: store::TEACHER_LIST.all(tx, (school, year)).await?.into_iter().map(|row| (row.class_id, row.person_id)).collect(),
    })
}

fn member(row: store::MemberRow) -> Member {
    let store::MemberRow { id, surname, given_name, patronymic, birth_date, sex, email, phone } = row;
    Member { id, surname, given_name, patronymic, birth_date, sex, email, phone }
}

fn worker(row: store::WorkerRow) -> Worker {
    let store::WorkerRow { id, surname, given_name, patronymic, email, phone, roles, posts } = row;
    Worker { member: Member { id, surname, given_name, patronymic, birth_date: None, sex: None, email, phone }, roles, posts }
}

/// How many pupils a year has.
pub(super) async fn size(tx: &Tx, school: SchoolId, year: i16) -> Result<i64> {
    Ok(store::YEAR_SIZE.one(tx, (school, year)).await?.pupils)
}

/// Puts what a zip says into two lists of the room of imports, and says which of them have rows: pupils, employees.
pub(super) async fn take(desk: &Desk<'_>, own: &str, file_name: &str, found: Found) -> Result<[Option<Uuid>; 2]> {
    let Found { system, code, pupils, staff, unread } = found;
    let unread: Vec<String> = unread.into_iter().map(|(file, column)| format!("{file}: {column}")).collect();
    let is_ours = system == rules::SYSTEM && code == own;
    let system = if code.is_empty() { system } else { format!("{system} {code}") };
    desk.site
        .db
        .run(&desk.ctx.scope, async |tx| {
            let ids = pupils.iter().chain(&staff).map(|(id, _)| id.clone()).collect();
            let known: HashMap<String, PersonId> = store::KNOWN_LIST.all(tx, (desk.school, system.clone(), ids)).await?.into_iter().map(|row| (row.sourced_id, row.person_id)).collect();
            let sourced = |(id, mut row): (String, RowIn)| {
                // Our own zip names our own people; what they are here is better known here.
                let own = if is_ours { id.parse().ok() } else { None };
                if is_ours {
                    row.fields.remove(Field::Role.as_str());
                }
                let known = known.get(&id).copied().or(own);
                RowIn { source: Some(Source { system: system.clone(), id, known }), ..row }
            };
            let lists = [("pupils", pupils.into_iter().map(sourced).collect::<Vec<_>>()), ("staff", staff.into_iter().map(sourced).collect())];
            let mut taken = [None, None];
            for (place, (kind, rows)) in taken.iter_mut().zip(lists) {
                if !rows.is_empty() {
                    *place = Some(imports::take_rows(tx, desk, kind, file_name, KIND, &unread, rows).await?);
                }
            }
            Ok(taken)
        })
        .await
}

/// Remembers whom another system means.
pub(crate) async fn remember(tx: &Tx, school: SchoolId, meant: impl Iterator<Item = (&Source, PersonId)>) -> Result<()> {
    let all: BTreeMap<(&str, &str), PersonId> = meant.map(|(source, person)| ((source.system.as_str(), source.id.as_str()), person)).collect();
    if all.is_empty() {
        return Ok(());
    }
    let (mut systems, mut ids, mut persons) = (Vec::new(), Vec::new(), Vec::new());
    for ((system, id), person) in all {
        systems.push(system.to_owned());
        ids.push(id.to_owned());
        persons.push(person);
    }
    store::KNOWN_PUT.run(tx, (school, systems, ids, persons)).await.map(drop)
}

/// Forgets that anybody means these people: they are taken back.
pub(crate) async fn forget(tx: &Tx, school: SchoolId, persons: Vec<PersonId>) -> Result<()> {
    store::KNOWN_FORGET.run(tx, (school, persons)).await.map(drop)
}

async fn note(tx: &Tx, ctx: &Ctx, school: SchoolId, action: &'static str, export: Uuid, detail: Value) -> Result<()> {
    audit::record(tx, ctx, Deed { school, action, subject_kind: "export", subject: Some(export), detail }).await
}
