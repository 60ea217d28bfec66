//! Buildings, from outside: written down, changed, left, and in the place of an order.

use actix_web::http::{Method, StatusCode};
use futures_util::future::join;
use kernel::{
    id::{read, show},
    right::Role,
};
use testkit::{SchoolBuilder, database};

use crate::{roles::staff, visitor::Seen};

const ID: &str = "01jc0000000000000000000bld";

fn fields<'a>(name: &'a str, version: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let all = [("id", ID), ("version", version), ("name_kk", name), ("name_ru", "Главный корпус"), ("kind", "main"), ("place_kk", "Өскемен қ."), ("place_ru", "г. Усть-Каменогорск"), ("address", "Абай көшесі, 5"), ("capacity", "900"), ("shifts", "2"), ("valid_from", "1987-09-01")];
    let others = all.into_iter().filter(|(field, _)| !more.iter().any(|(other, _)| other == field));
    others.chain(more.iter().copied()).collect()
}

fn is_saved(seen: &Seen) -> bool {
    seen.status == StatusCode::SEE_OTHER
}

#[actix_web::test]
async fn inv_1_and_2_a_change_adds_a_version_and_the_second_of_two_is_refused() {
    let school = SchoolBuilder::new().pupils(1).build().await;
    let (office, list) = (staff(&school, Role::SchoolAdministrator).await, format!("/{}/buildings", school.code));
    assert!(office.get(&list).await.shows("Ғимарат табылмады"));
    for _ in 0..2 {
        assert!(is_saved(&office.post(&list, &fields("Бас ғимарат", "", &[])).await), "sent twice, it is written once");
    }
    let id = database().superuser().await.query_one("select id from building where school_id = $1", &[&school.id.0]).await.unwrap().get(0);
    let page = format!("{list}/{}", kernel::id::show(id));
    assert!(office.get(&list).await.shows("Өскемен қ., Абай көшесі, 5"));
    let wrong = office.post(&page, &fields("Бас ғимарат", "1", &[("floors", "many"), ("valid_to", "1986-01-01")])).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.shows("id=\"floors-error\"") && wrong.shows("id=\"valid_to-error\"") && wrong.shows("value=\"many\""), "{}", wrong.body);
    for _ in 0..2 {
        assert!(is_saved(&office.post(&page, &fields("Ескі ғимарат", "1", &[("capacity", "950")])).await), "sent twice, it is changed once");
    }
    let second = office.post(&page, &fields("Басқа атау", "1", &[])).await;
    assert!(second.status == StatusCode::CONFLICT && second.shows("Ғимаратты біреу өзгертіп қойған"), "{}", second.body);
    let shown = office.get(&page).await;
    assert!(shown.shows("Ескі ғимарат") && shown.shows("Бас ғимарат") && shown.shows("950") && !shown.shows("Басқа атау"), "{}", shown.body);
    // Left, it is among the former ones.
    assert!(is_saved(&office.post(&page, &fields("Ескі ғимарат", "2", &[("valid_to", "2020-05-25")])).await));
    assert!(!office.get(&list).await.shows("Ескі ғимарат") && office.get(&format!("{list}?state=former&q=%D0%95%D0%A1%D0%9A%D0%86")).await.shows("Ескі ғимарат"));
    assert!(office.download(&format!("{list}.xlsx?state=former")).await.starts_with(b"PK"));
    // Nobody of the application takes back what was written.
    let web = database().connect_as("shanyraq_web").await;
    for sql in ["update building set name_kk = 'x'", "delete from building"] {
        let refused = web.execute(sql, &[]).await.unwrap_err();
        assert_eq!(refused.code(), Some(&tokio_postgres::error::SqlState::INSUFFICIENT_PRIVILEGE), "{sql}");
    }
    let told: i64 = database().superuser().await.query_one("select count(*) from audit where school_id = $1 and action in ('people.add_building', 'people.change_building')", &[&school.id.0]).await.unwrap().get(0);
    assert_eq!(told, 3);
}

