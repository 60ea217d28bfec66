//! Use cases of the files for the national database.

use std::collections::HashMap;

use jiff::civil::Date;
use kernel::{
    Ctx, Result,
    audit::{self, Deed},
    db::{Db, Tx},
    id::{PersonId, SchoolId, Uuid},
    iin::Iin,
    job::Standing,
};
use serde_json::{Value, json};

use super::{
    ExportNational, KIND, WRITE,
    rules::{Record, Told, What},
    store::{self, ClassRow, PupilRow, SchoolRow, WorkerRow},
};
use crate::{
    exports::{self, Wanted},
    iin::{Keeper, SeeIin},
    pupils::full_name,
};

/// What the page shows.
pub(super) struct Overview {
    /// Everybody or everything that the file would hold.
    pub(super) records: Vec<Record>,
    /// The last file.
    pub(super) last: Option<Last>,
}

/// The last file.
pub(super) struct Last {
    pub(super) id: Uuid,
    pub(super) about: Value,
    pub(super) lines: Option<i32>,
    pub(super) may_fetch: bool,
    pub(super) job: Option<Standing>,
}

/// What a file of a day would hold: of an IIN only whether it is written down.
pub(super) async fn overview(db: &Db, ctx: &Ctx, school: SchoolId, what: What, on: Date) -> Result<Overview> {
    ctx.require::<ExportNational>()?;
    db.run(&ctx.scope, async |tx| {
        let records = records(tx, school, what, on).await?;
        let last = exports::latest(tx, school, KIND).await?.map(|(export, job)| Last { id: export.id, lines: export.lines, may_fetch: exports::may_fetch(&export, ctx.now()), about: export.about, job });
        Ok(Overview { records, last })
    })
    .await
}

/// A file to order.
pub(super) struct Asked {
    pub(super) what: What,
    pub(super) on: Date,
    /// `xlsx` or `csv`.
    pub(super) form: &'static str,
    /// Whether the mapping asks for IINs.
    pub(super) asks_iin: bool,
}

/// Orders a file. IINs stand in it for who holds their right.
pub(super) async fn order(db: &Db, ctx: &Ctx, school: SchoolId, code: &str, asked: Asked) -> Result<Uuid> {
    ctx.require::<ExportNational>()?;
    let Asked { what, on, form, asks_iin } = asked;
    let has_iin = asks_iin && ctx.require::<SeeIin>().is_ok();
    db.run(&ctx.scope, async |tx| {
        let about = json!({ "what": what.as_str(), "on": on, "form": form });
        let wanted = Wanted { kind: KIND, job: WRITE, about: about.clone(), has_iin, file_name: format!("{code}-nobd-{}-{on}.{form}", what.as_str()) };
        let id = exports::order(tx, ctx, school, wanted).await?;
        let deed = Deed { school, action: "people.order_national", subject_kind: "export", subject: Some(id), detail: json!({ "what": what.as_str(), "on": on, "form": form, "iins": has_iin }) };
        audit::record(tx, ctx, deed).await?;
        Ok(id)
    })
    .await
}

/// The lines of a file. An IIN is told as being there; who may tell the number puts it in its place.
pub(super) async fn records(tx: &Tx, school: SchoolId, what: What, on: Date) -> Result<Vec<Record>> {
    let here = store::SCHOOL_FIND.one(tx, (school,)).await?;
    Ok(match what {
        What::Pupils => store::PUPIL_LIST.all(tx, (school, on)).await?.into_iter().map(|row| of_pupil(row, &here)).collect(),
        What::Staff => store::WORKER_LIST.all(tx, (school, on)).await?.into_iter().map(|row| of_worker(row, &here)).collect(),
        What::Classes => store::CLASS_LIST.all(tx, (school, on)).await?.into_iter().map(|row| of_class(row, &here)).collect(),
    })
}

