//! Mode `test` is a copy of the live stand: whatever happens in it, nothing leaves.

use crate::{
    TURN,
    house::{House, Plan},
    load::{Load, deliveries_settle},
    programs::Program,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_mode_test_nothing_leaves_and_each_push_is_closed_with_the_reason() {
    let _turn = TURN.lock().await;
    let house = House::build(Plan::small("quiet", Program::Hub).variable("SHANYRAQ_MODE", "test")).await;
    let load = Load::start(&house, 300, 150, "");
    let summary = load.end(&house).await;
    assert_eq!(summary["unacknowledged"], 0, "{summary}");
    deliveries_settle(&house).await;
    let db = house.look().await;
    let rows = db.query("select outcome, coalesce(detail, ''), count(*) from delivery where outcome in ('sent', 'refused', 'expired', 'unregistered') group by 1, 2", &[]).await.unwrap();
    let ends: Vec<(String, String)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(ends, [("refused".to_owned(), "mode is test".to_owned())]);
    // The service that the hub was told of ran all the while and was asked for nothing, not even for a token.
    let journal = std::fs::read_to_string(house.push_journal()).unwrap_or_default();
    assert_eq!(journal.lines().filter(|line| !line.contains("\"start\"")).collect::<Vec<_>>(), Vec::<&str>::new());
    house.stop().await;
}
