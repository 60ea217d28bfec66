//! Every provider misbehaves at once, and the hub is killed in between: each phone, browser and chat that is there is told, nobody before the
//! time that was asked for, twice only across the kill or a lost answer, and the hub does not grow while it waits.
//!
//! How often an address fails before it works stands in its name, so that the test knows beforehand what must arrive. An endpoint that answers a
//! byte a second keeps its own notices waiting and nobody else's.

use std::{
    collections::{BTreeMap, HashMap},
    net::Ipv4Addr,
    ops::RangeInclusive,
    sync::Arc,
    time::Duration,
};

use delivery::channels::web_push::{Reach, Subscription, Vapid, fresh_key};
use kernel::{
    clock::Clock,
    id::{PersonId, fresh},
};
use serde_json::{Value, json};
use simulators::{fcm::journal::Journal, slow, telegram, web_push};
use testkit::{Patience, eventually, home};
use tokio::net::TcpListener;

use crate::{
    TURN,
    duplicates::repetitions,
    house::{House, Plan},
    load::Load,
    programs::Program,
};

const EVENTS: u64 = 600;
const CONTACT: &str = "mailto:faults@shanyraq.example";
const BOT_TOKEN: &str = "100:a-token-of-the-faults-0123456789";
/// What Retry-After says: longer than the wait that the hub would choose.
const ASKED_S: u64 = 13;
/// No failed send is repeated sooner (`dispatch`, invariant 3).
const FIRST_WAIT_MS: u64 = 10_000;
/// How long before a kill a send may have been accepted whose outcome was still on its way to its row.
const ON_ITS_WAY_MS: u64 = 5_000;
/// So much later than it was asked a service may note what it answered, on a machine that is busy.
const NOTED_LATE_MS: u64 = 2_000;
/// A reset takes the answers of the other sends of its connection with it: of those within this time.
const RESET_WITH_MS: u64 = 1_000;
/// So many messages the bot sends in a second. When it is told to be silent those of a second may be under way, and the kill makes it forget once.
const A_SECOND_OF_THE_BOT: usize = 25;
/// What a hub may grow by, in KiB, from a busy start to the end.
const GROWTH_KIB: u64 = 96 * 1024;

/// The services beside that for native apps, in this test's runtime.
struct Services {
    browsers: Arc<web_push::simulator::Simulator>,
    bot: Arc<telegram::simulator::Simulator>,
    vapid: Vapid,
    slow: String,
    settings: String,
}

/// A send as a service saw it: when, how it ended.
type Sends = BTreeMap<(String, String), Vec<(u64, String)>>;

impl Services {
    async fn start() -> Self {
        let folder = home().join("mix-secrets");
        std::fs::create_dir_all(&folder).expect("a folder for secrets");
        let pem = fresh_key().expect("randomness");
        let (key, token) = (folder.join("web-push.pem"), folder.join("bot"));
        std::fs::write(&key, &pem).expect("the key");
        std::fs::write(&token, BOT_TOKEN).expect("the bot's token");

        let (listener, origin) = port().await;
        let manners = web_push::simulator::Settings { retry_after_s: ASKED_S, ..Default::default() };
        let browsers = Arc::new(web_push::simulator::Simulator::new(origin, Journal::forgotten(), manners, 1));
        tokio::spawn(web_push::server::serve(listener, Arc::clone(&browsers)));
        let (listener, bot_url) = port().await;
        let bot = Arc::new(telegram::simulator::Simulator::new(BOT_TOKEN.to_owned(), "faults_bot".to_owned(), 1));
        tokio::spawn(telegram::server::serve(listener, Arc::clone(&bot)));
        let (listener, slow) = port().await;
        tokio::spawn(slow::serve(listener));

        let settings = format!(
            "[push.web]\nenabled = true\nkey_file = '{}'\ncontact = '{CONTACT}'\n\
             [push.telegram]\nenabled = true\ntoken_file = '{}'\nbot = 'faults_bot'\nbase_url = '{bot_url}'\n",
            key.display(),
            token.display()
        );
        Self { browsers, bot, vapid: Vapid::parse(&pem, CONTACT).expect("a key of ours"), slow, settings }
    }

