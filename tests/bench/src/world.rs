//! The world that is measured: a private PostgreSQL with every guard of durability on, a private Mosquitto, a town of ten schools,
//! the push simulator, and the hub as `shanyraq run`. Everything listens on this machine only and ends with this program.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use jiff::civil::date;
use kernel::id::SchoolId;
use rumqttc::{AsyncClient, Event, Incoming, MqttOptions};
use rustix::process::Signal;
use shanyraq::{
    config::{Config, Mode},
    embedded::{
        broker_accounts::BrokerAccounts,
        children::{self, Child},
        folder,
        mosquitto::{HUB_USER, Mosquitto},
        postgres::{APP_LOGIN, Durability, Logins, OWNER_LOGIN, Postgres},
    },
    migrate,
    town::{Chance, DEMO_PASSWORD_HASH, Habits, Rows, School, Since, Spec, Town, grow},
};
use tokio_postgres::{Client, NoTls};

use crate::{
    failure::{Failure, Outcome},
    region,
};

const PATIENCE: Duration = Duration::from_secs(60);
/// Schools that are written in one transaction.
const AT_ONCE: usize = 25;
const DATABASE: &str = "shanyraq";
const HUB_PASSWORD: &str = "hub-of-the-bench";
/// Tables that passes fill: emptied between two measurements, so that each begins alike.
const FILLED: &str = "event, pass, meal, presence, notice, delivery, device_cursor, device_health, incident, dead_letter";

/// How large the town is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Schools.
    pub schools: usize,
    /// Turnstiles of each school; an even number.
    pub turnstiles: usize,
    /// Pupils of each school.
    pub pupils: usize,
    /// Teachers of each school.
    pub teachers: usize,
    /// How they live.
    pub life: Life,
}

/// What the town is grown for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// Pushes: each pupil has two guardians of their own, each guardian one phone, so that every pass costs the same.
    Pushes,
    /// The register: families with brothers and sisters, a book of movement, authorities, and no phones.
    Register,
}

impl Size {
    /// Ten schools, 200 turnstiles, 4,000 pupils, 8,000 phones.
    pub const FULL: Self = Self { schools: 10, turnstiles: 20, pupils: 400, teachers: 0, life: Life::Pushes };
    /// Enough to see that the benchmark works.
    pub const SMOKE: Self = Self { schools: 2, turnstiles: 4, pupils: 40, teachers: 0, life: Life::Pushes };
    /// 500 schools with the 100,000 phones of the parents of 50,000 pupils.
    pub const MORNING: Self = Self { schools: 500, turnstiles: 2, pupils: 100, teachers: 0, life: Life::Pushes };
    /// A region: 500 schools and 250,000 pupils.
    pub const REGION: Self = Self { schools: 500, turnstiles: 2, pupils: 500, teachers: 40, life: Life::Register };
    /// A region in small.
    pub const REGION_SMOKE: Self = Self { schools: 4, turnstiles: 2, pupils: 40, teachers: 4, life: Life::Register };
}

/// The servers and the town.
pub struct World {
    /// Everything lies below it.
    pub folder: PathBuf,
    /// Who lives there.
    pub town: Town,
    postgres: Postgres,
    logins: Logins,
    broker: Mosquitto,
    servers: Servers,
    simulator_url: String,
}

/// Children that live as long as the world.
struct Servers {
    postgres: Child,
    broker: Child,
    simulator: Child,
}

/// A running hub.
pub struct Hub {
    child: Child,
    /// Where its pages and metrics are.
    pub url: String,
}

impl World {
    /// Builds it below `folder`.
    pub async fn build(folder: &Path, size: Size, latency_ms: u32) -> Outcome<Self> {
        folder::make(folder, 0o711, None)?;
        let logins = Logins {
            database: DATABASE.to_owned(),
            superuser_password: "superuser-of-the-bench".to_owned(),
            owner_password: "owner-of-the-bench".to_owned(),
            app_password: "app-of-the-bench".to_owned(),
        };
        let postgres = Postgres::prepare(&folder.join("postgres"), &folder.join("postgres.log"), Durability::Full, &logins.superuser_password)?;
        let postgres_child = children::spawn(postgres.command()?)?;
        postgres.provide(&logins, PATIENCE).await?;
        let mut owner = connect(&postgres.config(OWNER_LOGIN, &logins.owner_password, DATABASE)).await?;
        migrate::migrate(&mut owner, APP_LOGIN).await?;
        let broker = Mosquitto::prepare(&folder.join("mosquitto"), &folder.join("mosquitto.log"), free_port()?, HUB_PASSWORD)?;
        let town = grow_town(&mut owner, size).await?;
        admit(&broker, &town)?;
        let broker_child = children::spawn(broker.command()?)?;
        broker.ready(PATIENCE).await?;
        town.write_swarm_file(&folder.join("town.json"), &broker.address().ip().to_string(), broker.address().port())?;
        let port = free_port()?;
        let simulator = start_simulator(folder, port, latency_ms)?;
        let servers = Servers { postgres: postgres_child, broker: broker_child, simulator };
        let world = Self { folder: folder.to_owned(), town, postgres, logins, broker, servers, simulator_url: format!("http://127.0.0.1:{port}") };
        answers(&format!("{}/stats", world.simulator_url)).await?;
        Ok(world)
    }

