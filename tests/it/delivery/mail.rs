//! E-mail: switched on at the confirmed address of an account, sent over real SMTP, put off and given up as the mail server says.

use std::{sync::Arc, time::Duration};

use actix_web::http::StatusCode;
use delivery::{
    channels::{Channel, mail::Mail},
    dispatch,
};
use jiff::SignedDuration;
use kernel::{
    clock::Clock,
    db::DbRole,
    id::{NoticeId, fresh, show},
    right::Role,
};
use notice::{ANNOUNCEMENT, Draft, ENTERED, Kind};
use serde_json::json;
use shanyraq::config::Config;
use simulators::mail::MailSink;
use testkit::pool;

use super::world::{AtWork, World, login_of};
use crate::visitor::{self, Visitor};

const HOME: &str = "http://127.0.0.1";

fn channel(sink: &MailSink) -> Arc<dyn Channel> {
    let text = format!("[mail]\nhost = \"127.0.0.1\"\nport = {}\nencryption = \"none\"\nfrom = \"Shanyraq <no-reply@example.kz>\"\n", sink.port());
    let config = Config::parse(&text, "test.toml", std::iter::empty()).unwrap();
    let post = shanyraq::run::notice_post(&config).unwrap().expect("a way of letters");
    let catalog = Arc::new(web::Catalog::build(&visitor::locales()).unwrap());
    Arc::new(Mail::new(post, pool(DbRole::Jobs), visitor::policy(), catalog, HOME.to_owned(), 50))
}

/// What is told of the first pupil now.
fn draft(world: &World, kind: &'static Kind) -> Draft {
    let args = json!({ "announcement": "06EZ", "title_kk": "Жиналыс", "title_ru": "Собрание", "text_kk": "Ертең сағат 18:00-де", "text_ru": "Завтра в 18:00" });
    if kind == &ANNOUNCEMENT { Draft { args, ..world.draft(0, kind) } } else { world.draft(0, kind) }
}

async fn told(world: &World, at_work: &AtWork, kind: &'static Kind) -> NoticeId {
    let issued = world.issue(&[draft(world, kind)]).await;
    let notice = issued.notices[0].id;
    at_work.hand_over(issued).unwrap();
    notice
}

/// Whether the guardian's mailbox is on, or why not.
async fn mailbox(world: &World) -> Vec<String> {
    let sql = "select coalesce(removed_reason, 'open') from push_token where person_id = $1 and channel = 'mail' order by registered_at, id";
    world.rows.query(sql, &[&world.guardian(0)]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

#[actix_web::test]
async fn inv_1_to_3_letters_come_to_a_confirmed_address_of_what_was_chosen_until_the_server_says_nobody_is_there() {
    let (world, sink) = (World::new().await, MailSink::start().await.unwrap());
    world.rows.execute("delete from push_token where person_id = $1", &[&world.guardian(0)]).await.unwrap();
    let mother = Visitor::signed_in(login_of(&world, 0)).await;
    let refused = mother.post("/my/mail", &[]).await;
    assert!(refused.status != StatusCode::SEE_OTHER && mailbox(&world).await.is_empty(), "{}", refused.status);

    let administrator = world.school.staff.iter().find(|one| one.role == Role::SchoolAdministrator).unwrap();
    let administrator = Visitor::signed_in(&administrator.login).await;
    let email = format!("{}@example.kz", show(fresh(Clock::System.now())).to_lowercase());
    let page = format!("/{}/accounts/{}/identifiers", world.school.code, world.guardian(0));
    assert_eq!(administrator.post(&page, &[("phone", ""), ("email", &email), ("iin", "")]).await.status, StatusCode::SEE_OTHER);
    for _ in 0..2 {
        assert_eq!(mother.post("/my/mail", &[]).await.location.as_deref(), Some("/my/phones?done=mail"));
    }
    assert_eq!(mailbox(&world).await, ["open"]);
    let stored: i64 = world.rows.query_one("select count(*) from push_token where token like '%' || $1 || '%'", &[&email]).await.unwrap().get(0);
    assert_eq!(stored, 0, "the row names the account and holds no address");

    // Announcements come by mail from the start; what happens at the door, when it is wanted.
    let settings = dispatch::Settings { attempt: Duration::from_secs(2), ..dispatch::Settings::default() };
    let at_work = AtWork::start_with(&world, channel(&sink), settings);
    let announced = told(&world, &at_work, &ANNOUNCEMENT).await;
    world.delivery_becomes(announced, "sent 1").await;
    let entered = told(&world, &at_work, &ENTERED).await;
    world.delivery_becomes(entered, "no_phone 0").await;
    let letters = sink.letters();
    assert_eq!((letters.len(), letters[0].to.clone()), (1, vec![email.clone()]));
    assert!(letters[0].data.contains(&format!("List-Unsubscribe: <{HOME}/my/switches>")), "{}", letters[0].data);
    let parts = letters[0].parts();
    assert_eq!(parts.len(), 2, "plain and HTML: {}", letters[0].data);
    for part in &parts {
        assert!(part.contains("Жиналыс") && part.contains(&format!("{HOME}/my/announcements/06EZ")) && !part.contains("18:00"), "{part}");
    }

    let again = told(&world, &at_work, &ANNOUNCEMENT).await;
    world.delivery_becomes(again, "sent 1").await;
    assert_eq!((sink.letters().len(), sink.connections()), (2, 1), "the connection is used again");

    let child = world.school.pupils[0].id.to_string();
    let switches = mother.get("/my/switches").await;
    assert!(switches.shows("name=\"mail.entered\"") && switches.shows("name=\"mail.announcement\""), "{}", switches.body);
    for _ in 0..2 {
        mother.post("/my/switches", &[("child", &child), ("entered", "on"), ("left", "on"), ("meal", "on"), ("mail", "shown"), ("mail.entered", "on")]).await;
    }
    let unwanted = told(&world, &at_work, &ANNOUNCEMENT).await;
    world.delivery_becomes(unwanted, "switched_off 0").await;

    // A server that has no time gets the letter later; one that knows no such mailbox gets none any more.
    sink.be_busy(1);
    let late = told(&world, &at_work, &ENTERED).await;
    world.delivery_becomes(late, "open 1 451 4.2").await;
    world.clock.advance(SignedDuration::from_secs(61));
    world.delivery_becomes(late, "sent 2 451 4.2").await;
    assert_eq!(sink.letters().len(), 3);
    // One that says nothing holds up a letter for as long as an attempt may take, and no longer.
    sink.stall(1);
    let slow = told(&world, &at_work, &ENTERED).await;
    world.delivery_becomes(slow, "open 1 no answer in time").await;
    world.clock.advance(SignedDuration::from_secs(61));
    world.delivery_becomes(slow, "sent 2 no answer in time").await;
    assert_eq!(sink.letters().len(), 4);
    sink.refuse();
    let gone = told(&world, &at_work, &ENTERED).await;
    world.delivery_becomes(gone, "unregistered 1 550").await;
    assert_eq!(mailbox(&world).await, ["unregistered"]);
    assert!(mother.get("/my/phones").await.shows("мұндай жәшік жоқ"));

    let audit = "select action || ' ' || (detail::text like '%@%') from audit where school_id = $1 and (action like 'delivery.subscribe%' or action = 'delivery.switch') order by 1";
    let actions: Vec<String> = world.rows.query(audit, &[&world.school.id]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert_eq!(actions.iter().filter(|action| action.starts_with("delivery.subscribe")).count(), 1, "{actions:?}");
    assert!(actions.iter().all(|action| action.ends_with("false")), "{actions:?}");
}
