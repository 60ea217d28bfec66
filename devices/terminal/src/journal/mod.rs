//! The journal: what happened, on disk until the hub has it.
//!
//! Records stand in segments, files that only grow; a segment goes when the hub has acknowledged all of it. Beside them lie the
//! notes ([`notes`]): numbers given away, boots, acknowledgements. A lock keeps a second program out.
//! A journal that stands up for another device ([`Journal::bring`]) knows by marks ([`marks`]) what was told before.
//!
//! Always true:
//!  1. What [`Journal::keep`] counted as kept is there after any loss of power: it returns after the sync. A torn end is cut, and
//!     damage in the middle costs what it hit and nothing that follows: it is declared `lost`, also if it is met at work.
//!  2. No number stands for two contents: numbers go on across boots, full disks and damage. A new journal has a new name. A disk that
//!     loses what it confirmed breaks this until the hub's next acknowledgement says how far it has heard.
//!  3. An event leaves only by an acknowledgement of all numbers up to its own.
//!  4. A full disk costs what comes while it is full, and nothing that is there. Each number that could not be kept is declared by
//!     a `lost` event as soon as there is room; a reserve is kept for alarms and such declarations.
//!  5. An event is told in the same words each time, across boots: it is not told before its dating is settled. What dates the events
//!     of a boot stands behind them in the segments, lives and goes with them; boots may be as many as they like.
//!  6. Each opening is a greater boot.
//!  7. What another device tells twice is kept once, across kills, while it is among the last [`marks::MOST`]; what could not be kept is
//!     never counted as taken. A loss of power together with a torn write may cost marks: then it may be kept again, and never lost.

pub mod disk;
pub mod marks;
pub mod notes;
pub mod record;
mod segments;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, HashSet, VecDeque},
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use protocol::cursor::{Cursor, Stretch};
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::Value;

use self::{
    disk::{Disk, Space},
    marks::Marks,
    notes::{Notes, NotesFile, Source},
    record::{Alarm, Dating, Deed, Event, Record, Urgency},
    segments::{Numbered, Segment, Survey},
};
use crate::clock::Moment;

/// Corrections that the notes have room for, where segments take none.
const MOST_CORRECTIONS: usize = 32;
/// No journal ever counts that far: who acknowledges it says nothing.
pub const MOST_SEQ: i64 = i64::MAX / 2;
/// How much later it must be to be noted again.
const TIME_STEP_MS: i64 = 600_000;
/// Stamps of another device that the notes have room for, and how long their names and values are.
const MOST_STAMPS: usize = 4;
const STAMP_BYTES: usize = 24;

/// How much of the disk is whose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A segment that is longer is followed by the next.
    pub segment_bytes: u64,
    /// The journal is never longer.
    pub most_bytes: u64,
    /// The last part of it, for alarms and declarations.
    pub reserve_bytes: u64,
    /// What the file system keeps for others.
    pub spare_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { segment_bytes: 256 * 1024, most_bytes: 32 * 1024 * 1024, reserve_bytes: 128 * 1024, spare_bytes: 16 * 1024 * 1024 }
    }
}

/// Why a journal cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another program has it.
    #[error("the journal in {0} is in use by another program")]
    InUse(PathBuf),
    /// The disk refuses.
    #[error("the journal in {folder} cannot be read or written: {error}")]
    Disk {
        /// Where.
        folder: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// No name can be made.
    #[error("the system has no randomness")]
    Randomness,
}

/// Something to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// When.
    pub moment: Moment,
    /// What.
    pub deed: Deed,
}

/// What became of happenings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    /// On disk.
    pub kept: usize,
    /// Counted, and to be declared.
    pub lost: usize,
}

/// What another device tells at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Load {
    /// What it tells, in order.
    pub happenings: Vec<Happening>,
    /// The place in its chain that it has reached with it, whether or not something is written down for that.
    pub serial: Option<i64>,
    /// A table, and up to where all of that is told with it.
    pub stamp: Option<(String, String)>,
}

/// What became of it. Only with nothing refused may the other device forget.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Receipt {
    /// On disk, now.
    pub kept: usize,
    /// Told before.
    pub known: usize,
    /// Not on disk: the other device must keep it.
    pub refused: usize,
}

/// An event ready to be told.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// Its number.
    pub seq: i64,
    /// Its fields.
    pub told: Value,
}