    /// The town file of the swarm.
    pub fn town_file(&self) -> PathBuf {
        self.folder.join("town.json")
    }

    /// Where the push simulator is.
    pub fn simulator_url(&self) -> &str {
        &self.simulator_url
    }

    /// The service account of the push simulator.
    pub fn service_account_file(&self) -> PathBuf {
        self.folder.join("service-account.json")
    }

    /// What arrived at the push simulator.
    pub fn arrivals_file(&self) -> PathBuf {
        self.folder.join("arrivals.jsonl")
    }

    /// How the application connects, with its password.
    pub fn app_url(&self) -> String {
        self.postgres.url(APP_LOGIN, DATABASE).replacen('@', &format!(":{}@", self.logins.app_password), 1)
    }

    /// The broker: host, port, and the hub's account.
    pub fn broker(&self) -> (String, u16, &'static str, &'static str) {
        (self.broker.address().ip().to_string(), self.broker.address().port(), HUB_USER, HUB_PASSWORD)
    }

    /// A connection that sees every row.
    pub async fn superuser(&self) -> Outcome<Client> {
        connect(&self.postgres.config("postgres", &self.logins.superuser_password, DATABASE)).await
    }

    /// Process numbers: PostgreSQL's first process, Mosquitto, the push simulator.
    pub fn pids(&self) -> (u32, u32, u32) {
        (self.servers.postgres.id(), self.servers.broker.id(), self.servers.simulator.id())
    }

    /// Forgets what the last measurement left: messages that the broker keeps for the hub, and what passes fill.
    pub async fn clear(&self) -> Outcome<()> {
        let hub = Config::default().mqtt;
        for group in 0..hub.groups {
            self.forget_session(&format!("{}-{group}", hub.client_id)).await?;
        }
        let db = self.superuser().await?;
        db.batch_execute(&format!("truncate {FILLED}")).await?;
        db.batch_execute("checkpoint").await?;
        Ok(())
    }

    /// A clean session takes the place of the kept one, and ends.
    async fn forget_session(&self, client_id: &str) -> Outcome<()> {
        let (host, port, user, password) = self.broker();
        let mut options = MqttOptions::new(client_id, host, port);
        options.set_credentials(user, password).set_clean_session(true);
        let (client, mut events) = AsyncClient::new(options, 4);
        let failed = |error: &dyn std::error::Error| Failure::plain(format!("the broker: {error}"));
        while !matches!(events.poll().await.map_err(|error| failed(&error))?, Event::Incoming(Incoming::ConnAck(_))) {}
        client.try_disconnect().map_err(|error| failed(&error))?;
        while events.poll().await.is_ok() {}
        Ok(())
    }

    /// Starts the hub and waits until it is ready.
    pub async fn start_hub(&self) -> Outcome<Hub> {
        let address = format!("127.0.0.1:{}", free_port()?);
        let path = self.folder.join("hub.toml");
        let text = self.hub_config(&address)?.shown();
        folder::replace_file(&path, 0o600, text.as_bytes())?;
        let mut command = ours("shanyraq", &self.folder.join("hub.log"))?;
        command.arg("run").arg("--config").arg(&path);
        let child = children::spawn(command)?;
        let url = format!("http://{address}");
        answers(&format!("{url}/health/ready")).await?;
        Ok(Hub { child, url })
    }

    /// As `up` configures it, but with budgets that let one school bring what a whole region brings.
    fn hub_config(&self, address: &str) -> Outcome<Config> {
        let secret = |name: &str, text: &str| -> Outcome<Option<PathBuf>> {
            let path = self.folder.join(name);
            folder::replace_file(&path, 0o600, text.as_bytes())?;
            Ok(Some(path))
        };
        let mut config = Config { mode: Mode::Demo, ..Config::default() };
        config.http.listen = address.to_owned();
        config.database.url = self.postgres.url(APP_LOGIN, DATABASE);
        config.database.password_file = secret("app_password", &self.logins.app_password)?;
        config.mqtt.url = format!("mqtt://{}", self.broker.address());
        config.mqtt.password_file = secret("hub_password", HUB_PASSWORD)?;
        config.secrets.key_file = secret("key", "a key of the bench, long enough to be one")?;
        config.push.fcm.enabled = true;
        config.push.fcm.base_url.clone_from(&self.simulator_url);
        config.push.fcm.service_account_file = Some(self.service_account_file());
        config.engine.school_budget_per_s = 1_000_000.0;
        config.log.filter = "warn".to_owned();
        Ok(config)
    }

