//! Certificates from outside: a guardian takes one with one tap, the office sees and revokes it, anybody checks it, and nobody learns more.

use actix_web::http::StatusCode;
use kernel::right::Role;
use shanyraq::town::{Guardian, School};
use testkit::{SchoolBuilder, database};

use crate::{roles::staff, visitor::Visitor};

fn guardian(school: &School) -> &Guardian {
    school.guardians.iter().find(|guardian| school.pupils[0].guardians.contains(&guardian.id)).expect("a guardian")
}

/// Number, code and names of the certificates of a school, in the order of their numbers.
async fn issued(school: &School) -> Vec<(i32, String)> {
    let rows = database().superuser().await.query("select number, code from certificate where school_id = $1 order by number", &[&school.id.0]).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

#[actix_web::test]
async fn inv_1_and_2_a_guardian_takes_one_a_day_and_nobody_else_does() {
    let (school, neighbour) = (SchoolBuilder::new().build().await, SchoolBuilder::new().build().await);
    let parent = Visitor::signed_in(&guardian(&school).login).await;
    let child = &school.pupils[0];
    let page = format!("/my/{}/documents", child.id);
    assert!(parent.get(&format!("/my/{}", child.id)).await.shows(&page), "the way from the child's page");
    let documents = parent.get(&page).await;
    assert!(documents.status == StatusCode::OK && documents.shows("Анықтама алу"), "{}", documents.body);
    // Twice on a day it is the same paper; a name that was mended makes another.
    let first = parent.post(&page, &[]).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    assert_eq!(parent.post(&page, &[]).await.location, first.location);
    let one = first.location.unwrap();
    let paper = parent.get(&one).await;
    assert!(paper.shows("АНЫҚТАМА") && paper.shows("СПРАВКА") && paper.shows(&child.name) && paper.shows("/certificate"), "{}", paper.body);
    let db = database().superuser().await;
    db.execute("update person set given_name = 'Мерейлі' where id = $1", &[&child.id.0]).await.unwrap();
    assert!(!parent.get(&one).await.shows("Мерейлі"), "what was said stays as it was said");
    let second = parent.post(&page, &[]).await.location.unwrap();
    assert!(second != one && parent.get(&second).await.shows("Мерейлі"));
    assert_eq!(issued(&school).await.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 2], "numbers without gaps");
    let audited: i64 = db.query_one("select count(*) from audit where school_id = $1 and action = 'people.issue_certificate'", &[&school.id.0]).await.unwrap().get(0);
    assert_eq!(audited, 2);
    // Nobody else's child, by no address.
    let stranger = Visitor::signed_in(&neighbour.guardians[0].login).await;
    for path in [&page, &one, &format!("{one}/certificate.pdf")] {
        assert_eq!(stranger.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(stranger.post(&page, &[]).await.status, StatusCode::NOT_FOUND);
    let own = format!("/my/{}/documents", neighbour.pupils.iter().find(|pupil| pupil.guardians.contains(&neighbour.guardians[0].id)).unwrap().id);
    assert_eq!(stranger.get(&one.replace(&page, &own)).await.status, StatusCode::NOT_FOUND);
    assert!(Visitor::nobody().get(&one).await.location.is_some_and(|to| to.starts_with("/sign-in")));
    // Who left is issued none; who is barred sees none.
    db.execute("update enrolment set valid_to = current_date where school_id = $1 and pupil_id = $2", &[&school.id.0, &child.id.0]).await.unwrap();
    let left = parent.post(&page, &[]).await;
    assert!(left.status == StatusCode::CONFLICT && left.shows("оқымайды"), "{}", left.body);
    let limit = "insert into custody_limit (school_id, id, pupil_id, guardian_id, no_data, no_pickup, basis, valid_from, set_by, set_at) values ($1, $1, $2, $3, true, false, 'family_word', '2026-09-01', $3, now())";
    db.execute(limit, &[&school.id.0, &child.id.0, &guardian(&school).id.0]).await.unwrap();
    assert_eq!(parent.get(&page).await.status, StatusCode::NOT_FOUND);
    assert_eq!(parent.get(&one).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn inv_3_anybody_checks_a_code_and_learns_initials_only() {
    let school = SchoolBuilder::new().teachers(1).build().await;
    let parent = Visitor::signed_in(&guardian(&school).login).await;
    let child = &school.pupils[0];
    parent.post(&format!("/my/{}/documents", child.id), &[]).await;
    let (number, code) = issued(&school).await.remove(0);
    let nobody = Visitor::nobody();
    let empty = nobody.get("/certificate").await;
    assert!(empty.status == StatusCode::OK && empty.shows("name=\"code\""), "{}", empty.body);
    let typed = format!("{}-{}-{}", &code[..4], &code[4..8], &code[8..]).to_lowercase();
    let found = nobody.get(&format!("/certificate?code={typed}")).await;
    let (surname, given_name) = child.name.split_once(' ').unwrap();
    let initials = format!("{}. {}.", surname.chars().next().unwrap(), given_name.chars().next().unwrap());
    assert!(found.status == StatusCode::OK && found.shows("шын және жарамды") && found.shows(&initials) && found.shows(&format!("<dd>{number}</dd>")), "{}", found.body);
    assert!(!found.shows(surname) && !found.shows(given_name) && !found.shows(&child.class), "{}", found.body);
    let none = nobody.get("/certificate?code=ABCD-EFGH-JKLM").await;
    assert!(none.status == StatusCode::UNPROCESSABLE_ENTITY && none.shows("Мұндай анықтама жоқ"), "{}", none.body);
    // The office revokes it with a reason; the page says so, and the reason is the school's.
    let (director, list) = (staff(&school, Role::Director).await, format!("/{}/certificates", school.code));
    assert!(director.get(&format!("{list}?q={number}&state=valid")).await.shows(&child.name));
    let id: kernel::id::Uuid = database().superuser().await.query_one("select id from certificate where school_id = $1", &[&school.id.0]).await.unwrap().get(0);
    let one = format!("{list}/{}", kernel::id::show(id));
    assert!(director.get(&one).await.shows("/revoke"));
    assert_eq!(director.post(&format!("{one}/revoke"), &[("why", " ")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    for _ in 0..2 {
        assert_eq!(director.post(&format!("{one}/revoke"), &[("why", "туған күні қате")]).await.status, StatusCode::SEE_OTHER);
    }
    assert!(director.get(&one).await.shows("туған күні қате") && !director.get(&one).await.shows("/revoke\""));
    let revoked = nobody.get(&format!("/certificate?code={code}")).await;
    assert!(revoked.shows("күшін жойған") && !revoked.shows("туған күні қате"), "{}", revoked.body);
    let own = parent.get(&format!("/my/{}/documents", child.id)).await;
    assert!(own.shows("Күші жойылған") && !own.shows("туған күні қате"), "{}", own.body);
    // Nobody gets the same words again at once; what was put right is issued.
    let again = parent.post(&format!("/my/{}/documents", child.id), &[]).await;
    assert!(again.status == StatusCode::CONFLICT && again.shows("күшін мектеп"), "{}", again.body);
    database().superuser().await.execute("update person set birth_date = birth_date + 1 where id = $1", &[&child.id.0]).await.unwrap();
    assert_eq!(parent.post(&format!("/my/{}/documents", child.id), &[]).await.status, StatusCode::SEE_OTHER);
    // A teacher sees none; the neighbour's director finds nothing.
    assert_eq!(staff(&school, Role::Teacher).await.get(&list).await.status, StatusCode::FORBIDDEN);
    let neighbour = SchoolBuilder::new().build().await;
    let next_door = staff(&neighbour, Role::Director).await;
    assert_eq!(next_door.get(&one.replace(&school.code, &neighbour.code)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(next_door.post(&format!("{}/revoke", one.replace(&school.code, &neighbour.code)), &[("why", "t")]).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn inv_4_a_certificate_changes_no_more_but_that_it_is_revoked() {
    let school = SchoolBuilder::new().build().await;
    let parent = Visitor::signed_in(&guardian(&school).login).await;
    parent.post(&format!("/my/{}/documents", school.pupils[0].id), &[]).await;
    let db = testkit::pool(kernel::db::DbRole::Web);
    let rewrite = kernel::sql::Command::<(kernel::id::SchoolId,)>::new("test.rewrite", "update certificate set surname = 'х' where school_id = $1");
    assert!(db.run(&testkit::scope_of(&school), async |tx| rewrite.run(tx, (school.id,)).await).await.is_err(), "no grant");
    let remove = kernel::sql::Command::<(kernel::id::SchoolId,)>::new("test.remove", "delete from certificate where school_id = $1");
    assert!(db.run(&testkit::scope_of(&school), async |tx| remove.run(tx, (school.id,)).await).await.is_err(), "no grant");
}
