//! `shanyraq keys`: the keys of confidential records. How old they are, and new ones in their place.
//!
//! `rotate` gives every realm of every school that has a key a new one and orders a job that seals its rows anew ([`Reseal`]); what is
//! written meanwhile is sealed with the new key, and the old one opens what was not reached yet. The same job seals the data keys with the
//! first line of `secrets.records_key_file`: when it is over, the lines after it are needed no more.

use crate::{
    config::{Config, ConfigError},
    rooms,
};
use futures_util::future::{FutureExt, LocalBoxFuture};
use identity::trail;
use kernel::{
    Ctx, Error, Result,
    audit::{self, Deed},
    clock::Clock,
    db::{Db, DbRole, Scope},
    id::SchoolId,
    job::{self, Order, Progress, Step, Taken, Work},
    vault::{self, RESEAL, Realm, Vault},
};
use serde_json::json;
use std::collections::HashMap;

/// Rows of one portion.
const AT_ONCE: i64 = 200;

/// Why nothing could be said or done.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database.
    #[error("the database cannot be asked: {0}. `shanyraq check` tells more")]
    Database(#[from] kernel::Error),
    /// There is no key.
    #[error("secrets.records_key_file is not set: there are no keys of confidential records")]
    NoKey,
}

/// A line about one data key, and whether it needs a rotation to be finished.
///
/// # Errors
/// When nothing can be said.
pub async fn status(config: &Config) -> std::result::Result<Vec<String>, KeysError> {
    let vault = config.vault()?.ok_or(KeysError::NoKey)?;
    let (db, codes) = (Db::connect(config.database.app_url()?.reveal(), DbRole::Report, 1)?, HashMap::new());
    let codes: HashMap<SchoolId, String> = trail::places(&db).await?.into_iter().fold(codes, |mut codes, (school, code)| {
        codes.insert(school, code);
        codes
    });
    let ages = db.run(&Scope::schools(codes.keys().copied()), async |tx| vault::ages(tx).await).await?;
    let newest = |age: &vault::KeyAge| !ages.iter().any(|other| other.school_id == age.school_id && other.realm == age.realm && other.generation > age.generation);
    let line = |age: &vault::KeyAge| {
        let sealed_by = if vault.is_current(&age.sealed) { "the key in force" } else { "a previous key" };
        let use_ = if newest(age) { "seals" } else { "opens what is not sealed anew yet" };
        let code = codes.get(&age.school_id).map(String::as_str).unwrap_or_default();
        format!("{code} {}: key {} of {}, {use_}, itself sealed by {sealed_by}", age.realm, age.generation, age.created_at.strftime("%Y-%m-%d"))
    };
    Ok(ages.iter().map(line).collect())
}

/// New keys for every realm that has one; says of how many. The hub seals the rows anew in the background.
///
/// # Errors
/// When it could not be done; what was done for other schools before stays.
pub async fn rotate(config: &Config) -> std::result::Result<usize, KeysError> {
    let vault = config.vault()?.ok_or(KeysError::NoKey)?;
    let db = Db::connect(config.database.app_url()?.reveal(), DbRole::Jobs, 1)?;
    let mut rotated = 0;
    for (school, _) in trail::places(&db).await? {
        rotated += rotate_school(&db, &vault, &Ctx::system("keys", Scope::school(school), Clock::System), school).await?;
    }
    Ok(rotated)
}

/// New keys for the realms of one school, and the jobs that go with them, in one transaction.
///
/// # Errors
/// When the database cannot be asked, or a data key was sealed by a key that the file does not name.
pub async fn rotate_school(db: &Db, vault: &Vault, ctx: &Ctx, school: SchoolId) -> Result<usize> {
    db.run(&ctx.scope, async |tx| {
        let mut rotated = 0;
        for realm in Realm::ALL {
            let Some(generation) = vault.rotate(tx, school, realm, ctx.now()).await? else { continue };
            job::order(tx, ctx, Order { school, kind: RESEAL, key: realm.as_str().to_owned(), body: json!({ "realm": realm.as_str() }) }).await?;
            let deed = Deed { school, action: "vault.rotate", subject_kind: "key", subject: None, detail: json!({ "realm": realm.as_str(), "generation": generation }) };
            audit::record(tx, ctx, deed).await?;
            rotated += 1;
        }
        Ok(rotated)
    })
    .await
}

/// Seals the rows of a realm anew.
pub struct Reseal {
    /// The keys; without them the job waits for a configuration that has them.
    pub vault: Option<Vault>,
}

impl Work for Reseal {
    fn kind(&self) -> &'static str {
        RESEAL
    }

    fn portion<'a>(&'a self, db: &'a Db, ctx: &'a Ctx, job: &'a Taken) -> LocalBoxFuture<'a, Result<Step>> {
        async move {
            let vault = self.vault.as_ref().ok_or_else(|| Error::broken("secrets.records_key_file is not set"))?;
            let realm = job.body.get("realm").and_then(serde_json::Value::as_str).and_then(Realm::parse).ok_or_else(|| Error::broken("a job names no realm"))?;
            db.run(&ctx.scope, async |tx| reseal(tx, vault, ctx, job, realm).await).await
        }
        .boxed_local()
    }
}

async fn reseal(tx: &kernel::db::Tx, vault: &Vault, ctx: &Ctx, job: &Taken, realm: Realm) -> Result<Step> {
    vault.rewrap(tx, job.school_id, realm).await?;
    let keys = vault.keys(tx, job.school_id, realm).await?;
    let mut waiting = 0;
    for rows in rooms::sealed_rows() {
        waiting += rows.waiting(tx, &keys).await?;
    }
    if waiting == 0 {
        vault::drop_older(tx, &keys).await?;
        job::finish(tx, ctx, job, json!({ "resealed": job.done })).await?;
        return Ok(Step::Over);
    }
    let mut done = job.done;
    for rows in rooms::sealed_rows() {
        done += i64::try_from(rows.reseal(tx, &keys, AT_ONCE).await?).unwrap_or(0);
    }
    job::advance(tx, ctx, job, Progress { done, total: Some(job.done + waiting), state: json!({}) }).await?;
    Ok(Step::More)
}
