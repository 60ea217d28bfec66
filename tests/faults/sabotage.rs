//! Each promise broken on purpose turns the checker red, at the rule that keeps it; the same load on a sound hub leaves it green.

use crate::{
    TURN,
    house::{House, Plan},
    load::Load,
    programs::Program,
    verdict::{Verdict, verdict},
};

/// A short load with repetitions on a hub with this promise broken.
async fn judged(name: &'static str, promise: Option<&str>) -> Verdict {
    let plan = Plan::small(name, Program::SabotagedHub);
    let plan = match promise {
        Some(promise) => plan.variable("SHANYRAQ_SABOTAGE", promise),
        None => plan,
    };
    let house = House::build(plan).await;
    Load::start(&house, 2_500, 400, "--duplicates 5 --reconnects 0.5").end(&house).await;
    let verdict = verdict(&house, 0, &["--complete", "--settle-seconds", "60"]);
    house.stop().await;
    verdict
}

#[track_caller]
fn assert_red(verdict: &Verdict, rule: &str) {
    assert!(!verdict.holds && verdict.broken.contains(rule), "{rule} should be broken:\n{}", verdict.text);
    println!("red, as it should be: {:?}", verdict.broken);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_load_leaves_a_sound_hub_green() {
    let _turn = TURN.lock().await;
    let verdict = judged("sound", None).await;
    assert!(verdict.holds && verdict.told > 0, "{}", verdict.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledging_before_the_commit_is_found_out() {
    let _turn = TURN.lock().await;
    assert_red(&judged("ack_early", Some("ack_early")).await, "acknowledged_is_stored");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forgetting_what_is_durable_is_found_out() {
    let _turn = TURN.lock().await;
    assert_red(&judged("dedup_off", Some("dedup_off")).await, "stored_once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn raising_the_cursor_before_the_events_are_stored_is_found_out() {
    let _turn = TURN.lock().await;
    assert_red(&judged("cursor_early", Some("cursor_early")).await, "acknowledged_is_stored");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn telling_nobody_is_found_out() {
    let _turn = TURN.lock().await;
    assert_red(&judged("skip_delivery", Some("skip_delivery")).await, "notice_for_each_guardian");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calling_sent_what_was_not_sent_is_found_out() {
    let _turn = TURN.lock().await;
    assert_red(&judged("skip_sending", Some("skip_sending")).await, "sent_was_accepted");
}
