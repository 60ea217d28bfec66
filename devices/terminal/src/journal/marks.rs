//! Marks: what was brought before, so that the same telling is kept once. A mark is a fingerprint of what another device said.
//!
//! Young marks stand in the records that bear them; before such a record leaves the journal, its mark is in a file of numbers, eight bytes
//! each, which is written anew when it holds twice as many as are wanted.
//!
//! Always true:
//!  1. A mark is known as long as it is among the last [`MOST`], whatever leaves the journal and whenever power fails.

use std::{
    collections::{HashSet, VecDeque},
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use super::disk::Disk;

/// Marks that are remembered: a hundred days of a busy gate.
pub const MOST: usize = 100_000;
const MARK_BYTES: usize = 8;

/// The marks of one journal.
#[derive(Debug)]
pub struct Marks {
    folder: PathBuf,
    most: usize,
    known: HashSet<i64>,
    order: VecDeque<i64>,
    /// How many of the last are in records only.
    unsaved: usize,
    /// How many are in the file.
    saved: usize,
}

impl Marks {
    /// The marks of a folder's file, and those of records that are there. A file that cannot be read costs that something is kept twice.
    pub fn read(folder: &Path, of_records: &[i64]) -> Self {
        let bytes = match fs::read(file(folder)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => {
                tracing::error!(%error, "the marks cannot be read: what is told again may be kept twice");
                Vec::new()
            }
        };
        let mut marks = Self::of_file(folder, &bytes, MOST);
        of_records.iter().for_each(|mark| marks.add(*mark));
        marks
    }

    fn of_file(folder: &Path, bytes: &[u8], most: usize) -> Self {
        let mut marks = Self { folder: folder.to_owned(), most, known: HashSet::new(), order: VecDeque::new(), unsaved: 0, saved: 0 };
        // What is torn at the end was not safe, and stands in a record.
        for mark in bytes.as_chunks::<MARK_BYTES>().0 {
            marks.add(i64::from_le_bytes(*mark));
            marks.unsaved = 0;
            marks.saved += 1;
        }
        marks
    }

    /// Whether it is known.
    pub fn knows(&self, mark: i64) -> bool {
        self.known.contains(&mark)
    }

    /// Knows it from now on: a record with it is safe.
    pub fn add(&mut self, mark: i64) {
        if !self.known.insert(mark) {
            return;
        }
        self.order.push_back(mark);
        self.unsaved += 1;
        while self.order.len() > self.most.max(self.unsaved) {
            if let Some(oldest) = self.order.pop_front() {
                self.known.remove(&oldest);
            }
        }
    }

    /// Makes all marks safe without the records that bear them.
    pub fn save(&mut self, disk: &dyn Disk) -> io::Result<()> {
        if self.unsaved == 0 {
            return Ok(());
        }
        if self.saved + self.unsaved > self.most.saturating_mul(2) { self.write_anew(disk)? } else { self.append(disk)? }
        self.unsaved = 0;
        Ok(())
    }

    fn append(&mut self, disk: &dyn Disk) -> io::Result<()> {
        let path = file(&self.folder);
        let mut file = OpenOptions::new().append(true).create(true).open(&path)?;
        disk.cut(&file, u64::try_from(self.saved * MARK_BYTES).unwrap_or(u64::MAX))?;
        let young = self.order.iter().skip(self.order.len() - self.unsaved);
        disk.append(&mut file, &young.flat_map(|mark| mark.to_le_bytes()).collect::<Vec<u8>>())?;
        disk.sync(&file)?;
        disk.sync_folder(&self.folder)?;
        self.saved += self.unsaved;
        Ok(())
    }

    fn write_anew(&mut self, disk: &dyn Disk) -> io::Result<()> {
        let fresh = self.folder.join("marks.new");
        let mut writing = File::create(&fresh)?;
        disk.append(&mut writing, &self.order.iter().flat_map(|mark| mark.to_le_bytes()).collect::<Vec<u8>>())?;
        disk.sync(&writing)?;
        disk.rename(&fresh, &file(&self.folder))?;
        disk.sync_folder(&self.folder)?;
        self.saved = self.order.len();
        Ok(())
    }
}

fn file(folder: &Path) -> PathBuf {
    folder.join("marks")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::disk::LinuxDisk;

    fn reread(folder: &Path, most: usize) -> Marks {
        Marks::of_file(folder, &fs::read(file(folder)).unwrap(), most)
    }

    #[test]
    fn inv_1_the_last_marks_are_known_after_any_end() {
        let folder = tempfile::tempdir().unwrap();
        let mut marks = Marks::of_file(folder.path(), &[], 10);
        for mark in 0..100 {
            marks.add(mark);
            marks.add(mark);
            if mark % 3 == 2 {
                marks.save(&LinuxDisk).unwrap();
                let again = reread(folder.path(), 10);
                assert!((mark - 9..=mark).filter(|mark| *mark >= 0).all(|mark| again.knows(mark)), "{mark}");
                assert!(again.order.len() <= 10 && fs::metadata(file(folder.path())).unwrap().len() <= 8 * 20, "the file does not grow for ever");
            }
        }
        assert!(!marks.knows(80), "and memory neither");
    }

    #[test]
    fn inv_1_a_torn_end_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(file(folder.path()), [7_i64.to_le_bytes().as_slice(), &[1, 2, 3]].concat()).unwrap();
        let mut marks = Marks::read(folder.path(), &[9, 7]);
        assert!(marks.knows(7) && marks.knows(9));
        marks.save(&LinuxDisk).unwrap();
        assert_eq!(fs::read(file(folder.path())).unwrap(), [7_i64.to_le_bytes(), 9_i64.to_le_bytes()].concat());
    }
}
