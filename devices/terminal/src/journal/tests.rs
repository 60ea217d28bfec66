//! The journal on disks that are full, tear writes, rot and lie.

use std::{
    collections::BTreeSet,
    fs::{self, OpenOptions},
    io::Write,
    os::{
        fd::AsRawFd,
        unix::fs::MetadataExt,
    },
    sync::{Arc, Mutex},
};

use proptest::prelude::*;
use protocol::up::{Body, Direction, Events, Method, Pass};
use serde_json::json;

use super::{disk::LinuxDisk, *};

const MACHINE_MS: i64 = 1_763_783_521_000;

/// What goes wrong.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// Room that the file system has left; `None` for plenty.
    pub(crate) free: Option<u64>,
    /// So many bytes of each append arrive, then the disk refuses.
    pub(crate) tear: Option<usize>,
    /// Syncs fail.
    pub(crate) deaf: bool,
}

/// What would be there after a loss of power: only what was synced, names of files too.
#[derive(Debug, Default)]
struct Power {
    /// Synced bytes, by file.
    contents: BTreeMap<u64, Vec<u8>>,
    /// Synced names.
    names: BTreeMap<PathBuf, Stored>,
}

#[derive(Debug)]
enum Stored {
    File(u64),
    /// Removed since, and that is not synced.
    Removed(Vec<u8>),
}

impl Power {
    fn bury(&mut self, path: &Path) {
        let Ok(file) = fs::metadata(path).map(|it| it.ino()) else { return };
        // Its number may be another file's next.
        let bytes = self.contents.remove(&file).unwrap_or_default();
        if let Some(stored) = self.names.get_mut(path) {
            *stored = Stored::Removed(bytes);
        }
    }
}

#[derive(Debug, Clone, Default)]
pub(crate) struct FaultyDisk(Arc<Mutex<Faults>>, Arc<Mutex<Power>>);

impl FaultyDisk {
    pub(crate) fn set(&self, change: impl FnOnce(&mut Faults)) {
        change(&mut self.0.lock().unwrap());
    }

    /// Leaves of a folder what was synced. Nobody may have it open.
    pub(crate) fn lose_power(&self, folder: &Path) {
        let mut power = self.1.lock().unwrap();
        let Power { contents, names } = std::mem::take(&mut *power);
        for entry in fs::read_dir(folder).unwrap() {
            fs::remove_file(entry.unwrap().path()).unwrap();
        }
        for (path, stored) in names {
            let bytes = match stored {
                Stored::File(file) => contents.get(&file).cloned().unwrap_or_default(),
                Stored::Removed(bytes) => bytes,
            };
            fs::write(&path, &bytes).unwrap();
            let file = fs::metadata(&path).unwrap().ino();
            power.contents.insert(file, bytes);
            power.names.insert(path, Stored::File(file));
        }
    }
}

impl Disk for FaultyDisk {
    fn space(&self, _: &Path) -> io::Result<Space> {
        Ok(Space { free_bytes: self.0.lock().unwrap().free.unwrap_or(u64::MAX), total_bytes: u64::MAX })
    }

    fn append(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        match self.0.lock().unwrap().tear {
            None => file.write_all(bytes),
            Some(torn) => {
                file.write_all(&bytes[..torn.min(bytes.len())])?;
                Err(io::Error::from(io::ErrorKind::StorageFull))
            }
        }
    }

    fn overwrite(&self, file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
        LinuxDisk.overwrite(file, bytes, at)
    }

    fn cut(&self, file: &File, length: u64) -> io::Result<()> {
        LinuxDisk.cut(file, length)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        if self.0.lock().unwrap().deaf {
            return Err(io::Error::other("deaf"));
        }
        let bytes = fs::read(format!("/proc/self/fd/{}", file.as_raw_fd()))?;
        self.1.lock().unwrap().contents.insert(file.metadata()?.ino(), bytes);
        Ok(())
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        let mut power = self.1.lock().unwrap();
        power.names.clear();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            // The folder above ours is everybody's: what others remove meanwhile is not ours.
            let Ok(metadata) = entry.metadata() else { continue };
            power.names.insert(entry.path(), Stored::File(metadata.ino()));
        }
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.1.lock().unwrap().bury(to);
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.1.lock().unwrap().bury(path);
        fs::remove_file(path)
    }
}

