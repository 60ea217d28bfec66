//! The context of a use case: who acts, in which language, and where time and ids come from.

use std::{net::IpAddr, sync::Arc};

use jiff::Timestamp;

use crate::{
    Locale,
    clock::Clock,
    db::Scope,
    error::{Error, Result},
    id::{AccountId, PersonId, SchoolId, Uuid, fresh},
    right::{Bounds, ByClass, Granted, Permission, Role},
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
    /// In whose place they act, if not in their own.
    pub behalf: Behalf,
}

/// In whose place somebody acts. Audit rows tell it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Behalf {
    /// In their own.
    #[default]
    Nobody,
    /// In the place of a colleague who handed their role over for a time.
    Of(PersonId),
    /// Somebody else looks at the product with this person's eyes, and changes nothing.
    SeenBy(PersonId),
}

/// Where a request came from, as audit rows tell it. What the product does by itself comes from nowhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The address.
    pub address: Option<IpAddr>,
    /// What it was made with, in two words: `Firefox, Android`.
    pub device: Option<Arc<str>>,
}

/// The context of a use case. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Ctx {
    /// Who acts.
    pub actor: Actor,
    /// The role in force for this use case; what audit rows say.
    pub role: Option<Role>,
    /// What roles that the school made open beside it.
    pub granted: Granted,
    /// Which schools this use case may see.
    pub scope: Scope,
    /// Language of what is shown.
    pub locale: Locale,
    /// The clock.
    pub clock: Clock,
    /// Where the request came from.
    pub origin: Origin,
    /// Why it is done, where somebody said so.
    pub reason: Option<Arc<str>>,
}

impl Ctx {
    /// The product itself at work.
    pub fn system(reason: &'static str, scope: Scope, clock: Clock) -> Self {
        Self { actor: Actor::System(reason), role: None, granted: Granted::default(), scope, locale: Locale::default(), clock, origin: Origin::default(), reason: None }
    }

    /// The same, for a reason that audit rows tell.
    #[must_use]
    pub fn because(self, reason: &str) -> Self {
        Self { reason: Some(Arc::from(reason)), ..self }
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

    /// Fails unless the role in force, or one that the school made, holds the right. Guards call it first; services may call it again.
    pub fn require<P: Permission>(&self) -> Result<()> {
        match (&self.actor, self.role) {
            (Actor::System(_), _) => Ok(()),
            (Actor::Person(_), Some(role)) if self.is_whole::<P>(role) => Ok(()),
            (Actor::Person(_), _) => Err(Error::Forbidden(P::RIGHT)),
        }
    }

    /// Of which classes the right holds. The head of a use case that can be held to some classes, in the place of [`require`](Self::require).
    pub fn within<P: ByClass>(&self) -> Result<Bounds> {
        match (&self.actor, self.role) {
            (Actor::System(_), _) => Ok(Bounds::Whole),
            (Actor::Person(_), Some(role)) if self.is_whole::<P>(role) => Ok(Bounds::Whole),
            (Actor::Person(_), _) => match self.granted.classes_of(P::RIGHT, P::ROLES) {
                classes if classes.is_empty() => Err(Error::Forbidden(P::RIGHT)),
                classes => Ok(Bounds::Classes(classes.into())),
            },
        }
    }

    fn is_whole<P: Permission>(&self, role: Role) -> bool {
        (P::ROLES.contains(&role) && self.granted.leaves(P::RIGHT)) || self.granted.has::<P>()
    }
}
