//! A private PostgreSQL cluster, reached by a Unix socket only.
//!
//! The cluster is ours alone: its `postgresql.conf` is written anew at every start (an administrator's own settings go into
//! `custom.conf` beside it, which wins), and it is never upgraded silently. Stopping is a fast shutdown (SIGINT).

use super::{EmbeddedError, account, account::Account, children, folder, programs::PostgresPrograms};
use ring::digest;
use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};
use tokio::time;
use tokio_postgres::{Client, NoTls};

/// The superuser made by `initdb`; used only to prepare the database.
const SUPERUSER: &str = "postgres";
/// Part of the socket's name; there is no TCP port.
const PORT: u16 = 5432;
/// A socket's path must fit into `sockaddr_un`.
const LONGEST_SOCKET_PATH: usize = 107;

/// How careful the cluster is with the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Everything reaches the disk before a commit returns: for `up`.
    Full,
    /// Survives a killed process but not a power cut: for tests, whose data nobody needs tomorrow.
    ProcessOnly,
}

/// The logins we make, with their passwords.
#[derive(Debug, Clone)]
pub struct Logins {
    /// Database and prefix: `shanyraq` has `shanyraq_owner` and `shanyraq_app`.
    pub database: String,
    /// Password of the superuser.
    pub superuser_password: String,
    /// Password of the owner of all tables, who runs migrations.
    pub owner_password: String,
    /// Password of the application, which owns nothing.
    pub app_password: String,
}

/// Login that owns all tables.
pub const OWNER_LOGIN: &str = "shanyraq_owner";
/// Login of the application.
pub const APP_LOGIN: &str = "shanyraq_app";

/// A private cluster: its folder, programs and account.
#[derive(Debug, Clone)]
pub struct Postgres {
    programs: PostgresPrograms,
    account: Option<Account>,
    data: PathBuf,
    sockets: PathBuf,
    log: PathBuf,
    durability: Durability,
}

impl Postgres {
    /// Prepares the cluster in `folder`: makes it at first use, checks it later, writes its settings.
    pub fn prepare(folder: &Path, log: &Path, durability: Durability, superuser_password: &str) -> Result<Self, EmbeddedError> {
        let programs = PostgresPrograms::locate()?;
        let account = account::unprivileged(&["postgres"])?;
        folder::make(folder, 0o700, account.as_ref())?;
        if let Some(account) = &account {
            folder::require_reachable(folder, account)?;
        }
        // /proc shows real paths, and the socket's length counts the real path too.
        let folder = &fs::canonicalize(folder).map_err(EmbeddedError::io(format!("looking at {}", folder.display())))?;
        let sockets = socket_folder(folder, account.as_ref())?;
        let cluster = Self { programs, account, data: folder.join("data"), sockets, log: log.to_owned(), durability };
        match cluster.existing_version()? {
            None => cluster.create(folder, superuser_password)?,
            Some(found) => cluster.require_same_version(found)?,
        }
        cluster.write_settings()?;
        Ok(cluster)
    }

    fn existing_version(&self) -> Result<Option<String>, EmbeddedError> {
        let path = self.data.join("PG_VERSION");
        if !path.exists() {
            return Ok(None);
        }
        let text = fs::read_to_string(&path).map_err(EmbeddedError::io(format!("reading {}", path.display())))?;
        Ok(Some(text.trim().to_owned()))
    }

    fn require_same_version(&self, found: String) -> Result<(), EmbeddedError> {
        if found == self.programs.major {
            return Ok(());
        }
        Err(EmbeddedError::OtherMajorVersion {
            folder: self.data.clone(),
            found,
            programs: self.programs.folder.clone(),
            installed: self.programs.major.clone(),
        })
    }

    fn create(&self, folder: &Path, superuser_password: &str) -> Result<(), EmbeddedError> {
        // A folder without PG_VERSION is left from an interrupted initdb.
        if self.data.exists() {
            fs::remove_dir_all(&self.data).map_err(EmbeddedError::io(format!("clearing {}", self.data.display())))?;
        }
        let password_file = folder.join("initdb-password");
        folder::replace_file(&password_file, 0o600, superuser_password.as_bytes()).map_err(EmbeddedError::io("the password for initdb"))?;
        let outcome = self.initdb(folder, &password_file);
        fs::remove_file(&password_file).map_err(EmbeddedError::io("removing the password for initdb"))?;
        outcome
    }

