//! Up: the whole house on one machine, with one command.
//!
//! A private PostgreSQL and a private Mosquitto in a data folder, migrations, a synthetic town, the hub (`shanyraq run` as a child
//! of its own), simulators of push, of Telegram and of a mail server, and the swarm. Each child is restarted when it ends; all stop in order at SIGINT or SIGTERM and
//! start again where they were. Everything random (passwords, ports) is made once and kept in the data folder.
//!
//! Always true:
//!  1. Two `up` never share a data folder (a lock the kernel gives back when we die).
//!  2. A child that ends, also by kill -9, is started again (`keeper`).
//!  3. The hub stops before the broker, the broker before the database.

mod house;
mod keeper;
mod ports;
mod programs;

pub use house::{House, default_data};
pub use keeper::{Keeper, Service};

use crate::{
    config::{Config, Mode},
    embedded::{
        EmbeddedError, folder,
        mosquitto::Mosquitto,
        postgres::{APP_LOGIN, Durability, OWNER_LOGIN, Postgres},
    },
    migrate::{self, MigrateError},
    signals,
    town::{self, Town, TownError},
};
use ports::Ports;
use programs::Sibling;
use rustix::process::Signal;
use std::{net::SocketAddr, path::PathBuf, time::Duration};
use tokio_postgres::{Client, NoTls};

/// How long a server may take to start: the first start of a big cluster after a crash replays its log.
const PATIENCE: Duration = Duration::from_secs(120);
/// The name of the private database.
const DATABASE: &str = "shanyraq";
/// The bot of the demo, which only its simulator knows.
const DEMO_BOT: &str = "shanyraq_demo_bot";

/// What was asked on the command line.
#[derive(Debug, Clone)]
pub struct Options {
    /// The data folder.
    pub data: PathBuf,
    /// Where the pages should be.
    pub http: SocketAddr,
    /// Whether simulated terminals run.
    pub swarm: SwarmChoice,
}

/// Whether simulated terminals run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SwarmChoice {
    /// Passes and meals happen by themselves.
    Run,
    /// Only terminals that somebody connects.
    Leave,
}

