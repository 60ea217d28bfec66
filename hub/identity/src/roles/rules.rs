//! Who may hand on what at a school, and what a role of the school may be called. Pure.

use std::collections::BTreeSet;

use kernel::{
    Error, Result,
    error::FieldError,
    right::{Granted, Place, Right, Role, is_schools_to_give},
};

use crate::standing::Switched;

pub use crate::standing::Table;

/// What directors and administrators of a school keep, so that somebody can always arrange its roles and give them.
const KEPT: [&str; 2] = ["identity.manage_roles", "identity.manage_accounts"];

/// What somebody may hand on at a school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Power {
    /// The director: every role of the school and every right that is a school's to give.
    Whole,
    /// The administrator: the same, but nobody is made director by them.
    AllButDirector,
    /// Whoever got the work by a role of the school: what they hold themselves and no more.
    Held(BTreeSet<String>),
}

impl Power {
    /// Of somebody who is these delivered roles at a school, and was granted these rights there.
    pub fn of(roles: &[Role], granted: &Granted, table: &Table) -> Self {
        if roles.contains(&Role::Director) {
            return Self::Whole;
        }
        if roles.contains(&Role::SchoolAdministrator) {
            return Self::AllButDirector;
        }
        let by_role = table.iter().filter(|(_, holders)| holders.iter().any(|role| roles.contains(role))).map(|(right, _)| right.0.to_owned());
        Self::Held(by_role.chain(granted.names().iter().cloned()).collect())
    }

    /// Whether they may put a right into a role of the school.
    pub fn may_give(&self, right: &str, table: &Table) -> bool {
        let is_ours = table.iter().any(|(one, holders)| one.0 == right && is_schools_to_give(holders));
        let is_theirs = match self {
            Self::Whole | Self::AllButDirector => true,
            Self::Held(held) => held.contains(right),
        };
        is_ours && is_theirs
    }

    /// Whether they may make somebody this delivered role, or end that.
    pub fn may_appoint(&self, role: Role, table: &Table) -> bool {
        let rank_allows = match self {
            Self::Whole => true,
            Self::AllButDirector => role != Role::Director,
            Self::Held(held) => {
                let all_held = table.iter().filter(|(_, holders)| holders.contains(&role)).all(|(right, _)| held.contains(right.0));
                all_held && !matches!(role, Role::Director | Role::SchoolAdministrator)
            }
        };
        role.place() == Place::School && role != Role::Own && rank_allows
    }

    /// Whether they may give or end a role of the school that holds these rights.
    pub fn may_appoint_own(&self, rights: &[String]) -> bool {
        match self {
            Self::Whole | Self::AllButDirector => true,
            Self::Held(held) => rights.iter().all(|right| held.contains(right)),
        }
    }
}

/// A role of the school as written down, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleDraft {
    /// Its name in Kazakh.
    pub name_kk: String,
    /// Its name in Russian.
    pub name_ru: String,
    /// Its name in English, where somebody wrote one.
    pub name_en: Option<String>,
    /// Its rights, each once, in order.
    pub rights: Vec<String>,
}

impl RoleDraft {
    /// Reads a form; all that is wrong with it is said at once.
    pub fn parse<'a>([name_kk, name_ru, name_en]: [&str; 3], rights: impl Iterator<Item = &'a str>, power: &Power, table: &Table) -> Result<Self> {
        let [name_kk, name_ru, name_en] = [name_kk, name_ru, name_en].map(tidy);
        let rights: BTreeSet<&str> = rights.collect();
        let mut wrong = Vec::new();
        if !is_name(&name_kk) {
            wrong.push(FieldError { field: "name_kk", message: "roles-field-name" });
        }
        if !is_name(&name_ru) {
            wrong.push(FieldError { field: "name_ru", message: "roles-field-name" });
        }
        if !name_en.is_empty() && !is_name(&name_en) {
            wrong.push(FieldError { field: "name_en", message: "roles-field-name" });
        }
        if rights.is_empty() || !rights.iter().all(|right| power.may_give(right, table)) {
            wrong.push(FieldError { field: "rights", message: "roles-field-rights" });
        }
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        let rights = rights.into_iter().map(str::to_owned).collect();
        Ok(Self { name_kk, name_ru, name_en: Some(name_en).filter(|name| !name.is_empty()), rights })
    }
}

