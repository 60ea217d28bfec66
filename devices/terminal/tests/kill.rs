//! A program that writes a journal is killed in the middle, again and again: what it said was kept is there.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::{
    env,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use protocol::up::{Direction, Method, Pass};
use terminal::{
    clock::Moment,
    journal::{Happening, Journal, Limits, disk::LinuxDisk, record::Deed},
};

const FOLDER: &str = "SHANYRAQ_TEST_JOURNAL";

fn open(folder: &Path) -> Journal {
    // Little, wherever the test is run.
    let limits = Limits { segment_bytes: 3_000, most_bytes: 1 << 20, reserve_bytes: 4_096, spare_bytes: 0 };
    Journal::open(folder, limits, Box::new(LinuxDisk), 1_763_783_521_000).unwrap()
}

fn pass(n: i64) -> Happening {
    let pass = Pass { card: format!("04A1{n:06}"), direction: Direction::In, method: Method::Card };
    Happening { moment: Moment { at_ms: 1_763_783_521_000 + n, offset_ms: Some(0) }, deed: Deed::Pass(pass) }
}

/// The program that is killed: this very test, told where to write.
#[test]
fn writes_until_it_is_killed() {
    let Some(folder) = env::var_os(FOLDER).map(PathBuf::from) else { return };
    let mut journal = open(&folder);
    for n in 0.. {
        let group: Vec<Happening> = (0..3).map(|k| pass(n * 3 + k)).collect();
        assert_eq!(journal.keep(group).kept, 3);
        // By now all numbers below are safe.
        println!("\nsafe {}", journal.acknowledged() + journal.queue());
        std::io::stdout().flush().unwrap();
        if n % 7 == 6 {
            journal.acknowledge(journal.acknowledged() + journal.queue() - 10);
        }
    }
}

/// Lets the program write until it has said so often that something is safe, kills it, and gives the last number it named.
fn killed_after(folder: &Path, words: usize) -> i64 {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "writes_until_it_is_killed", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut safe = lines.by_ref().filter_map(|line| line.strip_prefix("safe ")?.parse().ok());
    let named = safe.by_ref().take(words).last().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    safe.last().unwrap_or(named)
}

#[test]
fn inv_2_what_was_kept_survives_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let mut before = 0;
    for round in 1..=8 {
        let safe = killed_after(folder.path(), usize::try_from(round * 5).unwrap());
        assert!(safe > before, "numbers go on");
        let mut journal = open(folder.path());
        assert_eq!(journal.boot(), round * 2, "each opening is a boot");
        let after = journal.acknowledged();
        let seqs: Vec<i64> = journal.read(after, usize::MAX).iter().map(|letter| letter.seq).collect();
        let last = *seqs.last().unwrap();
        assert!(seqs.iter().copied().eq(after + 1..=last), "no number is missing");
        assert!((safe..=safe + 3).contains(&last), "{safe} were safe, {last} are there");
        before = last;
    }
}
