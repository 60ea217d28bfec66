//! The journal's own notes: one small file of two places, overwritten in turn, so that a torn write leaves the one before, and
//! a full disk still takes them.
//!
//! Always true:
//!  1. After a write that was torn anywhere, what is read is the newer notes or the older ones, whole.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io,
    os::unix::fs::FileExt,
    path::Path,
};

use serde::{Deserialize, Serialize};

use super::{disk::Disk, record};

/// Far enough apart that no page of flash holds both.
const PLACE_BYTES: usize = 4_096;

/// What the journal must know besides its segments.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
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
    /// How far the clocks of boots were from the hub's: dates what was written while that was not known.
    pub corrections: BTreeMap<i64, i64>,
    /// An event that the hub has, as it was told: asking for it again brings the hub's time.
    pub probe: Option<serde_json::Value>,
    /// Where the device stands whose words are brought here.
    #[serde(default)]
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
}

impl NotesFile {
    /// Opens the file, or makes an empty one.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let wanted = u64::try_from(2 * PLACE_BYTES).unwrap_or(u64::MAX);
        if file.metadata()?.len() < wanted {
            // Written, not only promised: a full disk must still take notes.
            file.write_all_at(&vec![0; 2 * PLACE_BYTES], 0)?;
            file.sync_all()?;
        }
        Ok(Self { file })
    }

    /// The newest whole notes.
    pub fn read(&self) -> io::Result<Option<Notes>> {
        let mut bytes = vec![0; 2 * PLACE_BYTES];
        self.file.read_exact_at(&mut bytes, 0)?;
        Ok(newest(&bytes))
    }

    /// Writes notes over the older ones.
    pub fn write(&self, disk: &dyn Disk, notes: &Notes) -> io::Result<()> {
        let at = if notes.generation.is_multiple_of(2) { 0 } else { u64::try_from(PLACE_BYTES).unwrap_or(u64::MAX) };
        disk.overwrite(&self.file, &record::frame(notes), at)?;
        disk.sync(&self.file)
    }
}

fn newest(bytes: &[u8]) -> Option<Notes> {
    let places = bytes.chunks(PLACE_BYTES);
    let notes = places.filter_map(|place| serde_json::from_slice::<Notes>(record::unframe(place)?.0).ok());
    notes.max_by_key(|notes| notes.generation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::disk::LinuxDisk;

    fn notes(generation: u64) -> Notes {
        Notes { generation, store: "k1".into(), next_seq: i64::try_from(generation).unwrap() * 1_000, ..Notes::default() }
    }

    #[test]
    fn inv_1_a_torn_write_leaves_the_notes_before() {
        let folder = tempfile::tempdir().unwrap();
        let file = NotesFile::open(&folder.path().join("notes")).unwrap();
        assert_eq!(file.read().unwrap(), None);
        for generation in 1..6 {
            let (before, after) = (file.read().unwrap(), notes(generation));
            let frame = record::frame(&after);
            let at = if generation % 2 == 0 { 0 } else { 4_096 };
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
}
