//! Changes: who may do what has changed, or a session has ended, perhaps on another instance.
//!
//! The database says so by itself (`standing_changed`, a trigger of every table that decides about rights) on the channel [`CHANNEL`], with
//! ids and nothing else. The server listens, makes this instance forget what it remembers ([`Changed::forget`]), and ends open sockets.
//! A word that is not understood counts as the widest change; one that is never heard costs what the memories last by themselves.

use kernel::id::{AccountId, PersonId, SchoolId, Uuid};
use web::Site;

use crate::{schools, sessions};

/// Where the database says it.
pub const CHANNEL: &str = "shanyraq_standing";

/// Whom a change concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// Everybody, or nobody knows whom.
    Everybody,
    /// What these persons may do.
    Persons(Vec<PersonId>),
    /// Sessions of these accounts.
    Accounts(Vec<AccountId>),
    /// What roles open at these schools.
    Schools(Vec<SchoolId>),
    /// What these organisations are called.
    Organisations(Vec<SchoolId>),
}

impl Changed {
    /// Reads what the database said.
    pub fn read(payload: &str) -> Self {
        let Some((kind, ids)) = payload.split_once(':') else { return Self::Everybody };
        let ids: Option<Vec<Uuid>> = ids.split(',').map(|id| Uuid::parse_str(id).ok()).collect();
        match (kind, ids) {
            ("person", Some(ids)) => Self::Persons(ids.into_iter().map(PersonId).collect()),
            ("account", Some(ids)) => Self::Accounts(ids.into_iter().map(AccountId).collect()),
            ("school", Some(ids)) => Self::Schools(ids.into_iter().map(SchoolId).collect()),
            ("organisation", Some(ids)) => Self::Organisations(ids.into_iter().map(SchoolId).collect()),
            _ => Self::Everybody,
        }
    }

    /// Makes this instance ask the database again about whom it concerns.
    pub fn forget(&self, site: &Site) {
        match self {
            Self::Everybody => {
                sessions::forget_all(site);
                schools::forget_all(site);
            }
            Self::Persons(persons) => persons.iter().for_each(|person| sessions::forget_person(site, *person)),
            Self::Accounts(accounts) => accounts.iter().for_each(|account| sessions::forget_account(site, *account)),
            Self::Schools(schools) => schools.iter().for_each(|school| sessions::forget_school(site, *school)),
            Self::Organisations(organisations) => organisations.iter().for_each(|organisation| schools::forget(site, *organisation)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_understood_is_the_widest_change() {
        let id = Uuid::from_u128(5);
        assert_eq!(Changed::read(&format!("person:{id},{id}")), Changed::Persons(vec![PersonId(id), PersonId(id)]));
        assert_eq!(Changed::read(&format!("account:{id}")), Changed::Accounts(vec![AccountId(id)]));
        assert_eq!(Changed::read(&format!("school:{id}")), Changed::Schools(vec![SchoolId(id)]));
        for payload in ["everybody", "", "person:", "person:x", "boiler:1"] {
            assert_eq!(Changed::read(payload), Changed::Everybody, "{payload}");
        }
    }
}
