//! A house for one test: database, broker, push simulator, hub, and four schools with two hundred terminals.

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use jiff::civil::date;
use kernel::{clock::Clock, id::fresh};
use rustix::process::Signal;
use shanyraq::{
    embedded::{
        broker_accounts::BrokerAccounts,
        children::{self, Child},
        folder,
        mosquitto::{HUB_USER, Mosquitto},
    },
    town::{Chance, DEMO_PASSWORD_HASH, Habits, Rows, School, Since, Spec, Town, grow},
};
use testkit::{OwnDatabase, Patience, database, eventually, home};
use tokio_postgres::Client;

use crate::programs::Program;

/// How long a program may take to start on a busy machine.
pub const PATIENCE: Patience = Patience(Duration::from_secs(90));
const HUB_PASSWORD: &str = "hub-of-the-faults";
/// Sends under way at once: the bound of what a killed hub may have sent without writing so down.
pub const PUSHES_IN_FLIGHT: usize = 100;

/// What a house is to have.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Its name: of the database and of the folder.
    pub name: &'static str,
    /// Entrances of each of the four schools, each with a turnstile in and one out.
    pub entrances: usize,
    /// Tills of each.
    pub tills: usize,
    /// Pupils of each.
    pub pupils: usize,
    /// The hub's program.
    pub hub: Program,
    /// Its variables.
    pub variables: Vec<(&'static str, String)>,
    /// How the push service misbehaves: its arguments.
    pub push: String,
    /// What else stands in the hub's settings.
    pub further: String,
}

impl Plan {
    /// Two hundred terminals, and a push service that takes 50 ms and fails as real ones do.
    pub fn large(name: &'static str, hub: Program) -> Self {
        let push = "--latency-ms 50 --latency-p99-ms 300 --unavailable 0.01 --internal 0.002 --quota 0.0003 --reset 0.0003 --stall 0.0002".to_owned();
        Self { name, entrances: 20, tills: 10, pupils: 150, hub, variables: Vec::new(), push, further: String::new() }
    }

    /// Forty terminals, and a push service that does what it is asked.
    pub fn small(name: &'static str, hub: Program) -> Self {
        Self { entrances: 4, tills: 2, pupils: 60, push: "--latency-ms 5".to_owned(), ..Self::large(name, hub) }
    }

    /// With these further settings of the hub.
    pub fn settings(mut self, text: &str) -> Self {
        self.further.push_str(text);
        self
    }

    /// With this variable for the hub.
    pub fn variable(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.variables.push((name, value.into()));
        self
    }
}

/// A running house. Its programs die with us, and are stopped by [`House::stop`].
pub struct House {
    /// Everything of it lies here.
    pub folder: PathBuf,
    /// Its database.
    pub database: OwnDatabase,
    /// Its schools.
    pub schools: Vec<School>,
    plan: Plan,
    broker: Mosquitto,
    broker_child: Child,
    push_child: Child,
    hub_child: Child,
    port: u16,
}

impl House {
    /// Builds it and waits until the hub is ready.
    pub async fn build(plan: Plan) -> Self {
        let folder = home().join(plan.name);
        folder::make(&folder, 0o711, None).expect("the house's folder");
        let database = database().another(plan.name).await;
        let schools = settle_schools(&plan, &database).await;
        let (broker, broker_child) = start_broker(&folder, &schools).await;
        let (push_child, push_url) = start_push(&folder, &plan.push).await;
        let port = free_port();
        fs::write(folder.join("hub.toml"), hub_settings(&folder, &database, &broker, &push_url, port) + &plan.further).expect("the hub's settings");
        write_town(&folder, &schools, &broker);
        let hub_child = start_hub(&folder, &plan);
        let mut house = Self { folder, database, schools, plan, broker, broker_child, push_child, hub_child, port };
        house.hub_is_ready().await;
        house
    }