#[actix_web::test]
async fn inv_3_and_4_no_class_loses_its_building_before_its_year_ends() {
    let (school, neighbour) = (SchoolBuilder::new().pupils(1).build().await, SchoolBuilder::new().pupils(1).build().await);
    let (office, code) = (staff(&school, Role::SchoolAdministrator).await, &school.code);
    let (houses, classes) = (format!("/{code}/buildings"), format!("/{code}/classes"));
    let other = "01jc0000000000000000000ba1";
    assert!(is_saved(&office.post(&houses, &fields("Бас ғимарат", "", &[])).await));
    assert!(is_saved(&office.post(&houses, &fields("Жаңа ғимарат", "", &[("id", other), ("valid_from", "2020-09-01")])).await));
    let theirs = staff(&neighbour, Role::Director).await;
    assert!(is_saved(&theirs.post(&format!("/{}/buildings", neighbour.code), &fields("Көрші", "", &[("id", "01jc0000000000000000000ne1")])).await));
    let id = show(read(ID).unwrap());
    let row = database().superuser().await.query_one("select id, grade, letter from school_class where school_id = $1 and grade = 1 order by letter limit 1", &[&school.id.0]).await.unwrap();
    let (class, label) = (show(row.get(0)), format!("{}{}", row.get::<_, i16>(1), row.get::<_, String>(2)));
    let (page, letter) = (format!("{classes}/{class}"), row.get::<_, String>(2));
    let at = |building: &str, room: &str| {
        let all = [("grade", "1"), ("letter", letter.as_str()), ("language", "kk"), ("shift", "1"), ("kind", "ordinary"), ("profile", "general"), ("home_building", building), ("home_room", room)];
        all.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let choose = async |building: &str, room: &str| {
        let fields = at(building, room);
        office.post(&page, &fields.each_ref().map(|(name, value)| (name.as_str(), value.as_str()))).await
    };
    // A building of another school, none at all, and a room with too long a name.
    for (building, room, field) in [("01jc0000000000000000000ne1", "", "home_building"), ("castle", "", "home_building"), (ID, &"x".repeat(41), "home_room")] {
        let wrong = choose(building, room).await;
        assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.shows(&format!("id=\"{field}-error\"")), "{building}: {}", wrong.body);
    }
    assert!(is_saved(&choose(ID, " 214 ").await));
    let shown = office.get(&page).await;
    assert!(shown.shows("Бас ғимарат, 214") && office.clone().reading("ru").get(&page).await.shows("Главный корпус, 214"), "{}", shown.body);
    assert!(office.get(&format!("{page}/form")).await.shows("value=\"214\""));
    assert!(office.get(&format!("{classes}.csv")).await.shows("Бас ғимарат, 214"), "in the file");
    let told: serde_json::Value = serde_json::from_str(&office.ask(Method::GET, &format!("/api/v1/schools/{code}/classes"), &[]).await.body).unwrap();
    let told = told["items"].as_array().unwrap().iter().find(|one| one["id"] == class.as_str()).unwrap();
    assert_eq!((&told["home_building"]["id"], &told["home_building"]["name_ru"], &told["home_room"]), (&id.as_str().into(), &"Главный корпус".into(), &"214".into()));
    // The building says whose home it is, and is not left before the year is over; what was typed stays.
    let house = format!("{houses}/{ID}");
    assert!(office.get(&house).await.shows(&format!("{page}\">{label}</a>")));
    let refused = office.post(&house, &fields("Бас ғимарат", "1", &[("valid_to", "2026-12-31")])).await;
    assert!(refused.status == StatusCode::CONFLICT && refused.shows("Ғимаратты жабуға болмайды") && refused.shows(&label) && refused.shows("value=\"2026-12-31\""), "{}", refused.body);
    assert!(is_saved(&office.post(&house, &fields("Бас ғимарат", "1", &[("valid_to", "2027-06-30")])).await));
    // Of the two at once, who leaves a building and who moves into it, one is refused.
    assert!(is_saved(&choose("", "").await));
    assert!(is_saved(&office.post(&house, &fields("Бас ғимарат", "2", &[])).await));
    let closing = fields("Бас ғимарат", "3", &[("valid_to", "2026-11-30")]);
    let (moved, left) = join(choose(ID, "7"), office.post(&house, &closing)).await;
    assert!(is_saved(&moved) != is_saved(&left), "{} {}", moved.status, left.status);
    // Elsewhere, the class lets its building go; it is no choice any more.
    assert!(is_saved(&choose(other, "7").await));
    office.post(&house, &closing).await;
    let late = choose(ID, "7").await;
    assert!(late.status == StatusCode::UNPROCESSABLE_ENTITY && late.shows("оқу жылының соңына дейін пайдаланылмайды"), "{}", late.body);
    assert!(!office.get(&format!("{page}/form")).await.shows("Бас ғимарат"));
}
