//! The broker's password file: one line per device plus the hub itself, in the format of `mosquitto_passwd`.
//!
//! The device registry stores only [`broker_password_hash`]; the hub writes the whole file with [`BrokerAccounts::write`], at
//! once and only when something changed; whoever runs the broker makes it read the file again (SIGHUP; `up` does it by itself).
//! Device passwords are random and long, which is why the format's few iterations are enough.

use super::folder;
use base64::{Engine, engine::general_purpose::STANDARD};
use ring::{
    digest::SHA512_OUTPUT_LEN,
    pbkdf2,
    rand::{SecureRandom, SystemRandom},
};
use std::{collections::BTreeMap, fs, io, num::NonZeroU32, path::Path};

/// What `mosquitto_passwd` itself uses.
const ITERATIONS: NonZeroU32 = NonZeroU32::new(101).unwrap();
const SALT_BYTES: usize = 12;
const ALGORITHM: pbkdf2::Algorithm = pbkdf2::PBKDF2_HMAC_SHA512;

/// Why a password could not be hashed.
#[derive(Debug, thiserror::Error)]
#[error("the system's random generator failed")]
pub struct HashError;

/// Hashes a broker password: `$7$101$salt$hash`, PBKDF2 with HMAC-SHA-512.
pub fn broker_password_hash(password: &str) -> Result<String, HashError> {
    let mut salt = [0_u8; SALT_BYTES];
    SystemRandom::new().fill(&mut salt).map_err(|_unspecified| HashError)?;
    let mut hash = [0_u8; SHA512_OUTPUT_LEN];
    pbkdf2::derive(ALGORITHM, ITERATIONS, &salt, password.as_bytes(), &mut hash);
    Ok(format!("$7${ITERATIONS}${}${}", STANDARD.encode(salt), STANDARD.encode(hash)))
}

/// True when `hash` was made from `password`.
pub fn broker_password_matches(password: &str, hash: &str) -> bool {
    let mut parts = hash.split('$');
    let (Some(""), Some("7"), Some(iterations), Some(salt), Some(digest), None) =
        (parts.next(), parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let (Ok(iterations), Ok(salt), Ok(digest)) = (iterations.parse::<NonZeroU32>(), STANDARD.decode(salt), STANDARD.decode(digest)) else {
        return false;
    };
    pbkdf2::verify(ALGORITHM, iterations, &salt, password.as_bytes(), &digest).is_ok()
}

/// Every account of the broker: name → hash.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BrokerAccounts(BTreeMap<String, String>);

/// Whether writing changed the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// The file had this content already.
    Unchanged,
    /// The file is new: the broker must read it again.
    Changed,
}

impl BrokerAccounts {
    /// What the file says now; a missing file is an empty one.
    pub fn read(path: &Path) -> io::Result<Self> {
        match fs::read_to_string(path) {
            Ok(text) => Ok(Self::parse(&text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    fn parse(text: &str) -> Self {
        Self(text.lines().filter_map(|line| line.split_once(':')).map(|(name, hash)| (name.to_owned(), hash.to_owned())).collect())
    }

    /// Adds or replaces an account. A name that would break the file's or the broker's format is refused with `false`.
    #[must_use]
    pub fn insert(&mut self, name: &str, hash: &str) -> bool {
        let sound = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') && !hash.contains(['\n', ':']);
        if sound {
            self.0.insert(name.to_owned(), hash.to_owned());
        }
        sound
    }

    /// The hash of an account.
    pub fn hash_of(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// How many accounts there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True when there is no account.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Gives `name` this password, keeping the present hash (and so the file) when it is already right.
    pub fn set_password(&mut self, name: &str, password: &str) -> Result<(), HashError> {
        if self.hash_of(name).is_some_and(|hash| broker_password_matches(password, hash)) {
            return Ok(());
        }
        let hash = broker_password_hash(password)?;
        self.0.insert(name.to_owned(), hash);
        Ok(())
    }

    /// Writes the whole file at once, closed to others, if it differs from what is there.
    pub fn write(&self, path: &Path) -> io::Result<Written> {
        if Self::read(path)? == *self && path.exists() {
            return Ok(Written::Unchanged);
        }
        let text: String = self.0.iter().map(|(name, hash)| format!("{name}:{hash}\n")).collect();
        folder::replace_file(path, 0o600, text.as_bytes())?;
        Ok(Written::Changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_matches_its_password_only() {
        let hash = broker_password_hash("қақпа-17").unwrap();
        assert!(hash.starts_with("$7$101$"));
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
        accounts.set_password("hub", "secret").unwrap();
        assert_eq!(accounts.write(&path).unwrap(), Written::Changed);
        let mut again = BrokerAccounts::read(&path).unwrap();
        again.set_password("hub", "secret").unwrap();
        assert_eq!(again.write(&path).unwrap(), Written::Unchanged);
        again.set_password("hub", "other").unwrap();
        assert_eq!(again.write(&path).unwrap(), Written::Changed);
    }

    #[test]
    fn a_name_that_breaks_the_format_is_refused() {
        let mut accounts = BrokerAccounts::default();
        for name in ["", "a:b", "a\nb", "a+", "#"] {
            assert!(!accounts.insert(name, "$7$"), "{name:?}");
        }
        assert!(accounts.insert("gate7", "$7$101$a$b"));
        assert_eq!(accounts.len(), 1);
    }
}
