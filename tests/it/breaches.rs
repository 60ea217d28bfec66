//! The register of incidents with personal data, from outside: its clock, its numbers, whom it concerns, and who sees it.

use actix_web::http::StatusCode;
use jiff::{SignedDuration, tz::TimeZone};
use kernel::{
    clock::Clock,
    id::{Uuid, fresh, show},
    right::Role,
};
use shanyraq::town::School;
use testkit::{SchoolBuilder, database};

use crate::{
    live::support,
    roles::{login_of, staff},
    visitor::{Seen, Visitor},
};

/// Registers an incident that was noticed just now, and gives its address.
async fn register(school: &School, by: &Visitor, happened: &str) -> String {
    let id = show(fresh(Clock::System.now()));
    let answer = send(school, by, &id, happened).await;
    let path = format!("/{}/breaches/{id}", school.code);
    assert_eq!((answer.status, answer.location), (StatusCode::SEE_OTHER, Some(format!("{path}?done=registered"))));
    path
}

async fn send(school: &School, by: &Visitor, id: &str, happened: &str) -> Seen {
    let noticed = (Clock::System.now() - SignedDuration::from_mins(2)).to_zoned(TimeZone::get("Asia/Almaty").unwrap());
    let (day, time) = (noticed.date().to_string(), noticed.strftime("%H:%M").to_string());
    let fields = [("id", id), ("day", &day), ("time", &time), ("happened", happened), ("contact", "А. Оспанова, +7 700 000 00 00")];
    by.post(&format!("/{}/breaches", school.code), &fields).await
}

async fn count(sql: &str, school: &School) -> i64 {
    database().superuser().await.query_one(sql, &[&school.id.0]).await.unwrap().get(0)
}

const LISTED: &str = "select count(*) from breach_person where school_id = $1";

