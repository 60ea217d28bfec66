//! Authorities above schools, from outside: sums of their own schools, worst first, and nothing of anybody.

use actix_web::http::StatusCode;
use kernel::{
    clock::Clock,
    id::{Uuid, fresh, show},
    right::Role,
};
use shanyraq::town::School;
use testkit::{SchoolBuilder, database};

use crate::visitor::Visitor;

/// Makes an authority below another.
async fn found(kind: &str, parent: Option<Uuid>) -> (Uuid, String) {
    let id = fresh(Clock::System.now());
    let code = format!("o{:08x}", id.as_u128() & 0xffff_ffff);
    let name = format!("Authority {code}");
    let text = "insert into organisation (id, parent_id, kind, code, name_kk, name_ru, name_en, shard) values ($1, $2, $3, $4, $5, $5, $5, $6)";
    let shard = i16::from(protocol::topic::shard_of(&protocol::topic::Code::parse(&code).unwrap()));
    database().superuser().await.execute(text, &[&id, &parent, &kind, &code, &name, &shard]).await.unwrap();
    (id, code)
}

/// Somebody who works for an authority.
async fn official(organisation: Uuid, role: Role) -> Visitor {
    let db = database().superuser().await;
    let (person, account) = (fresh(Clock::System.now()), fresh(Clock::System.now()));
    let login = format!("official-{}", show(person));
    db.execute("insert into person (id, surname, given_name) values ($1, 'Қызметкер', 'Маман')", &[&person]).await.unwrap();
    db.execute("insert into account (id, person_id, login, password_hash) values ($1, $2, $3, $4)", &[&account, &person, &login, &shanyraq::town::DEMO_PASSWORD_HASH]).await.unwrap();
    db.execute("insert into role_grant (school_id, person_id, role, valid_from) values ($1, $2, $3, now() - interval '1 day')", &[&organisation, &person, &role.as_str()]).await.unwrap();
    Visitor::signed_in(&login).await
}

async fn place(school: &School, below: Uuid) {
    database().superuser().await.execute("update organisation set parent_id = $2 where id = $1", &[&school.id.0, &below]).await.unwrap();
}

