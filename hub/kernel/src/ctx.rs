//! The context of a use case: who acts, in which language, and where time and ids come from.

use jiff::Timestamp;

use crate::{
    Locale,
    clock::Clock,
    db::Scope,
    error::{Error, Result},
    id::{AccountId, PersonId, SchoolId, Uuid, fresh},
    right::{Permission, Role},
};

/// Who acts.
#[derive(Debug, Clone)]
pub enum Actor {
    /// A signed-in person.
    Person(SignedIn),
    /// The product itself, with the reason. Used by the engine and by jobs.
    System(&'static str),
}

/// A signed-in person with the roles they hold now.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The account.
    pub account: AccountId,
    /// The person.
    pub person: PersonId,
    /// Role by organisation, as granted now.
    pub grants: Vec<(SchoolId, Role)>,
}

/// The context of a use case. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Ctx {
    /// Who acts.
    pub actor: Actor,
    /// The role in force for this use case; what audit rows say.
    pub role: Option<Role>,
    /// Which schools this use case may see.
    pub scope: Scope,
    /// Language of what is shown.
    pub locale: Locale,
    /// The clock.
    pub clock: Clock,
}

impl Ctx {
    /// The product itself at work.
    pub fn system(reason: &'static str, scope: Scope, clock: Clock) -> Self {
        Self { actor: Actor::System(reason), role: None, scope, locale: Locale::default(), clock }
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A fresh id.
    pub fn id<T: From<Uuid>>(&self) -> T {
        T::from(fresh(self.now()))
    }

    /// The signed-in person, or `Forbidden` for the system.
    pub fn person(&self) -> Result<PersonId> {
        match &self.actor {
            Actor::Person(signed_in) => Ok(signed_in.person),
            Actor::System(_) => Err(Error::broken("a personal use case was called by the system")),
        }
    }

    /// Fails unless the role in force holds the right. Guards call it first; services may call it again.
    pub fn require<P: Permission>(&self) -> Result<()> {
        match (&self.actor, self.role) {
            (Actor::System(_), _) => Ok(()),
            (Actor::Person(_), Some(role)) if P::ROLES.contains(&role) => Ok(()),
            (Actor::Person(_), _) => Err(Error::Forbidden(P::RIGHT)),
        }
    }
}
