//! Bad input: each kind has its answer, and its neighbours go on.

use serde_json::json;

use super::fixture::{Terminal, count, now, pass, school, until_count};
use testkit::{SchoolBuilder, admit, database};

async fn letters(reason: &str, school: &shanyraq::town::School) {
    until_count(&format!("dead_letter where school_id = $1 and reason = '{reason}'"), school, 1).await;
    until_count(&format!("incident where school_id = $1 and kind = '{reason}' and closed_at is null"), school, 1).await;
}

#[tokio::test]
async fn malformed_messages_are_kept_as_dead_letters() {
    let school = school().await;
    let mut turnstile = Terminal::turnstile(&school).await;
    turnstile.publish_raw("{ not json").await;
    letters("malformed", &school).await;
    turnstile.publish(pass("j1", 1, &school.pupils[0].card, "in")).await;
    turnstile.acknowledged(|ack| ack.upto == 1).await;
}

#[tokio::test]
async fn an_unknown_card_is_stored_acknowledged_and_reported() {
    let school = school().await;
    let mut turnstile = Terminal::turnstile(&school).await;
    turnstile.publish(pass("j1", 1, "FFFFFFFF", "in")).await;
    turnstile.acknowledged(|ack| ack.upto == 1).await;
    letters("unknown_card", &school).await;
    assert_eq!(count("event where school_id = $1", &school).await, 1);
    assert_eq!(count("pass where school_id = $1", &school).await, 0);
}

#[tokio::test]
async fn a_neighbours_card_is_unknown_here() {
    let (school, neighbour) = (school().await, SchoolBuilder::new().pupils(9).build().await);
    // Numbers of cards are given out one after another in every school: the ninth is nobody's where only five people are.
    let foreign = neighbour.pupils.last().unwrap();
    let mut turnstile = Terminal::turnstile(&school).await;
    turnstile.publish(pass("j1", 1, &foreign.card, "in")).await;
    turnstile.acknowledged(|ack| ack.upto == 1).await;
    letters("unknown_card", &school).await;
    assert_eq!(count("pass where school_id = $1", &neighbour).await, 0);
}

#[tokio::test]
async fn a_future_date_is_stored_and_reported() {
    let school = school().await;
    let mut turnstile = Terminal::turnstile(&school).await;
    let tomorrow = now() + jiff::SignedDuration::from_hours(24);
    turnstile.publish(json!({ "store": "j1", "seq": 1, "at": tomorrow, "kind": "pass", "card": school.pupils[0].card, "direction": "in" })).await;
    turnstile.acknowledged(|ack| ack.upto == 1).await;
    letters("future_dated", &school).await;
    assert_eq!(count("presence where school_id = $1", &school).await, 0);
}

#[tokio::test]
async fn one_number_with_two_contents_keeps_the_first() {
    let school = school().await;
    let mut turnstile = Terminal::turnstile(&school).await;
    let (first, second) = (&school.pupils[0].card, &school.pupils[1].card);
    turnstile.publish(pass("j1", 1, first, "in")).await;
    turnstile.acknowledged(|ack| ack.upto == 1).await;
    turnstile.publish(pass("j1", 1, second, "in")).await;
    letters("conflicting_content", &school).await;
    assert_eq!(count("pass where school_id = $1", &school).await, 1);
}

#[tokio::test]
async fn unknown_kinds_and_wrong_fields_are_kept_raw() {
    let school = school().await;
    let mut turnstile = Terminal::turnstile(&school).await;
    turnstile.publish(json!({ "store": "j1", "events": [
        { "seq": 1, "at": now(), "kind": "novelty", "x": 1 },
        { "seq": 2, "at": now(), "kind": "pass", "card": 7 },
        { "seq": 3, "at": now(), "kind": "pass", "card": school.pupils[0].card, "direction": "in" },
    ] })).await;
    turnstile.acknowledged(|ack| ack.upto == 3).await;
    letters("unreadable_body", &school).await;
    until_count("incident where school_id = $1 and kind = 'unknown_kind'", &school, 1).await;
    assert_eq!(count("event where school_id = $1", &school).await, 3);
    assert_eq!(count("pass where school_id = $1", &school).await, 1);
}

