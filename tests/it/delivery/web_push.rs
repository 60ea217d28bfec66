//! Browsers: subscribed on a page, told through the real encryption by a push service that misbehaves, forgotten when they are gone.

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use actix_web::http::StatusCode;
use delivery::{
    channels::{
        Channel,
        web_push::{Length, Reach, Subscription, Vapid, WebPush, encrypt},
    },
    dispatch::Settings,
    subscriptions::{NewBrowser, Offer},
};
use jiff::SignedDuration;
use kernel::{Error, Locale, id::fresh, mode::Mode};
use serde_json::Value;
use simulators::{
    fcm::journal::Journal,
    web_push::{
        keys::{Browser, OpenError},
        server,
        simulator::{self, Simulator, Wish},
    },
};
use testkit::{Patience, eventually};

use super::world::{AtWork, World};
use crate::visitor::{self, Visitor};

/// A push service on a free port, in this test's runtime.
struct Service(Arc<Simulator>);

impl Service {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let simulator = Arc::new(Simulator::new(origin, Journal::forgotten(), simulator::Settings::default(), 1));
        tokio::spawn(server::serve(listener, Arc::clone(&simulator)));
        Self(simulator)
    }

    /// A browser that subscribes to us under a name of this test's own, as the fields of the page's form.
    fn browser(&self, name: &str) -> [(&'static str, String); 3] {
        let told = self.0.subscribe(Wish { key: visitor::offer().key.clone(), name: Some(name.to_owned()) }).unwrap();
        let field = |pointer: &str| told.pointer(pointer).and_then(Value::as_str).unwrap().to_owned();
        [("endpoint", field("/endpoint")), ("key", field("/keys/p256dh")), ("auth", field("/keys/auth"))]
    }

    fn accepted(&self, name: &str) -> usize {
        self.0.messages(Some(name)).iter().filter(|entry| entry.outcome == "accepted").count()
    }
}

fn channel(world: &World) -> Arc<dyn Channel> {
    let catalog = Arc::new(web::Catalog::build(&visitor::locales()).unwrap());
    let vapid = Vapid::parse(visitor::WEB_PUSH_KEY.as_str(), "mailto:tests@shanyraq.example").unwrap();
    Arc::new(WebPush::new(Mode::Demo.way_out().unwrap(), vapid, Reach::AlsoThisMachine, catalog, world.clock.clone()).unwrap())
}

async fn guardian(world: &World, pupil: usize) -> Visitor {
    let guardian = world.guardian(pupil);
    // The native app's phone of the test school: here only browsers are told.
    world.rows.execute("delete from push_token where person_id = $1", &[&guardian]).await.unwrap();
    Visitor::signed_in(&world.school.guardians.iter().find(|one| one.id == guardian).unwrap().login).await
}

