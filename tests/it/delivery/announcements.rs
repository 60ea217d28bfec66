//! Announcements from outside: written, sent once, told once, read, reminded.

use std::sync::{Arc, Mutex};

use actix_web::http::StatusCode;
use delivery::{
    Announce, Push,
    channels::{Channel, Verdict},
};
use futures_util::future::{BoxFuture, join};
use jiff::{SignedDuration, tz::TimeZone};
use kernel::{
    clock::Clock,
    db::DbRole,
    id::{Uuid, fresh, show},
    job,
    right::Role,
};
use shanyraq::town::School;
use testkit::{Patience, SchoolBuilder, database, eventually, pool, scope_of};

use super::world::{AtWork, World, login_of};
use crate::{
    roles::staff,
    visitor::{Seen, Visitor},
};

fn id() -> String {
    show(fresh(Clock::System.now()))
}

async fn write(school: &School, director: &Visitor, id: &str, more: &[(&str, &str)]) -> Seen {
    let form = [("id", id), ("title_kk", "Ата-аналар жиналысы"), ("title_ru", "Родительское собрание"), ("text_kk", "Ертең сағат 18:00."), ("text_ru", "Завтра в 18:00.\nВ актовом зале.")];
    let form: Vec<(&str, &str)> = form.into_iter().chain(more.iter().copied()).collect();
    director.post(&format!("/{}/announcements", school.code), &form).await
}

async fn tell_all(school: &School, clock: &Clock) {
    while job::run_next(&pool(DbRole::Jobs), &scope_of(school), clock, &[&Announce], &|| true).await.unwrap().is_some() {}
}

async fn number(school: &School, sql: &str) -> i64 {
    database().superuser().await.query_one(sql, &[&school.id.0]).await.unwrap().get(0)
}

const TOLD: &str = "select count(*) from notice where school_id = $1 and kind = 'announcement'";

