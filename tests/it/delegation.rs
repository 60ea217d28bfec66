//! Roles in a colleague's hands, from outside: what they open, for how long, and what the trail says.

use actix_web::http::StatusCode;
use jiff::SignedDuration;
use kernel::{
    clock::Clock,
    id::{Uuid, fresh, show},
    right::Role,
};
use shanyraq::town::{Employee, School};
use testkit::{SchoolBuilder, database};

use crate::{roles::staff, visitor::Visitor};

fn employee(school: &School, role: Role) -> &Employee {
    school.staff.iter().find(|employee| employee.role == role).expect("somebody of that role")
}

/// The day so many days from now, as a browser sends it.
fn in_days(days: i64) -> String {
    (Clock::System.now() + SignedDuration::from_hours(24 * days)).to_string()[..10].to_owned()
}

async fn hand_over(school: &School, by: &Visitor, role: &str, to: Uuid, until: &str) -> StatusCode {
    let id = show(fresh(Clock::System.now()));
    let fields = [("id", id.as_str()), ("role", role), ("receiver", &show(to)), ("until", until), ("reason", "Еңбек демалысы")];
    by.post(&format!("/{}/delegations", school.code), &fields).await.status
}

async fn sql(text: &str, school: &School) -> u64 {
    database().superuser().await.execute(text, &[&school.id.0]).await.unwrap()
}

#[actix_web::test]
async fn inv_4_a_colleague_stands_in_and_the_trail_says_for_whom() {
    let school = SchoolBuilder::new().teachers(1).build().await;
    let (boss, colleague) = (employee(&school, Role::Director), employee(&school, Role::Teacher));
    let (director, teacher) = (staff(&school, Role::Director).await, staff(&school, Role::Teacher).await);
    let trail = format!("/{}/audit", school.code);
    assert_eq!(teacher.get(&trail).await.status, StatusCode::FORBIDDEN);
    assert_eq!(hand_over(&school, &director, "director", colleague.id.0, &in_days(7)).await, StatusCode::SEE_OTHER);
    let standing_in = teacher.get(&trail).await;
    assert_eq!(standing_in.status, StatusCode::OK, "at once");
    assert!(standing_in.shows(&format!("href=\"{trail}\"")), "the navigation offers it");
    let row = database().superuser().await;
    let row = row.query_one("select role, person_id, detail->>'on_behalf_of' from audit where school_id = $1 and action = 'trail.read' order by at desc limit 1", &[&school.id.0]).await.unwrap();
    assert_eq!((row.get::<_, String>(0).as_str(), row.get::<_, Uuid>(1), row.get::<_, Option<String>>(2)), ("director", colleague.id.0, Some(show(boss.id.0))));
    teacher.get(&format!("/{}/pupils", school.code)).await;
    let own: i64 = database().superuser().await.query_one("select count(*) from audit where school_id = $1 and action = 'people.list_pupils' and not detail ? 'on_behalf_of'", &[&school.id.0]).await.unwrap().get(0);
    assert_eq!(own, 1, "what they may do themselves they do in their own name");
    let list = director.get(&format!("/{}/delegations", school.code)).await;
    assert!(list.shows("Еңбек демалысы") && list.shows("қазір күшінде"), "{}", list.body);
    let reason: String = database().superuser().await.query_one("select reason from audit where school_id = $1 and action = 'identity.hand_over'", &[&school.id.0]).await.unwrap().get(0);
    assert_eq!(reason, "Еңбек демалысы");
}

