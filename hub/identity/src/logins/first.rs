//! The first login of an organisation: whoever founds it hands it out, since nobody there could.
//!
//! Where somebody has a role already, these use cases do nothing for anybody: from then on the organisation gives its logins itself. A first
//! login that was lost before anybody signed in is made anew; afterwards it is the organisation's own.

use std::collections::HashMap;

use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed},
    db::Tx,
    id::{AccountId, PersonId, SchoolId},
    right::Role,
};
use serde_json::json;
use web::Site;

use super::{
    service::{LOGIN_LETTERS, PASSWORD_LETTERS, fresh_password, random_text},
    store,
};
use crate::{
    accounts::password::{Cost, hash_password},
    sessions,
};

/// A login and its password, made before the transaction: a password takes its time to be hashed.
pub struct FirstLogin {
    /// What to type.
    pub login: String,
    /// The password, which nobody can learn again.
    pub password: String,
    hash: String,
}

/// How far an organisation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// Nobody has a role there.
    Nobody,
    /// Somebody has, and has never signed in.
    Awaited,
    /// Somebody signed in.
    Came,
}

impl FirstLogin {
    /// A new one.
    ///
    /// # Errors
    /// When there is no randomness.
    pub async fn fresh(site: &Site, code: &str) -> Result<Self> {
        let (password, hash) = fresh_password(site).await?;
        Ok(Self { login: format!("{code}-{}", random_text(LOGIN_LETTERS)?), password, hash })
    }

    /// The same for a command, which has nothing else to do while the password is hashed.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn at_once(code: &str) -> Result<Self> {
        let password = random_text(PASSWORD_LETTERS)?;
        let hash = hash_password(&password, Cost::Full)?;
        Ok(Self { login: format!("{code}-{}", random_text(LOGIN_LETTERS)?), password, hash })
    }
}

/// Gives it to the first person of an organisation, with their role. In the founder's transaction, whose scope is the organisation.
///
/// # Errors
/// `identity.not_the_first` where somebody has a role already.
pub async fn appoint(tx: &Tx, ctx: &Ctx, school: SchoolId, person: PersonId, role: Role, first: &FirstLogin) -> Result<()> {
    if arrival(tx, school).await? != Arrival::Nobody {
        return Err(Error::Refused("identity.not_the_first"));
    }
    let row = (ctx.id::<AccountId>(), person, first.login.clone(), first.hash.clone(), None, ctx.now());
    if store::ACCOUNT_ADD.run(tx, row).await? == 0 {
        return Err(Error::Refused("identity.has_login"));
    }
    store::GRANT_ADD.run(tx, (school, person, role.as_str(), ctx.now(), None)).await?;
    note(tx, ctx, school, "identity.give_login", person, json!({})).await?;
    note(tx, ctx, school, "identity.grant_role", person, json!({ "role": role.as_str() })).await
}

/// Another login and password for the first person, who never signed in: the sheet was lost. Says who it is for.
///
/// # Errors
/// `identity.not_the_first` when somebody signed in already; `NotFound` where nobody has a role.
pub async fn renew(tx: &Tx, ctx: &Ctx, site: &Site, school: SchoolId, first: &FirstLogin) -> Result<String> {
    match arrival(tx, school).await? {
        Arrival::Nobody => return Err(Error::NotFound),
        Arrival::Came => return Err(Error::Refused("identity.not_the_first")),
        Arrival::Awaited => (),
    }
    let holder = store::FIRST_HOLDER.one(tx, (school,)).await?;
    store::LOGIN_RENEW.run(tx, (holder.account_id, first.login.clone(), first.hash.clone())).await?;
    sessions::forget_account(site, holder.account_id);
    note(tx, ctx, school, "identity.reset_password", holder.person_id, json!({})).await?;
    Ok(format!("{} {}", holder.surname, holder.given_name))
}

/// How far an organisation of the scope has come.
pub async fn arrival(tx: &Tx, school: SchoolId) -> Result<Arrival> {
    let counted = store::HOLDER_COUNT.one(tx, (school,)).await?;
    Ok(match (counted.holders, counted.came) {
        (0, _) => Arrival::Nobody,
        (_, 0) => Arrival::Awaited,
        _ => Arrival::Came,
    })
}

/// The same of many; those that are not among them have nobody.
pub async fn arrivals(tx: &Tx, schools: Vec<SchoolId>) -> Result<HashMap<SchoolId, Arrival>> {
    let held = store::HOLDER_LIST.all(tx, (schools,)).await?;
    Ok(held.into_iter().map(|one| (one.school_id, if one.came == 0 { Arrival::Awaited } else { Arrival::Came })).collect())
}

async fn note(tx: &Tx, ctx: &Ctx, school: SchoolId, action: &'static str, person: PersonId, detail: serde_json::Value) -> Result<()> {
    audit::record(tx, ctx, Deed { school, action, subject_kind: "person", subject: Some(person.0), detail }).await
}
