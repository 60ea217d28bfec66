//! Logins from outside: seen, given, blocked, reset; roles with their dates; and guardians who come in by a printed code.

use actix_web::http::StatusCode;
use futures_util::future::join;
use kernel::{
    clock::Clock,
    id::{Uuid, fresh, show},
    right::Role,
};
use shanyraq::town::School;
use testkit::{SchoolBuilder, database};

use crate::{
    roles::{login_of, staff},
    visitor::{Seen, Visitor},
};

fn person_of(school: &School, role: Role) -> kernel::id::PersonId {
    school.staff.iter().find(|employee| employee.role == role).expect("somebody of that role").id
}

fn account_page(school: &School, person: impl std::fmt::Display) -> String {
    format!("/{}/accounts/{person}", school.code)
}

/// What is printed large on a slip, in order.
fn secrets(seen: &Seen) -> Vec<String> {
    seen.body.split("sh-slip-secret\">").skip(1).filter_map(|rest| Some(rest.split('<').next()?.to_owned())).collect()
}

async fn sign_in(login: &str, password: &str) -> StatusCode {
    Visitor::nobody().post("/sign-in", &[("login", login), ("password", password)]).await.status
}

/// Takes a guardian's login away, as if they never had one.
async fn without_login(guardian: Uuid) {
    let db = database().superuser().await;
    db.execute("delete from account where person_id = $1", &[&guardian]).await.unwrap();
}

async fn class_of(school: &School, pupil: usize) -> kernel::id::ClassId {
    let db = database().superuser().await;
    let row = db.query_one("select class_id from enrolment where school_id = $1 and pupil_id = $2", &[&school.id.0, &school.pupils[pupil].id.0]).await.unwrap();
    kernel::id::ClassId(row.get(0))
}

#[actix_web::test]
async fn the_list_is_searched_filtered_and_taken_along() {
    let school = SchoolBuilder::new().pupils(60).teachers(1).build().await;
    let director = staff(&school, Role::Director).await.reading("ru");
    let path = format!("/{}/accounts", school.code);
    let first = director.get(&path).await;
    assert!(first.shows("rel=\"next\"") && first.shows("Учитель"), "{}", first.body);
    let login = &school.guardians[40].login;
    let found = director.get(&format!("{path}?q={login}")).await;
    assert!(found.shows(login) && !found.shows("rel=\"next\""));
    let teachers = director.get(&format!("{path}?role=teacher")).await;
    assert!(teachers.shows(&login_of(&school, Role::Teacher)) && !teachers.shows("-parent-"));
    let signed_in = director.get(&format!("{path}?role=director")).await;
    assert!(signed_in.shows("Может войти") && !signed_in.shows("Ещё не входил(а)"), "the director has signed in");
    assert!(director.get(&format!("{path}?state=without_login")).await.shows("Никто не найден"));
    let file = director.get(&format!("{path}.xlsx?role=guardian")).await;
    assert_eq!(file.status, StatusCode::OK);
    let db = database().superuser().await;
    let noted: i32 = db.query_one("select (detail->>'rows')::int from audit where school_id = $1 and action = 'identity.export_accounts'", &[&school.id.0]).await.unwrap().get(0);
    assert_eq!(usize::try_from(noted).unwrap(), school.guardians.len());
}

