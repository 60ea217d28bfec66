//! Use cases of the photos.

use jiff::civil::Date;
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed},
    db::{Db, Tx},
    file::{Files, InDatabase, Kept, Media, NewFile},
    id::{ClassId, FileId, PersonId, SchoolId},
};
use identity::consents::{self, Purpose};
use serde_json::json;
use web::upload::Picture;

use super::{KIND, KeepPhotos, SMALL_KIND, SeePhotos, store};

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Photo {
    /// As it is opened.
    Full,
    /// As lists show it.
    Small,
}

/// Whose picture may be kept, for the page of its form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) name: String,
    pub(super) has_photo: bool,
    pub(super) allowed: bool,
}

/// Whether a pupil has a picture that may be shown, in the caller's transaction.
///
/// # Errors
/// The database's.
pub async fn photo_of(tx: &Tx, school: SchoolId, pupil: PersonId, seen: Option<Vec<ClassId>>) -> Result<Option<FileId>> {
    Ok(store::PHOTO_FIND.opt(tx, (school, pupil, seen)).await?.map(|row| row.file_id))
}

/// The picture of a pupil, ready to be given out.
pub(super) async fn find(db: &Db, ctx: &Ctx, school: SchoolId, pupil: PersonId, which: Photo) -> Result<Kept> {
    let seen = ctx.within::<SeePhotos>()?.classes();
    db.run(&ctx.scope, async |tx| {
        let row = store::PHOTO_FIND.one(tx, (school, pupil, seen)).await?;
        let (kind, id) = match which {
            Photo::Full => (KIND, row.file_id),
            Photo::Small => (SMALL_KIND, row.small_id),
        };
        InDatabase.find(tx, school, kind, id).await
    })
    .await
}

/// Whose picture it would be, whether there is one, and whether one may be taken.
pub(super) async fn standing(db: &Db, ctx: &Ctx, school: SchoolId, pupil: PersonId, today: Date) -> Result<Standing> {
    ctx.require::<KeepPhotos>()?;
    db.run(&ctx.scope, async |tx| {
        let name = store::PUPIL_FIND.one(tx, (school, pupil)).await?;
        let has_photo = store::PHOTO_FIND.opt(tx, (school, pupil, None)).await?.is_some();
        let allowed = consents::allows(tx, school, pupil, Purpose::Photos, today).await?;
        Ok(Standing { name: format!("{} {}", name.surname, name.given_name), has_photo, allowed })
    })
    .await
}

/// Keeps a picture in the place of the one before.
pub(super) async fn put(db: &Db, ctx: &Ctx, school: SchoolId, pupil: PersonId, picture: &Picture, today: Date) -> Result<()> {
    ctx.require::<KeepPhotos>()?;
    let by = ctx.person()?;
    db.run(&ctx.scope, async |tx| {
        store::PUPIL_FIND.one(tx, (school, pupil)).await?;
        if !consents::allows(tx, school, pupil, Purpose::Photos, today).await? {
            return Err(Error::Refused("people.no_consent_to_photos"));
        }
        take_away(tx, school, pupil).await?;
        let file = |kind, bytes| NewFile { school, person: pupil, kind, media: Media::Jpeg, bytes };
        let full = InDatabase.put(tx, ctx, file(KIND, &picture.full)).await?;
        let small = InDatabase.put(tx, ctx, file(SMALL_KIND, &picture.small)).await?;
        store::PHOTO_ADD.run(tx, (school, pupil, full, small, ctx.now(), by)).await?;
        record(tx, ctx, school, "people.add_photo", pupil, json!({ "file": full })).await
    })
    .await
}

/// Removes the picture of a pupil, where there is one.
pub(super) async fn remove(db: &Db, ctx: &Ctx, school: SchoolId, pupil: PersonId) -> Result<()> {
    ctx.require::<KeepPhotos>()?;
    db.run(&ctx.scope, async |tx| {
        store::PUPIL_FIND.one(tx, (school, pupil)).await?;
        if take_away(tx, school, pupil).await? {
            record(tx, ctx, school, "people.remove_photo", pupil, json!({})).await?;
        }
        Ok(())
    })
    .await
}

/// Whether there was one.
async fn take_away(tx: &Tx, school: SchoolId, pupil: PersonId) -> Result<bool> {
    let Some(files) = store::PHOTO_REMOVE.opt(tx, (school, pupil)).await? else { return Ok(false) };
    InDatabase.remove(tx, school, &[files.file_id, files.small_id]).await?;
    Ok(true)
}

async fn record(tx: &Tx, ctx: &Ctx, school: SchoolId, action: &'static str, pupil: PersonId, detail: serde_json::Value) -> Result<()> {
    audit::record(tx, ctx, Deed { school, action, subject_kind: "person", subject: Some(pupil.0), detail }).await
}
