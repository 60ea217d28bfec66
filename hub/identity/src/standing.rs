//! Standing: as what somebody acts at an organisation, and what that opens.
//!
//! Most people hold a role for the whole school. Beside that a role may be held for some classes only, or in the place of a colleague who
//! handed it over; and a school may have switched single rights of a delivered role on or off. [`Held`] and [`Switched`] are what the
//! database says of that, [`Standing`] is the decision, made anew for each request. Pure.
//! Always true:
//!  1. What is held for some classes never counts for the whole school ([`Standing::at`] does not look at it).
//!  2. A right that the school switched off is opened by no holder of that role, and what is not a school's to give is opened by no switch.

use std::sync::Arc;

use kernel::{
    Error,
    ctx::Behalf,
    db::Scope,
    id::{ClassId, PersonId, SchoolId},
    right::{ByClass, Granted, Permission, Place, Right, Role, is_schools_to_give},
};

use crate::sessions::Identity;

/// Every right with the delivered roles that hold it.
pub type Table = [(Right, &'static [Role])];

/// A role held with a limit: for some classes, or in a colleague's place, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Where.
    pub school: SchoolId,
    /// The delivered role, or [`Role::Own`].
    pub role: Role,
    /// The rights of a role that the school made.
    pub rights: Vec<String>,
    /// For which classes; nothing for the whole school.
    pub classes: Option<Arc<[ClassId]>>,
    /// Whose role it is, where it was handed over.
    pub giver: Option<PersonId>,
}

/// A right of a delivered role that the school switched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switched {
    /// Where.
    pub school: SchoolId,
    /// In which role.
    pub role: Role,
    /// Which right.
    pub right: String,
    /// Whether the role opens it there.
    pub is_on: bool,
}

/// As what somebody acts, and what they see then.
#[derive(Debug)]
pub struct Standing {
    /// The role in force; what audit rows say.
    pub role: Option<Role>,
    /// What stands beside it.
    pub granted: Granted,
    /// Which schools are in sight.
    pub scope: Scope,
    /// In whose place.
    pub behalf: Behalf,
}

impl Standing {
    /// As what the person holds a right for a whole school: by a delivered role, by one that the school made, or in a colleague's place.
    ///
    /// # Errors
    /// `Forbidden` where no role of theirs opens it.
    pub fn at<P: Permission>(identity: &Identity, school: SchoolId, table: &Table) -> kernel::Result<Self> {
        let granted = identity.granted_at(school);
        let here = |(at, _): &&(SchoolId, Role)| *at == school;
        let of_supplier = |(_, role): &&(SchoolId, Role)| role.place() == Place::Supplier && P::ROLES.contains(role);
        let delivered = identity.grants.iter().filter(here).find(|(_, role)| identity.opens(school, *role, P::RIGHT, P::ROLES));
        if let Some((_, role)) = delivered.or_else(|| identity.grants.iter().find(of_supplier)) {
            let granted = granted.without(identity.switched_off(school, *role));
            return Ok(Self { role: Some(*role), granted, scope: Scope::school(school), behalf: Behalf::Nobody });
        }
        if granted.has::<P>() {
            return Ok(Self { role: Some(Role::Own), granted, scope: Scope::school(school), behalf: Behalf::Nobody });
        }
        let handed_over = identity.limited_at(school).find(|held| held.classes.is_none() && held.opens::<P>(identity)).ok_or(Error::Forbidden(P::RIGHT))?;
        let opened = granted.names().iter().cloned().chain(handed_over.rights_by_name(identity, table));
        let granted = Granted::of(opened).without(identity.switched_off(school, handed_over.role));
        Ok(Self { role: Some(handed_over.role), granted, scope: Scope::school(school), behalf: handed_over.giver.map_or(Behalf::Nobody, Behalf::Of) })
    }

    /// The same for a right that may be held for some classes only.
    ///
    /// # Errors
    /// `Forbidden` where no role of theirs opens it, not even for one class.
    pub fn within<P: ByClass>(identity: &Identity, school: SchoolId, table: &Table) -> kernel::Result<Self> {
        let whole = Self::at::<P>(identity, school, table);
        if whole.is_ok() {
            return whole;
        }
        let opening: Vec<&Held> = identity.limited_at(school).filter(|held| held.classes.is_some() && held.opens::<P>(identity)).collect();
        let first = opening.first().ok_or(Error::Forbidden(P::RIGHT))?;
        // Somebody who sees a class in their own right as well acts in their own name.
        let in_anothers_place = opening.iter().all(|held| held.giver.is_some());
        let behalf = first.giver.filter(|_| in_anothers_place).map_or(Behalf::Nobody, Behalf::Of);
        Ok(Self { role: Some(first.role), granted: identity.granted_within(school, table).by_name_only(), scope: Scope::school(school), behalf })
    }
}

