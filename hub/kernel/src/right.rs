//! Rights and roles as types. Rooms declare their own rights; the server collects them into one table of role × right.

/// A right, named `room.what`. Never renamed: audit rows and the golden table cite it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Right(pub &'static str);

/// A role as delivered. A school's own roles come with a later requirement (R-ID-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Parent or legal representative, for all their children.
    Guardian,
    /// Teacher.
    Teacher,
    /// Director of a school.
    Director,
    /// Administrator of a school.
    SchoolAdministrator,
    /// The supplier's support staff, for all schools.
    Support,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 5] = [Self::Guardian, Self::Teacher, Self::Director, Self::SchoolAdministrator, Self::Support];

    /// As in SQL and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Guardian => "guardian",
            Self::Teacher => "teacher",
            Self::Director => "director",
            Self::SchoolAdministrator => "school_administrator",
            Self::Support => "support",
        }
    }

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
