//! The broker's accounts file, replaced whole and at once. Whoever runs the broker makes it read the file again (SIGHUP).

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, chown},
    path::Path,
};

/// Whether writing changed the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// The file had this content already.
    Unchanged,
    /// The file is new: the broker must read it again.
    Changed,
}

/// Makes `path` hold `content`, closed to others than its folder's owner: a reader sees the old or the new file, never a half.
pub fn write_accounts_file(path: &Path, content: &str) -> io::Result<Written> {
    match fs::read_to_string(path) {
        Ok(present) if present == content => return Ok(Written::Unchanged),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let folder = path.parent().ok_or_else(|| io::Error::other("a file needs a folder"))?;
    let fresh = path.with_added_extension("new");
    // A half-written one may be left from a crash.
    match fs::remove_file(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
    file.write_all(content.as_bytes())?;
    give_to_owner_of(folder, &file, &fresh)?;
    file.sync_all()?;
    fs::rename(&fresh, path)?;
    File::open(folder)?.sync_all()?;
    Ok(Written::Changed)
}

/// The broker may run under an account of its own, whose folder this is.
fn give_to_owner_of(folder: &Path, file: &File, path: &Path) -> io::Result<()> {
    let (ours, owner) = (file.metadata()?, fs::metadata(folder)?);
    if ours.uid() == owner.uid() { Ok(()) } else { chown(path, Some(owner.uid()), Some(owner.gid())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_written_only_when_something_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("accounts");
        fs::write(folder.path().join("accounts.new"), "half").unwrap();
        assert_eq!(write_accounts_file(&path, "hub:x\n").unwrap(), Written::Changed);
        assert_eq!(write_accounts_file(&path, "hub:x\n").unwrap(), Written::Unchanged);
        assert_eq!(write_accounts_file(&path, "hub:y\n").unwrap(), Written::Changed);
        assert_eq!(fs::read_to_string(&path).unwrap(), "hub:y\n");
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
    }
}
