//! Limits of guardians, from outside: what a barred guardian no longer sees anywhere, and what the school keeps of it.

use actix_web::http::StatusCode;
use kernel::{
    clock::Clock,
    id::{Uuid, fresh, show},
    right::Role,
};
use shanyraq::town::{Guardian, Pupil, School};
use testkit::{SchoolBuilder, database};

use crate::{roles::staff, visitor::Visitor};

fn guardian_of<'a>(school: &'a School, child: &Pupil) -> &'a Guardian {
    school.guardians.iter().find(|guardian| child.guardians.contains(&guardian.id)).expect("a guardian")
}

/// Writes a limit down through the form.
async fn limit(school: &School, by: &Visitor, child: &Pupil, guardian: &Guardian, limited: &str) -> StatusCode {
    let id = show(fresh(Clock::System.now()));
    let guardian = guardian.id.to_string();
    let fields = [("id", id.as_str()), ("guardian", &guardian), ("limited", limited), ("basis", "court_act"), ("act_number", "№ 2-1234/26"), ("act_date", "2026-10-15")];
    by.post(&format!("/{}/pupils/{}/custody", school.code, child.id), &fields).await.status
}

/// Whether the view shows the kinship to a role of the application with the school in scope.
async fn is_kin(role: &str, school: &School, child: &Pupil, guardian: &Guardian) -> bool {
    let db = database().connect_as(role).await;
    db.batch_execute(&format!("begin; select set_config('shanyraq.schools', '{}', true)", school.id.0)).await.unwrap();
    db.query_one("select exists (select from people_v_kinship where pupil_id = $1 and guardian_id = $2)", &[&child.id.0, &guardian.id.0]).await.unwrap().get(0)
}

/// An old notice about the child, unread.
async fn notice(school: &School, child: &Pupil, guardian: &Guardian) {
    let text = "insert into notice (school_id, recipient_id, id, created_at, child_id, kind, occurred_at, late, args) values ($1, $2, $3, now(), $4, 'entered', now(), false, '{}')";
    database().superuser().await.execute(text, &[&school.id.0, &guardian.id.0, &fresh(Clock::System.now()), &child.id.0]).await.unwrap();
}

#[actix_web::test]
async fn inv_1_who_is_barred_from_the_data_finds_the_child_nowhere() {
    let school = SchoolBuilder::new().build().await;
    let (director, child, other) = (staff(&school, Role::Director).await, &school.pupils[0], &school.pupils[1]);
    let barred = guardian_of(&school, child);
    // A guardian of another child at the same school as well: that child stays.
    database().superuser().await.execute("insert into kinship (school_id, pupil_id, guardian_id, kind, valid_from) values ($1, $2, $3, 'father', '2026-09-01')", &[&school.id.0, &other.id.0, &barred.id.0]).await.unwrap();
    notice(&school, child, barred).await;
    notice(&school, other, barred).await;
    let parent = Visitor::signed_in(&barred.login).await;
    assert_eq!(parent.get(&format!("/my/{}", child.id)).await.status, StatusCode::OK);
    for role in ["shanyraq_web", "shanyraq_engine", "shanyraq_jobs", "shanyraq_report"] {
        assert!(is_kin(role, &school, child, barred).await, "{role}");
    }
    assert_eq!(limit(&school, &director, child, barred, "data").await, StatusCode::SEE_OTHER);
    for role in ["shanyraq_web", "shanyraq_engine", "shanyraq_jobs", "shanyraq_report"] {
        assert!(!is_kin(role, &school, child, barred).await, "{role}: neither pages nor deliveries nor jobs know them as a guardian");
        assert!(is_kin(role, &school, other, barred).await, "{role}: the other child is theirs still");
    }
    let parent = Visitor::signed_in(&barred.login).await;
    assert_eq!(parent.get(&format!("/my/{}", child.id)).await.status, StatusCode::NOT_FOUND);
    for path in ["/my", "/my/inbox", "/my/switches", "/my/audit", "/my/consents", "/account"] {
        let page = parent.get(path).await;
        let given = child.name.split(' ').nth(1).unwrap();
        assert!(!page.shows(&child.id.to_string()) && !page.shows(&format!(">{given}<")), "{path}: {}", page.body);
        assert!(!page.shows("2-1234/26"), "{path}: no hint why");
    }
    assert!(parent.get("/my").await.shows(&other.id.to_string()));
    let switch = parent.post("/my/switches", &[("child", &child.id.to_string()), ("entered", "on")]).await;
    assert_eq!(switch.status, StatusCode::NOT_FOUND);
    let office = director.get(&format!("/{}/pupils/{}/custody", school.code, child.id)).await;
    assert!(office.shows("2-1234/26") && office.shows("күшінде"), "{}", office.body);
}