const SMALL: Limits = Limits { segment_bytes: 1_000, most_bytes: 20_000, reserve_bytes: 1_000, spare_bytes: 0 };

fn open(folder: &Path) -> Journal {
    open_on(folder, &FaultyDisk::default())
}

fn open_on(folder: &Path, disk: &FaultyDisk) -> Journal {
    Journal::open(folder, SMALL, Box::new(disk.clone()), MACHINE_MS).unwrap()
}

fn pass(n: i64) -> Happening {
    let pass = Pass { card: format!("04A1{n:04}"), direction: Direction::In, method: Method::Card };
    Happening { moment: Moment { at_ms: MACHINE_MS + n, offset_ms: Some(0) }, deed: Deed::Pass(pass) }
}

fn alarm() -> Happening {
    Happening { deed: Deed::Alarm(Alarm::GateFailed), ..pass(0) }
}

fn keep(journal: &mut Journal, passes: std::ops::RangeInclusive<i64>) -> Outcome {
    let outcomes = passes.map(|n| journal.keep(vec![pass(n)]));
    outcomes.fold(Outcome::default(), |all, one| Outcome { kept: all.kept + one.kept, lost: all.lost + one.lost })
}

fn all(journal: &mut Journal) -> Vec<Letter> {
    journal.read(0, usize::MAX)
}

fn seqs(letters: &[Letter]) -> Vec<i64> {
    letters.iter().map(|letter| letter.seq).collect()
}

fn body(journal: &Journal, letter: &Letter) -> Body {
    let message = json!({"store": journal.store(), "events": [letter.told]}).to_string();
    Events::parse(message.as_bytes()).unwrap().events.remove(0).body
}

fn copy(folder: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    copy
}

fn segment_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|it| it == "segment")).collect();
    files.sort();
    files
}

#[test]
fn inv_1_torn_at_any_byte_the_journal_keeps_what_was_whole() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = open(folder.path());
    let mut ends = Vec::new();
    for n in 2..=6 {
        ends.push(fs::metadata(&segment_files(folder.path())[0]).unwrap().len());
        assert_eq!(journal.keep(vec![pass(n)]), Outcome { kept: 1, lost: 0 });
    }
    let store = journal.store().to_owned();
    drop(journal);
    let whole = fs::read(&segment_files(folder.path())[0]).unwrap();
    for length in 0..whole.len() {
        let garbage = [&[][..], &[0; 40], b"\x02\x00\x00\x00garbage"];
        for garbage in garbage.into_iter().take(if length % 5 == 0 { 3 } else { 1 }) {
            let torn = copy(folder.path());
            let path = &segment_files(torn.path())[0];
            fs::write(path, [&whole[..length], garbage].concat()).unwrap();
            let mut journal = open(torn.path());
            let kept = i64::try_from(ends.iter().filter(|end| usize::try_from(**end).unwrap() <= length).count()).unwrap();
            assert_eq!(seqs(&all(&mut journal)), Vec::from_iter(1..=kept), "{length} bytes");
            assert_eq!((journal.store(), journal.boot()), (store.as_str(), 2));
            journal.keep(vec![pass(9)]);
            assert_eq!(seqs(&all(&mut journal)), Vec::from_iter(1..=kept + 1), "and goes on");
            drop(journal);
            if length % 5 == 0 {
                assert_eq!(seqs(&all(&mut open(torn.path()))), Vec::from_iter(1..=kept + 1), "for good");
            }
        }
    }
}

#[test]
fn inv_1_damage_in_the_middle_costs_what_it_hit() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = open(folder.path());
    keep(&mut journal, 2..=30);
    drop(journal);
    let path = &segment_files(folder.path())[1];
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();

    let mut journal = open(folder.path());
    let found: BTreeSet<i64> = seqs(&all(&mut journal)).into_iter().collect();
    let hit: Vec<i64> = (1..=30).filter(|seq| !found.contains(seq)).collect();
    assert_eq!(hit.len(), 1);
    journal.keep(vec![pass(31)]);
    let letters = all(&mut journal);
    assert_eq!(body(&journal, &letters[29]), Body::Lost { from: hit[0], to: hit[0] });
    assert_eq!(letters[30].seq, 32);
    drop(journal);
    let mut journal = open(folder.path());
    journal.keep(vec![pass(33)]);
    assert_eq!(journal.read(32, 9).len(), 1, "what was declared is not declared again");
}

