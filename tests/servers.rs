//! The embedded servers, the migrations and `check`, on the real thing.

use kernel::id;
use shanyraq::{
    check::{Finding, check},
    config::Config,
    embedded::postgres::{APP_LOGIN, OWNER_LOGIN},
    first_login::{self, FirstLoginError},
    migrate::{self, MigrateError, Views},
};
use testkit::{broker, database};
use tokio_postgres::{Client, NoTls};

/// A configuration that names the test program's own servers.
fn config() -> Config {
    rustls::crypto::ring::default_provider().install_default().ok();
    let mut config = Config::default();
    config.database.url = database().app_url();
    config.mqtt.url = broker().url();
    // A test lies in deps of its profile's folder, the programs in the folder itself: `hub/print/build`.
    config.print.program = std::env::current_exe().unwrap().parent().and_then(std::path::Path::parent).map(|folder| folder.join("shanyraq-print"));
    config.mqtt.password_file = Some(testkit::home().join("hub-password"));
    std::fs::write(testkit::home().join("hub-password"), broker().hub().1).unwrap();
    config
}

async fn wrongs(config: &Config) -> Vec<String> {
    check(config).await.into_iter().filter(|finding| !finding.is_good()).map(|finding| finding.to_string()).collect()
}

/// Another database of the same cluster, empty.
async fn empty_database() -> String {
    let name = format!("empty_{}", id::fresh(kernel::clock::Clock::System.now()).simple());
    database().superuser().await.batch_execute(&format!("create database {name} owner {OWNER_LOGIN}")).await.unwrap();
    name
}

async fn owner_of(name: &str) -> Client {
    let mut config = database().owner_config();
    let (client, connection) = config.dbname(name).connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

#[tokio::test]
async fn inv_3_a_second_migration_changes_nothing() {
    let mut owner = database().owner().await;
    let report = migrate::migrate(&mut owner, APP_LOGIN).await.unwrap();
    assert_eq!(report, migrate::Report { applied: Vec::new(), views: Views::Unchanged });
    assert!(migrate::is_migrated(&database().connect_as("shanyraq_web").await).await.unwrap());
}

#[tokio::test]
async fn inv_1_two_programs_migrate_one_after_the_other() {
    let name = empty_database().await;
    let (mut one, mut other) = (owner_of(&name).await, owner_of(&name).await);
    let (one, other) = tokio::join!(migrate::migrate(&mut one, APP_LOGIN), migrate::migrate(&mut other, APP_LOGIN));
    let applied = [one.unwrap().applied.len(), other.unwrap().applied.len()];
    assert!(applied.contains(&0) && applied.iter().any(|count| *count > 0), "{applied:?}");
}

#[tokio::test]
async fn inv_2_an_older_program_leaves_a_newer_schema_alone() {
    let name = empty_database().await;
    let mut owner = owner_of(&name).await;
    migrate::migrate(&mut owner, APP_LOGIN).await.unwrap();
    owner.batch_execute("update shanyraq_schema set newest = newest + 1; create view only_the_newer_has_this as select 1 as one").await.unwrap();
    let refused = migrate::migrate(&mut owner, APP_LOGIN).await.unwrap_err();
    assert!(matches!(refused, MigrateError::NewerSchema { .. }), "{refused}");
    assert!(migrate::is_migrated(&owner).await.unwrap(), "but it may run on it");
}

#[tokio::test]
async fn a_new_installation_begins_with_one_login_and_no_second() {
    let name = empty_database().await;
    let mut owner = owner_of(&name).await;
    migrate::migrate(&mut owner, APP_LOGIN).await.unwrap();
    let mut config = config();
    config.database.url = database().app_url().replace("@/shanyraq", &format!("@/{name}"));
    assert!(matches!(first_login::make(&config, "7", "Айгүл").await, Err(FirstLoginError::Name)));
    let [login, password] = first_login::make(&config, "Сейтова", "Айгүл").await.unwrap();
    owner.execute("select set_config('shanyraq.schools', (select id::text from organisation where kind = 'supplier'), false)", &[]).await.unwrap();
    let hash: String = owner.query_one("select password_hash from account where login = $1", &[&login]).await.unwrap().get(0);
    assert!(identity::password_matches(&password, Some(&hash)));
    let refused = first_login::make(&config, "Сейтова", "Айгүл").await;
    assert!(matches!(refused, Err(FirstLoginError::NotTheFirst)), "{refused:?}");
    let people: i64 = owner.query_one("select count(*) from person", &[]).await.unwrap().get(0);
    assert_eq!(people, 1, "the second time nothing stays");
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
async fn check_refuses_a_database_that_could_lose_what_was_acknowledged() {
    let found = wrongs(&config()).await;
    // The tests' own database is set so on purpose; everything else about it is in order.
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[0].contains("fsync is off") && found[1].contains("full_page_writes is off"), "{found:#?}");
}

#[tokio::test]
async fn check_refuses_a_commit_that_does_not_wait_for_the_disk() {
    let mut config = config();
    config.database.url = format!("{}&options=-c%20synchronous_commit%3Dlocal", database().app_url());
    let found = wrongs(&config).await;
    assert!(found.iter().any(|wrong| wrong.contains("synchronous_commit is local")), "{found:#?}");
}

#[tokio::test]
async fn check_says_what_is_missing_and_what_to_do() {
    let empty = empty_database().await;
    let app_at = |name: &str| database().app_url().replace("@/shanyraq", &format!("@/{name}"));
    let cases = [
        (app_at(&empty), "run `shanyraq migrate`"),
        (app_at("nowhere"), "does not exist: create it"),
        (database().app_url().replace(":app-of-the-tests", ":wrong"), "refuses the login shanyraq_app"),
        (database().owner_url(), "owns tables"),
        ("postgresql://shanyraq_app@127.0.0.1:1/shanyraq".to_owned(), "cannot be reached"),
    ];
    for (url, expected) in cases {
        let mut config = config();
        config.database.url = url;
        let found = wrongs(&config).await;
        assert!(found.iter().any(|wrong| wrong.contains(expected)), "{expected}: {found:#?}");
    }
}

#[tokio::test]
async fn check_tells_a_broker_that_is_away_from_one_that_refuses_the_hub() {
    let mut config = config();
    config.mqtt.user = "stranger".into();
    let found = wrongs(&config).await;
    assert!(found.iter().any(|wrong| wrong.contains("refuses stranger")), "{found:#?}");
    config.mqtt.url = "mqtt://127.0.0.1:1".into();
    let found = wrongs(&config).await;
    assert!(found.iter().any(|wrong| wrong.contains("127.0.0.1:1 cannot be reached")), "{found:#?}");
}

#[tokio::test]
async fn check_finds_a_broken_service_account() {
    let mut config = config();
    config.push.fcm.enabled = true;
    let file = testkit::home().join("service-account.json");
    std::fs::write(&file, "{}").unwrap();
    config.push.fcm.service_account_file = Some(file);
    let found = wrongs(&config).await;
    assert!(found.iter().any(|wrong| wrong.contains("is not a service account's file")), "{found:#?}");
}

#[test]
fn a_finding_reads_alone() {
    assert_eq!(Finding::Bad("x".into()).to_string(), "WRONG x");
    assert_eq!(Finding::Good("x".into()).to_string(), "ok    x");
}
