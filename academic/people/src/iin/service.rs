//! Use cases of the IINs.

use kernel::{
    Ctx, Result,
    audit::{self, Deed},
    db::Db,
    id::{PersonId, SchoolId},
    iin::Iin,
};
use serde_json::json;

use super::{Keeper, SeeIin, store};

/// Whose page it is, and the number.
pub(super) struct Whole {
    pub(super) name: String,
    pub(super) iin: Option<Iin>,
}

/// Somebody's IIN. The page that shows it writes the look down.
pub(super) async fn whole(db: &Db, ctx: &Ctx, keeper: &Keeper, school: SchoolId, person: PersonId) -> Result<Whole> {
    ctx.require::<SeeIin>()?;
    db.run(&ctx.scope, async |tx| {
        let name = store::PERSON_FIND.one(tx, (school, person)).await?;
        let name = [Some(name.surname), Some(name.given_name), name.patronymic].into_iter().flatten().collect::<Vec<_>>().join(" ");
        Ok(Whole { name, iin: keeper.iin_of(tx, person).await? })
    })
    .await
}

/// Writes somebody's IIN down, or takes it away. Sent twice, it changes nothing.
pub(super) async fn set(db: &Db, ctx: &Ctx, keeper: &Keeper, school: SchoolId, person: PersonId, iin: Option<Iin>) -> Result<()> {
    ctx.require::<SeeIin>()?;
    db.run(&ctx.scope, async |tx| {
        store::PERSON_FIND.one(tx, (school, person)).await?;
        let (changed, action) = match iin {
            Some(iin) => (keeper.put_many(tx, ctx, school, &[(person, iin)]).await?, "people.set_iin"),
            None => (super::remove_many(tx, vec![person]).await?, "people.remove_iin"),
        };
        if changed > 0 {
            let deed = Deed { school, action, subject_kind: "person", subject: Some(person.0), detail: json!({}) };
            audit::record(tx, ctx, deed).await?;
        }
        Ok(())
    })
    .await
}
