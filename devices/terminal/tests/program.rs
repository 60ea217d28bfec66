//! The program from outside: cards on its standard input, the gate on its standard output, a real broker, and `kill -9`.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod common;

use std::{
    fmt::Write as _,
    fs,
    io::{BufRead, BufReader, Lines, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::{Duration, Instant, SystemTime},
};

use jiff::Timestamp;
use protocol::up::Body;

use common::{Broker, Hub, Road, eventually};
use terminal::journal::{Journal, Limits, disk::LinuxDisk};

const PROGRAM: &str = env!("CARGO_BIN_EXE_shanyraq-terminal");
const CARDS: usize = 50_000;

/// Runs one of the program's commands to its end.
fn command(arguments: &[&str]) -> String {
    let done = Command::new(PROGRAM).args(arguments).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A folder with a configuration, and an allow-list of many cards laid down for it.
fn install(port: u16) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let key = command(&["list-key", "--out", text(&at("list.key"))]);
    fs::write(at("password"), "p").unwrap();
    let mut cards = String::new();
    (0..CARDS).for_each(|n| writeln!(cards, "04A1{n:06} always").unwrap());
    fs::write(at("cards.txt"), format!("{cards}04BAD0 barred\n")).unwrap();
    let draft = "school = \"s001\"\nversion = 1\nissued = \"2020-01-01T00:00:00Z\"\nexpires = \"2120-01-01T00:00:00Z\"\nutc_offset_minutes = 300\ncards = \"cards.txt\"\n";
    fs::write(at("draft.toml"), draft).unwrap();
    fs::create_dir(at("data")).unwrap();
    command(&["list", "--draft", text(&at("draft.toml")), "--key", text(&at("list.key")), "--out", text(&at("data/list.offered"))]);
    let config = format!(
        "school = \"s001\"\ndevice = \"gate1\"\nfolder = \"{}\"\nhealth_seconds = 1\n\
         [broker]\nhost = \"127.0.0.1\"\nport = {port}\npassword_file = \"{}\"\n\
         [list]\nkeys = [\"{}\"]\nwithout = \"refuse\"\n\
         [gate]\noutput = \"text\"\nopen_seconds = 1\nlanguage = \"en\"\n\
         [[reader]]\nkind = \"lines\"\npath = \"-\"\ndirection = \"in\"\n",
        text(&at("data")),
        text(&at("password")),
        key.trim()
    );
    fs::write(at("terminal.toml"), config).unwrap();
    command(&["check", "--config", text(&at("terminal.toml"))]);
    folder
}

/// The program at work.
struct Program {
    child: Child,
    reader: ChildStdin,
    gate: Lines<BufReader<ChildStdout>>,
}

impl Program {
    fn start(folder: &Path) -> Self {
        let log = fs::File::create(folder.join("log")).unwrap();
        let mut child = Command::new(PROGRAM)
            .args(["run", "--config", text(&folder.join("terminal.toml"))])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let (reader, gate) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()).lines());
        Self { child, reader, gate }
    }

    /// Shows a card; gives what the gate says, and how long that took.
    fn show(&mut self, card: &str) -> (String, Duration) {
        let began = Instant::now();
        writeln!(self.reader, "{card}").unwrap();
        loop {
            let line = self.gate.next().unwrap().unwrap();
            if !line.starts_with("shut") {
                return (line, began.elapsed());
            }
        }
    }

    /// Shows a card until the list is in force.
    fn wait_for_list(&mut self) {
        eventually("a list in force", || !self.show("04BAD0").0.contains("no_list"));
    }

    /// The most memory it ever had, in KiB.
    fn most_memory(&self) -> usize {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.trim().parse().ok()).unwrap()
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn terminate(mut self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        assert!(self.child.wait().unwrap().success());
    }
}

