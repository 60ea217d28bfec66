//! Stops: whose consent to the gate was withdrawn is told to the school's actor, so that no counter goes on counting them.
//!
//! What happens at doors asks for itself, in the commit's own statement; this is for what actors remember of before. Once a second, one
//! statement over a table that is usually almost empty, however many instances withdrew however many.

use std::time::Duration;

use jiff::SignedDuration;
use kernel::{
    clock::Clock,
    db::{Db, Scope},
    id::{PersonId, SchoolId},
    row,
    sql::{Query, Statement},
};

use crate::{directory::Directory, registry::everywhere, school};

const EVERY: Duration = Duration::from_secs(1);
/// A withdrawal is told for so long: longer than any transaction takes to end.
const TOLD_FOR: SignedDuration = SignedDuration::from_secs(30);
/// The list of schools is read anew after so many looks.
const SCHOOLS_FOR: u32 = 30;

row! {
    struct Stopped { school_id: SchoolId, person_id: PersonId }
}

const STOPPED: Query<(jiff::Timestamp,), Stopped> = Query::new(
    "engine.stopped_list",
    "select school_id, person_id from identity_v_consent_stop where changed_at >= $1 and until is null and purpose = 'card_gate' order by school_id",
);

/// Every statement of this module.
pub(crate) const STATEMENTS: &[&dyn Statement] = &[&STOPPED];

/// Tells school actors, for as long as the thread lives. Telling twice does no harm.
pub(crate) async fn tell(db: Db, clock: Clock, directory: Directory) {
    let (mut scope, mut looks) = (Scope::nothing(), 0_u32);
    loop {
        tokio::time::sleep(EVERY).await;
        match look(&db, &clock, &mut scope, looks).await {
            Ok(stopped) => {
                looks = looks.wrapping_add(1);
                for of_school in stopped.chunk_by(|a, b| a.school_id == b.school_id) {
                    let Some(first) = of_school.first() else { continue };
                    directory.school(first.school_id, school::Message::Stopped(of_school.iter().map(|one| one.person_id).collect()));
                }
            }
            Err(error) => tracing::warn!(%error, "withdrawn consents could not be looked for; trying again"),
        }
    }
}

async fn look(db: &Db, clock: &Clock, scope: &mut Scope, looks: u32) -> kernel::Result<Vec<Stopped>> {
    if looks.is_multiple_of(SCHOOLS_FOR) {
        *scope = everywhere(db).await?;
    }
    let since = clock.now() - TOLD_FOR;
    db.run(scope, async |tx| STOPPED.all(tx, (since,)).await).await
}
