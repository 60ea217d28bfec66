//! The command line: a few verbs, each one function of the library.

use crate::{
    audit::{self, AuditError, Report},
    check,
    config::{Config, ConfigError},
    first_login::{self, FirstLoginError},
    keys::{self, KeysError},
    migrate::{self, MigrateError, Views},
    retention::{self, RetentionError},
    run::{self, RunError},
    up::{self, SwarmChoice, UpError},
};
use clap::{Args, Parser, Subcommand};
use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

/// A real-time hub for safe and digital schools.
#[derive(Debug, Parser)]
#[command(name = "shanyraq", version, about)]
pub struct CommandLine {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// The whole house on this machine: private database and broker, a synthetic town, the hub, simulated terminals.
    Up(Up),
    /// The hub itself, on the servers that the configuration names.
    Run(ConfigFile),
    /// Bring the database to this version.
    Migrate(ConfigFile),
    /// Validate the configuration and reach every server it names.
    Check(ConfigFile),
    /// Print the effective configuration, passwords hidden.
    Config(ShowConfig),
    /// Make the login of the supplier's first person, who opens schools; works once.
    FirstLogin(FirstLogin),
    /// The audit trail.
    #[command(subcommand)]
    Audit(Audit),
    /// The keys of confidential records.
    #[command(subcommand)]
    Keys(Keys),
    /// What is kept how long.
    #[command(subcommand)]
    Retention(Retention),
}

#[derive(Debug, Args)]
struct FirstLogin {
    #[command(flatten)]
    file: ConfigFile,
    /// Their surname.
    #[arg(long)]
    surname: String,
    /// Their given name.
    #[arg(long)]
    given_name: String,
}

#[derive(Debug, Subcommand)]
enum Retention {
    /// Remove what is past its time; the hub does it in the background. The same happens every night.
    Run(RunRetention),
}

#[derive(Debug, Args)]
struct RunRetention {
    #[command(flatten)]
    file: ConfigFile,
    /// Only say what would be removed.
    #[arg(long)]
    dry: bool,
}

#[derive(Debug, Subcommand)]
enum Keys {
    /// Say of every school and realm how old its key is.
    Status(ConfigFile),
    /// Give every realm that has a key a new one; the hub seals its rows anew in the background.
    Rotate(ConfigFile),
}

#[derive(Debug, Subcommand)]
enum Audit {
    /// Walk every school's chain and say where the first broken link is; fails when there is one.
    Verify(Verify),
}

#[derive(Debug, Args)]
struct Verify {
    #[command(flatten)]
    file: ConfigFile,
    /// Only this school.
    #[arg(long, value_name = "CODE")]
    school: Option<String>,
    /// An end of that school's chain as the log once told it: it must still be part of the chain.
    #[arg(long, value_name = "NUMBER:HASH", requires = "school")]
    expect: Option<String>,
}

#[derive(Debug, Args)]
struct ConfigFile {
    /// The configuration file; without it, defaults and SHANYRAQ_… variables.
    #[arg(long, env = "SHANYRAQ_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct ShowConfig {
    #[command(flatten)]
    file: ConfigFile,
    /// Print every key with its description and default instead.
    #[arg(long)]
    doc: bool,
    /// Print the delivered mapping of the national education database instead, to start one's own from.
    #[arg(long)]
    national_mapping: bool,
}

