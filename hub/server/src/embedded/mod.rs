//! Embedded servers: a private PostgreSQL and a private Mosquitto, run as children of this program.
//!
//! `shanyraq up` and the tests stand on them; `shanyraq run` never touches them. Each server owns one folder below the data
//! folder, listens on a Unix socket (database) or on 127.0.0.1 (broker), and runs under an unprivileged account when we are root.
//! Nothing is downloaded: the programs must be installed, and what is missing is said with the package that brings it.
//!
//! Always true:
//!  1. A child never outlives this process: the kernel signals it when we die, however we die (`children`).
//!  2. We never touch a database cluster of another major version, nor one that somebody else is running (`postgres`).
//!  3. A file with a password is never readable by others (`folder`).

pub mod account;
pub mod broker_accounts;
pub mod children;
pub mod folder;
pub mod mosquitto;
pub mod postgres;
pub mod programs;

use std::{io, path::PathBuf};

/// Why an embedded server cannot be prepared or started; each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// A program is not installed.
    #[error("{program} was not found. Install it (apt-get install {package}){hint}")]
    ProgramMissing {
        /// The program we looked for.
        program: &'static str,
        /// The Debian package that brings it.
        package: &'static str,
        /// Another way to help, starting with a comma, or nothing.
        hint: &'static str,
    },
    /// We are root and no unprivileged account exists for a server that refuses root.
    #[error("started by root, but no unprivileged account exists for the embedded servers: {0}")]
    NoAccount(String),
    /// The unprivileged account cannot reach its own folder.
    #[error("the account {account} cannot reach {folder}: {closed} is closed to others. Choose another data folder, for example --data /var/lib/shanyraq")]
    Unreachable {
        /// The account.
        account: String,
        /// The folder it needs.
        folder: PathBuf,
        /// The folder on the way that is closed.
        closed: PathBuf,
    },
    /// The data folder holds a cluster of another major version.
    #[error("{folder} holds a PostgreSQL {found} cluster, but the programs in {programs} are version {installed}. Install PostgreSQL {found} and point SHANYRAQ_PG_BIN at its bin folder, or upgrade the cluster with pg_upgrade")]
    OtherMajorVersion {
        /// The cluster's folder.
        folder: PathBuf,
        /// The version that created it.
        found: String,
        /// Where our programs are.
        programs: PathBuf,
        /// Their version.
        installed: String,
    },
    /// Another server already uses the folder.
    #[error("another {server} (process {pid}) already runs in {folder}. Stop it first")]
    AlreadyRunning {
        /// PostgreSQL or Mosquitto.
        server: &'static str,
        /// Its process.
        pid: u32,
        /// The folder.
        folder: PathBuf,
    },
    /// A preparing program failed.
    #[error("{program} failed: {output}")]
    ProgramFailed {
        /// The program.
        program: &'static str,
        /// What it printed.
        output: String,
    },
    /// A server did not become ready in time.
    #[error("{server} was not ready after {seconds} s; see {log}. Last answer: {last}")]
    NotReady {
        /// The server.
        server: &'static str,
        /// How long we waited.
        seconds: u64,
        /// Its log.
        log: PathBuf,
        /// The last error seen.
        last: String,
    },
    /// A file or process operation failed.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// Why it failed.
        source: io::Error,
    },
    /// The database refused a statement of the preparation.
    #[error("preparing the private database: {0}")]
    Database(#[from] tokio_postgres::Error),
    /// The system's random generator failed.
    #[error("the system's random generator failed")]
    Random,
}

impl EmbeddedError {
    /// An I/O failure with what was tried.
    pub fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}
