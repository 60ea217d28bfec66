//! Asked to stop under load, the hub finishes what it took: what is stored is acknowledged, no push is sent twice, and the next
//! start goes on where it was.

use crate::{
    TURN,
    house::{House, Plan},
    load::{Load, deliveries_settle},
    programs::Program,
    verdict::verdict,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hub_that_is_asked_to_stop_loses_and_doubles_nothing() {
    let _turn = TURN.lock().await;
    let mut house = House::build(Plan::small("stop", Program::Hub)).await;
    let mut load = Load::start(&house, 3_000, 300, "");
    load.until(1_000).await;
    let status = house.stop_hub().await;
    assert!(status.success(), "{status}");
    // Terminals go on; the hub is away.
    load.until(1_500).await;
    let stopped = verdict(&house, 0, &[]);
    assert_eq!(stopped.acknowledged, stopped.stored, "what is stored was acknowledged before the hub went:\n{}", stopped.text);
    // Pushes that it gave back untried are open, and nothing else may be amiss.
    assert!(stopped.broken.iter().all(|rule| rule == "delivery_settled"), "{}", stopped.text);

    house.restart_hub().await;
    let summary = load.end(&house).await;
    assert_eq!(summary["unacknowledged"], 0, "{summary}");
    deliveries_settle(&house).await;
    let verdict = verdict(&house, 0, &["--complete"]);
    assert!(verdict.holds && verdict.told > 0, "{}", verdict.text);
    house.stop().await;
}