#[actix_web::test]
async fn inv_2_a_limit_ends_and_stays_in_the_history() {
    let school = SchoolBuilder::new().build().await;
    let (director, child) = (staff(&school, Role::Director).await, &school.pupils[0]);
    let barred = guardian_of(&school, child);
    let page = format!("/{}/pupils/{}/custody", school.code, child.id);
    assert_eq!(limit(&school, &director, child, barred, "both").await, StatusCode::SEE_OTHER);
    assert!(Visitor::signed_in(&barred.login).await.get("/my").await.shows("Сізге бала тіркелмеген"), "as if there were no child");
    let id: Uuid = database().superuser().await.query_one("select id from custody_limit where pupil_id = $1", &[&child.id.0]).await.unwrap().get(0);
    for _ in 0..2 {
        assert_eq!(director.post(&format!("{page}/end"), &[("limit", &show(id))]).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(Visitor::signed_in(&barred.login).await.get(&format!("/my/{}", child.id)).await.status, StatusCode::OK);
    assert!(director.get(&page).await.shows("аяқталды"), "the history stays");
    let told: Vec<(String, String)> = database().superuser().await.query("select action, detail::text from audit where school_id = $1 and action like 'people.%_custody' and action <> 'people.see_custody' order by at", &[&school.id.0]).await.unwrap().iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(told.iter().map(|(action, _)| action.as_str()).collect::<Vec<_>>(), ["people.set_custody", "people.end_custody"]);
    assert!(told.iter().all(|(_, detail)| !detail.contains("1234")), "inv_4: ids and no act");
    let gone = database().connect_as("shanyraq_web").await.execute("delete from custody_limit", &[]).await;
    assert!(gone.is_err(), "nobody deletes a limit");
}

#[actix_web::test]
async fn a_limit_of_another_day_or_for_the_door_only_closes_no_data() {
    let school = SchoolBuilder::new().build().await;
    let (director, administrator, child) = (staff(&school, Role::Director).await, staff(&school, Role::SchoolAdministrator).await, &school.pupils[0]);
    let barred = guardian_of(&school, child);
    assert_eq!(limit(&school, &administrator, child, barred, "pickup").await, StatusCode::SEE_OTHER);
    let page = format!("/my/{}", child.id);
    assert_eq!(Visitor::signed_in(&barred.login).await.get(&page).await.status, StatusCode::OK);
    let door = director.get(&format!("/{}/presence", school.code)).await;
    let name: String = database().superuser().await.query_one("select surname || ' ' || given_name from person where id = $1", &[&barred.id.0]).await.unwrap().get(0);
    assert!(door.shows("Баланы мына адамдарға бермеңіз") && door.shows(&name), "{}", door.body);
    let other_day = [("guardian", barred.id.to_string()), ("limited", "data".to_owned()), ("basis", "family_word".to_owned()), ("from", "2090-01-01".to_owned())];
    let other_day: Vec<(&str, &str)> = other_day.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(director.post(&format!("/{}/pupils/{}/custody", school.code, child.id), &other_day).await.status, StatusCode::SEE_OTHER);
    assert_eq!(Visitor::signed_in(&barred.login).await.get(&page).await.status, StatusCode::OK, "not before its first day");
    let without_act = [("guardian", barred.id.to_string()), ("limited", "data".to_owned()), ("basis", "court_act".to_owned())];
    let without_act: Vec<(&str, &str)> = without_act.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(director.post(&format!("/{}/pupils/{}/custody", school.code, child.id), &without_act).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn a_teacher_neither_writes_limits_nor_sees_whom_they_bar() {
    let school = SchoolBuilder::new().teachers(1).build().await;
    let (director, teacher, child) = (staff(&school, Role::Director).await, staff(&school, Role::Teacher).await, &school.pupils[0]);
    let barred = guardian_of(&school, child);
    assert_eq!(limit(&school, &director, child, barred, "both").await, StatusCode::SEE_OTHER);
    let page = format!("/{}/pupils/{}", school.code, child.id);
    assert_eq!(teacher.get(&format!("{page}/custody")).await.status, StatusCode::FORBIDDEN);
    assert!(!teacher.get(&page).await.shows("/custody\"") && !teacher.get(&format!("/{}/presence", school.code)).await.shows("Баланы мына адамдарға бермеңіз"));
}