/// How full the disk is, better first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fill {
    /// There is room.
    Roomy,
    /// Somebody should look.
    Filling,
    /// Only the reserve is left.
    Full,
}

/// Where reading stopped, so that it goes on without searching.
#[derive(Debug, Clone, Copy)]
struct Bookmark {
    seq: i64,
    index: u64,
    place: u64,
}

/// Records on their way into a segment.
#[derive(Debug, Default)]
struct Staged {
    bytes: Vec<u8>,
    numbers: Option<Stretch>,
    happenings: usize,
    declared: Vec<Stretch>,
}

/// The journal. One owner, which may wait for the disk.
pub struct Journal {
    folder: PathBuf,
    disk: Box<dyn Disk>,
    limits: Limits,
    notes_file: NotesFile,
    notes: Notes,
    segments: VecDeque<Segment>,
    active: Option<File>,
    /// The next file's place; one that could not be made is not tried again.
    next_index: u64,
    /// To be declared lost.
    gaps: Vec<Stretch>,
    /// Declared lost.
    declared: Vec<Stretch>,
    /// Reading met something that is missing, and nobody has said why.
    in_doubt: bool,
    /// How far the clocks of boots were from the hub's.
    corrections: BTreeMap<i64, i64>,
    /// By boot, the last number whose dating waits for that.
    awaited: BTreeMap<i64, i64>,
    fill: Fill,
    room: u64,
    bookmark: Option<Bookmark>,
    marks: Marks,
    _lock: File,
}

impl Journal {
    /// Opens the journal of a folder, or begins one there.
    pub fn open(folder: &Path, limits: Limits, disk: Box<dyn Disk>, machine_ms: i64) -> Result<Self, JournalError> {
        let on_disk = |error| JournalError::Disk { folder: folder.to_owned(), error };
        disk::make_folder(folder, &*disk).map_err(on_disk)?;
        let lock = lock(folder)?;
        let mut notes_file = NotesFile::open(&folder.join("notes"), &*disk).map_err(on_disk)?;
        let survey = Survey::of(folder).map_err(on_disk)?;
        let (notes, news) = settle_notes(notes_file.read().map_err(on_disk)?, &survey)?;
        let mut journal = Self {
            folder: folder.to_owned(),
            disk,
            limits,
            notes_file,
            gaps: gaps(&notes, &survey),
            declared: survey.declared(),
            in_doubt: false,
            corrections: notes.corrections.iter().chain(&survey.corrections).map(|(boot, offset_ms)| (*boot, *offset_ms)).collect(),
            awaited: survey.awaited,
            notes,
            next_index: survey.segments.back().map_or(1, |segment| segment.index.saturating_add(1)),
            segments: survey.segments,
            active: None,
            fill: Fill::Roomy,
            room: 0,
            bookmark: None,
            marks: Marks::read(folder, &survey.marks),
            _lock: lock,
        };
        journal.begin_boot(survey.newest_boot).map_err(on_disk)?;
        journal.find_probe();
        journal.reopen_last();
        if let Some(alarm) = news {
            journal.record_news(alarm, machine_ms);
        }
        Ok(journal)
    }

    /// The journal's name.
    pub fn store(&self) -> &str {
        &self.notes.store
    }

    /// The boot.
    pub fn boot(&self) -> i64 {
        self.notes.boot
    }

    /// Events that the hub has not acknowledged.
    pub fn queue(&self) -> i64 {
        self.notes.next_seq.saturating_sub(1).saturating_sub(self.notes.acknowledged)
    }

    /// All numbers up to it are durable at the hub.
    pub fn acknowledged(&self) -> i64 {
        self.notes.acknowledged
    }

    /// Happenings that could not be kept, ever.
    pub fn lost(&self) -> i64 {
        self.notes.lost
    }

    /// A time that the hub confirmed and that is past.
    pub fn known_ms(&self) -> i64 {
        self.notes.known_ms
    }

    /// How full the disk was when last looked at.
    pub fn fill(&self) -> Fill {
        self.fill
    }

    /// Room of the file system.
    pub fn space(&self) -> io::Result<Space> {
        self.disk.space(&self.folder)
    }

    /// An event that the hub has: asking for it again brings an acknowledgement with the hub's time.
    pub fn probe(&self) -> Option<&Value> {
        self.notes.probe.as_ref()
    }