/// Why the house does not stand.
#[derive(Debug, thiserror::Error)]
pub enum UpError {
    /// A private server.
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
    /// Migrations.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// The data folder is in use.
    #[error("another `shanyraq up` already uses {0}. Stop it, or choose another --data")]
    FolderInUse(PathBuf),
    /// The data folder cannot be used.
    #[error("the data folder: {0}")]
    Folder(String),
    /// The synthetic town.
    #[error(transparent)]
    Town(#[from] TownError),
    /// The database of the owner cannot be reached.
    #[error("the private database: {0}")]
    Database(#[from] tokio_postgres::Error),
    /// The hub did not answer.
    #[error("the hub was not ready after {seconds} s; see {log}")]
    HubNotReady {
        /// How long we waited.
        seconds: u64,
        /// Its log.
        log: PathBuf,
    },
}

/// Builds the house, keeps it until a signal, and takes it down in order.
pub async fn up(options: Options) -> Result<(), UpError> {
    let mut keeper = Keeper::default();
    let outcome = tokio::select! {
        built = build_and_stand(&options, &mut keeper) => built,
        () = signals::asked_to_stop() => {
            say("stopping");
            Ok(())
        }
    };
    keeper.stop_all().await;
    if outcome.is_ok() {
        say("stopped; the next `shanyraq up` continues where this one was");
    }
    outcome
}

async fn build_and_stand(options: &Options, keeper: &mut Keeper) -> Result<(), UpError> {
    let house = House::open(&options.data)?;
    let mut ports = Ports::open(&house.path("ports.toml"), options.http)?;
    let postgres = start_database(&house, keeper).await?;
    let broker = start_broker(&house, &mut ports, keeper).await?;
    let mut owner = connect_owner(&house, &postgres).await?;
    migrate_database(&mut owner).await?;
    let town = load_town(&house, &mut owner, &broker).await?;
    drop(owner);
    let simulator = start_simulator(&house, &mut ports, keeper)?;
    let telegram = start_telegram(&house, &mut ports, keeper)?;
    let mail = start_mail(&house, &mut ports, keeper)?;
    let http = ports.http()?;
    let config = write_config(&house, &postgres, &broker, http, Simulators { push: simulator, telegram, mail: mail.as_ref().map(|mail| mail.smtp) })?;
    start_hub(&house, http, keeper).await?;
    if options.swarm == SwarmChoice::Run {
        start_swarm(&house, keeper)?;
    }
    announce(&config, &house, &town);
    if let Some(mail) = mail {
        say(&format!("letters: http://{}", mail.mailbox));
    }
    std::future::pending().await
}

async fn start_database(house: &House, keeper: &mut Keeper) -> Result<Postgres, UpError> {
    say("starting the database");
    let logins = house.logins(DATABASE)?;
    let postgres = Postgres::prepare(&house.path("postgres"), &house.log("postgres"), Durability::Full, &logins.superuser_password)?;
    let server = postgres.clone();
    keeper.keep(Service { name: "database", stop: Signal::INT, grace: Duration::from_secs(60), reload_on: None, command: Box::new(move || server.command()) });
    postgres.provide(&logins, PATIENCE).await?;
    Ok(postgres)
}

async fn start_broker(house: &House, ports: &mut Ports, keeper: &mut Keeper) -> Result<Mosquitto, UpError> {
    say("starting the broker");
    let broker = Mosquitto::prepare(&house.path("mosquitto"), &house.log("mosquitto"), ports.broker()?, &house.secret("hub_broker_password")?)?;
    let server = broker.clone();
    keeper.keep(Service {
        name: "broker",
        stop: Signal::TERM,
        grace: Duration::from_secs(20),
        reload_on: Some(broker.accounts_file()),
        command: Box::new(move || server.command()),
    });
    broker.ready(PATIENCE).await?;
    Ok(broker)
}

async fn connect_owner(house: &House, postgres: &Postgres) -> Result<Client, UpError> {
    let logins = house.logins(DATABASE)?;
    let (owner, connection) = postgres.config(OWNER_LOGIN, &logins.owner_password, DATABASE).connect(NoTls).await?;
    tokio::spawn(connection);
    Ok(owner)
}

async fn migrate_database(owner: &mut Client) -> Result<(), UpError> {
    let report = migrate::migrate(owner, APP_LOGIN).await?;
    if !report.applied.is_empty() {
        say(&format!("migrated the database: {} new migrations", report.applied.len()));
    }
    Ok(())
}

async fn load_town(house: &House, owner: &mut Client, broker: &Mosquitto) -> Result<Town, UpError> {
    let town = town::load(owner, &house.secret("town_secret")?).await?;
    if town.new_rows > 0 {
        say("loaded a synthetic town: nobody in it exists");
    }
    let address = broker.address();
    town.write_swarm_file(&house.path("town.json"), &address.ip().to_string(), address.port())?;
    Ok(town)
}

/// The simulator's address, or `None` when the program is not there.
fn start_simulator(house: &House, ports: &mut Ports, keeper: &mut Keeper) -> Result<Option<SocketAddr>, UpError> {
    let Some(program) = Sibling::FCM_SIMULATOR.find_or_say() else { return Ok(None) };
    let address = ports.simulator()?;
    let (account, arrivals, log) = (house.service_account(), house.path("fcm-arrivals.jsonl"), house.log("fcm-simulator"));
    keeper.keep(Service {
        name: "push simulator",
        stop: Signal::TERM,
        grace: Duration::from_secs(5),
        reload_on: None,
        command: Box::new(move || {
            let mut command = programs::child(&program, &log)?;
            command.arg("--port").arg(address.port().to_string()).arg("--service-account").arg(&account).arg("--log").arg(&arrivals);
            Ok(command)
        }),
    });
    Ok(Some(address))
}

/// The address of the simulator of Telegram, or `None` when the program is not there.
fn start_telegram(house: &House, ports: &mut Ports, keeper: &mut Keeper) -> Result<Option<SocketAddr>, UpError> {
    let Some(program) = Sibling::TELEGRAM_SIMULATOR.find_or_say() else { return Ok(None) };
    let address = ports.telegram()?;
    let (token, log) = (house.telegram_token()?, house.log("telegram-simulator"));
    keeper.keep(Service {
        name: "simulator of Telegram",
        stop: Signal::TERM,
        grace: Duration::from_secs(5),
        reload_on: None,
        command: Box::new(move || {
            let mut command = programs::child(&program, &log)?;
            command.arg("--port").arg(address.port().to_string()).arg("--token-file").arg(&token).arg("--bot").arg(DEMO_BOT);
            Ok(command)
        }),
    });
    Ok(Some(address))
}

/// Where the mail simulator takes letters, and where they are read.
struct MailSimulator {
    smtp: SocketAddr,
    mailbox: SocketAddr,
}

/// The mail simulator, or `None` when the program is not there.
fn start_mail(house: &House, ports: &mut Ports, keeper: &mut Keeper) -> Result<Option<MailSimulator>, UpError> {
    let Some(program) = Sibling::MAIL_SIMULATOR.find_or_say() else { return Ok(None) };
    let (smtp, mailbox, log) = (ports.mail()?, ports.mailbox()?, house.log("mail-simulator"));
    keeper.keep(Service {
        name: "mail simulator",
        stop: Signal::TERM,
        grace: Duration::from_secs(5),
        reload_on: None,
        command: Box::new(move || {
            let mut command = programs::child(&program, &log)?;
            command.arg("--port").arg(smtp.port().to_string()).arg("--pages-port").arg(mailbox.port().to_string());
            Ok(command)
        }),
    });
    Ok(Some(MailSimulator { smtp, mailbox }))
}

/// Where simulators listen, as far as their programs are there.
struct Simulators {
    push: Option<SocketAddr>,
    telegram: Option<SocketAddr>,
    mail: Option<SocketAddr>,
}

fn write_config(house: &House, postgres: &Postgres, broker: &Mosquitto, http: SocketAddr, simulators: Simulators) -> Result<Config, UpError> {
    let mut config = Config { mode: Mode::Demo, ..Config::default() };
    config.http.listen = http.to_string();
    config.database.url = postgres.url(APP_LOGIN, DATABASE);
    config.database.password_file = Some(house.secret_file("app_password"));
    config.database.owner_url = Some(postgres.url(OWNER_LOGIN, DATABASE));
    config.database.owner_password_file = Some(house.secret_file("owner_password"));
    config.mqtt.url = format!("mqtt://{}", broker.address());
    config.mqtt.password_file = Some(house.secret_file("hub_broker_password"));
    config.mqtt.accounts_file = Some(broker.accounts_file());
    house.secret("secrets_key")?;
    config.secrets.key_file = Some(house.secret_file("secrets_key"));
    house.secret("records_key")?;
    config.secrets.records_key_file = Some(house.secret_file("records_key"));
    config.push.web.enabled = true;
    config.push.web.key_file = Some(house.web_push_key()?);
    config.push.web.contact = "mailto:demo@shanyraq.example".to_owned();
    if let Some(telegram) = simulators.telegram {
        config.push.telegram.enabled = true;
        config.push.telegram.bot = DEMO_BOT.to_owned();
        config.push.telegram.token_file = Some(house.telegram_token()?);
        config.push.telegram.base_url = format!("http://{telegram}");
        config.push.telegram.opened_at = format!("http://{telegram}");
    }
    if let Some(mail) = simulators.mail {
        config.mail.host = Some(mail.ip().to_string());
        config.mail.port = mail.port();
        config.mail.encryption = "none".to_owned();
        config.mail.from = Some("Shanyraq <no-reply@shanyraq.example>".to_owned());
    }
    if let Some(simulator) = simulators.push {
        config.push.fcm.enabled = true;
        config.push.fcm.base_url = format!("http://{simulator}");
        config.push.fcm.service_account_file = Some(house.service_account());
    }
    let text = format!("# Written by `shanyraq up` at every start; SHANYRAQ_… variables win over it.\n{}", config.shown());
    let path = house.config_file();
    folder::replace_file(&path, 0o600, text.as_bytes()).map_err(EmbeddedError::io(format!("writing {}", path.display())))?;
    Ok(config)
}

async fn start_hub(house: &House, http: SocketAddr, keeper: &mut Keeper) -> Result<(), UpError> {
    say("starting the hub");
    let (program, config, log) = (programs::ourselves()?, house.config_file(), house.log("hub"));
    keeper.keep(Service {
        name: "hub",
        stop: Signal::TERM,
        grace: Duration::from_secs(30),
        reload_on: None,
        command: Box::new(move || {
            let mut command = programs::child(&program, &log)?;
            command.arg("run").arg("--config").arg(&config);
            Ok(command)
        }),
    });
    programs::answers(&format!("http://{http}/health/ready"), PATIENCE)
        .await
        .ok_or_else(|| UpError::HubNotReady { seconds: PATIENCE.as_secs(), log: house.log("hub") })
}

fn start_swarm(house: &House, keeper: &mut Keeper) -> Result<(), UpError> {
    let town = house.path("town.json");
    let Some(program) = Sibling::SWARM.find_or_say() else { return Ok(()) };
    let log = house.log("swarm");
    keeper.keep(Service {
        name: "swarm",
        stop: Signal::TERM,
        grace: Duration::from_secs(10),
        reload_on: None,
        command: Box::new(move || {
            let mut command = programs::child(&program, &log)?;
            command.arg("--demo").arg("--town").arg(&town);
            Ok(command)
        }),
    });
    Ok(())
}

fn announce(config: &Config, house: &House, town: &Town) {
    say(&format!("ready: {}", config.http.public_url()));
    for login in &town.logins {
        say(&format!("  sign in as {} with {} and {}", login.role.as_str(), login.login, town::DEMO_PASSWORD));
    }
    say(&format!("broker: {} (devices only, with their own accounts)", config.mqtt.url));
    say(&format!("data, logs and secrets: {}", house.root().display()));
    say("Ctrl-C stops everything in order");
}

/// Tells the person at the terminal.
#[expect(clippy::print_stdout, reason = "up talks to a person at a terminal")]
pub(crate) fn say(text: &str) {
    println!("shanyraq: {text}");
}