    /// Ends everything, the database last.
    pub async fn stop(mut self) -> Outcome<()> {
        self.servers.simulator.stop(Signal::TERM, Duration::from_secs(5)).await?;
        self.servers.broker.stop(Signal::TERM, Duration::from_secs(10)).await?;
        self.servers.postgres.stop(Signal::INT, Duration::from_secs(20)).await?;
        Ok(())
    }
}

impl Hub {
    /// Its process number.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it in order.
    pub async fn stop(mut self) -> Outcome<()> {
        self.child.stop(Signal::TERM, Duration::from_secs(30)).await?;
        Ok(())
    }
}

/// One of our own programs, built beside this one, saying what it says into `log`.
pub fn ours(program: &str, log: &Path) -> Outcome<Command> {
    let here = std::env::current_exe()?;
    let path = here.parent().unwrap_or(Path::new(".")).join(program);
    if !path.is_file() {
        return Err(Failure::plain(format!("{program} is not beside this program: build the workspace first (cargo build --workspace)")));
    }
    let mut command = children::leashed(&path, None, "TERM")?;
    let log = folder::log_file(log)?;
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    Ok(command)
}

fn start_simulator(folder: &Path, port: u16, latency_ms: u32) -> Outcome<Child> {
    let mut command = ours("fcm-simulator", &folder.join("fcm-simulator.log"))?;
    command.arg("--port").arg(port.to_string()).arg("--latency-ms").arg(latency_ms.to_string());
    command.arg("--service-account").arg(folder.join("service-account.json")).arg("--log").arg(folder.join("arrivals.jsonl"));
    Ok(children::spawn(command)?)
}

async fn grow_town(owner: &mut Client, size: Size) -> Outcome<Town> {
    let moment = "2026-08-31T19:00:00Z".parse().map_err(|error| Failure::plain(format!("a time: {error}")))?;
    let (mut chance, since) = (Chance::new(7), Since { day: date(2026, 9, 1), moment });
    let mut town = Town { schools: Vec::new(), logins: Vec::new(), new_rows: 0 };
    let parent = match size.life {
        Life::Pushes => None,
        Life::Register => Some(region::authorities(owner, &mut chance, since).await?),
    };
    let numbers: Vec<usize> = (1..=size.schools).collect();
    // A region at once would be gigabytes of rows in memory.
    for numbers in numbers.chunks(AT_ONCE) {
        let mut rows = Rows::default();
        let grown: Vec<School> = numbers.iter().map(|number| grow(&mut rows, &mut chance, "secret-of-the-bench", spec(*number, size, parent))).collect();
        if size.life == Life::Register {
            rows.tokens.clear();
        }
        town.new_rows += rows.write(owner, since, DEMO_PASSWORD_HASH).await?;
        // Staff have cards but no guardians: without them every pass costs the same.
        town.schools.extend(grown.into_iter().map(|school| match size.life {
            Life::Pushes => School { staff: Vec::new(), ..school },
            Life::Register => School { pupils: Vec::new(), guardians: Vec::new(), families: Vec::new(), staff: Vec::new(), ..school },
        }));
    }
    owner.batch_execute("analyze").await?;
    Ok(town)
}

fn spec(number: usize, size: Size, parent: Option<SchoolId>) -> Spec {
    let (parallels, habits) = match size.life {
        Life::Pushes => (vec![("А", "kk"), ("Б", "ru")], Habits { siblings: 0, second_guardian: 100, second_phone: 0 }),
        Life::Register => (vec![("А", "kk"), ("Ә", "kk"), ("Б", "ru")], Habits { siblings: 25, second_guardian: 50, second_phone: 0 }),
    };
    Spec {
        code: format!("b{number:03}"),
        names: [format!("№ {number} мектеп"), format!("Школа № {number}"), format!("School No. {number}")],
        parent,
        parallels,
        pupils: size.pupils,
        teachers: size.teachers,
        entrances: size.turnstiles / 2,
        tills: 0,
        habits,
        known_families: Vec::new(),
        // Numbers of cards are a school's own.
        card_byte: u8::try_from(number % 256).unwrap_or(0),
    }
}

fn admit(broker: &Mosquitto, town: &Town) -> Outcome<()> {
    let mut accounts = BrokerAccounts::read(&broker.accounts_file())?;
    for device in town.schools.iter().flat_map(|school| &school.devices) {
        accounts.set_password(&device.code, &device.password);
    }
    accounts.write(&broker.accounts_file())?;
    Ok(())
}

async fn connect(config: &tokio_postgres::Config) -> Outcome<Client> {
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

async fn answers(url: &str) -> Outcome<()> {
    let client = reqwest::Client::builder().timeout(Duration::from_secs(5)).no_proxy().build()?;
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !client.get(url).send().await.is_ok_and(|answer| answer.status().is_success()) {
        if tokio::time::Instant::now() > deadline {
            return Err(Failure::plain(format!("{url} does not answer")));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

/// A port nobody listens on now.
fn free_port() -> Outcome<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
