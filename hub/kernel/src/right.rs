//! Rights and roles as types. Rooms declare their own rights; the server collects them into one table of role × right.
//!
//! A delivered role ([`Role`]) holds what rooms say it holds. A school adds roles of its own: a name and a set of rights, which come to a
//! person as [`Granted`]. A school can give away only what a delivered role of schools may hold, never what is the supplier's.

use std::sync::Arc;

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
}

/// Whether a school may give a right away in a role of its own: a delivered role of schools holds it too.
pub fn is_schools_to_give(holders: &[Role]) -> bool {
    holders.iter().any(|role| role.place() == Place::School)
}

/// Rights that came with roles which a school made, by name; on top of what the delivered role in force holds. Cheap to clone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Granted(Arc<[String]>);

impl Granted {
    /// The rights of these names.
    pub fn of(names: impl IntoIterator<Item = String>) -> Self {
        Self(names.into_iter().collect())
    }

    /// Whether a right is among them. What is not a school's to give opens nothing, however it got here.
    pub fn holds(&self, right: Right, holders: &[Role]) -> bool {
        is_schools_to_give(holders) && self.0.iter().any(|name| name == right.0)
    }

    /// Whether the right of a type is among them.
    pub fn has<P: Permission>(&self) -> bool {
        self.holds(P::RIGHT, P::ROLES)
    }

    /// The names.
    pub fn names(&self) -> &[String] {
        &self.0
    }
}

/// Declares rights: `rights! { /// Sees every device. SeeDevices = "fleet.see": [Support] }`, and the list `RIGHTS`.
#[macro_export]
macro_rules! rights {
    ($($(#[$doc:meta])* $Name:ident = $text:literal : [$($role:ident),* $(,)?]),* $(,)?) => {
        $( $(#[$doc])* #[derive(Debug, Clone, Copy)] pub struct $Name;
           impl $crate::right::Permission for $Name {
               const RIGHT: $crate::right::Right = $crate::right::Right($text);
               const ROLES: &'static [$crate::right::Role] = &[$($crate::right::Role::$role),*];
           } )*
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
    fn what_is_the_suppliers_is_never_a_schools_to_give() {
        let granted = Granted::of(["fleet.see".to_owned(), "live.see_school".to_owned()]);
        assert!(!granted.holds(Right("fleet.see"), &[Role::Support]));
        assert!(granted.holds(Right("live.see_school"), &[Role::Director, Role::Support]));
        assert!(!granted.holds(Right("people.enrol"), &[Role::Director]));
        assert!(!Granted::default().holds(Right("live.see_school"), &[Role::Director]));
    }
}
