//! The parts of the big tables: one a month, made ahead by the database's own function, so that no event meets a missing one.

use crate::{
    Result,
    db::{Db, Scope},
    row,
    sql::{Query, Statement},
};

row! {
    /// How many parts were made.
    pub struct Made {
        /// The number.
        pub made: i32,
    }
}

const PARTITIONS_ENSURE: Query<(), Made> = Query::new("partition.ensure", "select ensure_partitions() as made");

/// Every statement of this module, for the test that prepares them all.
pub const STATEMENTS: &[&dyn Statement] = &[&PARTITIONS_ENSURE];

/// Makes the parts of this and the next three months, where they are missing. Safe to call at any time, from several instances.
pub async fn ensure(db: &Db) -> Result<i32> {
    let made = db.run(&Scope::nothing(), async |tx| PARTITIONS_ENSURE.one(tx, ()).await).await?;
    Ok(made.made)
}
