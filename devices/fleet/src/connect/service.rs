//! Use cases of connect.

use jiff::SignedDuration;
use kernel::{Ctx, Result, db::Db, id::DeviceId, id::SchoolId};

use super::store::{self, Arrival, Link, Trial};
use crate::{
    dossier::{self, Dossier},
    registry::RegisterDevices,
};

/// How many pupils are offered, and how many arrivals are shown.
const SOME: i64 = 5;
/// What came longer ago belongs to another attempt.
const ATTEMPT: SignedDuration = SignedDuration::from_hours(1);

/// What has become of the messages of a terminal.
#[derive(Debug)]
pub struct Arrived {
    /// The device as support knows it.
    pub dossier: Dossier,
    /// Its passes and meals of the last hour, newest first.
    pub arrivals: Vec<Arrival>,
}

/// Terminals of one's own that exist already.
pub async fn links(db: &Db, ctx: &Ctx) -> Result<Vec<Link>> {
    ctx.require::<RegisterDevices>()?;
    db.run(&ctx.scope, async |tx| store::LINK_LIST.all(tx, ()).await).await
}

/// Pupils whose cards can be tried at a school.
pub async fn trials(db: &Db, ctx: &Ctx, school: SchoolId) -> Result<Vec<Trial>> {
    ctx.require::<RegisterDevices>()?;
    db.run(&ctx.scope, async |tx| store::TRIAL_LIST.all(tx, (school, SOME)).await).await
}

/// What has arrived from a terminal.
pub async fn arrived(db: &Db, ctx: &Ctx, id: DeviceId) -> Result<Arrived> {
    ctx.require::<RegisterDevices>()?;
    let dossier = dossier::dossier(db, ctx, id).await?;
    let since = ctx.now() - ATTEMPT;
    let arrivals = match dossier.journals.first() {
        Some(journal) => {
            let key = (dossier.status.school, id, journal.store.clone(), since, SOME);
            db.run(&ctx.scope, async |tx| store::ARRIVAL_LIST.all(tx, key).await).await?
        }
        None => Vec::new(),
    };
    Ok(Arrived { dossier, arrivals })
}
