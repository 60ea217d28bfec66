//! Use cases of the classes.

use jiff::civil::{Date, date};
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed},
    db::{Db, Tx},
    id::{ClassId, SchoolId, Uuid},
};
use serde_json::json;

use super::{
    ManageClasses,
    rules::{NewClass, Typed},
    store::{self, ClassDetail, ClassPupil, ListedClass},
};
use crate::{
    buildings::{self, Stands},
    pupils::SeePupils,
    years,
};

/// Which classes to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// A part of the label, as typed.
    pub label: String,
    /// Language of teaching; nothing for all.
    pub language: String,
}

/// The open classes that may be seen.
pub async fn list(db: &Db, ctx: &Ctx, school: SchoolId, filter: Filter) -> Result<Vec<ClassDetail>> {
    let bounds = ctx.within::<SeePupils>()?;
    db.run(&ctx.scope, async |tx| store::CLASS_DETAIL_LIST.all(tx, (school, bounds.classes(), filter.label, filter.language, None)).await).await
}

/// A part of the open classes, as programs ask for it.
#[derive(Debug, Clone)]
pub struct PartFilter {
    /// Of this grade only.
    pub grade: Option<i16>,
    /// Language of teaching; nothing for all.
    pub language: String,
    /// Go on after this class.
    pub after: Option<ClassId>,
    /// How many.
    pub limit: i64,
}

/// A part of the open classes that may be seen, and the last one where more follow.
pub async fn part(db: &Db, ctx: &Ctx, school: SchoolId, filter: PartFilter) -> Result<(Vec<ListedClass>, Option<ClassId>)> {
    let bounds = ctx.within::<SeePupils>()?;
    let PartFilter { grade, language, after, limit } = filter;
    let mut classes = db.run(&ctx.scope, async |tx| store::CLASS_PART.all(tx, (school, bounds.classes(), grade, language, after, limit + 1)).await).await?;
    let limit = usize::try_from(limit).unwrap_or_default();
    let more = classes.len() > limit;
    classes.truncate(limit);
    let next = classes.last().map(|class| class.id).filter(|_| more);
    Ok((classes, next))
}

/// A class and who is in it.
pub async fn class(db: &Db, ctx: &Ctx, school: SchoolId, id: ClassId) -> Result<(ClassDetail, Vec<ClassPupil>)> {
    let bounds = ctx.within::<SeePupils>()?;
    db.run(&ctx.scope, async |tx| {
        let class = store::CLASS_DETAIL_LIST.one(tx, (school, bounds.classes(), String::new(), String::new(), Some(id))).await?;
        Ok((class, store::CLASS_PUPIL_LIST.all(tx, (school, id)).await?))
    })
    .await
}

/// Makes a class for the school year that today belongs to. Sent twice, it is made once.
pub async fn add(db: &Db, ctx: &Ctx, school: SchoolId, id: ClassId, typed: &Typed, today: Date) -> Result<()> {
    ctx.require::<ManageClasses>()?;
    db.run(&ctx.scope, async |tx| {
        let NewClass { grade, letter, language, kind, profile, shift, home } = NewClass::parse(typed, years::norm(tx, school, today).await?.last_grade)?;
        buildings::hold(tx, school).await?;
        let year = years::year_of(today);
        home_stands(tx, school, home.building, year, today).await?;
        let row = (school, id, grade, letter.to_string(), language, shift, kind, profile, year, today, home.building, home.room);
        if store::CLASS_ADD.run(tx, row).await.map_err(taken)? == 0 {
            return Ok(());
        }
        note(tx, ctx, school, "people.add_class", id).await
    })
    .await
}

/// Changes a class.
pub async fn change(db: &Db, ctx: &Ctx, school: SchoolId, id: ClassId, typed: &Typed, today: Date) -> Result<()> {
    ctx.require::<ManageClasses>()?;
    db.run(&ctx.scope, async |tx| {
        let NewClass { grade, letter, language, kind, profile, shift, home } = NewClass::parse(typed, years::norm(tx, school, today).await?.last_grade)?;
        buildings::hold(tx, school).await?;
        let class = store::CLASS_FOR_UPDATE.one(tx, (school, id)).await?;
        if home.building != class.home_building_id {
            home_stands(tx, school, home.building, class.year, today).await?;
        }
        if store::CLASS_CHANGE.run(tx, (school, id, grade, letter.to_string(), language, shift, kind, profile, home.building, home.room)).await.map_err(taken)? == 0 {
            return Ok(());
        }
        note(tx, ctx, school, "people.change_class", id).await
    })
    .await
}

/// Closes a class that nobody is in; today is its last day. Closed already, it stays so.
pub async fn close(db: &Db, ctx: &Ctx, school: SchoolId, id: ClassId, today: Date) -> Result<()> {
    ctx.require::<ManageClasses>()?;
    db.run(&ctx.scope, async |tx| {
        let Some(class) = store::CLASS_FOR_UPDATE.opt(tx, (school, id)).await? else { return Ok(()) };
        if class.pupils > 0 || store::CLASS_CLOSE.run(tx, (school, id, today)).await? == 0 {
            return Err(Error::Refused("classes.not_empty"));
        }
        note(tx, ctx, school, "people.close_class", id).await
    })
    .await
}

/// The last day on which a class of a year is taught, as the calendar says; where it does not know the year, the 25th of May.
pub(super) async fn year_end(tx: &Tx, school: SchoolId, year: i16, today: Date) -> Result<Date> {
    let calendar = years::calendar(tx, school, year, today).await?;
    Ok(calendar.whole().map_or_else(|| date(year.saturating_add(1), 5, 25), |whole| whole.ends))
}

/// The buildings in which a class may be at home: of the current year for a new one, else of its own.
pub async fn homes(db: &Db, ctx: &Ctx, school: SchoolId, year: Option<i16>, today: Date) -> Result<Vec<Stands>> {
    ctx.require::<ManageClasses>()?;
    db.run(&ctx.scope, async |tx| {
        let end = year_end(tx, school, year.unwrap_or(years::year_of(today)), today).await?;
        buildings::standing(tx, school, end).await
    })
    .await
}

async fn home_stands(tx: &Tx, school: SchoolId, building: Option<Uuid>, year: i16, today: Date) -> Result<()> {
    let Some(building) = building else { return Ok(()) };
    let stands = buildings::standing(tx, school, year_end(tx, school, year, today).await?).await?;
    if stands.iter().any(|one| one.id == building) { Ok(()) } else { Err(Error::invalid("home_building", "classes-field-home-left")) }
}

/// Another class of the school has this grade and letter.
fn taken(error: Error) -> Error {
    if error.sqlstate() == Some("23505") { Error::invalid("letter", "classes-field-taken") } else { error }
}

async fn note(tx: &Tx, ctx: &Ctx, school: SchoolId, action: &'static str, class: ClassId) -> Result<()> {
    audit::record(tx, ctx, Deed { school, action, subject_kind: "class", subject: Some(class.0), detail: json!({}) }).await
}
