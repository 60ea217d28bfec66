//! The audit row: written in the transaction of what it tells of; holds ids, never names. Chaining comes with R-ID-5.
//! Owns `audit`.

use crate::{
    Actor, Ctx, Result,
    db::Tx,
    id::{PersonId, SchoolId, Uuid},
    sql::{Command, Statement},
};

type Row = (SchoolId, Uuid, jiff::Timestamp, Option<PersonId>, &'static str, &'static str, &'static str, Option<Uuid>, serde_json::Value);

const AUDIT_ADD: Command<Row> = Command::new(
    "audit.add",
    "insert into audit (school_id, id, at, person_id, role, action, subject_kind, subject_id, detail)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
);

/// Every statement of this module, for the test that prepares them all.
pub const STATEMENTS: &[&dyn Statement] = &[&AUDIT_ADD];

/// What was done to what.
#[derive(Debug, Clone)]
pub struct Deed {
    /// The school whose data it was.
    pub school: SchoolId,
    /// `room.verb`, never renamed.
    pub action: &'static str,
    /// What kind of thing.
    pub subject_kind: &'static str,
    /// Which one.
    pub subject: Option<Uuid>,
    /// Ids and values worth keeping; no names.
    pub detail: serde_json::Value,
}

/// Writes the row.
pub async fn record(tx: &Tx, ctx: &Ctx, deed: Deed) -> Result<()> {
    let person = match &ctx.actor {
        Actor::Person(signed_in) => Some(signed_in.person),
        Actor::System(_) => None,
    };
    let role = match (&ctx.actor, ctx.role) {
        (Actor::System(reason), _) => reason,
        (Actor::Person(_), Some(role)) => role.as_str(),
        (Actor::Person(_), None) => "signed_in",
    };
    let row = (deed.school, ctx.id(), ctx.now(), person, role, deed.action, deed.subject_kind, deed.subject, deed.detail);
    AUDIT_ADD.run(tx, row).await?;
    Ok(())
}
