//! Rights and roles as types. Rooms declare their own rights; the server collects them into one table of role × right.
//!
//! A delivered role ([`Role`]) holds what rooms say it holds. A school adds roles of its own: a name and a set of rights, which come to a
//! person as [`Granted`]. A school can give away only what a delivered role of schools may hold, never what is the supplier's.
//!
//! A role may be given for some classes only. Such a grant opens nothing but the rights that declare themselves boundable
//! (`by class` in [`rights!`](crate::rights)), and those only through [`Bounds`]: `Ctx::require` refuses it, `Ctx::within` says for
//! which classes it holds. So a use case that has not learned about bounds is closed to it.

use std::sync::Arc;

use crate::id::ClassId;

/// A right, named `room.what`. Never renamed: audit rows and the golden table cite it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Right(pub &'static str);

/// Where a role is at home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// With one's own: comes from kinship or enrolment, nobody grants it.
    Home,
    /// At a school, which grants it by itself.
    School,
    /// At an authority above schools.
    Authority,
    /// At the supplier of the service, for all schools.
    Supplier,
}

macro_rules! roles {
    ($($(#[$doc:meta])* $Name:ident = $text:literal @ $place:ident),* $(,)?) => {
        /// What somebody is in an organisation.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Role {
            $($(#[$doc])* $Name,)*
            /// A role that the school made: what it may do stands in [`Granted`] and nowhere else.
            Own,
        }

        impl Role {
            /// All roles as delivered.
            pub const ALL: [Self; [$($text),*].len()] = [$(Self::$Name),*];

            /// As in SQL and in message keys.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$Name => $text,)*
                    Self::Own => "own",
                }
            }

            /// Where it is at home.
            pub fn place(self) -> Place {
                match self {
                    $(Self::$Name => Place::$place,)*
                    Self::Own => Place::School,
                }
            }
        }
    };
}

roles! {
    /// Parent or legal representative, for all their children.
    Guardian = "guardian" @ Home,
    /// Pupil.
    Pupil = "pupil" @ Home,
    /// Teacher.
    Teacher = "teacher" @ School,
    /// Class teacher.
    ClassTeacher = "class_teacher" @ School,
    /// Deputy director for academic work.
    DeputyAcademic = "deputy_academic" @ School,
    /// Deputy director for upbringing.
    DeputyUpbringing = "deputy_upbringing" @ School,
    /// Director of a school.
    Director = "director" @ School,
    /// Psychologist.
    Psychologist = "psychologist" @ School,
    /// Career counsellor.
    CareerCounsellor = "career_counsellor" @ School,
    /// Social pedagogue.
    SocialPedagogue = "social_pedagogue" @ School,
    /// Librarian.
    Librarian = "librarian" @ School,
    /// Canteen worker.
    CanteenWorker = "canteen_worker" @ School,
    /// Nurse.
    Nurse = "nurse" @ School,
    /// Who answers for the school's cards.
    CardOfficer = "card_officer" @ School,
    /// The guard at the door.
    DoorGuard = "door_guard" @ School,
    /// Administrator of a school.
    SchoolAdministrator = "school_administrator" @ School,
    /// Education department of a district.
    DistrictDepartment = "district_department" @ Authority,
    /// Education administration of a region.
    RegionAdministration = "region_administration" @ Authority,
    /// The ministry.
    Ministry = "ministry" @ Authority,
    /// The supplier's support staff, for all schools.
    Support = "support" @ Supplier,
    /// The supplier's administrator, for all schools.
    SupplierAdministrator = "supplier_administrator" @ Supplier,
}

impl Role {
    /// Reads a stored role; nothing for one this version does not know, which then grants nothing.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

/// A right as a type, for the signature of a handler or use case: `Guard<SeeDevices>`.
pub trait Permission: 'static {
    /// The right that this type stands for.
    const RIGHT: Right;
    /// The delivered roles that hold it. The golden table of roles × rights is made from these.
    const ROLES: &'static [Role];
    /// Whether it may be held for some classes only; then the type is [`ByClass`].
    const IS_BY_CLASS: bool = false;
}

/// A right that may be held for some classes only: every use case behind it takes [`Bounds`] from `Ctx::within`.
pub trait ByClass: Permission {}

/// Of which classes a right holds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "who may see some classes only must not be shown the others"]
pub enum Bounds {
    /// Of the whole school.
    Whole,
    /// Of these classes and nobody else.
    Classes(Arc<[ClassId]>),
}

impl Bounds {
    /// As statements take it: nothing stands for all classes, an empty list for none.
    pub fn classes(&self) -> Option<Vec<ClassId>> {
        match self {
            Self::Whole => None,
            Self::Classes(classes) => Some(classes.to_vec()),
        }
    }

    /// What both hold of.
    pub fn and(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Whole, bounds) | (bounds, Self::Whole) => bounds.clone(),
            (Self::Classes(ours), theirs) => Self::Classes(ours.iter().copied().filter(|class| theirs.admits(*class)).collect()),
        }
    }

    /// Whether the class is within.
    pub fn admits(&self, class: ClassId) -> bool {
        match self {
            Self::Whole => true,
            Self::Classes(classes) => classes.contains(&class),
        }
    }

    /// Whether it is the whole school.
    pub fn is_whole(&self) -> bool {
        *self == Self::Whole
    }
}