    /// A connection that sees every row.
    pub async fn look(&self) -> Client {
        self.database.superuser().await
    }

    /// The journal of the push simulator.
    pub fn push_journal(&self) -> PathBuf {
        self.folder.join("push.jsonl")
    }

    /// The hub's process number.
    pub fn hub_process(&self) -> u32 {
        self.hub_child.id()
    }

    /// Kills the hub as a power cut would.
    pub fn kill_hub(&mut self) {
        self.hub_child.kill().expect("killing the hub");
    }

    /// Starts it again.
    pub async fn restart_hub(&mut self) {
        self.hub_child = start_hub(&self.folder, &self.plan);
        self.hub_is_ready().await;
    }

    /// Asks the hub to stop, and waits until it has.
    pub async fn stop_hub(&mut self) -> std::process::ExitStatus {
        self.hub_child.stop(Signal::TERM, Duration::from_secs(60)).await.expect("stopping the hub")
    }

    /// Kills the broker as a power cut would.
    pub fn kill_broker(&mut self) {
        self.broker_child.kill().expect("killing the broker");
    }

    /// Starts it again.
    pub async fn restart_broker(&mut self) {
        self.broker_child = run_broker(&self.broker).await;
    }

    /// The sum of a metric over its labels, or nothing while the hub does not answer.
    pub fn metric(&self, name: &str) -> Option<f64> {
        let text = self.get("/metrics")?;
        let of_name = text.lines().filter(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '{'])));
        Some(of_name.filter_map(|line| line.rsplit_once(' ')?.1.parse::<f64>().ok()).sum())
    }

    /// Ends all its programs.
    pub async fn stop(mut self) {
        for child in [&mut self.hub_child, &mut self.push_child, &mut self.broker_child] {
            child.stop(Signal::TERM, Duration::from_secs(30)).await.expect("stopping a program");
        }
    }

    async fn hub_is_ready(&mut self) {
        let began = Instant::now();
        while !self.get("/health/ready").is_some_and(|answer| answer.contains("\"ready\":true")) {
            let ended = self.hub_child.try_wait().expect("looking at the hub");
            let said = || fs::read_to_string(self.folder.join("hub.err")).unwrap_or_default();
            assert!(ended.is_none(), "the hub ended: {ended:?}\n{}", said());
            assert!(began.elapsed() < PATIENCE.0, "the hub is not ready\n{}", said());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// A plain HTTP request.
    fn get(&self, path: &str) -> Option<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", self.port).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Some(answer)
    }
}

/// Four schools; some guardians want no push of some kinds, some phones are gone from the provider.
async fn settle_schools(plan: &Plan, database: &OwnDatabase) -> Vec<School> {
    let random = fresh(Clock::System.now()).as_u128();
    let mut chance = Chance::new(u64::try_from(random & u128::from(u64::MAX)).expect("it was masked"));
    let mut rows = Rows::default();
    let mut schools = Vec::new();
    for number in 1..=4_u8 {
        let code = format!("f{number}");
        let spec = Spec {
            names: [code.clone(), code.clone(), code.clone()],
            code,
            parent: None,
            parallels: vec![("А", "kk"), ("Б", "ru")],
            pupils: plan.pupils,
            teachers: 2,
            entrances: plan.entrances,
            tills: plan.tills,
            habits: Habits { siblings: 25, second_guardian: 30, second_phone: 10 },
            known_families: Vec::new(),
            card_byte: number,
        };
        schools.push(grow(&mut rows, &mut chance, "secret-of-the-faults", spec));
    }
    let since = Since { day: date(2026, 9, 1), moment: "2026-08-31T19:00:00Z".parse().expect("a time") };
    let mut owner = database.owner().await;
    rows.write(&mut owner, since, DEMO_PASSWORD_HASH).await.expect("writing the schools");
    let wishes = "
        insert into notice_switch (school_id, guardian_id, child_id, kind, push, changed_at)
        select school_id, guardian_id, pupil_id, told, 'off', now() - interval '1 hour'
        from kinship, (values ('entered'), ('left'), ('meal')) as k (told) where hashtext(guardian_id::text || told) % 8 = 0;
        update push_token set token = 'gone-' || token where hashtext(id::text) % 50 = 0;";
    database.superuser().await.batch_execute(wishes).await.expect("writing wishes and lost phones");
    schools
}

