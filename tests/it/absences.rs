//! Absence notes from outside: what a guardian tells and takes back, what the school sees by class, and what nobody else does.

use actix_web::http::StatusCode;
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use kernel::{
    clock::Clock,
    db::DbRole,
    id::{Uuid, fresh, show},
    right::Role,
};
use shanyraq::town::{Guardian, School};
use testkit::{SchoolBuilder, database, pool};

use crate::{
    bounds::{grant, two},
    roles::staff,
    visitor::Visitor,
};

/// A form whose file was not chosen.
const NOTHING: (&str, &[u8]) = ("", b"");
/// A document by its content.
const PDF: &[u8] = b"%PDF-1.4 told by a doctor";

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
    let wrong = parent.upload(&page, &[("id", &id()), ("from", "2020-01-01"), ("words", "сақталсын")], NOTHING).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.shows("from-error") && wrong.shows("сақталсын"), "{}", wrong.body);
    // Sent twice it is told once; a day that was told already is not told again.
    let (first, tomorrow, after) = (id(), (today() + 1.day()).to_string(), (today() + 3.days()).to_string());
    for _ in 0..2 {
        let told = parent.upload(&page, &[("id", &first), ("from", &tomorrow), ("to", &after), ("reason", "ill"), ("words", "тұмау")], NOTHING).await;
        assert_eq!((told.status, told.location), (StatusCode::SEE_OTHER, Some(format!("{page}?done=told"))));
    }
    let again = parent.upload(&page, &[("id", &id()), ("from", &after), ("reason", "family")], NOTHING).await;
    assert!(again.status == StatusCode::UNPROCESSABLE_ENTITY && again.shows("бұрын хабарланған"), "{}", again.body);
    assert_eq!(holding(&school).await, 1);
    assert!(parent.get(&page).await.shows("тұмау"));
    // Nobody else's child, and nobody else's note.
    let stranger = Visitor::signed_in(&neighbour.guardians[0].login).await;
    assert_eq!(stranger.get(&page).await.status, StatusCode::NOT_FOUND);
    assert_eq!(stranger.upload(&page, &[("id", &id()), ("from", &tomorrow), ("reason", "ill")], NOTHING).await.status, StatusCode::NOT_FOUND);
    assert_eq!(stranger.post(&format!("{page}/withdraw"), &[("note", &first)]).await.status, StatusCode::NOT_FOUND);
    // Before it begins it is taken back, as often as the form is sent; what has begun is not.
    for _ in 0..2 {
        assert_eq!(parent.post(&format!("{page}/withdraw"), &[("note", &first)]).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(holding(&school).await, 0);
    let now = id();
    assert_eq!(parent.upload(&page, &[("id", &now), ("from", &today().to_string()), ("reason", "competition")], NOTHING).await.status, StatusCode::SEE_OTHER);
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

/// Puts a note beside those of the page: of today, told by a guardian.
async fn note(parent: &Visitor, page: &str, from: Date, file: (&str, &[u8])) -> String {
    let note = id();
    let told = parent.upload(page, &[("id", &note), ("from", &from.to_string()), ("reason", "ill")], file).await;
    assert_eq!((told.status, told.location), (StatusCode::SEE_OTHER, Some(format!("{page}?done=told"))));
    note
}

async fn documents(school: &School) -> (i64, i64) {
    let db = database().superuser().await;
    let rows = db.query_one("select count(*) from absence_document where school_id = $1", &[&school.id.0]).await.unwrap().get(0);
    let files = db.query_one("select count(*) from file where school_id = $1 and kind = 'safety.absence_document'", &[&school.id.0]).await.unwrap().get(0);
    (rows, files)
}

#[actix_web::test]
async fn inv_1_and_2_a_document_is_sealed_and_opens_for_the_family_and_who_may_at_the_school() {
    let (school, neighbour) = (SchoolBuilder::new().pupils(44).build().await, SchoolBuilder::new().build().await);
    let parent = Visitor::signed_in(&guardian(&school).login).await;
    let page = format!("/my/{}/absence", school.pupils[0].id);
    // What is no document is said at its field, and the note is not told either.
    let wrong = parent.upload(&page, &[("id", &id()), ("from", &today().to_string()), ("reason", "ill")], ("a.pdf", b"<html>")).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.shows("file-error"), "{}", wrong.body);
    assert_eq!((holding(&school).await, documents(&school).await), (0, (0, 0)));
    let one = note(&parent, &page, today(), ("paper.pdf", PDF)).await;
    // Sent twice, as a phone without net does: one note, one document.
    let again = parent.upload(&page, &[("id", &one), ("from", &today().to_string()), ("reason", "ill")], ("paper.pdf", PDF)).await;
    assert_eq!((again.status, documents(&school).await), (StatusCode::SEE_OTHER, (1, 1)));
    let db = database().superuser().await;
    let bytes: Vec<u8> = db.query_one("select bytes from file_chunk c join absence_document d on d.school_id = c.school_id and d.file_id = c.file_id where d.school_id = $1", &[&school.id.0]).await.unwrap().get(0);
    assert!(!bytes.windows(6).any(|part| part == b"doctor" || part == b"%PDF-1"), "nothing in the clear");
    let own = format!("{page}/document?note={one}");
    assert_eq!(parent.download(&own).await, PDF);
    assert!(parent.get(&page).await.shows(&format!("document?note={one}")));
    // The school: who may, and for their classes; the office sees that there is one and no more.
    let (director, list) = (staff(&school, Role::Director).await, format!("/{}/absences", school.code));
    let there = format!("{list}/{one}/document");
    assert!(director.get(&list).await.shows(&there));
    assert_eq!(director.download(&there).await, PDF);
    let office = staff(&school, Role::SchoolAdministrator).await;
    assert!(!office.get(&list).await.shows(&there));
    assert_eq!(office.get(&there).await.status, StatusCode::FORBIDDEN);
    let looks: i64 = db.query_one("select count(*) from audit where school_id = $1 and action = 'safety.see_absence_document' and whose = array[$2::uuid]", &[&school.id.0, &school.pupils[0].id.0]).await.unwrap().get(0);
    assert_eq!(looks, 2, "each look is written down");
    let [_, (other, class)] = two(&school).await;
    assert_ne!(other.id, school.pupils[0].id);
    let helper = &school.guardians[school.guardians.len() - 1];
    assert_eq!(grant(&school, &director, helper.id.0, "class_teacher", &[class], "").await, StatusCode::SEE_OTHER);
    assert_eq!(Visitor::signed_in(&helper.login).await.get(&there).await.status, StatusCode::NOT_FOUND, "another class");
    // Nobody else, by no address.
    let (stranger, next_door) = (Visitor::signed_in(&neighbour.guardians[0].login).await, staff(&neighbour, Role::Director).await);
    assert_eq!(stranger.get(&own).await.status, StatusCode::NOT_FOUND);
    assert_eq!(stranger.upload(&format!("{page}/document"), &[("note", &one)], ("a.pdf", PDF)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(next_door.get(&there).await.status, StatusCode::NOT_FOUND);
    assert_eq!(next_door.get(&there.replace(&school.code, &neighbour.code)).await.status, StatusCode::NOT_FOUND);
    let nobody = Visitor::nobody().get(&own).await;
    assert!(nobody.location.is_some_and(|to| to.starts_with("/sign-in")));
    // The key of another note does not open it, though it is of the same school and realm.
    let second = note(&parent, &page, today() + 9.days(), ("a.pdf", PDF)).await;
    let swapped = "update absence_document d set sealed_key = o.sealed_key from absence_document o where d.school_id = $1 and o.school_id = $1 and o.note_id <> d.note_id";
    assert_eq!(db.execute(swapped, &[&school.id.0]).await.unwrap(), 2);
    assert_eq!(parent.get(&own).await.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(parent.get(&format!("{page}/document?note={second}")).await.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[actix_web::test]
async fn inv_3_a_document_is_added_later_replaced_and_goes_with_its_note() {
    let school = SchoolBuilder::new().build().await;
    let parent = Visitor::signed_in(&guardian(&school).login).await;
    let page = format!("/my/{}/absence", school.pupils[0].id);
    let tomorrow = today() + 1.day();
    let one = note(&parent, &page, tomorrow, NOTHING).await;
    assert_eq!(documents(&school).await, (0, 0));
    let add = format!("{page}/document");
    let missing = parent.upload(&add, &[("note", &one)], NOTHING).await;
    assert!(missing.status == StatusCode::UNPROCESSABLE_ENTITY && missing.shows(&format!("error-{one}")), "{}", missing.body);
    for text in [PDF, b"%PDF-1.4 the right one"] {
        let added = parent.upload(&add, &[("note", &one)], ("a.pdf", text)).await;
        assert_eq!((added.status, added.location), (StatusCode::SEE_OTHER, Some(format!("{page}?done=document"))));
        assert_eq!(parent.download(&format!("{add}?note={one}")).await, text);
        assert_eq!(documents(&school).await, (1, 1), "in the place of the one before");
    }
    // Taken back: the document goes at once, and none is added.
    assert_eq!(parent.post(&format!("{page}/withdraw"), &[("note", &one)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(documents(&school).await, (0, 0));
    assert_eq!(parent.upload(&add, &[("note", &one)], ("a.pdf", PDF)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(parent.get(&format!("{add}?note={one}")).await.status, StatusCode::NOT_FOUND);
    // Swept: the file goes with its note, in one statement.
    note(&parent, &page, tomorrow, ("a.pdf", PDF)).await;
    let scope = testkit::scope_of(&school);
    let swept = pool(DbRole::Jobs).run(&scope, async |tx| safety::absences::SWEEP.delete.run(tx, (Clock::System.now() + 2400.hours(), 100)).await).await.unwrap();
    assert_eq!((swept, documents(&school).await), (2, (0, 0)), "the one that was taken back, too");
}