#[tokio::test]
async fn data_that_the_database_refuses_is_found_by_halving() {
    let school = school().await;
    let mut turnstile = Terminal::turnstile(&school).await;
    let card = &school.pupils[0].card;
    let mut events: Vec<serde_json::Value> = (1..=20).map(|seq| json!({ "seq": seq, "at": now(), "kind": "pass", "card": card, "direction": "in" })).collect();
    events[13]["note"] = json!("PostgreSQL holds no \u{0} in jsonb");
    turnstile.publish(json!({ "store": "j1", "events": events })).await;
    turnstile.acknowledged(|ack| ack.upto == 20).await;
    letters("refused_by_database", &school).await;
    assert_eq!(count("pass where school_id = $1", &school).await, 19);
}

#[tokio::test]
async fn a_wrong_school_in_the_topic_is_a_dead_letter_of_the_devices_own_school() {
    let (school, neighbour) = (school().await, SchoolBuilder::new().build().await);
    let turnstile = Terminal::turnstile(&school).await;
    let topic = turnstile.topic("events").replacen(&school.code, &neighbour.code, 1);
    turnstile.publish_to(&topic, pass("j1", 1, &neighbour.pupils[0].card, "in").to_string()).await;
    letters("wrong_school", &school).await;
    assert_eq!(count("pass where school_id = $1", &neighbour).await, 0);
}

#[tokio::test]
async fn the_broker_refuses_foreign_topics_and_a_megabyte() {
    let (school, neighbour) = (school().await, SchoolBuilder::new().build().await);
    admit(&neighbour);
    let mut turnstile = Terminal::turnstile(&school).await;
    let other = Terminal::turnstile(&neighbour).await;
    turnstile.publish_to(&other.topic("events"), pass("j1", 1, &neighbour.pupils[0].card, "in").to_string()).await;
    let till = Terminal::till(&school).await;
    till.publish_raw(vec![b' '; 1_000_000]).await;
    turnstile.publish(pass("j1", 2, &school.pupils[0].card, "in")).await;
    turnstile.acknowledged(|ack| ack.covers(2)).await;
    assert_eq!(count("event where school_id = $1", &neighbour).await, 0);
    assert_eq!(count("event where school_id = $1", &school).await, 1);
}

#[tokio::test]
async fn an_unregistered_device_is_kept_for_the_supplier() {
    let school = school().await;
    testkit::broker().admit(&[("ghost", "boo")]);
    let ghost = Terminal::named(&school, "ghost", "boo").await;
    ghost.publish(pass("j1", 1, &school.pupils[0].card, "in")).await;
    let db = database().superuser().await;
    let sql = "select count(*) from dead_letter where reason = 'unknown_device' and detail = 'ghost'";
    testkit::eventually(sql, testkit::Patience::default(), async || db.query_one(sql, &[]).await.unwrap().get::<_, i64>(0), |found| *found == 1).await;
}

#[tokio::test]
async fn a_school_over_its_budget_is_shed_and_gets_everything_in_the_end() {
    let school = school().await;
    let mut turnstile = Terminal::turnstile(&school).await;
    let card = &school.pupils[0].card;
    let batch = |from: i64| json!({ "store": "j1", "events": (from..from + 100).map(|seq| json!({ "seq": seq, "at": "2026-11-20T02:00:00Z", "kind": "pass", "card": card, "direction": "in" })).collect::<Vec<_>>() });
    // The budget of the tests is 50 a second with 500 at once: of eight hundred some are shed, and sent again as a terminal would.
    let mut sent = 1;
    while sent <= 701 {
        turnstile.publish(batch(sent)).await;
        sent += 100;
    }
    let mut upto = turnstile.acknowledged(|ack| ack.upto >= 100).await.upto;
    while upto < 800 {
        turnstile.publish(batch((upto / 100) * 100 + 1)).await;
        if let Ok(Some(ack)) = tokio::time::timeout(std::time::Duration::from_millis(500), turnstile.acks.recv()).await {
            upto = upto.max(ack.upto);
        }
    }
    assert_eq!(count("pass where school_id = $1", &school).await, 800);
}
