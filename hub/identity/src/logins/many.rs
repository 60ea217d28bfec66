//! Roles of many people at once, in the transaction of a room that brings a list of employees in. Whoever ordered that had the right, and chose
//! among the roles that they may hand on ([`crate::roles::Power`]).

use std::collections::HashMap;

use jiff::Timestamp;
use kernel::{
    Ctx, Result,
    audit::{self, Deed},
    db::Tx,
    id::{PersonId, SchoolId},
    right::Role,
};
use serde_json::json;

use super::store;

/// The delivered roles that people of a school hold now.
///
/// # Errors
/// The database's.
pub async fn held_by_all(tx: &Tx, school: SchoolId, now: Timestamp) -> Result<HashMap<PersonId, Vec<String>>> {
    let mut held: HashMap<PersonId, Vec<String>> = HashMap::new();
    for one in store::HELD_BY_ALL.all(tx, (school, now)).await? {
        held.entry(one.person_id).or_default().push(one.role);
    }
    Ok(held)
}

/// Gives people delivered roles from now on; a role that is held already stays as it is.
///
/// # Errors
/// The database's.
pub async fn grant_many(tx: &Tx, ctx: &Ctx, school: SchoolId, roles: &[(PersonId, Role)]) -> Result<u64> {
    if roles.is_empty() {
        return Ok(0);
    }
    let (persons, names) = parted(roles);
    let given = store::GRANT_MANY.run(tx, (school, persons.clone(), names, ctx.now())).await?;
    let deed = Deed { school, action: "identity.grant_roles", subject_kind: "organisation", subject: Some(school.0), detail: json!({ "persons": persons, "given": given }) };
    audit::record(tx, ctx, deed).await?;
    Ok(given)
}

/// Takes roles back that were given since a moment, as if they had not been.
///
/// # Errors
/// The database's.
pub async fn take_back_many(tx: &Tx, school: SchoolId, roles: &[(PersonId, Role)], since: Timestamp) -> Result<u64> {
    let (persons, names) = parted(roles);
    store::GRANT_TAKE_BACK.run(tx, (school, persons, names, since)).await
}

fn parted(roles: &[(PersonId, Role)]) -> (Vec<PersonId>, Vec<&'static str>) {
    roles.iter().map(|(person, role)| (*person, role.as_str())).unzip()
}
