//! Roles for some classes and rights that a school switches, from outside: what they open, what they never show, and from when on.

use actix_web::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use kernel::{
    clock::Clock,
    id::{Uuid, fresh, show},
    right::Role,
};
use shanyraq::town::{Pupil, School};
use testkit::{
    SchoolBuilder, database,
    source::{Access, files, routes},
};

use crate::{rights::scan, roles::staff, visitor::Visitor};

/// The rights that may be held for some classes, as their declarations say.
pub fn rights_by_class() -> Vec<String> {
    let sources = files().iter().filter(|file| file.is(".rs") && file.path.contains("/src/") && !file.below("tests"));
    let declared = |text: &str| text.split("\" by class: [").filter_map(|before| before.rsplit_once("= \"").map(|(_, name)| name.to_owned())).filter(|name| name.contains('.') && !name.contains(' ')).collect::<Vec<_>>();
    let mut found: Vec<String> = sources.filter(|file| file.text.contains("\" by class: [") && !file.below("hub/kernel")).flat_map(|file| declared(&file.text)).collect();
    found.retain(|name| shanyraq::rooms::rights().concat().iter().any(|(right, _)| right.0 == *name));
    found.sort();
    found.dedup();
    found
}

/// Makes a role of the school through the form, and gives its id.
pub async fn own_role(school: &School, by: &Visitor, rights: &[String]) -> String {
    let id = show(fresh(Clock::System.now()));
    let name = format!("Сынып көмекшісі {id}");
    let mut fields = vec![("id", id.as_str()), ("name_kk", name.as_str()), ("name_ru", "Помощник класса"), ("name_en", "Class helper")];
    fields.extend(rights.iter().map(|right| (right.as_str(), "on")));
    assert_eq!(by.post(&format!("/{}/roles", school.code), &fields).await.status, StatusCode::SEE_OTHER);
    id
}

/// Gives somebody a role for classes through the form.
pub async fn grant(school: &School, by: &Visitor, person: Uuid, role: &str, classes: &[Uuid], from: &str) -> StatusCode {
    let boxes: Vec<String> = classes.iter().map(|class| format!("class-{}", show(*class))).collect();
    let mut fields = vec![("role", role), ("reach", "classes"), ("from", from)];
    fields.extend(boxes.iter().map(|name| (name.as_str(), "on")));
    by.post(&format!("/{}/accounts/{}/grant", school.code, show(person)), &fields).await.status
}

pub async fn class_of(pupil: &Pupil) -> Uuid {
    database().superuser().await.query_one("select class_id from enrolment where pupil_id = $1 and valid_to is null", &[&pupil.id.0]).await.unwrap().get(0)
}

/// A pass of a pupil just now, as the engine writes it.
async fn pass(school: &School, pupil: &Pupil, seq: i64) {
    let db = database().superuser().await;
    let (at, device) = (Clock::System.now(), school.devices.iter().find(|device| device.kind == "turnstile").expect("a turnstile").id.0);
    db.execute(
        "insert into pass (school_id, person_id, occurred_at, device_id, store, seq, received_at, direction, method, late) values ($1, $2, $3, $4, 's', $5, now(), 'in', 'card', false)",
        &[&school.id.0, &pupil.id.0, &at, &device, &seq],
    )
    .await
    .unwrap();
    db.execute("insert into presence (school_id, person_id, direction, since, device_id, store, seq) values ($1, $2, 'in', $3, $4, 's', $5)", &[&school.id.0, &pupil.id.0, &at, &device, &seq]).await.unwrap();
}

/// Two pupils of different classes.
pub async fn two(school: &School) -> [(&Pupil, Uuid); 2] {
    let first = &school.pupils[0];
    let class = class_of(first).await;
    for other in &school.pupils {
        let of_other = class_of(other).await;
        if of_other != class {
            return [(first, class), (other, of_other)];
        }
    }
    panic!("all pupils are in one class")
}

