//! Announcements from outside: written, sent once, told once, read, reminded.

use std::sync::{Arc, Mutex};

use actix_web::http::StatusCode;
use delivery::{
    Announce, AnnounceToAll, Push,
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
    rights::hire,
    roles::staff,
    visitor::{Seen, Visitor},
};

fn id() -> String {
    show(fresh(Clock::System.now()))
}

async fn write(school: &School, director: &Visitor, id: &str, more: &[(&str, &str)]) -> Seen {
    let form = [("id", id), ("title_kk", "Ата-аналар жиналысы"), ("title_ru", "Родительское собрание"), ("text_kk", "Ертең сағат 18:00."), ("text_ru", "Завтра в 18:00.\nВ актовом зале.")];
    let to_guardians = (!more.iter().any(|(name, _)| *name == "readers")).then_some(("readers", "guardians"));
    let form: Vec<(&str, &str)> = form.into_iter().chain(to_guardians).chain(more.iter().copied()).collect();
    director.post(&format!("/{}/announcements", school.code), &form).await
}

async fn tell_all(school: &School, clock: &Clock) {
    while job::run_next(&pool(DbRole::Jobs), &scope_of(school), clock, &[&Announce, &AnnounceToAll], &|| true).await.unwrap().is_some() {}
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

/// A file as a form of the page would send it.
async fn attach(director: &Visitor, page: &str, id: &str, name: &str, bytes: &[u8]) -> Seen {
    director.upload(&format!("{page}/files"), &[("id", id)], (name, bytes)).await
}

const FILES: &str = "select count(*) from file where school_id = $1 and kind = 'delivery.attachment'";

#[actix_web::test]
async fn inv_2_3_and_5_files_are_of_the_draft_then_of_the_readers() {
    let (school, neighbour) = (SchoolBuilder::new().build().await, SchoolBuilder::new().build().await);
    let (director, administrator) = (staff(&school, Role::Director).await, staff(&school, Role::SchoolAdministrator).await);
    let elsewhere = staff(&neighbour, Role::Director).await;
    let class: Uuid = database().superuser().await.query_one("select class_id from enrolment where school_id = $1 and pupil_id = $2", &[&school.id.0, &school.pupils[0].id.0]).await.unwrap().get(0);
    let announcement = id();
    let page = format!("/{}/announcements/{announcement}", school.code);
    assert_eq!(attach(&director, &page, &id(), "a.pdf", b"%PDF-1.4").await.status, StatusCode::NOT_FOUND, "nothing is kept yet");
    write(&school, &director, &announcement, &[("audience", "classes"), ("classes", &show(class))]).await;

    // Five files, one of them sent twice; a sixth, and what is none, are refused beside their field.
    let ids: Vec<String> = (0..5).map(|_| id()).collect();
    for file in ids.iter().chain([&ids[0]]) {
        assert_eq!(attach(&director, &page, file, "..\\Ата-аналарға хат.pdf", b"%PDF-1.4 letter").await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(number(&school, FILES).await, 5);
    let sixth = attach(&director, &page, &id(), "b.pdf", b"%PDF-1.4").await;
    assert_eq!((sixth.status, number(&school, FILES).await), (StatusCode::UNPROCESSABLE_ENTITY, 5));
    let remove = format!("{page}/files/remove");
    for _ in 0..2 {
        assert_eq!(director.post(&remove, &[("file", &ids[4])]).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(number(&school, FILES).await, 4, "a file goes with its row");
    let wrong = attach(&director, &page, &id(), "a.pdf", b"<html><script>").await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.shows("file-error"), "{}", wrong.body);
    let preview = administrator.get(&page).await;
    assert!(preview.shows("Ата-аналарға хат.pdf") && !preview.shows(&ids[4]), "{}", preview.body);
    let kept = format!("files/{}", ids[0]);
    assert_eq!(administrator.download(&format!("{page}/{kept}")).await, b"%PDF-1.4 letter");

    // Sent, it is as it is.
    assert_eq!(director.post(&format!("{page}/send"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(attach(&director, &page, &id(), "b.pdf", b"%PDF-1.4").await.status, StatusCode::CONFLICT);
    assert_eq!(director.post(&remove, &[("file", &ids[0])]).await.status, StatusCode::CONFLICT);
    assert_eq!(director.post(&format!("{page}/delete"), &[]).await.status, StatusCode::CONFLICT);
    assert!(director.get(&page).await.shows("Ата-аналарға хат.pdf"));

    // Whom it was sent to reads and downloads; nobody else does.
    let login = |pupil: usize| &school.guardians.iter().find(|one| one.id == school.pupils[pupil].guardians[0]).unwrap().login;
    let parent = Visitor::signed_in(login(0)).await;
    let letter = format!("/my/announcements/{announcement}");
    assert!(parent.get(&letter).await.shows(&format!("{letter}/{kept}")));
    assert_eq!(parent.download(&format!("{letter}/{kept}")).await, b"%PDF-1.4 letter");
    assert_eq!(parent.get(&format!("{letter}/files/{}", ids[4])).await.status, StatusCode::NOT_FOUND);
    assert_eq!(parent.get(&format!("{page}/{kept}")).await.status, StatusCode::FORBIDDEN);
    let stranger = Visitor::signed_in(&neighbour.guardians[0].login).await;
    for somebody in [&stranger, &elsewhere, &administrator] {
        assert_eq!(somebody.get(&format!("{letter}/{kept}")).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(elsewhere.get(&format!("/{}/announcements/{announcement}/{kept}", neighbour.code)).await.status, StatusCode::NOT_FOUND);
    let limit = "insert into custody_limit (school_id, id, pupil_id, guardian_id, no_data, no_pickup, basis, valid_from, set_by, set_at) values ($1, $1, $2, $3, true, false, 'family_word', '2026-09-01', $3, now())";
    database().superuser().await.execute(limit, &[&school.id.0, &school.pupils[0].id.0, &school.pupils[0].guardians[0].0]).await.unwrap();
    assert_eq!(parent.get(&format!("{letter}/{kept}")).await.status, StatusCode::NOT_FOUND, "a guardian barred since");
}

#[actix_web::test]
async fn inv_5_a_draft_is_thrown_away_with_its_files() {
    let school = SchoolBuilder::new().build().await;
    let director = staff(&school, Role::Director).await;
    let announcement = id();
    let page = format!("/{}/announcements/{announcement}", school.code);
    write(&school, &director, &announcement, &[("audience", "school")]).await;
    attach(&director, &page, &id(), "a.pdf", b"%PDF-1.4").await;
    assert_eq!(number(&school, FILES).await, 1);
    assert_eq!(director.post(&format!("{page}/delete"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!((number(&school, FILES).await, number(&school, "select count(*) from announcement where school_id = $1").await), (0, 0));
    assert_eq!(director.get(&page).await.status, StatusCode::NOT_FOUND);
    assert_eq!(number(&school, "select count(*) from audit where school_id = $1 and action = 'delivery.delete_announcement'").await, 1);
}

/// Gives a pupil a login of their own.
async fn pupil_with_login(school: &School) -> Visitor {
    let (pupil, account, db) = (school.pupils[0].id, fresh(Clock::System.now()), database().superuser().await);
    let login = format!("pupil-{}", show(account));
    db.execute("insert into account (id, person_id, login, password_hash) values ($1, $2, $3, $4)", &[&account, &pupil, &login, &shanyraq::town::DEMO_PASSWORD_HASH]).await.unwrap();
    db.execute("insert into role_grant (school_id, person_id, role, valid_from) values ($1, $2, 'pupil', now() - interval '1 day')", &[&school.id, &pupil]).await.unwrap();
    Visitor::signed_in(&login).await
}

#[actix_web::test]
async fn inv_1_and_3_staff_and_pupils_read_what_is_for_themselves() {
    let (school, neighbour) = (SchoolBuilder::new().teachers(2).build().await, SchoolBuilder::new().teachers(1).build().await);
    let (director, pupil, db) = (staff(&school, Role::Director).await, pupil_with_login(&school).await, database().superuser().await);
    let teachers: Vec<_> = school.staff.iter().filter(|one| one.role == Role::Teacher).collect();
    // The first teacher is a parent, too: told once all the same.
    let kin = "insert into kinship (school_id, pupil_id, guardian_id, kind, valid_from) values ($1, $2, $3, 'mother', '2026-09-01')";
    db.execute(kin, &[&school.id.0, &school.pupils[1].id.0, &teachers[0].id.0]).await.unwrap();
    // The second has a phone.
    let phone = "insert into push_token (id, person_id, channel, token, locale, registered_at) values (gen_random_uuid(), $1, 'fcm', 'teacher-' || $1::uuid::text, 'kk', now())";
    db.execute(phone, &[&teachers[1].id.0]).await.unwrap();

    let announcement = id();
    let page = format!("/{}/announcements/{announcement}", school.code);
    let nobody = write(&school, &director, &announcement, &[("readers", "classes"), ("audience", "school")]).await;
    assert!(nobody.status == StatusCode::UNPROCESSABLE_ENTITY && nobody.shows("readers-error"), "{}", nobody.body);
    let all = [("readers", "guardians"), ("readers", "pupils"), ("readers", "staff"), ("audience", "school")];
    assert_eq!(write(&school, &director, &announcement, &all).await.status, StatusCode::SEE_OTHER);
    assert_eq!(director.post(&format!("{page}/send"), &[]).await.status, StatusCode::SEE_OTHER);
    tell_all(&school, &Clock::System).await;
    let readers = number(&school, "select count(distinct person_id) from (select guardian_id as person_id from kinship where school_id = $1 union select person_id from role_grant where school_id = $1 and role <> 'guardian') r").await;
    assert_eq!(number(&school, TOLD).await, readers);
    let of = async |person: Uuid| -> i64 { db.query_one("select count(*) from notice where school_id = $1 and kind = 'announcement' and recipient_id = $2", &[&school.id.0, &person]).await.unwrap().get(0) };
    assert_eq!((of(teachers[0].id.0).await, of(school.pupils[0].id.0).await), (1, 1));
    let open = "select count(*) from delivery d join notice n on n.school_id = d.school_id and n.id = d.notice_id where d.school_id = $1 and n.recipient_id = $2 and d.channel = 'fcm' and d.outcome is null";
    let pushes: i64 = db.query_one(open, &[&school.id.0, &teachers[1].id.0]).await.unwrap().get(0);
    assert_eq!(pushes, 1, "it goes to the teacher's phone");

    let teacher = Visitor::signed_in(&teachers[1].login).await;
    let letter = format!("/my/announcements/{announcement}");
    for reader in [&teacher, &pupil] {
        let inbox = reader.get("/my/inbox").await;
        assert!(inbox.status == StatusCode::OK && inbox.shows(&format!("href=\"{letter}\"")), "{}", inbox.body);
        assert!(reader.get(&letter).await.shows("Оқыдым"));
        for _ in 0..2 {
            assert_eq!(reader.post(&letter, &[]).await.status, StatusCode::SEE_OTHER);
        }
        assert!(reader.get(&letter).await.shows("Оқыдыңыз:"));
    }
    assert_eq!(number(&school, "select count(*) from audit where school_id = $1 and action = 'delivery.confirm_announcement'").await, 2);
    let receipts = director.get(&page).await;
    let (of_classes, of_staff) = receipts.body.split_once("id=\"staff\"").unwrap();
    assert!(of_classes.contains("id=\"classes\"") && of_staff.contains("<time") && of_staff.contains("Әлі жоқ"), "{}", receipts.body);

    // A stranger of the neighbour school, and who left: nobody's letter.
    let stranger = staff(&neighbour, Role::Teacher).await;
    assert_eq!(stranger.get(&letter).await.status, StatusCode::NOT_FOUND);
    db.execute("update role_grant set valid_to = now() - interval '1 minute' where school_id = $1 and person_id = $2", &[&school.id.0, &teachers[1].id.0]).await.unwrap();
    let left = Visitor::signed_in(&teachers[1].login).await.get(&letter).await.status;
    assert!([StatusCode::NOT_FOUND, StatusCode::FORBIDDEN].contains(&left), "{left}");
}

#[actix_web::test]
async fn one_announces_to_roles_of_the_staff_and_to_class_teachers_alone() {
    let school = SchoolBuilder::new().teachers(2).build().await;
    let (director, db) = (staff(&school, Role::Director).await, database().superuser().await);
    let (nurse, class_teacher) = (hire(school.id.0, Role::Nurse).await, hire(school.id.0, Role::Teacher).await);
    let person = async |login: &str| -> Uuid { db.query_one("select person_id from account where login = $1", &[&login]).await.unwrap().get(0) };
    let class: Uuid = db.query_one("select class_id from enrolment where school_id = $1 and pupil_id = $2", &[&school.id.0, &school.pupils[0].id.0]).await.unwrap().get(0);
    let grant = "insert into class_grant (school_id, id, person_id, role, class_ids, valid_from) values ($1, gen_random_uuid(), $2, 'class_teacher', array[$3::uuid], now() - interval '1 day')";
    db.execute(grant, &[&school.id.0, &person(&class_teacher).await, &class]).await.unwrap();
    let class = show(class);
    let readers = "select array_agg(guardian_id) from announcement_reader where school_id = $1 and announcement_id = $2 and reads_as = 'staff' and child_id = guardian_id";
    for (audience, reader) in [(&[("readers", "staff"), ("roles", "nurse")][..], &nurse), (&[("readers", "class_teachers"), ("audience", "classes"), ("classes", class.as_str())][..], &class_teacher)] {
        let announcement = id();
        assert_eq!(write(&school, &director, &announcement, audience).await.status, StatusCode::SEE_OTHER);
        assert_eq!(director.post(&format!("/{}/announcements/{announcement}/send", school.code), &[]).await.status, StatusCode::SEE_OTHER);
        let found: Vec<Uuid> = db.query_one(readers, &[&school.id.0, &kernel::id::read(&announcement).unwrap()]).await.unwrap().get(0);
        assert_eq!(found, [person(reader).await]);
        tell_all(&school, &Clock::System).await;
        assert!(Visitor::signed_in(reader).await.get("/my/inbox").await.shows(&format!("/my/announcements/{announcement}")));
    }
}

#[actix_web::test]
async fn a_teacher_switches_announcements_off_and_wants_quiet() {
    let school = SchoolBuilder::new().teachers(1).build().await;
    let director = staff(&school, Role::Director).await;
    let employee = school.staff.iter().find(|one| one.role == Role::Teacher).unwrap();
    let (teacher, db) = (Visitor::signed_in(&employee.login).await, database().superuser().await);
    let phone = "insert into push_token (id, person_id, channel, token, locale, registered_at) values (gen_random_uuid(), $1, 'fcm', 'teacher-' || $1::uuid::text, 'kk', now())";
    db.execute(phone, &[&employee.id.0]).await.unwrap();
    let switches = teacher.get("/my/switches").await;
    assert!(switches.shows("name=\"announcement\"") && !switches.shows("name=\"entered\""), "of oneself only: {}", switches.body);
    let me = employee.id.to_string();
    assert_eq!(teacher.post("/my/switches", &[("child", &me)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(teacher.post("/my/switches", &[("child", &school.pupils[0].id.to_string())]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(teacher.post("/my/quiet", &[("quiet_from", "22:00"), ("quiet_to", "07:00"), ("alarms", "pass")]).await.status, StatusCode::SEE_OTHER);
    assert!(teacher.get("/my/quiet").await.shows("value=\"22:00\""));
    let announcement = id();
    write(&school, &director, &announcement, &[("readers", "staff"), ("roles", "teacher")]).await;
    assert_eq!(director.post(&format!("/{}/announcements/{announcement}/send", school.code), &[]).await.status, StatusCode::SEE_OTHER);
    tell_all(&school, &Clock::System).await;
    let outcome: Option<String> = db.query_one("select outcome from delivery where school_id = $1 and recipient_id = $2", &[&school.id.0, &employee.id.0]).await.unwrap().get(0);
    assert_eq!(outcome.as_deref(), Some("switched_off"));
    assert!(teacher.get("/my/inbox").await.shows(&format!("/my/announcements/{announcement}")), "the inbox keeps it all the same");
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
