//! The list in force, in memory and on disk.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use protocol::topic::Code;

use super::{
    file::{AllowList, ListError},
    rules::is_over,
};

/// Why an offered list was not put on the shelf.
#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    /// It is not to be taken.
    #[error(transparent)]
    Refused(#[from] ListError),
    /// The disk refuses.
    #[error("{0}")]
    Disk(#[from] io::Error),
}

/// Keeps one list in force. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Shelf {
    place: Arc<Place>,
    in_force: Arc<RwLock<Option<Arc<AllowList>>>>,
}

#[derive(Debug)]
struct Place {
    folder: PathBuf,
    school: Code,
    key: Vec<u8>,
}

impl Shelf {
    /// Takes the list that was in force before, if it is still what was signed. A list whose time is over still bars.
    pub fn open(folder: &Path, school: Code, key: Vec<u8>) -> Self {
        let place = Arc::new(Place { folder: folder.to_owned(), school, key });
        let in_force = match fs::read(place.in_force()) {
            Ok(bytes) => place.read(&bytes).map(Arc::new).inspect_err(|error| tracing::error!(%error, "the list that was in force is damaged")).ok(),
            Err(error) => {
                tracing::warn!(%error, "there is no list yet");
                None
            }
        };
        Self { place, in_force: Arc::new(RwLock::new(in_force)) }
    }

    /// A shelf of a device that decides nothing itself: no list will stand on it.
    pub fn empty(school: Code) -> Self {
        Self { place: Arc::new(Place { folder: PathBuf::new(), school, key: Vec::new() }), in_force: Arc::default() }
    }

    /// The list in force.
    pub fn list(&self) -> Option<Arc<AllowList>> {
        self.in_force.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Where a new list is laid by whoever brings it: whole at once, by renaming.
    pub fn offered(&self) -> PathBuf {
        self.place.folder.join("list.offered")
    }

    /// Looks whether a new list was brought, and puts it in force or aside. Whether there was one.
    pub fn look(&self, now_ms: i64) -> Result<Option<Arc<AllowList>>, ShelfError> {
        let bytes = match fs::read(self.offered()) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let taken = self.take(&bytes, now_ms);
        match &taken {
            Ok(_) => fs::remove_file(self.offered())?,
            // Left for support to see; the next one takes its place.
            Err(_) => fs::rename(self.offered(), self.place.folder.join("list.refused"))?,
        }
        taken.map(Some)
    }

    /// Puts a list in force, if it may be.
    pub fn take(&self, bytes: &[u8], now_ms: i64) -> Result<Arc<AllowList>, ShelfError> {
        let list = self.place.read(bytes)?;
        if let Some(present) = self.list().filter(|present| present.version >= list.version) {
            return Err(ListError::Old { present: present.version, offered: list.version }.into());
        }
        if is_over(&list, now_ms) {
            return Err(ListError::Over.into());
        }
        self.place.keep(bytes)?;
        let list = Arc::new(list);
        *self.in_force.write().unwrap_or_else(PoisonError::into_inner) = Some(list.clone());
        Ok(list)
    }
}

impl Place {
    fn in_force(&self) -> PathBuf {
        self.folder.join("list.in-force")
    }

    fn read(&self, bytes: &[u8]) -> Result<AllowList, ListError> {
        let list = AllowList::read(bytes, &self.key)?;
        if list.school == self.school.as_str() { Ok(list) } else { Err(ListError::OtherSchool(list.school)) }
    }

    /// After a loss of power the file is the old one or the new one.
    fn keep(&self, bytes: &[u8]) -> io::Result<()> {
        let fresh = self.folder.join("list.new");
        let mut file = File::create(&fresh)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&fresh, self.in_force())?;
        File::open(&self.folder)?.sync_all()
    }
}