    /// A browser with this name, as its row keeps it.
    fn browser(&self, name: &str) -> String {
        let wish = web_push::simulator::Wish { key: self.vapid.public().to_owned(), name: Some(name.to_owned()) };
        let told = self.browsers.subscribe(wish).expect("a subscription");
        let part = |pointer: &str| told.pointer(pointer).and_then(Value::as_str).expect("a part of it").to_owned();
        self.stored(&part("/endpoint"), &part("/keys/p256dh"), &part("/keys/auth"))
    }

    /// A browser whose push service answers a byte a second.
    fn slow_browser(&self) -> String {
        let browser = web_push::keys::Browser::generate().expect("keys");
        self.stored(&format!("{}/push/slow", self.slow), &browser.key(), &browser.auth())
    }

    fn stored(&self, endpoint: &str, key: &str, auth: &str) -> String {
        Subscription::parse(endpoint, key, auth, Reach::AlsoThisMachine).expect("a good subscription").to_stored()
    }

    /// What browsers' service saw, by notice and browser.
    fn seen_by_browsers(&self) -> Sends {
        let mut sends = Sends::new();
        for entry in self.browsers.messages(None) {
            sends.entry((entry.topic.unwrap_or_default(), entry.subscription)).or_default().push((entry.at, entry.outcome.to_owned()));
        }
        sends
    }
}

async fn port() -> (TcpListener, String) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("its address"));
    (listener, address)
}

/// What the service for native apps saw, by notice and phone.
fn seen_by_apps(house: &House) -> Sends {
    let journal = std::fs::read_to_string(house.push_journal()).expect("the push journal");
    let mut sends = Sends::new();
    for line in journal.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line")).filter(|line| line["kind"] == "send") {
        let text = |field: &str| line[field].as_str().unwrap_or_default().to_owned();
        sends.entry((text("notice"), text("token"))).or_default().push((line["at"].as_u64().expect("a time"), text("outcome")));
    }
    sends
}

/// Gives guardians of the first school phones, browsers and chats that fail in each way, and one that answers a byte a second.
async fn settle_addresses(house: &House, services: &Services) {
    let db = house.look().await;
    // One that is told to wait makes all others wait as long: two of those are enough.
    let failing = "
        update push_token set token = (array['down-2-', 'later-1-', 'broken-1-', 'stall-1-', 'reset-1-', 'gone-', '', ''])[1 + (hashtext(id::text) & 7)] || token where channel = 'fcm' and token not like 'gone-%';
        update push_token set token = 'busy-1-' || token where id in (select id from push_token where channel = 'fcm' and token !~ '^[a-z]+-' order by id limit 2);";
    db.batch_execute(failing).await.expect("naming phones");
    let guardians: Vec<PersonId> = db.query("select distinct guardian_id from kinship order by 1 limit 45", &[]).await.expect("guardians").iter().map(|row| row.get(0)).collect();
    let add = "insert into push_token (id, person_id, channel, token, locale, registered_at) values ($1, $2, $3, $4, 'kk', now())";
    let ways = ["busy-1", "down-2", "later-1", "broken-1", "stall-1", "reset-1", "gone", "left", "plain"];
    for (number, guardian) in guardians.iter().enumerate() {
        let browser = if number == 0 { services.slow_browser() } else { services.browser(&format!("{}-{number}", ways[number % ways.len()])) };
        db.execute(add, &[&fresh(Clock::System.now()), guardian, &"web_push", &browser]).await.expect("a browser");
        let chat = i64::try_from(number).expect("few") + 1_000;
        services.bot.say(chat, "/start", "kk");
        db.execute(add, &[&fresh(Clock::System.now()), guardian, &"telegram", &chat.to_string()]).await.expect("a chat");
    }
    services.bot.block_quietly(1_001);
    let plan = [(1_002, 500), (1_003, 0), (1_004, 502), (1_005, 429)].map(|(chat, status)| json!({ "chat": chat, "status": status, "retry_after": ASKED_S }));
    services.bot.control(json!({ "plan": plan }).to_string().as_bytes()).expect("a plan");
}

