//! The use case of finding.

use kernel::{Ctx, Result, db::Db, id::SchoolId};

use super::{
    rules,
    store::{self, FoundClass, FoundPupil},
};
use crate::pupils::SeePupils;

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// Pupils.
    pub pupils: Vec<FoundPupil>,
    /// Classes.
    pub classes: Vec<FoundClass>,
}

/// Looks for pupils and classes of a school, so many of each at most. Nothing typed finds nobody.
///
/// # Errors
/// When the reader may see no pupils, or the database does not answer.
pub async fn find(db: &Db, ctx: &Ctx, school: SchoolId, typed: &str, most: i64) -> Result<Found> {
    let bounds = ctx.within::<SeePupils>()?;
    let words = rules::tidy(typed);
    if words.is_empty() {
        return Ok(Found::default());
    }
    let key = (school, words, most, bounds.classes());
    db.run(&ctx.scope, async |tx| {
        let pupils = store::PUPIL_FIND.all(tx, key.clone()).await?;
        let classes = store::CLASS_FIND.all(tx, key).await?;
        Ok(Found { pupils, classes })
    })
    .await
}
