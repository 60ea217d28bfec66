//! Keeping IINs: sealed and hashed on the way in, opened on the way out.

use std::collections::HashMap;

use identity::{Policy, Sealer};
use kernel::{
    Actor, Ctx, Error, Result,
    db::Tx,
    id::{PersonId, SchoolId, Uuid},
    iin::Iin,
    mode::Mode,
};

use super::store;
use crate::imports::Chest;

/// Keeps the IINs of persons. Made of the installation's key; there is none where the installation has no key.
#[derive(Debug, Clone)]
pub struct Keeper {
    sealer: Sealer,
    mode: Mode,
}

impl Keeper {
    /// The keeper of an installation.
    ///
    /// # Errors
    /// `people.no_iin_key` where the installation has no key.
    pub fn of(policy: &Policy, mode: Mode) -> Result<Self> {
        Ok(Self { sealer: policy.sealer.clone().ok_or(Error::Refused("people.no_iin_key"))?, mode })
    }

    /// What seals a list that is being brought in: the same key of the installation.
    pub(crate) fn chest(&self, import: Uuid) -> Chest {
        Chest::of(&self.sealer, import)
    }

    /// Refuses a real person's IIN in a demo, and an invented one where real people are.
    ///
    /// # Errors
    /// `people.iin_real_in_demo`, `people.iin_invented`.
    pub fn accepts(&self, iin: &Iin) -> Result<()> {
        match (self.mode, iin.is_synthetic()) {
            (Mode::Demo, false) => Err(Error::Refused("people.iin_real_in_demo")),
            (Mode::Live, true) => Err(Error::Refused("people.iin_invented")),
            _ => Ok(()),
        }
    }

    /// Writes down the IINs of people who belong to the school, all at once. What stands there already stays; another number takes its place.
    ///
    /// # Errors
    /// `people.iin_taken` where a number is another person's of this school already, or twice in the list.
    pub async fn put_many(&self, tx: &Tx, ctx: &Ctx, school: SchoolId, iins: &[(PersonId, Iin)]) -> Result<u64> {
        if iins.is_empty() {
            return Ok(0);
        }
        let mut of_hash: HashMap<Vec<u8>, PersonId> = HashMap::new();
        let (mut persons, mut lookups, mut sealed) = (Vec::new(), Vec::new(), Vec::new());
        for (person, iin) in iins {
            self.accepts(iin)?;
            let lookup = self.sealer.lookup_iin(iin)?;
            if of_hash.insert(lookup.clone(), *person).is_some_and(|other| other != *person) {
                return Err(Error::Refused("people.iin_taken"));
            }
            persons.push(*person);
            sealed.push(self.sealer.seal_iin(*person, iin)?);
            lookups.push(lookup);
        }
        let here = store::IIN_FIND.all(tx, (school, lookups.clone())).await?;
        if here.iter().any(|found| of_hash.get(&found.lookup).is_some_and(|person| *person != found.person_id)) {
            return Err(Error::Refused("people.iin_taken"));
        }
        let by = match &ctx.actor {
            Actor::Person(signed_in) => Some(signed_in.person),
            Actor::System(_) => None,
        };
        store::IIN_PUT.run(tx, (persons, lookups, sealed, ctx.now(), by)).await
    }

    /// Whose these numbers are at the school. A number of somebody who never belonged to it is nobody's.
    ///
    /// # Errors
    /// The database's.
    pub async fn find_many(&self, tx: &Tx, school: SchoolId, iins: &[Iin]) -> Result<Vec<(Iin, PersonId)>> {
        let by_hash: HashMap<Vec<u8>, &Iin> = iins.iter().map(|iin| Ok((self.sealer.lookup_iin(iin)?, iin))).collect::<Result<_>>()?;
        let found = store::IIN_FIND.all(tx, (school, by_hash.keys().cloned().collect())).await?;
        Ok(found.into_iter().filter_map(|one| Some(((*by_hash.get(&one.lookup)?).clone(), one.person_id))).collect())
    }

    /// The IIN of a person whom the caller may see. Shown as it is it tells its last digits only; whoever reveals it holds the right.
    ///
    /// # Errors
    /// The database's, or a row that was sealed with another key.
    pub async fn iin_of(&self, tx: &Tx, person: PersonId) -> Result<Option<Iin>> {
        Ok(self.iins_of(tx, vec![person]).await?.remove(&person))
    }

    /// The same of several.
    ///
    /// # Errors
    /// As [`Keeper::iin_of`].
    pub async fn iins_of(&self, tx: &Tx, persons: Vec<PersonId>) -> Result<HashMap<PersonId, Iin>> {
        let kept = store::IIN_OF.all(tx, (persons,)).await?;
        kept.into_iter().map(|kept| Ok((kept.person_id, self.sealer.open_iin(kept.person_id, &kept.sealed)?))).collect()
    }
}

/// Takes the IINs of these people away, and says of how many there was one.
///
/// # Errors
/// The database's.
pub(crate) async fn remove_many(tx: &Tx, persons: Vec<PersonId>) -> Result<u64> {
    store::IIN_REMOVE.run(tx, (persons,)).await
}
