//! The child program: started for one document, bounded in time and memory, and believed only as far as its bytes look like a PDF.

use std::{
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::Command,
    sync::Semaphore,
    time::{Instant, timeout},
};

use super::document::Document;

/// A PDF longer than this is none of a school's.
const MOST_PDF: u64 = 32 * 1024 * 1024;
/// What of its complaints is worth a line in the log.
const MOST_COMPLAINT: u64 = 4 * 1024;
/// Where `setpriv` and `prlimit` are, and all that the program needs of an environment.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// How much the program may take.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// How many documents at once.
    pub at_once: usize,
    /// How many more may wait.
    pub waiting: usize,
    /// How long one may take, and how long it may wait before.
    pub limit: Duration,
    /// How much memory it may have.
    pub memory_mib: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { at_once: 2, waiting: 16, limit: Duration::from_secs(20), memory_mib: 1024 }
    }
}

/// Prints documents. One for the whole process.
#[derive(Debug)]
pub struct Printer {
    program: PathBuf,
    bounds: Bounds,
    /// Those who print.
    seats: Semaphore,
    /// Those who print or wait.
    places: Semaphore,
}

/// Why a document was not printed.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The program is not there.
    #[error("the program is not there")]
    Missing,
    /// Too many documents at once.
    #[error("too many documents wait already")]
    Crowded,
    /// It took too long.
    #[error("it was not done in time")]
    Late,
    /// It ended badly.
    #[error("it ended with {0}")]
    Died(ExitStatus),
    /// What it gave is no PDF.
    #[error("it gave {0} bytes that are no PDF")]
    Rubbish(usize),
    /// It could not be started, or listened to.
    #[error("it cannot be run: {0}")]
    Io(#[from] std::io::Error),
    /// The document cannot be told to it.
    #[error("the document is no JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl Trouble {
    /// As in metrics.
    fn as_str(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Crowded => "crowded",
            Self::Late => "late",
            Self::Died(_) => "died",
            Self::Rubbish(_) => "rubbish",
            Self::Io(_) | Self::Json(_) => "broken",
        }
    }
}

/// What it said before it ended.
struct Outcome {
    status: ExitStatus,
    pdf: Vec<u8>,
    complaint: String,
}

impl Printer {
    /// A printer that starts this program.
    pub fn new(program: PathBuf, bounds: Bounds) -> Self {
        Self { program, bounds, seats: Semaphore::new(bounds.at_once), places: Semaphore::new(bounds.at_once + bounds.waiting) }
    }

    /// Where the program lies when nobody says otherwise: beside our own.
    pub fn beside_us() -> Option<PathBuf> {
        Some(std::env::current_exe().ok()?.parent()?.join("shanyraq-print"))
    }

    /// The program.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Whether the program is there now: it may be built after the hub has started.
    pub fn is_there(&self) -> bool {
        self.program.is_file()
    }

    /// Prints it.
    ///
    /// # Errors
    /// When the program is not there, is busy, is too slow, or fails.
    pub async fn print(&self, document: &Document) -> Result<Vec<u8>, Trouble> {
        let began = Instant::now();
        let printed = self.within_bounds(document).await;
        let outcome = printed.as_ref().map_or_else(Trouble::as_str, |_| "printed");
        metrics::counter!("print_documents_total", "template" => document.template(), "outcome" => outcome).increment(1);
        metrics::histogram!("print_seconds").record(began.elapsed().as_secs_f64());
        printed
    }

    async fn within_bounds(&self, document: &Document) -> Result<Vec<u8>, Trouble> {
        let json = document.json()?;
        let _place = self.places.try_acquire().map_err(|_| Trouble::Crowded)?;
        let _seat = timeout(self.bounds.limit, self.seats.acquire()).await.map_err(|_| Trouble::Crowded)?.map_err(|_| Trouble::Crowded)?;
        if !self.is_there() {
            return Err(Trouble::Missing);
        }
        // Dropped late, or because nobody waits any more, the child is killed.
        let outcome = timeout(self.bounds.limit, self.run(&json)).await.map_err(|_| Trouble::Late)??;
        if !outcome.complaint.is_empty() {
            tracing::warn!(template = document.template(), said = outcome.complaint, "the printing program complains");
        }
        judge(outcome)
    }

    async fn run(&self, json: &[u8]) -> Result<Outcome, Trouble> {
        let mut child = self.command().spawn()?;
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let write = async {
            if let Some(mut stdin) = stdin {
                // It may end before it has read everything: how it ended then says why.
                stdin.write_all(json).await.ok();
            }
        };
        let read = async {
            let mut pdf = Vec::new();
            if let Some(stdout) = stdout {
                stdout.take(MOST_PDF + 1).read_to_end(&mut pdf).await?;
            }
            Ok::<_, std::io::Error>(pdf)
        };
        let complain = async {
            let mut complaint = Vec::new();
            if let Some(stderr) = stderr {
                stderr.take(MOST_COMPLAINT).read_to_end(&mut complaint).await?;
            }
            Ok::<_, std::io::Error>(String::from_utf8_lossy(&complaint).trim().to_owned())
        };
        let ((), pdf, complaint) = tokio::join!(write, read, complain);
        Ok(Outcome { pdf: pdf?, complaint: complaint?, status: child.wait().await? })
    }

    /// `setpriv` lets it die with us, `prlimit` bounds what it may take; of our environment it gets nothing.
    fn command(&self) -> Command {
        let mut command = Command::new("setpriv");
        let limits = [
            format!("--as={}", self.bounds.memory_mib.saturating_mul(1024 * 1024)),
            format!("--cpu={}", self.bounds.limit.as_secs().max(1)),
            "--core=0".to_owned(),
            "--fsize=0".to_owned(),
            "--nofile=32".to_owned(),
        ];
        command.args(["--pdeathsig", "KILL", "--no-new-privs", "--", "prlimit"]).args(limits).arg("--").arg(&self.program);
        command.env_clear().env("PATH", PATH).env("RAYON_NUM_THREADS", "1").current_dir("/");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command
    }
}

fn judge(outcome: Outcome) -> Result<Vec<u8>, Trouble> {
    if !outcome.status.success() {
        return Err(Trouble::Died(outcome.status));
    }
    let is_whole = u64::try_from(outcome.pdf.len()).is_ok_and(|length| length <= MOST_PDF) && outcome.pdf.starts_with(b"%PDF-") && outcome.pdf.trim_ascii_end().ends_with(b"%%EOF");
    if is_whole { Ok(outcome.pdf) } else { Err(Trouble::Rubbish(outcome.pdf.len())) }
}
