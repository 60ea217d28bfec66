//! The keeper: the one thread that writes the journal, so that nobody else ever waits for the disk.
//!
//! Others leave errands in a bounded queue and never wait for it: what does not fit is counted, and the journal declares it lost.
//! Happenings that stand in the queue together are made safe by one sync.
//!
//! Always true:
//!  1. Nobody who leaves a happening waits, whatever the disk does.
//!  2. What found no room in the queue, or came while the journal could not be opened, is counted and declared.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    time::Duration,
};

use serde_json::Value;
use tokio::sync::{oneshot, watch};

use crate::{
    clock::Clock,
    journal::{
        Fill, Happening, Journal, Letter, Limits, Load, Receipt,
        disk::{LinuxDisk, Space},
        notes::Source,
    },
};

/// Errands that may wait.
const QUEUE: usize = 4_096;
/// Happenings made safe by one sync.
const GROUP: usize = 64;
/// How often the keeper looks at the disk and the time when nothing happens.
const ROUND: Duration = Duration::from_secs(30);

/// Events that were asked for.
pub type Asked = oneshot::Receiver<Vec<Letter>>;

/// What the keeper is asked to do.
enum Errand {
    Happened(Happening),
    Acknowledged(i64),
    Correct(i64),
    Read { after: i64, most: usize, reply: oneshot::Sender<Vec<Letter>> },
    Bring { load: Load, reply: oneshot::Sender<Receipt> },
    Recall { marks: Vec<i64>, reply: oneshot::Sender<Vec<bool>> },
    Stop,
}

/// How the journal is.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Its name.
    pub store: String,
    /// The boot.
    pub boot: i64,
    /// All numbers up to it are at the hub.
    pub acknowledged: i64,
    /// Events that are not.
    pub queue: i64,
    /// Happenings that could not be kept, ever.
    pub lost: i64,
    /// How full it is.
    pub fill: Fill,
    /// Room of the file system.
    pub space: Option<Space>,
    /// An event that the hub has, as told.
    pub probe: Option<Value>,
    /// Where the device stands whose words are brought here.
    pub source: Source,
}

/// Where errands are left. Cheap to clone.
#[derive(Clone)]
pub struct Keeper {
    errands: SyncSender<Errand>,
    overflow: Arc<AtomicI64>,
    report: watch::Receiver<Option<Report>>,
}

/// Where the journal is, and how it is opened.
pub struct Place {
    /// Its folder.
    pub folder: PathBuf,
    /// How much of the disk is whose.
    pub limits: Limits,
}

/// The thread's own half.
pub struct Desk {
    place: Place,
    clock: Clock,
    errands: Receiver<Errand>,
    overflow: Arc<AtomicI64>,
    report: watch::Sender<Option<Report>>,
    journal: Option<Journal>,
}

impl Keeper {
    /// The two halves.
    pub fn new(place: Place, clock: Clock) -> (Self, Desk) {
        let (sender, errands) = sync_channel(QUEUE);
        let (report, reports) = watch::channel(None);
        let overflow = Arc::new(AtomicI64::new(0));
        let desk = Desk { place, clock, errands, overflow: overflow.clone(), report, journal: None };
        (Self { errands: sender, overflow, report: reports }, desk)
    }