/// The most memory that the hub ever took, in KiB.
fn most_memory(house: &House) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", house.hub_process())).expect("the hub lives");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// What was repeated too soon after it failed. The hub does not remember a wait across its death: a row that it held comes back when its lease
/// is over, which is later than any first wait, and may be earlier than what a service asked for in the moment before.
fn early(sends: &Sends, forgotten: &RangeInclusive<u64>) -> Vec<String> {
    let wait = |at: &u64, outcome: &str| match outcome {
        "accepted" => 0,
        "quota" | "unavailable_later" if !forgotten.contains(at) => ASKED_S * 1000,
        _ => FIRST_WAIT_MS,
    };
    let too_soon = |pair: &[(u64, String)]| matches!(pair, [(before, outcome), (after, _)] if after.saturating_sub(*before) < wait(before, outcome));
    sends.iter().filter(|(_, sends)| sends.windows(2).any(too_soon)).map(|(what, sends)| format!("{what:?}: {sends:?}")).collect()
}

/// What was accepted more than once without the kill's explaining it, or a reset's.
fn doubled(sends: &Sends, forgotten: &RangeInclusive<u64>) -> Vec<String> {
    let accepted = |sends: &[(u64, String)]| sends.iter().filter(|(_, outcome)| outcome == "accepted").map(|(at, _)| *at).collect::<Vec<_>>();
    let resets: Vec<u64> = sends.values().flatten().filter(|(_, outcome)| outcome == "reset").map(|(at, _)| *at).collect();
    let is_lost = |at: &u64| forgotten.contains(at) || resets.iter().any(|reset| reset.abs_diff(*at) <= RESET_WITH_MS);
    let unexplained = |times: &[u64]| times.split_last().is_some_and(|(_, before)| !before.iter().all(is_lost));
    sends.iter().filter(|(_, sends)| unexplained(&accepted(sends))).map(|(what, sends)| format!("{what:?}: {sends:?}")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_who_is_there_is_told_whatever_all_providers_do_at_once() {
    let _turn = TURN.lock().await;
    let services = Services::start().await;
    let push = format!("--latency-ms 5 --retry-after-s {ASKED_S}");
    let mut house = House::build(Plan { push, ..Plan::small("mix", Program::Hub) }.settings(&services.settings)).await;
    settle_addresses(&house, &services).await;
    let mut load = Load::start(&house, EVENTS, 150, "");
    load.until(250).await;
    let killed_ms = u64::try_from(Clock::System.now().as_millisecond()).expect("after 1970");
    house.kill_hub();
    load.until(300).await;
    // What a service answered in this time, the hub that died had not written down, or never heard: a service that is slow notes late.
    let forgotten = killed_ms - ON_ITS_WAY_MS..=u64::try_from(Clock::System.now().as_millisecond()).expect("after 1970") + NOTED_LATE_MS;
    house.restart_hub().await;
    let begun_with = most_memory(&house);
    let summary = load.end(&house).await;
    assert_eq!(summary["unacknowledged"], 0, "{summary}");

    let db = house.look().await;
    let open = "select format('%s of %s, tried %s times: %s', count(*), t.channel, d.attempts, d.detail) from delivery d join push_token t on t.id = d.token_id
                where d.outcome is null and t.token not like '%/push/slow %' group by t.channel, d.attempts, d.detail";
    let open = async || db.query(open, &[]).await.expect("counting").iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>();
    eventually("everything but the slow one is over", Patience(Duration::from_secs(180)), open, Vec::is_empty).await;

    // Complete: what is called sent arrived, and all that could be sent is called so.
    let ended = "select t.channel, t.token, n.id::text, d.outcome from delivery d join push_token t on t.id = d.token_id join notice n on n.id = d.notice_id where d.outcome in ('sent', 'unregistered', 'refused', 'expired')";
    let (apps, browsers) = (seen_by_apps(&house), services.seen_by_browsers());
    let mut arrived: HashMap<String, usize> = HashMap::new();
    let arrives = |sends: &Sends, what: &(String, String)| sends.get(what).is_some_and(|sends| sends.iter().any(|(_, outcome)| outcome == "accepted"));
    let mut written_to: HashMap<i64, usize> = HashMap::new();
    for row in db.query(ended, &[]).await.expect("deliveries") {
        let (channel, address, notice, outcome): (String, String, String, String) = (row.get(0), row.get(1), row.get(2), row.get(3));
        let notice_id: kernel::id::Uuid = notice.parse().expect("an id");
        let (is_gone, came) = match channel.as_str() {
            "fcm" => (address.starts_with("gone-"), arrives(&apps, &(kernel::id::show(notice_id), address.clone())) || arrives(&apps, &(notice.clone(), address.clone()))),
            "web_push" => {
                let name = address.split(' ').next().and_then(|endpoint| endpoint.rsplit('/').next()).expect("a name").to_owned();
                (name.starts_with("gone") || name.starts_with("left"), arrives(&browsers, &(kernel::id::show(notice_id), name)))
            }
            _ => {
                let chat: i64 = address.parse().expect("a chat");
                *written_to.entry(chat).or_default() += usize::from(outcome == "sent");
                (chat == 1_001, outcome == "sent")
            }
        };
        assert_eq!((outcome.as_str(), came), if is_gone { ("unregistered", false) } else { ("sent", true) }, "{channel} {address} {notice}");
        *arrived.entry(channel).or_default() += usize::from(came);
    }
    println!("arrived: {arrived:?}");
    assert!(["fcm", "web_push", "telegram"].iter().all(|channel| arrived.get(*channel).is_some_and(|count| *count >= 20)), "{arrived:?}");

    // Nobody early, nobody twice but across the kill, or where a reset took the answers of its connection's other sends with it.
    assert_eq!((early(&apps, &forgotten), early(&browsers, &forgotten)), (Vec::new(), Vec::new()), "killed at {killed_ms}, forgotten {forgotten:?}");
    let killed = i64::try_from(killed_ms).expect("a time");
    assert_eq!((repetitions(&house.push_journal(), &[killed]).unexplained, doubled(&browsers, &forgotten)), (Vec::new(), Vec::new()));
    let said = services.bot.sent(None);
    let too_soon = said.iter().filter(|sent| sent.outcome == "early").count();
    println!("the bot spoke {too_soon} times while it was to be silent");
    assert!(too_soon <= 2 * A_SECOND_OF_THE_BOT, "{too_soon} of {}", said.len());
    for (chat, times) in written_to {
        let accepted: Vec<u64> = said.iter().filter(|sent| sent.chat == chat && sent.outcome == "accepted").map(|sent| sent.at).collect();
        let before_the_kill = accepted.iter().filter(|at| forgotten.contains(at)).count();
        assert!((times..=times + before_the_kill).contains(&accepted.len()), "chat {chat}: {times} notices, {} messages", accepted.len());
    }

    // Who is forgotten is gone, and nobody else; the slow one is still tried.
    let forgotten = "select count(*) from push_token where removed_at is not null and token not like 'gone-%' and token !~ '/push/(gone|left)-' and not (channel = 'telegram' and token = '1001')";
    assert_eq!(db.query_one(forgotten, &[]).await.expect("counting").get::<_, i64>(0), 0);
    let slow = "select count(*) filter (where d.outcome is null), count(*) from delivery d join push_token t on t.id = d.token_id where t.token like '%/push/slow %'";
    let slow = db.query_one(slow, &[]).await.expect("the slow one");
    assert_eq!(slow.get::<_, i64>(0), slow.get::<_, i64>(1));
    let grown = most_memory(&house).saturating_sub(begun_with);
    println!("the hub grew by {grown} KiB");
    assert!(grown < GROWTH_KIB, "{grown} KiB");
    house.stop().await;
}
