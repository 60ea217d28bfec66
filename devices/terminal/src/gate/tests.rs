//! The gate with an output that remembers, and a keeper whose disk does not answer.

use std::{
    io,
    sync::{
        Arc, Mutex,
        atomic::Ordering,
    },
    thread,
};

use protocol::up::Direction;

use super::{output::Lines, *};
use crate::{
    clock::tests::ByHand,
    journal::{Journal, Limits, disk::LinuxDisk},
    keeper::{Desk, Place},
    list::tests::{NOW_MS, draft, shelf},
};

#[derive(Clone, Default)]
struct Memory {
    said: Arc<Mutex<Vec<String>>>,
    broken: Arc<Mutex<Option<io::ErrorKind>>>,
}

impl Memory {
    fn say(&self, word: String) -> io::Result<()> {
        self.said.lock().unwrap().push(word);
        self.broken.lock().unwrap().map_or(Ok(()), |kind| Err(kind.into()))
    }
}

impl Output for Memory {
    fn open(&mut self, direction: Direction) -> io::Result<()> {
        self.say(format!("open {}", direction.as_str()))
    }

    fn shut(&mut self, direction: Direction) -> io::Result<()> {
        self.say(format!("shut {}", direction.as_str()))
    }

    fn refuse(&mut self, refusal: Refusal, _: Direction) -> io::Result<()> {
        self.say(refusal.code().into())
    }
}

struct Scene {
    gate: Gate,
    desk: Desk,
    keeper: Keeper,
    memory: Memory,
    source: Arc<ByHand>,
    folder: tempfile::TempDir,
}

fn scene() -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let source = Arc::new(ByHand::default());
    source.machine.store(NOW_MS, Ordering::SeqCst);
    let clock = Clock::begin(source.clone(), 0);
    let (keeper, desk) = Keeper::new(Place { folder: folder.path().join("journal"), limits: Limits::default() }, clock.clone());
    let memory = Memory::default();
    let gate = Gate {
        shelf: shelf(folder.path(), &draft(1)),
        fallback: Fallback::Refuse,
        clock,
        keeper: keeper.clone(),
        tally: Tally::default(),
        output: Box::new(memory.clone()),
        open_ms: 3_000,
        failing: None,
        deadlines: Deadlines::default(),
    };
    Scene { gate, desk, keeper, memory, source, folder }
}

fn reading(card: &str) -> Reading {
    Reading { card: card.into(), direction: Direction::In }
}

