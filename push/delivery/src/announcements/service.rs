//! Use cases of announcements: written, sent and reminded by the school; read and confirmed by who was sent it.

pub mod attachments;

use jiff::SignedDuration;
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed},
    db::{Db, Tx},
    id::{ClassId, JobId, PersonId, SchoolId, Uuid, show},
    job::{self, Order, Standing},
};
use serde_json::{Value, json};

use super::{
    AnnounceToGuardians, ReadAnnouncements,
    rules::{Audience, NewAnnouncement, Readers},
    store::{self, Announcement, Attached, Class, ClassCount, Letter, Line, Reach, Reader, Total},
    work::{ANNOUNCE, ANNOUNCE_TO_ALL},
};
use crate::Own;

/// How many announcements a page of the list shows.
const PAGE: usize = 30;
/// A reminder goes out once in this time at most.
const BETWEEN_REMINDERS: SignedDuration = SignedDuration::from_hours(1);

/// An announcement as the school sees it.
#[derive(Debug)]
pub struct Detail {
    /// The announcement.
    pub announcement: Announcement,
    /// Whom it would reach now, while it is a draft.
    pub reach: Option<Reach>,
    /// How many it was sent to.
    pub total: Total,
    /// Guardians and pupils by class.
    pub classes: Vec<ClassCount>,
    /// Guardians and pupils of the class that was asked for.
    pub readers: Vec<Reader>,
    /// Those who read it as staff.
    pub staff: Vec<Reader>,
    /// Its files.
    pub files: Vec<Attached>,
    /// The job that tells them.
    pub job: Option<Standing>,
    /// Classes by name.
    pub known: Vec<Class>,
}

impl Announcement {
    /// Whom it is for.
    pub fn audience(&self) -> Audience {
        Audience::stored(&self.readers, &self.audience, (&self.grades, &self.class_ids), &self.roles)
    }
}

/// A page of the list, and the announcement after which the next one begins.
pub async fn list(db: &Db, ctx: &Ctx, school: SchoolId, words: &str, state: &str, after: Option<Uuid>) -> Result<(Vec<Line>, Option<Uuid>)> {
    ctx.require::<AnnounceToGuardians>()?;
    let words: String = words.trim().chars().take(100).collect();
    let state = if matches!(state, "draft" | "sent") { state } else { "" };
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut found = db.run(&ctx.scope, async |tx| store::LIST.all(tx, (school, words, state.to_owned(), after, limit)).await).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().map(|line| line.id).filter(|_| more);
    Ok((found, next))
}

/// Classes to choose from.
pub async fn classes(db: &Db, ctx: &Ctx, school: SchoolId) -> Result<Vec<Class>> {
    ctx.require::<AnnounceToGuardians>()?;
    db.run(&ctx.scope, async |tx| store::CLASS_LIST.all(tx, (school,)).await).await
}

/// One announcement, with the readers of a class where one is asked for.
pub async fn detail(db: &Db, ctx: &Ctx, school: SchoolId, id: Uuid, class: Option<ClassId>) -> Result<Detail> {
    ctx.require::<AnnounceToGuardians>()?;
    db.run(&ctx.scope, async |tx| {
        let announcement = store::ANNOUNCEMENT_FIND.one(tx, (school, id)).await?;
        let audience = announcement.audience();
        let reach = match announcement.sent_at {
            None => {
                let Audience { within, .. } = &audience;
                let whom = (school, audience.readers(), within.as_str(), within.grades(), within.classes(), audience.roles(), ctx.now());
                Some(store::REACH.one(tx, whom).await?)
            }
            Some(_) => None,
        };
        let readers = match class {
            Some(class) => store::READER_LIST.all(tx, (school, id, class)).await?,
            None => Vec::new(),
        };
        let job = job_of(tx, school, &announcement).await?;
        let (total, classes) = (store::TOTAL.one(tx, (school, id)).await?, store::CLASS_COUNT_LIST.all(tx, (school, id)).await?);
        let staff = if total.staff > 0 { store::STAFF_LIST.all(tx, (school, id)).await? } else { Vec::new() };
        let (files, known) = (store::FILE_LIST.all(tx, (school, id)).await?, store::CLASS_LIST.all(tx, (school,)).await?);
        Ok(Detail { announcement, reach, total, classes, readers, staff, files, job, known })
    })
    .await
}

