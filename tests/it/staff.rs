//! Staff from outside: the list and its file, cards with their lines, seniority, who retires when, and dismissal.

use actix_web::http::StatusCode;
use kernel::{clock::Clock, id::{fresh, show}, right::Role};
use shanyraq::town::School;
use testkit::{SchoolBuilder, database};

use crate::{roles::staff, visitor::Visitor};

fn card(school: &School, role: Role) -> String {
    format!("/{}/staff/{}", school.code, school.staff.iter().find(|employee| employee.role == role).unwrap().id)
}

const POST: [(&str, &str); 6] = [("kind", "post"), ("title", "teacher"), ("detail", "Физика"), ("sort", "main"), ("rate", "1,25"), ("from", "2020-09-01")];

#[actix_web::test]
async fn inv_2_a_line_ends_or_is_struck_out_and_stays() {
    let school = SchoolBuilder::new().teachers(1).build().await;
    let (director, card) = (staff(&school, Role::Director).await, card(&school, Role::Teacher));
    let row = show(fresh(Clock::System.now()));
    let line = format!("{card}/line");
    for _ in 0..2 {
        assert_eq!(director.post(&line, &[POST.as_slice(), &[("row", row.as_str())]].concat()).await.status, StatusCode::SEE_OTHER);
    }
    // Ten years elsewhere, of which one was here already: it counts once.
    let elsewhere = [("kind", "period"), ("title", "№ 5 мектеп"), ("is_pedagogical", "1"), ("from", "2010-09-01"), ("to", "2020-08-31")];
    assert_eq!(director.post(&line, &elsewhere).await.status, StatusCode::SEE_OTHER);
    assert_eq!(director.post(&line, &[("kind", "category"), ("title", "expert"), ("from", "2022-01-10"), ("to", "2027-01-10"), ("document", "№ 12-к")]).await.status, StatusCode::SEE_OTHER);
    let wrong = director.post(&line, &[("kind", "post"), ("title", "teacher"), ("rate", "9")]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.shows("rate-error") && wrong.shows("from-error"));
    let seen = director.get(&card).await;
    assert!(seen.shows("1,25 ставка") && seen.shows("Физика") && seen.shows("16 жыл") && seen.shows("Педагог-сарапшы") && seen.shows("№ 12-к"), "{}", seen.body);
    assert_eq!(seen.body.matches("Физика").count(), 2, "written once: in the head and in the line");

    assert_eq!(director.post(&format!("{card}/strike"), &[("line", &row)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    for _ in 0..2 {
        assert_eq!(director.post(&format!("{card}/strike"), &[("line", &row), ("reason", "басқа адам")]).await.status, StatusCode::SEE_OTHER);
    }
    let seen = director.get(&card).await;
    assert!(seen.shows("<s>Мұғалім</s>") && seen.shows("басқа адам") && seen.shows("10 жыл"), "{}", seen.body);
    let rows = database().superuser().await.query("select action, detail::text from audit where school_id = $1 and action like '%staff_line' order by at", &[&school.id.0]).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>(), ["people.add_staff_line", "people.add_staff_line", "people.add_staff_line", "people.strike_staff_line"]);
    assert!(rows.iter().all(|row| !row.get::<_, String>(1).contains("Физика")));
}

#[actix_web::test]
async fn inv_3_who_is_dismissed_holds_nothing_from_the_answer_on() {
    let school = SchoolBuilder::new().teachers(1).build().await;
    let (director, teacher) = (staff(&school, Role::Director).await, staff(&school, Role::Teacher).await);
    let (card, own) = (card(&school, Role::Teacher), card(&school, Role::Director));
    director.post(&format!("{card}/line"), &POST).await;
    let pupils = format!("/{}/pupils", school.code);
    assert_eq!(teacher.get(&pupils).await.status, StatusCode::OK);
    assert_eq!(director.post(&format!("{card}/dismiss"), &[("last", "")]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "not without the box");
    for _ in 0..2 {
        assert_eq!(director.post(&format!("{card}/dismiss"), &[("sure", "1")]).await.status, StatusCode::SEE_OTHER);
    }
    assert!(teacher.get(&pupils).await.status.is_client_error());
    assert!(director.get(&card).await.shows("Бұл мектепте енді істемейді"), "the card stays");
    assert!(!director.get(&format!("/{}/staff", school.code)).await.shows(&card));
    assert_eq!(director.post(&format!("{own}/dismiss"), &[("sure", "1")]).await.status, StatusCode::CONFLICT, "nobody dismisses themselves");
    let told: i64 = database().superuser().await.query_one("select count(*) from audit where school_id = $1 and action = 'people.dismiss'", &[&school.id.0]).await.unwrap().get(0);
    assert_eq!(told, 1);
}

#[actix_web::test]
async fn the_list_is_filtered_exported_and_says_who_retires() {
    let (school, neighbour) = (SchoolBuilder::new().teachers(3).build().await, SchoolBuilder::new().teachers(1).build().await);
    let director = staff(&school, Role::Director).await;
    let hired = [("surname", "Зейнеткерова"), ("given_name", "Сара"), ("birth_date", "1964-03-01"), ("sex", "f"), ("title", "librarian"), ("sort", "external"), ("rate", "0,5"), ("from", "2026-09-01")];
    let new = director.post(&format!("/{}/staff-new", school.code), &hired).await;
    assert_eq!(new.status, StatusCode::SEE_OTHER, "{}", new.body);
    let card = new.location.unwrap();
    assert!(director.get(&card).await.shows("01.03.2025"), "sixty-one years");
    let list = format!("/{}/staff", school.code);
    let all = director.get(&list).await;
    assert_eq!(all.body.matches("sh-cell-title").count(), 6, "director, administrator, three teachers and the new one");
    for (query, shown) in [("?q=зейнеткер", true), ("?position=librarian", true), ("?position=teacher", false), ("?kind=external", true), ("?category=none", true), ("?category=expert", false)] {
        assert_eq!(director.get(&format!("{list}{}", query.replace("зейнеткер", &web::failure::encoded("зейнеткер")))).await.shows("Зейнеткерова"), shown, "{query}");
    }
    assert_eq!(director.get(&format!("{list}.xlsx")).await.status, StatusCode::OK);
    let forecast = director.get(&format!("{list}-forecast?years=1")).await;
    assert!(forecast.shows("Зейнеткерова") && forecast.shows("01.03.2025") && forecast.shows("Әлі салыстырылмаған"), "{}", forecast.body);
    let teacher = staff(&school, Role::Teacher).await;
    for path in [list.clone(), format!("{list}.xlsx"), format!("{list}-forecast"), card.clone()] {
        assert_eq!(teacher.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let theirs = neighbour.staff[2].id;
    assert_eq!(director.get(&format!("{list}/{theirs}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(director.get(&format!("{list}/{}", school.pupils[0].id)).await.status, StatusCode::NOT_FOUND, "a pupil has no staff card");
    assert_eq!(Visitor::nobody().get(&list).await.status, StatusCode::SEE_OTHER);
}
