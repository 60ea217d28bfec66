//! The swarm against a real Mosquitto and a tiny hub that takes, remembers and acknowledges (and loses one acknowledgement
//! in eight): whatever the mischief, everything the ledger promises is in the hub, with the content the ledger tells.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use protocol::{
    cursor::Cursor,
    down::Ack,
    topic::{Channel, Topic},
    up::{Body, Events},
};
use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};
use serde_json::Value;

type Name = (String, String, i64);

/// What the tiny hub has.
#[derive(Default)]
struct Memory {
    cursors: HashMap<(String, String), Cursor>,
    events: HashMap<Name, Body>,
    malformed: usize,
    repeated: usize,
}

struct Broker {
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// A broker of this test alone; a port that somebody else took in between is tried anew.
fn broker() -> Broker {
    let program = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"].into_iter().find(|path| Path::new(path).exists()).unwrap_or("mosquitto");
    for _ in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let (config, log) = (folder.path().join("mosquitto.conf"), folder.path().join("log"));
        let text = format!(
            "listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nmax_queued_messages 0\nmax_inflight_messages 0\nmessage_size_limit 65536\nlog_dest stderr\n"
        );
        std::fs::write(&config, text).unwrap();
        let stderr = std::fs::File::create(&log).unwrap();
        let child = Command::new(program).arg("-c").arg(&config).stdout(Stdio::null()).stderr(stderr).spawn().unwrap();
        let mut broker = Broker { child, port, folder };
        while broker.child.try_wait().unwrap().is_none() {
            if std::fs::read_to_string(&log).unwrap_or_default().contains(" running") {
                return broker;
            }
            std::thread::yield_now();
        }
    }
    panic!("mosquitto does not start");
}

/// Takes and acknowledges until the process ends.
fn tiny_hub(port: u16, memory: Arc<Mutex<Memory>>) {
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut options = MqttOptions::new("hub", "127.0.0.1", port);
            options.set_max_packet_size(1 << 20, 1 << 20);
            let (client, mut eventloop) = AsyncClient::new(options, 10_000);
            let mut heard = 0_u64;
            let mut failures = 0;
            while failures < 100 {
                let Ok(event) = eventloop.poll().await else {
                    failures += 1;
                    continue;
                };
                match event {
                    Event::Incoming(Packet::ConnAck(_)) => client.try_subscribe("v1/+/+/+/up/events", QoS::AtLeastOnce).unwrap(),
                    Event::Incoming(Packet::Publish(publish)) => {
                        let Ok(topic) = Topic::parse(&publish.topic) else { continue };
                        let Some(ack) = take(&mut memory.lock().unwrap(), &topic, &publish.payload) else { continue };
                        heard += 1;
                        if !heard.is_multiple_of(8) {
                            let payload = serde_json::to_vec(&ack).unwrap();
                            client.try_publish(topic.sibling(Channel::DownAck).to_string(), QoS::AtMostOnce, false, payload).ok();
                        }
                    }
                    _ => {}
                }
            }
        });
    });
}

fn take(memory: &mut Memory, topic: &Topic, payload: &[u8]) -> Option<Ack> {
    let Ok(message) = Events::parse(payload) else {
        memory.malformed += 1;
        return None;
    };
    let device = topic.device.to_string();
    let cursor = memory.cursors.entry((device.clone(), message.store.clone())).or_default();
    for event in message.events {
        if let Body::Lost { from, to } = event.body {
            cursor.declare_lost(from, to, event.seq);
        }
        cursor.take(event.seq);
        let known = memory.events.entry((device.clone(), message.store.clone(), event.seq));
        if let std::collections::hash_map::Entry::Occupied(_) = known {
            memory.repeated += 1;
        }
        known.or_insert(event.body);
    }
    Some(Ack::of(&message.store, cursor, Timestamp::UNIX_EPOCH))
}

