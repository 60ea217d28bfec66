//! Cards of pupils and families from outside: what is written down, what it was before, who may change it, and who is a guardian no more.

use actix_web::http::StatusCode;
use kernel::{
    clock::Clock,
    id::{Uuid, fresh, show},
    right::Role,
};
use shanyraq::town::{Habits, School};
use testkit::{SchoolBuilder, database};

use crate::{rights::hire, roles::staff, visitor::Visitor};

fn page(school: &School, pupil: usize, part: &str) -> String {
    format!("/{}/pupils/{}{part}", school.code, school.pupils[pupil].id)
}

async fn number(sql: &str, school: &School) -> i64 {
    database().superuser().await.query_one(sql, &[&school.id.0]).await.unwrap().get(0)
}

/// The fields of the first form as they stand, with some of them changed.
async fn who<'a>(school: &School, changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, String)> {
    let db = database().superuser().await;
    let row = db.query_one("select surname, given_name, coalesce(patronymic, ''), birth_date::text from person where id = $1", &[&school.pupils[0].id.0]).await.unwrap();
    let mut fields: Vec<(&str, String)> = ["surname", "given_name", "patronymic", "birth_date"].into_iter().zip(0..4).map(|(name, at)| (name, row.get(at))).collect();
    fields.retain(|(name, _)| !changed.iter().any(|(other, _)| other == name));
    fields.extend(changed.iter().map(|(name, value)| (*name, (*value).to_owned())));
    fields
}

async fn send(visitor: &Visitor, path: &str, fields: &[(&str, String)]) -> crate::visitor::Seen {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    visitor.post(path, &fields).await
}

#[actix_web::test]
async fn inv_2_a_former_value_stays_with_its_days_and_its_name_is_found() {
    let school = SchoolBuilder::new().build().await;
    let director = staff(&school, Role::Director).await;
    let former: String = school.pupils[0].name.split(' ').next().unwrap().to_owned();
    let surname = format!("Жаңатегінов{}", &show(fresh(Clock::System.now()))[20..].to_lowercase().replace(|one: char| one.is_ascii_digit(), "а"));
    let fields = who(&school, &[("surname", &surname), ("sex", "m"), ("citizenship", "kz"), ("how", "changed"), ("from", "2026-10-01")]).await;
    // Sent twice, as an impatient thumb does.
    for _ in 0..2 {
        let saved = send(&director, &page(&school, 0, "/who"), &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    }
    assert_eq!(director.post(&page(&school, 0, "/contacts"), &[("phone", "8 701 123 45 67"), ("address", "Көкше көшесі, 5"), ("home_language", "kk")]).await.status, StatusCode::SEE_OTHER);
    let seen = director.get(&page(&school, 0, "")).await;
    assert!(seen.shows(&surname) && seen.shows("Ер") && seen.shows("+77011234567") && seen.shows("Көкше көшесі, 5") && seen.shows("Қазақстан"), "{}", seen.body);
    let history = director.get(&page(&school, 0, "/history")).await;
    assert!(history.shows(&format!(">{former}<")) && history.shows("01.10.2026 күніне дейін"), "{}", history.body);
    assert_eq!(history.body.matches(&format!(">{former}<")).count(), 1, "changed once");
    for words in [&surname, &former] {
        let found = director.get(&format!("/{}/pupils?q={}", school.code, web::failure::encoded(words))).await;
        assert!(found.shows(&school.pupils[0].id.to_string()), "{words}");
    }
    // Earlier than what it changes it cannot begin, and wrong fields keep what was typed.
    let early = send(&director, &page(&school, 0, "/who"), &who(&school, &[("surname", "Әріп"), ("from", "2026-09-01"), ("sex", "m"), ("citizenship", "kz")]).await).await;
    assert!(early.status == StatusCode::UNPROCESSABLE_ENTITY && early.shows("from-error"), "{}", early.status);
    let wrong = director.post(&page(&school, 0, "/contacts"), &[("phone", "12"), ("address", "сақталсын")]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.shows("phone-error") && wrong.shows("сақталсын"));
}

#[actix_web::test]
async fn inv_3_a_correction_has_its_reason_and_audit_rows_hold_no_values() {
    let school = SchoolBuilder::new().build().await;
    let administrator = staff(&school, Role::SchoolAdministrator).await;
    let without = who(&school, &[("given_name", "Қатесіз"), ("how", "corrected")]).await;
    let refused = send(&administrator, &page(&school, 0, "/who"), &without).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.shows("reason-error"));
    let with = who(&school, &[("given_name", "Қатесіз"), ("how", "corrected"), ("reason", "пернетақта қатесі")]).await;
    assert_eq!(send(&administrator, &page(&school, 0, "/who"), &with).await.status, StatusCode::SEE_OTHER);
    let history = administrator.get(&page(&school, 0, "/history")).await;
    assert!(history.shows("пернетақта қатесі") && history.shows("Қате жазылған"), "{}", history.body);
    let rows = database().superuser().await;
    let rows = rows.query("select detail::text from audit where school_id = $1 and action = 'people.change_card'", &[&school.id.0]).await.unwrap();
    assert_eq!(rows.len(), 1);
    let detail: String = rows[0].get(0);
    assert!(detail.contains("given_name") && !detail.contains("Қатесіз"), "{detail}");
}

