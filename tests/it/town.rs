//! The synthetic town of the demo.

use shanyraq::town;
use testkit::database;

#[tokio::test]
async fn the_town_loads_once() {
    let mut owner = database().owner().await;
    let first = town::load(&mut owner, "secret").await.unwrap();
    let rows = database().superuser().await;
    let pupils = rows.query_one("select count(*) from enrolment e join organisation o on o.id = e.school_id where o.code in ('s001', 's002', 's003')", &[]).await;
    assert_eq!(pupils.unwrap().get::<_, i64>(0), 2_400);
    let second = town::load(&mut owner, "secret").await.unwrap();
    assert_eq!(second.new_rows, 0);

    let file = second.swarm_file("127.0.0.1", 1883);
    assert_eq!(file["schools"][0]["devices"].as_array().unwrap().len(), 20);
    assert!(file["schools"][2]["cards"].as_array().unwrap().len() > 800);
    assert!(first.logins.iter().any(|login| login.login == "support"));
}

#[tokio::test]
async fn inv_2_a_shard_follows_from_the_code() {
    let mut owner = database().owner().await;
    town::load(&mut owner, "secret").await.unwrap();
    for row in owner.query("select code, shard from organisation where kind <> 'supplier'", &[]).await.unwrap() {
        let code = protocol::topic::Code::parse(row.get(0)).unwrap();
        assert_eq!(row.get::<_, i16>(1), i16::from(protocol::topic::shard_of(&code)), "{code}");
    }
}
