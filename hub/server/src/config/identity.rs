//! Signing in, and the key that seals what must not be read in a stolen database.

use super::{Config, ConfigError, read_secret, section::section};
use identity::{Policy, Sealer};
use kernel::{right::Role, vault::Vault};
use std::path::PathBuf;

section! {
    /// Signing in.
    pub struct Identity {
        /// A new password has at least so many characters (8 to 64).
        password_min_length: usize = 10,
        /// A file of passwords that leaked, one a line, refused beside a short list of our own. Unset: our own list only.
        known_passwords_file: Option<PathBuf> = None,
        /// Roles that need two-step sign-in, such as `["director", "support"]`: who holds one and has not switched it on sees no other page.
        second_factor_roles: Vec<String> = Vec::new(),
    }
}

section! {
    /// Keys that the database does not hold.
    pub struct Secrets {
        /// The file of the key (at least 32 random characters) that seals secrets of two-step sign-in. Whoever loses it loses them.
        /// Unset: nobody can switch two-step sign-in on.
        key_file: Option<PathBuf> = None,
        /// The file of the key (at least 32 random characters) that seals health, social and psychology records. Whoever loses it loses them.
        /// For a rotation write the new key as the first line, keep the old one below it, run `shanyraq keys rotate`, and take the old
        /// line away when `shanyraq keys status` says that no data key is sealed by it. Unset: no such records are kept.
        records_key_file: Option<PathBuf> = None,
    }
}

/// Shorter passwords are guessed, longer ones are not typed.
const LEAST_LENGTHS: std::ops::RangeInclusive<usize> = 8..=64;

impl Identity {
    pub(super) fn validate(&self, secrets: &Secrets) -> Result<(), ConfigError> {
        if !LEAST_LENGTHS.contains(&self.password_min_length) {
            return Err(ConfigError::Invalid { key: "identity.password_min_length", problem: format!("{} is not from 8 to 64", self.password_min_length) });
        }
        if !self.roles()?.is_empty() && secrets.key_file.is_none() {
            return Err(ConfigError::Invalid { key: "secrets.key_file", problem: "is needed when identity.second_factor_roles names a role: nobody could switch it on without".to_owned() });
        }
        Ok(())
    }

    fn roles(&self) -> Result<Vec<Role>, ConfigError> {
        let role = |name: &String| {
            let known = || Role::ALL.map(Role::as_str).join(", ");
            Role::parse(name).ok_or_else(|| ConfigError::Invalid { key: "identity.second_factor_roles", problem: format!("{name:?} is no role; the roles are {}", known()) })
        };
        self.second_factor_roles.iter().map(role).collect()
    }
}

impl Config {
    /// The vault of confidential records, where its key file is named.
    pub fn vault(&self) -> Result<Option<Vault>, ConfigError> {
        let Some(file) = &self.secrets.records_key_file else { return Ok(None) };
        let text = read_secret("secrets.records_key_file", file)?;
        let vault = Vault::of(text.reveal()).map_err(|error| ConfigError::Invalid { key: "secrets.records_key_file", problem: error.to_string() })?;
        Ok(Some(vault))
    }

    /// What is asked of those who sign in, with the files that it names read.
    pub fn sign_in_policy(&self) -> Result<Policy, ConfigError> {
        let mut policy = Policy { password_least: self.identity.password_min_length, second_factor_roles: self.identity.roles()?, ..Policy::default() };
        if let Some(file) = &self.identity.known_passwords_file {
            policy.refuse_too(read_secret("identity.known_passwords_file", file)?.reveal());
        }
        if let Some(file) = &self.secrets.key_file {
            let secret = read_secret("secrets.key_file", file)?;
            let sealer = Sealer::of(secret.reveal()).map_err(|error| ConfigError::Invalid { key: "secrets.key_file", problem: error.to_string() })?;
            policy.sealer = Some(sealer);
        }
        Ok(policy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, ConfigError> {
        Config::parse(text, "test.toml", std::iter::empty())
    }

    #[test]
    fn mistakes_are_refused_by_name() {
        for (text, key) in [
            ("[identity]\npassword_min_length = 4\n", "identity.password_min_length"),
            ("[identity]\nsecond_factor_roles = [\"boss\"]\n", "identity.second_factor_roles"),
            ("[identity]\nsecond_factor_roles = [\"director\"]\n", "secrets.key_file"),
        ] {
            assert!(parse(text).unwrap_err().to_string().contains(key), "{text}");
        }
    }

    #[test]
    fn the_policy_is_read_with_its_files() {
        let folder = tempfile::tempdir().unwrap();
        let (key, list) = (folder.path().join("key"), folder.path().join("list"));
        std::fs::write(&list, "Hunter-Of-Ducks\n").unwrap();
        std::fs::write(&key, "too short\n").unwrap();
        let text = format!("[identity]\nsecond_factor_roles = [\"director\"]\nknown_passwords_file = {list:?}\n[secrets]\nkey_file = {key:?}\n");
        assert!(parse(&text).unwrap().sign_in_policy().unwrap_err().to_string().contains("secrets.key_file"));
        std::fs::write(&key, "0123456789abcdef0123456789abcdef\n").unwrap();
        let policy = parse(&text).unwrap().sign_in_policy().unwrap();
        assert!(policy.sealer.is_some() && policy.knows("hunter-of-ducks") && policy.knows("qwertyuiop"));
        assert_eq!((policy.password_least, policy.second_factor_roles), (10, vec![Role::Director]));
    }
}