/// Every number is there or declared lost.
fn is_complete(journal: &mut Journal) -> bool {
    let letters = journal.read(journal.acknowledged(), usize::MAX);
    let mut hub = Cursor::from_parts(journal.acknowledged(), letters.iter().map(|letter| (letter.seq, letter.seq)));
    for letter in &letters {
        if let Body::Lost { from, to } = body(journal, letter) {
            hub.declare_lost(from, to, letter.seq);
        }
    }
    hub.gaps().is_empty() && hub.upto() == letters.last().unwrap().seq
}

#[test]
fn inv_1_damage_met_at_work_is_declared_then() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = open(folder.path());
    keep(&mut journal, 2..=30);
    let files = segment_files(folder.path());
    let mut bytes = fs::read(&files[1]).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&files[1], bytes).unwrap();
    assert_eq!(all(&mut journal).len(), 29);
    journal.tend(pass(0).moment);
    assert!(is_complete(&mut journal));
    let told = all(&mut journal);
    assert_eq!(told.len(), 30, "the declaration too");
    journal.tend(pass(0).moment);
    assert_eq!(all(&mut journal), told, "which is made once");

    fs::remove_file(&files[2]).unwrap();
    assert!(!is_complete(&mut journal));
    journal.tend(pass(0).moment);
    assert!(is_complete(&mut journal), "a file that cannot be read");
    let last = files.last().unwrap();
    fs::write(last, &fs::read(last).unwrap()[..40]).unwrap();
    all(&mut journal);
    journal.tend(pass(0).moment);
    assert!(is_complete(&mut journal), "a file that ends too early");
}

#[test]
fn inv_1_a_name_that_is_taken_costs_nothing() {
    let (folder, disk) = (tempfile::tempdir().unwrap(), FaultyDisk::default());
    let mut journal = open_on(folder.path(), &disk);
    disk.set(|faults| faults.tear = Some(3));
    keep(&mut journal, 2..=2);
    disk.set(|faults| faults.tear = None);
    fs::write(folder.path().join(format!("{:012}.segment", journal.next_index)), "half made").unwrap();
    assert_eq!(keep(&mut journal, 3..=3).kept, 1);
}

#[test]
fn inv_1_a_write_that_fails_is_made_again_elsewhere_and_found_once() {
    let (folder, disk) = (tempfile::tempdir().unwrap(), FaultyDisk::default());
    let mut journal = open_on(folder.path(), &disk);
    keep(&mut journal, 2..=4);
    disk.set(|faults| faults.deaf = true);
    assert_eq!(journal.keep(vec![pass(5)]), Outcome { kept: 0, lost: 1 });
    disk.set(|faults| faults.deaf = false);
    keep(&mut journal, 6..=7);
    let letters = all(&mut journal);
    assert_eq!(seqs(&letters), [1, 2, 3, 4, 6, 7, 8]);
    assert_eq!(body(&journal, &letters[4]), Body::Lost { from: 5, to: 5 });
}

#[test]
fn inv_2_numbers_go_on_when_notes_or_segments_are_gone() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = open(folder.path());
    keep(&mut journal, 2..=40);
    journal.acknowledge(30);
    let store = journal.store().to_owned();
    let after = |what: fn(&Path), expected: (&str, i64)| {
        let copy = copy(folder.path());
        what(copy.path());
        let mut journal = open(copy.path());
        journal.keep(vec![pass(50)]);
        let last = all(&mut journal).pop().unwrap();
        assert_eq!((journal.store() == store, body(&journal, &last).kind(), last.seq), (true, expected.0, expected.1));
    };
    after(|_| {}, ("pass", 41));
    // Its own words come first: that the notes were made anew.
    after(|folder| fs::remove_file(folder.join("notes")).unwrap(), ("pass", 42));
    after(|folder| fs::write(folder.join("notes"), [7; 9_000]).unwrap(), ("pass", 42));
    drop(journal);

    let mut journal = open(folder.path());
    journal.acknowledge(40);
    journal.close();
    for file in segment_files(folder.path()) {
        fs::remove_file(file).unwrap();
    }
    let mut journal = open(folder.path());
    journal.keep(vec![pass(50)]);
    assert_eq!(seqs(&all(&mut journal)), [41]);
    assert_eq!(journal.store(), store);
    drop(journal);

    fs::remove_dir_all(folder.path()).unwrap();
    let mut journal = open(folder.path());
    assert_ne!(journal.store(), store, "another journal, another name");
    assert_eq!(seqs(&all(&mut journal)), [1]);
}

