//! Fairness: a school whose rows somebody holds locked waits in the patient lane, and nobody waits for it.

use testkit::database;

use super::fixture::{Terminal, count, pass, school};

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
    // Two neighbours, so that one of them shares the lane of the locked school; as long as the lock is held, each answer is theirs.
    for school in [&neighbour, &other] {
        let mut turnstile = Terminal::turnstile(school).await;
        for seq in 1..=10 {
            turnstile.publish(pass("j1", seq, &school.pupils[0].card, if seq % 2 == 1 { "in" } else { "out" })).await;
            turnstile.acknowledged(|ack| ack.upto == seq).await;
        }
    }
    assert_eq!(count("event where school_id = $1", &locked).await, 1);
    assert!(waiting.acks.try_recv().is_err(), "what is not durable is not acknowledged");

    holder.batch_execute("rollback").await.unwrap();
    waiting.acknowledged(|ack| ack.upto == 2).await;
    assert_eq!(count("event where school_id = $1", &locked).await, 2);
}
