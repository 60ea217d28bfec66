//! The journal's own notes: one small file of two places, written over in turn, so that a torn write leaves the one before, and a full
//! disk still takes them where it writes in place. A place is as large as a page of most flash; where pages are larger, a loss of power in
//! the middle of a write can cost both places, and the notes are made anew from the segments.
//!
//! Always true:
//!  1. After a write that was torn anywhere, what is read is the newer notes or the older ones, whole: also if the write before it failed.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io,
    os::unix::fs::FileExt,
    path::Path,
};

use serde::{Deserialize, Serialize};

use super::{disk::Disk, record};

const PLACE_BYTES: usize = 4_096;

/// What the journal must know besides its segments.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Notes {
    /// Grows with each write; the greater one holds.
    pub generation: u64,
    /// The journal's name.
    pub store: String,
    /// How often it was opened.
    pub boot: i64,
    /// All numbers below it may have been given away.
    pub next_seq: i64,
    /// All numbers up to it are durable at the hub.
    pub acknowledged: i64,
    /// Happenings that could not be kept, ever.
    pub lost: i64,
    /// A time that is past.
    pub known_ms: i64,
    /// How far the clocks of boots were from the hub's, where no segment took that.
    pub corrections: BTreeMap<i64, i64>,
    /// An event that the hub has, as it was told: asking for it again brings the hub's time.
    pub probe: Option<serde_json::Value>,
    /// Where the device stands whose words are brought here.
    pub source: Source,
}

/// Where another device stands with what it tells.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Source {
    /// The last place in its chain that was seen.
    pub serial: Option<i64>,
    /// By table: up to where it said that it had told everything.
    pub stamps: BTreeMap<String, String>,
}

/// The file.
#[derive(Debug)]
pub struct NotesFile {
    file: File,
    /// The place that was written last, as far as is known: never written over before the other one is safe.
    good: Option<usize>,
}

impl NotesFile {
    /// Opens the file, or makes an empty one whose existence would survive a loss of power.
    pub fn open(path: &Path, disk: &dyn Disk) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let (length, wanted) = (usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX), 2 * PLACE_BYTES);
        if length < wanted {
            // Written, not only promised: a full disk must still take notes. What is there may be the only good place.
            disk.overwrite(&file, &vec![0; wanted - length], u64::try_from(length).unwrap_or(u64::MAX))?;
            disk.sync(&file)?;
        }
        if let Some(folder) = path.parent() {
            disk.sync_folder(folder)?;
        }
        Ok(Self { file, good: None })
    }

    /// The newest whole notes.
    pub fn read(&mut self) -> io::Result<Option<Notes>> {
        let mut bytes = vec![0; 2 * PLACE_BYTES];
        self.file.read_exact_at(&mut bytes, 0)?;
        let places = bytes.chunks(PLACE_BYTES).enumerate();
        let notes = places.filter_map(|(place, bytes)| Some((place, serde_json::from_slice::<Notes>(record::unframe(bytes)?.0).ok()?)));
        let newest = notes.max_by_key(|(_, notes)| notes.generation);
        self.good = newest.as_ref().map(|(place, _)| *place);
        Ok(newest.map(|(_, notes)| notes))
    }

    /// Writes notes over those that are not the last good ones.
    pub fn write(&mut self, disk: &dyn Disk, notes: &Notes) -> io::Result<()> {
        let place = if self.good == Some(0) { 1 } else { 0 };
        disk.overwrite(&self.file, &record::frame(notes), u64::try_from(place * PLACE_BYTES).unwrap_or(u64::MAX))?;
        disk.sync(&self.file)?;
        self.good = Some(place);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{disk::LinuxDisk, tests::FaultyDisk};

    fn notes(generation: u64) -> Notes {
        Notes { generation, store: "k1".into(), next_seq: i64::try_from(generation).unwrap() * 1_000, ..Notes::default() }
    }

    #[test]
    fn inv_1_a_torn_write_leaves_the_notes_before() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = NotesFile::open(&folder.path().join("notes"), &LinuxDisk).unwrap();
        assert_eq!(file.read().unwrap(), None);
        for generation in 1..6 {
            let (before, after) = (file.read().unwrap(), notes(generation));
            let frame = record::frame(&after);
            let at = if file.good == Some(0) { 4_096 } else { 0 };
            for torn in 0..frame.len() {
                file.file.write_all_at(&frame[..torn], at).unwrap();
                let read = file.read().unwrap();
                // What is torn off may be equal in the notes that are written over.
                assert!(read == before || read.as_ref() == Some(&after), "{torn}: {read:?}");
            }
            file.write(&LinuxDisk, &after).unwrap();
            assert_eq!(file.read().unwrap(), Some(after));
        }
    }

    #[test]
    fn inv_1_a_write_after_one_that_failed_spares_the_good_notes() {
        let (folder, disk) = (tempfile::tempdir().unwrap(), FaultyDisk::default());
        let mut file = NotesFile::open(&folder.path().join("notes"), &disk).unwrap();
        file.write(&disk, &notes(1)).unwrap();
        disk.set(|faults| faults.deaf = true);
        assert!(file.write(&disk, &notes(2)).is_err() && file.write(&disk, &notes(3)).is_err());
        disk.lose_power(folder.path());
        let mut file = NotesFile::open(&folder.path().join("notes"), &LinuxDisk).unwrap();
        assert_eq!(file.read().unwrap(), Some(notes(1)));
    }

    #[test]
    fn a_file_that_was_cut_keeps_the_place_that_is_left_and_later_fields_do_no_harm() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes");
        NotesFile::open(&path, &LinuxDisk).unwrap().write(&LinuxDisk, &notes(1)).unwrap();
        OpenOptions::new().write(true).open(&path).unwrap().set_len(4_096).unwrap();
        let mut file = NotesFile::open(&path, &LinuxDisk).unwrap();
        assert_eq!(file.read().unwrap(), Some(notes(1)));
        file.file.write_all_at(&record::frame(&serde_json::json!({"generation": 9, "store": "k1", "of_tomorrow": 1})), 4_096).unwrap();
        assert_eq!(file.read().unwrap(), Some(Notes { generation: 9, store: "k1".into(), ..Notes::default() }), "written by another version");
    }
}
