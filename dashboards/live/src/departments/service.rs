//! Use cases of the departments.

use kernel::{Ctx, Error, Locale, Result, db::Db};

use super::{
    SeeDepartment,
    store::{self, Figures, Place},
};

impl Figures {
    /// Its name in a language.
    pub fn name(&self, locale: Locale) -> &str {
        match locale {
            Locale::Kk => &self.name_kk,
            Locale::Ru => &self.name_ru,
            Locale::En => &self.name_en,
        }
    }
}

impl Place {
    /// Its name in a language.
    pub fn name(&self, locale: Locale) -> &str {
        match locale {
            Locale::Kk => &self.name_kk,
            Locale::Ru => &self.name_ru,
            Locale::En => &self.name_en,
        }
    }
}

/// An organisation as its authority sees it.
#[derive(Debug)]
pub struct Overview {
    /// The organisation.
    pub place: Place,
    /// What it lies below, nearest first, as far as the reader sees it.
    pub above: Vec<Place>,
    /// What lies directly below it.
    pub rows: Vec<Figures>,
}

/// The organisations whose authority the reader is of.
pub async fn own(db: &Db, ctx: &Ctx) -> Result<Vec<Place>> {
    ctx.require::<SeeDepartment>()?;
    db.run(&ctx.scope, async |tx| store::OWN_LIST.all(tx, (ctx.scope.schools.clone(),)).await).await
}

/// One of them, or one below; any other is not there.
pub async fn overview(db: &Db, ctx: &Ctx, code: &str) -> Result<Overview> {
    ctx.require::<SeeDepartment>()?;
    db.run(&ctx.scope, async |tx| {
        let mut line = store::PLACE_LIST.all(tx, (code.to_owned(),)).await?.into_iter();
        let place = line.next().filter(|place| place.kind != "school" && place.kind != "supplier").ok_or(Error::NotFound)?;
        let above: Vec<Place> = line.collect();
        let own = |place: &Place| ctx.scope.schools.contains(&place.id);
        let height = if own(&place) { 0 } else { above.iter().position(own).map(|found| found + 1).ok_or(Error::NotFound)? };
        let rows = store::FIGURES_LIST.all(tx, (place.id,)).await?;
        Ok(Overview { place, above: above.into_iter().take(height).collect(), rows })
    })
    .await
}