    fn initdb(&self, folder: &Path, password_file: &Path) -> Result<(), EmbeddedError> {
        let mut command = children::leashed(&self.programs.program("initdb"), self.account.as_ref(), "KILL")?;
        command.arg("-D").arg(&self.data).args(["-U", SUPERUSER, "-E", "UTF8", "--locale=C.UTF-8", "-A", "scram-sha-256", "-k"]);
        command.arg("--pwfile").arg(password_file).current_dir(folder).stdin(Stdio::null());
        if self.durability == Durability::ProcessOnly {
            command.arg("--no-sync");
        }
        let output = command.output().map_err(EmbeddedError::io("starting initdb"))?;
        if output.status.success() {
            return Ok(());
        }
        // The next start begins anew instead of trusting half a cluster.
        fs::remove_dir_all(&self.data).or_else(|error| if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) }).map_err(EmbeddedError::io("clearing after initdb"))?;
        Err(EmbeddedError::ProgramFailed { program: "initdb", output: String::from_utf8_lossy(&output.stderr).trim().to_owned() })
    }

    fn write_settings(&self) -> Result<(), EmbeddedError> {
        let path = self.data.join("postgresql.conf");
        folder::replace_file(&path, 0o600, self.settings().as_bytes()).map_err(EmbeddedError::io(format!("writing {}", path.display())))
    }

    fn settings(&self) -> String {
        let mut text = String::from("# Written by the hub at every start; put your own settings into custom.conf beside this file.\n");
        let sockets = self.sockets.display().to_string().replace('\'', "''");
        let durable = match self.durability {
            Durability::Full => "on",
            Durability::ProcessOnly => "off",
        };
        let preload = if self.programs.has_library("pg_stat_statements") { "pg_stat_statements" } else { "" };
        let lines = [
            ("listen_addresses", "''".to_owned()),
            ("port", PORT.to_string()),
            ("unix_socket_directories", format!("'{sockets}'")),
            ("unix_socket_permissions", "0700".to_owned()),
            ("fsync", durable.to_owned()),
            ("full_page_writes", durable.to_owned()),
            ("shared_preload_libraries", format!("'{preload}'")),
        ];
        for (key, value) in lines {
            // Writing to a String cannot fail.
            writeln!(text, "{key} = {value}").ok();
        }
        text.push_str(SETTINGS);
        text.push_str("include_if_exists = 'custom.conf'\n");
        text
    }

    /// The command that runs the server in the foreground, after making sure that nobody else runs it.
    pub fn command(&self) -> Result<Command, EmbeddedError> {
        self.clear_stale_lock()?;
        let mut command = children::leashed(&self.programs.program("postgres"), self.account.as_ref(), "INT")?;
        let log = folder::log_file(&self.log)?;
        let errors = log.try_clone().map_err(EmbeddedError::io("the database's log"))?;
        command.arg("-D").arg(&self.data).current_dir(&self.data);
        command.stdin(Stdio::null()).stdout(log).stderr(errors);
        Ok(command)
    }

    /// Refuses while another server of this very folder runs. After a crash of the machine the number in `postmaster.pid` may
    /// belong to somebody else, and PostgreSQL would not start: then the file goes. A dead number is PostgreSQL's own business:
    /// it also looks for backends that outlived their server.
    fn clear_stale_lock(&self) -> Result<(), EmbeddedError> {
        if let Some(pid) = process_inside(&self.data) {
            return Err(EmbeddedError::AlreadyRunning { server: "PostgreSQL", pid, folder: self.data.clone() });
        }
        let path = self.data.join("postmaster.pid");
        let Ok(text) = fs::read_to_string(&path) else { return Ok(()) };
        let Some(pid) = text.lines().next().and_then(|line| line.trim().parse::<u32>().ok()) else { return Ok(()) };
        if !Path::new(&format!("/proc/{pid}")).exists() {
            return Ok(());
        }
        fs::remove_file(&path).map_err(EmbeddedError::io(format!("removing the stale {}", path.display())))
    }

    /// How to connect as this login.
    pub fn config(&self, login: &str, password: &str, database: &str) -> tokio_postgres::Config {
        let mut config = tokio_postgres::Config::new();
        config.host_path(&self.sockets).port(PORT).user(login).password(password).dbname(database);
        config.connect_timeout(Duration::from_secs(10)).application_name("shanyraq");
        config
    }

    /// `postgresql://login@/database?host=folder`, without a password.
    pub fn url(&self, login: &str, database: &str) -> String {
        format!("postgresql://{login}@/{database}?host={}&port={PORT}", percent_encode(&self.sockets.display().to_string()))
    }

    /// Waits until it accepts connections.
    pub async fn ready(&self, superuser_password: &str, patience: Duration) -> Result<Client, EmbeddedError> {
        let config = self.config(SUPERUSER, superuser_password, "postgres");
        let deadline = time::Instant::now() + patience;
        loop {
            let error = match connect(&config).await {
                Ok(client) => return Ok(client),
                Err(error) => error,
            };
            if time::Instant::now() > deadline {
                let last = describe(&error);
                return Err(EmbeddedError::NotReady { server: "PostgreSQL", seconds: patience.as_secs(), log: self.log.clone(), last });
            }
            time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Makes the two logins and the database, or sets their passwords if they exist.
    pub async fn provide(&self, logins: &Logins, patience: Duration) -> Result<(), EmbeddedError> {
        let superuser = self.ready(&logins.superuser_password, patience).await?;
        provide_login(&superuser, OWNER_LOGIN, "createrole inherit", &logins.owner_password).await?;
        // The application takes one group role per pool; inheriting would give every pool all of them.
        provide_login(&superuser, APP_LOGIN, "noinherit", &logins.app_password).await?;
        provide_database(&superuser, &logins.database).await?;
        let inside = connect(&self.config(SUPERUSER, &logins.superuser_password, &logins.database)).await?;
        if self.programs.has_library("pg_stat_statements") {
            inside.batch_execute("create extension if not exists pg_stat_statements; grant pg_read_all_stats to shanyraq_owner").await?;
        }
        // Only the owner makes objects; PostgreSQL 14 and older let everybody.
        inside.batch_execute("revoke create on schema public from public; grant all on schema public to shanyraq_owner").await?;
        Ok(())
    }
}

/// Settings for a machine with an SSD that also runs the hub.
const SETTINGS: &str = "\
max_connections = 150
shared_buffers = 256MB
synchronous_commit = on
wal_compression = on
max_wal_size = 2GB
min_wal_size = 256MB
checkpoint_completion_target = 0.9
random_page_cost = 1.1
effective_io_concurrency = 100
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u '
log_checkpoints = off
log_lock_waits = on
client_connection_check_interval = 5s
";

async fn connect(config: &tokio_postgres::Config) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

fn describe(error: &tokio_postgres::Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), |refusal| refusal.message().to_owned())
}

