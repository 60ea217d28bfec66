//! Files of an announcement: added and removed while it is a draft, given out to who may read it.

use kernel::{
    Ctx, Error, Result,
    db::{Db, Tx},
    file::{Files, InDatabase, Kept, NewFile},
    id::{SchoolId, Uuid},
};
use serde_json::json;
use web::upload::Scan;

use super::{
    super::{AnnounceToGuardians, rules},
    letter_of, note,
    store::{self, Attached},
};
use crate::Own;

/// The kind of its files.
const ATTACHMENT: &str = "delivery.attachment";

/// A file that came with a form.
#[derive(Debug)]
pub struct Came {
    /// The form's: sent twice, it is kept once.
    pub id: Uuid,
    /// What the sender's device calls it.
    pub name: String,
    /// All of it.
    pub scan: Scan,
}

/// A file on its way out.
#[derive(Debug)]
pub struct Out {
    /// Of which school.
    pub school: SchoolId,
    /// Where its bytes are.
    pub kept: Kept,
    /// What it is called, without its ending.
    pub name: String,
}

/// Adds a file to a draft.
///
/// # Errors
/// The field `file` where there are as many as there may be; a refusal for one that was sent.
pub async fn attach(db: &Db, ctx: &Ctx, school: SchoolId, id: Uuid, came: Came) -> Result<()> {
    ctx.require::<AnnounceToGuardians>()?;
    let person = ctx.person()?;
    let Came { id: file, name, scan: Scan { media, bytes } } = came;
    let size = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
    db.run(&ctx.scope, async |tx| {
        draft(tx, school, id).await?;
        let files = store::FILE_LIST.all(tx, (school, id)).await?;
        if files.iter().any(|one| one.id == file) {
            return Ok(());
        }
        if files.len() >= rules::FILES {
            return Err(Error::invalid("file", "announcements-field-files"));
        }
        let kept = InDatabase.put(tx, ctx, NewFile { school, person, kind: ATTACHMENT, media, bytes: &bytes }).await?;
        store::FILE_ADD.run(tx, (school, id, file, kept, rules::file_name(&name), media.as_str(), size, ctx.now())).await?;
        note(tx, ctx, school, id, "delivery.attach_file", json!({ "file": kept.to_string() })).await
    })
    .await
}

/// Takes a file off a draft. Sent twice, it is gone once.
///
/// # Errors
/// A refusal for one that was sent.
pub async fn detach(db: &Db, ctx: &Ctx, school: SchoolId, id: Uuid, file: Uuid) -> Result<()> {
    ctx.require::<AnnounceToGuardians>()?;
    db.run(&ctx.scope, async |tx| {
        draft(tx, school, id).await?;
        if let [gone, ..] = let_go(tx, school, id, Some(file)).await?.as_slice() {
            note(tx, ctx, school, id, "delivery.detach_file", json!({ "file": gone })).await?;
        }
        Ok(())
    })
    .await
}

/// Throws a draft away, with its files.
///
/// # Errors
/// A refusal for one that was sent.
pub async fn throw_away(db: &Db, ctx: &Ctx, school: SchoolId, id: Uuid) -> Result<()> {
    ctx.require::<AnnounceToGuardians>()?;
    db.run(&ctx.scope, async |tx| {
        draft(tx, school, id).await?;
        let files = let_go(tx, school, id, None).await?;
        store::DRAFT_REMOVE.run(tx, (school, id)).await?;
        note(tx, ctx, school, id, "delivery.delete_announcement", json!({ "files": files.len() })).await
    })
    .await
}

/// A file, for the school.
pub async fn of_school(db: &Db, ctx: &Ctx, school: SchoolId, id: Uuid, file: Uuid) -> Result<Out> {
    ctx.require::<AnnounceToGuardians>()?;
    db.run(&ctx.scope, async |tx| out(tx, school, id, file).await).await
}

/// A file, for who was sent the announcement.
///
/// # Errors
/// `NotFound` for everybody else.
pub async fn of_letter(db: &Db, own: &Own, id: Uuid, file: Uuid) -> Result<Out> {
    let person = own.ctx.person()?;
    db.run(&own.ctx.scope, async |tx| {
        let letter = letter_of(tx, own, person, id).await?;
        out(tx, letter.school_id, id, file).await
    })
    .await
}

async fn out(tx: &Tx, school: SchoolId, id: Uuid, file: Uuid) -> Result<Out> {
    let found: Attached = store::FILE_LIST.all(tx, (school, id)).await?.into_iter().find(|one| one.id == file).ok_or(Error::NotFound)?;
    Ok(Out { school, kept: InDatabase.find(tx, school, ATTACHMENT, found.file_id).await?, name: found.name })
}

/// That it is a draft, and nobody sends it meanwhile.
async fn draft(tx: &Tx, school: SchoolId, id: Uuid) -> Result<()> {
    match store::ANNOUNCEMENT_FOR_UPDATE.one(tx, (school, id)).await?.sent_at {
        Some(_) => Err(Error::Refused("announcements.sent")),
        None => Ok(()),
    }
}

/// Lets a file of a draft go, or all, and says which.
async fn let_go(tx: &Tx, school: SchoolId, id: Uuid, file: Option<Uuid>) -> Result<Vec<String>> {
    let files: Vec<_> = store::FILE_REMOVE.all(tx, (school, id, file)).await?.into_iter().map(|loose| loose.file_id).collect();
    InDatabase.remove(tx, school, &files).await?;
    Ok(files.iter().map(ToString::to_string).collect())
}
