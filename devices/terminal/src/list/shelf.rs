//! The list in force, in memory and on disk.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use protocol::topic::Code;

use super::{
    file::{AllowList, ListError},
    rules::is_over,
};
use crate::clock::Moment;

/// No list is longer: 200,000 cards, and little enough for the memory.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

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

/// Who may sign lists. Several, so that one key can follow another while the old one's list is in force.
#[derive(Debug, Clone, Default)]
pub struct Keys(Vec<Vec<u8>>);

impl From<Vec<u8>> for Keys {
    fn from(key: Vec<u8>) -> Self {
        Self(vec![key])
    }
}

impl From<Vec<Vec<u8>>> for Keys {
    fn from(keys: Vec<Vec<u8>>) -> Self {
        Self(keys)
    }
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
    keys: Keys,
    /// No list of a lower version is taken, even if the one in force was damaged.
    floor: AtomicU64,
    /// The file of the list in force is what was signed.
    sound: AtomicBool,
}

impl Shelf {
    /// A shelf in a folder, on which nothing stands before it is [loaded](Self::load).
    pub fn new(folder: &Path, school: Code, keys: impl Into<Keys>) -> Self {
        let place = Place { folder: folder.to_owned(), school, keys: keys.into(), floor: AtomicU64::new(0), sound: AtomicBool::new(true) };
        Self { place: Arc::new(place), in_force: Arc::default() }
    }

    /// A shelf with the list that was in force before.
    pub fn open(folder: &Path, school: Code, keys: impl Into<Keys>) -> Self {
        let shelf = Self::new(folder, school, keys);
        shelf.load();
        shelf
    }

    /// A shelf of a device that decides nothing itself: no list will stand on it.
    pub fn empty(school: Code) -> Self {
        Self::new(Path::new(""), school, Keys::default())
    }

    /// Takes the list that was in force before, if it is still what was signed, or else the one before that: old bars are better than none.
    /// A list whose time is over still bars. May wait for the disk.
    pub fn load(&self) {
        let floor = self.place.read_floor();
        let list = self.place.read_file(&self.place.in_force());
        let is_new = floor == 0 && !self.place.in_force().exists();
        self.place.sound.store(list.is_some() || is_new, Ordering::SeqCst);
        let list = list.or_else(|| self.place.read_file(&self.place.former()));
        self.place.floor.store(floor.max(list.as_ref().map_or(0, |list| list.version)), Ordering::SeqCst);
        *self.in_force.write().unwrap_or_else(PoisonError::into_inner) = list.map(Arc::new);
    }

    /// Whether the list that was in force is damaged or gone: somebody must bring one.
    pub fn is_damaged(&self) -> bool {
        !self.place.sound.load(Ordering::SeqCst)
    }

    /// The list in force.
    pub fn list(&self) -> Option<Arc<AllowList>> {
        self.in_force.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Where a new list is laid by whoever brings it: whole at once, by renaming.
    pub fn offered(&self) -> PathBuf {
        self.place.folder.join("list.offered")
    }

    /// Looks whether a new list was brought, and puts it in force or aside. Whether there was one. What only the disk or an unknown time
    /// speaks against is looked at again.
    pub fn look(&self, now: Moment) -> Result<Option<Arc<AllowList>>, ShelfError> {
        let bytes = match read(&self.offered()) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        match self.take(&bytes, now.best_ms()) {
            Ok(list) => {
                fs::remove_file(self.offered())?;
                Ok(Some(list))
            }
            // By a clock that nobody has set.
            Err(ShelfError::Refused(ListError::Over)) if now.offset_ms.is_none() => Ok(None),
            Err(ShelfError::Refused(error)) => {
                // Left for support to see; the next one takes its place.
                fs::rename(self.offered(), self.place.folder.join("list.refused"))?;
                Err(error.into())
            }
            Err(ShelfError::Disk(error)) => Err(error.into()),
        }
    }

    /// Puts a list in force, if it may be.
    pub fn take(&self, bytes: &[u8], now_ms: i64) -> Result<Arc<AllowList>, ShelfError> {
        let list = self.place.read(bytes)?;
        let floor = self.place.floor.load(Ordering::SeqCst);
        // The very list that was damaged may be brought again.
        let present = self.list().map(|present| present.version);
        if present.is_some_and(|present| list.version <= present) || list.version < floor {
            return Err(ListError::Old { present: present.unwrap_or(0).max(floor), offered: list.version }.into());
        }
        if is_over(&list, now_ms) {
            return Err(ListError::Over.into());
        }
        self.place.keep(bytes, list.version)?;
        let list = Arc::new(list);
        *self.in_force.write().unwrap_or_else(PoisonError::into_inner) = Some(list.clone());
        Ok(list)
    }
}

impl Place {
    fn in_force(&self) -> PathBuf {
        self.folder.join("list.in-force")
    }

    fn former(&self) -> PathBuf {
        self.folder.join("list.former")
    }

    fn floor_file(&self) -> PathBuf {
        self.folder.join("list.version")
    }

    fn read(&self, bytes: &[u8]) -> Result<AllowList, ListError> {
        if bytes.len() > usize::try_from(MOST_BYTES).unwrap_or(usize::MAX) {
            return Err(ListError::Malformed("longer than any list"));
        }
        let read = self.keys.0.iter().map(|key| AllowList::read(bytes, key));
        let list = read.reduce(|one, other| if one == Err(ListError::Forged) { other } else { one }).unwrap_or(Err(ListError::Forged))?;
        if list.school == self.school.as_str() { Ok(list) } else { Err(ListError::OtherSchool(list.school)) }
    }

    fn read_file(&self, path: &Path) -> Option<AllowList> {
        match read(path) {
            Ok(bytes) => self.read(&bytes).inspect_err(|error| tracing::error!(path = %path.display(), %error, "a list that was in force is damaged")).ok(),
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "there is no list");
                None
            }
        }
    }

    /// The greatest version that ever was in force; 0 if nobody knows of one.
    fn read_floor(&self) -> u64 {
        fs::read_to_string(self.floor_file()).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0)
    }

    /// After a loss of power the list in force is the old one or the new one, and no list older than that is taken.
    fn keep(&self, bytes: &[u8], version: u64) -> io::Result<()> {
        let (fresh, fresh_floor) = (self.folder.join("list.new"), self.folder.join("list.version.new"));
        write(&fresh, bytes)?;
        write(&fresh_floor, format!("{version}\n").as_bytes())?;
        fs::rename(&fresh_floor, self.floor_file())?;
        File::open(&self.folder)?.sync_all()?;
        // A damaged one would take the place of one that is sound.
        if self.sound.load(Ordering::SeqCst) && self.in_force().exists() {
            fs::rename(self.in_force(), self.former())?;
        }
        fs::rename(&fresh, self.in_force())?;
        File::open(&self.folder)?.sync_all()?;
        self.floor.store(version, Ordering::SeqCst);
        self.sound.store(true, Ordering::SeqCst);
        Ok(())
    }
}

/// A little more than a list may have, at most: the rest is not read.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST_BYTES.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