async fn provide_login(superuser: &Client, login: &str, options: &str, password: &str) -> Result<(), EmbeddedError> {
    let exists = superuser.query_opt("select 1 from pg_roles where rolname = $1", &[&login]).await?.is_some();
    let verb = if exists { "alter" } else { "create" };
    let password = password.replace('\'', "''");
    superuser.batch_execute(&format!("{verb} role {login} login {options} password '{password}'")).await?;
    Ok(())
}

async fn provide_database(superuser: &Client, database: &str) -> Result<(), EmbeddedError> {
    if superuser.query_opt("select 1 from pg_database where datname = $1", &[&database]).await?.is_none() {
        superuser.batch_execute(&format!("create database \"{database}\" owner {OWNER_LOGIN}")).await?;
    }
    Ok(())
}

/// The folder of the socket: inside our own if the path is short enough, else a private one below /run or /tmp.
fn socket_folder(folder: &Path, account: Option<&Account>) -> Result<PathBuf, EmbeddedError> {
    let inside = folder.join("socket");
    let fits = inside.as_os_str().len() + format!("/.s.PGSQL.{PORT}.lock").len() <= LONGEST_SOCKET_PATH;
    let chosen = if fits { inside } else { short_folder(folder) };
    // For root below /run, for others below /tmp, where only the owner could have made it: `make` fails on somebody else's.
    folder::make(&chosen, 0o700, account)?;
    Ok(chosen)
}

fn short_folder(folder: &Path) -> PathBuf {
    let hash = digest::digest(&digest::SHA256, folder.as_os_str().as_encoded_bytes());
    let short: String = hash.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let base = if account::are_we_root() { "/run" } else { "/tmp" };
    Path::new(base).join(format!("shanyraq-{short}"))
}

/// A process that works in this folder, as PostgreSQL and each of its backends do.
fn process_inside(folder: &Path) -> Option<u32> {
    fs::read_dir("/proc").ok()?.filter_map(|entry| {
        let entry = entry.ok()?;
        let pid = entry.file_name().to_str()?.parse().ok()?;
        (fs::read_link(entry.path().join("cwd")).ok()? == folder).then_some(pid)
    }).next()
}

fn percent_encode(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    text.bytes().map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_data_folder_gets_a_short_socket() {
        let long = PathBuf::from(format!("/tmp/{}", "x".repeat(120)));
        let short = short_folder(&long);
        assert!(short.as_os_str().len() < 60);
        assert_eq!(short, short_folder(&long));
        assert_ne!(short, short_folder(Path::new("/tmp/y")));
    }

    #[test]
    fn a_folder_is_encoded_for_a_url() {
        assert_eq!(percent_encode("/var/lib/мектеп 1"), "/var/lib/%D0%BC%D0%B5%D0%BA%D1%82%D0%B5%D0%BF%201");
    }
}
