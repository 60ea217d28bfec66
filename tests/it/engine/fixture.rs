//! One engine for the test program, and a terminal that speaks MQTT by hand.

use std::{
    sync::{Arc, LazyLock, Mutex},
    time::Duration,
};

use actix::prelude::*;
use delivery::{Dispatch, Push};
use engine::{Config, Engine, Needs, config::Broker, live::Switchboard};
use jiff::Timestamp;
use kernel::{
    clock::Clock,
    db::{Db, DbRole},
};
use protocol::{
    down::Ack,
    topic::{Channel, Code, Topic},
};
use rumqttc::{AsyncClient, Event, Incoming, MqttOptions, QoS};
use shanyraq::town::{School, Terminal as Account};
use testkit::{SchoolBuilder, admit, broker, database};
use tokio::sync::mpsc;

/// Pushes that the engine handed over after its commits.
static PUSHED: LazyLock<Arc<Mutex<Vec<Push>>>> = LazyLock::new(Arc::default);
static RUNNING: LazyLock<()> = LazyLock::new(start);

struct Collector;

impl Actor for Collector {
    type Context = Context<Self>;
}

impl Handler<Dispatch> for Collector {
    type Result = ();
    fn handle(&mut self, Dispatch(pushes): Dispatch, _: &mut Self::Context) {
        PUSHED.lock().unwrap().extend(pushes);
    }
}

fn start() {
    // Shown with `--nocapture`, or when SHANYRAQ_LOG asks for more.
    tracing_subscriber::fmt().with_env_filter(std::env::var("SHANYRAQ_LOG").unwrap_or_else(|_| "warn".into())).init();
    let (up, is_up) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        System::new().block_on(async move {
            let (user, password) = broker().hub();
            let address = broker().address();
            let config = Config {
                broker: Broker {
                    host: address.ip().to_string(),
                    port: address.port(),
                    user: user.into(),
                    password: password.into(),
                    client_id: "hub-of-the-tests".into(),
                    groups: 4,
                },
                gap_patience: Duration::from_millis(200),
                school_budget_per_s: 50.0,
                ..Config::default()
            };
            let needs = Needs {
                db: Db::connect(&database().app_url(), DbRole::Engine, 6).unwrap(),
                clock: Clock::System,
                config,
                switchboard: Switchboard::default(),
                dispatcher: Collector.start().recipient(),
            };
            let engine = Engine::start(needs).await.unwrap();
            up.send(()).unwrap();
            std::future::pending::<()>().await;
            drop(engine);
        });
    });
    is_up.recv_timeout(Duration::from_secs(60)).expect("the engine starts");
}

/// A school whose devices the broker knows, with the engine running.
pub async fn school() -> School {
    LazyLock::force(&RUNNING);
    let school = SchoolBuilder::new().build().await;
    admit(&school);
    school
}

/// Pushes about a child.
pub fn pushes_about(child: kernel::id::PersonId) -> Vec<Push> {
    PUSHED.lock().unwrap().iter().filter(|push| push.child == child).cloned().collect()
}

/// A terminal of the school, connected.
pub struct Terminal {
    client: AsyncClient,
    /// Its acknowledgements, as they come.
    pub acks: mpsc::UnboundedReceiver<Ack>,
    school: Code,
    device: Code,
}

impl Terminal {
    /// The school's first turnstile.
    pub async fn turnstile(school: &School) -> Self {
        Self::connect(school, school.devices.iter().find(|device| device.kind == "turnstile").unwrap()).await
    }

    /// The school's first till.
    pub async fn till(school: &School) -> Self {
        Self::connect(school, school.devices.iter().find(|device| device.kind == "till").unwrap()).await
    }

    async fn connect(school: &School, account: &Account) -> Self {
        Self::named(school, &account.code, &account.password).await
    }

