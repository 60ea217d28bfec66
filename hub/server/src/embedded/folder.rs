//! Folders and files of the embedded servers: who owns them, who may read them, what survives a crash.

use super::{EmbeddedError, account::Account};
use ring::rand::{SecureRandom, SystemRandom};
use std::{
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, chown},
    path::{Path, PathBuf},
};

/// Makes a folder (and its parents) with this mode, owned by `account` when given.
pub fn make(path: &Path, mode: u32, account: Option<&Account>) -> Result<(), EmbeddedError> {
    let failed = |what: &str| EmbeddedError::io(format!("{what} {}", path.display()));
    fs::create_dir_all(path).map_err(failed("making the folder"))?;
    fs::set_permissions(path, Permissions::from_mode(mode)).map_err(failed("setting the mode of"))?;
    if let Some(account) = account {
        chown(path, Some(account.uid), Some(account.gid)).map_err(failed("giving away"))?;
    }
    Ok(())
}

/// Refuses a folder that `account` cannot reach because one on the way is closed to others.
pub fn require_reachable(path: &Path, account: &Account) -> Result<(), EmbeddedError> {
    for folder in path.ancestors().skip(1) {
        let metadata = fs::metadata(folder).map_err(EmbeddedError::io(format!("looking at {}", folder.display())))?;
        let mode = metadata.mode();
        let open = if metadata.uid() == account.uid {
            mode & 0o100 != 0
        } else if metadata.gid() == account.gid {
            mode & 0o010 != 0
        } else {
            mode & 0o001 != 0
        };
        if !open {
            return Err(EmbeddedError::Unreachable { account: account.name.clone(), folder: path.to_owned(), closed: folder.to_owned() });
        }
    }
    Ok(())
}

/// Replaces a file at once: a reader sees the old or the new content, also after a power cut. It belongs to the owner of its
/// folder, so that a file we write as root stays readable for the server whose folder it is.
pub fn replace_file(path: &Path, mode: u32, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().ok_or_else(|| io::Error::other("a file needs a folder"))?;
    let mut fresh = path.as_os_str().to_owned();
    fresh.push(".new");
    let fresh = PathBuf::from(fresh);
    // A half-written one may be left from a crash.
    fs::remove_file(&fresh).or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&fresh)?;
    file.write_all(content)?;
    let (ours, owner) = (file.metadata()?, fs::metadata(folder)?);
    if ours.uid() != owner.uid() && super::account::are_we_root() {
        chown(&fresh, Some(owner.uid()), Some(owner.gid()))?;
    }
    file.sync_all()?;
    fs::rename(&fresh, path)?;
    File::open(folder)?.sync_all()
}

/// A log file to append to; one grown beyond 16 MiB is set aside first, replacing the one set aside before.
pub fn log_file(path: &Path) -> Result<File, EmbeddedError> {
    const LIMIT: u64 = 16 * 1024 * 1024;
    let failed = || EmbeddedError::io(format!("opening the log {}", path.display()));
    if fs::metadata(path).is_ok_and(|metadata| metadata.len() > LIMIT) {
        fs::rename(path, path.with_extension("log.old")).map_err(failed())?;
    }
    OpenOptions::new().create(true).append(true).mode(0o640).open(path).map_err(failed())
}

/// 192 random bits as text that needs no quoting in SQL, URLs or shells.
pub fn random_password() -> Result<String, EmbeddedError> {
    use base64::Engine;
    let mut bytes = [0_u8; 24];
    SystemRandom::new().fill(&mut bytes).map_err(|_unspecified| EmbeddedError::Random)?;
    Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes))
}

/// The secret kept in this file (mode 0600), made at first use.
pub fn secret(path: &Path) -> Result<String, EmbeddedError> {
    let failed = || EmbeddedError::io(format!("the secret {}", path.display()));
    match fs::read_to_string(path) {
        Ok(text) => Ok(text.trim_end().to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let fresh = random_password()?;
            replace_file(path, 0o600, format!("{fresh}\n").as_bytes()).map_err(failed())?;
            Ok(fresh)
        }
        Err(error) => Err(failed()(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inv_3_a_secret_is_made_once_and_closed_to_others() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        let first = secret(&path).unwrap();
        assert_eq!(first.len(), 32);
        assert_eq!(secret(&path).unwrap(), first);
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_closed_folder_on_the_way_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        fs::create_dir_all(&inner).unwrap();
        let stranger = Account { name: "stranger".into(), uid: 4_000_000, gid: 4_000_000 };
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        require_reachable(&inner, &stranger).unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o700)).unwrap();
        let refused = require_reachable(&inner, &stranger).unwrap_err();
        assert!(matches!(refused, EmbeddedError::Unreachable { closed, .. } if closed == folder.path()));
    }

    #[test]
    fn a_replaced_file_survives_a_half_written_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("accounts");
        fs::write(folder.path().join("accounts.new"), "half").unwrap();
        replace_file(&path, 0o600, b"whole").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "whole");
    }
}