#[actix_web::test]
async fn inv_5_a_role_counts_at_once_and_for_its_time() {
    let school = SchoolBuilder::new().build().await;
    let (director, guardian) = (staff(&school, Role::Director).await, &school.guardians[0]);
    let (page, presence) = (account_page(&school, guardian.id), format!("/{}/presence", school.code));
    let parent = Visitor::signed_in(&guardian.login).await;
    assert_eq!(parent.get(&presence).await.status, StatusCode::FORBIDDEN);

    let promised = director.post(&format!("{page}/grant"), &[("role", "door_guard"), ("from", "2099-01-01")]).await;
    assert_eq!(promised.location, Some(format!("{page}?done=granted")));
    assert_eq!(parent.get(&presence).await.status, StatusCode::FORBIDDEN, "it has not begun");
    director.post(&format!("{page}/end"), &[("role", "door_guard")]).await;
    director.post(&format!("{page}/grant"), &[("role", "door_guard"), ("until", "2099-01-01")]).await;
    assert_eq!(parent.get(&presence).await.status, StatusCode::OK, "at once, though they were signed in before");
    assert!(director.get(&page).await.shows("01.01.2099"));
    director.post(&format!("{page}/end"), &[("role", "door_guard")]).await;
    assert_eq!(parent.get(&presence).await.status, StatusCode::FORBIDDEN);

    let past = director.post(&format!("{page}/grant"), &[("role", "door_guard"), ("until", "2020-01-01")]).await;
    assert_eq!(past.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(past.shows("value=\"2020-01-01\""), "what was typed stays");
    let db = database().superuser().await;
    let trail = db.query("select action from audit where school_id = $1 and subject_id = $2 order by at, id", &[&school.id.0, &guardian.id.0]).await.unwrap();
    let trail: Vec<String> = trail.iter().map(|row| row.get(0)).filter(|action: &String| action.ends_with("_role")).collect();
    assert_eq!(trail, ["identity.grant_role", "identity.end_role", "identity.grant_role", "identity.end_role"]);
}

#[actix_web::test]
async fn inv_2_the_last_administrator_stays() {
    let school = SchoolBuilder::new().build().await;
    let director = staff(&school, Role::Director).await;
    let (own, administrator) = (account_page(&school, person_of(&school, Role::Director)), account_page(&school, person_of(&school, Role::SchoolAdministrator)));
    assert_eq!(director.post(&format!("{administrator}/block"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(director.post(&format!("{own}/end"), &[("role", "director")]).await.status, StatusCode::CONFLICT, "a blocked administrator is none");
    assert_eq!(director.post(&format!("{own}/block"), &[]).await.status, StatusCode::CONFLICT, "nobody blocks themselves");
    assert_eq!(director.post(&format!("{administrator}/unblock"), &[]).await.status, StatusCode::SEE_OTHER);
    director.post(&format!("{administrator}/grant"), &[("role", "director")]).await;
    let other = staff(&school, Role::SchoolAdministrator).await;
    for place in [&own, &administrator] {
        director.post(&format!("{place}/end"), &[("role", "school_administrator")]).await;
    }
    let (own_end, other_end) = (format!("{administrator}/end"), format!("{own}/end"));
    let (one, two) = join(director.post(&own_end, &[("role", "director")]), other.post(&other_end, &[("role", "director")])).await;
    assert!([one.status, two.status].contains(&StatusCode::SEE_OTHER) && one.status != two.status, "two directors end each other at once: {} {}", one.status, two.status);
    let db = database().superuser().await;
    let left: i64 = db.query_one("select count(*) from role_grant where school_id = $1 and role = 'director' and valid_to is null", &[&school.id.0]).await.unwrap().get(0);
    assert_eq!(left, 1);
}

#[actix_web::test]
async fn inv_3_a_login_of_another_organisation_too_is_not_a_schools_to_take() {
    let (school, neighbour) = (SchoolBuilder::new().build().await, SchoolBuilder::new().build().await);
    let (director, guardian) = (staff(&school, Role::Director).await, &school.guardians[0]);
    let db = database().superuser().await;
    db.execute("insert into role_grant (school_id, person_id, role, valid_from) values ($1, $2, 'teacher', now() - interval '1 day')", &[&neighbour.id.0, &guardian.id.0]).await.unwrap();
    for act in ["password", "block", "unblock"] {
        assert_eq!(director.post(&format!("{}/{act}", account_page(&school, guardian.id)), &[]).await.status, StatusCode::CONFLICT, "{act}");
    }
    let hired = director.post(&format!("{}/grant", account_page(&school, guardian.id)), &[("role", "librarian")]).await;
    assert_eq!(hired.status, StatusCode::SEE_OTHER, "a role here is this school's to give");
    let stranger = director.post(&format!("{}/password", account_page(&school, neighbour.guardians[0].id)), &[]).await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn inv_4_a_password_made_here_is_shown_once_and_ends_every_session() {
    let school = SchoolBuilder::new().build().await;
    let (director, guardian) = (staff(&school, Role::Director).await, &school.guardians[0]);
    let parent = Visitor::signed_in(&guardian.login).await;
    let sheet = director.post(&format!("{}/password", account_page(&school, guardian.id)), &[]).await;
    assert_eq!(sheet.status, StatusCode::OK);
    let [login, password] = secrets(&sheet).try_into().expect("a login and a password");
    assert_eq!(login, guardian.login);
    assert!(sheet.shows("<svg") && sheet.shows("lang=\"kk\"") && sheet.shows("lang=\"ru\""));
    assert!(!director.get(&account_page(&school, guardian.id)).await.shows(&password));
    assert!(parent.get("/my").await.location.is_some_and(|to| to.starts_with("/sign-in")), "who was signed in is out");
    assert_eq!(sign_in(&login, shanyraq::town::DEMO_PASSWORD).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(sign_in(&login, &password).await, StatusCode::SEE_OTHER);
    let db = database().superuser().await;
    let detail: serde_json::Value = db.query_one("select detail from audit where school_id = $1 and action = 'identity.reset_password'", &[&school.id.0]).await.unwrap().get(0);
    assert!(!detail.to_string().contains(&password));
}

#[actix_web::test]
async fn somebody_without_a_login_is_given_one() {
    let school = SchoolBuilder::new().build().await;
    let (director, guardian) = (staff(&school, Role::Director).await, &school.guardians[0]);
    without_login(guardian.id.0).await;
    let path = format!("{}/login", account_page(&school, guardian.id));
    let sheet = director.post(&path, &[]).await;
    let [login, password] = secrets(&sheet).try_into().expect("a login and a password");
    assert!(login.starts_with(&format!("{}-", school.code)));
    assert_eq!(sign_in(&login, &password).await, StatusCode::SEE_OTHER);
    assert_eq!(director.post(&path, &[]).await.status, StatusCode::CONFLICT, "they have one now");
    let pupil = director.get(&account_page(&school, school.pupils[0].id)).await;
    assert_eq!(pupil.status, StatusCode::NOT_FOUND, "pupils are not of this list");
}

/// Prints the codes of a pupil's class.
async fn print(school: &School, by: &Visitor, pupil: usize) -> Vec<String> {
    let class = class_of(school, pupil).await.to_string();
    let sheet = by.post(&format!("/{}/invitations", school.code), &[("class", &class)]).await;
    assert_eq!(sheet.status, StatusCode::OK, "{}", sheet.body);
    secrets(&sheet)
}

#[actix_web::test]
async fn inv_2_a_guardian_joins_by_a_code_once() {
    let school = SchoolBuilder::new().pupils(1).build().await;
    let administrator = staff(&school, Role::SchoolAdministrator).await;
    let guardian = school.guardians[0].id;
    without_login(guardian.0).await;
    let listed = administrator.get(&format!("/{}/invitations", school.code)).await;
    assert!(listed.shows(&school.pupils[0].class));
    let [code] = print(&school, &administrator, 0).await.try_into().expect("one guardian, one code");

    let given_name = school.pupils[0].name.split(' ').next_back().unwrap();
    let nobody = Visitor::nobody();
    assert!(nobody.get(&format!("/join?code={code}")).await.shows(&code));
    let asked = nobody.post("/join", &[("code", &code.to_lowercase().replace('-', " "))]).await;
    assert_eq!(asked.status, StatusCode::OK);
    assert!(asked.shows(given_name) && !asked.shows(&school.pupils[0].name), "the given name and nothing more");

    let login = format!("mother-{}", school.code);
    let weak = nobody.post("/join/account", &[("code", &code), ("login", &login), ("password", "short")]).await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(weak.shows(&format!("value=\"{login}\"")), "what was typed stays");
    let taken = nobody.post("/join/account", &[("code", &code), ("login", &login_of(&school, Role::Director)), ("password", "kestrel-7-boat")]).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    let joined = nobody.post("/join/account", &[("code", &code), ("login", &login), ("password", "kestrel-7-boat")]).await;
    assert_eq!((joined.status, joined.location.as_deref()), (StatusCode::SEE_OTHER, Some("/my")));
    assert_eq!(sign_in(&login, "kestrel-7-boat").await, StatusCode::SEE_OTHER);

    let again = nobody.post("/join", &[("code", &code)]).await;
    let unknown = nobody.post("/join", &[("code", "2222-2222-2222")]).await;
    let sentence = |seen: &Seen| seen.body.split("role=\"alert\">").nth(1).and_then(|rest| rest.split("</div>").next()).map(str::to_owned);
    assert_eq!((again.status, unknown.status), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY));
    assert!(sentence(&again).is_some() && sentence(&again) == sentence(&unknown), "a used code and one that never was are answered the same");
    let db = database().superuser().await;
    let trail: i64 = db.query_one("select count(*) from audit where school_id = $1 and action in ('identity.print_invitations', 'identity.join')", &[&school.id.0]).await.unwrap().get(0);
    assert_eq!(trail, 2);
}

#[actix_web::test]
async fn inv_3_an_old_a_replaced_and_a_needless_code_are_answered_like_a_wrong_one() {
    let school = SchoolBuilder::new().pupils(1).build().await;
    let administrator = staff(&school, Role::SchoolAdministrator).await;
    let guardian = school.guardians[0].id;
    without_login(guardian.0).await;
    let [replaced] = print(&school, &administrator, 0).await.try_into().expect("one code");
    let [code] = print(&school, &administrator, 0).await.try_into().expect("one code");
    let nobody = Visitor::nobody();
    let look = async |code: &str| nobody.post("/join", &[("code", code)]).await.status;
    assert_eq!((look(&replaced).await, look(&code).await), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::OK));
    let db = database().superuser().await;
    db.execute("update invitation set expires_at = now() - interval '1 minute' where school_id = $1 and revoked_at is null", &[&school.id.0]).await.unwrap();
    assert_eq!(look(&code).await, StatusCode::UNPROCESSABLE_ENTITY);
    db.execute("update invitation set expires_at = now() + interval '1 day' where school_id = $1 and revoked_at is null", &[&school.id.0]).await.unwrap();
    let given = administrator.post(&format!("{}/login", account_page(&school, guardian)), &[]).await;
    assert_eq!(given.status, StatusCode::OK);
    assert_eq!(look(&code).await, StatusCode::UNPROCESSABLE_ENTITY, "who has a login needs no code");
    let kept: i64 = db.query_one("select count(*) from invitation where school_id = $1 and position($2 in encode(code_hash, 'escape')) > 0", &[&school.id.0, &code]).await.unwrap().get(0);
    assert_eq!(kept, 0);
}

#[actix_web::test]
async fn who_works_in_two_organisations_goes_from_one_to_the_other() {
    let (school, other) = (SchoolBuilder::new().teachers(1).build().await, SchoolBuilder::new().build().await);
    let teacher = person_of(&school, Role::Teacher);
    let db = database().superuser().await;
    db.execute("insert into role_grant (school_id, person_id, role, valid_from) values ($1, $2, 'librarian', now() - interval '1 day')", &[&other.id.0, &teacher.0]).await.unwrap();
    let person = staff(&school, Role::Teacher).await;
    let page = person.get(&format!("/{}", school.code)).await;
    assert!(page.shows("action=\"/my/place\"") && page.shows(&format!("value=\"{}\"", other.code)) && page.shows(&format!("{} мектебі", other.code)));
    let gone = person.post("/my/place", &[("place", &school.code)]).await;
    assert_eq!(gone.location, Some(format!("/{}", school.code)));
    let nowhere = person.post("/my/place", &[("place", "s001")]).await;
    assert_eq!(nowhere.location.as_deref(), Some("/"), "a place that is not theirs");
    let director = staff(&school, Role::Director).await;
    assert!(!director.get(&format!("/{}", school.code)).await.shows("/my/place"), "nobody chooses from one");
}

#[actix_web::test]
async fn a_school_renames_itself_at_once() {
    let (school, neighbour) = (SchoolBuilder::new().build().await, SchoolBuilder::new().build().await);
    let director = staff(&school, Role::Director).await;
    let path = format!("/{}/organisation", school.code);
    assert!(director.get(&path).await.shows(&format!("{} мектебі", school.code)));
    let names = [("name_kk", "Жаңа мектеп"), ("name_ru", "Новая школа"), ("name_en", "New School")];
    assert_eq!(director.post(&path, &names).await.location, Some(format!("{path}?saved=yes")));
    assert!(director.get(&format!("/{}/pupils", school.code)).await.shows("Жаңа мектеп"));
    assert_eq!(director.post(&path, &[("name_kk", ""), ("name_ru", "Новая школа"), ("name_en", "New School")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(director.post(&format!("/{}/organisation", neighbour.code), &names).await.status, StatusCode::NOT_FOUND);
    let db = database().superuser().await;
    let theirs: String = db.query_one("select name_kk from organisation where id = $1", &[&neighbour.id.0]).await.unwrap().get(0);
    assert_eq!(theirs, format!("{} мектебі", neighbour.code));
}

/// Somebody who works at a school and has no login.
async fn employee(school: &School, surname: &str, roles: &[(Uuid, Role)]) -> Uuid {
    let (db, person) = (database().superuser().await, fresh(Clock::System.now()));
    db.execute("insert into person (id, surname, given_name) values ($1, $2, 'Маман')", &[&person, &surname]).await.unwrap();
    db.execute("insert into school_person (school_id, person_id, valid_from) values ($1, $2, '2026-09-01')", &[&school.id.0, &person]).await.unwrap();
    for (at, role) in roles {
        db.execute("insert into role_grant (school_id, person_id, role, valid_from) values ($1, $2, $3, now() - interval '1 day')", &[at, &person, &role.as_str()]).await.unwrap();
    }
    person
}

#[actix_web::test]
async fn inv_4_everybody_without_a_login_gets_one_on_one_sheet_and_nobody_two() {
    let (school, other) = (SchoolBuilder::new().build().await, SchoolBuilder::new().build().await);
    let teacher = employee(&school, "Жаңамұғалім", &[(school.id.0, Role::Teacher)]).await;
    let librarian = employee(&school, "Жаңакітапханашы", &[(school.id.0, Role::Librarian)]).await;
    let shared = employee(&school, "Екіорын", &[(school.id.0, Role::Teacher), (other.id.0, Role::Teacher)]).await;
    let boss = employee(&school, "Екіншідиректор", &[(school.id.0, Role::Director)]).await;
    let administrator = staff(&school, Role::SchoolAdministrator).await;
    let page = format!("/{}/accounts-new", school.code);
    let seen = administrator.get(&page).await;
    assert!(seen.shows("Жаңамұғалім") && seen.shows("Жаңакітапханашы"), "{}", seen.body);
    assert!(!seen.shows("Екіорын"), "a login of two organisations is no single school's");
    assert!(!seen.shows("Екіншідиректор"), "an administrator makes nobody director, and opens no director's login");
    let ids = [teacher, librarian, shared, boss].map(show);
    let fields: Vec<(&str, &str)> = ids.iter().map(|id| ("id", id.as_str())).collect();
    let sheet = administrator.post(&page, &fields).await;
    assert_eq!((sheet.status, sheet.body.matches("<article class=\"sh-slip\"").count()), (StatusCode::OK, 2));
    let again = administrator.post(&page, &fields).await;
    assert_eq!((again.status, again.location), (StatusCode::SEE_OTHER, Some(page.clone())), "nobody gets a second password");
    let rows = database().superuser().await.query("select person_id, login from account where person_id = any($1)", &[&vec![teacher, librarian, shared, boss]]).await.unwrap();
    let made: Vec<Uuid> = rows.iter().map(|row| row.get(0)).collect();
    assert!(made.len() == 2 && made.contains(&teacher) && made.contains(&librarian));
    for row in &rows {
        assert!(sheet.shows(row.get::<_, &str>(1)));
    }
}