#[test]
fn inv_2_a_number_that_the_hub_has_is_not_used_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = open(folder.path());
    keep(&mut journal, 2..=3);
    journal.acknowledge(17);
    drop(journal);
    let mut journal = open(folder.path());
    journal.keep(vec![pass(4)]);
    assert_eq!(seqs(&journal.read(17, 9)), [18]);
}

#[test]
fn inv_2_nobody_acknowledges_more_than_there_can_be() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = open(folder.path());
    keep(&mut journal, 2..=3);
    journal.acknowledge(i64::MAX);
    assert_eq!((journal.acknowledged(), journal.queue()), (0, 3));
    keep(&mut journal, 4..=4);
    assert_eq!(seqs(&all(&mut journal)), [1, 2, 3, 4]);
}

#[test]
fn inv_3_without_notes_only_what_left_counts_as_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = open(folder.path());
    keep(&mut journal, 2..=40);
    journal.acknowledge(25);
    drop(journal);
    fs::remove_file(folder.path().join("notes")).unwrap();
    // The first records behind the head of the oldest file.
    let oldest = &segment_files(folder.path())[0];
    let mut bytes = fs::read(oldest).unwrap();
    let head = record::unframe(&bytes).unwrap().1;
    bytes[head + 20] ^= 1;
    fs::write(oldest, bytes).unwrap();
    let mut journal = open(folder.path());
    assert!(journal.acknowledged() <= 25);
    keep(&mut journal, 41..=41);
    assert!(is_complete(&mut journal));
    let lost = all(&mut journal).iter().filter(|letter| letter.told["kind"] == "lost").count();
    assert_eq!(lost, 1);
}

#[test]
fn inv_3_what_a_later_version_wrote_waits_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = open(folder.path());
    keep(&mut journal, 2..=3);
    drop(journal);
    let later = record::frame(&json!({"event": {"seq": 4, "boot": 1, "at_ms": 0, "dating": "unknown", "deed": {"fire_drill": {"floor": 2}}}}));
    OpenOptions::new().append(true).open(segment_files(folder.path()).last().unwrap()).unwrap().write_all(&later).unwrap();
    let mut journal = open(folder.path());
    keep(&mut journal, 5..=5);
    all(&mut journal);
    journal.tend(pass(0).moment);
    assert_eq!(seqs(&all(&mut journal)), [1, 2, 3, 5], "neither told nor declared lost");
}

#[test]
fn inv_3_only_whole_acknowledged_files_go() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = open(folder.path());
    keep(&mut journal, 2..=40);
    let files = segment_files(folder.path()).len();
    assert!(files > 4, "{files}");
    journal.acknowledge(1);
    assert_eq!((segment_files(folder.path()).len(), journal.queue()), (files, 39));
    journal.acknowledge(25);
    assert!(segment_files(folder.path()).len() < files);
    drop(journal);
    let mut journal = open(folder.path());
    let left = seqs(&journal.read(journal.acknowledged(), 99));
    assert!(left.iter().copied().eq(left[0]..=40) && left[0] <= 26, "{left:?}");
    journal.acknowledge(40);
    assert_eq!((segment_files(folder.path()).len(), journal.queue()), (1, 0), "the last one stays");
    assert!(journal.probe().is_some());
}

