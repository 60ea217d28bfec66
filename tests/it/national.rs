//! The file for the national database from outside: what it lacks is said before, and whole IINs stand in it for who may see them.

use std::io::Cursor;

use actix_web::http::StatusCode;
use calamine::{Data, Reader, Xlsx};
use kernel::{
    clock::Clock,
    db::DbRole,
    id::show,
    job::{self, End, Work},
    mode::Mode,
    right::Role,
};
use people::{
    iin::Keeper,
    national::{DELIVERED, Mapping, WriteNational},
};
use shanyraq::town::School;
use testkit::{SchoolBuilder, database, pool, scope_of};

use crate::visitor::{Visitor, policy};

async fn director(school: &School) -> Visitor {
    Visitor::signed_in(&school.staff.iter().find(|employee| employee.role == Role::Director).expect("a director").login).await
}

async fn run(school: &School) -> Option<End> {
    let write = WriteNational { keeper: Keeper::of(&policy(), Mode::Test).ok(), mapping: Mapping::parse(DELIVERED).unwrap().into() };
    let works: [&dyn Work; 1] = [&write];
    job::run_next(&pool(DbRole::Jobs), &scope_of(school), &Clock::System, &works, &|| true).await.unwrap().map(|ran| ran.end)
}

/// Orders a file and says where it is.
async fn order(office: &Visitor, school: &School, what: &str, form: &str) -> String {
    let page = format!("/{}/national", school.code);
    assert_eq!(office.post(&page, &[("what", what), ("on", ""), ("form", form)]).await.status, StatusCode::SEE_OTHER);
    let db = database().superuser().await;
    assert_eq!(run(school).await, Some(End::Done), "{:?}", db.query_one("select error from job where school_id = $1 order by created_at desc limit 1", &[&school.id]).await.unwrap().get::<_, Option<String>>(0));
    let id: kernel::id::Uuid = db.query_one("select id from export where school_id = $1 order by ordered_at desc, id desc limit 1", &[&school.id]).await.unwrap().get(0);
    format!("{page}/{}/file", show(id))
}

fn lines(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    range.rows().map(|row| row.iter().map(|cell| match cell { Data::String(text) => text.clone(), Data::Empty => String::new(), other => other.to_string() }).collect()).collect()
}

#[actix_web::test]
async fn inv_2_and_3_a_file_lacks_what_the_page_said_and_holds_iins_for_who_may_see_them() {
    let school = SchoolBuilder::new().pupils(5).teachers(2).build().await;
    let office = director(&school).await;
    let iin = kernel::iin::Iin::synthetic(jiff::civil::date(2014, 3, 8), true, 1409).unwrap();
    office.post(&format!("/{}/pupils/{}/iin", school.code, school.pupils[0].id), &[("iin", iin.reveal())]).await;
    let page = office.get(&format!("/{}/national?what=pupils", school.code)).await;
    assert!(page.shows("Бұл — ұсыныс") && page.shows("lacks=0"), "{}", page.body);
    let named = office.get(&format!("/{}/national?what=pupils&lacks=0", school.code)).await;
    let cards = school.pupils.iter().filter(|pupil| named.shows(&format!("/{}/pupils/{}\"", school.code, pupil.id))).count();
    assert_eq!((cards, named.shows(&school.pupils[0].id.to_string())), (4, false), "four have no IIN: {}", named.body);
    assert!(!named.shows(iin.reveal()), "the page counts numbers and shows none");

    let file = order(&office, &school, "pupils", "xlsx").await;
    assert!(office.get(&format!("/{}/national", school.code)).await.shows(&file));
    let found = lines(&office.download(&file).await);
    let mapping = Mapping::parse(DELIVERED).unwrap();
    let heads: Vec<String> = mapping.columns(people::national::What::Pupils).iter().map(|column| column.heading.clone()).collect();
    assert_eq!((found[0].clone(), found.len()), (heads, 1 + 5));
    assert_eq!(found.iter().skip(1).filter(|line| line[0].is_empty()).count(), 4);
    assert!(found.iter().any(|line| line[0] == iin.reveal()));
    let enrolled = found[0].iter().position(|head| head.contains("зачисления")).unwrap();
    assert!(found.iter().skip(1).all(|line| line[enrolled].len() == 10), "{found:?}");

    // In the database the file is sealed, and IINs stand nowhere in the clear.
    let db = database().superuser().await;
    let clear = "select count(*) from export_part p where school_id = $1 and position(convert_to($2, 'UTF8') in sealed) > 0";
    assert_eq!(db.query_one(clear, &[&school.id, &iin.reveal()]).await.unwrap().get::<_, i64>(0), 0);

    // The school takes the right to whole IINs away from its director: that file is closed, and the next one has none.
    db.execute("insert into role_right_switch (school_id, role, right_name, is_on, changed_at) values ($1, 'director', 'people.see_iin', false, now())", &[&school.id]).await.unwrap();
    let bounded = director(&school).await;
    assert_eq!(bounded.get(&file).await.status, StatusCode::FORBIDDEN);
    assert!(bounded.get(&format!("/{}/national", school.code)).await.shows("ЖСН бағаны бос қалады"));
    let file = order(&bounded, &school, "pupils", "csv").await;
    let csv = String::from_utf8(bounded.download(&file).await).unwrap();
    assert!(csv.starts_with('\u{feff}') && csv.contains("\r\n") && !csv.contains(iin.reveal()) && csv.lines().count() == 6, "{csv}");
    let written: i64 = db.query_one("select count(*) from audit where school_id = $1 and action in ('people.order_national', 'people.fetch_national')", &[&school.id]).await.unwrap().get(0);
    assert_eq!(written, 4);
}

#[actix_web::test]
async fn staff_and_classes_go_out_too_and_a_day_is_any_day() {
    let school = SchoolBuilder::new().pupils(4).teachers(2).build().await;
    let office = director(&school).await;
    let staff = lines(&office.download(&order(&office, &school, "staff", "xlsx").await).await);
    assert!(staff.len() > school.staff.len() && staff.iter().any(|line| line[1].contains('а') || !line[1].is_empty()), "{staff:?}");
    let classes = lines(&office.download(&order(&office, &school, "classes", "xlsx").await).await);
    let pupils = classes[0].iter().position(|head| head.contains("Учеников")).unwrap();
    assert_eq!(classes.iter().skip(1).map(|line| line[pupils].parse::<usize>().unwrap()).sum::<usize>(), 4);
    // Before the school year nobody was here.
    let before = office.get(&format!("/{}/national?what=pupils&on=2020-01-01", school.code)).await;
    assert!(before.shows("01.01.2020") && !before.shows("name=\"form\""), "{}", before.body);
    assert!(office.get(&format!("/{}/national?on=31.02.2026", school.code)).await.shows("мұндай күн жоқ"));
    assert_eq!(office.post(&format!("/{}/national", school.code), &[("what", "cats"), ("on", ""), ("form", "xlsx")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}