/// Whether a school may give a right away in a role of its own: a delivered role of schools holds it too.
pub fn is_schools_to_give(holders: &[Role]) -> bool {
    holders.iter().any(|role| role.place() == Place::School)
}

/// What stands beside the delivered role in force, as the school arranged it: rights that it opened, rights that it took from the role,
/// and rights for some classes only. Cheap to clone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Granted {
    opened: Arc<[String]>,
    withheld: Arc<[String]>,
    within: Arc<[(String, Arc<[ClassId]>)]>,
    by_name_only: bool,
}

impl Granted {
    /// The rights of these names, for the whole school.
    pub fn of(names: impl IntoIterator<Item = String>) -> Self {
        Self { opened: names.into_iter().collect(), ..Self::default() }
    }

    /// The same, with other rights opened for the whole school.
    #[must_use]
    pub fn opening(self, names: impl IntoIterator<Item = String>) -> Self {
        Self { opened: names.into_iter().collect(), ..self }
    }

    /// The same, without these rights of the role in force: the school switched them off.
    #[must_use]
    pub fn without(self, names: impl IntoIterator<Item = String>) -> Self {
        Self { withheld: names.into_iter().collect(), ..self }
    }

    /// The same, and each of these rights for its classes.
    #[must_use]
    pub fn within(self, rights: impl IntoIterator<Item = (String, Arc<[ClassId]>)>) -> Self {
        Self { within: rights.into_iter().collect(), ..self }
    }

    /// The same, the role in force being a name and nothing more: it is held for some classes only, and what it opens there is said here.
    #[must_use]
    pub fn by_name_only(self) -> Self {
        Self { by_name_only: true, ..self }
    }

    /// Whether a right is opened for the whole school. What is not a school's to give opens nothing, however it got here.
    pub fn holds(&self, right: Right, holders: &[Role]) -> bool {
        is_schools_to_give(holders) && self.opened.iter().any(|name| name == right.0)
    }

    /// Whether the right of a type is opened for the whole school.
    pub fn has<P: Permission>(&self) -> bool {
        self.holds(P::RIGHT, P::ROLES)
    }

    /// Whether the role in force opens its right: the school has not switched it off, and the role is held for the whole school.
    pub fn leaves(&self, right: Right) -> bool {
        !self.by_name_only && !self.withheld.iter().any(|name| name == right.0)
    }

