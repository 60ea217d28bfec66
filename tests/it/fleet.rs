//! The fleet from outside: the registry, its audit, and what is known of each device.

use fleet::{Condition, Seen, registry};
use jiff::SignedDuration;
use kernel::{
    Ctx, Error,
    clock::Clock,
    db::{Db, DbRole, Scope},
};
use protocol::up::Status;
use shanyraq::town::School;
use testkit::{SchoolBuilder, database, pool, scope_of};

fn support(scope: Scope) -> Ctx {
    Ctx::system("test", scope, Clock::System)
}

fn device(name: &str) -> registry::NewDevice {
    registry::NewDevice::parse("turnstile", name, "Бас кіреберіс").unwrap()
}

async fn accounts(db: &Db, school: &School) -> String {
    db.run(&scope_of(school), async |tx| registry::broker_accounts(tx, "hub:x").await).await.unwrap()
}

async fn version(db: &Db, school: &School) -> i64 {
    db.run(&scope_of(school), async |tx| registry::version(tx).await).await.unwrap()
}

#[tokio::test]
async fn inv_3_a_device_is_let_in_until_it_is_retired() {
    let school = SchoolBuilder::new().entrances(0).tills(0).build().await;
    let (db, ctx) = (pool(DbRole::Web), support(scope_of(&school)));
    let before = version(&db, &school).await;

    let made = registry::register(&db, &ctx, school.id, ctx.id(), device("Турникет 7")).await.unwrap();
    assert!(accounts(&db, &school).await.contains(&format!("\n{}:$7$101$", made.code)));
    let with_one = version(&db, &school).await;

    registry::rename(&db, &ctx, made.id, device("Турникет 8")).await.unwrap();
    let renamed = version(&db, &school).await;
    let renewed = registry::renew_password(&db, &ctx, made.id).await.unwrap();
    assert_ne!(renewed.password, made.password);
    let with_password = version(&db, &school).await;

    registry::retire(&db, &ctx, made.id).await.unwrap();
    registry::retire(&db, &ctx, made.id).await.unwrap();
    assert_eq!(accounts(&db, &school).await, "hub:x\n");
    let retired = version(&db, &school).await;
    assert!(before < with_one && with_one < renamed && renamed < with_password && with_password < retired);
    assert!(matches!(registry::renew_password(&db, &ctx, made.id).await, Err(Error::Refused("fleet.retired"))));
}

#[tokio::test]
async fn inv_4_every_change_leaves_its_audit_row() {
    let school = SchoolBuilder::new().build().await;
    let (db, ctx) = (pool(DbRole::Web), support(scope_of(&school)));
    let made = registry::register(&db, &ctx, school.id, ctx.id(), device("Турникет 7")).await.unwrap();
    registry::rename(&db, &ctx, made.id, device("Турникет 8")).await.unwrap();
    registry::retire(&db, &ctx, made.id).await.unwrap();

    let rows = database().superuser().await;
    let rows = rows.query("select action from audit where school_id = $1 and subject_id = $2 order by id", &[&school.id, &made.id]).await.unwrap();
    let actions: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(actions, ["fleet.register", "fleet.rename", "fleet.retire"]);
}

#[tokio::test]
async fn a_neighbour_school_is_not_there() {
    let (school, neighbour) = (SchoolBuilder::new().build().await, SchoolBuilder::new().build().await);
    let (db, ctx) = (pool(DbRole::Web), support(scope_of(&school)));
    let theirs = neighbour.devices[0].id;

    assert!(matches!(registry::register(&db, &ctx, neighbour.id, ctx.id(), device("x")).await, Err(Error::NotFound)));
    assert!(matches!(registry::rename(&db, &ctx, theirs, device("x")).await, Err(Error::NotFound)));
    assert!(matches!(registry::retire(&db, &ctx, theirs).await, Err(Error::NotFound)));
    let seen = db.run(&scope_of(&school), async |tx| fleet::registered(tx).await).await.unwrap();
    assert!(seen.iter().all(|device| device.school == school.id) && seen.len() == school.devices.len());
}