#[test]
fn inv_1_the_gate_decides_without_a_network_and_in_little_memory() {
    let broker = Broker::start();
    let road = Road::to(&broker);
    let folder = install(road.port);
    let mut program = Program::start(folder.path());
    program.wait_for_list();
    assert_eq!(program.show("04BAD0").0, "refuse in barred Card blocked");
    assert_eq!(program.show("out 04A1000001").0, "open out Please pass");
    assert!(program.show("04FFFFFF").0.starts_with("refuse in unknown"));
    let mut took: Vec<Duration> = (0..400)
        .map(|n| {
            let (line, took) = program.show(&format!("04A1{:06}", n * 101));
            assert!(line.starts_with("open in"), "{line}");
            took
        })
        .collect();
    took.sort_unstable();
    // With a network the memory holds a connection and a full window too.
    let hub = Hub::start(&broker, u64::MAX, || Timestamp::try_from(SystemTime::now()).unwrap());
    road.open();
    hub.until("what passed without a network", |memory| memory.cards().len() == 401);
    let memory = program.most_memory();
    println!("from card to gate: median {:?}, 95 % {:?}, slowest {:?}; at most {memory} KiB with {CARDS} cards", took[200], took[380], took[399]);
    assert!(memory < 20 * 1024, "{memory} KiB");
    program.terminate();
}

/// Bytes of the journal's files.
fn length(folder: &Path) -> u64 {
    let files = fs::read_dir(folder.join("data/journal")).unwrap().map(|entry| entry.unwrap());
    files.filter(|entry| entry.file_name().to_str().unwrap().ends_with(".segment")).map(|entry| entry.metadata().unwrap().len()).sum()
}

/// How many passes the journal has seen, as it lies there after a kill: those that were under way to the disk are the last ones.
fn kept(folder: &Path) -> usize {
    let mut journal = Journal::open(&folder.join("data/journal"), Limits::default(), Box::new(LinuxDisk), 0).unwrap();
    let letters = journal.read(0, usize::MAX);
    letters.iter().filter(|letter| letter.told.get("kind").is_some_and(|kind| kind == "pass")).count()
}

#[test]
fn inv_2_what_was_kept_before_kill_9_arrives_when_there_is_a_broker() {
    let mut broker = Broker::start();
    let road = Road::to(&broker);
    let folder = install(road.port);
    let hub = Hub::start(&broker, u64::MAX, || Timestamp::try_from(SystemTime::now()).unwrap());
    road.open();
    let mut program = Program::start(folder.path());
    program.wait_for_list();
    (0..20).for_each(|n| drop(program.show(&format!("04A1{n:06}"))));
    hub.until("what passed on line", |memory| memory.cards().len() == 20);
    road.cut();
    broker.kill();
    let before = length(folder.path());
    (20..60).for_each(|n| drop(program.show(&format!("04A1{n:06}"))));
    eventually("something is on disk that the hub does not have", || length(folder.path()) > before);
    program.kill();
    let kept = kept(folder.path());
    assert!(kept > 20, "{kept}");
    broker.start_again();
    hub.until_it_listens(2);
    road.open();

    let mut program = Program::start(folder.path());
    (60..70).for_each(|n| drop(program.show(&format!("04A1{n:06}"))));
    let memory = hub.wait("what was kept and what came after", |memory| memory.cards().last().is_some_and(|card| card == "04A1000069"));
    let cards: Vec<usize> = memory.cards().iter().map(|card| card[4..].parse().unwrap()).collect();
    let expected: Vec<usize> = (0..kept).chain(60..70).collect();
    assert_eq!(cards, expected, "each once, in order");
    assert!(memory.seqs().is_sorted() && memory.conflicts.is_empty());
    let alarms = memory.fresh.iter().filter(|(_, event)| matches!(&event.body, Body::Alarm { code } if code == "journal_new")).count();
    assert_eq!((alarms, memory.cursors.len()), (1, 1), "one journal, before and after");
    drop(memory);
    program.terminate();
    hub.until("a word of farewell", |memory| memory.deaths > 0);
}

#[test]
fn what_is_wrong_is_said_and_the_program_ends() {
    let folder = tempfile::tempdir().unwrap();
    let run = |config: &Path| Command::new(PROGRAM).args(["run", "--config", text(config)]).output().unwrap();
    let absent = run(&folder.path().join("absent.toml"));
    assert_eq!(absent.status.code(), Some(1));
    let said = String::from_utf8(absent.stderr).unwrap();
    assert!(said.contains("absent.toml: No such file"), "{said}");
    let again = Command::new(PROGRAM).args(["list-key", "--out", text(folder.path())]).output().unwrap();
    assert_eq!(again.status.code(), Some(1), "never over what is there");
}
