//! The page that a day begins with, from outside: each thing that waits appears, counts, disappears, and is told to nobody else.

use actix_web::http::StatusCode;
use kernel::{clock::Clock, id::{Uuid, fresh, show}, right::Role};
use testkit::{SchoolBuilder, database};

use crate::{
    bounds::{class_of, grant, own_role, rights_by_class, two},
    roles::staff,
    visitor::{Seen, Visitor},
};

/// The tasks on the page: where each leads, and what it says.
fn tasks(seen: &Seen) -> Vec<(String, String)> {
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.body);
    let list = seen.body.split("sh-tasks").nth(1).map(|rest| rest.split("</ul>").next().unwrap_or_default()).unwrap_or_default();
    list.split("<li><a href=\"")
        .skip(1)
        .filter_map(|line| {
            let (href, rest) = line.split_once('"')?;
            let words = rest.split("<b>").nth(1)?.split("</b>").next()?;
            Some((href.to_owned(), words.to_owned()))
        })
        .collect()
}

fn says(seen: &Seen, href: &str) -> Option<String> {
    tasks(seen).into_iter().find(|(to, _)| to.ends_with(href)).map(|(_, words)| words)
}

#[actix_web::test]
async fn inv_1_each_task_appears_counts_disappears_and_is_told_to_who_may_do_it() {
    let school = SchoolBuilder::new().pupils(12).teachers(2).build().await;
    let director = staff(&school, Role::Director).await.reading("en");
    let teacher = staff(&school, Role::Teacher).await.reading("en");
    let (root, home) = (database().superuser().await, format!("/{}", school.code));
    let (school_id, pupil, me) = (school.id.0, school.pupils[0].id.0, school.staff[0].id.0);
    let id = || fresh(Clock::System.now());
    // What a statement makes wait, where it leads, and what mends it.
    let (import, slip, breach, order): (Uuid, Uuid, Uuid, Uuid) = (id(), id(), id(), id());
    let elsewhere = SchoolBuilder::new().build().await;
    let cases: Vec<(String, &str, String)> = vec![
        (
            format!("insert into import (school_id, id, kind, file_name, state, sheets, sheet, created_by, created_at) values ('{school_id}', '{import}', 'pupils', 'x.xlsx', 'mapped', '[]', 0, '{me}', now())"),
            "/imports",
            format!("delete from import where id = '{import}'"),
        ),
        (
            format!("insert into import (school_id, id, kind, file_name, state, sheets, sheet, created_by, created_at, finished_at) values ('{school_id}', '{import}', 'pupils', 'x.xlsx', 'done', '[]', 0, '{me}', now(), now());
               insert into import_row (school_id, import_id, n, verdict, has_warning, sealed) values ('{school_id}', '{import}', 1, 'wrong', false, ''::bytea)"),
            "/imports",
            format!("delete from import where id = '{import}'"),
        ),
        (
            format!("update kinship set valid_to = '2026-09-02' where school_id = '{school_id}' and pupil_id = '{pupil}'"),
            "/pupils?missing=guardian",
            format!("update kinship set valid_to = null where school_id = '{school_id}' and pupil_id = '{pupil}'"),
        ),
        (
            format!("insert into person_iin (person_id, lookup, sealed, set_at) values ('{pupil}', decode(md5('{pupil}') || md5('x{pupil}'), 'hex'), 'x', now())"),
            "/pupils?missing=iin",
            format!("delete from person_iin where person_id = '{pupil}'"),
        ),
        (
            format!("insert into transfer (school_id, id, pupil_id, to_school, reason, code_hash, made_at, valid_until) values ('{}', '{slip}', '{}', '{school_id}', 'moving', decode(md5('{slip}') || md5('x'), 'hex'), now(), current_date + 1)", elsewhere.id.0, elsewhere.pupils[0].id.0),
            "/transfers",
            format!("delete from transfer where id = '{slip}'"),
        ),
        (
            format!("insert into breach (school_id, id, number, detected_at, due_at, happened, contact, registered_by, registered_at) values ('{school_id}', '{breach}', 1, now() - interval '5 days', now() - interval '4 days', 'x', 'x', '{me}', now())"),
            "/breaches",
            format!("delete from breach where id = '{breach}'"),
        ),
        (
            format!("update role_grant set valid_to = now() + interval '3 days' where school_id = '{school_id}' and person_id = '{}'", school.staff[2].id.0),
            "/accounts?state=ends_soon",
            format!("update role_grant set valid_to = null where school_id = '{school_id}' and person_id = '{}'", school.staff[2].id.0),
        ),
        (
            format!("insert into staff_line (school_id, id, person_id, kind, title, sort, rate, valid_from, valid_to, set_by, set_at) values ('{school_id}', '{order}', '{me}', 'post', 'director', 'main', 100, '2026-01-01', current_date + 10, '{me}', now())"),
            "/staff?ends=post",
            format!("delete from staff_line where id = '{order}'"),
        ),
        (
            format!("insert into staff_line (school_id, id, person_id, kind, title, valid_from, valid_to, set_by, set_at) values ('{school_id}', '{order}', '{me}', 'category', 'expert', '2022-01-01', current_date + 40, '{me}', now())"),
            "/staff?ends=category",
            format!("delete from staff_line where id = '{order}'"),
        ),
        (
            format!("insert into card_block (school_id, id, card_id, person_id, reason, way, blocked_at) select school_id, '{slip}', id, person_id, 'lost', 'page', now() from card where school_id = '{school_id}' and person_id = '{pupil}'"),
            "/cards?other=none",
            format!("delete from card_block where id = '{slip}'"),
        ),
        (
            format!("update school_class set year = 2025 where school_id = '{school_id}'"),
            "/rollover",
            format!("update school_class set year = 2026 where school_id = '{school_id}'"),
        ),
    ];
    for (make, href, mend) in &cases {
        assert_eq!(says(&director.get(&home).await, href), None, "{href} before");
        root.batch_execute(make).await.unwrap();
        let page = director.get(&home).await;
        let said = says(&page, href).unwrap_or_else(|| panic!("{href}: {:?}", tasks(&page)));
        assert!(href == &"/rollover" || said.chars().any(|one| one.is_ascii_digit()), "{said}");
        let fresh = teacher.get(&home).await;
        assert_eq!(says(&fresh, href), None, "{href} is no teacher's");
        assert_eq!(director.get(&format!("{home}{href}")).await.status, StatusCode::OK, "{href} leads somewhere");
        if *href == "/breaches" {
            assert_eq!(tasks(&page).first().map(|(to, _)| to.ends_with(href)), Some(true), "what is late comes first: {:?}", tasks(&page));
            assert!(page.shows("Late: 1"));
        }
        root.batch_execute(mend).await.unwrap();
        assert_eq!(says(&director.get(&home).await, href), None, "{href} after");
    }
    // What a school begins with: classes without a class teacher, consents that nobody asked for; guardians of the town have accounts.
    let page = director.get(&home).await;
    let classes: i64 = root.query_one("select count(*) from school_class where school_id = $1 and valid_to is null", &[&school_id]).await.unwrap().get(0);
    assert_eq!(says(&page, "/classes?teacher=none"), Some(format!("Name the class teachers of {classes} classes")));
    assert!(director.get(&format!("{home}/classes?teacher=none")).await.body.matches("sh-cell-title").count() == usize::try_from(classes).unwrap(), "the page shows what the task counts");
}

#[actix_web::test]
async fn inv_1_who_has_some_classes_is_told_of_theirs_and_every_role_has_a_home() {
    let school = SchoolBuilder::new().pupils(44).teachers(1).build().await;
    let director = staff(&school, Role::Director).await;
    let [(own, class), (foreign, _)] = two(&school).await;
    let role = own_role(&school, &director, &rights_by_class()).await;
    let helper = school.guardians.iter().find(|guardian| !own.guardians.contains(&guardian.id) && !foreign.guardians.contains(&guardian.id)).expect("a guardian of others");
    assert_eq!(grant(&school, &director, helper.id.0, &role, &[class], "").await, StatusCode::SEE_OTHER);
    let helper = Visitor::signed_in(&helper.login).await.reading("en");
    let (root, home) = (database().superuser().await, format!("/{}", school.code));
    root.execute("update person set birth_date = null where id = any(select pupil_id from enrolment where school_id = $1)", &[&school.id]).await.unwrap();
    let today = Clock::System.now().to_zoned(jiff::tz::TimeZone::get("Asia/Almaty").unwrap()).date();
    for pupil in [own, foreign] {
        root.execute("update person set birth_date = $2 where id = $1", &[&pupil.id, &today.with().year(2012).build().unwrap_or(today)]).await.unwrap();
        root.execute("update kinship set valid_to = '2026-09-02' where school_id = $1 and pupil_id = $2", &[&school.id, &pupil.id]).await.unwrap();
    }
    let page = helper.get(&home).await;
    assert_eq!(says(&page, "/pupils?missing=guardian").as_deref(), Some("Name the guardians of 1 pupil"));
    assert_eq!(says(&page, "/pupils?birthday=week").as_deref(), Some("1 pupil has a birthday within 7 days"));
    assert!(helper.get(&format!("{home}/pupils?birthday=week")).await.shows(&own.id.to_string()));
    let whole = director.reading("en").get(&home).await;
    assert_eq!(says(&whole, "/pupils?missing=guardian").as_deref(), Some("Name the guardians of 2 pupils"));
    assert_eq!(says(&whole, "/pupils?birthday=week"), None, "a thousand birthdays are no news");
    // A role that sees nothing of the doors has a home all the same, with ways on; a neighbour has none here.
    let teacher = staff(&school, Role::Teacher).await.reading("en");
    let quiet = teacher.get(&home).await;
    assert!(quiet.status == StatusCode::OK && tasks(&quiet).is_empty() && quiet.shows("Nothing waits for you") && quiet.shows("/pupils\""), "{}", quiet.body);
    root.execute("update role_grant set role = 'nurse' where school_id = $1 and role = 'teacher'", &[&school.id]).await.unwrap();
    let nurse = Visitor::signed_in(&school.staff.iter().find(|one| one.role == Role::Teacher).unwrap().login).await;
    assert_eq!(class_of(own).await, class);
    let seen = nurse.get("/").await;
    assert_eq!(seen.location, Some(home.clone()), "{}", show(class));
    let neighbour = SchoolBuilder::new().build().await;
    assert_eq!(staff(&neighbour, Role::Director).await.get(&home).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn inv_2_what_keeps_itself_fresh_asks_for_no_tasks() {
    let school = SchoolBuilder::new().build().await;
    let director = staff(&school, Role::Director).await;
    let home = format!("/{}", school.code);
    assert!(!tasks(&director.get(&home).await).is_empty());
    let fragment = director.fragment(&home).await;
    assert!(fragment.shows("id=\"figures\"") && tasks(&fragment).is_empty(), "{}", fragment.body);
}
