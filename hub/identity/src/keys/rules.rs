//! What a key may hold, and what it opens. Pure.

use kernel::{
    Error, Result,
    id::SchoolId,
    right::{Place, Right, Role},
};

use crate::sessions::Identity;

/// Every right with the delivered roles that hold it.
pub type Table = [(Right, &'static [Role])];

/// The scope of what is nobody else's: one's children, inbox, phones.
pub const OWN: &str = "own";
/// Who asks who they are needs no scope.
const WHO_AM_I: &str = "/api/v1/me";
/// The longest life of a key.
pub const MOST_DAYS: i64 = 365;
const LONGEST_NAME: usize = 60;

/// A key to be made, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// By what its owner knows it.
    pub name: String,
    /// What it may open.
    pub scopes: Vec<String>,
    /// How many days it lives.
    pub days: i64,
}

impl Draft {
    /// Reads a form. `offered` is what its owner may put into a key.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse<'a>(name: &str, days: &str, chosen: impl Iterator<Item = &'a str>, offered: &[String]) -> Result<Self> {
        let name: String = name.trim().chars().take(LONGEST_NAME).collect();
        if name.is_empty() {
            return Err(Error::Refused("account.key_unnamed"));
        }
        let days = days.trim().parse::<i64>().ok().filter(|days| (1..=MOST_DAYS).contains(days)).ok_or(Error::Refused("account.key_too_long"))?;
        let mut scopes: Vec<String> = chosen.map(str::to_owned).collect();
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() || !scopes.iter().all(|scope| offered.contains(scope)) {
            return Err(Error::Refused("account.key_scopes"));
        }
        Ok(Self { name, scopes, days })
    }
}

/// The rights that somebody holds for the whole of an organisation, by name.
pub fn rights_at(identity: &Identity, school: SchoolId, table: &Table) -> Vec<String> {
    let (roles, granted) = (identity.whole_roles_at(school), identity.granted_at(school));
    let held = table.iter().filter(|(right, holders)| roles.iter().any(|role| identity.opens(school, *role, *right, holders)) || granted.holds(*right, holders));
    held.map(|(right, _)| right.0.to_owned()).collect()
}

/// What somebody may put into a key: what is their own, and every right of an organisation that they hold anywhere.
pub fn offered(identity: &Identity, table: &Table) -> Vec<String> {
    let of_organisations: Vec<&str> = table.iter().filter(|(_, holders)| holders.iter().any(|role| role.place() != Place::Home)).map(|(right, _)| right.0).collect();
    let mut schools: Vec<SchoolId> = identity.grants.iter().map(|(school, _)| *school).chain(identity.limited.iter().map(|held| held.school)).collect();
    schools.sort_unstable();
    schools.dedup();
    let mut rights: Vec<String> = schools.into_iter().flat_map(|school| rights_at(identity, school, table)).filter(|right| of_organisations.contains(&right.as_str())).collect();
    rights.sort_unstable();
    rights.dedup();
    [OWN.to_owned()].into_iter().chain(rights).collect()
}

impl Identity {
    /// Refuses a right that the key in use does not hold. A session is no key and holds all.
    ///
    /// # Errors
    /// `Forbidden`.
    pub fn key_lets(&self, right: Right) -> Result<()> {
        match &self.scopes {
            Some(scopes) if !scopes.iter().any(|scope| scope == right.0) => Err(Error::Forbidden(right)),
            _ => Ok(()),
        }
    }

    /// The same for what is one's own.
    ///
    /// # Errors
    /// `Forbidden`.
    pub(crate) fn key_lets_own(&self, path: &str) -> Result<()> {
        if path == WHO_AM_I { Ok(()) } else { self.key_lets(Right(OWN)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_named_ends_within_a_year_and_holds_what_is_offered() {
        let offered = [OWN.to_owned(), "people.see_pupils".to_owned()];
        let parse = |name: &str, days: &str, scopes: &[&str]| Draft::parse(name, days, scopes.iter().copied(), &offered);
        let draft = parse(" Accounting ", "365", &["people.see_pupils", OWN, OWN]).unwrap();
        assert_eq!((draft.name.as_str(), draft.days, draft.scopes), ("Accounting", 365, vec![OWN.to_owned(), "people.see_pupils".to_owned()]));
        for (name, days, scopes) in [("", "30", &[OWN][..]), ("x", "0", &[OWN]), ("x", "366", &[OWN]), ("x", "-1", &[OWN]), ("x", "99999999999999999999", &[OWN]), ("x", "30", &[]), ("x", "30", &["fleet.see"])] {
            assert!(matches!(parse(name, days, scopes), Err(Error::Refused(_))), "{name} {days} {scopes:?}");
        }
    }
}