fn town(broker: &Broker, devices: usize) -> PathBuf {
    let school = |school: usize| {
        let devices: Vec<Value> = (0..devices)
            .map(|n| match n % 3 {
                0 => serde_json::json!({"code": format!("t{school}x{n}"), "password": "p", "kind": "turnstile", "direction": "in"}),
                1 => serde_json::json!({"code": format!("t{school}x{n}"), "password": "p", "kind": "turnstile", "direction": null}),
                _ => serde_json::json!({"code": format!("t{school}x{n}"), "password": "p", "kind": "till"}),
            })
            .collect();
        let cards: Vec<String> = (0..100).map(|n| format!("04A1{school:02}{n:02}")).collect();
        serde_json::json!({"code": format!("s{school}"), "devices": devices, "cards": cards, "dishes": [{"item": "Палау \"үй\"", "price_tiyn": 45000}]})
    };
    let town = serde_json::json!({"broker": {"host": "127.0.0.1", "port": broker.port}, "schools": [school(1), school(2)]});
    let path = broker.folder.path().join("town.json");
    std::fs::write(&path, town.to_string()).unwrap();
    path
}

/// Runs the swarm to its end; gives its ledger and its summary.
fn run(broker: &Broker, town: &Path, arguments: &[&str]) -> (Vec<Value>, Value) {
    let ledger = broker.folder.path().join("ledger.jsonl");
    let mut command = Command::new(env!("CARGO_BIN_EXE_swarm"));
    command.arg("--town").arg(town).arg("--ledger").arg(&ledger).args(["--deadline-seconds", "90"]).args(arguments);
    if !arguments.contains(&"--resend-ms") {
        command.args(["--resend-ms", "300"]);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{:?}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    let lines = std::fs::read_to_string(ledger).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (lines, serde_json::from_slice(&output.stdout).unwrap())
}

fn name(line: &Value) -> Name {
    let text = |field: &str| line[field].as_str().unwrap().to_owned();
    (text("device"), text("store"), line["seq"].as_i64().unwrap())
}

/// Everything that was acknowledged, by the ledger's word.
fn acknowledged(ledger: &[Value]) -> impl Fn(&Name) -> bool {
    let mut covers: HashMap<(String, String), Vec<(i64, i64)>> = HashMap::new();
    for line in ledger.iter().filter(|line| line["t"] == "acked") {
        let of = covers.entry((line["device"].as_str().unwrap().into(), line["store"].as_str().unwrap().into())).or_default();
        of.push((1, line["upto"].as_i64().unwrap()));
        of.extend(line["have"].as_array().unwrap().iter().map(|pair| (pair[0].as_i64().unwrap(), pair[1].as_i64().unwrap())));
    }
    move |(device, store, seq)| {
        covers.get(&(device.clone(), store.clone())).is_some_and(|of| of.iter().any(|(from, to)| from <= seq && seq <= to))
    }
}

#[test]
fn everything_promised_is_in_the_hub_whatever_goes_wrong() {
    let broker = broker();
    let memory = Arc::new(Mutex::new(Memory::default()));
    tiny_hub(broker.port, Arc::clone(&memory));
    let mischief = [
        "--arrivals", "flood", "--count", "4000", "--duplicates", "3", "--reorder", "5", "--reconnects", "0.5", "--offline", "0.2",
        "--offline-seconds", "1", "--wipes", "0.3", "--lost", "1", "--unknown-cards", "1", "--odd", "2", "--future", "1", "--malformed", "1",
        "--malicious", "1", "--clock-known", "20", "--clock-unknown", "10", "--clock-1970", "10", "--batch", "7",
    ];
    let (ledger, summary) = run(&broker, &town(&broker, 10), &mischief);

    let memory = memory.lock().unwrap();
    let wiped: HashSet<Name> = ledger.iter().filter(|line| line["t"] == "wiped").flat_map(|line| {
        let of = |seq: &Value| (line["device"].as_str().unwrap().into(), line["store"].as_str().unwrap().into(), seq.as_i64().unwrap());
        line["seqs"].as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    }).collect();
    let events: BTreeMap<Name, &Value> = ledger.iter().filter(|line| line["t"] == "event").map(|line| (name(line), line)).collect();
    let is_acknowledged = acknowledged(&ledger);
    for (name, line) in &events {
        assert!(wiped.contains(name) || is_acknowledged(name), "neither wiped nor acknowledged: {line}");
        match memory.events.get(name) {
            None => assert!(wiped.contains(name), "not in the hub: {line}"),
            Some(Body::Pass(pass)) => assert_eq!((Some(pass.card.as_str()), Some(pass.direction.as_str())), (line["card"].as_str(), line["direction"].as_str())),
            Some(Body::Meal(meal)) => assert_eq!((Some(meal.item.as_str()), Some(meal.price_tiyn)), (line["item"].as_str(), line["price_tiyn"].as_i64())),
            Some(body) => assert_ne!(line["expect"], "row", "{body:?}"),
        }
    }
    let strays = memory.events.keys().filter(|name| !events.contains_key(*name)).collect::<Vec<_>>();
    assert!(strays.iter().all(|(_, store, _)| store.starts_with('x')), "the swarm never created {strays:?}");
    assert_eq!(summary["created"].as_u64().unwrap(), u64::try_from(events.len()).unwrap());
    assert!(events.len() >= 4_000 && summary["latency"]["p99_us"].as_u64().unwrap() > 0, "{summary}");
    for what in ["wipes", "wiped", "lost", "mischief", "dropped", "sent_again"] {
        assert!(summary[what].as_u64().unwrap() > 0, "no {what}: {summary}");
    }
    assert!(memory.malformed > 0 && memory.repeated > 0);
    println!("{summary}");
}

#[test]
fn an_open_loop_keeps_its_schedule() {
    let broker = broker();
    let memory = Arc::new(Mutex::new(Memory::default()));
    tiny_hub(broker.port, Arc::clone(&memory));
    let (ledger, summary) = run(&broker, &town(&broker, 6), &["--rate", "500", "--for-seconds", "3", "--meals", "30"]);
    let created = summary["created"].as_u64().unwrap();
    assert!((1_200..1_800).contains(&created), "{summary}");
    assert_eq!(memory.lock().unwrap().events.len(), usize::try_from(created).unwrap());
    assert!(ledger.iter().filter(|line| line["t"] == "event").all(|line| line["expect"] == "row" && line["at_ms"] == line["scheduled_ms"]));
    assert_eq!(ledger.last().unwrap()["t"], "summary");
}

#[test]
fn a_demo_goes_with_its_parent() {
    let broker = broker();
    let memory = Arc::new(Mutex::new(Memory::default()));
    tiny_hub(broker.port, Arc::clone(&memory));
    let mut command = Command::new(env!("CARGO_BIN_EXE_swarm"));
    command.arg("--town").arg(town(&broker, 3)).args(["--demo", "--rate", "200", "--exit-with-parent"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    while memory.lock().unwrap().events.len() < 20 {
        assert!(Instant::now() < deadline, "nothing arrives");
        std::thread::yield_now();
    }
    drop(child.stdin.take());
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > deadline {
            child.kill().unwrap();
            panic!("the demo outlived its parent");
        }
        std::thread::yield_now();
    }
}

/// What the swarm itself costs, for the one who reads benchmarks: `cargo test -p swarm --test run -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement, not a test"]
fn cost() {
    let broker = broker();
    tiny_hub(broker.port, Arc::default());
    for rate in ["1000", "2500", "5000"] {
        let (_, summary) = run(&broker, &town(&broker, 100), &["--rate", rate, "--for-seconds", "10", "--resend-ms", "2000"]);
        let (cpu_ms, created) = (summary["cpu_ms"].as_u64().unwrap(), summary["created"].as_u64().unwrap());
        println!("{rate}/s: {} CPU microseconds an event\n{summary}", cpu_ms * 1_000 / created);
    }
}
