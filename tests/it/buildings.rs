//! Buildings, from outside: written down, changed, left, and in the place of an order.

use actix_web::http::StatusCode;
use kernel::right::Role;
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
