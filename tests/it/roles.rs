//! Roles that a school makes, from outside: what they open, to whom, from when on, and what nobody can make of them.

use actix_web::http::{Method, StatusCode};
use kernel::{
    clock::Clock,
    id::{Uuid, fresh, show},
    right::Role,
};
use shanyraq::town::School;
use testkit::{SchoolBuilder, database};

use crate::visitor::Visitor;

/// Somebody of the staff, by role.
pub async fn staff(school: &School, role: Role) -> Visitor {
    Visitor::signed_in(&login_of(school, role)).await
}

/// The login of somebody of the staff.
pub fn login_of(school: &School, role: Role) -> String {
    school.staff.iter().find(|employee| employee.role == role).expect("somebody of that role").login.clone()
}

/// Makes a role through the form, and gives its id.
async fn make(school: &School, by: &Visitor, rights: &[&str]) -> Uuid {
    let id = fresh(Clock::System.now());
    let (shown, name) = (show(id), format!("Кезекші {}", show(id)));
    let mut fields = vec![("id", shown.as_str()), ("name_kk", name.as_str()), ("name_ru", "Дежурный")];
    fields.extend(rights.iter().map(|right| (*right, "on")));
    let made = by.post(&format!("/{}/roles", school.code), &fields).await;
    assert_eq!((made.status, made.location), (StatusCode::SEE_OTHER, Some(format!("/{}/roles", school.code))));
    id
}

/// A guardian of the school: somebody without any role of the staff.
fn parent(school: &School) -> (&str, Uuid) {
    (&school.guardians[0].login, school.guardians[0].id.0)
}

async fn grant(school: &School, by: &Visitor, person: Uuid, role: &str) -> StatusCode {
    by.post(&format!("/{}/accounts/{}/grant", school.code, show(person)), &[("role", role)]).await.status
}

async fn trail(school: &School, action: &str) -> i64 {
    let db = database().superuser().await;
    db.query_one("select count(*) from audit where school_id = $1 and action = $2", &[&school.id.0, &action]).await.unwrap().get(0)
}

#[actix_web::test]
async fn inv_3_a_role_of_the_school_opens_what_it_holds_at_once_and_nothing_else() {
    let school = SchoolBuilder::new().build().await;
    let director = staff(&school, Role::Director).await;
    let (login, person) = parent(&school);
    let (presence, pupils) = (format!("/{}/presence", school.code), format!("/{}/pupils", school.code));
    let helper = Visitor::signed_in(login).await;
    assert_eq!(helper.get(&presence).await.status, StatusCode::FORBIDDEN);

    let role = make(&school, &director, &["live.see_school"]).await;
    assert_eq!(grant(&school, &director, person, &show(role)).await, StatusCode::SEE_OTHER);
    let seen = helper.get(&presence).await;
    assert_eq!(seen.status, StatusCode::OK);
    assert!(seen.shows(&presence) && !seen.shows(&pupils), "the navigation offers what is open");
    assert_eq!(helper.get(&pupils).await.status, StatusCode::FORBIDDEN);
    assert_eq!(helper.get("/my").await.status, StatusCode::OK, "and they are a parent still");

    let path = format!("/{}/roles/{}", school.code, show(role));
    let changed = director.post(&path, &[("name_kk", "Кезекші"), ("name_ru", "Дежурный"), ("people.see_pupils", "on")]).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER);
    assert_eq!((helper.get(&presence).await.status, helper.get(&pupils).await.status), (StatusCode::FORBIDDEN, StatusCode::OK));

    for _ in 0..2 {
        assert_eq!(director.post(&format!("{path}/close"), &[]).await.status, StatusCode::SEE_OTHER, "closed twice is closed");
    }
    assert_eq!(helper.get(&pupils).await.status, StatusCode::FORBIDDEN);
    assert_eq!(director.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn inv_4_what_happens_to_roles_stands_in_the_audit() {
    let school = SchoolBuilder::new().build().await;
    let director = staff(&school, Role::Director).await;
    let role = make(&school, &director, &["live.see_school"]).await;
    let path = format!("/{}/roles/{}", school.code, show(role));
    director.post(&path, &[("name_kk", "Кезекші"), ("name_ru", "Дежурный"), ("people.see_pupils", "on")]).await;
    director.post(&format!("{path}/close"), &[]).await;
    for action in ["identity.make_role", "identity.change_role", "identity.close_role"] {
        assert_eq!(trail(&school, action).await, 1, "{action}");
    }
    let db = database().superuser().await;
    let detail: serde_json::Value = db.query_one("select detail from audit where school_id = $1 and action = 'identity.change_role'", &[&school.id.0]).await.unwrap().get(0);
    assert_eq!(detail, serde_json::json!({ "before": ["live.see_school"], "rights": ["people.see_pupils"] }));
}

#[actix_web::test]
async fn a_form_with_a_right_that_is_not_the_schools_to_give_makes_no_role() {
    let school = SchoolBuilder::new().build().await;
    let director = staff(&school, Role::Director).await;
    for right in ["fleet.see", "fleet.register", "app.see_own_children", "no.such_right", "is_admin"] {
        let seen = director.post(&format!("/{}/roles", school.code), &[("name_kk", "Кезекші"), ("name_ru", "Дежурный"), ("live.see_school", "on"), (right, "on")]).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "{right}");
        assert!(seen.shows("value=\"Кезекші\""), "what was typed stays");
    }
    let db = database().superuser().await;
    let made: i64 = db.query_one("select count(*) from school_role where school_id = $1", &[&school.id.0]).await.unwrap().get(0);
    assert_eq!(made, 0);
    let offered = director.get(&format!("/{}/roles/new", school.code)).await;
    assert!(offered.shows("name=\"live.see_school\"") && !offered.shows("name=\"fleet.see\"") && !offered.shows("name=\"fleet.take_downtime\""));
}

