//! Use cases of documents: added by a guardian, opened by the family and by who may at the school.

use futures_util::future::{FutureExt, LocalBoxFuture};
use jiff::civil::Date;
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed, Whose},
    db::{Db, Tx},
    file::{Files, InDatabase, Media, NewFile},
    id::{FileId, PersonId, SchoolId, Uuid, show},
    vault::{Enclosure, Keys, Realm, Sealed, SealedRows, Slot, Vault},
};
use serde_json::json;
use web::upload::Scan;

use super::{
    super::{
        SeeAbsenceDocuments, TellAbsence,
        service::{Family, kin_or_nobody},
        store as notes,
    },
    DOCUMENT, store,
};

/// A document that came with a form, and what seals it.
#[derive(Debug, Clone, Copy)]
pub struct Sent<'a> {
    /// The school's keys.
    pub vault: &'a Vault,
    /// What came.
    pub scan: &'a Scan,
}

/// A document to be given out.
#[derive(Debug)]
pub struct Opened {
    /// Whose it is.
    pub child: PersonId,
    /// The first day of its note.
    pub from: Date,
    /// What it is.
    pub media: Media,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// A guardian adds the document to a note that stands, in the place of the one before.
///
/// # Errors
/// `NotFound` for who is no guardian, or a note that is not of their child or was taken back.
pub async fn add(db: &Db, ctx: &Ctx, family: Family, note: Uuid, sent: Sent<'_>, today: Date) -> Result<()> {
    ctx.require::<TellAbsence>()?;
    db.run(&ctx.scope, async |tx| {
        kin_or_nobody(tx, family, today).await?;
        // Whoever takes the note back waits, or was first and leaves none.
        notes::lock_child(tx, family.school, family.child).await?;
        note_of(tx, family, note).await?;
        keep(tx, ctx, family, note, sent).await
    })
    .await
}

/// Keeps a document with a note of the child. Part of the caller's transaction, which knows the guardian and the note, and holds the child's
/// notes: of two who add at once the later stays.
pub async fn keep(tx: &Tx, ctx: &Ctx, family: Family, note: Uuid, sent: Sent<'_>) -> Result<()> {
    let Family { school, child, guardian: _ } = family;
    let_go(tx, school, note).await?;
    let enclosure = Enclosure::of(&sent.scan.bytes)?;
    let file = InDatabase.put(tx, ctx, NewFile { school, person: child, kind: DOCUMENT, media: sent.scan.media, bytes: &enclosure.body }).await?;
    let keys = sent.vault.keys_to_seal(tx, school, Realm::Health, ctx.now()).await?;
    let Sealed { generation, bytes } = keys.seal(slot(note, file), &enclosure.key)?;
    store::DOCUMENT_ADD.run(tx, (school, note, file, generation, bytes, ctx.person()?, ctx.now())).await?;
    let deed = Deed { school, action: "safety.add_absence_document", subject_kind: "person", subject: Some(child.0), detail: json!({ "note": show(note) }) };
    audit::record_about(tx, ctx, deed, Whose::person(child)).await
}

/// Whether a note has a document.
pub async fn is_there(tx: &Tx, school: SchoolId, note: Uuid) -> Result<bool> {
    Ok(store::DOCUMENT_FIND.opt(tx, (school, note)).await?.is_some())
}

/// Removes the document of a note, if there is one: its row goes with its file.
pub async fn let_go(tx: &Tx, school: SchoolId, note: Uuid) -> Result<()> {
    if let Some(stored) = store::DOCUMENT_FIND.opt(tx, (school, note)).await? {
        InDatabase.remove(tx, school, &[stored.file_id]).await?;
    }
    Ok(())
}

/// A document for a guardian of the child.
///
/// # Errors
/// `NotFound` for who is no guardian, a note of another child, or one without a document.
pub async fn own(db: &Db, ctx: &Ctx, vault: &Vault, family: Family, note: Uuid, today: Date) -> Result<Opened> {
    ctx.require::<TellAbsence>()?;
    db.run(&ctx.scope, async |tx| {
        kin_or_nobody(tx, family, today).await?;
        let note = note_of(tx, family, note).await?;
        opened(tx, vault, family.school, &note).await
    })
    .await
}

/// A document for the school.
///
/// # Errors
/// `NotFound` for a note of a pupil who is not theirs, one that was taken back, or one without a document.
pub async fn of_school(db: &Db, ctx: &Ctx, vault: &Vault, school: SchoolId, note: Uuid) -> Result<Opened> {
    let bounds = ctx.within::<SeeAbsenceDocuments>()?;
    db.run(&ctx.scope, async |tx| {
        let note = standing(tx, school, note).await?;
        notes::PUPIL_FIND.one(tx, (school, bounds.classes(), note.child_id)).await?;
        opened(tx, vault, school, &note).await
    })
    .await
}

async fn note_of(tx: &Tx, family: Family, note: Uuid) -> Result<notes::Note> {
    let note = standing(tx, family.school, note).await?;
    if note.child_id == family.child { Ok(note) } else { Err(Error::NotFound) }
}

/// A note that was not taken back.
async fn standing(tx: &Tx, school: SchoolId, note: Uuid) -> Result<notes::Note> {
    let note = notes::NOTE_FIND.one(tx, (school, note)).await?;
    if note.withdrawn_at.is_none() { Ok(note) } else { Err(Error::NotFound) }
}

async fn opened(tx: &Tx, vault: &Vault, school: SchoolId, note: &notes::Note) -> Result<Opened> {
    let stored = store::DOCUMENT_FIND.one(tx, (school, note.id)).await?;
    let file = InDatabase.find(tx, school, DOCUMENT, stored.file_id).await?;
    let keys = vault.keys(tx, school, Realm::Health).await?;
    let key = keys.open(slot(note.id, stored.file_id), &Sealed { generation: stored.generation, bytes: stored.sealed_key })?;
    let mut body = Vec::new();
    for n in 0..file.chunks {
        body.extend(InDatabase.chunk(tx, school, file.id, n).await?);
    }
    Ok(Opened { child: note.child_id, from: note.from_day, media: file.media, bytes: Enclosure { key, body }.opened()? })
}

/// Bound to the note and to the file, and not to the child: who was registered twice and becomes one keeps their papers.
fn slot(note: Uuid, file: FileId) -> Slot {
    Slot { person: PersonId(file.0), row: note }
}

/// The keys of documents, for a rotation.
struct Resealed;

/// The keys of documents, for a rotation: their files stay as they are.
pub const RESEALED: &dyn SealedRows = &Resealed;

impl SealedRows for Resealed {
    fn waiting<'a>(&'a self, tx: &'a Tx, keys: &'a Keys) -> LocalBoxFuture<'a, Result<i64>> {
        async move {
            let Some(newest) = keys.newest() else { return Ok(0) };
            Ok(store::RESEAL_COUNT.one(tx, (keys.school(), keys.realm().as_str(), newest)).await?.waiting)
        }
        .boxed_local()
    }

    fn reseal<'a>(&'a self, tx: &'a Tx, keys: &'a Keys, most: i64) -> LocalBoxFuture<'a, Result<u64>> {
        async move {
            let Some(newest) = keys.newest() else { return Ok(0) };
            let older = store::RESEAL_LIST.all(tx, (keys.school(), keys.realm().as_str(), newest, most)).await?;
            let (mut rows, mut files, mut sealed) = (Vec::new(), Vec::new(), Vec::new());
            for row in older {
                let place = slot(row.note_id, row.file_id);
                let key = keys.open(place, &Sealed { generation: row.generation, bytes: row.sealed_key })?;
                rows.push(row.note_id);
                files.push(row.file_id);
                sealed.push(keys.seal(place, &key)?.bytes);
            }
            if rows.is_empty() { Ok(0) } else { store::RESEAL_SET.run(tx, (keys.school(), rows, files, sealed, newest)).await }
        }
        .boxed_local()
    }
}