#[derive(Debug, Args)]
struct Up {
    /// The data folder. Default: ./data, or /var/lib/shanyraq for root.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Where the pages should be; if taken, a free port is chosen and said.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    http: SocketAddr,
    /// No simulated terminals.
    #[arg(long)]
    no_swarm: bool,
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Up(#[from] UpError),
    #[error(transparent)]
    Run(#[from] RunError),
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    #[error(transparent)]
    FirstLogin(#[from] FirstLoginError),
    #[error(transparent)]
    Audit(#[from] AuditError),
    #[error(transparent)]
    Keys(#[from] KeysError),
    #[error(transparent)]
    Retention(#[from] RetentionError),
    #[error("the database cannot be reached: {0}. `shanyraq check` tells more")]
    Database(#[from] tokio_postgres::Error),
    #[error("starting: {0}")]
    Start(#[from] std::io::Error),
    #[error("not everything is in order; see above")]
    CheckFailed,
}

impl CommandLine {
    /// Does what was asked; a failure is one plain sentence on standard error.
    pub fn execute(self) -> ExitCode {
        // Two TLS providers could be linked one day; choosing here keeps the choice ours. It fails only if made before.
        rustls::crypto::ring::default_provider().install_default().ok();
        match self.verb.execute() {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => {
                complain(&failure);
                ExitCode::FAILURE
            }
        }
    }
}

impl Verb {
    fn execute(self) -> Result<(), Failure> {
        match self {
            Self::Up(up) => Ok(one_thread()?.block_on(up::up(up.options()))?),
            Self::Run(file) => Ok(actix_web::rt::System::new().block_on(run::run(file.load()?))?),
            Self::Migrate(file) => one_thread()?.block_on(migrate(&file.load()?)),
            Self::Check(file) => one_thread()?.block_on(check(&file.load()?)),
            Self::Config(show) => show.execute(),
            Self::FirstLogin(first) => one_thread()?.block_on(first.execute()),
            Self::Audit(Audit::Verify(verify)) => one_thread()?.block_on(verify.execute()),
            Self::Keys(keys) => one_thread()?.block_on(keys.execute()),
            Self::Retention(Retention::Run(run)) => one_thread()?.block_on(run.execute()),
        }
    }
}

impl ConfigFile {
    fn load(&self) -> Result<Config, ConfigError> {
        Config::load(self.config.as_deref())
    }
}

impl ShowConfig {
    fn execute(self) -> Result<(), Failure> {
        if self.doc {
            print(&Config::document());
        } else if self.national_mapping {
            print(people::national::DELIVERED);
        } else {
            print(&self.file.load()?.shown());
        }
        Ok(())
    }
}

impl Keys {
    async fn execute(self) -> Result<(), Failure> {
        match self {
            Self::Status(file) => {
                let lines = keys::status(&file.load()?).await?;
                print(&lines.iter().map(|line| format!("{line}\n")).collect::<String>());
                if lines.is_empty() {
                    print("no confidential record was written yet: there are no keys\n");
                }
            }
            Self::Rotate(file) => {
                let rotated = keys::rotate(&file.load()?).await?;
                print(&format!("{rotated} new keys; the hub seals the rows anew, `shanyraq keys status` says how far it is\n"));
            }
        }
        Ok(())
    }
}

impl FirstLogin {
    async fn execute(self) -> Result<(), Failure> {
        let [login, password] = first_login::make(&self.file.load()?, &self.surname, &self.given_name).await?;
        print(&format!("login {login}\npassword {password}\nIt is shown this once. Sign in, and change it under your name.\n"));
        Ok(())
    }
}

impl RunRetention {
    async fn execute(self) -> Result<(), Failure> {
        let lines = retention::run(&self.file.load()?, self.dry).await?;
        print(&lines.iter().map(|line| format!("{line}\n")).collect::<String>());
        Ok(())
    }
}

impl Verify {
    async fn execute(self) -> Result<(), Failure> {
        let reports = audit::verify(&self.file.load()?, self.school.as_deref(), self.expect.as_deref()).await?;
        for report in &reports {
            print(&format!("{report}\n"));
        }
        if reports.iter().all(Report::is_sound) { Ok(()) } else { Err(AuditError::Broken.into()) }
    }
}

impl Up {
    fn options(self) -> up::Options {
        let swarm = if self.no_swarm { SwarmChoice::Leave } else { SwarmChoice::Run };
        up::Options { data: self.data.unwrap_or_else(up::default_data), http: self.http, swarm }
    }
}

fn one_thread() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

async fn migrate(config: &Config) -> Result<(), Failure> {
    let owner: tokio_postgres::Config = config.database.owner_url()?.reveal().parse()?;
    let (mut client, connection) = owner.connect(tokio_postgres::NoTls).await?;
    let connection = tokio::spawn(connection);
    let report = migrate::migrate(&mut client, &config.database.app_login()?).await?;
    drop(client);
    // The connection ends with its client; how it ends does not matter any more.
    connection.await.ok();
    for name in &report.applied {
        print(&format!("applied {name}\n"));
    }
    match (report.applied.is_empty(), report.views) {
        (true, Views::Unchanged) => print("nothing to do: the database has this version's schema\n"),
        (_, Views::Replaced) => print("views and functions were made anew\n"),
        (false, Views::Unchanged) => {}
    }
    Ok(())
}

async fn check(config: &Config) -> Result<(), Failure> {
    let findings = check::check(config).await;
    for finding in &findings {
        print(&format!("{finding}\n"));
    }
    if findings.iter().all(check::Finding::is_good) { Ok(()) } else { Err(Failure::CheckFailed) }
}

#[expect(clippy::print_stdout, reason = "what a command prints is its answer")]
fn print(text: &str) {
    print!("{text}");
}

#[expect(clippy::print_stderr, reason = "a failure is said to the person at the terminal")]
fn complain(failure: &Failure) {
    eprintln!("shanyraq: {failure}");
}