#[actix_web::test]
async fn an_incident_runs_from_the_first_entry_to_the_conclusion() {
    let school = SchoolBuilder::new().build().await;
    let director = staff(&school, Role::Director).await.reading("en");
    let path = register(&school, &director, "A laptop with class lists was stolen.").await;
    let page = director.get(&path).await;
    assert!(page.shows("A laptop with class lists was stolen.") && page.shows("h ") && page.shows("Tell the authorised body"), "{}", page.body);

    assert_eq!(director.post(&format!("{path}/steps"), &[("kind", "measure"), ("text", "The passwords were changed.")]).await.status, StatusCode::SEE_OTHER);
    assert!(director.get(&path).await.shows("The passwords were changed."));
    assert_eq!(director.post(&format!("{path}/people"), &[("by", "class"), ("class", "all")]).await.location, Some(format!("{path}?done=people")));
    let members = count("select count(distinct person_id) from school_person where school_id = $1 and valid_to is null", &school).await;
    assert_eq!(count(LISTED, &school).await, members);
    assert_eq!(director.post(&format!("{path}/people"), &[("by", "class"), ("class", "all")]).await.location, Some(format!("{path}?done=nobody")));

    let letter = director.get(&format!("{path}/letter")).await;
    assert!(letter.shows("The passwords were changed.") && letter.shows("481"), "{}", letter.body);
    let file = director.get(&format!("{path}/people.xlsx")).await;
    assert!(file.status == StatusCode::OK && file.body.starts_with("PK"));

    let now = Clock::System.now().to_zoned(TimeZone::get("Asia/Almaty").unwrap());
    let (day, time) = (now.date().to_string(), now.strftime("%H:%M").to_string());
    assert_eq!(director.post(&format!("{path}/reported"), &[("day", &day), ("time", &time), ("letter", "12-3/45")]).await.status, StatusCode::SEE_OTHER);
    assert!(director.get(&path).await.shows("Reported in time"));
    assert_eq!(director.post(&format!("{path}/told"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(count("select count(*) from breach_person where school_id = $1 and told_at is not null", &school).await, members);
    assert_eq!(director.post(&format!("{path}/close"), &[("conclusion", "The laptop is back.")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(director.post(&format!("{path}/steps"), &[("kind", "finding"), ("text", "Late news")]).await.status, StatusCode::CONFLICT);
    assert_eq!(director.post(&format!("{path}/reopen"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(director.post(&format!("{path}/steps"), &[("kind", "finding"), ("text", "Late news")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(count("select count(*) from audit where school_id = $1 and action like 'breaches.%' and action not in ('breaches.see', 'breaches.letter', 'breaches.export')", &school).await, 8);
}

#[actix_web::test]
async fn inv_3_numbers_have_no_gaps_and_a_form_sent_twice_is_one_incident() {
    let school = SchoolBuilder::new().build().await;
    let director = staff(&school, Role::Director).await;
    let id = show(fresh(Clock::System.now()));
    for _ in 0..2 {
        assert_eq!(send(&school, &director, &id, "бір рет").await.status, StatusCode::SEE_OTHER);
    }
    let wrong = send(&school, &director, &show(fresh(Clock::System.now())), " ").await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.shows("А. Оспанова"), "what was typed is kept");
    let several = (0..4).map(|number| register_one(&school, &director, number));
    futures_util::future::join_all(several).await;
    let rows = database().superuser().await.query("select number from breach where school_id = $1 order by number", &[&school.id.0]).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.get::<_, i32>(0)).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
}

async fn register_one(school: &School, by: &Visitor, number: usize) {
    register(school, by, &format!("№ {number}")).await;
}

#[actix_web::test]
async fn everybody_whose_data_a_login_looked_at_is_found_by_the_trail() {
    let school = SchoolBuilder::new().pupils(6).build().await;
    let (director, administrator) = (staff(&school, Role::Director).await, staff(&school, Role::SchoolAdministrator).await);
    let pupil = show(school.pupils[2].id.0);
    assert_eq!(administrator.get(&format!("/{}/pupils/{pupil}", school.code)).await.status, StatusCode::OK);
    let path = register(&school, &director, "логин бөтен қолда").await;
    let today = Clock::System.now().to_zoned(TimeZone::get("Asia/Almaty").unwrap()).date();
    let day = today.to_string();
    let seen_by = |login: String, from: String| {
        let (director, path, day) = (director.clone(), path.clone(), day.clone());
        async move { director.post(&format!("{path}/people"), &[("by", "login"), ("login", &login), ("from", &from), ("until", &day)]).await }
    };
    assert_eq!(seen_by("nobody-of-ours".into(), day.clone()).await.location, Some(format!("{path}?done=nobody")));
    let login = login_of(&school, Role::SchoolAdministrator);
    assert_eq!(seen_by(login.clone(), today.tomorrow().unwrap().to_string()).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(seen_by(login, day.clone()).await.location, Some(format!("{path}?done=people")));
    // The pupil and the guardians on the pupil's page, and none of the five others.
    let listed = "select count(*) from breach_person where school_id = $1 and person_id in (select pupil_id from enrolment where school_id = $1)";
    assert_eq!(count(listed, &school).await, 1);
    assert!(count(LISTED, &school).await > 1);
    assert_eq!(director.post(&format!("{path}/people/remove"), &[("person", &pupil)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(count(listed, &school).await, 0);
}

#[actix_web::test]
async fn inv_4_nobody_of_another_school_gets_onto_the_list_or_sees_it() {
    let (school, neighbour) = (SchoolBuilder::new().build().await, SchoolBuilder::new().build().await);
    let director = staff(&school, Role::Director).await;
    let path = register(&school, &director, "құпия").await;
    let foreign = show(neighbour.pupils[0].id.0);
    assert_eq!(director.post(&format!("{path}/people"), &[("by", "person"), ("person", &foreign)]).await.location, Some(format!("{path}?done=nobody")));
    let foreign_class: Uuid = database().superuser().await.query_one("select class_id from enrolment where school_id = $1 limit 1", &[&neighbour.id.0]).await.unwrap().get(0);
    director.post(&format!("{path}/people"), &[("by", "class"), ("class", &show(foreign_class))]).await;
    director.post(&format!("{path}/people"), &[("by", "login"), ("login", &login_of(&neighbour, Role::Director)), ("from", "2026-01-01"), ("until", "2099-01-01")]).await;
    assert_eq!(count(LISTED, &school).await, 0);

    let stranger = staff(&neighbour, Role::Director).await;
    assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND);
    let id = path.rsplit('/').next().unwrap();
    assert_eq!(stranger.get(&format!("/{}/breaches/{id}", neighbour.code)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(stranger.post(&format!("/{}/breaches/{id}/close", neighbour.code), &[("conclusion", "x")]).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn the_supplier_sees_clocks_and_neither_texts_nor_people() {
    let school = SchoolBuilder::new().build().await;
    let director = staff(&school, Role::Director).await;
    let path = register(&school, &director, "ешкім көрмейтін мәтін").await;
    director.post(&format!("{path}/people"), &[("by", "class"), ("class", "all")]).await;
    let support = support().await;
    let watched = support.get("/support/breaches").await;
    let row = format!("breach-{}", path.rsplit('/').next().unwrap());
    assert!(watched.status == StatusCode::OK && watched.shows(&row) && !watched.shows("ешкім көрмейтін"), "{}", watched.body);
    assert_eq!(support.get(&path).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn inv_2_what_was_registered_is_not_rewritten_by_the_application() {
    let db = database().superuser().await;
    for (table, column) in [("breach", "happened"), ("breach", "detected_at"), ("breach", "due_at"), ("breach", "number"), ("breach_step", "note")] {
        let allowed: bool = db.query_one("select has_column_privilege('shanyraq_web', $1, $2, 'update')", &[&table, &column]).await.unwrap().get(0);
        assert!(!allowed, "{table}.{column}");
    }
    let deletes: bool = db.query_one("select has_table_privilege('shanyraq_web', 'breach', 'delete') or has_table_privilege('shanyraq_web', 'breach_step', 'delete')", &[]).await.unwrap().get(0);
    assert!(!deletes);
}
