//! Use cases of the exports: a file is ordered, made by a job of its room, and fetched.

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, ContentDisposition, DispositionParam, DispositionType},
    web::Bytes,
};
use futures_util::{TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Ctx, Error, Result,
    db::{Db, Tx},
    id::{SchoolId, Uuid},
    job::{self, Order, Standing, Taken},
};
use serde_json::{Value, json};
use web::Failure;

use super::store::{self, Export};
use crate::{iin::Keeper, imports::Chest};

/// How long a file is given out.
const FETCH_FOR: SignedDuration = SignedDuration::from_hours(24);
/// So much stands in a part.
const PART: usize = 1024 * 1024;

/// A file to make.
pub(crate) struct Wanted {
    /// The kind, as in SQL.
    pub(crate) kind: &'static str,
    /// The job that makes it.
    pub(crate) job: &'static str,
    /// What is asked for.
    pub(crate) about: Value,
    /// Whether whole IINs stand in it.
    pub(crate) has_iin: bool,
    /// What it is called.
    pub(crate) file_name: String,
}

/// Orders a file within the transaction of whoever may. Asked again while one of the kind is being made, it is that one.
pub(crate) async fn order(tx: &Tx, ctx: &Ctx, school: SchoolId, wanted: Wanted) -> Result<Uuid> {
    let Wanted { kind, job, about, has_iin, file_name } = wanted;
    let id: Uuid = ctx.id();
    let job = job::order(tx, ctx, Order { school, kind: job, key: kind.to_owned(), body: json!({ "export": id }) }).await?;
    if let Some(under_way) = store::EXPORT_OF_JOB.opt(tx, (school, job)).await? {
        return Ok(under_way.id);
    }
    store::PART_CLEAR.run(tx, (school, kind)).await?;
    store::EXPORT_ADD.run(tx, (school, id, kind, about, has_iin, file_name, ctx.person()?, ctx.now(), job)).await?;
    Ok(id)
}

/// The last file of a kind, and how its job stands.
pub(crate) async fn latest(tx: &Tx, school: SchoolId, kind: &'static str) -> Result<Option<(Export, Option<Standing>)>> {
    let Some(export) = store::EXPORT_LAST.opt(tx, (school, kind)).await? else { return Ok(None) };
    let standing = match job::find(tx, school, export.job_id).await {
        // Jobs that are over leave by their own rule.
        Err(Error::NotFound) => None,
        found => Some(found?),
    };
    Ok(Some((export, standing)))
}

/// A file to be fetched now.
///
/// # Errors
/// `NotFound`, `people.export_not_ready`, `people.export_too_old`.
pub(crate) async fn find(tx: &Tx, ctx: &Ctx, school: SchoolId, id: Uuid, kind: &str) -> Result<Export> {
    let export = store::EXPORT_FIND.one(tx, (school, id)).await?;
    match export.finished_at {
        _ if export.kind != kind => Err(Error::NotFound),
        None => Err(Error::Refused("people.export_not_ready")),
        Some(_) if !may_fetch(&export, ctx.now()) => Err(Error::Refused("people.export_too_old")),
        Some(_) => Ok(export),
    }
}

/// Whether its bytes are there and not older than a day.
pub(crate) fn may_fetch(export: &Export, now: Timestamp) -> bool {
    export.parts > 0 && export.finished_at.is_some_and(|at| now <= at + FETCH_FOR)
}

/// Answers with the file, a part at a time.
pub(crate) fn respond(db: &Db, ctx: &Ctx, chest: Chest, school: SchoolId, export: &Export) -> HttpResponse {
    let (db, scope, id) = (db.clone(), ctx.scope.clone(), export.id);
    let parts = i32::try_from(export.parts).unwrap_or(i32::MAX);
    let chunks = stream::try_unfold(0_i32, move |n| {
        let (db, scope, chest) = (db.clone(), scope.clone(), chest.clone());
        async move {
            if n >= parts {
                return Ok::<_, Error>(None);
            }
            let part = db.run(&scope, async |tx| store::PART_FIND.one(tx, (school, id, n)).await).await?;
            Ok(Some((Bytes::from(chest.open_bytes(&part.sealed)?), n + 1)))
        }
    });
    let media = match export.file_name.rsplit('.').next() {
        Some("zip") => "application/zip",
        Some("csv") => "text/csv; charset=utf-8",
        _ => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    };
    let disposition = ContentDisposition { disposition: DispositionType::Attachment, parameters: vec![DispositionParam::Filename(export.file_name.clone())] };
    HttpResponse::Ok()
        .content_type(media)
        .insert_header((CONTENT_DISPOSITION, disposition))
        .insert_header((CACHE_CONTROL, "private, no-store"))
        .streaming(Box::pin(chunks.map_err(Failure::from)))
}

/// What a portion of a job that makes a file works with.
pub(crate) struct Making {
    /// The file.
    pub(crate) export: Export,
    chest: Chest,
}

/// The file that a job makes.
///
/// # Errors
/// `people.no_iin_key` where the installation has no key: then no file is kept.
pub(crate) async fn making(tx: &Tx, job: &Taken, keeper: Option<&Keeper>) -> Result<Making> {
    let id = job.body.get("export").and_then(Value::as_str).and_then(|id| id.parse::<Uuid>().ok());
    let id = id.ok_or_else(|| Error::broken("a job names no export"))?;
    let keeper = keeper.ok_or(Error::Refused("people.no_iin_key"))?;
    Ok(Making { export: store::EXPORT_FIND.one(tx, (job.school_id, id)).await?, chest: keeper.chest(id) })
}

/// Keeps the bytes, and ends the job in the same transaction.
pub(crate) async fn deliver(tx: &Tx, ctx: &Ctx, job: &Taken, making: &Making, lines: usize, bytes: &[u8]) -> Result<()> {
    let sealed = bytes.chunks(PART).map(|part| making.chest.seal_bytes(part)).collect::<Result<Vec<_>>>()?;
    let numbers = (0_i32..).take(sealed.len()).collect();
    store::PART_ADD.run(tx, (job.school_id, making.export.id, numbers, sealed)).await?;
    let lines = i32::try_from(lines).unwrap_or(i32::MAX);
    store::EXPORT_FINISH.run(tx, (job.school_id, making.export.id, lines, ctx.now())).await?;
    job::finish(tx, ctx, job, json!({ "lines": lines })).await
}
