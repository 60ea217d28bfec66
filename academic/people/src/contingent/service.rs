//! The use case of the contingent.

use jiff::civil::Date;
use kernel::{Ctx, Result, db::Db, id::SchoolId};

use super::{
    rules::Flow,
    store::{self, Group},
};
use crate::movement::SeeMovement;

/// What the page shows.
#[derive(Debug)]
pub struct Numbers {
    /// By grade, language and shift.
    pub groups: Vec<Group>,
    /// What the period changed.
    pub flow: Flow,
}

/// The school on the evening of a day, and what a period changed.
pub async fn numbers(db: &Db, ctx: &Ctx, school: SchoolId, on: Date, period: (Date, Date)) -> Result<Numbers> {
    ctx.require::<SeeMovement>()?;
    db.run(&ctx.scope, async |tx| {
        let groups = store::GROUP_LIST.all(tx, (school, on)).await?;
        let row = store::FLOW_FIND.one(tx, (school, period.0, period.1)).await?;
        Ok(Numbers { groups, flow: Flow { start: row.start, arrived: row.arrived, left: row.left_school, end: row.end } })
    })
    .await
}
