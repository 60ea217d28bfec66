//! What the installation asks of those who sign in. The server reads it from its configuration and registers it as
//! `actix_web::web::Data<Policy>`; where nobody did, [`Policy::default`] holds.

use std::{collections::HashSet, sync::LazyLock};

use actix_web::{HttpRequest, web::Data};
use kernel::right::Role;

use crate::factors::Sealer;

/// Passwords that everybody knows; see the file.
const EVERYBODY_KNOWS: &str = include_str!("known_passwords.txt");
const LEAST_LENGTH: usize = 10;

/// What the installation asks of those who sign in.
#[derive(Debug, Clone)]
pub struct Policy {
    /// A new password has at least so many characters.
    pub password_least: usize,
    /// Passwords that are refused, in small letters.
    pub known_passwords: HashSet<Box<str>>,
    /// Who holds one of these roles anywhere needs a second factor.
    pub second_factor_roles: Vec<Role>,
    /// Seals secrets at rest; without it nobody can switch a second factor on.
    pub sealer: Option<Sealer>,
}

impl Default for Policy {
    fn default() -> Self {
        Self { password_least: LEAST_LENGTH, known_passwords: words(EVERYBODY_KNOWS).collect(), second_factor_roles: Vec::new(), sealer: None }
    }
}

static UNSAID: LazyLock<Policy> = LazyLock::new(Policy::default);

impl Policy {
    /// The policy of a request's installation.
    pub fn of(req: &HttpRequest) -> &Self {
        req.app_data::<Data<Self>>().map_or(&UNSAID, Data::get_ref)
    }

    /// Refuses these passwords too, one a line.
    pub fn refuse_too(&mut self, list: &str) {
        self.known_passwords.extend(words(list));
    }

    /// Whether everybody knows this password, given in small letters.
    pub fn knows(&self, small: &str) -> bool {
        self.known_passwords.contains(small)
    }

    /// Whether one of these roles needs a second factor.
    pub fn asks_second_factor_of(&self, roles: &[Role]) -> bool {
        self.second_factor_roles.iter().any(|role| roles.contains(role))
    }
}

fn words(list: &str) -> impl Iterator<Item = Box<str>> + '_ {
    list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("# ")).map(|line| line.to_lowercase().into_boxed_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_adds_to_what_everybody_knows() {
        let mut policy = Policy::default();
        assert!(policy.knows("qwertyuiop") && policy.knows("құпиясөз") && !policy.knows("kestrel-7-boat") && !policy.knows(""));
        policy.refuse_too("# leaked\n\nKestrel-7-Boat\r\n");
        assert!(policy.knows("kestrel-7-boat") && policy.knows("qwertyuiop"));
    }

    #[test]
    fn a_second_factor_is_asked_of_whoever_holds_one_of_the_roles() {
        let policy = Policy { second_factor_roles: vec![Role::Director], ..Policy::default() };
        assert!(policy.asks_second_factor_of(&[Role::Guardian, Role::Director]));
        assert!(!policy.asks_second_factor_of(&[Role::Guardian, Role::Teacher]) && !Policy::default().asks_second_factor_of(&[Role::Director]));
    }
}
