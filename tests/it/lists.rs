//! The lists that an office lives in, from outside: what is found, taken away, and done with many.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use jiff::civil::date;
use kernel::{
    Ctx,
    clock::Clock,
    db::DbRole,
    id::{PersonId, show},
    right::Role,
};
use people::pupils::{
    list::{Order, Sieve, listed},
};
use shanyraq::town::School;
use testkit::{SchoolBuilder, database, pool, scope_of};

use crate::{
    bounds::{class_of, grant, own_role, rights_by_class, two},
    roles::staff,
    visitor::{Seen, Visitor},
};

/// Whom the rows of a page lead to.
fn ids(seen: &Seen) -> Vec<String> {
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.body);
    let titles = seen.body.split("class=\"sh-cell-title\"").skip(1);
    titles.filter_map(|rest| rest.split("href=\"").nth(1)?.split('"').next()?.rsplit('/').next()).map(str::to_owned).collect()
}

/// Where the next page is.
fn next(seen: &Seen) -> Option<String> {
    let rest = seen.body.split("rel=\"next\" href=\"").nth(1)?;
    rest.split('"').next().map(|href| href.replace("&#38;", "&"))
}

/// All rows of a list, page by page.
async fn walked(who: &Visitor, address: &str) -> Vec<String> {
    let (mut found, mut at) = (Vec::new(), Some(address.to_owned()));
    while let Some(here) = at {
        let seen = who.get(&here).await;
        found.extend(ids(&seen));
        at = next(&seen);
        assert!(found.len() < 2_000, "paging does not end");
    }
    found
}

/// The lines of a CSV file without its heading.
async fn lines(who: &Visitor, address: &str) -> Vec<String> {
    let file = String::from_utf8(who.download(address).await).unwrap();
    assert!(file.starts_with('\u{feff}'), "a spreadsheet knows its letters");
    file.lines().skip(1).map(str::to_owned).collect()
}

async fn of_school(sql: &str, school: &School) -> i64 {
    database().superuser().await.query_one(sql, &[&school.id]).await.unwrap().get(0)
}

fn office() -> Ctx {
    Ctx::system("test", kernel::db::Scope::nothing(), Clock::System)
}

