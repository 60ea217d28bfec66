//! Use cases of absences: told by a guardian, written down by the school, taken back by either.

use jiff::civil::Date;
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed, Whose},
    db::{Db, Tx},
    id::{ClassId, PersonId, SchoolId, Uuid, show},
};
use serde_json::json;

use super::{
    EnterAbsences, SeeAbsences, TellAbsence,
    document::service as document,
    rules::{self, NewNote, Way},
    store::{self, Note, Pupil},
};

/// How many notes a page of the list shows.
pub const PAGE: usize = 50;
/// How many a file holds at most: a school's year.
const MOST: i64 = 20_000;

/// A guardian and the child whom it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Family {
    /// The child's school.
    pub school: SchoolId,
    /// The child.
    pub child: PersonId,
    /// The guardian.
    pub guardian: PersonId,
}

/// What of the list is asked for.
#[derive(Debug, Clone, Default)]
pub struct Sought {
    /// `today`, `coming`, `past`; empty for today and coming.
    pub when: &'static str,
    /// A class.
    pub class: Option<ClassId>,
    /// A reason, or empty.
    pub reason: &'static str,
    /// Words of the child's name.
    pub words: String,
}

/// A child's notes, for a guardian.
///
/// # Errors
/// `NotFound` for who is no guardian of the child.
pub async fn own(db: &Db, ctx: &Ctx, family: Family, today: Date) -> Result<Vec<Note>> {
    ctx.require::<TellAbsence>()?;
    db.run(&ctx.scope, async |tx| {
        kin_or_nobody(tx, family, today).await?;
        store::OWN_LIST.all(tx, (family.school, family.child)).await
    })
    .await
}

/// A guardian tells, with a document or without. `id` is the form's: sent twice, it is told once.
///
/// # Errors
/// `NotFound` for who is no guardian; `Invalid` where a note says something of these days already.
pub async fn tell(db: &Db, ctx: &Ctx, family: Family, id: Uuid, note: NewNote, paper: Option<document::Sent<'_>>, today: Date) -> Result<()> {
    ctx.require::<TellAbsence>()?;
    db.run(&ctx.scope, async |tx| {
        kin_or_nobody(tx, family, today).await?;
        let id = add(tx, ctx, family.school, family.child, id, &note, "safety.tell_absence").await?;
        match paper {
            Some(paper) if !document::is_there(tx, family.school, id).await? => document::keep(tx, ctx, family, id, paper).await,
            _ => Ok(()),
        }
    })
    .await
}

/// A guardian takes a note back before it begins. Sent twice, it is done once.
///
/// # Errors
/// `NotFound` for who is no guardian or a note of another child; a refusal once it has begun.
pub async fn take_back(db: &Db, ctx: &Ctx, family: Family, id: Uuid, today: Date) -> Result<()> {
    ctx.require::<TellAbsence>()?;
    db.run(&ctx.scope, async |tx| {
        kin_or_nobody(tx, family, today).await?;
        let note = store::NOTE_FIND.one(tx, (family.school, id)).await?;
        if note.child_id != family.child {
            return Err(Error::NotFound);
        }
        if note.withdrawn_at.is_none() && !rules::may_take_back(Way::Page, note.from_day, today) {
            return Err(Error::Refused("absences.begun"));
        }
        withdraw(tx, ctx, family.school, &note).await
    })
    .await
}

/// A page of what the school sees, and the note after which the next one begins.
pub async fn list(db: &Db, ctx: &Ctx, school: SchoolId, sought: &Sought, today: Date, after: Option<Uuid>) -> Result<(Vec<Note>, Option<Uuid>)> {
    let mut found = listed(db, ctx, school, sought, today, after, i64::try_from(PAGE + 1).unwrap_or(MOST)).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().map(|note| note.id).filter(|_| more);
    Ok((found, next))
}

/// All that is asked for, for a file.
pub async fn whole_list(db: &Db, ctx: &Ctx, school: SchoolId, sought: &Sought, today: Date) -> Result<Vec<Note>> {
    listed(db, ctx, school, sought, today, None, MOST).await
}

async fn listed(db: &Db, ctx: &Ctx, school: SchoolId, sought: &Sought, today: Date, after: Option<Uuid>, limit: i64) -> Result<Vec<Note>> {
    let bounds = ctx.within::<SeeAbsences>()?;
    let key = (school, today, sought.when.to_owned(), bounds.classes(), sought.class, sought.reason.to_owned(), sought.words.clone(), after, limit);
    db.run(&ctx.scope, async |tx| store::LIST.all(tx, key).await).await
}

