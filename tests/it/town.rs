//! The synthetic town of the demo.

use shanyraq::town;
use testkit::database;

#[tokio::test]
async fn the_town_loads_once() {
    let mut owner = database().owner().await;
    let first = town::load(&mut owner, "secret").await.unwrap();
    assert!(first.new_rows > 10_000, "{}", first.new_rows);
    let second = town::load(&mut owner, "secret").await.unwrap();
    assert_eq!(second.new_rows, 0);

    let file = second.swarm_file("127.0.0.1", 1883);
    assert_eq!(file["schools"][0]["devices"].as_array().unwrap().len(), 20);
    assert!(file["schools"][2]["cards"].as_array().unwrap().len() > 800);
    assert!(first.logins.iter().any(|login| login.login == "support"));
}
