//! A draft as a job: how rooms that know nothing of delivery have somebody told, in the transaction of the cause.
//!
//! The job's body holds ids and numbers; the names in a notice are looked up by delivery when it does the job.

use jiff::Timestamp;
use kernel::{
    Ctx, Error, Result,
    db::Tx,
    id::{PersonId, SchoolId, Uuid, show},
    job::{self, Order},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Draft, To, kind};

/// The job that delivery does.
pub const TELL: &str = "delivery.tell";

/// The body of the job.
#[derive(Debug, Serialize, Deserialize)]
pub struct Told {
    child: PersonId,
    only: Option<PersonId>,
    kind: String,
    occurred_at: Timestamp,
    args: Value,
}

/// Has somebody told. Nothing happens unless the transaction commits; then it happens once.
///
/// # Errors
/// The database's; then the caller's transaction is void.
pub async fn tell(tx: &Tx, ctx: &Ctx, draft: &Draft) -> Result<()> {
    let Draft { school, child, to, kind, occurred_at, late: _, args } = draft;
    let told = Told { child: *child, only: to.only(*child), kind: kind.name.to_owned(), occurred_at: *occurred_at, args: args.clone() };
    let body = serde_json::to_value(told).map_err(|error| Error::broken(error.to_string()))?;
    // Each telling is a job of its own: two about one thing are two things to tell.
    job::order(tx, ctx, Order { school: *school, kind: TELL, key: show(ctx.id::<Uuid>()), body }).await.map(|_| ())
}

impl Told {
    /// The draft again; nothing where this version does not know the kind.
    pub fn draft(self, school: SchoolId) -> Option<Draft> {
        let Self { child, only, kind: name, occurred_at, args } = self;
        Some(Draft { school, child, to: To::stored(only, child), kind: kind(&name)?, occurred_at, late: false, args })
    }
}
