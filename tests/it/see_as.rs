//! Looking with somebody's eyes, from outside: what it opens, what it never does, and what the person seen learns of it.

use actix_web::http::{Method, StatusCode};
use kernel::{
    clock::Clock,
    id::{Uuid, fresh, show},
    right::Role,
};
use shanyraq::town::School;
use testkit::{
    SchoolBuilder, database,
    source::{Access, routes},
};

use crate::{roles::staff, visitor::Visitor};

const REASON: &str = "Ата-ана баласын таппай хабарласты";

async fn begin(school: &School, by: &Visitor, person: Uuid) -> StatusCode {
    let id = show(fresh(Clock::System.now()));
    by.post(&format!("/{}/accounts/{}/see-as", school.code, show(person)), &[("id", &id), ("reason", REASON)]).await.status
}

/// Gives somebody a role of the school.
async fn appoint(school: &School, person: Uuid, role: &str) {
    let db = database().superuser().await;
    db.execute("insert into role_grant (school_id, person_id, role, valid_from) values ($1, $2, $3, now() - interval '1 day')", &[&school.id.0, &person, &role]).await.unwrap();
}

#[actix_web::test]
async fn inv_5_an_administrator_sees_what_a_parent_sees_and_the_parent_learns_of_it() {
    let school = SchoolBuilder::new().build().await;
    let child = &school.pupils[0];
    let parent = school.guardians.iter().find(|guardian| child.guardians.contains(&guardian.id)).unwrap();
    let administrator = staff(&school, Role::SchoolAdministrator).await;
    let (page, form) = (format!("/my/{}", child.id), format!("/{}/accounts/{}/see-as", school.code, show(parent.id.0)));
    assert_eq!(administrator.get(&page).await.status, StatusCode::NOT_FOUND);
    assert!(administrator.get(&form).await.shows("name=\"reason\""));
    assert_eq!(administrator.post(&form, &[("reason", "x")]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "without a reason nobody looks");
    assert_eq!(begin(&school, &administrator, parent.id.0).await, StatusCode::SEE_OTHER);

    let seen = administrator.get(&page).await;
    assert_eq!(seen.status, StatusCode::OK);
    assert!(seen.shows("action=\"/see-as/end\"") && seen.shows("болып көріп отырсыз"), "a banner with the way back: {}", seen.body);
    let db = database().superuser().await;
    let me = school.staff.iter().find(|employee| employee.role == Role::SchoolAdministrator).unwrap().id.0;
    for action in ["app.see_history", "identity.saw_as", "identity.begin_see_as"] {
        let row = db.query_one("select person_id, coalesce(detail->>'seen_as', ''), coalesce(reason, '') from audit where school_id = $1 and action = $2 order by at desc limit 1", &[&school.id.0, &action]).await.unwrap();
        assert_eq!(row.get::<_, Uuid>(0), me, "{action}");
        match action {
            "identity.begin_see_as" => assert_eq!(row.get::<_, String>(2), REASON),
            _ => assert_eq!(row.get::<_, String>(1), show(parent.id.0), "{action}"),
        }
    }
    let learns = Visitor::signed_in(&parent.login).await;
    let told = learns.get("/account/seen").await;
    assert!(told.shows(REASON), "{}", told.body);
    assert!(learns.get("/my/audit").await.shows("Балам") || learns.get("/my/audit").await.status == StatusCode::OK);

    let ended = administrator.post("/see-as/end", &[]).await;
    assert_eq!(ended.location, Some(format!("/{}/accounts/{}", school.code, show(parent.id.0))));
    assert_eq!(administrator.get(&page).await.status, StatusCode::NOT_FOUND);
    assert_eq!(administrator.get(&format!("/{}/accounts", school.code)).await.status, StatusCode::OK, "themselves again");
}

#[actix_web::test]
async fn inv_1_whatever_changes_something_is_refused() {
    let school = SchoolBuilder::new().build().await;
    let (child, administrator) = (&school.pupils[0], staff(&school, Role::SchoolAdministrator).await);
    let parent = school.guardians.iter().find(|guardian| child.guardians.contains(&guardian.id)).unwrap();
    assert_eq!(begin(&school, &administrator, parent.id.0).await, StatusCode::SEE_OTHER);
    let mut tried = 0;
    for route in routes().unwrap().iter().filter(|route| route.access == Access::SignedIn) {
        let address = route.path.replace("{id}", &show(child.id.0)).replace("{child:[0-9a-zA-Z]{26}}", &child.id.to_string());
        let changes = route.method != "GET" && route.path != "/see-as/end";
        let own = route.path.starts_with("/account") || route.path.starts_with("/live");
        if !(changes || own) {
            continue;
        }
        tried += 1;
        let seen = administrator.ask(Method::from_bytes(route.method.as_bytes()).unwrap(), &address, &[("child", &child.id.to_string())]).await;
        assert_eq!(seen.status, StatusCode::CONFLICT, "{} {}", route.method, route.path);
    }
    assert!(tried > 12, "{tried}");
    let locale = administrator.post("/locale", &[("locale", "ru")]).await;
    assert_eq!(locale.status, StatusCode::CONFLICT);
    assert_eq!(begin(&school, &administrator, school.guardians[1].id.0).await, StatusCode::CONFLICT, "with another's eyes nobody looks as a third");
}

#[actix_web::test]
async fn inv_2_nobody_looks_as_who_holds_more_or_belongs_elsewhere_too() {
    let (school, neighbour) = (SchoolBuilder::new().teachers(1).build().await, SchoolBuilder::new().build().await);
    let (administrator, director) = (staff(&school, Role::SchoolAdministrator).await, staff(&school, Role::Director).await);
    let id_of = |role: Role| school.staff.iter().find(|employee| employee.role == role).unwrap().id.0;
    assert_eq!(begin(&school, &administrator, id_of(Role::Director)).await, StatusCode::CONFLICT, "an administrator makes no director");
    assert_eq!(begin(&school, &administrator, id_of(Role::SchoolAdministrator)).await, StatusCode::CONFLICT, "themselves");
    assert_eq!(begin(&school, &director, id_of(Role::Teacher)).await, StatusCode::FORBIDDEN, "the right is the administrator's");
    assert_eq!(begin(&school, &administrator, neighbour.guardians[0].id.0).await, StatusCode::NOT_FOUND);
    appoint(&neighbour, school.guardians[0].id.0, "teacher").await;
    assert_eq!(begin(&school, &administrator, school.guardians[0].id.0).await, StatusCode::CONFLICT, "belongs elsewhere too");
    database().superuser().await.execute("delete from session where account_id in (select id from account where person_id = $1)", &[&school.guardians[1].id.0]).await.unwrap();
    database().superuser().await.execute("delete from account where person_id = $1", &[&school.guardians[1].id.0]).await.unwrap();
    assert_eq!(begin(&school, &administrator, school.guardians[1].id.0).await, StatusCode::CONFLICT, "nobody looks as who cannot sign in");
    assert_eq!(begin(&school, &administrator, id_of(Role::Teacher)).await, StatusCode::SEE_OTHER);
    assert_eq!(administrator.get(&format!("/{}/accounts", school.code)).await.status, StatusCode::FORBIDDEN, "a teacher sees what a teacher sees");
}

#[actix_web::test]
async fn inv_3_what_is_confidential_stays_closed() {
    let mut confidential: Vec<&str> = people::confidential::RIGHTS.iter().map(|(right, _)| right.0).collect();
    confidential.push("safety.see_absence_documents");
    assert_eq!(confidential.iter().filter(|right| !identity::see_as::CLOSED.contains(right)).collect::<Vec<_>>(), Vec::<&&str>::new(), "say it in see_as::rules::CLOSED");
    let school = SchoolBuilder::new().build().await;
    let administrator = staff(&school, Role::SchoolAdministrator).await;
    let helper = school.guardians[0].id.0;
    for role in ["nurse", "social_pedagogue", "psychologist"] {
        appoint(&school, helper, role).await;
    }
    assert_eq!(begin(&school, &administrator, helper).await, StatusCode::SEE_OTHER);
    let pupils = format!("/{}/pupils", school.code);
    assert_eq!(administrator.get(&pupils).await.status, StatusCode::OK, "a psychologist's own pages are seen");
    let mut walked = 0;
    for route in routes().unwrap() {
        let Access::Right(right) = &route.access else { continue };
        if route.method != "GET" || !confidential.contains(&right.as_str()) {
            continue;
        }
        walked += 1;
        let address = route.path.replace("{school}", &school.code).replace("{id}", &show(school.pupils[0].id.0));
        assert_eq!(administrator.get(&address).await.status, StatusCode::FORBIDDEN, "{}", route.path);
    }
    assert!(walked >= 4, "{walked}");
    // Nor what a guardian keeps with the school.
    let child = school.pupils.iter().find(|pupil| pupil.guardians.contains(&school.guardians[0].id)).unwrap();
    let note = kernel::id::show(child.id.0);
    assert_eq!(administrator.get(&format!("/my/{}/absence", child.id)).await.status, StatusCode::OK, "the note itself is seen");
    assert_eq!(administrator.get(&format!("/my/{}/absence/document?note={note}", child.id)).await.status, StatusCode::CONFLICT);
}

#[actix_web::test]
async fn inv_4_it_ends_after_half_an_hour_and_when_the_seer_may_no_longer() {
    let school = SchoolBuilder::new().teachers(1).build().await;
    let (administrator, director) = (staff(&school, Role::SchoolAdministrator).await, staff(&school, Role::Director).await);
    let teacher = school.staff.iter().find(|employee| employee.role == Role::Teacher).unwrap().id.0;
    let accounts = format!("/{}/accounts", school.code);
    let db = database().superuser().await;
    let too_long = db.execute("insert into see_as (school_id, id, seer_id, seen_id, session_id, reason, began_at, expires_at) values ($1, gen_random_uuid(), $2, $3, gen_random_uuid(), 'test', now(), now() + interval '31 minutes')", &[&school.id.0, &teacher, &school.guardians[0].id.0]).await;
    assert!(too_long.is_err(), "no row lets anybody look longer");

    assert_eq!(begin(&school, &administrator, teacher).await, StatusCode::SEE_OTHER);
    assert_eq!(administrator.get(&accounts).await.status, StatusCode::FORBIDDEN);
    db.execute("update see_as set began_at = began_at - interval '31 minutes', expires_at = expires_at - interval '31 minutes' where school_id = $1", &[&school.id.0]).await.unwrap();
    // What a role opens changes, so that this instance asks the database again.
    assert_eq!(director.post(&format!("/{}/roles/delivered/canteen_worker", school.code), &[("trail.see", "on")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(administrator.get(&accounts).await.status, StatusCode::OK, "half an hour is over");

    assert_eq!(begin(&school, &administrator, teacher).await, StatusCode::SEE_OTHER);
    assert_eq!(administrator.get(&accounts).await.status, StatusCode::FORBIDDEN);
    assert_eq!(director.post(&format!("/{}/roles/delivered/school_administrator", school.code), &[]).await.status, StatusCode::SEE_OTHER, "the right to look is switched off");
    assert_eq!(administrator.get(&accounts).await.status, StatusCode::OK, "themselves again, at once");
}
