//! Retention from outside: what leaves, what stays, and an audit chain whose oldest parts are gone.

use actix_web::http::StatusCode;
use identity::{
    retention::{self, RETAIN, Retain},
    trail::{self, Expected},
};
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Ctx,
    audit::{self, Deed},
    clock::Clock,
    db::{Db, DbRole, Scope},
    job::{self, End, Order},
    right::Role,
};
use serde_json::json;
use shanyraq::town::School;
use testkit::{SchoolBuilder, database, pool, scope_of};

use crate::visitor::Visitor;

/// A run is of all schools: those of this file go one after another.
static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// Rows at the time of a clock, each with its link in the chain.
async fn deeds(school: &School, at: &str, rows: usize) {
    let ctx = Ctx::system("test", scope_of(school), Clock::standing_at(at.parse::<Timestamp>().unwrap()));
    let db = pool(DbRole::Jobs);
    for _ in 0..rows {
        let deed = Deed { school: school.id, action: "test.deed", subject_kind: "nothing", subject: None, detail: json!({}) };
        db.run(&ctx.scope, async |tx| audit::record(tx, &ctx, deed).await).await.unwrap();
        ctx.clock.advance(SignedDuration::from_secs(1));
    }
    chain(&db, school).await;
}

async fn chain(db: &Db, school: &School) {
    while trail::chain(db, &scope_of(school), Clock::System.now()).await.unwrap().rows == 0 {
        // Another test's chainer holds the lock for a moment.
        let waits = db.run(&scope_of(school), async |_| Ok(())).await;
        assert!(waits.is_ok());
        let left = database().superuser().await.query_one("select count(*) from audit_pending where school_id = $1", &[&school.id]).await.unwrap();
        if left.get::<_, i64>(0) == 0 {
            return;
        }
    }
}

/// The supplier's jobs are everybody's: the test runs its own until it is over.
async fn run(school: &School) -> job::Standing {
    let (db, scope) = (pool(DbRole::Jobs), Scope::school(school.id));
    let ctx = Ctx::system("test", scope.clone(), Clock::System);
    let order = Order { school: school.id, kind: RETAIN, key: "all".to_owned(), body: json!({}) };
    let id = db.run(&scope, async |tx| job::order(tx, &ctx, order).await).await.unwrap();
    let retain = Retain { sweeps: shanyraq::rooms::sweeps() };
    let ran = job::run_next(&db, &scope, &Clock::System, &[&retain], &|| true).await.unwrap().unwrap();
    assert_eq!(ran.end, End::Done, "{:?}", db.run(&scope, async |tx| job::find(tx, school.id, id).await).await);
    db.run(&scope, async |tx| job::find(tx, school.id, id).await).await.unwrap()
}

async fn count(sql: &str, school: &School) -> i64 {
    database().superuser().await.query_one(sql, &[&school.id]).await.unwrap().get(0)
}

#[actix_web::test]
async fn inv_1_what_is_past_its_time_leaves_and_nothing_younger() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let school = SchoolBuilder::new().build().await;
    let db = database().superuser().await;
    let (id, device, guardian) = (school.id.0, school.devices[0].id.0, school.pupils[0].guardians[0].0);
    let rows = format!(
        "insert into session (token_hash, account_id, created_at, seen_at, expires_at, id)
           select sha256(gen_random_uuid()::text::bytea), a.id, t, t, t, gen_random_uuid() from account a, unnest(array[now() - interval '3 months', now() - interval '3 days']) t where a.person_id = '{guardian}';
         insert into invitation (school_id, id, guardian_id, code_hash, created_by, created_at, expires_at, revoked_at)
           select '{id}', gen_random_uuid(), '{guardian}', sha256(gen_random_uuid()::text::bytea), '{guardian}', t, t, t from unnest(array[now() - interval '13 months', now() - interval '11 months']) t;
         insert into dead_letter (school_id, id, received_at, reason, topic, payload)
           select '{id}', gen_random_uuid(), t, 'malformed', 't', '' from unnest(array[now() - interval '7 months', now() - interval '5 months']) t;
         insert into incident (school_id, id, kind, key, device_id, opened_at, last_at, closed_at)
           select '{id}', gen_random_uuid(), 'test', t::text, '{device}', t, t, t from unnest(array[now() - interval '13 months', now() - interval '11 months']) t;"
    );
    db.batch_execute(&rows).await.unwrap();
    let before = retention::plan(&pool(DbRole::Jobs), Clock::System.now(), &shanyraq::rooms::sweeps()).await.unwrap();
    assert!(before.iter().any(|rule| rule.what == "session" && rule.rows > 0));
    let left = [
        "select count(*) from session s join account a on a.id = s.account_id join school_person m on m.person_id = a.person_id where m.school_id = $1",
        "select count(*) from invitation where school_id = $1",
        "select count(*) from dead_letter where school_id = $1",
        "select count(*) from incident where school_id = $1",
    ];
    for sql in left {
        assert_eq!(count(sql, &school).await, 2, "inv_3: a dry run changes nothing: {sql}");
    }
    run(&school).await;
    for sql in left {
        assert_eq!(count(sql, &school).await, 1, "{sql}");
    }
    // A second run finds nothing more of it.
    run(&school).await;
    for sql in left {
        assert_eq!(count(sql, &school).await, 1, "{sql}");
    }
}