async fn subscribe(visitor: &Visitor, browser: &[(&'static str, String); 3]) -> StatusCode {
    let fields: Vec<(&str, &str)> = browser.iter().map(|(name, value)| (*name, value.as_str())).collect();
    visitor.post("/my/push/subscriptions", &fields).await.status
}

fn named(prefix: &str) -> String {
    format!("{prefix}-{}", kernel::id::show(fresh(kernel::clock::Clock::System.now())))
}

/// `reason` of each browser of a person, the open ones as `open`.
async fn reasons(world: &World, pupil: usize) -> Vec<String> {
    let sql = "select coalesce(removed_reason, 'open') from push_token where person_id = $1 and channel = 'web_push' order by 1";
    world.rows.query(sql, &[&world.guardian(pupil)]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

#[actix_web::test]
async fn inv_1_only_the_browser_that_subscribed_can_read_a_message() {
    let address = "https://push.example.kz/x";
    let text = |length: usize| (0..length).map(|place| u8::try_from(place * 7 % 251).unwrap()).collect::<Vec<_>>();
    for length in (0..40).chain([254, 255, 256, 257, 1000, 3072]) {
        let (browser, other) = (Browser::generate().unwrap(), Browser::generate().unwrap());
        let subscription = Subscription::parse(address, &browser.key(), &browser.auth(), Reach::Internet).unwrap();
        let sealed = encrypt(&subscription, &text(length), Length::Rounded).unwrap();
        assert_eq!(browser.open(&sealed).as_deref(), Ok(text(length).as_slice()), "{length} bytes");
        assert_eq!(other.open(&sealed), Err(OpenError::Sealed));
        assert_ne!(encrypt(&subscription, &text(length), Length::Rounded).unwrap(), sealed, "each message has keys of its own");
    }
}

#[actix_web::test]
async fn inv_2_a_browser_is_told_of_an_entry_without_a_name_and_fetches_the_text_with_its_session() {
    let (world, service) = (World::new().await, Service::start().await);
    let (mother, name) = (guardian(&world, 0).await, named("mother"));
    assert!(mother.get("/my/phones").await.shows(&visitor::offer().key));
    let browser = service.browser(&name);
    for _ in 0..2 {
        assert_eq!(subscribe(&mother, &browser).await, StatusCode::SEE_OTHER);
    }
    let at_work = AtWork::start(&world, channel(&world));
    let issued = world.issue_one(0).await;
    let notice = issued.notices[0].id;
    at_work.hand_over(issued).unwrap();
    world.delivery_becomes(notice, "sent 1").await;

    let arrived = service.0.messages(Some(&name));
    assert_eq!(arrived.iter().map(|entry| entry.outcome).collect::<Vec<_>>(), ["accepted"]);
    assert_eq!((arrived[0].topic.as_deref(), arrived[0].urgency.as_deref(), arrived[0].ttl), (Some(notice.to_string().as_str()), Some("high"), Some(3600)));
    let message: Value = serde_json::from_str(arrived[0].text.as_deref().unwrap()).unwrap();
    assert_eq!(message["notice"], notice.to_string());
    let pupil = &world.school.pupils[0];
    assert!(!message.to_string().contains(pupil.name.split(' ').next_back().unwrap()), "{message}");

    let words = mother.get(&format!("/my/notices.json?id={notice}")).await;
    assert!(words.shows(&pupil.name) && words.shows(&format!("/my/{}", pupil.id)), "{}", words.body);
    let stranger = guardian(&world, 1).await;
    assert_eq!(stranger.get(&format!("/my/notices.json?id={notice}")).await.body, "[]");
    let nobody = Visitor::nobody().get(&format!("/my/notices.json?id={notice}")).await;
    assert!(nobody.status != StatusCode::OK && !nobody.shows(&pupil.name));
}

#[actix_web::test]
async fn inv_3_whatever_the_services_do_every_browser_that_is_there_is_told_and_nobody_early() {
    let (world, service) = (World::new().await, Service::start().await);
    let mother = guardian(&world, 0).await;
    let there = ["plain", "down-2", "busy-1", "later-1", "broken-1", "reset-1", "stall-1", "small"].map(named);
    let gone = ["gone", "left"].map(named);
    for name in there.iter().chain(&gone) {
        assert_eq!(subscribe(&mother, &service.browser(name)).await, StatusCode::SEE_OTHER);
    }
    let at_work = AtWork::start_with(&world, channel(&world), Settings { attempt: Duration::from_secs(2), ..Settings::default() });
    let issued = world.issue_one(0).await;
    let notice = issued.notices[0].id;
    assert_eq!(issued.pushes.len(), 10);
    at_work.hand_over(issued).unwrap();
    let tried = async || world.deliveries(notice).await;
    eventually("every browser is tried once", Patience::default(), tried, |rows| rows.iter().all(|row| !row.starts_with("open 0"))).await;
    let early = "select count(*) from delivery where notice_id = $1 and outcome is null and lease_until < $2";
    let before: i64 = world.rows.query_one(early, &[&notice, &(world.clock.now() + SignedDuration::from_secs(10))]).await.unwrap().get(0);
    assert_eq!(before, 0, "nothing is tried again before ten seconds");

    for _ in 0..6 {
        world.clock.advance(SignedDuration::from_secs(61));
        // A row that waits is taken within a look or two; the rows say when all of this round are through.
        let due = async || world.rows.query_one(early, &[&notice, &world.clock.now()]).await.unwrap().get::<_, i64>(0);
        eventually("what is due is tried", Patience::default(), due, |due| *due == 0).await;
        let leased = async || (world.deliveries(notice).await.iter().filter(|row| row.starts_with("open")).count(), service.0.in_flight().load(std::sync::atomic::Ordering::Relaxed));
        eventually("nothing is under way", Patience::default(), leased, |(_, under_way)| *under_way == 0).await;
    }
    let all_over = async || world.deliveries(notice).await;
    let rows = eventually("all is over", Patience::default(), all_over, |rows| rows.iter().all(|row| !row.starts_with("open"))).await;
    assert_eq!(rows.iter().filter(|row| row.starts_with("sent")).count(), there.len(), "{rows:?}");
    assert_eq!(rows.iter().filter(|row| row.starts_with("unregistered 1 4")).count(), gone.len(), "{rows:?}");
    for name in &there {
        assert!(service.accepted(name) >= 1, "{name}");
        assert!(service.0.messages(Some(name)).iter().all(|entry| entry.topic.as_deref() == Some(notice.to_string().as_str())), "{name}");
    }
    assert_eq!(service.accepted(&there[0]), 1, "a service that took it is not told again");
    let mut expected = vec!["open"; there.len()];
    expected.extend(["unregistered"; 2]);
    assert_eq!(reasons(&world, 0).await, expected, "only those that are gone lose their subscription");
}

#[actix_web::test]
async fn inv_1_3_and_5_a_browser_belongs_to_who_subscribed_last_and_is_removed_by_its_owner_only() {
    let (world, service) = (World::new().await, Service::start().await);
    let (first, second) = (guardian(&world, 0).await, guardian(&world, 1).await);
    let browser = service.browser(&named("shared"));
    assert_eq!((subscribe(&first, &browser).await, subscribe(&second, &browser).await), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    assert_eq!((reasons(&world, 0).await, reasons(&world, 1).await), (vec!["moved".to_owned()], vec!["open".to_owned()]));

    let id: kernel::id::TokenId = world.rows.query_one("select id from push_token where person_id = $1 and removed_at is null", &[&world.guardian(1)]).await.unwrap().get(0);
    let path = format!("/my/push/subscriptions/{id}/remove");
    assert!(second.get("/my/phones").await.shows(&path) && !first.get("/my/phones").await.shows(&path));
    first.post(&path, &[]).await;
    assert_eq!(reasons(&world, 1).await, ["open"]);
    for _ in 0..2 {
        assert_eq!(second.post(&path, &[]).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(reasons(&world, 1).await, ["removed"]);

    let audit = "select action from audit where school_id = $1 and action like 'delivery.%subscribe' order by 1";
    let actions: Vec<String> = world.rows.query(audit, &[&world.school.id]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert_eq!(actions, ["delivery.subscribe", "delivery.subscribe", "delivery.unsubscribe"]);
}

#[actix_web::test]
async fn inv_6_a_new_address_takes_the_place_of_the_old_one_and_of_nobody_elses() {
    let (world, service) = (World::new().await, Service::start().await);
    let (mother, stranger) = (guardian(&world, 0).await, guardian(&world, 1).await);
    let (before, after) = (service.browser(&named("before")), service.browser(&named("after")));
    subscribe(&mother, &before).await;
    let renewal = || -> Vec<(&str, &str)> { after.iter().map(|(name, value)| (*name, value.as_str())).chain([("old", before[0].1.as_str())]).collect() };

    assert_eq!(stranger.post("/my/push/subscriptions/renew", &renewal()).await.status, StatusCode::NO_CONTENT);
    assert_eq!((reasons(&world, 0).await, reasons(&world, 1).await), (vec!["open".to_owned()], Vec::<String>::new()), "who has not asked gets nothing");
    for _ in 0..2 {
        assert_eq!(mother.post("/my/push/subscriptions/renew", &renewal()).await.status, StatusCode::NO_CONTENT);
        assert_eq!(reasons(&world, 0).await, ["open", "replaced"]);
    }
    let open = "select split_part(token, ' ', 1) from push_token where person_id = $1 and removed_at is null";
    assert_eq!(world.rows.query_one(open, &[&world.guardian(0)]).await.unwrap().get::<_, String>(0), after[0].1);
    let audit = "select action from audit where school_id = $1 and action like 'delivery.%subscribe' order by 1";
    let actions: Vec<String> = world.rows.query(audit, &[&world.school.id]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert_eq!(actions, ["delivery.subscribe", "delivery.subscribe", "delivery.unsubscribe"]);
    let inside = [("endpoint", "http://10.0.0.1/x"), ("key", &*after[1].1), ("auth", &*after[2].1), ("old", &*after[0].1)];
    assert_eq!(mother.post("/my/push/subscriptions/renew", &inside).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(reasons(&world, 0).await, ["open", "replaced"]);
}

#[actix_web::test]
async fn inv_2_and_4_nothing_is_taken_that_would_not_be_sent_to_and_ten_browsers_are_enough() {
    let (world, service) = (World::new().await, Service::start().await);
    let mother = guardian(&world, 0).await;
    let [_, (_, key), (_, auth)] = service.browser(&named("keys"));
    let live = Offer { key: visitor::offer().key.clone(), reach: Reach::Internet };
    for inside in ["http://127.0.0.1:5432/push/x", "https://127.0.0.1/x", "https://10.0.0.1/x", "https://localhost/x", "https://db.internal/x", "http://push.example.kz/x"] {
        let Err(Error::Invalid(wrong)) = NewBrowser::parse(&live, (inside, &key, &auth), String::new(), Locale::Kk) else { panic!("{inside} was taken") };
        assert_eq!(wrong[0].field, "endpoint");
    }
    assert_eq!(mother.post("/my/push/subscriptions", &[("endpoint", "http://10.0.0.1/x"), ("key", &key), ("auth", &auth)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    for number in 0..11 {
        assert_eq!(subscribe(&mother, &service.browser(&named(&format!("many{number}")))).await, StatusCode::SEE_OTHER);
    }
    let reasons = reasons(&world, 0).await;
    assert_eq!((reasons.len(), reasons.iter().filter(|reason| *reason == "crowded").count()), (11, 1));
}
