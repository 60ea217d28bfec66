//! Use cases of the custody limits.

use kernel::{
    Ctx, Result,
    audit::{self, Deed},
    db::{Db, Tx},
    id::{PersonId, SchoolId, Uuid, show},
    right::Bounds,
};
use serde_json::json;

use super::{
    SeePickups, SetCustody,
    rules::NewLimit,
    store::{self, Kin, Limit},
};
use crate::pupils::{self, PupilDetail};

/// To whom a child is not to be handed over today.
pub type Refused = store::Pickup;

/// All that the page shows.
#[derive(Debug)]
pub struct Overview {
    /// The pupil.
    pub pupil: PupilDetail,
    /// Every guardian, barred or not.
    pub kin: Vec<Kin>,
    /// Limits, those in force first.
    pub limits: Vec<Limit>,
}

/// A pupil's limits, past ones too.
pub async fn overview(db: &Db, ctx: &Ctx, school: SchoolId, pupil: PersonId) -> Result<Overview> {
    ctx.require::<SetCustody>()?;
    let detail = pupils::pupil(db, ctx, school, pupil).await?;
    db.run(&ctx.scope, async |tx| {
        Ok(Overview { pupil: detail, kin: store::KIN_LIST.all(tx, (school, pupil)).await?, limits: store::LIMIT_LIST.all(tx, (school, pupil)).await? })
    })
    .await
}

/// Writes a limit down. Sent twice with one id, it is written once.
pub async fn set(db: &Db, ctx: &Ctx, school: SchoolId, pupil: PersonId, id: Uuid, limit: NewLimit) -> Result<()> {
    ctx.require::<SetCustody>()?;
    let ((no_data, no_pickup), (number, date)) = (limit.limited.columns(), limit.basis.act());
    let row = (school, id, pupil, limit.guardian, no_data, no_pickup, limit.basis.as_str(), number, date, limit.from, limit.to, ctx.person()?, ctx.now());
    db.run(&ctx.scope, async |tx| {
        if store::LIMIT_ADD.run(tx, row).await? == 0 {
            return Ok(());
        }
        let detail = json!({ "limit": show(id), "guardian": limit.guardian, "no_data": no_data, "no_pickup": no_pickup, "basis": limit.basis.as_str() });
        note(tx, ctx, school, "people.set_custody", pupil, detail).await
    })
    .await
}

/// Ends a limit now. Sent twice, or about another pupil's, it changes nothing.
pub async fn end(db: &Db, ctx: &Ctx, school: SchoolId, pupil: PersonId, limit: Uuid) -> Result<()> {
    ctx.require::<SetCustody>()?;
    let me = ctx.person()?;
    db.run(&ctx.scope, async |tx| {
        let Some(ended) = store::LIMIT_END.opt(tx, (school, pupil, limit, me, ctx.now())).await? else { return Ok(()) };
        note(tx, ctx, school, "people.end_custody", pupil, json!({ "limit": show(limit), "guardian": ended.guardian_id })).await
    })
    .await
}

/// To whom which children are not to be handed over today; nobody for who may not know.
pub async fn refused_pickups(db: &Db, ctx: &Ctx, school: SchoolId, bounds: &Bounds) -> Result<Vec<Refused>> {
    if ctx.require::<SeePickups>().is_err() {
        return Ok(Vec::new());
    }
    db.run(&ctx.scope, async |tx| store::PICKUP_LIST.all(tx, (school, bounds.classes())).await).await
}

async fn note(tx: &Tx, ctx: &Ctx, school: SchoolId, action: &'static str, pupil: PersonId, detail: serde_json::Value) -> Result<()> {
    audit::record(tx, ctx, Deed { school, action, subject_kind: "person", subject: Some(pupil.0), detail }).await
}
