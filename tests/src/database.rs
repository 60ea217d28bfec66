//! The test program's PostgreSQL, migrated once.

use crate::home::home;
use shanyraq::{
    embedded::{
        children::{self, Child},
        EmbeddedError,
        postgres::{APP_LOGIN, Durability, Logins, OWNER_LOGIN, Postgres},
    },
    migrate,
};
use std::{
    sync::{LazyLock, Mutex},
    time::{Duration, Instant},
};
use tokio_postgres::{Client, Config, NoTls};

/// How long a server may take to start on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// The database all tests of one program share.
pub const DATABASE: &str = "shanyraq";
const SUPERUSER: &str = "postgres";

/// A running, migrated database.
pub struct TestDatabase {
    server: Postgres,
    logins: Logins,
    child: Mutex<Child>,
}

static SERVER: LazyLock<TestDatabase> = LazyLock::new(TestDatabase::start);

/// The database of this test program, started and migrated at first use.
pub fn database() -> &'static TestDatabase {
    &SERVER
}

impl TestDatabase {
    fn start() -> Self {
        let logins = Logins {
            database: DATABASE.to_owned(),
            superuser_password: "superuser-of-the-tests".to_owned(),
            owner_password: "owner-of-the-tests".to_owned(),
            app_password: "app-of-the-tests".to_owned(),
        };
        let server = Postgres::prepare(&home().join("postgres"), &home().join("postgres.log"), Durability::ProcessOnly, &logins.superuser_password)
            .unwrap_or_else(|error| panic!("{error}"));
        let child = Mutex::new(start(&server));
        let database = Self { server, logins, child };
        crate::wait::blocking(database.prepare());
        database
    }

    async fn prepare(&self) {
        self.server.provide(&self.logins, PATIENCE).await.unwrap_or_else(|error| panic!("{error}"));
        let mut owner = self.owner().await;
        migrate::migrate(&mut owner, APP_LOGIN).await.unwrap_or_else(|error| panic!("{error:?}"));
    }

    /// How the application connects; it has no rights before it takes a group role.
    pub fn app_config(&self) -> Config {
        self.server.config(APP_LOGIN, &self.logins.app_password, DATABASE)
    }

    /// How a pool of this group role (such as `shanyraq_web`) connects.
    pub fn role_config(&self, role: &str) -> Config {
        let mut config = self.app_config();
        config.options(format!("-c role={role}"));
        config
    }

    /// How the owner of the tables connects.
    pub fn owner_config(&self) -> Config {
        self.server.config(OWNER_LOGIN, &self.logins.owner_password, DATABASE)
    }

    /// `postgresql://…` of the application, with its password, for a program started by a test.
    pub fn app_url(&self) -> String {
        self.url(APP_LOGIN, &self.logins.app_password)
    }

    /// `postgresql://…` of the owner, with its password.
    pub fn owner_url(&self) -> String {
        self.url(OWNER_LOGIN, &self.logins.owner_password)
    }

    fn url(&self, login: &str, password: &str) -> String {
        self.url_of(login, password, DATABASE)
    }

    fn url_of(&self, login: &str, password: &str, name: &str) -> String {
        self.server.url(login, name).replacen('@', &format!(":{password}@"), 1)
    }

    /// A fresh connection of the owner, living in the calling test's runtime. Row-level security holds for it too.
    pub async fn owner(&self) -> Client {
        connect(&self.owner_config()).await
    }

    /// A fresh connection of the superuser, who sees every row: for checking what is really in the tables.
    pub async fn superuser(&self) -> Client {
        connect(&self.server.config(SUPERUSER, &self.logins.superuser_password, DATABASE)).await
    }

    /// A fresh connection under a group role.
    pub async fn connect_as(&self, role: &str) -> Client {
        connect(&self.role_config(role)).await
    }

    /// Another database of the same server, empty and migrated: for a test that looks at whole tables.
    pub async fn another(&'static self, name: &str) -> OwnDatabase {
        let logins = Logins { database: name.to_owned(), ..self.logins.clone() };
        self.server.provide(&logins, PATIENCE).await.unwrap_or_else(|error| panic!("{error}"));
        let own = OwnDatabase { server: self, name: name.to_owned() };
        let mut owner = own.owner().await;
        migrate::migrate(&mut owner, APP_LOGIN).await.unwrap_or_else(|error| panic!("{error:?}"));
        own
    }

    /// Kills the server as a power cut would, then starts it again. For test programs that have the database to themselves.
    pub fn kill_and_restart(&self) {
        self.kill();
        self.restart();
    }

    /// Kills the server as a power cut would. Call [`TestDatabase::restart`] afterwards.
    pub fn kill(&self) {
        self.child.lock().expect("no test panicked while holding the database").kill().expect("killing the database");
    }

    /// Starts the killed server again and waits until it answers.
    pub fn restart(&self) {
        let mut child = self.child.lock().expect("no test panicked while holding the database");
        // Its backends may need a moment to notice; until they are gone a new server ends at once.
        while !self.came_up(&mut child) {}
    }

    fn came_up(&self, child: &mut Child) -> bool {
        *child = start(&self.server);
        let ready = crate::wait::blocking(self.server.ready(&self.logins.superuser_password, Duration::from_secs(5)));
        let ended = child.try_wait().expect("looking at the database's process").is_some();
        assert!(ready.is_ok() || ended, "the database runs but does not answer");
        ready.is_ok()
    }
}

fn start(server: &Postgres) -> Child {
    let deadline = Instant::now() + PATIENCE;
    let command = loop {
        match server.command() {
            Ok(command) => break command,
            // Backends of a killed server still leave.
            Err(EmbeddedError::AlreadyRunning { server: _, pid: _, folder: _ }) if Instant::now() < deadline => crate::wait::blocking(tokio::time::sleep(Duration::from_millis(20))),
            Err(error) => panic!("{error}"),
        }
    };
    children::spawn(command).expect("starting PostgreSQL")
}

/// A database that one test has to itself, on the test program's server.
pub struct OwnDatabase {
    server: &'static TestDatabase,
    name: String,
}

impl OwnDatabase {
    /// `postgresql://…` of the application, with its password.
    pub fn app_url(&self) -> String {
        self.server.url_of(APP_LOGIN, &self.server.logins.app_password, &self.name)
    }

    /// `postgresql://…` of the superuser, with its password: for a program that must see every row.
    pub fn superuser_url(&self) -> String {
        self.server.url_of(SUPERUSER, &self.server.logins.superuser_password, &self.name)
    }

    /// A fresh connection of the owner.
    pub async fn owner(&self) -> Client {
        connect(&self.server.server.config(OWNER_LOGIN, &self.server.logins.owner_password, &self.name)).await
    }

    /// A fresh connection of the superuser, who sees every row.
    pub async fn superuser(&self) -> Client {
        connect(&self.server.server.config(SUPERUSER, &self.server.logins.superuser_password, &self.name)).await
    }
}

async fn connect(config: &Config) -> Client {
    let (client, connection) = config.connect(NoTls).await.unwrap_or_else(|error| panic!("connecting to the test database: {error:?}"));
    tokio::spawn(connection);
    client
}