/// The pupils of a name whom a note may be about.
pub async fn seek(db: &Db, ctx: &Ctx, school: SchoolId, words: &str) -> Result<Vec<Pupil>> {
    let bounds = ctx.within::<EnterAbsences>()?;
    let words: String = words.trim().chars().take(100).collect();
    db.run(&ctx.scope, async |tx| store::PUPIL_SEEK.all(tx, (school, bounds.classes(), words)).await).await
}

/// A pupil whom a note may be about.
///
/// # Errors
/// `NotFound` for a pupil of another school, or of a class that is not theirs.
pub async fn pupil(db: &Db, ctx: &Ctx, school: SchoolId, pupil: PersonId) -> Result<Pupil> {
    let bounds = ctx.within::<EnterAbsences>()?;
    db.run(&ctx.scope, async |tx| store::PUPIL_FIND.one(tx, (school, bounds.classes(), pupil)).await).await
}

/// The school writes down what it was told at the telephone.
///
/// # Errors
/// `NotFound` for a pupil who is not theirs; `Invalid` where a note says something of these days already.
pub async fn enter(db: &Db, ctx: &Ctx, school: SchoolId, pupil: PersonId, id: Uuid, note: NewNote) -> Result<()> {
    let bounds = ctx.within::<EnterAbsences>()?;
    db.run(&ctx.scope, async |tx| {
        store::PUPIL_FIND.one(tx, (school, bounds.classes(), pupil)).await?;
        add(tx, ctx, school, pupil, id, &note, "safety.enter_absence").await?;
        Ok(())
    })
    .await
}

/// The school takes a note back. Sent twice, it is done once.
///
/// # Errors
/// `NotFound` for a note of a pupil who is not theirs.
pub async fn remove(db: &Db, ctx: &Ctx, school: SchoolId, id: Uuid) -> Result<()> {
    let bounds = ctx.within::<EnterAbsences>()?;
    db.run(&ctx.scope, async |tx| {
        let note = store::NOTE_FIND.one(tx, (school, id)).await?;
        store::PUPIL_FIND.one(tx, (school, bounds.classes(), note.child_id)).await?;
        withdraw(tx, ctx, school, &note).await
    })
    .await
}

/// Writes the note, unless the form has said it already, and gives its id.
async fn add(tx: &Tx, ctx: &Ctx, school: SchoolId, child: PersonId, id: Uuid, note: &NewNote, action: &'static str) -> Result<Uuid> {
    store::lock_child(tx, school, child).await?;
    let known = store::NOTE_KNOWN.one(tx, (school, id, child, note.from, note.to, note.reason.as_str())).await?;
    if known.is_said {
        return Ok(id);
    }
    // The form was gone back to and says something else now: another note.
    let id = if known.is_known { ctx.id() } else { id };
    if store::OVERLAP_IS.one(tx, (school, child, note.from, note.to)).await?.so {
        return Err(Error::invalid("from", "absences-wrong-overlap"));
    }
    let row = (school, id, child, note.from, note.to, note.reason.as_str(), note.words.clone(), note.way.as_str(), ctx.person()?, ctx.now());
    store::NOTE_ADD.run(tx, row).await?;
    deed(tx, ctx, school, child, id, action).await?;
    Ok(id)
}

async fn withdraw(tx: &Tx, ctx: &Ctx, school: SchoolId, note: &Note) -> Result<()> {
    let id = note.id;
    // A document that is on its way with it is let go of, or not taken.
    store::lock_child(tx, school, note.child_id).await?;
    match store::NOTE_WITHDRAW.opt(tx, (school, id, ctx.person()?, ctx.now())).await? {
        Some(withdrawn) => {
            document::let_go(tx, school, id).await?;
            deed(tx, ctx, school, withdrawn.child_id, id, "safety.take_absence_back").await
        }
        None => Ok(()),
    }
}

/// Whoever is no guardian of the child now finds nothing.
pub(super) async fn kin_or_nobody(tx: &Tx, family: Family, today: Date) -> Result<()> {
    let kin = store::KIN_IS.one(tx, (family.school, family.child, family.guardian, today)).await?;
    if kin.so { Ok(()) } else { Err(Error::NotFound) }
}

async fn deed(tx: &Tx, ctx: &Ctx, school: SchoolId, child: PersonId, id: Uuid, action: &'static str) -> Result<()> {
    let deed = Deed { school, action, subject_kind: "person", subject: Some(child.0), detail: json!({ "note": show(id) }) };
    audit::record_about(tx, ctx, deed, Whose::person(child)).await
}
