//! Use cases of an organisation's own page.

use kernel::{
    Ctx, Result,
    audit::{self, Deed},
    id::SchoolId,
};
use serde_json::json;
use web::Site;

use super::{RenameOrganisation, rules::Names, store};

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
