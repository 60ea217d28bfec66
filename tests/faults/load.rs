//! A load: the swarm as a child process, and how far it is by its own ledger.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::PathBuf,
    time::Duration,
};

use shanyraq::embedded::children::Child;
use testkit::{Patience, eventually};

use crate::{house::House, programs::Program};

/// Everything that can go wrong with a terminal, in per cent.
pub const MISCHIEF: &str = "--duplicates 3 --reorder 2 --reconnects 0.5 --offline 0.3 --offline-seconds 4 --wipes 0.1 --lost 0.3 \
    --unknown-cards 1 --odd 1 --future 0.3 --malformed 0.3 --malicious 0.5 --clock-known 5 --clock-unknown 5 --clock-1970 2";

/// A running swarm.
pub struct Load {
    child: Child,
    /// Where it writes what it did.
    pub ledger: PathBuf,
    read_to: u64,
    happened: usize,
}

impl Load {
    /// So many passes and meals at so many a second, with these further arguments.
    pub fn start(house: &House, events: u64, per_second: u32, further: &str) -> Self {
        let ledger = house.folder.join("ledger.jsonl");
        // Terminals send again sooner than real ones: the test is to end.
        let arguments = format!(
            "--town town.json --ledger ledger.jsonl --arrivals poisson --count {events} --rate {per_second} --meals 25 --batch 20 \
             --resend-ms 1000 --resend-most-ms 6000 --health-seconds 5 --deadline-seconds 240 {further}"
        );
        let arguments: Vec<String> = arguments.split_whitespace().map(str::to_owned).collect();
        let child = Program::Swarm.start(&house.folder, "swarm", &arguments, &[]);
        Self { child, ledger, read_to: 0, happened: 0 }
    }

    /// How many events were made so far.
    pub fn happened(&mut self) -> usize {
        let mut new = String::new();
        if let Ok(mut file) = File::open(&self.ledger) {
            file.seek(SeekFrom::Start(self.read_to)).expect("seeking in the ledger");
            // A line cut in the middle of a letter is read the next time.
            if file.read_to_string(&mut new).is_ok() {
                self.read_to += u64::try_from(new.len()).expect("a length");
                self.happened += new.matches("\"t\":\"event\"").count();
            }
        }
        self.happened
    }

    /// Waits until so many events were made.
    pub async fn until(&mut self, events: usize) {
        while self.happened() < events {
            let ended = self.child.try_wait().expect("looking at the swarm");
            assert!(ended.is_none(), "the swarm ended after {} of {events} events: {ended:?}", self.happened());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits for the end of the load; gives the swarm's summary. With everything acknowledged it ends by itself.
    pub async fn end(mut self, house: &House) -> serde_json::Value {
        let status = tokio::time::timeout(Duration::from_secs(300), self.child.wait()).await.expect("the swarm ends at its deadline").expect("waiting for the swarm");
        let said = std::fs::read_to_string(house.folder.join("swarm.out")).expect("the swarm's summary");
        let progress = std::fs::read_to_string(house.folder.join("swarm.err")).unwrap_or_default();
        let summary = said.lines().last().and_then(|line| serde_json::from_str(line).ok());
        let summary: serde_json::Value = summary.unwrap_or_else(|| panic!("the swarm ended with {status}:\n{progress}"));
        println!("swarm: {summary}");
        summary
    }
}

/// Waits until no delivery is open, so that a verdict does not come too early.
pub async fn deliveries_settle(house: &House) {
    let db = house.look().await;
    let open = "select count(*) from delivery where outcome is null";
    eventually("every delivery has its outcome", Patience(Duration::from_secs(180)), async || db.query_one(open, &[]).await.expect("counting").get::<_, i64>(0), |open| *open == 0).await;
}