/// The job that told, or tells, of it.
async fn job_of(tx: &Tx, school: SchoolId, announcement: &Announcement) -> Result<Option<Standing>> {
    match announcement.job_id {
        Some(job) => job::find(tx, school, job).await.map(Some).or_else(gone),
        None => Ok(None),
    }
}

/// A job that is over for long has been swept away.
fn gone(error: Error) -> Result<Option<Standing>> {
    if matches!(error, Error::NotFound) { Ok(None) } else { Err(error) }
}

/// Keeps a draft. `id` is the form's: sent twice, it is kept once; sent again with other words, those hold.
///
/// # Errors
/// A refusal for one that was sent.
pub async fn save(db: &Db, ctx: &Ctx, school: SchoolId, id: Uuid, new: &NewAnnouncement) -> Result<()> {
    ctx.require::<AnnounceToGuardians>()?;
    let me = ctx.person()?;
    let NewAnnouncement { title_kk, title_ru, text_kk, text_ru, is_urgent, audience } = new.clone();
    let urgency = if is_urgent { "alarm" } else { "normal" };
    let (within, readers) = (&audience.within, audience.readers());
    let row = (school, id, title_kk, title_ru, text_kk, text_ru, urgency, within.as_str(), within.grades(), within.classes(), me, ctx.now(), readers.clone(), audience.roles());
    db.run(&ctx.scope, async |tx| {
        if store::DRAFT_SET.run(tx, row).await? == 0 {
            return Err(Error::Refused("announcements.sent"));
        }
        note(tx, ctx, school, id, "delivery.write_announcement", json!({ "readers": readers, "audience": within.as_str(), "urgency": urgency })).await
    })
    .await
}

/// Sends it: fixes its readers and orders the job that tells them. Pressed twice, it is sent once.
///
/// # Errors
/// A refusal where it would reach nobody.
pub async fn send(db: &Db, ctx: &Ctx, school: SchoolId, id: Uuid) -> Result<()> {
    ctx.require::<AnnounceToGuardians>()?;
    let me = ctx.person()?;
    db.run(&ctx.scope, async |tx| {
        let announcement = store::ANNOUNCEMENT_FOR_UPDATE.one(tx, (school, id)).await?;
        if announcement.sent_at.is_some() {
            return Ok(());
        }
        let audience = announcement.audience();
        let within = &audience.within;
        let rows = store::READER_ADD.run(tx, (school, id, audience.readers(), within.as_str(), within.grades(), within.classes(), audience.roles(), ctx.now())).await?;
        if rows == 0 {
            return Err(Error::Refused("announcements.nobody"));
        }
        let job = order(tx, ctx, school, &announcement).await?;
        store::SENT_SET.run(tx, (school, id, me, ctx.now(), job)).await?;
        note(tx, ctx, school, id, "delivery.send_announcement", json!({ "readers": rows })).await
    })
    .await
}