async fn start_broker(folder: &Path, schools: &[School]) -> (Mosquitto, Child) {
    let broker = Mosquitto::prepare(&folder.join("mosquitto"), &folder.join("mosquitto.log"), free_port(), HUB_PASSWORD).unwrap_or_else(|error| panic!("{error}"));
    let path = broker.accounts_file();
    let mut accounts = BrokerAccounts::read(&path).expect("reading the broker's accounts");
    for device in schools.iter().flat_map(|school| &school.devices) {
        accounts.set_password(&device.code, &device.password);
    }
    accounts.write(&path).expect("writing the broker's accounts");
    let child = run_broker(&broker).await;
    (broker, child)
}

async fn run_broker(broker: &Mosquitto) -> Child {
    let child = children::spawn(broker.command().unwrap_or_else(|error| panic!("{error}"))).expect("starting Mosquitto");
    broker.ready(PATIENCE.0).await.unwrap_or_else(|error| panic!("{error}"));
    child
}

/// The push simulator and its address.
async fn start_push(folder: &Path, manners: &str) -> (Child, String) {
    let mut arguments: Vec<String> = ["--service-account", "service-account.json", "--log", "push.jsonl"].map(str::to_owned).to_vec();
    arguments.extend(manners.split_whitespace().map(str::to_owned));
    let child = Program::PushSimulator.start(folder, "push", &arguments, &[]);
    let said = eventually("the push simulator is ready", PATIENCE, async || fs::read_to_string(folder.join("push.out")).unwrap_or_default(), |said| said.ends_with('\n')).await;
    let ready: serde_json::Value = serde_json::from_str(said.trim()).expect("the simulator's first line");
    (child, ready["base"].as_str().expect("its address").to_owned())
}

fn hub_settings(folder: &Path, database: &OwnDatabase, broker: &Mosquitto, push_url: &str, port: u16) -> String {
    let password_file = folder.join("hub-password");
    fs::write(&password_file, HUB_PASSWORD).expect("the hub's password at the broker");
    format!(
        "mode = 'demo'\n\
         [http]\nlisten = '127.0.0.1:{port}'\nworkers = 1\n\
         [database]\nurl = '{}'\n\
         [mqtt]\nurl = 'mqtt://{}'\nuser = '{HUB_USER}'\npassword_file = '{}'\ngroups = 4\n\
         [push.fcm]\nenabled = true\nservice_account_file = '{}'\nbase_url = '{push_url}'\nconcurrency = {PUSHES_IN_FLIGHT}\n\
         [engine]\ndelivery_lease_s = 20\ngap_patience_s = 5\n\
         [log]\nfilter = 'info'\n",
        database.app_url(),
        broker.address(),
        password_file.display(),
        folder.join("service-account.json").display(),
    )
}

fn write_town(folder: &Path, schools: &[School], broker: &Mosquitto) {
    let town = Town { schools: schools.to_vec(), logins: Vec::new(), new_rows: 0 };
    let address = broker.address();
    town.write_swarm_file(&folder.join("town.json"), &address.ip().to_string(), address.port()).expect("the town file");
}

fn start_hub(folder: &Path, plan: &Plan) -> Child {
    let variables: Vec<(&str, &str)> = plan.variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    plan.hub.start(folder, "hub", &["run".to_owned(), "--config".to_owned(), "hub.toml".to_owned()], &variables)
}

/// A port nobody listens on now.
fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).expect("a free port").local_addr().expect("its address").port()
}