    /// Any device that the broker lets in.
    pub async fn named(school: &School, code: &str, password: &str) -> Self {
        let address = broker().address();
        let mut options = MqttOptions::new(code, address.ip().to_string(), address.port());
        options.set_credentials(code, password).set_max_packet_size(2_000_000, 2_000_000);
        let (client, mut event_loop) = AsyncClient::new(options, 100);
        let (school, device) = (Code::parse(&school.code).unwrap(), Code::parse(code).unwrap());
        let topic = Topic::of(&school, &device, Channel::DownAck).to_string();
        let subscriber = client.clone();
        let (send, acks) = mpsc::unbounded_channel();
        let (subscribed, is_subscribed) = tokio::sync::oneshot::channel();
        tokio::spawn(async move {
            let mut subscribed = Some(subscribed);
            loop {
                match event_loop.poll().await {
                    Ok(Event::Incoming(Incoming::ConnAck(_))) => subscriber.try_subscribe(&topic, QoS::AtMostOnce).unwrap(),
                    Ok(Event::Incoming(Incoming::SubAck(_))) => {
                        if let Some(subscribed) = subscribed.take() {
                            subscribed.send(()).ok();
                        }
                    }
                    Ok(Event::Incoming(Incoming::Publish(publish))) => {
                        if send.send(serde_json::from_slice(&publish.payload).unwrap()).is_err() {
                            return;
                        }
                    }
                    Ok(_) => {}
                    // The broker is told of new accounts by a signal; until it has read them it refuses us.
                    Err(_) => tokio::task::yield_now().await,
                }
            }
        });
        tokio::time::timeout(Duration::from_secs(20), is_subscribed).await.expect("the terminal connects").unwrap();
        Self { client, acks, school, device }
    }

    /// Its topic `up/…`.
    pub fn topic(&self, up: &str) -> String {
        let events = Topic::of(&self.school, &self.device, Channel::UpEvents).to_string();
        events.replace("up/events", &format!("up/{up}"))
    }

    /// Publishes an event or a batch as JSON.
    pub async fn publish(&self, json: serde_json::Value) {
        self.publish_raw(json.to_string()).await;
    }

    /// Publishes bytes to `up/events`.
    pub async fn publish_raw(&self, payload: impl Into<Vec<u8>>) {
        let topic = Topic::of(&self.school, &self.device, Channel::UpEvents).to_string();
        self.publish_to(&topic, payload).await;
    }

    /// Publishes bytes to any topic.
    pub async fn publish_to(&self, topic: &str, payload: impl Into<Vec<u8>>) {
        self.client.publish(topic, QoS::AtLeastOnce, false, payload).await.unwrap();
    }

    /// Waits for an acknowledgement that satisfies.
    pub async fn acknowledged(&mut self, satisfies: impl Fn(&Ack) -> bool) -> Ack {
        let wait = async {
            loop {
                let ack = self.acks.recv().await.expect("the terminal is connected");
                if satisfies(&ack) {
                    return ack;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(20), wait).await.expect("an acknowledgement within 20 s")
    }
}

/// Now, as devices write it.
pub fn now() -> Timestamp {
    Clock::System.now()
}

/// A pass.
pub fn pass(store: &str, seq: i64, card: &str, direction: &str) -> serde_json::Value {
    serde_json::json!({ "store": store, "seq": seq, "at": now(), "kind": "pass", "card": card, "direction": direction })
}

/// Counts rows as the owner's superuser: row-level security hides nothing from it.
pub async fn count(sql: &str, school: &School) -> i64 {
    let db = database().superuser().await;
    db.query_one(&format!("select count(*) from {sql}"), &[&school.id]).await.unwrap().get(0)
}

/// Waits until a count is what it should be.
pub async fn until_count(sql: &str, school: &School, want: i64) {
    let db = database().superuser().await;
    let sql = format!("select count(*) from {sql}");
    testkit::eventually(
        &sql,
        testkit::Patience(Duration::from_secs(20)),
        async || db.query_one(&sql, &[&school.id]).await.unwrap().get::<_, i64>(0),
        |found| *found == want,
    )
    .await;
}