#[actix_web::test]
async fn a_right_smuggled_into_the_table_opens_nothing_of_the_suppliers() {
    let school = SchoolBuilder::new().build().await;
    let director = staff(&school, Role::Director).await;
    let (login, person) = parent(&school);
    let role = make(&school, &director, &["live.see_school"]).await;
    grant(&school, &director, person, &show(role)).await;
    let db = database().superuser().await;
    db.execute("insert into school_role_right (school_id, role_id, right_name, added_at) values ($1, $2, 'fleet.see', now())", &[&school.id.0, &role]).await.unwrap();
    let helper = Visitor::signed_in(login).await;
    assert_eq!(helper.get("/support/devices").await.status, StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn inv_2_who_hands_out_logins_by_a_role_of_the_school_hands_on_only_what_they_hold() {
    let school = SchoolBuilder::new().teachers(1).build().await;
    let director = staff(&school, Role::Director).await;
    let (login, person) = parent(&school);
    let clerk_role = make(&school, &director, &["identity.manage_accounts", "identity.manage_roles"]).await;
    let seeing = make(&school, &director, &["live.see_school"]).await;
    grant(&school, &director, person, &show(clerk_role)).await;
    let clerk = Visitor::signed_in(login).await;
    let other = school.guardians[1].id.0;

    assert_eq!(grant(&school, &clerk, other, &show(clerk_role)).await, StatusCode::SEE_OTHER, "what they hold themselves");
    for role in [show(seeing), "teacher".to_owned(), "director".to_owned(), "school_administrator".to_owned()] {
        assert_eq!(grant(&school, &clerk, other, &role).await, StatusCode::CONFLICT, "{role}");
    }
    for role in ["support", "supplier_administrator", "ministry", "guardian", "own"] {
        let status = grant(&school, &director, other, role).await;
        assert!(status == StatusCode::CONFLICT || status == StatusCode::UNPROCESSABLE_ENTITY, "{role}: {status}");
    }
    let more = clerk.post(&format!("/{}/roles/{}", school.code, show(clerk_role)), &[("name_kk", "Хатшы"), ("name_ru", "Секретарь"), ("live.see_school", "on")]).await;
    assert_eq!(more.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody puts into a role what they do not hold");
    let beyond = clerk.post(&format!("/{}/roles/{}/close", school.code, show(seeing)), &[]).await;
    assert_eq!(beyond.status, StatusCode::CONFLICT);
    let teacher = school.staff.iter().find(|employee| employee.role == Role::Teacher).unwrap().id;
    for act in ["password", "block"] {
        let seen = clerk.post(&format!("/{}/accounts/{teacher}/{act}", school.code), &[]).await;
        assert_eq!(seen.status, StatusCode::CONFLICT, "{act}: a teacher holds more");
    }
    let administrator = staff(&school, Role::SchoolAdministrator).await;
    assert_eq!(grant(&school, &administrator, other, "director").await, StatusCode::CONFLICT, "only a director makes a director");
}

#[actix_web::test]
async fn a_neighbours_role_is_given_to_nobody_here() {
    let (school, neighbour) = (SchoolBuilder::new().build().await, SchoolBuilder::new().build().await);
    let theirs = make(&neighbour, &staff(&neighbour, Role::Director).await, &["live.see_school"]).await;
    let director = staff(&school, Role::Director).await;
    assert_eq!(grant(&school, &director, parent(&school).1, &show(theirs)).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(grant(&school, &director, parent(&neighbour).1, "teacher").await, StatusCode::NOT_FOUND);
    let elsewhere = director.ask(Method::GET, &format!("/{}/roles/{}", school.code, show(theirs)), &[]).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn two_roles_of_one_name_are_one_too_many() {
    let school = SchoolBuilder::new().build().await;
    let director = staff(&school, Role::Director).await;
    let path = format!("/{}/roles", school.code);
    let fields = [("name_kk", "Кезекші"), ("name_ru", "Дежурный"), ("live.see_school", "on")];
    assert_eq!(director.post(&path, &fields).await.status, StatusCode::SEE_OTHER);
    let twice = director.reading("ru").post(&path, &fields).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
}