    /// Where the device stands whose words are brought here.
    pub fn source(&self) -> &Source {
        &self.notes.source
    }

    /// Whether something with that mark was brought before.
    pub fn knows(&self, mark: i64) -> bool {
        self.marks.knows(mark)
    }

    /// Writes down what another device tells, each thing once, and returns when it is safe. What finds no room is refused without a
    /// number: it is not lost, the other device has it.
    pub fn bring(&mut self, load: Load) -> Receipt {
        let mut receipt = Receipt::default();
        let mut staged = Staged::default();
        let (mut fresh, mut seen, mut written) = (Vec::new(), HashSet::new(), None);
        if let Some(first) = load.happenings.first() {
            self.look_at_space(first.moment, &mut staged);
        }
        for happening in load.happenings {
            let mark = happening.deed.mark();
            if mark.is_some_and(|mark| self.marks.knows(mark) || !seen.insert(mark)) {
                receipt.known += 1;
            } else if self.has_room(happening.deed.urgency()) {
                written = happening.deed.serial().or(written);
                fresh.extend(mark);
                self.declare_gaps(happening.moment, &mut staged);
                self.stage(happening, &mut staged);
            } else {
                receipt.refused += 1;
            }
        }
        let mut outcome = Outcome::default();
        self.flush(staged, &mut outcome);
        receipt.kept = outcome.kept;
        // Numbers half written are used up and declared; what they stood for comes again.
        receipt.refused += outcome.lost;
        if outcome.lost == 0 {
            fresh.into_iter().for_each(|mark| self.marks.add(mark));
        }
        if receipt.refused == 0 {
            self.follow_source(load.serial, load.stamp, written);
        }
        receipt
    }

    /// Writes happenings down, in order, and returns when they are safe or known to be lost.
    pub fn keep(&mut self, happenings: Vec<Happening>) -> Outcome {
        let mut outcome = Outcome::default();
        let mut staged = Staged::default();
        if let Some(first) = happenings.first() {
            self.look_at_space(first.moment, &mut staged);
        }
        for happening in happenings {
            if self.has_room(happening.deed.urgency()) {
                self.declare_gaps(happening.moment, &mut staged);
                self.stage(happening, &mut staged);
            } else {
                self.flush(std::mem::take(&mut staged), &mut outcome);
                self.lose(1);
                outcome.lost += 1;
            }
        }
        self.flush(staged, &mut outcome);
        if outcome.lost > 0 {
            self.write_notes();
        }
        outcome
    }

    /// Looks at the disk now and then: tells if it fills, finds out what is missing, and declares what was lost once there is room.
    pub fn tend(&mut self, moment: Moment) {
        if self.in_doubt {
            self.survey_again();
        }
        let mut staged = Staged::default();
        self.look_at_space(moment, &mut staged);
        if self.has_room(Urgency::Ordinary) {
            self.declare_gaps(moment, &mut staged);
        }
        self.flush(staged, &mut Outcome::default());
    }

    /// Counts happenings that did not even reach the journal.
    pub fn count_lost(&mut self, happenings: i64) {
        if happenings > 0 {
            self.lose(happenings);
            self.write_notes();
        }
    }

    /// Learns how far this boot's clock is from the hub's. The first word dates what was written before it.
    pub fn correct(&mut self, offset_ms: i64) {
        let boot = self.notes.boot;
        if self.corrections.contains_key(&boot) {
            return;
        }
        let record = record::frame(&Record::Correction { boot, offset_ms });
        if self.write(&record, None).is_ok() || self.note_correction(boot, offset_ms) {
            self.corrections.insert(boot, offset_ms);
        }
    }

    /// Where no segment takes a correction, the notes do: without it nothing could be told, and nothing would ever make room.
    fn note_correction(&mut self, boot: i64, offset_ms: i64) -> bool {
        let acknowledged = self.notes.acknowledged;
        self.notes.corrections.retain(|boot, _| self.awaited.get(boot).is_some_and(|last| *last > acknowledged));
        if self.notes.corrections.len() >= MOST_CORRECTIONS {
            return false;
        }
        self.notes.corrections.insert(boot, offset_ms);
        let noted = self.write_notes();
        if !noted {
            self.notes.corrections.remove(&boot);
        }
        noted
    }

