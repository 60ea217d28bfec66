//! Use cases of the roles that schools make.

use std::collections::BTreeSet;

use jiff::Timestamp;
use kernel::{
    Ctx, Error, Locale, Result,
    audit::{self, Deed},
    db::Tx,
    id::{ClassId, PersonId, SchoolId, Uuid},
    right::{Place, Role},
};
use serde_json::json;
use web::Site;

use super::{
    ManageRoles, Power,
    rules::{self, RoleDraft},
    store::{self, Limited, OwnHeld, RightSwitch, StoredRole},
};
use crate::{
    sessions::{self, Identity},
    standing::{Held, Switched},
};

/// A role of the school, as pages show it.
pub type OwnRole = StoredRole;

impl OwnRole {
    /// Its name in a language; one without an English name goes by the Russian one, which more people read.
    pub fn name(&self, locale: Locale) -> &str {
        match locale {
            Locale::Kk => &self.name_kk,
            Locale::Ru => &self.name_ru,
            Locale::En => self.name_en.as_deref().unwrap_or(&self.name_ru),
        }
    }
}

/// What somebody may hand on at a school. What they hold for some classes or in a colleague's place is not theirs to hand on.
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

/// What a person holds with a limit, and what schools switched in their roles; in a transaction that sees the person's own rows.
pub async fn limits_of(tx: &Tx, person: PersonId, held: &[(SchoolId, Role)], now: Timestamp) -> Result<(Vec<Held>, Vec<Switched>)> {
    let limited: Vec<Held> = store::LIMITED_LIST.all(tx, (person, now)).await?.into_iter().filter_map(as_held).collect();
    let roles = held.iter().copied().chain(limited.iter().map(|held| (held.school, held.role)));
    let (schools, roles): (Vec<SchoolId>, Vec<&'static str>) = roles.filter(|(_, role)| role.place() == Place::School).map(|(school, role)| (school, role.as_str())).unzip();
    if schools.is_empty() {
        return Ok((limited, Vec::new()));
    }
    let switched = store::SWITCH_OF_LIST.all(tx, (schools, roles)).await?;
    Ok((limited, switched.into_iter().filter_map(as_switched).collect()))
}

/// A delivered role that this version does not know opens nothing.
fn as_held(row: Limited) -> Option<Held> {
    let role = row.role.as_deref().map_or(Some(Role::Own), |role| Role::parse(role).filter(|role| role.place() == Place::School))?;
    Some(Held { school: row.school_id, role, rights: row.rights, classes: row.class_ids.map(Into::into), giver: row.giver_id })
}

fn as_switched(row: RightSwitch) -> Option<Switched> {
    Some(Switched { school: row.school_id, role: Role::parse(&row.role)?, right: row.right_name, is_on: row.is_on })
}

/// What the school switched in its delivered roles.
pub async fn switches(site: &Site, ctx: &Ctx, school: SchoolId) -> Result<Vec<Switched>> {
    ctx.require::<ManageRoles>()?;
    let rows = site.db.run(&ctx.scope, async |tx| store::SWITCH_LIST.all(tx, (school,)).await).await?;
    Ok(rows.into_iter().filter_map(as_switched).collect())
}

/// Makes a delivered role open exactly these of the rights that a school may switch, at this school. Sent twice, it changes once.
pub async fn switch(site: &Site, ctx: &Ctx, school: SchoolId, role: Role, wanted: &BTreeSet<String>, power: &Power) -> Result<()> {
    ctx.require::<ManageRoles>()?;
    if !power.may_appoint(role, &site.rights) {
        return Err(Error::Refused("identity.beyond_your_power"));
    }
    let before = switches(site, ctx, school).await?;
    let table = &site.rights;
    let changes = rules::switches(role, wanted, &before, table);
    if changes.iter().any(|change| change.is_on && !power.may_give(change.right.0, table)) {
        return Err(Error::Refused("identity.beyond_your_power"));
    }
    site.db
        .run(&ctx.scope, async |tx| {
            let as_delivered: Vec<&'static str> = changes.iter().filter(|change| change.is_as_delivered).map(|change| change.right.0).collect();
            if !as_delivered.is_empty() {
                store::SWITCH_RESET.run(tx, (school, role.as_str(), as_delivered)).await?;
            }
            for change in changes.iter().filter(|change| !change.is_as_delivered) {
                store::SWITCH_SET.run(tx, (school, role.as_str(), change.right.0, change.is_on, ctx.now())).await?;
            }
            sessions::renew_role(tx, school, role, ctx.now()).await?;
            let names = |on: bool| changes.iter().filter(|change| change.is_on == on).map(|change| change.right.0).collect::<Vec<_>>();
            if changes.is_empty() { Ok(()) } else { note_delivered(tx, ctx, school, "identity.switch_rights", json!({ "role": role.as_str(), "on": names(true), "off": names(false) })).await }
        })
        .await?;
    sessions::forget_school(site, school);
    Ok(())
}

/// Makes a delivered role again what it was delivered as.
pub async fn reset(site: &Site, ctx: &Ctx, school: SchoolId, role: Role, power: &Power) -> Result<()> {
    ctx.require::<ManageRoles>()?;
    if !power.may_appoint(role, &site.rights) {
        return Err(Error::Refused("identity.beyond_your_power"));
    }
    site.db
        .run(&ctx.scope, async |tx| {
            if store::SWITCH_RESET.run(tx, (school, role.as_str(), Vec::new())).await? == 0 {
                return Ok(());
            }
            sessions::renew_role(tx, school, role, ctx.now()).await?;
            note_delivered(tx, ctx, school, "identity.reset_rights", json!({ "role": role.as_str() })).await
        })
        .await?;
    sessions::forget_school(site, school);
    Ok(())
}

async fn note_delivered(tx: &Tx, ctx: &Ctx, school: SchoolId, action: &'static str, detail: serde_json::Value) -> Result<()> {
    audit::record(tx, ctx, Deed { school, action, subject_kind: "role", subject: None, detail }).await
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
        if store::ROLE_ADD.run(tx, (school, id, draft.name_kk, draft.name_ru, draft.name_en, ctx.now())).await? == 0 {
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
        store::ROLE_RENAME.run(tx, (school, id, draft.name_kk, draft.name_ru, draft.name_en)).await?;
        sessions::renew_holders(tx, school, id, ctx.now()).await?;
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
            sessions::renew_holders(tx, school, id, ctx.now()).await?;
            store::GRANT_END_ALL.run(tx, (school, id, ctx.now())).await?;
            store::CLASS_GRANT_END_ALL.run(tx, (school, id, ctx.now())).await?;
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

/// Roles held for some classes go along when other classes take the place of these: (before, after). Within the caller's transaction.
pub async fn follow_classes(tx: &Tx, ctx: &Ctx, school: SchoolId, classes: &[(ClassId, ClassId)]) -> Result<()> {
    let (before, after) = classes.iter().copied().unzip();
    store::CLASS_GRANT_FOLLOW.run(tx, (school, before, after, ctx.now())).await?;
    Ok(())
}