impl Held {
    fn opens<P: Permission>(&self, identity: &Identity) -> bool {
        let by_role = identity.opens(self.school, self.role, P::RIGHT, P::ROLES);
        by_role || (is_schools_to_give(P::ROLES) && self.rights.iter().any(|right| right == P::RIGHT.0))
    }

    /// The rights it opens that its role as delivered does not say: those of the school's own role, and those switched on.
    fn rights_by_name(&self, identity: &Identity, table: &Table) -> Vec<String> {
        let switched_on = table.iter().filter(|(right, holders)| !holders.contains(&self.role) && identity.opens(self.school, self.role, *right, holders));
        self.rights.iter().cloned().chain(switched_on.map(|(right, _)| right.0.to_owned())).collect()
    }

    /// All rights it opens.
    fn all_rights(&self, identity: &Identity, table: &Table) -> Vec<String> {
        let by_role = table.iter().filter(|(right, holders)| identity.opens(self.school, self.role, *right, holders));
        self.rights.iter().cloned().chain(by_role.map(|(right, _)| right.0.to_owned())).collect()
    }
}

impl Identity {
    /// Whether a delivered role opens a right at a school, as that school arranged it.
    pub fn opens(&self, school: SchoolId, role: Role, right: Right, holders: &[Role]) -> bool {
        let switched = self.switched.iter().find(|switched| switched.school == school && switched.role == role && switched.right == right.0);
        match switched.filter(|_| role.place() == Place::School) {
            Some(switched) => switched.is_on && is_schools_to_give(holders),
            None => holders.contains(&role),
        }
    }

    /// What the school switched off in a role.
    fn switched_off(&self, school: SchoolId, role: Role) -> impl Iterator<Item = String> {
        self.switched.iter().filter(move |switched| switched.school == school && switched.role == role && !switched.is_on).map(|switched| switched.right.clone())
    }

    /// What stands beside the delivered roles of the person at a school: rights opened for the whole school in their own name.
    pub fn granted_at(&self, school: SchoolId) -> Granted {
        let own = self.own_rights.iter().filter(|(at, _)| *at == school).map(|(_, right)| right.clone());
        let here = self.grants.iter().filter(|(at, _)| *at == school);
        let switched_on = here.flat_map(|(_, role)| self.switched.iter().filter(move |switched| switched.school == school && switched.role == *role && switched.is_on));
        Granted::of(own.chain(switched_on.map(|switched| switched.right.clone())))
    }

    /// The same, with the rights for some classes.
    fn granted_within(&self, school: SchoolId, table: &Table) -> Granted {
        let limited = self.limited_at(school).filter_map(|held| Some((held, held.classes.clone()?)));
        let within = limited.flat_map(|(held, classes)| held.all_rights(self, table).into_iter().map(move |right| (right, Arc::clone(&classes))));
        self.granted_at(school).within(within)
    }

    /// The same for the navigation, which offers what any role of theirs opens.
    pub fn offered_at(&self, school: SchoolId, table: &Table) -> Granted {
        let in_anothers_place = self.limited_at(school).filter(|held| held.classes.is_none());
        let handed_over: Vec<String> = in_anothers_place.flat_map(|held| held.rights_by_name(self, table)).collect();
        let granted = self.granted_within(school, table);
        let opened: Vec<String> = granted.names().iter().cloned().chain(handed_over).collect();
        let roles = self.whole_roles_at(school);
        let by_no_role = table.iter().filter(|(right, holders)| !roles.iter().any(|role| self.opens(school, *role, *right, holders)));
        granted.opening(opened).without(by_no_role.map(|(right, _)| right.0.to_owned()))
    }

    /// The delivered roles that count for a whole school, in one's own name or in a colleague's place.
    pub fn whole_roles_at(&self, school: SchoolId) -> Vec<Role> {
        let own = self.grants.iter().filter(|(at, role)| *at == school || role.place() == Place::Supplier).map(|(_, role)| *role);
        own.chain(self.limited_at(school).filter(|held| held.classes.is_none()).map(|held| held.role)).collect()
    }

