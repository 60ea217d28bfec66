//! Absence notes from outside: what a guardian tells and takes back, what the school sees by class, and what nobody else does.

use actix_web::http::StatusCode;
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use kernel::{
    clock::Clock,
    id::{Uuid, fresh, show},
    right::Role,
};
use shanyraq::town::{Guardian, School};
use testkit::{SchoolBuilder, database};

use crate::{
    bounds::{grant, two},
    roles::staff,
    visitor::Visitor,
};

fn id() -> String {
    show(fresh(Clock::System.now()))
}

fn today() -> Date {
    Clock::System.now().to_zoned(TimeZone::get("Asia/Almaty").unwrap()).date()
}

fn guardian(school: &School) -> &Guardian {
    school.guardians.iter().find(|guardian| school.pupils[0].guardians.contains(&guardian.id)).expect("a guardian")
}

async fn holding(school: &School) -> i64 {
    database().superuser().await.query_one("select count(*) from absence_note where school_id = $1 and withdrawn_at is null", &[&school.id.0]).await.unwrap().get(0)
}

#[actix_web::test]
async fn inv_1_2_and_3_a_guardian_tells_once_takes_back_in_time_and_who_is_barred_is_nobody() {
    let (school, neighbour) = (SchoolBuilder::new().build().await, SchoolBuilder::new().build().await);
    let parent = Visitor::signed_in(&guardian(&school).login).await;
    let child = school.pupils[0].id.to_string();
    let page = format!("/my/{child}/absence");
    assert!(parent.get(&format!("/my/{child}")).await.shows(&page), "the way from the child's page");
    let form = parent.get(&page).await;
    assert!(form.status == StatusCode::OK && form.shows("name=\"from\"") && form.shows("Ауырып қалды"), "{}", form.body);
    // What is wrong is said at its field, and what was typed stays.
    let wrong = parent.post(&page, &[("id", &id()), ("from", "2020-01-01"), ("words", "сақталсын")]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.shows("from-error") && wrong.shows("сақталсын"), "{}", wrong.body);
    // Sent twice it is told once; a day that was told already is not told again.
    let (first, tomorrow, after) = (id(), (today() + 1.day()).to_string(), (today() + 3.days()).to_string());
    for _ in 0..2 {
        let told = parent.post(&page, &[("id", &first), ("from", &tomorrow), ("to", &after), ("reason", "ill"), ("words", "тұмау")]).await;
        assert_eq!((told.status, told.location), (StatusCode::SEE_OTHER, Some(format!("{page}?done=told"))));
    }
    let again = parent.post(&page, &[("id", &id()), ("from", &after), ("reason", "family")]).await;
    assert!(again.status == StatusCode::UNPROCESSABLE_ENTITY && again.shows("бұрын хабарланған"), "{}", again.body);
    assert_eq!(holding(&school).await, 1);
    assert!(parent.get(&page).await.shows("тұмау"));
    // Nobody else's child, and nobody else's note.
    let stranger = Visitor::signed_in(&neighbour.guardians[0].login).await;
    assert_eq!(stranger.get(&page).await.status, StatusCode::NOT_FOUND);
    assert_eq!(stranger.post(&page, &[("id", &id()), ("from", &tomorrow), ("reason", "ill")]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(stranger.post(&format!("{page}/withdraw"), &[("note", &first)]).await.status, StatusCode::NOT_FOUND);
    // Before it begins it is taken back, as often as the form is sent; what has begun is not.
    for _ in 0..2 {
        assert_eq!(parent.post(&format!("{page}/withdraw"), &[("note", &first)]).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(holding(&school).await, 0);
    let now = id();
    assert_eq!(parent.post(&page, &[("id", &now), ("from", &today().to_string()), ("reason", "competition")]).await.status, StatusCode::SEE_OTHER);
    let begun = parent.post(&format!("{page}/withdraw"), &[("note", &now)]).await;
    assert!(begun.status == StatusCode::CONFLICT && begun.shows("басталып кетті"), "{}", begun.body);
    // Who is barred from the child's data is a guardian no more.
    let limit = "insert into custody_limit (school_id, id, pupil_id, guardian_id, no_data, no_pickup, basis, valid_from, set_by, set_at) values ($1, $1, $2, $3, true, false, 'family_word', '2026-09-01', $3, now())";
    database().superuser().await.execute(limit, &[&school.id.0, &school.pupils[0].id.0, &guardian(&school).id.0]).await.unwrap();
    assert_eq!(parent.get(&page).await.status, StatusCode::NOT_FOUND);
    let told = database().superuser().await.query("select action, detail::text from audit where school_id = $1 and action like 'safety.%absence%' order by at", &[&school.id.0]).await.unwrap();
    let actions: Vec<String> = told.iter().map(|row| row.get(0)).filter(|action| action != "safety.see_own_absences").collect();
    assert_eq!(actions, ["safety.tell_absence", "safety.take_absence_back", "safety.tell_absence"]);
    assert!(told.iter().all(|row| !row.get::<_, String>(1).contains("тұмау")), "ids and no words");
}

#[actix_web::test]
async fn inv_4_the_school_sees_by_class_writes_down_calls_and_takes_them_back() {
    let school = SchoolBuilder::new().pupils(44).build().await;
    let (director, list) = (staff(&school, Role::Director).await, format!("/{}/absences", school.code));
    let [(one, class), (other, _)] = two(&school).await;
    assert!(director.get(&list).await.shows("Хабар жоқ"));
    let found = director.get(&format!("{list}/new?q={}", web::failure::encoded(&one.name))).await;
    assert!(found.shows(&format!("pupil={}", one.id)), "{}", found.body);
    let mut notes = Vec::new();
    for (pupil, words) in [(one, "шаңғы жарысы"), (other, "той болады")] {
        let (note, child, from) = (id(), pupil.id.to_string(), today().to_string());
        let entered = director.post(&format!("{list}/new"), &[("id", &note), ("pupil", &child), ("from", &from), ("reason", "other"), ("words", words)]).await;
        assert_eq!((entered.status, entered.location), (StatusCode::SEE_OTHER, Some(format!("{list}?entered={note}"))));
        notes.push(note);
    }
    let all = director.get(&format!("{list}?when=today")).await;
    assert!(all.shows("шаңғы жарысы") && all.shows("той болады"), "{}", all.body);
    assert!(director.get(&format!("{list}?when=coming")).await.shows("сай хабар жоқ"));
    let file = String::from_utf8(director.download(&format!("{list}.csv?class={}", show(class))).await).unwrap();
    assert!(file.contains("шаңғы жарысы") && !file.contains("той болады"), "{file}");
    // Whoever is class teacher of one class sees, finds and takes back only of this one.
    let helper = &school.guardians[school.guardians.len() - 1];
    assert_eq!(grant(&school, &director, helper.id.0, "class_teacher", &[class], "").await, StatusCode::SEE_OTHER);
    let teacher = Visitor::signed_in(&helper.login).await;
    let seen = teacher.get(&list).await;
    assert!(seen.shows("шаңғы жарысы") && !seen.shows("той болады"), "{}", seen.body);
    assert!(!teacher.get(&format!("{list}/new?q={}", web::failure::encoded(&other.name))).await.shows(&format!("pupil={}", other.id)));
    assert_eq!(teacher.get(&format!("{list}/new?pupil={}", other.id)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(teacher.post(&format!("{list}/{}/withdraw", notes[1]), &[]).await.status, StatusCode::NOT_FOUND);
    for _ in 0..2 {
        assert_eq!(teacher.post(&format!("{list}/{}/withdraw", notes[0]), &[]).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(holding(&school).await, 1);
    let neighbour = SchoolBuilder::new().build().await;
    let stranger: Uuid = neighbour.pupils[0].id.0;
    let foreign = director.post(&format!("{list}/new"), &[("id", &id()), ("pupil", &show(stranger)), ("from", &today().to_string()), ("reason", "ill")]).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
}
