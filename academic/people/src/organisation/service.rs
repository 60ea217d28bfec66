//! Use cases of an organisation's own page.

use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed},
    id::SchoolId,
};
use serde_json::json;
use web::Site;

use super::{
    PlaceOrganisation, RenameOrganisation,
    rules::{self, Names},
    store::{self, Organisation},
};

/// Gives an organisation other names. Its code stays: addresses and topics carry it.
pub async fn rename(site: &Site, ctx: &Ctx, school: SchoolId, names: Names) -> Result<()> {
    ctx.require::<RenameOrganisation>()?;
    site.db
        .run(&ctx.scope, async |tx| {
            if store::ORGANISATION_RENAME.run(tx, (school, names.kk, names.ru, names.en)).await? == 0 {
                return Ok(());
            }
            audit::record(tx, ctx, Deed { school, action: "people.rename_organisation", subject_kind: "organisation", subject: Some(school.0), detail: json!({}) }).await
        })
        .await?;
    identity::schools::forget(site, school);
    Ok(())
}

/// All organisations, parents before children.
pub async fn tree(site: &Site, ctx: &Ctx) -> Result<Vec<Organisation>> {
    ctx.require::<PlaceOrganisation>()?;
    site.db.run(&ctx.scope, async |tx| store::TREE_LIST.all(tx, ()).await).await
}

/// Places an organisation below another, or below none. What may not lie there is refused, and sent twice it is done once.
pub async fn place(site: &Site, ctx: &Ctx, organisation: Option<SchoolId>, parent: Option<SchoolId>) -> Result<()> {
    let tree = tree(site, ctx).await?;
    let find = |id: Option<SchoolId>| tree.iter().find(|one| Some(one.id) == id);
    let own = find(organisation).ok_or(Error::Refused("people.not_placed_there"))?;
    if parent.is_some() && !find(parent).is_some_and(|parent| rules::may_lie_below(&own.kind, &parent.kind)) {
        return Err(Error::Refused("people.not_placed_there"));
    }
    site.db
        .run(&ctx.scope, async |tx| {
            if store::ORGANISATION_PLACE.run(tx, (own.id, parent)).await? == 0 {
                return Ok(());
            }
            let detail = json!({ "parent": parent });
            audit::record(tx, ctx, Deed { school: own.id, action: "people.place_organisation", subject_kind: "organisation", subject: Some(own.id.0), detail }).await
        })
        .await
}
