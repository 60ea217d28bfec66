//! What the database spends its time on, statement by statement, where pg_stat_statements is installed.

use crate::{failure::Outcome, world::World};

/// One statement.
#[derive(Debug, Clone)]
pub struct Spent {
    /// Its beginning.
    pub text: String,
    /// How often.
    pub calls: i64,
    /// Milliseconds in all.
    pub total_ms: f64,
}

/// Begins to count anew. Says whether there is anything to count with.
pub async fn reset(world: &World) -> bool {
    match world.superuser().await {
        Ok(db) => db.query("select pg_stat_statements_reset()", &[]).await.is_ok(),
        Err(_) => false,
    }
}

/// The dearest ones since then; empty where nothing counts.
pub async fn dearest(world: &World) -> Outcome<Vec<Spent>> {
    let db = world.superuser().await?;
    let asked = "select regexp_replace(left(query, 90), '\\s+', ' ', 'g'), calls, total_exec_time from pg_stat_statements order by 3 desc limit 14";
    let Ok(rows) = db.query(asked, &[]).await else { return Ok(Vec::new()) };
    rows.iter().map(|row| Ok(Spent { text: row.try_get(0)?, calls: row.try_get(1)?, total_ms: row.try_get(2)? })).collect()
}
