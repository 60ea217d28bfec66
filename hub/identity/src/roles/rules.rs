//! Who may hand on what at a school, and what a role of the school may be called. Pure.

use std::collections::BTreeSet;

use kernel::{
    Error, Result,
    error::FieldError,
    right::{Granted, Place, Right, Role, is_schools_to_give},
};

/// Every right with the delivered roles that hold it.
pub type Table = [(Right, &'static [Role])];

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
    /// Its rights, each once, in order.
    pub rights: Vec<String>,
}

impl RoleDraft {
    /// Reads a form; all that is wrong with it is said at once.
    pub fn parse<'a>(name_kk: &str, name_ru: &str, rights: impl Iterator<Item = &'a str>, power: &Power, table: &Table) -> Result<Self> {
        let (name_kk, name_ru) = (tidy(name_kk), tidy(name_ru));
        let rights: BTreeSet<&str> = rights.collect();
        let mut wrong = Vec::new();
        if !is_name(&name_kk) {
            wrong.push(FieldError { field: "name_kk", message: "roles-field-name" });
        }
        if !is_name(&name_ru) {
            wrong.push(FieldError { field: "name_ru", message: "roles-field-name" });
        }
        if rights.is_empty() || !rights.iter().all(|right| power.may_give(right, table)) {
            wrong.push(FieldError { field: "rights", message: "roles-field-rights" });
        }
        if wrong.is_empty() { Ok(Self { name_kk, name_ru, rights: rights.into_iter().map(str::to_owned).collect() }) } else { Err(Error::Invalid(wrong)) }
    }
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
    fn a_role_needs_two_names_and_a_right() {
        let parse = |kk: &str, ru: &str, rights: &[&str]| RoleDraft::parse(kk, ru, rights.iter().copied(), &Power::Whole, TABLE);
        let draft = parse(" Асхана   кезекшісі ", "Дежурный", &["live.see_school", "live.see_school"]).unwrap();
        assert_eq!((draft.name_kk.as_str(), draft.rights), ("Асхана кезекшісі", vec!["live.see_school".to_owned()]));
        for (kk, ru, rights, fields) in [("", "1", &["live.see_school"][..], vec!["name_kk", "name_ru"]), ("Кезекші", "Дежурный", &[], vec!["rights"]), ("Кезекші", "Дежурный", &["fleet.see"], vec!["rights"])] {
            let Err(Error::Invalid(wrong)) = parse(kk, ru, rights) else { panic!("{kk}") };
            assert_eq!(wrong.iter().map(|field| field.field).collect::<Vec<_>>(), fields);
        }
    }
}
