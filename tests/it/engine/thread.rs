//! The thread of the house: a pass at the turnstile becomes durable, is acknowledged, and its push leaves.

use serde_json::json;

use super::fixture::{Terminal, count, now, pass, pushes_about, school, until_count};

#[tokio::test]
async fn a_pass_is_durable_before_it_is_acknowledged_and_then_pushed() {
    let school = school().await;
    let pupil = &school.pupils[0];
    let mut turnstile = Terminal::turnstile(&school).await;
    turnstile.publish(pass("j1", 1, &pupil.card, "in")).await;
    let ack = turnstile.acknowledged(|ack| ack.upto == 1).await;
    assert_eq!(ack.store, "j1");
    assert_eq!(count("event where school_id = $1", &school).await, 1);
    assert_eq!(count("pass where school_id = $1 and direction = 'in' and not late", &school).await, 1);
    assert_eq!(count("presence where school_id = $1 and direction = 'in'", &school).await, 1);
    assert_eq!(count("notice where school_id = $1 and kind = 'entered'", &school).await, i64::try_from(pupil.guardians.len()).unwrap());
    testkit::eventually("the push is handed over", testkit::Patience::default(), async || pushes_about(pupil.id).len(), |pushes| *pushes >= 1).await;
}

#[tokio::test]
async fn a_meal_is_recorded_with_item_and_price() {
    let school = school().await;
    let mut till = Terminal::till(&school).await;
    till.publish(json!({ "store": "t1", "seq": 1, "at": now(), "kind": "meal", "card": school.pupils[0].card, "item": "Борщ", "price_tiyn": 45_000 })).await;
    till.acknowledged(|ack| ack.upto == 1).await;
    assert_eq!(count("meal where school_id = $1 and item = 'Борщ' and price_tiyn = 45000", &school).await, 1);
}

#[tokio::test]
async fn an_event_sent_twice_counts_once_and_is_acknowledged_twice() {
    let school = school().await;
    let mut turnstile = Terminal::turnstile(&school).await;
    let event = pass("j1", 1, &school.pupils[0].card, "in");
    for _ in 0..3 {
        turnstile.publish(event.clone()).await;
        turnstile.acknowledged(|ack| ack.upto == 1).await;
    }
    let batch = json!({ "store": "j1", "events": [without_store(event), without_store(pass("j1", 2, &school.pupils[0].card, "out"))] });
    turnstile.publish(batch).await;
    turnstile.acknowledged(|ack| ack.upto == 2).await;
    assert_eq!(count("event where school_id = $1", &school).await, 2);
    assert_eq!(count("pass where school_id = $1", &school).await, 2);
    assert_eq!(count("incident where school_id = $1", &school).await, 0);
}

#[tokio::test]
async fn a_late_event_lands_marked_late_and_wakes_nobody() {
    let school = school().await;
    let mut turnstile = Terminal::turnstile(&school).await;
    let yesterday = now() - jiff::SignedDuration::from_hours(24);
    let card = &school.pupils[0].card;
    turnstile.publish(pass("j1", 1, card, "in")).await;
    turnstile.publish(json!({ "store": "j1", "seq": 2, "at": yesterday, "kind": "pass", "card": card, "direction": "out" })).await;
    turnstile.acknowledged(|ack| ack.upto == 2).await;
    assert_eq!(count("pass where school_id = $1 and late", &school).await, 1);
    assert_eq!(count("presence where school_id = $1 and direction = 'in'", &school).await, 1, "presence follows the time of the passes, not of their arrival");
    assert_eq!(count("delivery where school_id = $1 and outcome = 'late'", &school).await, i64::try_from(school.pupils[0].guardians.len()).unwrap());
}

#[tokio::test]
async fn the_state_of_a_device_is_kept() {
    let school = school().await;
    let turnstile = Terminal::turnstile(&school).await;
    turnstile.publish_to(&turnstile.topic("state"), json!({ "status": "online", "store": "j9", "boot": 3, "firmware": "1.2.0", "at": now() }).to_string()).await;
    turnstile.publish_to(&turnstile.topic("health"), json!({ "queue": 7, "temperature_c": -12.5 }).to_string()).await;
    until_count("device_health where school_id = $1 and status = 'online' and queue = 7 and firmware = '1.2.0' and temperature_c = -12.5", &school, 1).await;
    turnstile.publish_to(&turnstile.topic("state"), r#"{"status":"offline"}"#).await;
    until_count("device_health where school_id = $1 and status = 'offline' and queue = 7", &school, 1).await;
}

fn without_store(mut event: serde_json::Value) -> serde_json::Value {
    event.as_object_mut().unwrap().remove("store");
    event
}
