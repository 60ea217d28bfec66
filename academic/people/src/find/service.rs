//! The use case of finding.

use kernel::{
    Ctx, Result,
    db::{Db, Tx},
    id::SchoolId,
};

use super::{
    rules,
    store::{self, FindKey, FoundClass, FoundPupil},
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

impl Found {
    fn is_empty(&self) -> bool {
        self.pupils.is_empty() && self.classes.is_empty()
    }
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
    db.run(&ctx.scope, async |tx| {
        let found = look(tx, (school, words.clone(), most, bounds.classes())).await?;
        match rules::by_keys(&words) {
            Some(meant) if found.is_empty() => look(tx, (school, meant, most, bounds.classes())).await,
            _ => Ok(found),
        }
    })
    .await
}

async fn look(tx: &Tx, key: FindKey) -> Result<Found> {
    let pupils = store::PUPIL_FIND.all(tx, key.clone()).await?;
    let classes = store::CLASS_FIND.all(tx, key).await?;
    Ok(Found { pupils, classes })
}