    /// Something happened. Never waits.
    pub fn happened(&self, happening: Happening) {
        if self.errands.try_send(Errand::Happened(happening)).is_err() {
            self.overflow.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// The hub has all numbers up to this one. If the queue is full, the next acknowledgement that brings a greater number says it too.
    pub fn acknowledged(&self, upto: i64) {
        self.errands.try_send(Errand::Acknowledged(upto)).ok();
    }

    /// The hub's clock is so far from ours. If the queue is full, the next acknowledgement says it again.
    pub fn correct(&self, offset_ms: i64) {
        self.errands.try_send(Errand::Correct(offset_ms)).ok();
    }

    /// Asks for events after a number. `None` if the keeper is too busy.
    pub fn read(&self, after: i64, most: usize) -> Option<Asked> {
        let (reply, asked) = oneshot::channel();
        self.errands.try_send(Errand::Read { after, most, reply }).ok()?;
        Some(asked)
    }

    /// Hands over what another device tells. The receipt comes when it is safe; if none comes, nothing may be taken for kept. `None` if the
    /// keeper is too busy.
    pub fn bring(&self, load: Load) -> Option<oneshot::Receiver<Receipt>> {
        let (reply, receipt) = oneshot::channel();
        self.errands.try_send(Errand::Bring { load, reply }).ok()?;
        Some(receipt)
    }

    /// Asks of each mark whether it was brought before. `None` if the keeper is too busy.
    pub fn recall(&self, marks: Vec<i64>) -> Option<oneshot::Receiver<Vec<bool>>> {
        let (reply, known) = oneshot::channel();
        self.errands.try_send(Errand::Recall { marks, reply }).ok()?;
        Some(known)
    }

    /// How the journal is, and a way to wait for news. `None` until it is open.
    pub fn reports(&self) -> watch::Receiver<Option<Report>> {
        self.report.clone()
    }

    /// Asks the keeper to finish what was left and to close the journal.
    pub fn stop(&self) {
        // The one errand that waits: the thread is on its way through the queue.
        self.errands.send(Errand::Stop).ok();
    }
}

impl Desk {
    /// Opens the journal before anything is dated, so that the clock begins no earlier than what the journal knows. If that fails it is
    /// tried again at work, and the clock stays as it began: moments already dated by it are on their way. May wait for the disk.
    pub fn prepare(&mut self) {
        self.journal = self.try_open();
        if let Some(journal) = &self.journal {
            self.clock.not_before(journal.known_ms());
        }
    }

    /// Works until it is asked to stop, or nobody is left who could.
    pub fn run(mut self) {
        let Some(mut journal) = self.journal.take().or_else(|| self.open()) else { return };
        tracing::info!(store = journal.store(), boot = journal.boot(), queue = journal.queue(), "the journal is open");
        self.tell(&journal);
        let mut tended_ms = self.clock.monotonic_ms();
        loop {
            let first = match self.errands.recv_timeout(ROUND) {
                Ok(errand) => Some(errand),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            let stopped = self.work(&mut journal, first);
            // At a busy gate there is never a pause.
            if first_of_round(self.clock.monotonic_ms(), &mut tended_ms) {
                journal.tend(self.clock.now());
            }
            self.note_time(&mut journal);
            self.tell(&journal);
            if stopped.is_break() {
                break;
            }
        }
        journal.close();
    }

    /// A disk that cannot be opened now may be mended; the gate works meanwhile.
    fn open(&self) -> Option<Journal> {
        loop {
            let opened = self.try_open();
            if opened.is_some() || self.drop_errands().is_break() {
                return opened;
            }
        }
    }

    fn try_open(&self) -> Option<Journal> {
        let opened = Journal::open(&self.place.folder, self.place.limits, Box::new(LinuxDisk), self.clock.now().at_ms);
        opened.inspect_err(|error| tracing::error!(%error, "there is no journal: what happens is only counted")).ok()
    }

    /// Counts what happens without a journal, for some seconds.
    fn drop_errands(&self) -> std::ops::ControlFlow<()> {
        let until = self.clock.monotonic_ms().saturating_add(10_000);
        while let Ok(left) = u64::try_from(until.saturating_sub(self.clock.monotonic_ms())) {
            match self.errands.recv_timeout(Duration::from_millis(left)) {
                Ok(Errand::Happened(_)) => {
                    self.overflow.fetch_add(1, Ordering::SeqCst);
                }
                Ok(Errand::Stop) | Err(RecvTimeoutError::Disconnected) => return std::ops::ControlFlow::Break(()),
                // Who brings something is told by the reply that never comes.
                Ok(Errand::Acknowledged(_) | Errand::Correct(_) | Errand::Read { .. } | Errand::Bring { .. } | Errand::Recall { .. })
                | Err(RecvTimeoutError::Timeout) => {}
            }
        }
        std::ops::ControlFlow::Continue(())
    }

    /// Does an errand, and with a happening all that wait behind it.
    fn work(&self, journal: &mut Journal, first: Option<Errand>) -> std::ops::ControlFlow<()> {
        let mut group = Vec::new();
        let mut next = first;
        while let Some(Errand::Happened(happening)) = next {
            group.push(happening);
            next = if group.len() < GROUP { self.errands.try_recv().ok() } else { None };
        }
        if !group.is_empty() {
            journal.keep(group);
        }
        journal.count_lost(self.overflow.swap(0, Ordering::SeqCst));
        match next {
            Some(Errand::Acknowledged(upto)) => journal.acknowledge(upto),
            Some(Errand::Correct(offset_ms)) => journal.correct(offset_ms),
            // Whoever asked may have gone.
            Some(Errand::Read { after, most, reply }) => drop(reply.send(journal.read(after, most))),
            Some(Errand::Bring { load, reply }) => drop(reply.send(journal.bring(load))),
            Some(Errand::Recall { marks, reply }) => drop(reply.send(marks.iter().map(|mark| journal.knows(*mark)).collect())),
            Some(Errand::Stop) => return std::ops::ControlFlow::Break(()),
            Some(Errand::Happened(_)) | None => {}
        }
        std::ops::ControlFlow::Continue(())
    }

    fn note_time(&self, journal: &mut Journal) {
        let now = self.clock.now();
        if now.offset_ms.is_some() {
            journal.note_time(now.best_ms());
        }
    }

    fn tell(&self, journal: &Journal) {
        let report = Report {
            store: journal.store().to_owned(),
            boot: journal.boot(),
            acknowledged: journal.acknowledged(),
            queue: journal.queue(),
            lost: journal.lost(),
            fill: journal.fill(),
            space: journal.space().ok(),
            probe: journal.probe().cloned(),
            source: journal.source().clone(),
        };
        self.report.send_if_modified(|before| {
            let changed = before.as_ref().is_none_or(|before| Report { space: report.space, ..before.clone() } != report);
            *before = Some(report);
            changed
        });
    }
}

fn first_of_round(now_ms: i64, before_ms: &mut i64) -> bool {
    let round_ms = i64::try_from(ROUND.as_millis()).unwrap_or(i64::MAX);
    let due = now_ms.saturating_sub(*before_ms) >= round_ms;
    if due {
        *before_ms = now_ms;
    }
    due
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, thread};

    use protocol::up::{Direction, Method, Pass};

    use super::*;
    use crate::{clock::tests::ByHand, journal::record::Deed};

    fn pass(clock: &Clock, n: usize) -> Happening {
        let pass = Pass { card: format!("04A1{n:06}"), direction: Direction::In, method: Method::Card };
        Happening { moment: clock.now(), deed: Deed::Pass(pass) }
    }

    fn keeper(folder: &std::path::Path) -> (Keeper, Desk, Clock) {
        let clock = Clock::begin(Arc::new(ByHand::default()), 1_763_783_521_000);
        let (keeper, desk) = Keeper::new(Place { folder: folder.to_owned(), limits: Limits::default() }, clock.clone());
        (keeper, desk, clock)
    }

    #[test]
    fn inv_1_nobody_waits_for_a_keeper_that_does_nothing() {
        let folder = tempfile::tempdir().unwrap();
        // Whoever waited for it would wait for ever.
        let (keeper, _desk, clock) = keeper(folder.path());
        (0..2 * QUEUE).for_each(|n| keeper.happened(pass(&clock, n)));
        keeper.acknowledged(7);
        keeper.correct(7);
        assert!(keeper.read(0, 7).is_none());
    }

    #[test]
    fn inv_2_what_found_no_room_is_declared() {
        let folder = tempfile::tempdir().unwrap();
        let (keeper, desk, clock) = keeper(folder.path());
        (0..QUEUE + 50).for_each(|n| keeper.happened(pass(&clock, n)));
        let thread = thread::spawn(move || desk.run());
        keeper.stop();
        thread.join().unwrap();
        let mut journal = Journal::open(folder.path(), Limits::default(), Box::new(LinuxDisk), 0).unwrap();
        assert_eq!(journal.lost(), 50);
        let letters = journal.read(0, usize::MAX);
        let lost: Vec<_> = letters.iter().filter(|letter| letter.told["kind"] == "lost").collect();
        assert_eq!(lost.len(), 1);
        assert_eq!(lost[0].told["to"].as_i64().unwrap() - lost[0].told["from"].as_i64().unwrap() + 1, 50);
        let passes = letters.iter().filter(|letter| letter.told["kind"] == "pass").count();
        assert_eq!(passes, QUEUE);
    }

    #[tokio::test]
    async fn damage_is_declared_though_errands_never_cease() {
        let folder = tempfile::tempdir().unwrap();
        let source = Arc::new(ByHand::default());
        let clock = Clock::begin(source.clone(), 1_763_783_521_000);
        let (keeper, desk) = Keeper::new(Place { folder: folder.path().to_owned(), limits: Limits::default() }, clock.clone());
        let thread = thread::spawn(move || desk.run());
        keeper.correct(5);
        (0..3).for_each(|n| keeper.happened(pass(&clock, n)));
        assert_eq!(keeper.read(0, 10).unwrap().await.unwrap().len(), 4);
        let path = folder.path().join("000000000001.segment");
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(path, bytes).unwrap();
        assert_eq!(keeper.read(0, 10).unwrap().await.unwrap().len(), 3);
        source.monotonic.store(i64::try_from(ROUND.as_millis()).unwrap(), Ordering::SeqCst);
        keeper.acknowledged(0);
        let letters = keeper.read(0, 10).unwrap().await.unwrap();
        assert_eq!((letters.len(), &letters[3].told["kind"]), (4, &"lost".into()));
        keeper.stop();
        thread.join().unwrap();
    }

    #[tokio::test]
    async fn what_is_kept_can_be_read_and_is_reported() {
        let folder = tempfile::tempdir().unwrap();
        let (keeper, desk, clock) = keeper(folder.path());
        let thread = thread::spawn(move || desk.run());
        keeper.correct(5);
        (0..3).for_each(|n| keeper.happened(pass(&clock, n)));
        let letters = keeper.read(0, 10).unwrap().await.unwrap();
        assert_eq!(letters.iter().map(|letter| letter.seq).collect::<Vec<_>>(), [1, 2, 3, 4]);
        keeper.acknowledged(3);
        let mut reports = keeper.reports();
        let report = reports.wait_for(|report| report.as_ref().is_some_and(|report| report.acknowledged == 3)).await.unwrap().clone().unwrap();
        assert_eq!((report.queue, report.lost, report.boot), (1, 0, 1));
        keeper.stop();
        thread.join().unwrap();
    }
}
