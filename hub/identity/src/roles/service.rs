//! Use cases of the roles that schools make.

use jiff::Timestamp;
use kernel::{
    Ctx, Error, Locale, Result,
    audit::{self, Deed},
    db::Tx,
    id::{PersonId, SchoolId, Uuid},
    right::{Granted, Role},
};
use serde_json::json;
use web::Site;

use super::{
    ManageRoles, Power,
    rules::RoleDraft,
    store::{self, OwnHeld, StoredRole},
};
use crate::sessions::{self, Identity};

/// A role of the school, as pages show it.
pub type OwnRole = StoredRole;

impl OwnRole {
    /// Its name in a language; there is none in English, where the Russian one is read by more people.
    pub fn name(&self, locale: Locale) -> &str {
        match locale {
            Locale::Kk => &self.name_kk,
            Locale::Ru | Locale::En => &self.name_ru,
        }
    }
}

/// What somebody may hand on at a school.
pub fn power(site: &Site, identity: &Identity, school: SchoolId) -> Power {
    let roles: Vec<Role> = identity.grants.iter().filter(|(at, _)| *at == school).map(|(_, role)| *role).collect();
    Power::of(&roles, &identity.granted_at(school), &site.rights)
}

/// The open roles of a school, by name, in the caller's transaction.
pub async fn own_roles(tx: &Tx, school: SchoolId, now: Timestamp) -> Result<Vec<OwnRole>> {
    store::ROLE_LIST.all(tx, (school, now)).await
}

/// The rights that a person holds by roles of schools, in a transaction that sees the person's own rows.
pub async fn held_by(tx: &Tx, person: PersonId, now: Timestamp) -> Result<Vec<OwnHeld>> {
    store::OWN_HELD_LIST.all(tx, (person, now)).await
}

/// The open roles of a school.
pub async fn list(site: &Site, ctx: &Ctx, school: SchoolId) -> Result<Vec<OwnRole>> {
    ctx.require::<ManageRoles>()?;
    site.db.run(&ctx.scope, async |tx| own_roles(tx, school, ctx.now()).await).await
}

/// One open role of a school.
pub async fn find(site: &Site, ctx: &Ctx, school: SchoolId, id: Uuid) -> Result<OwnRole> {
    list(site, ctx, school).await?.into_iter().find(|role| role.id == id).ok_or(Error::NotFound)
}

/// Makes a role. Sent twice with one id, it is made once.
pub async fn make(site: &Site, ctx: &Ctx, school: SchoolId, id: Uuid, draft: RoleDraft) -> Result<()> {
    ctx.require::<ManageRoles>()?;
    let made = site.db.run(&ctx.scope, async |tx| {
        if store::ROLE_ADD.run(tx, (school, id, draft.name_kk, draft.name_ru, ctx.now())).await? == 0 {
            return Ok(());
        }
        store::RIGHT_ADD.run(tx, (school, id, draft.rights.clone(), ctx.now())).await?;
        note(tx, ctx, school, "identity.make_role", id, json!({ "rights": draft.rights })).await
    });
    made.await.map_err(name_taken)
}

/// Renames a role and chooses its rights anew. `power` is of who does it: a role that holds more than they may hand on is not theirs to change.
pub async fn change(site: &Site, ctx: &Ctx, school: SchoolId, id: Uuid, draft: RoleDraft, power: &Power) -> Result<()> {
    ctx.require::<ManageRoles>()?;
    let changed = site.db.run(&ctx.scope, async |tx| {
        let before = locked(tx, ctx, school, id, power).await?.ok_or(Error::NotFound)?;
        store::ROLE_RENAME.run(tx, (school, id, draft.name_kk, draft.name_ru)).await?;
        store::RIGHT_KEEP_ONLY.run(tx, (school, id, draft.rights.clone())).await?;
        store::RIGHT_ADD.run(tx, (school, id, draft.rights.clone(), ctx.now())).await?;
        note(tx, ctx, school, "identity.change_role", id, json!({ "before": before.rights, "rights": draft.rights })).await
    });
    changed.await.map_err(name_taken)?;
    sessions::forget_school(site, school);
    Ok(())
}

/// Closes a role: nobody holds it any longer, and nobody gets it again.
pub async fn close(site: &Site, ctx: &Ctx, school: SchoolId, id: Uuid, power: &Power) -> Result<()> {
    ctx.require::<ManageRoles>()?;
    site.db
        .run(&ctx.scope, async |tx| {
            let Some(before) = locked(tx, ctx, school, id, power).await? else { return Ok(()) };
            store::ROLE_CLOSE.run(tx, (school, id, ctx.now())).await?;
            store::GRANT_END_ALL.run(tx, (school, id, ctx.now())).await?;
            note(tx, ctx, school, "identity.close_role", id, json!({ "before": before.rights })).await
        })
        .await?;
    sessions::forget_school(site, school);
    Ok(())
}

/// The role as it stands, locked until the transaction ends; nothing for one that is closed already.
async fn locked(tx: &Tx, ctx: &Ctx, school: SchoolId, id: Uuid, power: &Power) -> Result<Option<OwnRole>> {
    if store::ROLE_LOCK.one(tx, (school, id)).await?.closed_at.is_some() {
        return Ok(None);
    }
    let role = own_roles(tx, school, ctx.now()).await?.into_iter().find(|role| role.id == id).ok_or(Error::NotFound)?;
    if power.may_appoint_own(&role.rights) { Ok(Some(role)) } else { Err(Error::Refused("identity.beyond_your_power")) }
}

async fn note(tx: &Tx, ctx: &Ctx, school: SchoolId, action: &'static str, role: Uuid, detail: serde_json::Value) -> Result<()> {
    audit::record(tx, ctx, Deed { school, action, subject_kind: "school_role", subject: Some(role), detail }).await
}

/// The unique index on names of open roles says so.
fn name_taken(error: Error) -> Error {
    if error.sqlstate() == Some("23505") { Error::invalid("name_kk", "roles-field-name-taken") } else { error }
}

impl Identity {
    /// The rights that came with roles of this school's own making.
    pub fn granted_at(&self, school: SchoolId) -> Granted {
        Granted::of(self.own_rights.iter().filter(|(at, _)| *at == school).map(|(_, right)| right.clone()))
    }
}