#[actix_web::test]
async fn inv_1_it_opens_nothing_that_the_giver_does_not_hold_and_ends_with_them() {
    let school = SchoolBuilder::new().teachers(2).build().await;
    let teachers: Vec<&Employee> = school.staff.iter().filter(|employee| employee.role == Role::Teacher).collect();
    let giver = Visitor::signed_in(&teachers[0].login).await;
    let colleague = school.guardians[0].id.0;
    let db = database().superuser().await;
    db.execute("insert into role_grant (school_id, person_id, role, valid_from) values ($1, $2, 'librarian', now() - interval '1 day')", &[&school.id.0, &colleague]).await.unwrap();
    db.execute("update role_grant set valid_to = now() + interval '10 days' where school_id = $1 and person_id = $2", &[&school.id.0, &teachers[0].id.0]).await.unwrap();
    assert_eq!(hand_over(&school, &giver, "teacher", colleague, &in_days(20)).await, StatusCode::UNPROCESSABLE_ENTITY, "beyond the giver's own end");
    assert_eq!(hand_over(&school, &giver, "director", colleague, &in_days(5)).await, StatusCode::UNPROCESSABLE_ENTITY, "not theirs");
    assert_eq!(hand_over(&school, &giver, "teacher", school.guardians[1].id.0, &in_days(5)).await, StatusCode::UNPROCESSABLE_ENTITY, "no colleague");
    assert_eq!(hand_over(&school, &giver, "teacher", colleague, &in_days(5)).await, StatusCode::SEE_OTHER);
    let pupils = format!("/{}/pupils", school.code);
    let at_once = || async { Visitor::signed_in(&school.guardians[0].login).await.get(&pupils).await.status };
    assert_eq!(at_once().await, StatusCode::OK);
    // The giver's role ends, without a word about what they handed over.
    db.execute("update role_grant set valid_to = now() where school_id = $1 and person_id = $2", &[&school.id.0, &teachers[0].id.0]).await.unwrap();
    assert_eq!(at_once().await, StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn inv_2_it_ends_by_itself_or_when_giver_or_administrator_say_so() {
    let school = SchoolBuilder::new().teachers(2).build().await;
    let teachers: Vec<&Employee> = school.staff.iter().filter(|employee| employee.role == Role::Teacher).collect();
    let (director, administrator, teacher) = (staff(&school, Role::Director).await, staff(&school, Role::SchoolAdministrator).await, Visitor::signed_in(&teachers[0].login).await);
    let (page, trail) = (format!("/{}/delegations", school.code), format!("/{}/audit", school.code));
    assert_eq!(hand_over(&school, &director, "director", teachers[0].id.0, &in_days(3)).await, StatusCode::SEE_OTHER);
    assert_eq!(teacher.get(&trail).await.status, StatusCode::OK);
    sql("update delegation set valid_from = now() - interval '2 days', valid_to = now() where school_id = $1", &school).await;
    assert_eq!(Visitor::signed_in(&teachers[0].login).await.get(&trail).await.status, StatusCode::FORBIDDEN, "its time is over");

    assert_eq!(hand_over(&school, &director, "director", teachers[0].id.0, &in_days(3)).await, StatusCode::SEE_OTHER);
    let id: Uuid = database().superuser().await.query_one("select id from delegation where school_id = $1 and valid_to > now()", &[&school.id.0]).await.unwrap().get(0);
    let end = format!("{page}/{}/end", show(id));
    let stranger = Visitor::signed_in(&teachers[1].login).await;
    assert_eq!(stranger.post(&end, &[]).await.status, StatusCode::CONFLICT);
    assert!(!stranger.get(&page).await.shows("Еңбек демалысы"), "only one's own, but for administrators");
    assert_eq!(administrator.post(&end, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(administrator.post(&end, &[]).await.status, StatusCode::SEE_OTHER, "ended twice is ended");
    assert_eq!(teacher.get(&trail).await.status, StatusCode::FORBIDDEN, "at once");
}

#[actix_web::test]
async fn inv_3_it_is_not_handed_on_and_makes_nobody_anything() {
    let school = SchoolBuilder::new().teachers(2).build().await;
    let teachers: Vec<&Employee> = school.staff.iter().filter(|employee| employee.role == Role::Teacher).collect();
    let (director, standing_in) = (staff(&school, Role::Director).await, Visitor::signed_in(&teachers[0].login).await);
    assert_eq!(hand_over(&school, &director, "director", teachers[0].id.0, &in_days(3)).await, StatusCode::SEE_OTHER);
    assert_eq!(hand_over(&school, &standing_in, "director", teachers[1].id.0, &in_days(2)).await, StatusCode::UNPROCESSABLE_ENTITY);
    let account = format!("/{}/accounts/{}", school.code, show(teachers[0].id.0));
    assert_eq!(standing_in.get(&account).await.status, StatusCode::OK);
    for role in ["director", "school_administrator", "deputy_academic"] {
        assert_eq!(standing_in.post(&format!("{account}/grant"), &[("role", role)]).await.status, StatusCode::CONFLICT, "{role}: nobody makes themselves more than they are");
    }
    let id = show(fresh(Clock::System.now()));
    let role = [("id", id.as_str()), ("name_kk", "Бәрін көреді"), ("name_ru", "Видит всё"), ("trail.see", "on")];
    assert_eq!(standing_in.post(&format!("/{}/roles", school.code), &role).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn a_role_for_some_classes_is_handed_over_as_it_is() {
    let school = SchoolBuilder::new().pupils(44).teachers(1).build().await;
    let (giver, receiver) = (&school.guardians[0], &school.guardians[1]);
    let db = database().superuser().await;
    let rows = db.query("select distinct class_id from enrolment where school_id = $1 order by 1", &[&school.id.0]).await.unwrap();
    let classes: Vec<Uuid> = rows.iter().map(|row| row.get(0)).collect();
    db.execute("insert into class_grant (school_id, id, person_id, role, class_ids, valid_from) values ($1, gen_random_uuid(), $2, 'class_teacher', $3, now())", &[&school.id.0, &giver.id.0, &vec![classes[0]]]).await.unwrap();
    db.execute("insert into role_grant (school_id, person_id, role, valid_from) values ($1, $2, 'librarian', now() - interval '1 day')", &[&school.id.0, &receiver.id.0]).await.unwrap();
    let giving = Visitor::signed_in(&giver.login).await;
    assert_eq!(hand_over(&school, &giving, "class_teacher", receiver.id.0, &in_days(3)).await, StatusCode::SEE_OTHER);
    let standing_in = Visitor::signed_in(&receiver.login).await;
    let of = |class: Uuid| async move { database().superuser().await.query_one("select pupil_id from enrolment where class_id = $1 and valid_to is null limit 1", &[&class]).await.unwrap().get::<_, Uuid>(0) };
    let (own, foreign) = (of(classes[0]).await, of(classes[1]).await);
    let page = |pupil: Uuid| format!("/{}/pupils/{}", school.code, show(pupil));
    assert_eq!((standing_in.get(&page(own)).await.status, standing_in.get(&page(foreign)).await.status), (StatusCode::OK, StatusCode::NOT_FOUND));
}
