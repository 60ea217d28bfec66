//! Use cases of a school: who lacks which consent, one pupil's sheet, words from paper, scans.

use jiff::civil::Date;
use kernel::{
    Ctx, Error, Locale, Result,
    audit::{self, Deed},
    db::Db,
    file::{Files, InDatabase, Kept, NewFile},
    id::{ClassId, PersonId, SchoolId},
};
use serde_json::json;
use web::{Site, upload::Scan};

use super::{
    RecordConsents, SCAN, SeeConsents,
    paper::Paper,
    rules::{How, Purpose},
    service::{self, Speaker, Standing},
    store::{self, ClassName, Count, Listed, Named, Pupil, Word},
};

/// How many words a pupil's sheet shows.
const WORDS: usize = 200;

/// Which pupils to list.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    pub(super) class: Option<ClassId>,
    pub(super) words: String,
    /// One purpose only.
    pub(super) purpose: Option<Purpose>,
    /// `lacking`, `silent`, `given`, `no`; anything else for everybody.
    pub(super) state: String,
    pub(super) after: Option<PersonId>,
}

/// A pupil's sheet.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) pupil: Pupil,
    pub(super) standings: Vec<Standing>,
    pub(super) words: Vec<Word>,
    /// Who has a say today: the pupil where they are of age, else their guardians.
    pub(super) speakers: Vec<Named>,
}

/// How each class stands to each purpose.
pub(super) async fn counts(db: &Db, ctx: &Ctx, school: SchoolId) -> Result<Vec<Count>> {
    let seen = ctx.within::<SeeConsents>()?.classes();
    db.run(&ctx.scope, async |tx| store::COUNT_LIST.all(tx, (school, Purpose::ALL.map(Purpose::as_str).to_vec(), seen)).await).await
}

/// The purposes as of a day, with their rules.
pub(super) async fn purposes(db: &Db, ctx: &Ctx, school: SchoolId, today: Date, locale: Locale) -> Result<Vec<Standing>> {
    ctx.within::<SeeConsents>().map(drop)?;
    // Of nobody: no word, so what is left are the rules and the texts.
    let nobody = [(school, PersonId(kernel::id::Uuid::nil()))];
    let mut found = db.run(&ctx.scope, async |tx| service::standings(tx, &nobody, None, today, locale).await).await?;
    Ok(found.pop().unwrap_or_default())
}

/// Pupils, at most so many.
pub(super) async fn pupils(db: &Db, ctx: &Ctx, school: SchoolId, filter: Filter, limit: usize) -> Result<Vec<Listed>> {
    let seen = ctx.within::<SeeConsents>()?.classes();
    let words: String = filter.words.trim().chars().take(100).collect();
    let purposes = filter.purpose.map_or_else(|| Purpose::ALL.to_vec(), |purpose| vec![purpose]);
    let purposes: Vec<&'static str> = purposes.into_iter().map(Purpose::as_str).collect();
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let key = (school, filter.class, words, purposes, filter.state, filter.after, limit, seen);
    db.run(&ctx.scope, async |tx| store::PUPIL_LIST.all(tx, key).await).await
}

/// Notes that the list left the house as a file.
pub(super) async fn note_export(db: &Db, ctx: &Ctx, school: SchoolId, rows: usize) -> Result<()> {
    db.run(&ctx.scope, async |tx| {
        let deed = Deed { school, action: "consents.export", subject_kind: "organisation", subject: Some(school.0), detail: json!({ "rows": rows }) };
        audit::record_about(tx, ctx, deed, audit::Whose::School).await
    })
    .await
}

/// One pupil's sheet.
pub(super) async fn sheet(db: &Db, ctx: &Ctx, school: SchoolId, pupil: PersonId, today: Date, locale: Locale) -> Result<Sheet> {
    let seen = ctx.within::<SeeConsents>()?.classes();
    db.run(&ctx.scope, async |tx| {
        let found = store::PUPIL_FIND.one(tx, (school, pupil, seen)).await?;
        let standings = service::standings(tx, &[(school, pupil)], None, today, locale).await?.pop().unwrap_or_default();
        let words = service::ledger(tx, vec![school], vec![pupil], None, WORDS).await?;
        let speakers = service::voters(tx, school, pupil, today).await?;
        let speakers = store::NAME_LIST.all(tx, (speakers,)).await?;
        Ok(Sheet { pupil: found, standings, words, speakers })
    })
    .await
}

/// Writes down what was said on paper, with its scan. Gives how many words were new.
pub(super) async fn record(site: &Site, ctx: &Ctx, school: SchoolId, pupil: PersonId, paper: &Paper, scan: &Scan, today: Date) -> Result<usize> {
    let seen = ctx.within::<RecordConsents>()?.classes();
    site.db
        .run(&ctx.scope, async |tx| {
            store::PUPIL_FIND.one(tx, (school, pupil, seen)).await?;
            let file = NewFile { school, person: pupil, kind: SCAN, media: scan.media, bytes: &scan.bytes };
            let file = InDatabase.put(tx, ctx, file).await?;
            let speaker = Speaker { person: paper.by, how: How::Paper, locale: paper.locale, paper: Some((paper.signed_on, file)) };
            let said = service::say(tx, ctx, school, pupil, &speaker, &paper.said, today).await?;
            // A scan of what stands in the ledger already would be kept for nothing.
            if said == 0 { Err(Error::invalid("said", "consents-field-nothing-new")) } else { Ok(said) }
        })
        .await
}

/// A scan, and whose it is.
pub(super) async fn scan(db: &Db, ctx: &Ctx, school: SchoolId, id: kernel::id::FileId) -> Result<Kept> {
    let seen = ctx.within::<SeeConsents>()?.classes();
    db.run(&ctx.scope, async |tx| {
        let kept = InDatabase.find(tx, school, SCAN, id).await?;
        // Who has left is no class's; their scans are seen by whoever may see the whole school.
        if seen.is_some() {
            store::PUPIL_FIND.one(tx, (school, kept.person, seen)).await?;
        }
        Ok(kept)
    })
    .await
}

/// The classes with pupils, and the pupils of one.
pub(super) async fn classes(db: &Db, ctx: &Ctx, school: SchoolId, class: Option<ClassId>) -> Result<(Vec<ClassName>, Vec<Pupil>)> {
    let bounds = ctx.within::<SeeConsents>()?;
    db.run(&ctx.scope, async |tx| {
        let classes = store::CLASS_LIST.all(tx, (school, bounds.classes())).await?;
        let pupils = match class.filter(|class| bounds.admits(*class)) {
            Some(class) => store::CLASS_PUPILS.all(tx, (school, class)).await?,
            None => Vec::new(),
        };
        Ok((classes, pupils))
    })
    .await
}
