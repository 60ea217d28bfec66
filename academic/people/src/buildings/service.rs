//! Use cases of the buildings.

use jiff::civil::Date;
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed},
    db::{Db, Tx},
    id::{SchoolId, Uuid},
};
use serde_json::json;

use super::{
    ManageBuildings, hold,
    rules::NewBuilding,
    store::{self, Building},
};
use crate::{
    classes::{self, Homed},
    years::SeeCalendar,
};

/// Which buildings to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those in use today or later.
    InUse,
    /// Those that were left.
    Former,
}

/// The buildings of a school in their order.
pub async fn list(db: &Db, ctx: &Ctx, school: SchoolId, name: String, which: Which, today: Date) -> Result<Vec<Building>> {
    ctx.require::<SeeCalendar>()?;
    db.run(&ctx.scope, async |tx| store::BUILDING_LIST.all(tx, (school, name, today, which == Which::Former)).await).await
}

/// The classes that are at home in a building.
pub async fn at_home(db: &Db, ctx: &Ctx, school: SchoolId, id: Uuid) -> Result<Vec<Homed>> {
    ctx.require::<SeeCalendar>()?;
    db.run(&ctx.scope, async |tx| classes::at_home(tx, school, id).await).await
}

/// A building as it is, and as it was: the last version first.
pub async fn versions(db: &Db, ctx: &Ctx, school: SchoolId, id: Uuid) -> Result<(Building, Vec<Building>)> {
    ctx.require::<SeeCalendar>()?;
    let mut versions = db.run(&ctx.scope, async |tx| store::BUILDING_VERSIONS.all(tx, (school, id)).await).await?.into_iter();
    let last = versions.next().ok_or(Error::NotFound)?;
    Ok((last, versions.collect()))
}

/// Writes a building down. Sent twice, it is written once.
pub async fn add(db: &Db, ctx: &Ctx, school: SchoolId, id: Uuid, building: NewBuilding) -> Result<()> {
    ctx.require::<ManageBuildings>()?;
    db.run(&ctx.scope, async |tx| {
        if write(tx, ctx, school, id, 1, &building).await? == 0 {
            return Ok(());
        }
        note(tx, ctx, school, "people.add_building", id, 1).await
    })
    .await
}

/// Adds the version that follows the one that was changed. The same change sent twice is one; another one in between is not overwritten;
/// and no class loses its home before its year is over.
pub async fn change(db: &Db, ctx: &Ctx, school: SchoolId, id: Uuid, changed: i32, building: NewBuilding, today: Date) -> Result<()> {
    ctx.require::<ManageBuildings>()?;
    db.run(&ctx.scope, async |tx| {
        hold(tx, school).await?;
        let versions = store::BUILDING_VERSIONS.all(tx, (school, id)).await?;
        let last = versions.first().ok_or(Error::NotFound)?;
        if says(last, &building) {
            return Ok(());
        }
        if let Some(last_day) = building.valid_to
            && building.valid_to != last.valid_to
            && classes::homes_end(tx, school, id, today).await?.is_some_and(|end| last_day < end)
        {
            return Err(Error::Refused("buildings.in_use"));
        }
        let next = changed.saturating_add(1);
        if last.version != changed || write(tx, ctx, school, id, next, &building).await? == 0 {
            return Err(Error::Refused("buildings.changed"));
        }
        note(tx, ctx, school, "people.change_building", id, next).await
    })
    .await
}

/// Whether a version says just that.
fn says(version: &Building, building: &NewBuilding) -> bool {
    let Building { id: _, version: _, name_kk, name_ru, kind, place_kk, place_ru, address, year_built, floors, capacity, shifts, sort, valid_from, valid_to, set_at: _ } = version;
    (name_kk, name_ru, kind.as_str(), place_kk, place_ru, address) == (&building.name_kk, &building.name_ru, building.kind, &building.place_kk, &building.place_ru, &building.address)
        && (year_built, floors, capacity, shifts, sort, valid_from, valid_to) == (&building.year_built, &building.floors, &building.capacity, &building.shifts, &building.sort, &building.valid_from, &building.valid_to)
}

async fn write(tx: &Tx, ctx: &Ctx, school: SchoolId, id: Uuid, version: i32, building: &NewBuilding) -> Result<u64> {
    let NewBuilding { name_kk, name_ru, kind, place_kk, place_ru, address, year_built, floors, capacity, shifts, sort, valid_from, valid_to } = building.clone();
    let numbers = vec![year_built.map(i32::from), floors.map(i32::from), capacity, shifts.map(i32::from)];
    let row = (school, id, version, name_kk, name_ru, kind, place_kk, place_ru, address, numbers, sort, valid_from, valid_to, ctx.now(), ctx.person().ok());
    store::BUILDING_ADD.run(tx, row).await
}

async fn note(tx: &Tx, ctx: &Ctx, school: SchoolId, action: &'static str, building: Uuid, version: i32) -> Result<()> {
    audit::record(tx, ctx, Deed { school, action, subject_kind: "building", subject: Some(building), detail: json!({ "version": version }) }).await
}