#[test]
fn inv_4_a_full_disk_costs_only_what_comes_while_it_is_full() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = open(folder.path());
    let outcome = keep(&mut journal, 1..=400);
    assert_eq!(outcome.kept + outcome.lost, 400);
    assert!(outcome.kept > 80 && outcome.lost > 200, "{outcome:?}");
    assert_eq!(journal.fill(), Fill::Full);
    let bodies: Vec<Body> = all(&mut journal).iter().map(|letter| body(&journal, letter)).collect();
    let place = |code: &str| bodies.iter().position(|body| matches!(body, Body::Alarm { code: one } if one == code)).unwrap();
    assert!(place("disk_filling") < place("disk_full") && place("disk_filling") < bodies.len() * 9 / 10, "early");
    assert_eq!(bodies.iter().filter(|body| matches!(body, Body::Alarm { .. })).count(), 3, "each told once");

    assert_eq!(journal.keep(vec![alarm()]), Outcome { kept: 1, lost: 0 }, "the reserve is for alarms");
    let lost = i64::try_from(outcome.lost).unwrap();
    let letters = all(&mut journal);
    let Body::Lost { from, to } = body(&journal, &letters[letters.len() - 2]) else { panic!("declared first") };
    assert_eq!((to - from + 1, journal.lost()), (lost, lost));

    let upto = letters[letters.len() - 1].seq;
    journal.acknowledge(upto);
    assert_eq!(keep(&mut journal, 1..=10), Outcome { kept: 10, lost: 0 }, "there is room again");
    assert_eq!(seqs(&journal.read(upto, 99)), Vec::from_iter(upto + 1..=upto + 10));
}

#[test]
fn inv_4_what_was_lost_is_declared_after_a_loss_of_power_too() {
    let (folder, disk) = (tempfile::tempdir().unwrap(), FaultyDisk::default());
    let mut journal = open_on(folder.path(), &disk);
    keep(&mut journal, 2..=3);
    disk.set(|faults| faults.tear = Some(20));
    assert_eq!(keep(&mut journal, 4..=9), Outcome { kept: 0, lost: 6 });
    journal.count_lost(5);
    drop(journal);
    let mut journal = open(folder.path());
    journal.tend(pass(0).moment);
    keep(&mut journal, 10..=10);
    let letters = all(&mut journal);
    assert_eq!((seqs(&letters), journal.lost()), (vec![1, 2, 3, 20, 21], 11), "declarations that could not be written used numbers up, too");
    assert_eq!(body(&journal, &letters[3]), Body::Lost { from: 4, to: 19 });
}

#[test]
fn inv_4_a_file_system_filled_by_others_alarms_early_too() {
    let (folder, disk) = (tempfile::tempdir().unwrap(), FaultyDisk::default());
    let mut journal = open_on(folder.path(), &disk);
    disk.set(|faults| faults.free = Some(4_000));
    assert_eq!(keep(&mut journal, 2..=2), Outcome { kept: 1, lost: 0 });
    disk.set(|faults| faults.free = Some(900));
    assert_eq!(keep(&mut journal, 3..=4), Outcome { kept: 0, lost: 2 });
    disk.set(|faults| faults.free = None);
    assert_eq!(keep(&mut journal, 5..=5), Outcome { kept: 1, lost: 0 });
    let kinds: Vec<String> = all(&mut journal).iter().map(|letter| match body(&journal, letter) {
        Body::Alarm { code } => code,
        other => other.kind().to_owned(),
    }).collect();
    assert_eq!(kinds, ["journal_new", "disk_filling", "pass", "disk_full", "lost", "pass"]);
}

#[test]
fn inv_5_what_was_written_before_the_time_was_known_waits_and_is_dated_for_good() {
    let folder = tempfile::tempdir().unwrap();
    let undated = |n: i64| Happening { moment: Moment { at_ms: n, offset_ms: None }, ..pass(n) };
    let mut journal = open(folder.path());
    journal.keep(vec![undated(1), undated(2)]);
    assert_eq!(seqs(&all(&mut journal)), [1], "only the journal's first word goes undated");
    drop(journal);

    let mut journal = open(folder.path());
    journal.keep(vec![undated(3)]);
    let before = all(&mut journal);
    assert_eq!(seqs(&before), [1, 2, 3], "nobody will ever know more of the first boot");
    assert!(before.iter().all(|letter| letter.told.get("offset_ms").is_none()));
    journal.correct(MACHINE_MS);
    journal.correct(5);
    journal.keep(vec![undated(4)]);
    let told = all(&mut journal);
    assert_eq!(told[3].told.get("offset_ms"), Some(&MACHINE_MS.into()));
    assert_eq!(told[4].told.get("offset_ms"), Some(&MACHINE_MS.into()));
    drop(journal);
    for _ in 0..3 {
        let mut journal = open(folder.path());
        journal.correct(77);
        journal.keep(vec![]);
        assert_eq!(all(&mut journal), told, "the same words in every boot");
    }
}