/// A note of absence with a doctor's paper, told by a guardian of the pupil.
async fn paper(school: &School, pupil: &Pupil) -> Uuid {
    let guardian = school.guardians.iter().find(|guardian| pupil.guardians.contains(&guardian.id)).expect("a guardian");
    let (note, soon) = (fresh(Clock::System.now()), (Clock::System.now() + SignedDuration::from_hours(48)).strftime("%F").to_string());
    let told = Visitor::signed_in(&guardian.login).await.upload(&format!("/my/{}/absence", pupil.id), &[("id", &show(note)), ("from", &soon), ("reason", "ill")], ("a.pdf", b"%PDF-1.4 paper")).await;
    assert_eq!(told.status, StatusCode::SEE_OTHER, "{}", told.body);
    note
}

#[actix_web::test]
async fn inv_6_no_page_behind_a_boundable_right_shows_another_class() {
    let school = SchoolBuilder::new().pupils(44).build().await;
    let director = staff(&school, Role::Director).await;
    let [(own, class), (foreign, foreign_class)] = two(&school).await;
    pass(&school, own, 1).await;
    pass(&school, foreign, 2).await;
    let (own_scan, foreign_scan) = (scan(&school, own).await, scan(&school, foreign).await);
    let (own_paper, foreign_paper) = (paper(&school, own).await, paper(&school, foreign).await);
    let rights = rights_by_class();
    assert!(rights.len() >= 2, "{rights:?}");
    let role = own_role(&school, &director, &rights).await;
    let helper = school.guardians.iter().find(|guardian| !own.guardians.contains(&guardian.id) && !foreign.guardians.contains(&guardian.id)).expect("a guardian of others");
    assert_eq!(grant(&school, &director, helper.id.0, &role, &[class], "").await, StatusCode::SEE_OTHER);
    let helper = Visitor::signed_in(&helper.login).await;
    let mut walked = 0;
    for route in routes().unwrap().iter().filter(|route| route.method == "GET") {
        let Access::Right(right) = &route.access else { continue };
        if !rights.contains(right) || !route.path.contains("{school}") {
            continue;
        }
        let is_scan = route.path.contains("/scans/");
        let of_guardian = route.path.contains("/guardians/");
        let of_class = route.path.contains("/classes/{id}");
        let is_paper = route.path.contains("/absences/{id}/document");
        let paper_of = |pupil: &Pupil| if pupil.id == own.id { own_paper } else { foreign_paper };
        let with = |pupil: &Pupil, scan: Uuid, class: Uuid| format!("{}?class={}", route.path.replace("{school}", &school.code).replace("{id}", &show(if is_scan { scan } else if is_paper { paper_of(pupil) } else if of_class { class } else if of_guardian { pupil.guardians[0].0 } else { pupil.id.0 })), show(class));
        let (mine, theirs) = (helper.get(&with(own, own_scan, class)).await, helper.get(&with(foreign, foreign_scan, foreign_class)).await);
        // What comes over a socket is the whole school's, and a page that has not learned about bounds is closed to who has any.
        if route.path.starts_with("/live/") || mine.status == StatusCode::FORBIDDEN {
            assert_eq!((mine.status, theirs.status), (StatusCode::FORBIDDEN, StatusCode::FORBIDDEN), "{}", route.path);
            continue;
        }
        walked += 1;
        assert_eq!(mine.status, StatusCode::OK, "{}", route.path);
        let unfiltered = helper.get(&with(own, own_scan, class).replace(&format!("?class={}", show(class)), "")).await;
        for page in [&mine, &theirs, &unfiltered] {
            assert!(!page.shows(&foreign.id.to_string()) && !page.shows(&foreign.name), "{} shows another class", route.path);
        }
        assert!(!unfiltered.shows(&show(foreign_class)) && !mine.shows(&show(foreign_class)), "{} names another class", route.path);
        if route.path.contains("{id}") {
            assert_eq!(theirs.status, StatusCode::NOT_FOUND, "{}", route.path);
        }
    }
    assert!(walked >= 5, "only {walked} pages are behind boundable rights");
    assert!(helper.get(&format!("/{}/pupils", school.code)).await.shows(&own.id.to_string()));
    let home = helper.get(&format!("/{}", school.code)).await;
    assert!(home.shows("id=\"inside\">1<") && !home.shows("data-live=\"/live/school"), "one of their class is inside, and no socket tells of others: {}", home.body);
    assert!(home.shows(&format!("href=\"/{}/pupils\"", school.code)), "the navigation offers what is open");
}