    /// Remembers that it is at least this late, so that no later boot begins before it.
    pub fn note_time(&mut self, confirmed_ms: i64) {
        if confirmed_ms > self.notes.known_ms.saturating_add(TIME_STEP_MS) {
            self.notes.known_ms = confirmed_ms;
            self.write_notes();
        }
    }

    /// Up to so many events after a number, in order; those whose dating is not settled, and all after them, stay.
    pub fn read(&mut self, after: i64, most: usize) -> Vec<Letter> {
        let mut letters: Vec<Letter> = Vec::new();
        let mut reached = after;
        let bookmark = self.bookmark.filter(|bookmark| bookmark.seq == after);
        let begin = bookmark.map_or(0, |bookmark| bookmark.index);
        let segments = self.segments.iter().filter(|segment| segment.index >= begin && segment.last > after);
        'reading: for segment in segments {
            let from = bookmark.filter(|bookmark| bookmark.index == segment.index).map_or(0, |bookmark| bookmark.place);
            // What cannot be read holds up nothing that follows; it is declared when somebody has looked for it.
            let numbered = segment.numbered(&self.folder, from).inspect_err(|error| tracing::error!(%error, "a file of the journal cannot be read"));
            for (numbered, place) in numbered.unwrap_or_default() {
                let seq = numbered.seq();
                if seq <= reached {
                    continue;
                }
                if let Some(event) = numbered.event() {
                    let Some(told) = self.told(event).filter(|_| letters.len() < most) else { break 'reading };
                    letters.push(Letter { seq, told });
                    self.bookmark = Some(Bookmark { seq, index: segment.index, place });
                }
                self.in_doubt |= !self.is_explained((reached.saturating_add(1), seq.saturating_sub(1)));
                reached = seq;
            }
            self.in_doubt |= !self.is_explained((reached.saturating_add(1), segment.last));
        }
        letters
    }

    /// Whether it is known why these numbers are not there.
    fn is_explained(&self, (from, to): Stretch) -> bool {
        let from = from.max(self.notes.acknowledged.saturating_add(1));
        let known = self.gaps.iter().chain(&self.declared).copied();
        from > to || Cursor::from_parts(from.saturating_sub(1), known).upto() >= to
    }

    /// Looks through all files for what is missing.
    fn survey_again(&mut self) {
        let survey = match Survey::of(&self.folder) {
            Ok(survey) => survey,
            Err(error) => {
                tracing::error!(%error, "the journal's folder cannot be read");
                return;
            }
        };
        let pending = std::mem::replace(&mut self.gaps, gaps(&self.notes, &survey));
        self.gaps.extend(pending);
        self.gaps.sort_unstable();
        self.gaps.dedup();
        self.declared = survey.declared();
        self.in_doubt = false;
        tracing::error!(missing = ?self.gaps, "events of the journal are damaged: they are declared lost");
    }

    /// Lets go of what the hub has: all numbers up to this one.
    pub fn acknowledge(&mut self, upto: i64) {
        if upto >= MOST_SEQ {
            tracing::error!(upto, "an acknowledgement of more than there can be");
            return;
        }
        self.notes.acknowledged = self.notes.acknowledged.max(upto);
        let acknowledged = self.notes.acknowledged;
        self.awaited.retain(|_, last| *last > acknowledged);
        self.declared.retain(|(_, to)| *to > acknowledged);
        if upto >= self.notes.next_seq {
            // The disk lied when it said that these were safe: their numbers are used up all the same.
            tracing::error!(upto, next = self.notes.next_seq, "the hub has more than this journal: the disk lost what it had confirmed");
            self.notes.next_seq = upto.saturating_add(1);
            self.write_notes();
        }
        self.remove_acknowledged();
    }

    /// Writes down what only memory knew: the journal is about to close.
    pub fn close(mut self) {
        self.write_notes();
    }

    /// A place that no record tells of is noted at once; a stamp when there is something else to note: an old one costs a telling again.
    fn follow_source(&mut self, serial: Option<i64>, stamp: Option<(String, String)>, written: Option<i64>) {
        let source = &mut self.notes.source;
        if let Some((table, value)) = stamp.filter(|(table, value)| table.len() <= STAMP_BYTES && value.len() <= STAMP_BYTES)
            && (source.stamps.len() < MOST_STAMPS || source.stamps.contains_key(&table))
        {
            source.stamps.insert(table, value);
        }
        let news = serial.is_some() && serial != source.serial;
        source.serial = serial.or(source.serial);
        if news && serial != written {
            self.write_notes();
        }
    }

