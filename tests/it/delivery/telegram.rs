//! Telegram: a chat linked by a code from a page, told of an entry by a bot whose service misbehaves, and forgotten when its owner says so.

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use actix_web::http::StatusCode;
use delivery::{
    channels::{
        Channel,
        telegram::{Bot, Settings, Telegram, Token},
    },
    dispatch,
    links::{Listener, Round},
};
use jiff::SignedDuration;
use kernel::{
    clock::Clock,
    db::DbRole,
    id::{fresh, show},
    mode::Mode,
};
use serde_json::{Value, json};
use simulators::telegram::{server, simulator::Simulator};
use testkit::{Patience, eventually, pool};
use web::Catalog;

use super::world::{AtWork, World, login_of};
use crate::visitor::{self, Visitor};

const TOKEN: &str = "100:a-token-of-the-tests-0123456789";
const HOME: &str = "http://127.0.0.1";

/// Telegram on a free port, in this test's runtime, with a bot of the test's own.
struct Service {
    simulator: Arc<Simulator>,
    base: String,
    name: String,
}

impl Service {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let name = format!("bot_{}", show(fresh(Clock::System.now())));
        let simulator = Arc::new(Simulator::new(TOKEN.to_owned(), name.clone(), 1));
        tokio::spawn(server::serve(listener, Arc::clone(&simulator)));
        Self { simulator, base, name }
    }

    fn bot(&self, per_second: u32) -> Arc<Bot> {
        let settings = Settings { url: self.base.clone(), per_second };
        Arc::new(Bot::new(Mode::Demo.way_out().unwrap(), &settings, Token::parse(TOKEN).unwrap()).unwrap())
    }

    fn listener(&self, world: &World) -> Listener {
        Listener::new(self.bot(25), self.name.clone(), pool(DbRole::Jobs), world.clock.clone(), catalog(), HOME.to_owned())
    }

    fn channel(&self) -> Arc<dyn Channel> {
        Arc::new(Telegram::new(self.bot(25), catalog(), HOME.to_owned()))
    }

    /// What the bot said last in a chat.
    fn last(&self, chat: i64) -> String {
        self.simulator.lines(chat).into_iter().rfind(|line| line.of_bot).map(|line| line.text).unwrap_or_default()
    }

    fn plan(&self, plan: &Value) {
        self.simulator.control(json!({ "plan": plan }).to_string().as_bytes()).unwrap();
    }
}

fn catalog() -> Arc<Catalog> {
    Arc::new(Catalog::build(&visitor::locales()).unwrap())
}

/// A chat that no other test knows.
fn chat() -> i64 {
    let bits = fresh(Clock::System.now()).as_u128();
    i64::try_from(bits & 0xFFFF_FFFF_FFFF).unwrap() + 1
}

async fn guardian(world: &World, pupil: usize) -> Visitor {
    // The native app's phone of the test school: here only chats are told.
    world.rows.execute("delete from push_token where person_id = $1", &[&world.guardian(pupil)]).await.unwrap();
    Visitor::signed_in(login_of(world, pupil)).await
}

/// A code as the page shows it.
async fn code(visitor: &Visitor) -> String {
    let page = visitor.post("/my/telegram/code", &[]).await;
    assert_eq!(page.status, StatusCode::OK);
    let code = page.body.split("<pre id=\"code\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a code").to_owned();
    assert!(page.shows(&format!("https://t.me/shanyraq_test_bot?start={}", code.replace('-', ""))), "{}", page.body);
    code
}