#[test]
fn inv_5_boots_may_be_as_many_as_they_like() {
    let (folder, disk) = (tempfile::tempdir().unwrap(), FaultyDisk::default());
    let open = || Journal::open(folder.path(), Limits { segment_bytes: 100_000, most_bytes: 100_000, ..SMALL }, Box::new(disk.clone()), MACHINE_MS).unwrap();
    let mut told: Vec<Letter> = Vec::new();
    for boot in 1..=40 {
        let mut journal = open();
        let before = all(&mut journal).len();
        journal.keep(vec![Happening { moment: Moment { at_ms: boot, offset_ms: None }, ..pass(boot) }]);
        assert_eq!(all(&mut journal).len(), before, "it waits for the hub's time");
        journal.correct(boot * 1_000);
        let letters = all(&mut journal);
        assert_eq!(letters[..told.len()], told, "the same words in every boot");
        assert_eq!(letters.last().unwrap().told.get("offset_ms"), Some(&(boot * 1_000).into()), "boot {boot}");
        told = letters;
        drop(journal);
        disk.lose_power(folder.path());
    }
    assert_eq!((told.len(), segment_files(folder.path()).len()), (41, 1));
    fs::remove_file(folder.path().join("notes")).unwrap();
    assert_eq!(all(&mut open())[..told.len()], told, "without the notes too");
}

#[test]
fn inv_5_a_full_disk_does_not_keep_events_from_being_dated() {
    let (folder, disk) = (tempfile::tempdir().unwrap(), FaultyDisk::default());
    let mut told = Vec::new();
    for boot in 1..40 {
        let mut journal = open_on(folder.path(), &disk);
        journal.keep(vec![Happening { moment: Moment { at_ms: boot, offset_ms: None }, ..pass(boot) }]);
        disk.set(|faults| faults.tear = Some(7));
        journal.correct(boot * 1_000);
        disk.set(|faults| faults.tear = None);
        let letters = journal.read(journal.acknowledged(), usize::MAX);
        assert_eq!(letters.last().unwrap().told.get("offset_ms"), Some(&(boot * 1_000).into()), "boot {boot}");
        // The hub has all but the last.
        journal.acknowledge(letters.last().unwrap().seq - 1);
        drop(journal);
        disk.lose_power(folder.path());
        told.push(letters.last().unwrap().clone());
    }
    let mut journal = open_on(folder.path(), &disk);
    assert_eq!(journal.read(told[38].seq - 1, 1), told[38..]);
}

#[test]
fn a_boot_begins_no_earlier_than_what_was_dated() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = open(folder.path());
    keep(&mut journal, 2..=9);
    drop(journal);
    assert_eq!(open(folder.path()).known_ms(), MACHINE_MS + 9);
}

#[test]
fn inv_6_each_opening_is_a_greater_boot_and_no_second_program_gets_in() {
    let folder = tempfile::tempdir().unwrap();
    for boot in 1..5 {
        let journal = open(folder.path());
        assert_eq!(journal.boot(), boot);
        let second = Journal::open(folder.path(), SMALL, Box::new(LinuxDisk), MACHINE_MS);
        assert!(matches!(second, Err(JournalError::InUse(_))));
    }
}

#[test]
fn reading_goes_on_where_it_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = open(folder.path());
    keep(&mut journal, 2..=50);
    let mut read = Vec::new();
    for n in 51..80 {
        let letters = journal.read(read.last().copied().unwrap_or(0), 7);
        assert!(letters.len() <= 7);
        read.extend(seqs(&letters));
        keep(&mut journal, n..=n);
        journal.acknowledge(read.last().copied().unwrap_or(0) - 3);
    }
    assert_eq!(read, Vec::from_iter(1..=i64::try_from(read.len()).unwrap()));
    assert_eq!(seqs(&journal.read(76, 2)), [77, 78], "and anywhere else");
}

