//! Arrivals from outside: who is told of, when, and never twice; mornings that mean nothing; and what the school sees.

use actix_web::http::StatusCode;
use futures_util::future::join;
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use kernel::{
    Ctx,
    clock::Clock,
    db::DbRole,
    id::{fresh, show},
    right::Role,
};
use safety::arrivals::{Looked, look};
use shanyraq::{
    town::{Pupil, School},
    voice::House,
};
use testkit::{SchoolBuilder, database, pool, scope_of};

use crate::{
    bounds::{grant, two},
    rights::hire,
    roles::staff,
    visitor::Visitor,
};

/// A Monday of lessons; 08:40 in Almaty.
const MONDAY: &str = "2026-11-23T03:40:00Z";

/// A school whose first shift begins at 08:00 and is told at 08:30.
async fn watched() -> School {
    let school = SchoolBuilder::new().pupils(20).build().await;
    let rule = "insert into arrival_rule (school_id, shift, valid_from, starts_minute, tell_after, set_at) values ($1, 1, '2026-09-01', 480, 30, now())";
    database().superuser().await.execute(rule, &[&school.id.0]).await.unwrap();
    school
}

async fn look_at(school: &School, at: &str) -> Looked {
    let ctx = Ctx::system("test", scope_of(school), Clock::standing_at(at.parse::<Timestamp>().unwrap()));
    look(&pool(DbRole::Jobs), &ctx, &House, vec![school.id]).await.unwrap()
}