#[actix_web::test]
async fn a_delivered_role_for_some_classes_opens_what_can_be_cut_and_nothing_else() {
    let (school, neighbour) = (SchoolBuilder::new().pupils(44).build().await, SchoolBuilder::new().build().await);
    let director = staff(&school, Role::Director).await;
    let [(own, class), (foreign, foreign_class)] = two(&school).await;
    let person = school.guardians.iter().find(|guardian| !own.guardians.contains(&guardian.id) && !foreign.guardians.contains(&guardian.id)).expect("a guardian of others");
    let there = class_of(&neighbour.pupils[0]).await;
    for classes in [&[][..], &[there], &[class, there]] {
        assert_eq!(grant(&school, &director, person.id.0, "deputy_academic", classes, "").await, StatusCode::UNPROCESSABLE_ENTITY, "{classes:?}");
    }
    let deputy = Visitor::signed_in(&person.login).await;
    let page = |pupil: &Pupil| format!("/{}/pupils/{}", school.code, pupil.id);
    let tomorrow = (Clock::System.now() + SignedDuration::from_hours(48)).to_string();
    assert_eq!(grant(&school, &director, person.id.0, "deputy_academic", &[class], &tomorrow[..10]).await, StatusCode::SEE_OTHER);
    assert_eq!(deputy.get(&page(own)).await.status, StatusCode::FORBIDDEN, "not before its first day");

    assert_eq!(grant(&school, &director, person.id.0, "school_administrator", &[class], "").await, StatusCode::SEE_OTHER);
    assert_eq!((deputy.get(&page(own)).await.status, deputy.get(&page(foreign)).await.status), (StatusCode::OK, StatusCode::NOT_FOUND));
    for path in ["accounts", "roles", "organisation", "audit", "deliveries"] {
        assert_eq!(deputy.get(&format!("/{}/{path}", school.code)).await.status, StatusCode::FORBIDDEN, "{path}: cannot be cut by class");
    }
    assert_eq!(grant(&school, &deputy, person.id.0, "teacher", &[foreign_class], "").await, StatusCode::FORBIDDEN);
    assert_eq!(grant(&school, &director, person.id.0, "teacher", &[foreign_class], "").await, StatusCode::SEE_OTHER);
    assert_eq!((deputy.get(&page(own)).await.status, deputy.get(&page(foreign)).await.status), (StatusCode::OK, StatusCode::OK), "two grants are one list");

    let path = format!("/{}/accounts/{}", school.code, show(person.id.0));
    let listed = director.clone().reading("en").get(&path).await;
    let grant = database().superuser().await.query_one("select id from class_grant where person_id = $1 and role = 'teacher'", &[&person.id.0]).await.unwrap().get::<_, Uuid>(0);
    assert!(listed.shows("Classes: ") && listed.shows(&show(grant)), "{}", listed.body);
    assert_eq!(director.post(&format!("{path}/end"), &[("role", "teacher"), ("grant", &show(grant))]).await.status, StatusCode::SEE_OTHER);
    assert_eq!((deputy.get(&page(own)).await.status, deputy.get(&page(foreign)).await.status), (StatusCode::OK, StatusCode::NOT_FOUND));
    let told: i64 = database().superuser().await.query_one("select count(*) from audit where school_id = $1 and action in ('identity.grant_role', 'identity.end_role') and (detail ? 'grant' or jsonb_typeof(detail->'classes') = 'array')", &[&school.id.0]).await.unwrap().get(0);
    assert_eq!(told, 4, "three grants and an end");
}

