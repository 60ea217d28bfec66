//! What delivery's tests stand on: a school with a clock of its own, its rows, and a simulated provider.

use std::{
    net::Ipv4Addr,
    sync::Arc,
    time::Duration,
};

use actix::{Addr, prelude::SendError};
use delivery::{
    Dispatch, Dispatcher, Issued, Stop,
    channels::{
        Channel,
        fcm::{self, Fcm, ServiceAccount},
    },
    dispatch::{Serves, Settings},
    issue,
};
use jiff::{SignedDuration, Timestamp};
use kernel::{
    clock::Clock,
    db::{Db, DbRole},
    id::{NoticeId, PersonId},
};
use notice::{Draft, Kind};
use serde_json::{Value, json};
use shanyraq::town::School;
use simulators::fcm::{
    journal::Journal,
    options::Options,
    server,
    service_account::ServiceAccount as SimulatedAccount,
    simulator::Simulator,
};
use testkit::{Patience, SchoolBuilder, database, eventually, pool, scope_of};
use tokio_postgres::Client;

/// For how long pushes are leased here.
pub const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// A school, its clock and its rows.
pub struct World {
    pub school: School,
    pub clock: Clock,
    pub engine: Db,
    /// Sees every row.
    pub rows: Client,
}

impl World {
    /// Three pupils, each with a guardian and a phone.
    pub async fn new() -> Self {
        let start = Timestamp::from_second(Clock::System.now().as_second()).unwrap();
        Self { school: SchoolBuilder::new().build().await, clock: Clock::standing_at(start), engine: pool(DbRole::Engine), rows: database().superuser().await }
    }

    /// That a pupil did something just now.
    pub fn draft(&self, pupil: usize, kind: &'static Kind) -> Draft {
        let pupil = &self.school.pupils[pupil];
        let args = json!({ "child": pupil.name, "place": "Бас есік", "date": "21.11.2026", "time": "07:52", "item": "Сорпа", "price": "650 ₸" });
        Draft { school: self.school.id, child: pupil.id, to: notice::To::Guardians, kind, occurred_at: self.clock.now(), late: false, args }
    }

    /// Issues drafts in a transaction of their own.
    pub async fn issue(&self, drafts: &[Draft]) -> Issued {
        self.engine.run(&scope_of(&self.school), async |tx| issue(tx, self.clock.now(), LEASE, drafts).await).await.unwrap()
    }

    /// One notice of one pupil.
    pub async fn issue_one(&self, pupil: usize) -> Issued {
        self.issue(&[self.draft(pupil, &notice::ENTERED)]).await
    }

    /// Gives the phone of a pupil's guardian another token, whose beginning tells the simulator what to do.
    pub async fn rename_phone(&self, pupil: usize, prefix: &str) -> String {
        let guardian = self.guardian(pupil);
        let token = format!("{prefix}-{}", guardian);
        self.rows.execute("update push_token set token = $1 where person_id = $2 and removed_at is null", &[&token, &guardian]).await.unwrap();
        token
    }

    pub fn guardian(&self, pupil: usize) -> PersonId {
        self.school.pupils[pupil].guardians[0]
    }

    /// `outcome attempts detail` of the deliveries of a notice.
    pub async fn deliveries(&self, notice: NoticeId) -> Vec<String> {
        let sql = "select coalesce(outcome, 'open') || ' ' || attempts || coalesce(' ' || detail, '') from delivery where notice_id = $1 order by 1";
        self.rows.query(sql, &[&notice]).await.unwrap().iter().map(|row| row.get(0)).collect()
    }

    /// Waits until a notice's one delivery reads so.
    pub async fn delivery_becomes(&self, notice: NoticeId, wanted: &str) {
        let what = format!("the delivery becomes {wanted}");
        eventually(&what, Patience::default(), async || self.deliveries(notice).await, |rows| rows == &[wanted]).await;
    }

    /// How many rows a table has for this school.
    pub async fn count(&self, table: &str) -> i64 {
        self.rows.query_one(&format!("select count(*) from {table} where school_id = $1"), &[&self.school.id]).await.unwrap().get(0)
    }
}

/// The login of the first guardian of a pupil.
pub fn login_of(world: &World, pupil: usize) -> &str {
    let guardian = world.guardian(pupil);
    &world.school.guardians.iter().find(|one| one.id == guardian).unwrap().login
}

/// A provider that keeps what it is told to do.
pub struct Provider {
    simulator: Arc<Simulator>,
    base: String,
    account: String,
}

impl Provider {
    /// A simulator on a free port, in this test's runtime.
    pub async fn start() -> Self {
        let options: Options = clap::Parser::parse_from(["fcm-simulator", "--service-account", "unused"]);
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let account = SimulatedAccount::new(&options.project, &base, None).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("account.json");
        account.write(&file).unwrap();
        let account_json = std::fs::read_to_string(file).unwrap();
        let simulator = Arc::new(Simulator::new(account, Journal::forgotten(), options.settings(), options.seed));
        tokio::spawn(server::serve(listener, Arc::clone(&simulator), options.max_streams));
        Self { simulator, base, account: account_json }
    }

    /// A channel to it.
    pub fn channel(&self, clock: &Clock) -> Arc<dyn Channel> {
        let catalog = web::Catalog::build(delivery::LOCALES).unwrap();
        let settings = fcm::Settings { url: self.base.clone(), ..fcm::Settings::default() };
        let account = ServiceAccount::parse(&self.account).unwrap();
        Arc::new(Fcm::new(kernel::mode::Mode::Demo.way_out().unwrap(), &settings, account, Arc::new(catalog), clock.clone()).unwrap())
    }

    /// Changes its ways.
    pub fn control(&self, wish: &Value) {
        self.simulator.control(wish.to_string().as_bytes()).unwrap();
    }

    /// A counter of its statistics, `/outcomes/accepted`.
    pub fn count(&self, path: &str) -> u64 {
        self.simulator.stats().pointer(path).and_then(Value::as_u64).unwrap_or(0)
    }
}

/// A dispatcher at work for one school.
pub struct AtWork(Addr<Dispatcher>);

impl AtWork {
    /// Starts one over a channel.
    pub fn start(world: &World, channel: Arc<dyn Channel>) -> Self {
        Self::start_with(world, channel, Settings { attempt: Duration::from_secs(5), ..Settings::default() })
    }

    /// The same with other settings.
    pub fn start_with(world: &World, channel: Arc<dyn Channel>, settings: Settings) -> Self {
        let settings = Settings { serves: Serves::Only(vec![world.school.id]), poll_every: Duration::from_millis(50), ..settings };
        let arbiter = actix_rt::Arbiter::new();
        Self(Dispatcher::launch(&arbiter.handle(), settings, pool(DbRole::Jobs), world.clock.clone(), channel))
    }

    /// What the engine does after its commit.
    pub fn hand_over(&self, issued: Issued) -> Result<(), SendError<Dispatch>> {
        self.0.try_send(Dispatch(issued.pushes))
    }

    /// Stops it.
    pub async fn stop(&self, within: Duration) {
        self.0.send(Stop { within }).await.unwrap();
    }
}