#[tokio::test]
async fn inv_1_what_is_known_never_grows_older() {
    let school = SchoolBuilder::new().entrances(1).tills(0).build().await;
    let (engine, web) = (pool(DbRole::Engine), pool(DbRole::Web));
    let now = Clock::System.now();
    let seen = |seconds_ago: i64, queue: Option<i64>, status: Status| Seen {
        school: school.id, device: school.devices[0].id, status, status_since: now - SignedDuration::from_secs(seconds_ago),
        seen_at: now - SignedDuration::from_secs(seconds_ago), last_event_at: None, latency_ms: Some(12), clock_offset_ms: None, queue,
        reader_errors: None, temperature_c: Some(31.5), disk_free_percent: None, link_percent: None, rx_bytes: None, tx_bytes: None,
        firmware: Some("1.0".into()), store: None,
    };
    for report in [seen(60, Some(7), Status::Online), seen(30, None, Status::Online), seen(50, Some(900), Status::Offline)] {
        engine.run(&scope_of(&school), async |tx| fleet::save_health(tx, now, &[report]).await).await.unwrap();
    }

    let statuses = web.run(&scope_of(&school), async |tx| fleet::statuses(tx, now).await).await.unwrap();
    assert_eq!(statuses[0].condition(now), Condition::NeverSeen, "the other turnstile stands first");
    let known = &statuses[1];
    assert_eq!((known.status.as_deref(), known.queue, known.condition(now)), (Some("online"), Some(7), Condition::Well));
    let apart = |a: jiff::Timestamp, seconds_ago: i64| (a.as_millisecond() - (now - SignedDuration::from_secs(seconds_ago)).as_millisecond()).abs();
    assert!(apart(known.status_since.unwrap(), 60) <= 1 && apart(known.seen_at.unwrap(), 30) <= 1);
}

#[tokio::test]
async fn inv_1_a_dossier_tells_of_its_own_device_only() {
    let (school, neighbour) = (SchoolBuilder::new().entrances(1).tills(0).build().await, SchoolBuilder::new().build().await);
    let (db, ctx) = (pool(DbRole::Web), support(scope_of(&school)));
    let rows = database().superuser().await;
    for (place, device) in school.devices.iter().enumerate() {
        let store = format!("k{place}");
        rows.execute("insert into device_cursor (school_id, device_id, store, upto, created_at, updated_at) values ($1, $2, $3, 1, now(), now())",
            &[&school.id, &device.id, &store]).await.unwrap();
        rows.execute("insert into event (school_id, device_id, store, seq, received_at, at, occurred_at, boot, kind, fingerprint, late, body)
            values ($1, $2, $3, 1, now(), now(), now(), 1, 'pass', 0, false, '{}')", &[&school.id, &device.id, &store]).await.unwrap();
        rows.execute("insert into incident (school_id, id, kind, key, device_id, opened_at, last_at) values ($1, gen_random_uuid(), 'alarm', $3, $2, now(), now())",
            &[&school.id, &device.id, &store]).await.unwrap();
        rows.execute("insert into dead_letter (school_id, id, received_at, reason, topic, device_id, payload) values ($1, gen_random_uuid(), now(), 'malformed', $3, $2, '\\x00ff')",
            &[&school.id, &device.id, &store]).await.unwrap();
    }
    for (place, device) in school.devices.iter().enumerate() {
        let dossier = fleet::dossier::dossier(&db, &ctx, device.id).await.unwrap();
        let counts = [dossier.journals.len(), dossier.events.len(), dossier.letters.len(), dossier.incidents.len()];
        assert_eq!((counts, dossier.events[0].store.as_str()), ([1, 1, 1, 1], &*format!("k{place}")));
    }
    assert!(matches!(fleet::dossier::dossier(&db, &ctx, neighbour.devices[0].id).await, Err(Error::NotFound)));
}