/// Whether a school may switch a right in a delivered role: the role is a school's and so is the right, and nobody locks the door to this
/// very page behind themselves: directors and administrators keep the management of roles.
pub fn may_switch(role: Role, right: Right, table: &Table) -> bool {
    let is_ours = table.iter().any(|(one, holders)| *one == right && is_schools_to_give(holders));
    role.place() == Place::School && role != Role::Own && is_ours && !(matches!(role, Role::Director | Role::SchoolAdministrator) && KEPT.contains(&right.0))
}

/// A right of a delivered role that changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RightChange {
    /// Which.
    pub right: Right,
    /// Whether the role opens it from now on.
    pub is_on: bool,
    /// Whether that is as delivered, so that nothing is to be remembered.
    pub is_as_delivered: bool,
}

/// What changes when a delivered role is to open exactly the wanted of the rights that may be switched in it.
pub fn switches(role: Role, wanted: &BTreeSet<String>, before: &[Switched], table: &Table) -> Vec<RightChange> {
    let change = |(right, holders): &(Right, &[Role])| {
        let delivered = holders.contains(&role);
        let now = before.iter().find(|switched| switched.role == role && switched.right == right.0).map_or(delivered, |switched| switched.is_on);
        let is_on = wanted.contains(right.0);
        (may_switch(role, *right, table) && is_on != now).then_some(RightChange { right: *right, is_on, is_as_delivered: is_on == delivered })
    };
    table.iter().filter_map(change).collect()
}

/// What a delivered role opens at a school.
pub fn opened(role: Role, switched: &[Switched], table: &Table) -> Vec<Right> {
    let opens = |(right, holders): &&(Right, &[Role])| {
        let here = switched.iter().find(|switched| switched.role == role && switched.right == right.0);
        here.map_or(holders.contains(&role), |switched| switched.is_on && is_schools_to_give(holders))
    };
    table.iter().filter(opens).map(|(right, _)| *right).collect()
}

/// The message that says what a right opens.
pub fn right_key(right: &str) -> String {
    format!("right-{}", right.replace(['.', '_'], "-"))
}

/// The message with a delivered role's name.
pub fn role_key(role: &str) -> String {
    format!("role-{}", role.replace('_', "-"))
}