/// Tells those again who have not confirmed; where telling failed, goes on with those who were not told.
///
/// # Errors
/// A refusal for one that was not sent, that goes out still, that was reminded of a moment ago, or that everybody has confirmed.
pub async fn remind(db: &Db, ctx: &Ctx, school: SchoolId, id: Uuid) -> Result<()> {
    ctx.require::<AnnounceToGuardians>()?;
    db.run(&ctx.scope, async |tx| {
        let announcement = store::ANNOUNCEMENT_FOR_UPDATE.one(tx, (school, id)).await?;
        let Some(sent_at) = announcement.sent_at else { return Err(Error::Refused("announcements.draft")) };
        match job_of(tx, school, &announcement).await?.map(|job| job.outcome) {
            Some(None) => return Err(Error::Refused("announcements.going_out")),
            Some(Some(outcome)) if outcome == "failed" => {
                let job = order(tx, ctx, school, &announcement).await?;
                store::JOB_SET.run(tx, (school, id, job)).await?;
                return note(tx, ctx, school, id, "delivery.remind_announcement", json!({ "rest": true })).await;
            }
            Some(Some(_)) | None => {}
        }
        let last = announcement.reminded_at.unwrap_or(sent_at);
        if ctx.now().duration_since(last) < BETWEEN_REMINDERS {
            return Err(Error::Refused("announcements.too_soon"));
        }
        let rows = store::READER_AGAIN.run(tx, (school, id)).await?;
        if rows == 0 {
            return Err(Error::Refused("announcements.all_read"));
        }
        let job = order(tx, ctx, school, &announcement).await?;
        store::REMINDED_SET.run(tx, (school, id, ctx.now(), job)).await?;
        note(tx, ctx, school, id, "delivery.remind_announcement", json!({ "readers": rows })).await
    })
    .await
}

/// One open job an announcement: what is to be told stands in its readers' rows. What is for others than guardians is a kind of its own,
/// which the version before this one leaves alone: it would tell guardians only.
async fn order(tx: &Tx, ctx: &Ctx, school: SchoolId, announcement: &Announcement) -> Result<JobId> {
    let is_for_guardians = announcement.audience().readers == [Readers::Guardians];
    let (kind, key) = (if is_for_guardians { ANNOUNCE } else { ANNOUNCE_TO_ALL }, show(announcement.id));
    job::order(tx, ctx, Order { school, kind, body: json!({ "announcement": key }), key }).await
}

/// What the reader was sent, with its files.
///
/// # Errors
/// `NotFound` for whom it was not sent to, who is no guardian of that child any more, and who left the school.
pub async fn letter(db: &Db, own: &Own, id: Uuid) -> Result<(Letter, Vec<Attached>)> {
    let me = own.ctx.person()?;
    db.run(&own.ctx.scope, async |tx| {
        let letter = letter_of(tx, own, me, id).await?;
        let files = store::FILE_LIST.all(tx, (letter.school_id, id)).await?;
        Ok((letter, files))
    })
    .await
}

async fn letter_of(tx: &Tx, own: &Own, me: PersonId, id: Uuid) -> Result<Letter> {
    own.require::<ReadAnnouncements>()?;
    store::LETTER_FIND.one(tx, (own.ctx.scope.schools.clone(), me, id, own.schools.clone())).await
}

/// The reader has read it, and its notices are read with it.
///
/// # Errors
/// As [`letter`].
pub async fn confirm(db: &Db, own: &Own, id: Uuid) -> Result<()> {
    let ctx = &own.ctx;
    let (schools, me) = (ctx.scope.schools.clone(), ctx.person()?);
    db.run(&ctx.scope, async |tx| {
        letter_of(tx, own, me, id).await?;
        for said in store::CONFIRM.all(tx, (schools.clone(), me, id, ctx.now(), own.schools.clone())).await? {
            note(tx, ctx, said.school_id, id, "delivery.confirm_announcement", Value::Null).await?;
        }
        store::NOTICE_READ.run(tx, (schools, me, show(id), ctx.now())).await.map(|_| ())
    })
    .await
}

async fn note(tx: &Tx, ctx: &Ctx, school: SchoolId, id: Uuid, action: &'static str, detail: Value) -> Result<()> {
    audit::record(tx, ctx, Deed { school, action, subject_kind: "announcement", subject: Some(id), detail }).await
}

/// Whose names a page of readers shows.
pub fn persons(readers: &[Reader]) -> impl Iterator<Item = PersonId> {
    readers.iter().flat_map(|reader| [reader.guardian_id, reader.child_id])
}