#[actix_web::test]
async fn inv_2_a_chain_still_verifies_when_its_oldest_parts_have_left_and_a_hand_is_still_found() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let school = SchoolBuilder::new().build().await;
    let owner = database().owner().await;
    // A month so long ago that no other test has rows in it; as the months then were made.
    for table in ["audit", "audit_chain"] {
        owner.batch_execute(&format!("create table if not exists {table}_201003 partition of {table} for values from ('2010-03-01 00:00+00') to ('2010-04-01 00:00+00')")).await.unwrap();
    }
    deeds(&school, "2010-03-31T23:00:00Z", 4).await;
    deeds(&school, "2026-11-20T03:00:00Z", 3).await;
    let report = pool(DbRole::Report);
    let whole = trail::verify(&report, school.id, None).await.unwrap();
    assert_eq!((whole.links, whole.fault.clone()), (7, None));

    let planned = retention::plan(&pool(DbRole::Jobs), Clock::System.now(), &shanyraq::rooms::sweeps()).await.unwrap();
    assert!(planned.iter().any(|rule| rule.what == "audit" && rule.parts >= 2 && rule.rows >= 8));
    // A row of any school that waits to be chained would keep the part; other tests' rows are of today.
    run(&school).await;
    assert_eq!(count("select count(*) from audit where school_id = $1", &school).await, 3);
    let found = trail::verify(&report, school.id, Some(Expected { n: whole.links, hash: whole.hash })).await.unwrap();
    assert_eq!((found.links, found.fault, found.hash), (7, None, whole.hash));

    let db = database().superuser().await;
    db.execute("update audit_chain set hash = sha256('x') where school_id = $1 and n = 6", &[&school.id]).await.unwrap();
    assert!(trail::verify(&report, school.id, None).await.unwrap().fault.is_some(), "a link changed by hand");
    // Who takes more than the rule lets go cannot hide it behind a base of their own.
    db.execute("delete from audit_chain where school_id = $1 and n <= 6", &[&school.id]).await.unwrap();
    db.execute("update audit_base set n = 6, hash = sha256('x'), before = now() where school_id = $1", &[&school.id]).await.unwrap();
    assert!(trail::verify(&report, school.id, None).await.unwrap().fault.is_some(), "a base that is too young");
}

#[actix_web::test]
async fn no_role_drops_what_the_rule_keeps() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let school = SchoolBuilder::new().build().await;
    deeds(&school, "2026-11-20T03:00:00Z", 1).await;
    let jobs = database().connect_as("shanyraq_jobs").await;
    let dropped: i32 = jobs.query_one("select coalesce(sum(dropped), 0)::int from unnest(array['audit', 'event', 'pass', 'person; drop table person']) w, retention_drop_parts(w)", &[]).await.unwrap().get(0);
    assert!(dropped >= 0);
    assert_eq!(count("select count(*) from audit where school_id = $1", &school).await, 1);
    assert!(jobs.batch_execute("insert into retention_rule (what, valid_from, keep_months, source, basis) values ('audit', current_date, 1, 'ours', 'x')").await.is_err());
    let web = database().connect_as("shanyraq_web").await;
    assert!(web.batch_execute("select retention_drop_parts('audit')").await.is_err());
}

#[actix_web::test]
async fn the_page_says_what_is_kept_how_long_and_why_in_every_language() {
    let school = SchoolBuilder::new().build().await;
    let director = Visitor::signed_in(&school.staff.iter().find(|employee| employee.role == Role::Director).unwrap().login).await;
    for (locale, word) in [("kk", "Тексеру журналы"), ("ru", "Журнал аудита"), ("en", "The audit trail")] {
        let page = director.clone().reading(locale).get(&format!("/{}/retention", school.code)).await;
        assert!(page.status == StatusCode::OK && page.shows(word), "{locale}: {}", page.body);
    }
}
