//! The files of a journal, oldest first, and what they hold.

use std::{
    collections::{BTreeMap, VecDeque},
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use protocol::cursor::Stretch;

use super::{
    disk::Disk,
    record::{self, Dating, Deed, Event, Record},
};

/// Something in a file that has a number.
#[derive(Debug, Clone)]
pub enum Numbered {
    /// It can be told.
    Event(Event),
    /// A later version of this program can tell it.
    Foreign(i64),
}

impl Numbered {
    /// Its number.
    pub fn seq(&self) -> i64 {
        match self {
            Self::Event(event) => event.seq,
            Self::Foreign(seq) => *seq,
        }
    }

    /// What can be told.
    pub fn event(&self) -> Option<&Event> {
        match self {
            Self::Event(event) => Some(event),
            Self::Foreign(_) => None,
        }
    }
}

/// One file.
#[derive(Debug, Clone)]
pub struct Segment {
    /// Its place in the order; never used twice.
    pub index: u64,
    /// The greatest number in it or in those before it.
    pub last: i64,
    /// How much of it counts.
    pub bytes: u64,
}

impl Segment {
    /// Where it lies.
    pub fn path(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{:012}.segment", self.index))
    }

    /// What has a number, from a place on, each with the place after it.
    pub fn numbered(&self, folder: &Path, from: u64) -> io::Result<Vec<(Numbered, u64)>> {
        let bytes = self.read(folder, from)?;
        let place = |end: usize| from.saturating_add(u64::try_from(end).unwrap_or(u64::MAX));
        Ok(record::scan(&bytes)
            .filter_map(|found| match found.record {
                Record::Event(event) => Some((Numbered::Event(event), place(found.end))),
                Record::Foreign { seq: Some(seq) } => Some((Numbered::Foreign(seq), place(found.end))),
                Record::Head { .. } | Record::Correction { .. } | Record::Foreign { seq: None } => None,
            })
            .collect())
    }

    fn read(&self, folder: &Path, from: u64) -> io::Result<Vec<u8>> {
        let mut file = File::open(self.path(folder))?;
        file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::new();
        file.take(self.bytes.saturating_sub(from)).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Begins a file whose existence would survive a loss of power.
    pub fn create(folder: &Path, index: u64, store: &str, last: i64, disk: &dyn Disk) -> io::Result<(Self, File)> {
        let head = record::frame(&Record::Head { store: store.to_owned(), first: Some(last.saturating_add(1)) });
        let segment = Self { index, last, bytes: u64::try_from(head.len()).unwrap_or(u64::MAX) };
        let path = segment.path(folder);
        let write = || -> io::Result<File> {
            let mut file = OpenOptions::new().append(true).create_new(true).open(&path)?;
            disk.append(&mut file, &head)?;
            disk.sync(&file)?;
            disk.sync_folder(folder)?;
            Ok(file)
        };
        write().map(|file| (segment, file)).inspect_err(|_| drop(disk.remove(&path)))
    }

    /// Opens it for more, without what is torn at its end.
    pub fn reopen(&self, folder: &Path, disk: &dyn Disk) -> io::Result<File> {
        let file = OpenOptions::new().append(true).open(self.path(folder))?;
        disk.cut(&file, self.bytes)?;
        disk.sync(&file)?;
        Ok(file)
    }
}

/// What was found in a folder.
#[derive(Debug, Default)]
pub struct Survey {
    /// The files.
    pub segments: VecDeque<Segment>,
    /// The journal's name, as their heads say.
    pub store: Option<String>,
    /// Numbers that are there, in order.
    pub present: Vec<Stretch>,
    /// Numbers declared lost, each with the number of its declaration.
    pub lost: Vec<(Stretch, i64)>,
    /// Marks of what was brought, in order.
    pub marks: Vec<i64>,
    /// The last place in another device's chain, with the number of its event.
    pub serial: Option<(i64, i64)>,
    /// The greatest boot.
    pub newest_boot: i64,
    /// How far the clocks of boots were from the hub's.
    pub corrections: BTreeMap<i64, i64>,
    /// By boot, the last number whose dating waits for such a correction.
    pub awaited: BTreeMap<i64, i64>,
    /// The latest time that an event has by the hub's clock.
    pub latest_ms: i64,
    /// Below it everything was acknowledged, as the head of the oldest file says.
    pub first: Option<i64>,
}

impl Survey {
    /// Reads all segments of a folder.
    pub fn of(folder: &Path) -> io::Result<Self> {
        let mut indexes: Vec<u64> = Vec::new();
        for entry in fs::read_dir(folder)? {
            let name = entry?.file_name();
            indexes.extend(name.to_str().and_then(|name| name.strip_suffix(".segment")).and_then(|index| index.parse::<u64>().ok()));
        }
        indexes.sort_unstable();
        let mut survey = Self::default();
        for index in indexes {
            survey.add(folder, index);
        }
        Ok(survey)
    }

    /// The greatest number that is there.
    pub fn last(&self) -> i64 {
        self.present.last().map_or(0, |(_, last)| *last)
    }

    /// Numbers that were declared lost.
    pub fn declared(&self) -> Vec<Stretch> {
        self.lost.iter().map(|(stretch, _)| *stretch).collect()
    }

    fn add(&mut self, folder: &Path, index: u64) {
        let mut segment = Segment { index, last: self.last(), bytes: u64::MAX };
        // A file that cannot be read costs what is in it, and not the journal.
        let bytes = segment.read(folder, 0).inspect_err(|error| tracing::error!(index, %error, "a file of the journal cannot be read")).unwrap_or_default();
        segment.bytes = 0;
        for found in record::scan(&bytes) {
            segment.bytes = u64::try_from(found.end).unwrap_or(u64::MAX);
            match found.record {
                Record::Head { store, first } => {
                    self.store = Some(store);
                    // Of a file in the middle it says nothing of what was acknowledged.
                    self.first = self.first.or(first.filter(|_| self.segments.is_empty()));
                }
                Record::Event(event) => self.add_event(&event),
                Record::Correction { boot, offset_ms } => {
                    self.corrections.entry(boot).or_insert(offset_ms);
                }
                Record::Foreign { seq } => seq.into_iter().for_each(|seq| self.add_number(seq)),
            }
        }
        segment.last = self.last();
        self.segments.push_back(segment);
    }

    fn add_event(&mut self, event: &Event) {
        self.newest_boot = self.newest_boot.max(event.boot);
        if let Deed::Lost { from, to } = event.deed {
            self.lost.push(((from, to), event.seq));
        }
        self.marks.extend(event.deed.mark());
        if let Some(serial) = event.deed.serial() {
            self.serial = Some((serial, event.seq));
        }
        match event.dating {
            Dating::Offset(offset_ms) => self.latest_ms = self.latest_ms.max(event.at_ms.saturating_add(offset_ms)),
            Dating::Awaited => {
                self.awaited.insert(event.boot, event.seq);
            }
            Dating::Unknown => {}
        }
        self.add_number(event.seq);
    }

    fn add_number(&mut self, seq: i64) {
        match self.present.last_mut() {
            // A write that failed may have been written all the same, and again into the next file.
            Some((_, last)) if seq <= *last => {}
            Some((_, last)) if seq == last.saturating_add(1) => *last = seq,
            _ => self.present.push((seq, seq)),
        }
    }
}