#[actix_web::test]
async fn a_school_switches_rights_of_delivered_roles_and_the_guard_follows_at_once() {
    let school = SchoolBuilder::new().teachers(1).build().await;
    let (director, teacher) = (staff(&school, Role::Director).await, staff(&school, Role::Teacher).await);
    let (pupils, presence, trail) = (format!("/{}/pupils", school.code), format!("/{}/presence", school.code), format!("/{}/audit", school.code));
    let role = format!("/{}/roles/delivered/teacher", school.code);
    assert_eq!((teacher.get(&pupils).await.status, teacher.get(&trail).await.status), (StatusCode::OK, StatusCode::FORBIDDEN));
    assert_eq!(director.post(&role, &[("live.see_school", "on"), ("trail.see", "on"), ("fleet.see", "on")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(teacher.get(&pupils).await.status, StatusCode::FORBIDDEN, "switched off");
    let (open, refused) = (teacher.get(&trail).await, teacher.get("/support/devices").await);
    assert_eq!((open.status, refused.status), (StatusCode::OK, StatusCode::FORBIDDEN), "switched on; and what is the supplier's is no school's to give");
    assert!(open.shows(&format!("href=\"{trail}\"")) && !open.shows(&format!("href=\"{pupils}\"")), "the navigation follows");
    assert_eq!(teacher.get(&presence).await.status, StatusCode::OK);
    let neighbour = SchoolBuilder::new().teachers(1).build().await;
    let colleague = staff(&neighbour, Role::Teacher).await;
    assert_eq!(colleague.get(&format!("/{}/pupils", neighbour.code)).await.status, StatusCode::OK, "another school keeps the role as delivered");

    assert_eq!(director.post(&format!("{role}/reset"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!((teacher.get(&pupils).await.status, teacher.get(&trail).await.status), (StatusCode::OK, StatusCode::FORBIDDEN));
    let told: Vec<String> = database().superuser().await.query("select action from audit where school_id = $1 and action like 'identity.%_rights' order by at", &[&school.id.0]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert_eq!(told, ["identity.switch_rights", "identity.reset_rights"]);
}

#[actix_web::test]
async fn nobody_switches_off_by_what_roles_are_arranged() {
    let school = SchoolBuilder::new().teachers(1).build().await;
    let (director, administrator) = (staff(&school, Role::Director).await, staff(&school, Role::SchoolAdministrator).await);
    for role in ["director", "school_administrator"] {
        let page = format!("/{}/roles/delivered/{role}", school.code);
        assert!(!director.get(&page).await.shows("name=\"identity.manage_roles\""), "{role}");
        assert_eq!(director.post(&page, &[]).await.status, StatusCode::SEE_OTHER, "all that can be is switched off");
    }
    for person in [&director, &administrator] {
        assert_eq!(person.get(&format!("/{}/roles", school.code)).await.status, StatusCode::OK);
        assert_eq!(person.get(&format!("/{}/accounts", school.code)).await.status, StatusCode::OK);
        assert_eq!(person.get(&format!("/{}/pupils", school.code)).await.status, StatusCode::FORBIDDEN);
    }
    let refused = administrator.post(&format!("/{}/roles/delivered/director/reset", school.code), &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "an administrator does not arrange what a director may");
    for role in ["support", "guardian", "ministry", "tsar", "own"] {
        assert_eq!(director.get(&format!("/{}/roles/delivered/{role}", school.code)).await.status, StatusCode::NOT_FOUND, "{role}");
    }
    let at: Timestamp = database().superuser().await.query_one("select max(changed_at) from role_right_switch where school_id = $1", &[&school.id.0]).await.unwrap().get(0);
    assert!(at <= Clock::System.now());
}

#[actix_web::test]
async fn an_own_role_goes_by_its_english_name_where_it_has_one() {
    let school = SchoolBuilder::new().build().await;
    let director = staff(&school, Role::Director).await.reading("en");
    own_role(&school, &director, &["live.see_school".to_owned()]).await;
    let list = director.get(&format!("/{}/roles", school.code)).await;
    assert!(list.shows("Class helper") && !list.shows("Помощник класса"), "{}", list.body);
}

#[actix_web::test]
async fn an_address_that_cannot_be_read_tells_a_stranger_nothing() {
    let school = SchoolBuilder::new().teachers(1).build().await;
    let (director, teacher) = (staff(&school, Role::Director).await, staff(&school, Role::Teacher).await);
    for path in [format!("/{}/deliveries?q=1&q=2", school.code), format!("/{}/audit?who=1&who=2", school.code)] {
        assert_eq!(Visitor::nobody().get(&path).await.location.map(|to| to.starts_with("/sign-in")), Some(true), "{path}");
        assert_eq!((teacher.get(&path).await.status, director.get(&path).await.status), (StatusCode::FORBIDDEN, StatusCode::BAD_REQUEST), "{path}");
    }
}
