//! Use cases of the list.

use kernel::{
    Ctx, Result,
    db::Db,
    id::{PersonId, SchoolId},
    right::Bounds,
};

use super::{
    TakeLists,
    sieve::{Order, Sieve},
    store::{self, Listed},
};
use crate::pupils::SeePupils;

/// How many pupils a page shows.
pub const PAGE: usize = 50;
/// How many a file holds: more than any school has.
pub const FILE: usize = 20_000;

/// A part of the list.
#[derive(Debug)]
pub struct Page {
    /// Its pupils.
    pub pupils: Vec<Listed>,
    /// The last one, when more follow.
    pub next: Option<PersonId>,
    /// How many match; said on the first page only.
    pub total: Option<i64>,
}

/// A page of the list.
///
/// # Errors
/// When the reader may see no pupils, or the database does not answer.
pub async fn listed(db: &Db, ctx: &Ctx, school: SchoolId, sieve: &Sieve, order: Order, after: Option<PersonId>) -> Result<Page> {
    let bounds = ctx.within::<SeePupils>()?;
    ask(db, ctx, (school, &bounds), sieve, order, after, PAGE).await
}

/// The whole list, to be taken away.
///
/// # Errors
/// When the reader may not, or the database does not answer.
pub async fn taken(db: &Db, ctx: &Ctx, school: SchoolId, sieve: &Sieve, order: Order) -> Result<Vec<Listed>> {
    let bounds = ctx.within::<SeePupils>()?.and(&ctx.within::<TakeLists>()?);
    Ok(ask(db, ctx, (school, &bounds), sieve, order, None, FILE).await?.pupils)
}

/// Everybody who matches, for what is done with many.
///
/// # Errors
/// As [`listed`].
pub async fn matching(db: &Db, ctx: &Ctx, school: SchoolId, sieve: &Sieve) -> Result<Vec<PersonId>> {
    let bounds = ctx.within::<SeePupils>()?;
    let found = ask(db, ctx, (school, &bounds), sieve, Order::Name, None, web::component::chosen::MOST).await?;
    Ok(found.pupils.into_iter().map(|pupil| pupil.id).collect())
}

async fn ask(db: &Db, ctx: &Ctx, (school, bounds): (SchoolId, &Bounds), sieve: &Sieve, order: Order, after: Option<PersonId>, most: usize) -> Result<Page> {
    let Sieve { words, class, grade, shift, language, sex, missing, birthdays } = sieve.clone();
    let limit = i64::try_from(most + 1).unwrap_or(i64::MAX);
    let key = (school, words, class, grade, shift, language, sex, missing, bounds.classes(), birthdays, after, limit);
    let query = match order {
        Order::Name => &store::BY_NAME,
        Order::NameBack => &store::BY_NAME_BACK,
        Order::Class => &store::BY_CLASS,
        Order::ClassBack => &store::BY_CLASS_BACK,
        Order::Born => &store::BY_BIRTH,
        Order::BornBack => &store::BY_BIRTH_BACK,
    };
    let mut pupils = db.run(&ctx.scope, async |tx| query.all(tx, key).await).await?;
    let total = after.is_none().then(|| pupils.first().map_or(0, |pupil| pupil.total));
    let more = pupils.len() > most;
    pupils.truncate(most);
    let next = pupils.last().map(|pupil| pupil.id).filter(|_| more);
    Ok(Page { pupils, next, total })
}