/// `reason` of each chat of a person, the open ones as `open`.
async fn reasons(world: &World, pupil: usize) -> Vec<String> {
    let sql = "select coalesce(removed_reason, 'open') from push_token where person_id = $1 and channel = 'telegram' order by 1";
    world.rows.query(sql, &[&world.guardian(pupil)]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

/// Links a chat to a pupil's guardian and gives both back.
async fn linked(world: &World, service: &Service, listener: &mut Listener, pupil: usize) -> (Visitor, i64) {
    let (visitor, chat) = (guardian(world, pupil).await, chat());
    service.simulator.say(chat, &format!("/start {}", code(&visitor).await), "ru");
    assert_eq!(listener.round(Duration::ZERO).await.unwrap(), Round::Read(1));
    assert_eq!(reasons(world, pupil).await, ["open"]);
    (visitor, chat)
}

#[actix_web::test]
async fn inv_1_a_code_works_once_for_ten_minutes_and_only_the_newest() {
    let (world, service) = (World::new().await, Service::start().await);
    let mut listener = service.listener(&world);
    let mother = guardian(&world, 0).await;
    assert!(mother.get("/my/phones").await.shows("/my/telegram/code"));
    let (older, newer) = (code(&mother).await, code(&mother).await);
    let kept = "select count(*) from delivery_link_code where person_id = $1 and encode(code_hash, 'escape') not like $2";
    let rows: i64 = world.rows.query_one(kept, &[&world.guardian(0), &format!("%{}%", newer.replace('-', ""))]).await.unwrap().get(0);
    assert_eq!(rows, 1, "one, by its hash");

    let (first, second) = (chat(), chat());
    service.simulator.say(first, &format!("/start {}", older.replace('-', "")), "en");
    service.simulator.say(first, &newer.to_lowercase(), "en");
    service.simulator.say(second, &format!("/start {newer}"), "ru");
    assert_eq!(listener.round(Duration::ZERO).await.unwrap(), Round::Read(3));
    assert!(service.simulator.lines(first)[2].text.contains("does not work"), "{:?}", service.simulator.lines(first));
    assert!(service.last(first).contains("/stop") && service.last(second).contains("не действует"), "{}", service.last(second));
    let chats: Vec<String> = world.rows.query("select token from push_token where person_id = $1 and removed_at is null", &[&world.guardian(0)]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert_eq!(chats, [first.to_string()]);
    assert!(mother.get("/my/phones").await.shows("/remove"));

    let late = code(&mother).await;
    world.clock.advance(SignedDuration::from_mins(11));
    service.simulator.say(second, &late, "ru");
    assert_eq!(listener.round(Duration::ZERO).await.unwrap(), Round::Read(1));
    assert_eq!(reasons(&world, 0).await, ["open"]);
    assert!(service.last(second).contains("не действует"));
}

#[actix_web::test]
async fn inv_2_and_5_a_chat_belongs_to_who_linked_it_last_and_stop_ends_it() {
    let (world, service) = (World::new().await, Service::start().await);
    let mut listener = service.listener(&world);
    let (first, chat) = linked(&world, &service, &mut listener, 0).await;
    let second = guardian(&world, 1).await;
    service.simulator.say(chat, &code(&second).await, "ru");
    listener.round(Duration::ZERO).await.unwrap();
    assert_eq!((reasons(&world, 0).await, reasons(&world, 1).await), (vec!["moved".to_owned()], vec!["open".to_owned()]));

    let id: kernel::id::TokenId = world.rows.query_one("select id from push_token where person_id = $1 and removed_at is null", &[&world.guardian(1)]).await.unwrap().get(0);
    let path = format!("/my/push/subscriptions/{id}/remove");
    assert!(second.get("/my/phones").await.shows(&path) && !first.get("/my/phones").await.shows(&path));
    first.post(&path, &[]).await;
    assert_eq!(reasons(&world, 1).await, ["open"], "a stranger's word changes nothing");
    for _ in 0..2 {
        service.simulator.say(chat, "/stop", "ru");
    }
    listener.round(Duration::ZERO).await.unwrap();
    assert_eq!(reasons(&world, 1).await, ["removed"]);
    assert!(service.last(chat).contains("/my/phones"));

    let audit = "select action from audit where school_id = $1 and action like 'delivery.%' order by 1";
    let actions: Vec<String> = world.rows.query(audit, &[&world.school.id]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert_eq!(actions, ["delivery.link_code", "delivery.link_code", "delivery.subscribe", "delivery.subscribe", "delivery.unsubscribe"]);
    let personal: i64 = world.rows.query_one("select count(*) from audit where school_id = $1 and position($2 in detail::text) > 0", &[&world.school.id, &chat.to_string()]).await.unwrap().get(0);
    assert_eq!(personal, 0, "the trail does not name the chat");
}

#[actix_web::test]
async fn inv_3_and_4_two_who_listen_do_everything_once_and_whoever_tries_codes_is_not_answered() {
    let (world, service) = (World::new().await, Service::start().await);
    let (mut one, mut other) = (service.listener(&world), service.listener(&world));
    let (mother, chats) = (guardian(&world, 0).await, [chat(), chat(), chat()]);
    let (mothers, group) = (code(&mother).await, chats[2]);
    service.simulator.tell(json!({ "message": { "chat": { "id": group, "type": "group" }, "text": format!("/start {mothers}") } }));
    service.simulator.say(chats[0], &mothers, "kk");
    let (left, right) = futures_util::future::join(one.round(Duration::ZERO), other.round(Duration::ZERO)).await;
    let rounds = [left.unwrap(), right.unwrap()];
    assert!(rounds.contains(&Round::Read(2)) && rounds.contains(&Round::Elsewhere), "{rounds:?}");
    assert_eq!(reasons(&world, 0).await, ["open"]);
    assert!(service.simulator.sent(Some(group)).is_empty(), "nothing is linked to a group, or said there");

    // Who listened dies: after its lease another goes on behind what was done.
    let (mut dead, mut alive) = if rounds[0] == Round::Elsewhere { (other, one) } else { (one, other) };
    assert_eq!(alive.round(Duration::ZERO).await.unwrap(), Round::Elsewhere);
    world.clock.advance(SignedDuration::from_secs(61));
    assert_eq!(alive.round(Duration::ZERO).await.unwrap(), Round::Read(0));
    assert_eq!(dead.round(Duration::ZERO).await.unwrap(), Round::Elsewhere);
    alive.leave().await.unwrap();
    assert_eq!(dead.round(Duration::ZERO).await.unwrap(), Round::Read(0), "given back, it need not be waited for");

    for _ in 0..7 {
        service.simulator.say(chats[1], "/start AAAA-BBBB-CCCC", "en");
    }
    let right = code(&mother).await;
    service.simulator.say(chats[1], &right, "en");
    assert_eq!(dead.round(Duration::ZERO).await.unwrap(), Round::Read(8));
    assert_eq!(service.simulator.sent(Some(chats[1])).len(), 5);
    assert_eq!(reasons(&world, 0).await, ["open"], "not even with the right one");
}

#[actix_web::test]
async fn a_chat_is_told_whatever_the_service_does_and_forgotten_when_the_bot_is_blocked() {
    let (world, service) = (World::new().await, Service::start().await);
    let mut listener = service.listener(&world);
    let mut chats = Vec::new();
    for pupil in 0..3 {
        chats.push(linked(&world, &service, &mut listener, pupil).await.1);
    }
    service.simulator.block_quietly(chats[1]);
    service.plan(&json!([{ "chat": chats[0], "status": 500 }, { "chat": chats[0], "status": 0 }, { "chat": chats[2], "status": 400 }]));
    let at_work = AtWork::start_with(&world, service.channel(), dispatch::Settings { attempt: Duration::from_secs(5), ..dispatch::Settings::default() });
    let mut notices = Vec::new();
    for pupil in 0..3 {
        let issued = world.issue_one(pupil).await;
        assert_eq!(issued.pushes.len(), 1);
        notices.push(issued.notices[0].id);
        at_work.hand_over(issued).unwrap();
    }
    world.delivery_becomes(notices[1], "unregistered 1 403").await;
    world.delivery_becomes(notices[2], "refused 1 400").await;
    assert_eq!((reasons(&world, 1).await, reasons(&world, 2).await), (vec!["unregistered".to_owned()], vec!["open".to_owned()]));
    world.delivery_becomes(notices[0], "open 1 500").await;
    world.clock.advance(SignedDuration::from_secs(61));
    world.delivery_becomes(notices[0], "open 2 connection lost").await;
    world.clock.advance(SignedDuration::from_secs(61));
    let done = async || world.deliveries(notices[0]).await;
    eventually("the chat is told", Patience::default(), done, |rows| rows.len() == 1 && rows[0].starts_with("sent 3")).await;
    let pupil = &world.school.pupils[0];
    let said = service.last(chats[0]);
    assert!(said.contains(&pupil.name) && said.ends_with(&format!("{HOME}/my/{}", pupil.id)), "{said}");
    assert!(said.contains("мектепке келді"), "in the language of who made the code: {said}");

    // Busy: nobody writes before the time that the service named, and then the message arrives.
    service.plan(&json!([{ "chat": chats[0], "status": 429, "retry_after": 2 }]));
    let issued = world.issue_one(0).await;
    let busy = issued.notices[0].id;
    at_work.hand_over(issued).unwrap();
    world.delivery_becomes(busy, "open 1 429").await;
    world.clock.advance(SignedDuration::from_secs(61));
    world.delivery_becomes(busy, "sent 2 429").await;
    assert!(service.simulator.sent(None).iter().all(|sent| sent.outcome != "early"), "{:?}", service.simulator.sent(None));

    // Blocked with a word: the next look unlinks the chat.
    service.simulator.block(chats[2]);
    listener.round(Duration::ZERO).await.unwrap();
    assert_eq!(reasons(&world, 2).await, ["unregistered"]);
    let administrator = world.school.staff.iter().find(|one| one.role == kernel::right::Role::SchoolAdministrator).unwrap();
    let log = Visitor::signed_in(&administrator.login).await.get(&format!("/{}/deliveries", world.school.code)).await;
    assert!(log.shows("Telegram") && log.shows("Ата-ана Telegram-да ботты бұғаттаған"), "{}", log.body);
}

#[actix_web::test]
async fn inv_5_a_chat_that_is_written_to_too_fast_holds_up_no_other() {
    let (world, service) = (World::new().await, Service::start().await);
    let mut listener = service.listener(&world);
    let (busy, other) = (linked(&world, &service, &mut listener, 0).await.1, linked(&world, &service, &mut listener, 1).await.1);
    // A service that minds more than it says: two in twenty seconds are too many in a chat.
    service.simulator.control(br#"{"per_chat_ms":20000}"#).unwrap();
    let at_work = AtWork::start_with(&world, service.channel(), dispatch::Settings { attempt: Duration::from_secs(5), ..dispatch::Settings::default() });
    let issued = world.issue(&[world.draft(0, &notice::ENTERED), world.draft(0, &notice::LEFT)]).await;
    let notices: Vec<_> = issued.notices.iter().map(|notice| notice.id).collect();
    at_work.hand_over(issued).unwrap();
    let both = async || {
        let mut rows = [world.deliveries(notices[0]).await.concat(), world.deliveries(notices[1]).await.concat()];
        rows.sort();
        rows
    };
    eventually("one is taken and one refused", Patience::default(), both, |rows| rows == &["open 1 429", "sent 1"]).await;

    let issued = world.issue_one(1).await;
    let notice = issued.notices[0].id;
    at_work.hand_over(issued).unwrap();
    world.delivery_becomes(notice, "sent 1").await;
    assert!(service.last(other).contains(&world.school.pupils[1].name), "{}", service.last(other));

    // Nobody writes there before the time that the service named.
    world.clock.advance(SignedDuration::from_secs(61));
    eventually("the second waits for its chat", Patience::default(), both, |rows| rows == &["open 2 many at once", "sent 1"]).await;
    let outcomes: Vec<_> = service.simulator.sent(Some(busy)).iter().map(|sent| sent.outcome).collect();
    assert_eq!(outcomes, ["accepted", "accepted", "chat_quota"], "the answer, one notice, and the one refused");
}
