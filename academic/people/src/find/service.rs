//! The use case of finding.

use futures_util::future::try_join4;
use jiff::civil::Date;
use kernel::{
    Ctx, Result,
    db::{Db, Tx},
    id::SchoolId,
};

use super::{
    rules,
    store::{self, FindKey, FoundClass, FoundGuardian, FoundPupil, FoundStaff},
};
use crate::{
    pupils::{SeePupils, card::SeeCards},
    staff::SeeStaff,
};

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// Pupils.
    pub pupils: Vec<FoundPupil>,
    /// Classes.
    pub classes: Vec<FoundClass>,
    /// Staff, for who sees the list of staff.
    pub staff: Vec<FoundStaff>,
    /// Guardians, for who sees cards.
    pub guardians: Vec<FoundGuardian>,
}

impl Found {
    fn is_empty(&self) -> bool {
        self.pupils.is_empty() && self.classes.is_empty() && self.staff.is_empty() && self.guardians.is_empty()
    }
}

/// As what the reader sees the other lists, if they do.
#[derive(Debug, Default)]
pub struct Others {
    /// The list of staff, and the day that it is of.
    pub staff: Option<(Ctx, Date)>,
    /// The list of guardians.
    pub guardians: Option<Ctx>,
}

/// Looks for pupils and classes of a school, so many of each at most. Nothing typed finds nobody.
///
/// # Errors
/// When the reader may see no pupils, or the database does not answer.
pub async fn find(db: &Db, ctx: &Ctx, school: SchoolId, typed: &str, most: i64) -> Result<Found> {
    find_all(db, ctx, &Others::default(), school, typed, most).await
}

/// The same, and staff and guardians for who sees their lists: all in one round trip.
///
/// # Errors
/// As [`find`].
pub async fn find_all(db: &Db, ctx: &Ctx, others: &Others, school: SchoolId, typed: &str, most: i64) -> Result<Found> {
    let (words, bounds) = (rules::tidy(typed), ctx.within::<SeePupils>()?);
    if words.is_empty() {
        return Ok(Found::default());
    }
    db.run(&ctx.scope, async |tx| {
        let found = look(tx, others, (school, words.clone(), most, bounds.classes())).await?;
        match rules::by_keys(&words) {
            Some(meant) if found.is_empty() => look(tx, others, (school, meant, most, bounds.classes())).await,
            _ => Ok(found),
        }
    })
    .await
}

async fn look(tx: &Tx, others: &Others, key: FindKey) -> Result<Found> {
    let (school, words, most) = (key.0, key.1.clone(), key.2);
    let (pupils, classes, staff, guardians) =
        try_join4(store::PUPIL_FIND.all(tx, key.clone()), store::CLASS_FIND.all(tx, key), staff(tx, others, school, &words, most), guardians(tx, others, school, &words, most)).await?;
    Ok(Found { pupils, classes, staff, guardians })
}

async fn staff(tx: &Tx, others: &Others, school: SchoolId, words: &str, most: i64) -> Result<Vec<FoundStaff>> {
    let Some((ctx, today)) = &others.staff else { return Ok(Vec::new()) };
    ctx.require::<SeeStaff>()?;
    store::STAFF_FIND.all(tx, (school, words.to_owned(), most, *today)).await
}

async fn guardians(tx: &Tx, others: &Others, school: SchoolId, words: &str, most: i64) -> Result<Vec<FoundGuardian>> {
    let Some(ctx) = &others.guardians else { return Ok(Vec::new()) };
    let bounds = ctx.within::<SeeCards>()?;
    store::GUARDIAN_FIND.all(tx, (school, words.to_owned(), most, bounds.classes(), rules::digits(words))).await
}