    /// This boot's number must be safe before anything is dated by it.
    fn begin_boot(&mut self, newest: i64) -> io::Result<()> {
        self.notes.boot = self.notes.boot.max(newest).saturating_add(1);
        self.notes.generation += 1;
        self.notes_file.write(&*self.disk, &self.notes)
    }

    /// The last event that the hub has and that is still here; otherwise what the notes say. None whose correction may have been lost: it
    /// would be told in other words than before.
    fn find_probe(&mut self) {
        let Some(segment) = self.segments.front() else { return };
        let numbered = segment.numbered(&self.folder, 0).unwrap_or_default();
        let settled = |event: &&Event| event.dating != Dating::Awaited || self.corrections.contains_key(&event.boot);
        let mut events = numbered.iter().rev().filter_map(|(numbered, _)| Numbered::event(numbered));
        let known = events.find(|event| event.seq <= self.notes.acknowledged && settled(event));
        self.notes.probe = known.and_then(|event| self.told(event)).or(self.notes.probe.take());
    }

    /// Goes on in the last file if it can be trusted; otherwise the next write begins a new one.
    fn reopen_last(&mut self) {
        let short = self.segments.back().filter(|segment| segment.bytes > 0 && segment.bytes < self.limits.segment_bytes);
        self.active = short.and_then(|segment| match segment.reopen(&self.folder, &*self.disk) {
            Ok(file) => Some(file),
            Err(error) => {
                tracing::warn!(%error, "the journal's last file takes no more; the next one begins");
                None
            }
        });
    }

    /// The first number of a journal tells that it is new, and brings the hub's time: so it goes as its clock has it.
    fn record_news(&mut self, alarm: Alarm, machine_ms: i64) {
        let mut staged = Staged::default();
        self.look_at_space(Moment { at_ms: machine_ms, offset_ms: None }, &mut staged);
        let event = self.numbered(machine_ms, Dating::Unknown, Deed::Alarm(alarm));
        self.put(event, &mut staged);
        self.flush(staged, &mut Outcome::default());
    }

    fn told(&self, event: &Event) -> Option<Value> {
        match event.dating {
            Dating::Offset(offset_ms) => Some(event.told(Some(offset_ms))),
            Dating::Unknown => Some(event.told(None)),
            Dating::Awaited => match self.corrections.get(&event.boot) {
                Some(offset_ms) => Some(event.told(Some(*offset_ms))),
                // Nobody will ever say more of a boot that is over.
                None => (event.boot != self.notes.boot).then(|| event.told(None)),
            },
        }
    }

    fn dating(&self, moment: Moment) -> Dating {
        let known = moment.offset_ms.or_else(|| self.corrections.get(&self.notes.boot).copied());
        known.map_or(Dating::Awaited, Dating::Offset)
    }

    /// Looks how much room there is, and tells once when it becomes less than it should be.
    fn look_at_space(&mut self, moment: Moment, staged: &mut Staged) {
        let used: u64 = self.segments.iter().map(|segment| segment.bytes).sum();
        let of_quota = self.limits.most_bytes.saturating_sub(used);
        let of_disk = self.space().map_or(of_quota, |space| space.free_bytes.saturating_sub(self.limits.spare_bytes));
        self.room = of_quota.min(of_disk);
        let before = self.fill;
        self.fill = fill(self.room, before, self.limits);
        let alarm = match self.fill {
            Fill::Filling if before == Fill::Roomy => Alarm::DiskFilling,
            Fill::Full if before != Fill::Full => Alarm::DiskFull,
            Fill::Roomy | Fill::Filling | Fill::Full => return,
        };
        self.declare_gaps(moment, staged);
        self.stage(Happening { moment, deed: Deed::Alarm(alarm) }, staged);
        staged.happenings -= 1;
    }

    fn has_room(&self, urgency: Urgency) -> bool {
        match urgency {
            Urgency::Urgent => self.room > 0,
            Urgency::Ordinary => self.fill != Fill::Full && self.room > self.limits.reserve_bytes,
        }
    }

    fn declare_gaps(&mut self, moment: Moment, staged: &mut Staged) {
        for (from, to) in std::mem::take(&mut self.gaps) {
            staged.declared.push((from, to));
            let event = self.numbered(moment.at_ms, self.dating(moment), Deed::Lost { from, to });
            self.put(event, staged);
        }
    }