/// One space where several were typed.
fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_name(text: &str) -> bool {
    (2..=60).contains(&text.chars().count()) && text.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &Table = &[
        (Right("fleet.see"), &[Role::Support]),
        (Right("live.see_school"), &[Role::Director, Role::Teacher]),
        (Right("people.see_pupils"), &[Role::Director, Role::Teacher, Role::Psychologist]),
        (Right("identity.manage_accounts"), &[Role::Director, Role::SchoolAdministrator]),
        (Right("app.see_own_children"), &[Role::Guardian]),
    ];

    fn helper() -> Power {
        Power::of(&[], &Granted::of(["identity.manage_accounts".to_owned(), "people.see_pupils".to_owned()]), TABLE)
    }

    #[test]
    fn inv_1_nobody_gives_what_is_not_a_schools() {
        for power in [Power::Whole, Power::AllButDirector, helper(), Power::of(&[], &Granted::of(["fleet.see".to_owned()]), TABLE)] {
            for right in ["fleet.see", "app.see_own_children", "no.such_right"] {
                assert!(!power.may_give(right, TABLE), "{power:?} {right}");
            }
        }
        assert!(Power::Whole.may_give("live.see_school", TABLE));
    }

    #[test]
    fn inv_2_nobody_hands_on_what_they_do_not_have() {
        assert!(Power::Whole.may_appoint(Role::Director, TABLE));
        assert!(!Power::AllButDirector.may_appoint(Role::Director, TABLE));
        assert!(Power::AllButDirector.may_appoint(Role::SchoolAdministrator, TABLE));
        let helper = helper();
        assert!(helper.may_give("people.see_pupils", TABLE) && !helper.may_give("live.see_school", TABLE));
        assert!(helper.may_appoint(Role::Psychologist, TABLE), "they hold all that a psychologist holds");
        assert!(!helper.may_appoint(Role::Teacher, TABLE), "a teacher sees more");
        assert!(!helper.may_appoint(Role::SchoolAdministrator, TABLE), "even where they hold all of it");
        assert!(helper.may_appoint_own(&["people.see_pupils".to_owned()]) && !helper.may_appoint_own(&["live.see_school".to_owned()]));
        for power in [Power::Whole, Power::AllButDirector, helper] {
            for role in [Role::Guardian, Role::Pupil, Role::Ministry, Role::Support, Role::SupplierAdministrator, Role::Own] {
                assert!(!power.may_appoint(role, TABLE), "{power:?} {role:?}");
            }
        }
    }

    #[test]
    fn inv_5_a_school_switches_only_what_is_its_own_and_never_the_administrators_hold_on_roles() {
        let manage = Right("identity.manage_roles");
        let table: &Table = &[(manage, &[Role::Director, Role::SchoolAdministrator]), (Right("fleet.see"), &[Role::Support]), (Right("app.see_own_children"), &[Role::Guardian])];
        assert!(!may_switch(Role::Director, manage, table) && !may_switch(Role::SchoolAdministrator, manage, table) && may_switch(Role::Teacher, manage, table));
        for role in [Role::Support, Role::Guardian, Role::Ministry, Role::Own] {
            assert!(!may_switch(role, manage, table), "{role:?}");
        }
        for right in ["fleet.see", "app.see_own_children", "no.such_right"] {
            assert!(!may_switch(Role::Director, Right(right), table), "{right}");
        }
    }

    #[test]
    fn only_what_differs_from_before_changes_and_only_what_differs_from_the_delivery_is_remembered() {
        let school = kernel::id::SchoolId(kernel::id::Uuid::nil());
        let off = Switched { school, role: Role::Teacher, right: "live.see_school".to_owned(), is_on: false };
        let wanted = |rights: &[&str]| rights.iter().map(|right| (*right).to_owned()).collect::<BTreeSet<_>>();
        assert_eq!(switches(Role::Teacher, &wanted(&["live.see_school", "people.see_pupils"]), &[], TABLE), []);
        let again = switches(Role::Teacher, &wanted(&["live.see_school", "people.see_pupils"]), &[off], TABLE);
        assert_eq!(again, [RightChange { right: Right("live.see_school"), is_on: true, is_as_delivered: true }]);
        let more = switches(Role::Librarian, &wanted(&["people.see_pupils", "fleet.see"]), &[], TABLE);
        assert_eq!(more, [RightChange { right: Right("people.see_pupils"), is_on: true, is_as_delivered: false }]);
    }

    #[test]
    fn a_role_needs_two_names_and_a_right() {
        let parse = |kk: &str, ru: &str, rights: &[&str]| RoleDraft::parse([kk, ru, ""], rights.iter().copied(), &Power::Whole, TABLE);
        let draft = parse(" Асхана   кезекшісі ", "Дежурный", &["live.see_school", "live.see_school"]).unwrap();
        assert_eq!((draft.name_kk.as_str(), draft.rights), ("Асхана кезекшісі", vec!["live.see_school".to_owned()]));
        for (kk, ru, rights, fields) in [("", "1", &["live.see_school"][..], vec!["name_kk", "name_ru"]), ("Кезекші", "Дежурный", &[], vec!["rights"]), ("Кезекші", "Дежурный", &["fleet.see"], vec!["rights"])] {
            let Err(Error::Invalid(wrong)) = parse(kk, ru, rights) else { panic!("{kk}") };
            assert_eq!(wrong.iter().map(|field| field.field).collect::<Vec<_>>(), fields);
        }
    }
}
