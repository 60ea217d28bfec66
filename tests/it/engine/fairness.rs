//! Fairness: a school whose rows somebody holds locked waits in the patient lane, and nobody waits for it.

use serde_json::json;
use shanyraq::town::School;
use testkit::database;

use super::fixture::{Terminal, count, now, pass, school};

#[tokio::test]
async fn a_school_whose_rows_are_locked_holds_up_nobody_else() {
    let (locked, neighbour, other) = (school().await, school().await, school().await);
    let mut waiting = Terminal::turnstile(&locked).await;
    let card = &locked.pupils[0].card;
    waiting.publish(pass("j1", 1, card, "in")).await;
    waiting.acknowledged(|ack| ack.upto == 1).await;

    let holder = database().superuser().await;
    holder.batch_execute("begin").await.unwrap();
    holder.query("select from device_cursor where school_id = $1 for update", &[&locked.id]).await.unwrap();
    waiting.publish(pass("j1", 2, card, "out")).await;
    // As long as the lock is held, each answer is theirs.
    for school in [&neighbour, &other] {
        goes_on(school).await;
    }
    assert_eq!(count("event where school_id = $1", &locked).await, 1);
    assert!(waiting.acks.try_recv().is_err(), "what is not durable is not acknowledged");

    holder.batch_execute("rollback").await.unwrap();
    waiting.acknowledged(|ack| ack.upto == 2).await;
    assert_eq!(count("event where school_id = $1", &locked).await, 2);
}

/// The lock is met by a statement in the middle of those that are sent together; others sent after it fail with it, and must not
/// hide what was to blame.
#[tokio::test]
async fn a_locked_incident_holds_up_nobody_else() {
    let (locked, neighbour) = (school().await, school().await);
    let mut waiting = Terminal::turnstile(&locked).await;
    waiting.publish(pass("j1", 1, "FFFFFFFF", "in")).await;
    waiting.acknowledged(|ack| ack.upto == 1).await;

    let holder = database().superuser().await;
    holder.batch_execute("begin").await.unwrap();
    let open = holder.query("select from incident where school_id = $1 and kind = 'unknown_card' for update", &[&locked.id]).await.unwrap();
    assert_eq!(open.len(), 1);
    // One event raises the incident again, the other tells guardians: both in one commit.
    let events = [(2, "FFFFFFFF"), (3, &*locked.pupils[0].card)].map(|(seq, card)| json!({ "seq": seq, "at": now(), "kind": "pass", "card": card, "direction": "in" }));
    waiting.publish(json!({ "store": "j1", "events": events })).await;
    goes_on(&neighbour).await;
    assert_eq!(count("event where school_id = $1", &locked).await, 1);

    holder.batch_execute("rollback").await.unwrap();
    waiting.acknowledged(|ack| ack.upto == 3).await;
    assert_eq!(count("pass where school_id = $1", &locked).await, 1);
}

/// Ten passes, each acknowledged.
async fn goes_on(school: &School) {
    let mut turnstile = Terminal::turnstile(school).await;
    for seq in 1..=10 {
        turnstile.publish(pass("j1", seq, &school.pupils[0].card, if seq % 2 == 1 { "in" } else { "out" })).await;
        turnstile.acknowledged(|ack| ack.upto == seq).await;
    }
}