    fn stage(&mut self, happening: Happening, staged: &mut Staged) {
        let Happening { moment, deed } = happening;
        let event = self.numbered(moment.at_ms, self.dating(moment), deed);
        self.put(event, staged);
        staged.happenings += 1;
    }

    fn numbered(&mut self, at_ms: i64, dating: Dating, deed: Deed) -> Event {
        let seq = self.notes.next_seq;
        self.notes.next_seq = seq.saturating_add(1);
        Event { seq, boot: self.notes.boot, at_ms, dating, deed }
    }

    fn put(&mut self, event: Event, staged: &mut Staged) {
        staged.numbers = Some(staged.numbers.map_or((event.seq, event.seq), |(first, _)| (first, event.seq)));
        if event.dating == Dating::Awaited {
            self.awaited.insert(event.boot, event.seq);
        }
        let frame = record::frame(&Record::Event(event));
        self.room = self.room.saturating_sub(u64::try_from(frame.len()).unwrap_or(u64::MAX));
        staged.bytes.extend(frame);
    }

    /// Makes staged records safe, if need be in a new file; what cannot be kept becomes a gap.
    fn flush(&mut self, staged: Staged, outcome: &mut Outcome) {
        let Some((first, last)) = staged.numbers else { return };
        if self.write(&staged.bytes, Some(last)).is_ok() {
            outcome.kept += staged.happenings;
            self.declared.extend(staged.declared);
            return;
        }
        outcome.lost += staged.happenings;
        self.notes.lost = self.notes.lost.saturating_add(i64::try_from(staged.happenings).unwrap_or(0));
        // Its numbers may stand half written in a file: they are used up.
        self.gaps.extend(staged.declared);
        self.lose_stretch((first, last));
    }

    /// Makes records safe, if need be in a new file.
    fn write(&mut self, bytes: &[u8], last: Option<i64>) -> io::Result<()> {
        let mut written = Ok(());
        for _ in 0..2 {
            written = self.append(bytes, last);
            let Err(error) = &written else { break };
            tracing::error!(%error, "the journal cannot be written");
            self.abandon_active();
        }
        written
    }

    fn append(&mut self, bytes: &[u8], last: Option<i64>) -> io::Result<()> {
        if self.active.is_none() || self.segments.back().is_none_or(|segment| segment.bytes >= self.limits.segment_bytes) {
            self.begin_segment()?;
        }
        let (Some(file), Some(segment)) = (&mut self.active, self.segments.back_mut()) else {
            return Err(io::Error::other("no file is open"));
        };
        self.disk.append(file, bytes)?;
        self.disk.sync(file)?;
        segment.bytes = segment.bytes.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        segment.last = last.unwrap_or(segment.last);
        Ok(())
    }

    fn begin_segment(&mut self) -> io::Result<()> {
        let index = self.next_index;
        self.next_index = index.saturating_add(1);
        let last = self.segments.back().map_or(self.notes.acknowledged, |segment| segment.last);
        let (segment, file) = Segment::create(&self.folder, index, &self.notes.store, last, &*self.disk)?;
        self.segments.push_back(segment);
        self.active = Some(file);
        Ok(())
    }

    /// A file that refused a write is cut to what it had, and gets no more.
    fn abandon_active(&mut self) {
        if let (Some(file), Some(segment)) = (self.active.take(), self.segments.back())
            && let Err(error) = self.disk.cut(&file, segment.bytes).and_then(|()| self.disk.sync(&file))
        {
            tracing::warn!(%error, "what was half written stays in the file; it is no record");
        }
    }

    fn lose(&mut self, numbers: i64) {
        let first = self.notes.next_seq;
        self.notes.next_seq = first.saturating_add(numbers);
        self.notes.lost = self.notes.lost.saturating_add(numbers);
        self.lose_stretch((first, self.notes.next_seq.saturating_sub(1)));
    }

    fn lose_stretch(&mut self, (first, last): Stretch) {
        match self.gaps.last_mut() {
            Some((_, to)) if to.saturating_add(1) == first => *to = last,
            _ => self.gaps.push((first, last)),
        }
    }

