//! The data folder: who uses it, and what was made once.

use super::UpError;
use crate::embedded::{EmbeddedError, account, folder, postgres::Logins};
use delivery::channels::web_push::fresh_key;
use std::{
    fs::{self, File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
};

/// An opened data folder; nobody else opens it while this lives.
#[derive(Debug)]
pub struct House {
    root: PathBuf,
    /// Held open: the kernel gives the lock back when we die, however we die.
    _lock: File,
}

impl House {
    /// Makes the folder if need be and takes its lock.
    pub fn open(data: &Path) -> Result<Self, UpError> {
        // The servers' accounts pass through it to their own folders, but cannot list it.
        folder::make(data, 0o711, None)?;
        let root = fs::canonicalize(data).map_err(|error| UpError::Folder(format!("{}: {error}", data.display())))?;
        let lock = take_lock(&root)?;
        folder::make(&root.join("secrets"), 0o700, None)?;
        folder::make(&root.join("log"), 0o700, None)?;
        Ok(Self { root, _lock: lock })
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Something in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// A child's log.
    pub fn log(&self, child: &str) -> PathBuf {
        self.root.join("log").join(format!("{child}.log"))
    }

    /// Where a secret is kept.
    pub fn secret_file(&self, name: &str) -> PathBuf {
        self.root.join("secrets").join(name)
    }

    /// A secret, made at first use.
    pub fn secret(&self, name: &str) -> Result<String, EmbeddedError> {
        folder::secret(&self.secret_file(name))
    }

    /// The logins of the private database.
    pub fn logins(&self, database: &str) -> Result<Logins, EmbeddedError> {
        Ok(Logins {
            database: database.to_owned(),
            superuser_password: self.secret("superuser_password")?,
            owner_password: self.secret("owner_password")?,
            app_password: self.secret("app_password")?,
        })
    }

    /// The file with the key of web push, made at first use: browsers that subscribed take messages of this key only.
    pub fn web_push_key(&self) -> Result<PathBuf, UpError> {
        let path = self.secret_file("web_push_key.pem");
        if !path.is_file() {
            let key = fresh_key().map_err(|error| UpError::Folder(error.to_string()))?;
            folder::replace_file(&path, 0o600, key.as_bytes()).map_err(|error| UpError::Folder(format!("{}: {error}", path.display())))?;
        }
        Ok(path)
    }

    /// The file with the bot's token, made at first use.
    pub fn telegram_token(&self) -> Result<PathBuf, UpError> {
        let path = self.secret_file("telegram_token");
        if !path.is_file() {
            let token = format!("100:{}", self.secret("telegram_secret")?);
            folder::replace_file(&path, 0o600, token.as_bytes()).map_err(|error| UpError::Folder(format!("{}: {error}", path.display())))?;
        }
        Ok(path)
    }

    /// The hub's configuration.
    pub fn config_file(&self) -> PathBuf {
        self.path("config.toml")
    }

    /// The service account that the push simulator writes for the hub.
    pub fn service_account(&self) -> PathBuf {
        self.secret_file("fcm-service-account.json")
    }
}

fn take_lock(root: &Path) -> Result<File, UpError> {
    let path = root.join("up.lock");
    let failed = |error: std::io::Error| UpError::Folder(format!("{}: {error}", path.display()));
    let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(UpError::FolderInUse(root.to_owned())),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

/// The data folder when none is named: root's home is closed to the servers' accounts, so root gets a system folder.
pub fn default_data() -> PathBuf {
    if account::are_we_root() { PathBuf::from("/var/lib/shanyraq") } else { PathBuf::from("data") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inv_1_a_folder_is_used_once_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let first = House::open(folder.path()).unwrap();
        assert!(matches!(House::open(folder.path()), Err(UpError::FolderInUse(_))));
        let key = |house: &House| std::fs::read_to_string(house.web_push_key().unwrap()).unwrap();
        let made = key(&first);
        drop(first);
        assert_eq!(key(&House::open(folder.path()).unwrap()), made, "a secret is made once");
    }
}