#[actix_web::test]
async fn inv_1_2_and_4_it_is_sent_once_told_once_and_reminded_of_where_it_was_not_read() {
    let school = SchoolBuilder::new().pupils(5).build().await;
    let (director, administrator) = (staff(&school, Role::Director).await, staff(&school, Role::SchoolAdministrator).await);
    // Two children of one guardian: told once.
    let first = school.pupils[0].guardians[0];
    let kin = "insert into kinship (school_id, pupil_id, guardian_id, kind, valid_from) values ($1, $2, $3, 'mother', '2026-09-01') on conflict do nothing";
    database().superuser().await.execute(kin, &[&school.id.0, &school.pupils[1].id.0, &first.0]).await.unwrap();
    let guardians = number(&school, "select count(distinct guardian_id) from kinship where school_id = $1 and valid_to is null").await;

    let id = id();
    let page = format!("/{}/announcements/{id}", school.code);
    let wrong = write(&school, &director, &id, &[("audience", "classes")]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.shows("audience-error") && wrong.shows("Родительское собрание"), "{}", wrong.body);
    assert_eq!(write(&school, &director, &id, &[("audience", "school")]).await.status, StatusCode::SEE_OTHER);
    let preview = director.get(&page).await;
    assert!(preview.shows(&format!("<b>{guardians}</b>")) && preview.shows("Әлі жіберілген жоқ"), "{}", preview.body);
    assert!(director.get(&format!("{page}/form")).await.shows("Завтра в 18:00."));
    assert!(director.get(&format!("/{}/announcements?state=draft&q=%D0%B6%D0%B8%D0%BD%D0%B0%D0%BB%D1%8B%D1%81", school.code)).await.shows(&page));
    assert_eq!(director.post(&format!("{page}/remind"), &[]).await.status, StatusCode::CONFLICT, "a draft");

    // Two press at once, and one again.
    let send = format!("{page}/send");
    let (one, other) = join(director.post(&send, &[]), administrator.post(&send, &[])).await;
    assert_eq!((one.status, other.status, director.post(&send, &[]).await.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    tell_all(&school, &Clock::System).await;
    assert_eq!(number(&school, TOLD).await, guardians);
    assert_eq!(number(&school, "select count(*) from job where school_id = $1 and kind = 'delivery.announce'").await, 1);
    assert_eq!(write(&school, &director, &id, &[("audience", "school")]).await.status, StatusCode::CONFLICT, "what was sent is not changed");

    // One reads it and says so twice.
    let login = &school.guardians.iter().find(|one| one.id == first).unwrap().login;
    let parent = Visitor::signed_in(login).await;
    let letter = format!("/my/announcements/{id}");
    assert!(parent.get("/my/inbox").await.shows(&format!("href=\"{letter}\"")));
    let read = parent.get(&letter).await;
    assert!(read.shows("Ата-аналар жиналысы") && read.shows("Оқыдым"), "{}", read.body);
    for _ in 0..2 {
        assert_eq!(parent.post(&letter, &[]).await.status, StatusCode::SEE_OTHER);
    }
    assert!(parent.get(&letter).await.shows("Оқыдыңыз:"));
    assert_eq!(number(&school, "select count(*) from notice where school_id = $1 and kind = 'announcement' and read_at is not null").await, 1);
    assert_eq!(number(&school, "select count(*) from audit where school_id = $1 and action = 'delivery.confirm_announcement'").await, 1);
    // Who has read it, and who has not, in the class of each.
    for (pupil, said) in [(&school.pupils[0], "<time"), (&school.pupils[2], "Әлі жоқ")] {
        let class = "select class_id from enrolment where school_id = $1 and pupil_id = $2";
        let class: Uuid = database().superuser().await.query_one(class, &[&school.id.0, &pupil.id.0]).await.unwrap().get(0);
        let page = director.get(&format!("{page}?class={}", show(class))).await;
        let readers = page.body.split_once("id=\"readers\"").map(|(_, readers)| readers).unwrap_or_default();
        assert!(readers.contains(said) && readers.contains(&pupil.name), "{}", page.body);
    }

    // Too soon; then to the others.
    assert_eq!(director.post(&format!("{page}/remind"), &[]).await.status, StatusCode::CONFLICT);
    let earlier = "update announcement set sent_at = sent_at - interval '2 hours' where school_id = $1";
    database().superuser().await.execute(earlier, &[&school.id.0]).await.unwrap();
    for status in [StatusCode::SEE_OTHER, StatusCode::CONFLICT] {
        assert_eq!(director.post(&format!("{page}/remind"), &[]).await.status, status);
    }
    tell_all(&school, &Clock::System).await;
    assert_eq!(number(&school, TOLD).await, guardians * 2 - 1, "not to who has read it");
}

#[actix_web::test]
async fn telling_that_failed_goes_on_with_the_rest_and_one_that_goes_out_is_not_disturbed() {
    let school = SchoolBuilder::new().pupils(4).build().await;
    let director = staff(&school, Role::Director).await.reading("en");
    let id = id();
    let page = format!("/{}/announcements/{id}", school.code);
    write(&school, &director, &id, &[("audience", "school")]).await;
    assert_eq!(director.post(&format!("{page}/send"), &[]).await.status, StatusCode::SEE_OTHER);
    let db = database().superuser().await;
    let earlier = "update announcement set sent_at = sent_at - interval '2 hours' where school_id = $1";
    db.execute(earlier, &[&school.id.0]).await.unwrap();
    assert_eq!(director.post(&format!("{page}/remind"), &[]).await.status, StatusCode::CONFLICT, "it still goes out");
    // One guardian was told before it failed.
    let told = "update announcement_reader set told_at = now() where school_id = $1 and guardian_id = $2";
    db.execute(told, &[&school.id.0, &school.pupils[0].guardians[0].0]).await.unwrap();
    let failed = "update job set outcome = 'failed', finished_at = now(), error = 'job.broken' where school_id = $1 and kind = 'delivery.announce'";
    assert_eq!(db.execute(failed, &[&school.id.0]).await.unwrap(), 1);
    assert!(director.get(&page).await.shows("Go on with those who were not told"));
    assert_eq!(director.post(&format!("{page}/remind"), &[]).await.status, StatusCode::SEE_OTHER);
    tell_all(&school, &Clock::System).await;
    let guardians = number(&school, "select count(distinct guardian_id) from kinship where school_id = $1 and valid_to is null").await;
    assert_eq!(number(&school, TOLD).await, guardians - 1, "who was told is not told twice");
}

#[actix_web::test]
async fn a_guardian_is_told_by_the_child_who_is_still_at_school() {
    let school = SchoolBuilder::new().pupils(3).build().await;
    let director = staff(&school, Role::Director).await;
    let first = school.pupils[0].guardians[0];
    let db = database().superuser().await;
    let kin = "insert into kinship (school_id, pupil_id, guardian_id, kind, valid_from) values ($1, $2, $3, 'mother', '2026-09-01') on conflict do nothing";
    db.execute(kin, &[&school.id.0, &school.pupils[1].id.0, &first.0]).await.unwrap();
    let id = id();
    write(&school, &director, &id, &[("audience", "school")]).await;
    assert_eq!(director.post(&format!("/{}/announcements/{id}/send", school.code), &[]).await.status, StatusCode::SEE_OTHER);
    // Whichever of the two comes first by its id: its kinship ends before anybody was told.
    let gone = std::cmp::min(school.pupils[0].id.0, school.pupils[1].id.0);
    let ended = "update kinship set valid_to = valid_from where school_id = $1 and pupil_id = $2 and guardian_id = $3";
    db.execute(ended, &[&school.id.0, &gone, &first.0]).await.unwrap();
    tell_all(&school, &Clock::System).await;
    let told: i64 = db.query_one("select count(*) from notice where school_id = $1 and kind = 'announcement' and recipient_id = $2", &[&school.id.0, &first.0]).await.unwrap().get(0);
    assert_eq!(told, 1);
}

#[actix_web::test]
async fn inv_3_nobody_reads_or_confirms_what_was_not_sent_to_them() {
    let (school, neighbour) = (SchoolBuilder::new().build().await, SchoolBuilder::new().build().await);
    let (director, elsewhere) = (staff(&school, Role::Director).await, staff(&neighbour, Role::Director).await);
    let class: Uuid = database().superuser().await.query_one("select class_id from enrolment where school_id = $1 and pupil_id = $2", &[&school.id.0, &school.pupils[0].id.0]).await.unwrap().get(0);
    let (draft, sent) = (id(), id());
    for one in [&draft, &sent] {
        assert_eq!(write(&school, &director, one, &[("audience", "classes"), ("classes", &show(class))]).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(director.post(&format!("/{}/announcements/{sent}/send", school.code), &[]).await.status, StatusCode::SEE_OTHER);
    let parent = Visitor::signed_in(&school.guardians.iter().find(|one| one.id == school.pupils[0].guardians[0]).unwrap().login).await;
    let stranger = Visitor::signed_in(&neighbour.guardians[0].login).await;
    for (visitor, id, status) in [(&parent, &sent, StatusCode::OK), (&parent, &draft, StatusCode::NOT_FOUND), (&stranger, &sent, StatusCode::NOT_FOUND)] {
        assert_eq!(visitor.get(&format!("/my/announcements/{id}")).await.status, status);
        if status == StatusCode::NOT_FOUND {
            assert_eq!(visitor.post(&format!("/my/announcements/{id}"), &[]).await.status, status);
        }
    }
    assert_eq!(elsewhere.get(&format!("/{}/announcements/{sent}", neighbour.code)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(elsewhere.post(&format!("/{}/announcements/{sent}/send", neighbour.code), &[]).await.status, StatusCode::NOT_FOUND);
    // Whom a limit bars since is a reader no more.
    let limit = "insert into custody_limit (school_id, id, pupil_id, guardian_id, no_data, no_pickup, basis, valid_from, set_by, set_at) values ($1, $1, $2, $3, true, false, 'family_word', '2026-09-01', $3, now())";
    database().superuser().await.execute(limit, &[&school.id.0, &school.pupils[0].id.0, &school.pupils[0].guardians[0].0]).await.unwrap();
    assert_eq!(parent.post(&format!("/my/announcements/{sent}"), &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(number(&school, "select count(*) from announcement_reader where school_id = $1 and confirmed_at is not null").await, 0);
}

/// Takes everything and remembers for how many each stood.
#[derive(Default)]
struct Taker(Mutex<Vec<i32>>);

impl Channel for Taker {
    fn send<'a>(&'a self, push: &'a Push) -> BoxFuture<'a, Verdict> {
        self.0.lock().unwrap().push(push.stands_for);
        Box::pin(async { Verdict::Accepted })
    }
}

#[actix_web::test]
async fn a_digest_gathers_a_days_announcements_and_an_urgent_one_comes_at_once() {
    let world = World::new().await;
    let guardian = Visitor::signed_in(login_of(&world, 0)).await;
    let at = (world.clock.now() + SignedDuration::from_mins(90)).to_zoned(TimeZone::get("Asia/Almaty").unwrap()).strftime("%H:%M").to_string();
    assert_eq!(guardian.post("/my/quiet", &[("digest_at", &at)]).await.status, StatusCode::SEE_OTHER);
    let taker = Arc::new(Taker::default());
    let _at_work = AtWork::start(&world, taker.clone());
    let bulk: Vec<_> = (0..40).map(|_| world.draft(0, &notice::ANNOUNCEMENT)).collect();
    assert!(world.issue(&bulk).await.pushes.is_empty());
    let urgent = world.issue(&[world.draft(0, &notice::ALERT)]).await;
    let alert = urgent.notices[0].id;
    drop(urgent);
    world.clock.advance(SignedDuration::from_secs(61));
    world.delivery_becomes(alert, "sent 1").await;
    world.clock.advance(SignedDuration::from_mins(90));
    let taken = async || taker.0.lock().unwrap().clone();
    eventually("the digest has come", Patience::default(), taken, |taken| taken.len() == 2).await;
    assert_eq!(taken().await, [1, 40], "forty banners are one");
}