/// Puts the numbers in their places, or takes the word of them away.
pub(super) async fn tell_iins(tx: &Tx, keeper: Option<&Keeper>, records: &mut [Record]) -> Result<()> {
    let iins: HashMap<PersonId, Iin> = match keeper {
        Some(keeper) => keeper.iins_of(tx, records.iter().map(|record| PersonId(record.id)).collect()).await?,
        None => HashMap::new(),
    };
    for record in records {
        match iins.get(&PersonId(record.id)) {
            Some(iin) => record.told.insert("iin", Told::Text(iin.reveal().to_owned())),
            None => record.told.remove("iin"),
        };
    }
    Ok(())
}

/// A number is written down: which, is not said.
const IS_THERE: &str = "********";

fn school_fields(here: &SchoolRow) -> [(&'static str, Option<String>); 3] {
    [("school_code", Some(here.code.clone())), ("school_name_kk", Some(here.name_kk.clone())), ("school_name_ru", Some(here.name_ru.clone()))]
}

fn of_pupil(row: PupilRow, here: &SchoolRow) -> Record {
    let name = full_name(&row.surname, &row.given_name, row.patronymic.as_deref());
    let label = format!("{}{}", row.grade, row.letter);
    let texts = [
        ("iin", row.has_iin.then(|| IS_THERE.to_owned())),
        ("surname", Some(row.surname)),
        ("given_name", Some(row.given_name)),
        ("patronymic", row.patronymic),
        ("full_name", Some(name.clone())),
        ("sex", row.sex),
        ("citizenship", row.citizenship),
        ("home_language", row.home_language),
        ("address", row.address),
        ("phone", row.phone),
        ("class", Some(label.clone())),
        ("grade", Some(row.grade.to_string())),
        ("letter", Some(row.letter)),
        ("language", Some(row.language)),
        ("shift", Some(row.shift.to_string())),
        ("class_kind", Some(row.class_kind)),
        ("profile", Some(row.profile)),
        ("order_number", row.order_number.map(|number| number.to_string())),
        ("guardian_name", row.guardian_name),
        ("guardian_phone", row.guardian_phone),
    ];
    let days = [("birth_date", row.birth_date), ("enrolled_on", row.enrolled_on), ("order_date", row.order_date)];
    Record::new(row.id.0, format!("{name}, {label}"), texts.into_iter().chain(school_fields(here)), days)
}

fn of_worker(row: WorkerRow, here: &SchoolRow) -> Record {
    let name = full_name(&row.surname, &row.given_name, row.patronymic.as_deref());
    let texts = [
        ("iin", row.has_iin.then(|| IS_THERE.to_owned())),
        ("surname", Some(row.surname)),
        ("given_name", Some(row.given_name)),
        ("patronymic", row.patronymic),
        ("full_name", Some(name.clone())),
        ("sex", row.sex),
        ("citizenship", row.citizenship),
        ("phone", row.phone),
        ("email", row.email),
        ("post", row.post),
        ("subject", row.subject),
        ("rate", row.rate.map(|hundredths| format!("{},{:02}", hundredths / 100, hundredths % 100))),
        ("category", row.category),
        ("degree", row.degree),
    ];
    let days = [("birth_date", row.birth_date), ("hired_on", row.hired_on), ("category_to", row.category_to)];
    Record::new(row.id.0, name, texts.into_iter().chain(school_fields(here)), days)
}

fn of_class(row: ClassRow, here: &SchoolRow) -> Record {
    let label = format!("{}{}", row.grade, row.letter);
    let texts = [
        ("class", Some(label.clone())),
        ("grade", Some(row.grade.to_string())),
        ("letter", Some(row.letter)),
        ("language", Some(row.language)),
        ("shift", Some(row.shift.to_string())),
        ("class_kind", Some(row.class_kind)),
        ("profile", Some(row.profile)),
        ("year", Some(row.year.to_string())),
        ("pupils", Some(row.pupils.to_string())),
        ("boys", Some(row.boys.to_string())),
        ("girls", Some(row.girls.to_string())),
        ("teacher", row.teacher),
    ];
    Record::new(row.id.0, label, texts.into_iter().chain(school_fields(here)), [("opened_on", Some(row.opened_on))])
}
