//! Who reads at `/my/…`: a guardian for their children, and whoever works or learns at a school, or works at the supplier's, for themselves; often one person is both.
//!
//! To read what one was told oneself, and to say where it shall come, takes no right: it is nobody else's. What is told of children takes the
//! guardian's. The schools where somebody is at work come into sight only here, for their own rows.

use identity::{Child, MyGuard};
use kernel::{
    Ctx, Result,
    id::{PersonId, SchoolId},
    right::{Permission, Place, Role},
};

/// The roles whose holders have an inbox.
pub const READERS: &[Role] = &[
    Role::Guardian,
    Role::Pupil,
    Role::Teacher,
    Role::ClassTeacher,
    Role::DeputyAcademic,
    Role::DeputyUpbringing,
    Role::Director,
    Role::Psychologist,
    Role::CareerCounsellor,
    Role::SocialPedagogue,
    Role::Librarian,
    Role::CanteenWorker,
    Role::Nurse,
    Role::CardOfficer,
    Role::DoorGuard,
    Role::SchoolAdministrator,
    Role::Own,
    Role::Support,
    Role::SupplierAdministrator,
];

/// The signed-in person as a reader of notices.
#[derive(Debug, Clone)]
pub struct Own {
    /// The context: the schools of the children, and those where the person works or learns.
    pub ctx: Ctx,
    /// Of whom they are told: their children, and themselves at each of their own schools.
    pub of: Vec<Child>,
    /// Where they work or learn.
    pub schools: Vec<SchoolId>,
}

impl Own {
    /// Who came.
    pub fn of(guard: &MyGuard) -> Self {
        let identity = &guard.identity;
        let is_own = |role: Role| role == Role::Pupil || matches!(role.place(), Place::School | Place::Supplier);
        let whole = identity.grants.iter().filter(|(_, role)| is_own(*role)).map(|(school, _)| *school);
        // A role held in a colleague's place makes nobody a reader of what the colleague is told.
        let limited = identity.limited.iter().filter(|held| held.giver.is_none() && is_own(held.role)).map(|held| held.school);
        let mut schools: Vec<SchoolId> = whole.chain(limited).collect();
        schools.sort_unstable();
        schools.dedup();
        let mut ctx = guard.ctx.clone();
        ctx.scope.schools.extend(&schools);
        ctx.scope.schools.sort_unstable();
        ctx.scope.schools.dedup();
        let oneself = schools.iter().map(|school| Child { school: *school, person: identity.person });
        Self { ctx, of: identity.children.iter().copied().chain(oneself).collect(), schools }
    }

    /// Of whom they are told, each once.
    pub fn persons(&self) -> Vec<PersonId> {
        let mut persons: Vec<PersonId> = self.of.iter().map(|one| one.person).collect();
        persons.sort_unstable();
        persons.dedup();
        persons
    }

    /// Fails for who reads neither for themselves nor by the right `P` of guardians.
    ///
    /// # Errors
    /// `Forbidden`.
    pub fn require<P: Permission>(&self) -> Result<()> {
        if self.schools.is_empty() { self.ctx.require::<P>() } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_at_home_at_a_school_or_at_the_suppliers_has_an_inbox() {
        for role in Role::ALL {
            assert_eq!(READERS.contains(&role), matches!(role.place(), Place::Home | Place::School | Place::Supplier), "{}", role.as_str());
        }
    }
}