/// Each of them goes in at that moment.
async fn enter(school: &School, pupils: &[Pupil], at: Timestamp) {
    let device = school.devices.iter().find(|device| device.kind == "turnstile").expect("a turnstile").id.0;
    let pass = "insert into pass (school_id, person_id, occurred_at, device_id, store, seq, received_at, direction, method, late)
      select $1, p, $3::timestamptz, $4, $5, row_number() over (), $3::timestamptz + interval '1 minute', 'in', 'card', false from unnest($2::uuid[]) p";
    let persons: Vec<_> = pupils.iter().map(|pupil| pupil.id.0).collect();
    database().superuser().await.execute(pass, &[&school.id.0, &persons, &at, &device, &show(fresh(Clock::System.now()))]).await.unwrap();
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

async fn excuse(school: &School, pupil: &Pupil, day: Date) {
    let note = "insert into absence_note (school_id, id, child_id, from_day, to_day, reason, way, said_by, said_at) values ($1, $2, $3, $4, $4, 'ill', 'page', $5, now())";
    database().superuser().await.execute(note, &[&school.id.0, &fresh(Clock::System.now()), &pupil.id.0, &day, &pupil.guardians[0].0]).await.unwrap();
}

async fn number(sql: &str, school: &School) -> i64 {
    database().superuser().await.query_one(sql, &[&school.id.0]).await.unwrap().get(0)
}

async fn told(school: &School) -> (i64, i64) {
    let rows = number("select count(*) from missing_arrival where school_id = $1", school).await;
    (rows, number("select count(distinct child_id) from notice where school_id = $1 and kind = 'not_arrived'", school).await)
}

#[actix_web::test]
async fn inv_1_and_2_who_has_not_come_is_told_of_once_and_who_came_or_is_excused_is_not() {
    let (school, neighbour) = (watched().await, watched().await);
    enter(&school, &school.pupils[..15], at("2026-11-23T02:50:00Z")).await;
    excuse(&school, &school.pupils[15], at(MONDAY).to_zoned(TimeZone::UTC).date()).await;
    // Before its time nothing is due.
    assert_eq!(look_at(&school, "2026-11-23T03:29:00Z").await, Looked::default());
    // Two instances at once, then once more: told once.
    let (one, other) = join(look_at(&school, MONDAY), look_at(&school, MONDAY)).await;
    assert_eq!((one.told + other.told, one.missing + other.missing, one.failed + other.failed), (1, 4, 0));
    assert_eq!(look_at(&school, "2026-11-23T03:41:00Z").await, Looked::default());
    assert_eq!(told(&school).await, (4, 4));
    // Even if what was looked at were forgotten.
    database().superuser().await.execute("delete from arrival_check where school_id = $1", &[&school.id.0]).await.unwrap();
    assert_eq!(look_at(&school, "2026-11-23T03:42:00Z").await.missing, 0);
    assert_eq!(told(&school).await, (4, 4));
    assert_eq!(number("select count(*) from notice where school_id = $1 and kind = 'not_arrived' and not late and args->>'time' = '08:00'", &school).await, number("select count(*) from notice where school_id = $1", &school).await);
    assert_eq!((told(&neighbour).await, number("select count(*) from arrival_check where school_id = $1", &neighbour).await), ((0, 0), 0), "the neighbour's morning is its own");
    // Hours later it is history: rows, and notices that wake nobody.
    enter(&neighbour, &neighbour.pupils[..19], at("2026-11-23T02:50:00Z")).await;
    assert_eq!(look_at(&neighbour, "2026-11-23T06:00:00Z").await.missing, 1);
    assert_eq!(number("select count(*) from notice where school_id = $1 and kind = 'not_arrived' and not late", &neighbour).await, 0);
}

#[actix_web::test]
async fn inv_2_on_a_day_without_lessons_nobody_is_missed() {
    let school = watched().await;
    assert_eq!(look_at(&school, "2026-11-22T03:40:00Z").await, Looked::default(), "a Sunday");
    let off = "insert into school_day (school_id, id, day, kind, reason, set_at) values ($1, $2, '2026-11-24', 'off', 'аяз', now())";
    database().superuser().await.execute(off, &[&school.id.0, &fresh(Clock::System.now())]).await.unwrap();
    assert_eq!(look_at(&school, "2026-11-24T03:40:00Z").await, Looked::default(), "too cold");
    assert_eq!((told(&school).await, number("select count(*) from arrival_check where school_id = $1 and outcome = 'no_lessons'", &school).await), ((0, 0), 2));
}

#[actix_web::test]
async fn inv_3_silent_gates_raise_one_incident_and_what_comes_later_is_looked_at() {
    let school = watched().await;
    // Of a morning whose passes never came.
    let older = "insert into incident (school_id, id, kind, key, opened_at, last_at) values ($1, $1, 'gates_silent', '2026-11-19-1', now(), now())";
    database().superuser().await.execute(older, &[&school.id.0]).await.unwrap();
    enter(&school, &school.pupils[..5], at("2026-11-23T02:50:00Z")).await;
    for minute in ["2026-11-23T03:30:00Z", "2026-11-23T03:31:00Z"] {
        assert_eq!(look_at(&school, minute).await, Looked { silent: 1, ..Looked::default() });
    }
    assert_eq!(told(&school).await, (0, 0));
    assert_eq!(number("select sum(count)::bigint from incident where school_id = $1 and kind = 'gates_silent' and closed_at is null", &school).await, 2, "one for each morning");
    // The line is back: what the terminals kept says who was in time.
    enter(&school, &school.pupils[5..18], at("2026-11-23T02:55:00Z")).await;
    assert_eq!(look_at(&school, "2026-11-23T03:50:00Z").await, Looked { told: 1, missing: 2, ..Looked::default() });
    assert_eq!(told(&school).await, (2, 2));
    assert_eq!(number("select count(*) from incident where school_id = $1 and kind = 'gates_silent' and closed_at is null", &school).await, 0, "the gates tell again");
}

#[actix_web::test]
async fn support_sees_which_schools_are_silent_this_morning() {
    let school = SchoolBuilder::new().build().await;
    let support = Visitor::signed_in(&hire(identity::SUPPLIER.0, Role::Support).await).await;
    let line = format!("href=\"/support/devices?school={}\"", school.code);
    assert!(!support.get("/support/devices").await.shows(&line));
    let db = database().superuser().await;
    let raised = "insert into incident (school_id, id, kind, key, opened_at, last_at) values ($1, $1, 'gates_silent', 'test', now(), now())";
    db.execute(raised, &[&school.id.0]).await.unwrap();
    let board = support.get("/support/devices").await;
    assert!(board.shows(&line) && board.shows("үнсіз мектептер"), "{}", board.body);
    db.execute("update incident set closed_at = now() where school_id = $1", &[&school.id.0]).await.unwrap();
    assert!(!support.get("/support/devices").await.shows(&line));
}

#[actix_web::test]
async fn a_gate_that_is_dead_for_weeks_does_not_keep_a_school_silent() {
    let school = watched().await;
    let gate = school.devices.iter().rfind(|device| device.kind == "turnstile").expect("a turnstile").id.0;
    let lost = "insert into device_health (school_id, device_id, status, status_since, seen_at) values ($1, $2, 'offline', $3, $3)
      on conflict (school_id, device_id) do update set status = 'offline', status_since = $3";
    // Of last Friday: one day of lessons at most.
    database().superuser().await.execute(lost, &[&school.id.0, &gate, &at("2026-11-20T02:40:00Z")]).await.unwrap();
    enter(&school, &school.pupils[..10], at("2026-11-23T02:50:00Z")).await;
    assert_eq!(look_at(&school, "2026-11-23T03:31:00Z").await, Looked { silent: 1, ..Looked::default() });
    // Of two weeks ago: nobody goes through it any more.
    database().superuser().await.execute(lost, &[&school.id.0, &gate, &at("2026-11-09T02:40:00Z")]).await.unwrap();
    assert_eq!(look_at(&school, "2026-11-23T03:32:00Z").await, Looked { told: 1, missing: 10, ..Looked::default() });
}

#[actix_web::test]
async fn while_a_gate_has_no_line_half_a_school_is_not_told_of() {
    let school = watched().await;
    let gate = school.devices.iter().rfind(|device| device.kind == "turnstile").expect("a turnstile").id.0;
    let lost = "insert into device_health (school_id, device_id, status, status_since, seen_at) values ($1, $2, 'offline', $3, $3)
      on conflict (school_id, device_id) do update set status = 'offline'";
    database().superuser().await.execute(lost, &[&school.id.0, &gate, &at("2026-11-23T02:40:00Z")]).await.unwrap();
    enter(&school, &school.pupils[..10], at("2026-11-23T02:50:00Z")).await;
    assert_eq!(look_at(&school, "2026-11-23T03:31:00Z").await, Looked { silent: 1, ..Looked::default() });
    assert_eq!(told(&school).await, (0, 0));
    // The line is back, with what the gate kept.
    database().superuser().await.execute("update device_health set status = 'online' where school_id = $1", &[&school.id.0]).await.unwrap();
    enter(&school, &school.pupils[10..18], at("2026-11-23T02:55:00Z")).await;
    assert_eq!(look_at(&school, "2026-11-23T03:40:00Z").await, Looked { told: 1, missing: 2, ..Looked::default() });
}

#[actix_web::test]
async fn inv_4_and_5_the_director_sets_the_times_and_everybody_sees_the_missing_of_their_classes() {
    let (school, neighbour) = (SchoolBuilder::new().pupils(44).build().await, SchoolBuilder::new().build().await);
    let (director, list) = (staff(&school, Role::Director).await, format!("/{}/arrivals", school.code));
    assert!(director.get(&list).await.shows("Хабарлау қосылмаған"), "off until it is switched on");
    let wrong = director.post(&format!("{list}/times"), &[("starts_1", "25:00"), ("after_1", "30")]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.shows("starts_1-error"), "{}", wrong.body);
    for _ in 0..2 {
        assert_eq!(director.post(&format!("{list}/times"), &[("starts_1", "08:00"), ("after_1", "30")]).await.status, StatusCode::SEE_OTHER);
    }
    assert!(director.get(&format!("{list}/times")).await.shows("08:00"));
    assert_eq!(number("select count(*) from audit where school_id = $1 and action = 'safety.set_arrivals'", &school).await, 1);
    // A morning of today, as the watch leaves it: four of them, in four states.
    let [(one, class), (other, _)] = two(&school).await;
    let (zone, now) = (TimeZone::get("Asia/Almaty").unwrap(), Clock::System.now());
    let today = now.to_zoned(zone.clone()).date();
    let midnight = today.to_zoned(zone).unwrap().timestamp();
    let due = midnight + (now.duration_since(midnight) / 2);
    let rest: Vec<&Pupil> = school.pupils.iter().filter(|pupil| ![one.id, other.id].contains(&pupil.id)).take(2).collect();
    for pupil in [one, other, rest[0], rest[1]] {
        let row = "insert into missing_arrival (school_id, day, pupil_id, shift, due_at, told_at) values ($1, $2, $3, 1, $4, $4)";
        database().superuser().await.execute(row, &[&school.id.0, &today, &pupil.id.0, &due]).await.unwrap();
    }
    let phone = "insert into person_value (school_id, id, person_id, field, value) values ($1, $2, $3, 'phone', '+77015550101')";
    database().superuser().await.execute(phone, &[&school.id.0, &fresh(now), &one.guardians[0].0]).await.unwrap();
    excuse(&school, other, today).await;
    enter(&school, std::slice::from_ref(rest[0]), due + SignedDuration::from_millis(1)).await;
    enter(&school, std::slice::from_ref(rest[1]), due - SignedDuration::from_millis(1)).await;
    let seen = director.get(&list).await;
    for (pupil, state) in [(one, "Келген жоқ"), (other, "Себебі белгілі"), (rest[0], "Кешігіп келді"), (rest[1], "Уақытында келген")] {
        assert!(seen.shows(&pupil.name) && seen.shows(state), "{state}: {}", seen.body);
    }
    assert!(seen.shows("+77015550101"), "whom to call");
    let missing = director.get(&format!("{list}?state=missing")).await;
    assert!(missing.shows(&format!("/pupils/{}", one.id)) && !missing.shows(&format!("/pupils/{}", other.id)), "{}", missing.body);
    let helper = &school.guardians[school.guardians.len() - 1];
    assert_eq!(grant(&school, &director, helper.id.0, "class_teacher", &[class], "").await, StatusCode::SEE_OTHER);
    let teacher = Visitor::signed_in(&helper.login).await.get(&list).await;
    assert!(teacher.shows(&format!("/pupils/{}", one.id)) && !teacher.shows(&format!("/pupils/{}", other.id)), "{}", teacher.body);
    assert_eq!(staff(&neighbour, Role::Director).await.get(&list).await.status, StatusCode::NOT_FOUND);
}