/// What may happen to a journal.
#[derive(Debug, Clone)]
enum Step {
    Keep(usize),
    Acknowledge,
    Reopen,
    PowerLoss(usize),
    DeepPowerLoss,
    Tear(Option<usize>),
    Free(Option<u64>),
    Overflow,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (1_usize..12).prop_map(Step::Keep),
        2 => Just(Step::Acknowledge),
        1 => Just(Step::Reopen),
        1 => (0_usize..200).prop_map(Step::PowerLoss),
        1 => Just(Step::DeepPowerLoss),
        1 => prop::option::of(0_usize..300).prop_map(Step::Tear),
        1 => prop::option::of(0_u64..6_000).prop_map(Step::Free),
        1 => Just(Step::Overflow),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Against the plain list of what was kept: nothing kept is missing, no number has two contents, and in the end every number
    /// below the last is there, acknowledged, or declared.
    #[test]
    fn inv_2_and_4_every_number_is_kept_or_declared(steps in prop::collection::vec(step(), 0..60)) {
        let (folder, disk) = (tempfile::tempdir().unwrap(), FaultyDisk::default());
        let mut journal = Some(open_on(folder.path(), &disk));
        let mut told: std::collections::BTreeMap<i64, Value> = Default::default();
        let mut hub = Cursor::default();
        let mut n = 0;
        let mut kept = 0;
        for step in steps {
            let it = journal.as_mut().unwrap();
            match step {
                Step::Keep(count) => {
                    let group = (0..count).map(|_| { n += 1; pass(n) }).collect();
                    kept += it.keep(group).kept;
                }
                Step::Acknowledge => it.acknowledge(hub.upto()),
                Step::Reopen => { drop(journal.take()); journal = Some(open_on(folder.path(), &disk)); }
                Step::PowerLoss(torn) => {
                    drop(journal.take());
                    // A write was under way.
                    if let Some(last) = segment_files(folder.path()).last() {
                        let frame = record::frame(&Record::Event(Event { seq: 1 << 40, boot: 1, at_ms: 0, dating: Dating::Unknown, deed: Deed::Alarm(Alarm::GateFailed) }));
                        OpenOptions::new().append(true).open(last).unwrap().write_all(&frame[..torn.min(frame.len() - 1)]).unwrap();
                    }
                    journal = Some(open_on(folder.path(), &disk));
                }
                Step::DeepPowerLoss => {
                    drop(journal.take());
                    disk.lose_power(folder.path());
                    journal = Some(open_on(folder.path(), &disk));
                }
                Step::Tear(tear) => disk.set(|faults| faults.tear = tear),
                Step::Free(free) => disk.set(|faults| faults.free = free),
                Step::Overflow => it.count_lost(2),
            }
            for letter in all(journal.as_mut().unwrap()) {
                hub.take(letter.seq);
                if let Some(Value::Number(from)) = letter.told.get("from") {
                    hub.declare_lost(from.as_i64().unwrap(), letter.told["to"].as_i64().unwrap(), letter.seq);
                }
                let before = told.entry(letter.seq).or_insert_with(|| letter.told.clone());
                prop_assert_eq!(&*before, &letter.told);
            }
            let passes = told.values().filter(|told| told["kind"] == "pass").count();
            prop_assert_eq!(passes, kept);
        }
        disk.set(|faults| *faults = Faults::default());
        drop(journal.take());
        let mut journal = open_on(folder.path(), &disk);
        journal.acknowledge(hub.upto());
        journal.keep(vec![alarm()]);
        for letter in all(&mut journal) {
            hub.take(letter.seq);
            if let Body::Lost { from, to } = body(&journal, &letter) {
                hub.declare_lost(from, to, letter.seq);
            }
        }
        prop_assert!(hub.gaps().is_empty(), "{:?}", hub.gaps());
    }
}

/// What another device tells as its record number `n`.
fn brought(n: i64) -> Happening {
    let Value::Object(fields) = json!({"kind": "pass", "card": format!("04A1{n:04}"), "direction": "in"}) else { panic!("fields") };
    let brought = record::Brought::new(Some(n * 7), Some(n), fields).unwrap();
    Happening { moment: Moment { at_ms: MACHINE_MS + n, offset_ms: Some(0) }, deed: Deed::Brought(brought) }
}

fn load(numbers: std::ops::Range<i64>) -> Load {
    Load { serial: numbers.clone().last(), stamp: Some(("ATTLOG".into(), numbers.end.to_string())), happenings: numbers.map(brought).collect() }
}