impl Scene {
    /// What was written down in the end.
    fn kinds(self) -> Vec<String> {
        let desk = thread::spawn(move || self.desk.run());
        self.keeper.correct(0);
        self.keeper.stop();
        desk.join().unwrap();
        let mut journal = Journal::open(&self.folder.path().join("journal"), Limits::default(), Box::new(LinuxDisk), 0).unwrap();
        let letters = journal.read(0, usize::MAX);
        letters.iter().map(|letter| letter.told.get("code").or(letter.told.get("card")).unwrap().as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn inv_1_a_pass_is_written_down_after_the_gate_opened_and_nobody_waits_for_that() {
    let mut scene = scene();
    // The keeper's thread does not even run: whoever waited for it would wait for ever.
    let shown = ["04:a1:00:01", "04A10002"].map(|card| scene.gate.serve(&reading(card)));
    assert_eq!(shown, [Verdict::Open; 2]);
    *scene.memory.broken.lock().unwrap() = Some(io::ErrorKind::NotConnected);
    for _ in 0..3 {
        scene.gate.serve(&reading("04A10001"));
    }
    *scene.memory.broken.lock().unwrap() = None;
    scene.gate.serve(&reading("04A10001"));
    assert_eq!(scene.kinds(), ["journal_new", "04A10001", "04A10002", "gate_failed", "04A10001"]);
}

#[test]
fn inv_3_a_refusal_is_counted_and_shown_and_is_no_pass() {
    let mut scene = scene();
    let shown = ["04A10003", "04A1FFFF", "?"].map(|card| scene.gate.serve(&reading(card)));
    assert!(shown.iter().all(|verdict| matches!(verdict, Verdict::Refuse(_))));
    assert_eq!(*scene.memory.said.lock().unwrap(), ["barred", "unknown", "unreadable"]);
    assert_eq!((scene.gate.tally.refused(), scene.gate.tally.reader_errors()), (3, 1));
    assert_eq!(scene.kinds(), ["journal_new", "barred_card"]);
}

#[test]
fn inv_2_what_was_opened_is_shut_after_its_time() {
    let mut scene = scene();
    scene.gate.serve(&reading("04A10001"));
    scene.source.monotonic.store(2_000, Ordering::SeqCst);
    scene.gate.shut_if_due();
    scene.gate.serve(&reading("04A1FFFF"));
    scene.gate.serve(&reading("04A10002"));
    scene.source.monotonic.store(4_999, Ordering::SeqCst);
    scene.gate.shut_if_due();
    assert_eq!(*scene.memory.said.lock().unwrap(), ["open in", "unknown", "open in"], "the second one has their time too");
    scene.source.monotonic.store(5_000, Ordering::SeqCst);
    scene.gate.shut_if_due();
    scene.gate.shut_if_due();
    assert_eq!(scene.memory.said.lock().unwrap().last().unwrap(), "shut in");
    assert_eq!(scene.memory.said.lock().unwrap().len(), 4);
}

#[test]
fn inv_2_who_goes_out_keeps_no_other_way_open() {
    let mut scene = scene();
    scene.gate.serve(&reading("04A10001"));
    for second in 1..=6 {
        scene.source.monotonic.store(second * 1_000, Ordering::SeqCst);
        scene.gate.serve(&Reading { direction: Direction::Out, ..reading("04A10002") });
        scene.gate.shut_if_due();
    }
    let said = scene.memory.said.lock().unwrap().clone();
    assert_eq!(said.iter().filter(|word| *word == "shut in").count(), 1);
    assert_eq!(said.iter().position(|word| word == "shut in"), Some(4), "after its three seconds: {said:?}");
    assert!(!said.contains(&"shut out".to_owned()), "that way somebody goes all the time");
}

#[test]
fn inv_2_a_gate_that_does_not_shut_is_shut_as_soon_as_it_obeys() {
    let mut scene = scene();
    scene.gate.serve(&reading("04A10001"));
    *scene.memory.broken.lock().unwrap() = Some(io::ErrorKind::NotConnected);
    scene.source.monotonic.store(3_000, Ordering::SeqCst);
    scene.gate.shut_if_due();
    scene.gate.shut_if_due();
    assert_eq!(scene.memory.said.lock().unwrap().len(), 2, "not without a pause");
    assert_eq!(scene.gate.patience(), Duration::from_secs(1));
    *scene.memory.broken.lock().unwrap() = None;
    scene.source.monotonic.store(4_000, Ordering::SeqCst);
    scene.gate.shut_if_due();
    assert_eq!(*scene.memory.said.lock().unwrap(), ["open in", "shut in", "shut in"]);
    assert_eq!(scene.gate.deadlines, Deadlines::default());
    assert_eq!(scene.kinds(), ["journal_new", "04A10001", "gate_failed"]);
}

#[test]
fn inv_4_a_gate_begins_shut_and_forgets_cards_that_waited_for_long() {
    let scene = scene();
    let (sender, knocks) = std::sync::mpsc::sync_channel(QUEUE);
    scene.source.monotonic.store(60_000, Ordering::SeqCst);
    sender.try_send(Knock::Card(reading("04A10001"), 60_000 - STALE_MS - 1)).unwrap();
    sender.try_send(Knock::Card(reading("04A10002"), 60_000 - STALE_MS)).unwrap();
    sender.try_send(Knock::Stop).unwrap();
    let tally = scene.gate.tally.clone();
    scene.gate.run(&knocks);
    assert_eq!(*scene.memory.said.lock().unwrap(), ["shut in", "shut out", "open in", "shut in", "shut out"]);
    assert_eq!(tally.reader_errors(), 1);
}

#[test]
fn lines_of_the_machine_are_set_and_never_made() {
    let folder = tempfile::tempdir().unwrap();
    let [inwards, outwards] = ["in", "out"].map(|name| folder.path().join(name));
    std::fs::write(&inwards, "0").unwrap();
    let mut lines = Lines { inwards: inwards.clone(), outwards: outwards.clone() };
    lines.open(Direction::In).unwrap();
    assert_eq!(std::fs::read_to_string(&inwards).unwrap(), "1");
    assert!(lines.open(Direction::Out).is_err() && lines.shut(Direction::Out).is_err());
    lines.shut(Direction::In).unwrap();
    assert_eq!(std::fs::read_to_string(&inwards).unwrap(), "0");
    assert!(!outwards.exists());
}
