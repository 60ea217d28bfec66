//! The broker's password file, as `up` and the tests touch it: the hub's own account beside those of devices.
//!
//! The running hub writes the whole file from the device registry (`fleet::registry`); this module only makes sure that the hub's
//! own account is there and right before the hub has run, and leaves every other line as it is.

use fleet::registry::{Written, broker_password_hash, write_accounts_file};
use kernel::{clock::Clock, id};
use ring::pbkdf2;
use std::{collections::BTreeMap, fs, io, num::NonZeroU32, path::Path};

/// True when `hash` (`$7$iterations$salt$hash`, as Mosquitto stores it) was made from `password`.
pub fn broker_password_matches(password: &str, hash: &str) -> bool {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let mut parts = hash.split('$');
    let (Some(""), Some("7"), Some(iterations), Some(salt), Some(digest), None) =
        (parts.next(), parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let (Ok(iterations), Ok(salt), Ok(digest)) = (iterations.parse::<NonZeroU32>(), STANDARD.decode(salt), STANDARD.decode(digest)) else {
        return false;
    };
    pbkdf2::verify(pbkdf2::PBKDF2_HMAC_SHA512, iterations, &salt, password.as_bytes(), &digest).is_ok()
}

/// Every account of the broker: name → hash.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BrokerAccounts(BTreeMap<String, String>);

impl BrokerAccounts {
    /// What the file says now; a missing file is an empty one.
    pub fn read(path: &Path) -> io::Result<Self> {
        match fs::read_to_string(path) {
            Ok(text) => Ok(Self(text.lines().filter_map(|line| line.split_once(':')).map(|(name, hash)| (name.to_owned(), hash.to_owned())).collect())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    /// Gives `name` this password, keeping the present hash (and so the file) when it is already right.
    pub fn set_password(&mut self, name: &str, password: &str) {
        let right = self.0.get(name).is_some_and(|hash| broker_password_matches(password, hash));
        if !right {
            let hash = broker_password_hash(password, id::fresh(Clock::System.now()));
            self.0.insert(name.to_owned(), hash);
        }
    }

    /// The line of one account, as it stands in the file.
    pub fn line(&self, name: &str) -> Option<String> {
        self.0.get(name).map(|hash| format!("{name}:{hash}\n"))
    }

    /// Writes the whole file at once, closed to others, if it differs from what is there.
    pub fn write(&self, path: &Path) -> io::Result<Written> {
        let text: String = self.0.iter().map(|(name, hash)| format!("{name}:{hash}\n")).collect();
        write_accounts_file(path, &text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_matches_its_password_only() {
        let hash = broker_password_hash("қақпа-17", id::fresh(Clock::System.now()));
        assert!(broker_password_matches("қақпа-17", &hash));
        assert!(!broker_password_matches("қақпа-18", &hash));
        for broken in ["", "$7$0$AA==$AA==", "$7$101$AA==", "$6$AA==$AA==", "$7$101$AA==$AA==$x"] {
            assert!(!broker_password_matches("x", broken), "{broken}");
        }
    }

    #[test]
    fn the_file_is_written_only_when_something_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("accounts");
        let mut accounts = BrokerAccounts::default();
        accounts.set_password("hub", "secret");
        assert_eq!(accounts.write(&path).unwrap(), Written::Changed);
        let mut again = BrokerAccounts::read(&path).unwrap();
        again.set_password("hub", "secret");
        assert_eq!(again.write(&path).unwrap(), Written::Unchanged);
        again.set_password("hub", "other");
        assert_eq!(again.write(&path).unwrap(), Written::Changed);
    }
}