    fn limited_at(&self, school: SchoolId) -> impl Iterator<Item = &Held> {
        self.limited.iter().filter(move |held| held.school == school)
    }
}

#[cfg(test)]
mod tests {
    use kernel::id::{AccountId, Uuid};

    use super::*;

    kernel::rights! {
        /// Of lists that can be cut by class.
        SeePupils = "people.see_pupils" by class: [Director, Teacher],
        /// Of what cannot.
        Manage = "identity.manage_roles": [Director],
        /// Of what is not a school's to give.
        SeeDevices = "fleet.see": [Support],
    }

    const SCHOOL: SchoolId = SchoolId(Uuid::from_u128(1));

    fn somebody() -> Identity {
        let (account, person) = (AccountId(Uuid::nil()), PersonId(Uuid::from_u128(9)));
        Identity { account, person, name: String::new(), locale: None, grants: vec![], own_rights: vec![], limited: vec![], switched: vec![], children: vec![], second_factor: false, seer: None, scopes: None }
    }

    fn held(role: Role, classes: Option<&[u128]>) -> Held {
        let classes = classes.map(|classes| classes.iter().map(|number| ClassId(Uuid::from_u128(*number))).collect());
        Held { school: SCHOOL, role, rights: Vec::new(), classes, giver: None }
    }

    #[test]
    fn inv_1_a_role_for_some_classes_opens_no_whole_school() {
        let identity = Identity { limited: vec![held(Role::Teacher, Some(&[3])), held(Role::Director, Some(&[4]))], ..somebody() };
        assert!(Standing::at::<SeePupils>(&identity, SCHOOL, RIGHTS).is_err() && Standing::at::<Manage>(&identity, SCHOOL, RIGHTS).is_err());
        let standing = Standing::within::<SeePupils>(&identity, SCHOOL, RIGHTS).unwrap();
        let classes = standing.granted.classes_of(SeePupils::RIGHT, SeePupils::ROLES);
        assert_eq!(classes, [3, 4].map(|number| ClassId(Uuid::from_u128(number))), "two grants are one list");
        assert!(!standing.granted.leaves(SeePupils::RIGHT));
        let elsewhere = SchoolId(Uuid::from_u128(2));
        assert!(Standing::within::<SeePupils>(&identity, elsewhere, RIGHTS).is_err());
    }

    #[test]
    fn inv_2_a_switch_counts_for_its_role_and_gives_nothing_of_the_suppliers() {
        let switch = |role, right: &str, is_on| Switched { school: SCHOOL, role, right: right.to_owned(), is_on };
        let switched = vec![switch(Role::Teacher, "people.see_pupils", false), switch(Role::Teacher, "identity.manage_roles", true), switch(Role::Teacher, "fleet.see", true)];
        let teacher = Identity { grants: vec![(SCHOOL, Role::Teacher)], switched: switched.clone(), ..somebody() };
        assert!(Standing::at::<SeePupils>(&teacher, SCHOOL, RIGHTS).is_err());
        assert!(Standing::at::<Manage>(&teacher, SCHOOL, RIGHTS).is_ok());
        assert!(Standing::at::<SeeDevices>(&teacher, SCHOOL, RIGHTS).is_err());
        let both = Identity { grants: vec![(SCHOOL, Role::Teacher), (SCHOOL, Role::Director)], switched, ..somebody() };
        assert_eq!(Standing::at::<SeePupils>(&both, SCHOOL, RIGHTS).unwrap().role, Some(Role::Director), "the other role opens it still");
    }

    #[test]
    fn what_is_done_in_a_colleagues_place_says_so() {
        let giver = PersonId(Uuid::from_u128(5));
        let standing_in = Held { giver: Some(giver), ..held(Role::Director, None) };
        let identity = Identity { grants: vec![(SCHOOL, Role::Teacher)], limited: vec![standing_in], ..somebody() };
        let standing = Standing::at::<Manage>(&identity, SCHOOL, RIGHTS).unwrap();
        assert_eq!((standing.role, standing.behalf), (Some(Role::Director), Behalf::Of(giver)));
        assert_eq!(Standing::at::<SeePupils>(&identity, SCHOOL, RIGHTS).unwrap().behalf, Behalf::Nobody, "in their own name where they can");
    }
}