#[actix_web::test]
async fn a_teacher_sees_names_and_no_contacts_and_nobody_changes_a_neighbours_pupil() {
    let (school, neighbour) = (SchoolBuilder::new().teachers(1).build().await, SchoolBuilder::new().build().await);
    let (director, teacher) = (staff(&school, Role::Director).await, staff(&school, Role::Teacher).await);
    director.post(&page(&school, 0, "/contacts"), &[("phone", "8 701 123 45 67")]).await;
    let guardian = format!("/{}/guardians/{}", school.code, school.pupils[0].guardians[0]);
    let edited = director.get(&format!("{guardian}/edit")).await;
    assert!(edited.status == StatusCode::OK && edited.shows("name=\"email\""));
    let seen = teacher.get(&page(&school, 0, "")).await;
    assert!(seen.status == StatusCode::OK && !seen.shows("+77011234567") && !seen.shows("/guardians/"));
    for path in [page(&school, 0, "/who"), page(&school, 0, "/history"), page(&school, 0, "/family"), guardian] {
        assert_eq!(teacher.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let theirs = format!("/{}/pupils/{}", school.code, neighbour.pupils[0].id);
    for part in ["/who", "/contacts", "/history", "/family"] {
        assert_eq!(director.get(&format!("{theirs}{part}")).await.status, StatusCode::NOT_FOUND, "{part}");
    }
    assert_eq!(director.post(&format!("{theirs}/contacts"), &[("phone", "8 701 123 45 67")]).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn inv_1_who_is_ended_sees_nothing_from_the_answer_on() {
    let school = SchoolBuilder::new().build().await;
    let director = staff(&school, Role::Director).await;
    let guardian = school.guardians.iter().find(|guardian| school.pupils[0].guardians.contains(&guardian.id)).unwrap();
    let parent = Visitor::signed_in(&guardian.login).await;
    let child = format!("/my/{}", school.pupils[0].id);
    assert_eq!(parent.get(&child).await.status, StatusCode::OK);
    let id = guardian.id.to_string();
    let tomorrow = director.post(&page(&school, 0, "/family/end"), &[("guardian", &id), ("day", "2126-01-01")]).await;
    assert_eq!(tomorrow.status, StatusCode::UNPROCESSABLE_ENTITY);
    for _ in 0..2 {
        assert_eq!(director.post(&page(&school, 0, "/family/end"), &[("guardian", &id)]).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(parent.get(&child).await.status, StatusCode::NOT_FOUND);
    assert_eq!(number("select count(*) from audit where school_id = $1 and action = 'people.end_kinship'", &school).await, 1);
    assert_eq!(number("select count(*) from school_person m join kinship k on k.school_id = m.school_id and k.guardian_id = m.person_id and k.valid_to is not null where m.school_id = $1 and m.valid_to is null", &school).await, 0, "who has no child here belongs here no longer");
    let family = director.get(&page(&school, 0, "/family")).await;
    assert!(family.shows("Бұрын"), "the former guardian stays in the history");
    // Ended by mistake: found again, linked again, and the login works as before.
    let surname = school.pupils[0].name.split(' ').next().unwrap().chars().take(4).collect::<String>();
    assert!(director.get(&page(&school, 0, &format!("/family?q={}", web::failure::encoded(&surname)))).await.shows(&id));
    assert_eq!(director.post(&page(&school, 0, "/family/link"), &[("guardian", &id), ("kind", "mother")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(parent.get(&child).await.status, StatusCode::OK);
}

#[actix_web::test]
async fn inv_2_a_guardian_of_this_school_is_linked_and_a_stranger_is_not_there() {
    let (school, neighbour) = (SchoolBuilder::new().build().await, SchoolBuilder::new().build().await);
    let director = staff(&school, Role::Director).await;
    let other = school.pupils[1].guardians[0].to_string();
    let kinships = "select count(*) from kinship where school_id = $1 and valid_to is null";
    let before = number(kinships, &school).await;
    let stranger = neighbour.pupils[0].guardians[0].to_string();
    assert_eq!(director.post(&page(&school, 0, "/family/link"), &[("guardian", &stranger), ("kind", "father")]).await.status, StatusCode::NOT_FOUND);
    for _ in 0..2 {
        assert_eq!(director.post(&page(&school, 0, "/family/link"), &[("guardian", &other), ("kind", "father")]).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(number(kinships, &school).await, before + 1);
    // The two are brothers and sisters now, and the guardian's page names both.
    assert!(director.get(&page(&school, 0, "")).await.shows(&school.pupils[1].id.to_string()));
    let card = director.get(&format!("/{}/guardians/{other}", school.code)).await;
    assert!(card.shows(&school.pupils[0].id.to_string()) && card.shows(&school.pupils[1].id.to_string()));
    assert_eq!(director.post(&page(&school, 0, "/family/kind"), &[("guardian", &other), ("kind", "legal_representative")]).await.status, StatusCode::SEE_OTHER);
    assert!(director.get(&page(&school, 0, "")).await.shows("Заңды өкілі"));
    // A new one who is called as somebody here is asked about first.
    let name = database().superuser().await.query_one("select surname, given_name from person where id = $1", &[&school.pupils[2].guardians[0].0]).await.unwrap();
    let (surname, given): (String, String) = (name.get(0), name.get(1));
    let new = [("kind", "mother"), ("surname", surname.as_str()), ("given_name", given.as_str()), ("phone", "8 777 000 00 01")];
    let asked = director.post(&page(&school, 0, "/family"), &new).await;
    assert!(asked.status == StatusCode::UNPROCESSABLE_ENTITY && asked.shows("name=\"anyway\""), "{}", asked.body);
    assert_eq!(director.post(&page(&school, 0, "/family"), &[new.as_slice(), &[("anyway", "1")]].concat()).await.status, StatusCode::SEE_OTHER);
    assert!(director.get(&page(&school, 0, "")).await.shows("+77770000001"));
    assert!(director.get(&page(&school, 1, "/family?q=7770000001")).await.shows(&surname), "found by the phone");
    let rows = database().superuser().await.query("select detail::text from audit where school_id = $1 and action like 'people.%guardian'", &[&school.id.0]).await.unwrap();
    assert!(rows.len() >= 2 && rows.iter().all(|row| !row.get::<_, String>(0).contains(&surname)));
}

#[actix_web::test]
async fn inv_3_who_has_some_classes_links_nobody_of_others() {
    let school = SchoolBuilder::new().pupils(44).habits(Habits::default()).build().await;
    let (own, foreign) = (0, school.pupils.iter().position(|pupil| pupil.class != school.pupils[0].class).unwrap());
    let login = hire(school.id.0, Role::CanteenWorker).await;
    let db = database().superuser().await;
    let class: Uuid = db.query_one("select class_id from enrolment where pupil_id = $1 and valid_to is null", &[&school.pupils[0].id.0]).await.unwrap().get(0);
    let person: Uuid = db.query_one("select person_id from account where login = $1", &[&login]).await.unwrap().get(0);
    let grant = "insert into class_grant (school_id, id, person_id, role, class_ids, valid_from) values ($1, $2, $3, 'deputy_upbringing', array[$4::uuid], now() - interval '1 day')";
    db.execute(grant, &[&school.id.0, &fresh(Clock::System.now()), &person, &class]).await.unwrap();
    let deputy = Visitor::signed_in(&login).await;
    assert_eq!((deputy.get(&page(&school, own, "/family")).await.status, deputy.get(&page(&school, foreign, "/family")).await.status), (StatusCode::OK, StatusCode::NOT_FOUND));
    let theirs = school.pupils[foreign].guardians[0].to_string();
    assert_eq!(deputy.post(&page(&school, own, "/family/link"), &[("guardian", &theirs), ("kind", "other")]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(deputy.get(&format!("/{}/guardians/{theirs}", school.code)).await.status, StatusCode::NOT_FOUND);
    let surname = school.pupils[foreign].name.split(' ').next().unwrap().to_owned();
    let found = deputy.get(&page(&school, own, &format!("/family?q={}", web::failure::encoded(&surname)))).await;
    assert!(!found.shows(&theirs), "{}", found.body);
}