    /// Whole files go, the oldest first; the last one stays, so that numbers are known even if the notes are damaged.
    fn remove_acknowledged(&mut self) {
        let acknowledged = self.notes.acknowledged;
        let behind = |segments: &VecDeque<Segment>| segments.len() > 1 && segments.front().is_some_and(|segment| segment.last <= acknowledged);
        if !behind(&self.segments) {
            return;
        }
        self.find_probe();
        if let Err(error) = self.marks.save(&*self.disk) {
            tracing::error!(%error, "marks cannot be written: what bears them stays");
            return;
        }
        // Noted first: numbers that are neither here nor acknowledged would be taken for lost.
        if !self.write_notes() {
            return;
        }
        while behind(&self.segments) {
            let Some(segment) = self.segments.pop_front() else { return };
            if let Err(error) = self.disk.remove(&segment.path(&self.folder)) {
                tracing::warn!(%error, "a file that the hub has cannot be removed");
            }
        }
    }

    fn write_notes(&mut self) -> bool {
        self.notes.generation += 1;
        let written = self.notes_file.write(&*self.disk, &self.notes);
        if let Err(error) = &written {
            tracing::error!(%error, "the journal's notes cannot be written");
        }
        written.is_ok()
    }
}

fn lock(folder: &Path) -> Result<File, JournalError> {
    let on_disk = |error| JournalError::Disk { folder: folder.to_owned(), error };
    let file = File::create(folder.join("lock")).map_err(on_disk)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(JournalError::InUse(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(on_disk(error)),
    }
}

/// The notes as read, made anew from the segments, or of a new journal; and what the hub must be told of that.
fn settle_notes(read: Option<Notes>, survey: &Survey) -> Result<(Notes, Option<Alarm>), JournalError> {
    let after_segments = survey.last().saturating_add(1);
    let known_ms = survey.latest_ms;
    match (read, &survey.store) {
        (Some(mut notes), _) => {
            notes.known_ms = notes.known_ms.max(known_ms);
            // A record that is younger than the notes knows better where the other device stands.
            if let Some((serial, seq)) = survey.serial
                && seq >= notes.next_seq
            {
                notes.source.serial = Some(serial);
            }
            Ok((Notes { next_seq: notes.next_seq.max(after_segments).max(notes.acknowledged.saturating_add(1)), ..notes }, None))
        }
        (None, Some(store)) => {
            // Only what was acknowledged ever leaves.
            let first = survey.first.or_else(|| survey.present.first().map(|(first, _)| *first));
            let acknowledged = first.map_or(0, |first| first.saturating_sub(1));
            let source = Source { serial: survey.serial.map(|(serial, _)| serial), ..Source::default() };
            Ok((Notes { store: store.clone(), acknowledged, next_seq: after_segments, known_ms, source, ..Notes::default() }, Some(Alarm::JournalMended)))
        }
        (None, None) => Ok((Notes { store: fresh_name()?, next_seq: after_segments, ..Notes::default() }, Some(Alarm::JournalNew))),
    }
}

/// Numbers that were given away and are neither acknowledged, nor here, nor declared.
fn gaps(notes: &Notes, survey: &Survey) -> Vec<Stretch> {
    let mut cursor = Cursor::from_parts(notes.acknowledged, survey.present.iter().copied());
    for ((from, to), seq) in &survey.lost {
        cursor.declare_lost(*from, *to, *seq);
    }
    let mut gaps = cursor.gaps();
    let top = cursor.ahead().last().map_or(cursor.upto(), |(_, to)| *to);
    if top.saturating_add(1) < notes.next_seq {
        gaps.push((top.saturating_add(1), notes.next_seq.saturating_sub(1)));
    }
    gaps
}

/// How full it is, with some distance between falling into a state and leaving it.
fn fill(room: u64, before: Fill, limits: Limits) -> Fill {
    let (full, early) = (limits.reserve_bytes, limits.most_bytes / 4);
    let full = if before == Fill::Full { full.saturating_mul(2) } else { full };
    let early = if before == Fill::Roomy { early } else { early.saturating_add(early / 4) };
    match room {
        room if room <= full => Fill::Full,
        room if room <= early => Fill::Filling,
        _ => Fill::Roomy,
    }
}

fn fresh_name() -> Result<String, JournalError> {
    let mut bytes = [0; 8];
    SystemRandom::new().fill(&mut bytes).map_err(|_| JournalError::Randomness)?;
    Ok(format!("k{:016x}", u64::from_be_bytes(bytes)))
}
