//! Use cases of the list of guardians.

use kernel::{
    Ctx, Result,
    db::Db,
    id::{ClassId, PersonId, SchoolId},
    right::Bounds,
};
use web::component::{Address, Sort, table::Order};

use super::store::{self, Listed};
use crate::{
    find,
    pupils::{card::SeeCards, list::TakeLists},
};

/// How many guardians a page shows.
const PAGE: usize = 50;
/// How many a file holds: more than any school has.
const FILE: usize = 20_000;
/// How an account may stand.
pub const ACCOUNTS: [&str; 5] = ["none", "invited", "new", "used", "blocked"];

/// Which guardians. Empty texts leave out nobody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sieve {
    /// Words of a name, or digits of a phone, as typed.
    pub words: String,
    /// Of one class only.
    pub class: Option<ClassId>,
    /// Language.
    pub language: String,
    /// How the account stands: one of [`ACCOUNTS`].
    pub account: String,
    /// `phone` for who has none.
    pub missing: String,
}

impl Sieve {
    /// As an address says. What is no value of a filter is passed over.
    pub fn of(address: &Address) -> Self {
        let known = |name: &str, known: &[&str]| Some(address.get(name)).filter(|value| known.contains(value)).unwrap_or_default().to_owned();
        Self {
            words: address.get("q").trim().chars().take(100).collect(),
            class: address.get("class").parse().ok(),
            language: known("language", &["kk", "ru", "en"]),
            account: known("account", &ACCOUNTS),
            missing: known("missing", &["phone"]),
        }
    }

    /// What of it an audit row keeps: never what was typed.
    pub fn told(&self) -> serde_json::Value {
        let Self { words, class, language, account, missing } = self;
        serde_json::json!({ "class": class, "language": language, "account": account, "missing": missing, "searched": !words.is_empty() })
    }
}

/// A part of the list.
#[derive(Debug)]
pub struct Found {
    /// Its guardians.
    pub guardians: Vec<Listed>,
    /// The last one, when more follow.
    pub next: Option<PersonId>,
    /// How many match; said on the first page only.
    pub total: Option<i64>,
}

/// A page of the list.
///
/// # Errors
/// When the reader may see no cards, or the database does not answer.
pub async fn listed(db: &Db, ctx: &Ctx, school: SchoolId, sieve: &Sieve, sort: Option<Sort>, after: Option<PersonId>) -> Result<Found> {
    let bounds = ctx.within::<SeeCards>()?;
    ask(db, ctx, (school, &bounds), sieve, sort, after, PAGE).await
}

/// The whole list, to be taken away.
///
/// # Errors
/// When the reader may not, or the database does not answer.
pub async fn taken(db: &Db, ctx: &Ctx, school: SchoolId, sieve: &Sieve, sort: Option<Sort>) -> Result<Vec<Listed>> {
    let bounds = ctx.within::<SeeCards>()?.and(&ctx.within::<TakeLists>()?);
    Ok(ask(db, ctx, (school, &bounds), sieve, sort, None, FILE).await?.guardians)
}

/// Everybody who matches, for what is done with many.
///
/// # Errors
/// As [`listed`].
pub async fn matching(db: &Db, ctx: &Ctx, school: SchoolId, sieve: &Sieve) -> Result<Vec<PersonId>> {
    let bounds = ctx.within::<SeeCards>()?;
    let found = ask(db, ctx, (school, &bounds), sieve, None, None, web::component::chosen::MOST).await?;
    Ok(found.guardians.into_iter().map(|guardian| guardian.id).collect())
}

async fn ask(db: &Db, ctx: &Ctx, (school, bounds): (SchoolId, &Bounds), sieve: &Sieve, sort: Option<Sort>, after: Option<PersonId>, most: usize) -> Result<Found> {
    let digits = find::digits(&sieve.words);
    let Sieve { words, class, language, account, missing } = sieve.clone();
    let limit = i64::try_from(most + 1).unwrap_or(i64::MAX);
    let key = (school, words, digits, class, language, account, bounds.classes(), missing, ctx.now(), after, limit);
    let query = if sort.is_some_and(|sort| sort.order == Order::Descending) { &store::BY_NAME_BACK } else { &store::BY_NAME };
    let mut guardians = db.run(&ctx.scope, async |tx| query.all(tx, key).await).await?;
    let total = after.is_none().then(|| guardians.first().map_or(0, |guardian| guardian.total));
    let more = guardians.len() > most;
    guardians.truncate(most);
    let next = guardians.last().map(|guardian| guardian.id).filter(|_| more);
    Ok(Found { guardians, next, total })
}