#[actix_web::test]
async fn inv_1_a_district_sees_its_own_schools_and_nothing_else() {
    let (region, region_code) = found("region", None).await;
    let ((own, own_code), (other, other_code)) = (found("district", Some(region)).await, found("district", Some(region)).await);
    let (school, stranger) = (SchoolBuilder::new().pupils(22).build().await, SchoolBuilder::new().pupils(22).build().await);
    place(&school, own).await;
    place(&stranger, other).await;
    let district = official(own, Role::DistrictDepartment).await;
    assert_eq!(district.get("/departments").await.location, Some(format!("/departments/{own_code}")));
    let page = district.get(&format!("/departments/{own_code}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.shows(&school.code) && !page.shows(&stranger.code), "{}", page.body);
    for code in [&other_code, &region_code, &stranger.code, &school.code, &"supplier".to_owned(), &"nothing".to_owned()] {
        assert_eq!(district.get(&format!("/departments/{code}")).await.status, StatusCode::NOT_FOUND, "{code}");
        assert_eq!(district.get(&format!("/departments/{code}/schools.xlsx")).await.status, StatusCode::NOT_FOUND, "{code}");
    }
    assert_eq!(district.get(&format!("/{}/pupils", school.code)).await.status, StatusCode::NOT_FOUND, "a school's own pages are not a department's");
    // The function itself, asked from another scope than its caller's own.
    let db = database().connect_as("shanyraq_web").await;
    for (scope, rows) in [(own, 1_i64), (region, 1), (other, 0), (stranger.id.0, 0)] {
        db.batch_execute(&format!("begin; select set_config('shanyraq.schools', '{scope}', true)")).await.unwrap();
        let seen: i64 = db.query_one("select count(*) from departments_figures($1)", &[&own]).await.unwrap().get(0);
        let scope_after: String = db.query_one("select current_setting('shanyraq.schools', true)", &[]).await.unwrap().get(0);
        assert_eq!((seen, scope_after), (rows, scope.to_string()), "and the caller's scope is what it was");
        db.batch_execute("rollback").await.unwrap();
    }
}

#[actix_web::test]
async fn inv_2_no_person_and_no_small_number_leaves_the_database() {
    let (district, code) = found("district", None).await;
    let (large, small) = (SchoolBuilder::new().pupils(22).build().await, SchoolBuilder::new().pupils(3).build().await);
    place(&large, district).await;
    place(&small, district).await;
    let official = official(district, Role::DistrictDepartment).await.reading("en");
    let page = official.get(&format!("/departments/{code}")).await;
    assert!(page.shows("fewer than 5") && page.shows(">22<"), "{}", page.body);
    for school in [&large, &small] {
        for pupil in &school.pupils {
            assert!(!page.shows(&pupil.name) && !page.shows(&pupil.id.to_string()));
        }
        assert!(school.guardians.iter().all(|guardian| !page.shows(&guardian.id.to_string())));
    }
    let db = database().connect_as("shanyraq_web").await;
    db.batch_execute(&format!("begin; select set_config('shanyraq.schools', '{district}', true)")).await.unwrap();
    let row = db.query_one("select pupils, guardians, reached from departments_figures($1) where code = $2", &[&district, &small.code]).await.unwrap();
    assert_eq!((row.get::<_, Option<i64>>(0), row.get::<_, Option<i64>>(1), row.get::<_, Option<i64>>(2)), (None, None, None));
    let people = db.query_one("select count(*) from enrolment", &[]).await.unwrap().get::<_, i64>(0);
    assert_eq!(people, 0, "what the function saw its caller does not see");
}

#[actix_web::test]
async fn a_region_sees_its_districts_summed_and_looks_into_each() {
    let (region, region_code) = found("region", None).await;
    let (district, district_code) = found("district", Some(region)).await;
    let schools = [SchoolBuilder::new().pupils(22).build().await, SchoolBuilder::new().pupils(22).build().await];
    for school in &schools {
        place(school, district).await;
    }
    let official = official(region, Role::RegionAdministration).await.reading("en");
    let page = official.get(&format!("/departments/{region_code}")).await;
    assert!(page.shows(&format!("href=\"/departments/{district_code}\"")) && page.shows("2 schools") && page.shows(">44<"), "{}", page.body);
    let below = official.get(&format!("/departments/{district_code}?sort=name&q={}", schools[1].code)).await;
    assert!(below.shows(&format!("href=\"/departments/{region_code}\"")) && below.shows(&schools[1].code) && !below.shows(&format!("School {}", schools[0].code)), "{}", below.body);
    assert_eq!(official.get(&format!("/departments/{district_code}/schools.xlsx")).await.status, StatusCode::OK);
}

#[actix_web::test]
async fn the_supplier_places_a_school_and_its_district_sees_it() {
    let (district, code) = found("district", None).await;
    let (region, _) = found("region", None).await;
    let school = SchoolBuilder::new().build().await;
    let support = official(identity::SUPPLIER.0, Role::Support).await;
    assert_eq!(support.get("/support/organisations").await.status, StatusCode::OK);
    let place = |organisation: Uuid, parent: Uuid| {
        let support = support.clone();
        async move { support.post(&format!("/support/organisations/{}/place", show(organisation)), &[("parent", &show(parent))]).await.status }
    };
    assert_eq!(place(school.id.0, district).await, StatusCode::SEE_OTHER);
    assert!(official(district, Role::DistrictDepartment).await.get(&format!("/departments/{code}")).await.shows(&school.code));
    for (organisation, parent) in [(district, school.id.0), (region, district), (school.id.0, school.id.0), (district, identity::SUPPLIER.0)] {
        assert_eq!(place(organisation, parent).await, StatusCode::CONFLICT);
    }
    let director = crate::roles::staff(&school, Role::Director).await;
    assert_eq!(director.get("/support/organisations").await.status, StatusCode::FORBIDDEN);
}