    /// The classes that a right is opened for, of all grants together; none where it is not.
    pub fn classes_of(&self, right: Right, holders: &[Role]) -> Vec<ClassId> {
        let opening = self.within.iter().filter(|(name, _)| is_schools_to_give(holders) && name == right.0);
        let mut classes: Vec<ClassId> = opening.flat_map(|(_, classes)| classes.iter().copied()).collect();
        classes.sort_unstable();
        classes.dedup();
        classes
    }

    /// The names of the rights opened for the whole school.
    pub fn names(&self) -> &[String] {
        &self.opened
    }
}

/// Declares rights: `rights! { /// Sees every device. SeeDevices = "fleet.see": [Support] }`, and the list `RIGHTS`.
/// `SeePupils = "people.see_pupils" by class: […]` may be held for some classes only.
#[macro_export]
macro_rules! rights {
    (@bound class) => { true };
    (@bound) => { false };
    (@mark $Name:ident class) => { impl $crate::right::ByClass for $Name {} };
    (@mark $Name:ident) => {};
    ($($(#[$doc:meta])* $Name:ident = $text:literal $(by $bound:ident)? : [$($role:ident),* $(,)?]),* $(,)?) => {
        $( $(#[$doc])* #[derive(Debug, Clone, Copy)] pub struct $Name;
           impl $crate::right::Permission for $Name {
               const RIGHT: $crate::right::Right = $crate::right::Right($text);
               const ROLES: &'static [$crate::right::Role] = &[$($crate::right::Role::$role),*];
               const IS_BY_CLASS: bool = $crate::rights!(@bound $($bound)?);
           }
           $crate::rights!(@mark $Name $($bound)?); )*
        /// The rights of this room, for the table of roles × rights.
        pub const RIGHTS: &[($crate::right::Right, &[$crate::right::Role])] =
            &[$( ($crate::right::Right($text), &[$($crate::right::Role::$role),*]) ),*];
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_role_reads_back_and_an_own_role_is_none_of_the_delivered() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!(Role::parse("own"), None);
        assert_eq!(Role::parse("tsar"), None);
    }

    #[test]
    fn a_right_for_some_classes_is_the_union_of_its_grants_and_opens_no_whole_school() {
        let class = |number: u128| ClassId(crate::id::Uuid::from_u128(number));
        let within = |right: &str, classes: &[u128]| (right.to_owned(), classes.iter().map(|number| class(*number)).collect());
        let right = Right("people.see_pupils");
        let granted = Granted::default().within([within(right.0, &[2, 1]), within("live.see_school", &[7]), within(right.0, &[2, 3])]).by_name_only();
        assert_eq!(granted.classes_of(right, &[Role::Teacher]), [class(1), class(2), class(3)]);
        assert_eq!(granted.classes_of(right, &[Role::Support]), [], "never what is the supplier's");
        assert!(!granted.holds(right, &[Role::Teacher]) && !granted.leaves(right));
        let some = |numbers: &[u128]| Bounds::Classes(numbers.iter().map(|number| class(*number)).collect());
        assert_eq!((Bounds::Whole.and(&some(&[1])), some(&[1, 2]).and(&some(&[2, 3])), some(&[1]).and(&some(&[2]))), (some(&[1]), some(&[2]), some(&[])));
        let switched = Granted::default().without([right.0.to_owned()]);
        assert!(!switched.leaves(right) && switched.leaves(Right("live.see_school")));
    }

    #[test]
    fn what_is_the_suppliers_is_never_a_schools_to_give() {
        let granted = Granted::of(["fleet.see".to_owned(), "live.see_school".to_owned()]);
        assert!(!granted.holds(Right("fleet.see"), &[Role::Support]));
        assert!(granted.holds(Right("live.see_school"), &[Role::Director, Role::Support]));
        assert!(!granted.holds(Right("people.enrol"), &[Role::Director]));
        assert!(!Granted::default().holds(Right("live.see_school"), &[Role::Director]));
    }
}
