//! Keeping identifiers: sealed and hashed on the way in, opened on the way out, one account for each.

use std::collections::HashMap;

use jiff::Timestamp;
use kernel::{
    Error, Result,
    db::{Db, Scope, Tx},
    id::{AccountId, PersonId},
    iin::Iin,
};
use web::{Mode, Site};

use super::{
    rules::{Identifier, Kind},
    store,
};
use crate::{
    accounts::Policy,
    factors::{Purpose, Sealer},
};

/// Seals, opens and hashes identifiers. There is none where the installation has no key.
pub(crate) struct Keeper<'a>(&'a Sealer);

/// Who sets an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Author {
    /// Its owner, whom nobody asked to prove it: the word of a school or of a letter's link wins over theirs.
    Owner(PersonId),
    /// Somebody whose word counts.
    Vouching(PersonId),
}

/// What an account has, as pages show it.
#[derive(Default)]
pub(crate) struct Known {
    /// The phone, whole.
    pub phone: Option<String>,
    /// The e-mail, whole.
    pub email: Option<String>,
    /// The IIN by its last digits.
    pub iin: Option<String>,
}

impl<'a> Keeper<'a> {
    /// The keeper of the installation's policy.
    ///
    /// # Errors
    /// `account.identifiers_unavailable` without a key.
    pub fn of(policy: &'a Policy) -> Result<Self> {
        policy.sealer.as_ref().map(Self).ok_or(Error::Refused("account.identifiers_unavailable"))
    }

    /// By what it is found.
    pub fn lookup(&self, identifier: &Identifier) -> Result<Vec<u8>> {
        Ok(self.0.lookup(identifier.kind().as_str(), identifier.reveal())?.to_vec())
    }

    /// As it is kept.
    pub fn seal(&self, account: AccountId, identifier: &Identifier) -> Result<Vec<u8>> {
        self.0.seal(Purpose::Identifier, account, identifier.reveal().as_bytes())
    }

    /// The whole of it.
    pub fn open(&self, account: AccountId, sealed: &[u8]) -> Result<String> {
        let plain = self.0.open(Purpose::Identifier, account, sealed)?;
        String::from_utf8(plain).map_err(|_| Error::broken("a sealed identifier is no text"))
    }
}

/// What an account has, in the caller's transaction. Without a key nothing.
pub(crate) async fn known(tx: &Tx, policy: &Policy, account: AccountId) -> Result<Known> {
    let Ok(keeper) = Keeper::of(policy) else { return Ok(Known::default()) };
    let mut known = Known::default();
    for kept in store::IDENTIFIER_LIST.all(tx, (account,)).await? {
        let value = keeper.open(account, &kept.sealed)?;
        match kept.kind.as_str() {
            "phone" => known.phone = Some(value),
            "email" => known.email = Some(value),
            _ => known.iin = Iin::parse(&value).ok().map(|iin| iin.to_string()),
        }
    }
    Ok(known)
}

/// The e-mail of an account, whole, where it is confirmed and the account not blocked. For whoever writes to it, and for its owner.
///
/// # Errors
/// The database's.
pub async fn confirmed_email(db: &Db, policy: &Policy, account: AccountId) -> Result<Option<String>> {
    let Ok(keeper) = Keeper::of(policy) else { return Ok(None) };
    let kept = db.run(&Scope::nothing(), async |tx| store::EMAIL_CONFIRMED.opt(tx, (account,)).await).await?;
    kept.map(|kept| keeper.open(account, &kept.sealed)).transpose()
}

/// How the authorised body finds and reaches somebody.
#[derive(Default)]
pub(crate) struct Reach {
    /// The IIN, whole.
    pub iin: Option<String>,
    /// The phone.
    pub phone: Option<String>,
}

/// IIN and phone of several people, as far as they are known. Without a key nothing. For what the law wants to have whole: whoever asks
/// writes that down.
pub(crate) async fn reach(tx: &Tx, policy: &Policy, persons: Vec<PersonId>) -> Result<HashMap<PersonId, Reach>> {
    let Ok(keeper) = Keeper::of(policy) else { return Ok(HashMap::new()) };
    let mut found: HashMap<PersonId, Reach> = HashMap::new();
    for kept in store::IDENTIFIER_OF_PERSONS.all(tx, (persons,)).await? {
        let reach = found.entry(kept.person_id).or_default();
        let value = Some(keeper.open(kept.account_id, &kept.sealed)?);
        match kept.kind.as_str() {
            "iin" => reach.iin = value,
            _ => reach.phone = value,
        }
    }
    Ok(found)
}

/// Sets an identifier of an account in the caller's transaction, and says whether that changed anything.
///
/// # Errors
/// `account.identifier_taken` where it is another account's already.
pub(crate) async fn write(tx: &Tx, keeper: &Keeper<'_>, account: AccountId, identifier: &Identifier, author: Author, now: Timestamp) -> Result<bool> {
    put(tx, account, identifier.kind(), keeper.lookup(identifier)?, keeper.seal(account, identifier)?, author, now).await
}

/// The same with what was sealed before.
pub(super) async fn put(tx: &Tx, account: AccountId, kind: Kind, lookup: Vec<u8>, sealed: Vec<u8>, author: Author, now: Timestamp) -> Result<bool> {
    let (by, vouched) = match author {
        Author::Owner(person) => (person, None),
        Author::Vouching(person) => (person, Some(now)),
    };
    let owner = store::OWNER_FIND.opt(tx, (kind.as_str(), lookup.clone())).await?.filter(|owner| owner.account_id != account);
    match owner {
        Some(other) if other.vouched_at.is_none() && vouched.is_some() => store::IDENTIFIER_DELETE.run(tx, (other.account_id, kind.as_str())).await.map(drop)?,
        Some(_) => return Err(taken()),
        None => {}
    }
    let changed = store::IDENTIFIER_PUT.run(tx, (account, kind.as_str(), lookup, sealed, now, by, vouched)).await.map_err(|error| {
        // Two at once: the unique index lets one of them in.
        if error.sqlstate() == Some("23505") { taken() } else { error }
    })?;
    Ok(changed > 0)
}

/// Takes an identifier off an account, and says whether there was one.
pub(crate) async fn take_off(tx: &Tx, account: AccountId, kind: Kind) -> Result<bool> {
    Ok(store::IDENTIFIER_DELETE.run(tx, (account, kind.as_str())).await? > 0)
}

/// Refuses the IIN of a real person in a demo, and an invented one where real people are.
///
/// # Errors
/// `account.iin_real_in_demo`, or a field that cannot be taken.
pub(crate) fn fits_the_mode(site: &Site, iin: &Iin) -> Result<()> {
    match (site.mode, iin.is_synthetic()) {
        (Mode::Demo, false) => Err(Error::Refused("account.iin_real_in_demo")),
        (Mode::Live, true) => Err(Error::invalid("iin", "identifiers-field-iin")),
        _ => Ok(()),
    }
}

fn taken() -> Error {
    Error::Refused("account.identifier_taken")
}
