//! Gaps, stores and declared losses.

use serde_json::json;

use super::fixture::{Terminal, count, now, pass, school, until_count};

#[tokio::test]
async fn a_gap_holds_the_acknowledgement_but_not_what_follows() {
    let school = school().await;
    let card = &school.pupils[0].card;
    let mut turnstile = Terminal::turnstile(&school).await;
    for seq in [1, 2, 5] {
        turnstile.publish(pass("j1", seq, card, "in")).await;
    }
    let ack = turnstile.acknowledged(|ack| ack.covers(5)).await;
    assert_eq!((ack.upto, ack.have), (2, vec![(5, 5)]));
    assert_eq!(count("pass where school_id = $1", &school).await, 3, "what follows a gap is not held up");
    until_count("incident where school_id = $1 and kind = 'gap_open' and closed_at is null", &school, 1).await;
    turnstile.publish(pass("j1", 3, card, "out")).await;
    turnstile.publish(pass("j1", 4, card, "in")).await;
    turnstile.acknowledged(|ack| ack.upto == 5).await;
    assert_eq!(count("pass where school_id = $1", &school).await, 5);
}

#[tokio::test]
async fn only_the_devices_own_word_closes_a_gap() {
    let school = school().await;
    let card = &school.pupils[0].card;
    let mut turnstile = Terminal::turnstile(&school).await;
    turnstile.publish(pass("j1", 1, card, "in")).await;
    turnstile.publish(pass("j1", 10, card, "out")).await;
    turnstile.acknowledged(|ack| ack.upto == 1 && ack.covers(10)).await;
    turnstile.publish(json!({ "store": "j1", "seq": 11, "at": now(), "kind": "lost", "from": 2, "to": 9 })).await;
    turnstile.acknowledged(|ack| ack.upto == 11).await;
    until_count("incident where school_id = $1 and kind = 'events_lost'", &school, 1).await;
}

#[tokio::test]
async fn what_was_declared_lost_and_then_arrives_is_a_dead_letter() {
    let school = school().await;
    let card = &school.pupils[0].card;
    let mut turnstile = Terminal::turnstile(&school).await;
    turnstile.publish(json!({ "store": "j1", "seq": 3, "at": now(), "kind": "lost", "from": 1, "to": 2 })).await;
    turnstile.acknowledged(|ack| ack.upto == 3).await;
    turnstile.publish(pass("j1", 2, card, "in")).await;
    until_count("dead_letter where school_id = $1 and reason = 'conflicting_content' and seq = 2", &school, 1).await;
    assert_eq!(count("pass where school_id = $1", &school).await, 0);
}

#[tokio::test]
async fn a_wiped_terminal_starts_a_new_store_and_loses_nothing() {
    let school = school().await;
    let card = &school.pupils[0].card;
    let mut turnstile = Terminal::turnstile(&school).await;
    turnstile.publish(pass("old", 1, card, "in")).await;
    turnstile.acknowledged(|ack| ack.store == "old" && ack.upto == 1).await;
    turnstile.publish(pass("new", 1, card, "out")).await;
    turnstile.acknowledged(|ack| ack.store == "new" && ack.upto == 1).await;
    assert_eq!(count("pass where school_id = $1", &school).await, 2);
    assert_eq!(count("device_cursor where school_id = $1", &school).await, 2);
}