#[test]
fn inv_7_a_place_is_known_after_a_kill_whether_or_not_a_record_tells_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = open(folder.path());
    assert_eq!(journal.bring(load(1..4)), Receipt { kept: 3, ..Receipt::default() });
    drop(journal);
    let mut journal = open(folder.path());
    assert_eq!(journal.source().serial, Some(3), "the record knows");
    assert_eq!(journal.bring(load(2..6)), Receipt { kept: 2, known: 2, refused: 0 });
    assert_eq!(journal.bring(Load { serial: Some(9), ..Load::default() }), Receipt::default());
    drop(journal);
    let mut journal = open(folder.path());
    assert_eq!(journal.source().serial, Some(9), "the notes know");
    assert_eq!(journal.source().stamps.get("ATTLOG").map(String::as_str), Some("6"));
    journal.bring(load(2..3));
    assert_eq!(journal.source().serial, Some(2), "a chain may begin anew");
}

#[test]
fn inv_7_what_finds_no_room_is_refused_and_not_lost() {
    let (folder, disk) = (tempfile::tempdir().unwrap(), FaultyDisk::default());
    let mut journal = open_on(folder.path(), &disk);
    disk.set(|faults| faults.free = Some(500));
    assert_eq!(journal.bring(load(1..4)), Receipt { refused: 3, ..Receipt::default() });
    assert_eq!((journal.lost(), journal.source().serial), (0, None));
    disk.set(|faults| faults.free = None);
    assert_eq!(journal.bring(load(1..4)).kept, 3);
    assert!(all(&mut journal).iter().all(|letter| letter.told["kind"] != "lost"));
}

#[derive(Debug, Clone)]
enum Telling {
    Bring(i64, i64),
    Acknowledge,
    Reopen,
    PowerLoss,
    Tear(Option<usize>),
    Free(Option<u64>),
}

fn telling() -> impl Strategy<Value = Telling> {
    prop_oneof![
        8 => (1_i64..60, 1_i64..9).prop_map(|(from, count)| Telling::Bring(from, count)),
        3 => Just(Telling::Acknowledge),
        1 => Just(Telling::Reopen),
        1 => Just(Telling::PowerLoss),
        1 => prop::option::of(0_usize..500).prop_map(Telling::Tear),
        1 => prop::option::of(0_u64..4_000).prop_map(Telling::Free),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever is told again, however often it is killed and whatever the disk does: what was taken is told, and nothing twice while the power lasts.
    #[test]
    fn inv_7_what_is_told_again_is_kept_once(tellings in prop::collection::vec(telling(), 0..60)) {
        let (folder, disk) = (tempfile::tempdir().unwrap(), FaultyDisk::default());
        let mut journal = Some(open_on(folder.path(), &disk));
        let (mut told, mut taken, mut hub) = (std::collections::BTreeMap::new(), BTreeSet::new(), Cursor::default());
        let mut power_lasted = true;
        for telling in tellings {
            let it = journal.as_mut().unwrap();
            match telling {
                Telling::Bring(from, count) => {
                    let receipt = it.bring(load(from..from + count));
                    prop_assert_eq!(i64::try_from(receipt.kept + receipt.known + receipt.refused).unwrap(), count);
                    if receipt.refused == 0 { taken.extend(from..from + count); }
                }
                Telling::Acknowledge => it.acknowledge(hub.upto()),
                Telling::Reopen => { drop(journal.take()); journal = Some(open_on(folder.path(), &disk)); }
                Telling::PowerLoss => {
                    power_lasted = false;
                    drop(journal.take());
                    disk.lose_power(folder.path());
                    journal = Some(open_on(folder.path(), &disk));
                }
                Telling::Tear(tear) => disk.set(|faults| faults.tear = tear),
                Telling::Free(free) => disk.set(|faults| faults.free = free),
            }
            for letter in all(journal.as_mut().unwrap()) {
                hub.take(letter.seq);
                if let Some(from) = letter.told.get("from").and_then(Value::as_i64) {
                    hub.declare_lost(from, letter.told["to"].as_i64().unwrap(), letter.seq);
                }
                told.insert(letter.seq, letter.told);
            }
            let cards: Vec<&Value> = told.values().filter_map(|told| told.get("card")).collect();
            let once: BTreeSet<String> = cards.iter().map(ToString::to_string).collect();
            prop_assert!(!power_lasted || once.len() == cards.len(), "nothing twice");
            prop_assert!(taken.iter().all(|n| once.contains(&format!("\"04A1{n:04}\""))), "all that was taken");
        }
    }
}