#[actix_web::test]
async fn inv_1_a_file_holds_exactly_whom_its_page_says_are_found() {
    let school = SchoolBuilder::new().pupils(130).build().await;
    let director = staff(&school, Role::Director).await.reading("en");
    let (db, ctx) = (pool(DbRole::Web), Ctx { scope: scope_of(&school), ..office() });
    let meant = &school.pupils[7];
    database().superuser().await.execute("update person set sex = 'f', birth_date = '2015-11-25' where id = $1", &[&meant.id]).await.unwrap();
    database().superuser().await.execute("update person set sex = null where id = any(select pupil_id from enrolment where school_id = $1) and id <> $2", &[&school.id, &meant.id]).await.unwrap();
    let list = format!("/{}/pupils", school.code);
    let surname = web::failure::encoded(meant.name.split(' ').next().unwrap());
    let every: BTreeSet<String> = school.pupils.iter().map(|pupil| pupil.id.to_string()).collect();
    for (query, everybody) in [("", true), ("?sort=-name", true), ("?sort=class", true), ("?sort=-class", true), ("?sort=born", true), ("?sort=-born", true), ("?grade=7", false), ("?language=ru", false), ("?sex=f", false), ("?missing=sex", false), ("?missing=iin", true), (&*format!("?q={surname}"), false), ("?q=%25", false)] {
        let found = walked(&director, &format!("{list}{query}")).await;
        let once: BTreeSet<String> = found.iter().cloned().collect();
        assert_eq!(found.len(), once.len(), "{query}: nobody twice");
        assert_eq!(once == every, everybody, "{query}: {} of {}", once.len(), every.len());
        assert_eq!(lines(&director, &format!("{list}.csv{query}")).await.len(), found.len(), "{query}");
        if query != "?q=%25" {
            let said = format!("{} pupil", found.len());
            assert!(director.get(&format!("{list}{query}")).await.shows(&said), "{query}: {said}");
        }
    }
    assert_eq!(walked(&director, &format!("{list}?sex=f")).await, [meant.id.to_string()]);
    assert!(!walked(&director, &format!("{list}?missing=sex")).await.contains(&meant.id.to_string()));
    let mut back = walked(&director, &format!("{list}?sort=-name")).await;
    back.reverse();
    assert_eq!(back, walked(&director, &list).await, "the same order from its end");
    let on = Sieve { birthdays: Some(vec!["11-25".to_owned()]), ..Sieve::default() };
    let celebrating = listed(&db, &ctx, school.id, &on, Order::Name, None).await.unwrap().pupils;
    assert!(celebrating.iter().any(|pupil| pupil.id == meant.id) && celebrating.len() < 20, "{}", celebrating.len());
    assert!(director.download(&format!("{list}.xlsx?grade=7")).await.starts_with(b"PK"));
    let told: Vec<String> = database().superuser().await.query("select detail::text from audit where school_id = $1 and action = 'people.export_pupils'", &[&school.id]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert!(told.len() >= 13 && told.iter().all(|detail| !detail.contains(meant.name.split(' ').next().unwrap())), "what was typed is written down nowhere");
    assert!(told.iter().any(|detail| detail.contains("\"grade\": 7")), "{told:?}");
}

#[actix_web::test]
async fn inv_2_nobody_finds_takes_away_or_deals_with_pupils_beyond_their_classes() {
    let (school, neighbour) = (SchoolBuilder::new().pupils(44).teachers(1).build().await, SchoolBuilder::new().build().await);
    let director = staff(&school, Role::Director).await;
    let [(own, class), (foreign, foreign_class)] = two(&school).await;
    let role = own_role(&school, &director, &rights_by_class()).await;
    let helper = school.guardians.iter().find(|guardian| !own.guardians.contains(&guardian.id) && !foreign.guardians.contains(&guardian.id)).expect("a guardian of others");
    assert_eq!(grant(&school, &director, helper.id.0, &role, &[class], "").await, StatusCode::SEE_OTHER);
    let helper = Visitor::signed_in(&helper.login).await;
    let home = format!("/{}", school.code);
    for query in ["", "?sort=-class", &format!("?class={}", show(foreign_class)), "?missing=iin"] {
        let found = walked(&helper, &format!("{home}/pupils{query}")).await;
        assert!(!found.contains(&foreign.id.to_string()), "{query}");
        assert_eq!(lines(&helper, &format!("{home}/pupils.csv{query}")).await.len(), found.len(), "{query}");
        let guardians = helper.get(&format!("{home}/guardians{query}")).await;
        assert!(!guardians.shows(&foreign.guardians[0].to_string()) && !guardians.shows(&foreign.name), "{query}");
    }
    assert!(helper.get(&format!("{home}/guardians")).await.shows(&own.guardians[0].to_string()));
    let theirs = lines(&helper, &format!("{home}/guardians.csv")).await;
    assert!(!theirs.is_empty() && theirs.len() < lines(&director, &format!("{home}/guardians.csv")).await.len());
    for route in ["pupils-move", "pupils-invite", "guardians-invite"] {
        assert_eq!(helper.post(&format!("{home}/{route}"), &[("id", &own.id.to_string())]).await.status, StatusCode::FORBIDDEN, "{route}");
    }
    // A teacher sees the list and takes nothing away; a neighbour's pupils cannot be chosen.
    let teacher = staff(&school, Role::Teacher).await;
    let page = teacher.get(&format!("{home}/pupils")).await;
    assert!(page.status == StatusCode::OK && !page.shows("pupils.csv") && !page.shows("pupils-move"), "what one may not do is not offered");
    assert_eq!(teacher.get(&format!("{home}/pupils.csv")).await.status, StatusCode::FORBIDDEN);
    let stranger = neighbour.pupils[0].id.to_string();
    let refused = director.post(&format!("{home}/pupils-move"), &[("id", &stranger)]).await;
    assert!(refused.status != StatusCode::OK && !refused.shows(&neighbour.pupils[0].name), "{}", refused.status);
}

#[actix_web::test]
async fn inv_3_many_are_moved_by_one_act_and_brought_back_by_one_press() {
    let school = SchoolBuilder::new().pupils(66).build().await;
    let director = staff(&school, Role::Director).await.reading("ru");
    let [(first, from), (_, into)] = two(&school).await;
    let home = format!("/{}", school.code);
    let (from, into) = (show(from), show(into));
    let there = || async { walked(&director, &format!("{home}/pupils?class={into}")).await.len() };
    let moving = walked(&director, &format!("{home}/pupils?class={from}")).await;
    let before = there().await;
    assert!(moving.len() > 1 && moving.contains(&first.id.to_string()));
    let none = director.post(&format!("{home}/pupils-move"), &[]).await;
    assert!(none.shows("Никто не выбран"), "{}", none.body);
    // All that match, without a box ticked: the page between names them, and nothing has happened yet.
    let all = director.post(&format!("{home}/pupils-move"), &[("where", &format!("class={from}")), ("all", "1")]).await;
    assert_eq!(BTreeSet::from_iter(ids_of(&all)), moving.iter().map(String::as_str).collect());
    assert!(all.shows(&first.name) && there().await == before);
    let mut fields: Vec<(&str, &str)> = moving.iter().map(|id| ("id", id.as_str())).collect();
    fields.extend([("step", "2"), ("on", "2026-11-20")]);
    let wrong = director.post(&format!("{home}/pupils-move"), &fields).await;
    assert_eq!((wrong.status, ids_of(&wrong).len()), (StatusCode::UNPROCESSABLE_ENTITY, moving.len()), "what was chosen stays");
    fields.push(("class", into.as_str()));
    let orders = "select count(*) from school_order where school_id = $1 and kind = 'class_change'";
    let moved = director.post(&format!("{home}/pupils-move"), &fields).await;
    let location = moved.location.expect("it leads back to the list");
    assert!(location.contains(&format!("class={into}")) && location.contains("moved="), "{location}");
    assert_eq!((there().await, of_school(orders, &school).await), (before + moving.len(), 1));
    let again = director.post(&format!("{home}/pupils-move"), &fields).await;
    assert_eq!((again.status, of_school(orders, &school).await), (StatusCode::SEE_OTHER, 1), "sent twice, done once");
    assert_eq!(of_school("select count(*) from audit where school_id = $1 and action = 'people.change_class_of_many'", &school).await, 1);
    // One press brings all of them back; the list says so.
    assert!(director.get(&location).await.shows("/pupils-move/undo"));
    let order = location.split("moved=").nth(1).unwrap().split('&').next().unwrap();
    for _ in 0..2 {
        assert_eq!(director.post(&format!("{home}/pupils-move/undo"), &[("order", order)]).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!((there().await, walked(&director, &format!("{home}/pupils?class={from}")).await), (before, moving));
    assert_eq!(of_school("select count(*) from school_order where school_id = $1 and cancelled_at is not null", &school).await, 1);
    assert_eq!(class_of(first).await, kernel::id::read(&from).unwrap());
}

fn ids_of(seen: &Seen) -> Vec<&str> {
    seen.body.split("name=\"id\" value=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[actix_web::test]
async fn guardians_are_found_by_their_own_name_a_childs_and_a_phone_and_codes_are_printed_for_many() {
    let school = SchoolBuilder::new().pupils(12).build().await;
    let director = staff(&school, Role::Director).await.reading("ru");
    let (child, list) = (&school.pupils[3], format!("/{}/guardians", school.code));
    let guardian = child.guardians[0];
    let (db, ctx) = (pool(DbRole::Web), Ctx { scope: scope_of(&school), ..office() });
    let root = database().superuser().await;
    let phone = "insert into person_value (school_id, id, person_id, field, value, valid_from) values ($1, gen_random_uuid(), $2, 'phone', '+77015550199', '2026-09-02')";
    root.execute(phone, &[&school.id, &guardian]).await.unwrap();
    root.execute("update person set surname = 'Ғабиденқызы', locale = 'ru' where id = $1", &[&guardian]).await.unwrap();
    for query in ["?q=%D0%B3%D0%B0%D0%B1%D0%B8%D0%B4", "?q=5550199", "?q=8%20701%20555%2001%2099", &format!("?q={}", web::failure::encoded(&child.name)), "?language=ru&missing="] {
        assert!(walked(&director, &format!("{list}{query}")).await.contains(&guardian.to_string()), "{query}");
    }
    assert!(!walked(&director, &format!("{list}?missing=phone")).await.contains(&guardian.to_string()));
    let every = walked(&director, &list).await;
    assert_eq!(lines(&director, &format!("{list}.csv")).await.len(), every.len());
    assert!(lines(&director, &format!("{list}.csv")).await.iter().any(|line| line.contains("+77015550199")));
    // Who has an account needs no code; without one the state says so, and a code changes it.
    let used = director.post(&format!("{list}-invite"), &[("id", &guardian.to_string())]).await;
    assert!(used.shows("У всех есть кабинет"), "{}", used.body);
    let fresh: PersonId = people::pupils::add_guardian(&db, &ctx, school.id, child.id, people::pupils::KinshipKind::Grandparent, people::pupils::NewPerson::parse("Жаңаева", "Әжар", "", "", date(2026, 11, 22)).unwrap(), date(2026, 11, 1)).await.unwrap();
    assert_eq!(walked(&director, &format!("{list}?account=none")).await, [fresh.to_string()]);
    let printed = director.post(&format!("{list}-invite"), &[("where", "account=none"), ("all", "1")]).await;
    assert!(printed.status == StatusCode::OK && printed.shows("Жаңаева Әжар"), "{}", printed.body);
    assert_eq!(walked(&director, &format!("{list}?account=invited")).await, [fresh.to_string()]);
    // By the pupil it is the same family.
    let slips = director.post(&format!("/{}/pupils-invite", school.code), &[("id", &child.id.to_string())]).await;
    assert!(slips.status == StatusCode::OK && slips.shows("Жаңаева Әжар"));
}

#[actix_web::test]
async fn staff_classes_and_accounts_are_taken_away_as_their_pages_show_them() {
    let school = SchoolBuilder::new().pupils(44).teachers(4).build().await;
    let director = staff(&school, Role::Director).await.reading("en");
    let home = format!("/{}", school.code);
    let rows = |seen: &Seen| seen.body.matches("class=\"sh-cell-title\"").count();
    for (list, query) in [("staff", ""), ("staff", "?sort=-name"), ("staff", "?ends=category"), ("staff", "?category=none"), ("classes", ""), ("classes", "?sort=-pupils"), ("classes", "?teacher=none"), ("classes", "?language=ru&grade=7"), ("accounts", "?role=teacher"), ("accounts", "?state=without_login"), ("accounts", "?state=ends_soon")] {
        let page = director.get(&format!("{home}/{list}{query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{list}{query}");
        assert_eq!(lines(&director, &format!("{home}/{list}.csv{query}")).await.len(), rows(&page), "{list}{query}");
    }
    let forth = director.get(&format!("{home}/staff")).await;
    let back = director.get(&format!("{home}/staff?sort=-name")).await;
    let order = |seen: &Seen| seen.body.split("class=\"sh-cell-title\"").skip(1).filter_map(|rest| rest.split("/staff/").nth(1)?.split('"').next().map(str::to_owned)).collect::<Vec<_>>();
    assert_eq!(order(&forth), order(&back).into_iter().rev().collect::<Vec<_>>());
    assert!(forth.shows("employees found") && rows(&forth) == school.staff.len());
    // The reader's choice of columns holds for the page and not for the file.
    let soon = database().superuser().await;
    let teacher = school.staff.iter().find(|one| one.role == Role::Teacher).unwrap().id;
    soon.execute("update role_grant set valid_to = now() + interval '3 days' where school_id = $1 and person_id = $2", &[&school.id, &teacher]).await.unwrap();
    assert_eq!(lines(&director, &format!("{home}/accounts.csv?state=ends_soon")).await.len(), 1);
}
