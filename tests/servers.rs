//! The embedded servers and the migrations, on the real thing.

use shanyraq::{
    embedded::postgres::APP_LOGIN,
    migrate::{self, MigrateError, Views},
};
use testkit::{broker, database};

#[tokio::test]
async fn inv_3_a_second_migration_changes_nothing() {
    let mut owner = database().owner().await;
    let report = migrate::migrate(&mut owner, APP_LOGIN).await.unwrap();
    assert_eq!(report, migrate::Report { applied: Vec::new(), views: Views::Unchanged });
    assert!(migrate::is_migrated(&database().connect_as("shanyraq_web").await).await.unwrap());
}

#[tokio::test]
async fn the_application_has_no_rights_before_it_takes_a_role() {
    let app = database().connect_as("none").await;
    let refused = app.query("select 1 from organisation", &[]).await.unwrap_err();
    assert_eq!(refused.code(), Some(&tokio_postgres::error::SqlState::INSUFFICIENT_PRIVILEGE));
    let web = database().connect_as("shanyraq_web").await;
    web.query("select 1 from organisation", &[]).await.unwrap();
}

#[tokio::test]
async fn an_unknown_application_login_is_said_plainly() {
    let mut owner = database().owner().await;
    let refused = migrate::migrate(&mut owner, "nobody_knows").await.unwrap_err();
    assert!(matches!(&refused, MigrateError::LoginMissing { login } if login == "nobody_knows"), "{refused}");
}

#[tokio::test]
async fn the_broker_answers_after_its_accounts_changed() {
    broker().admit(&[("gate1", "open-sesame")]);
    let stream = tokio::net::TcpStream::connect(broker().address()).await.unwrap();
    drop(stream);
}
