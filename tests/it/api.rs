//! The JSON API of the register, and its description.

use std::collections::BTreeSet;

use actix_web::http::{Method, StatusCode};
use serde_json::Value;
use testkit::{
    SchoolBuilder,
    source::{Golden, routes},
};

use crate::visitor::{Seen, Visitor};

fn described() -> Value {
    serde_json::from_str(shanyraq::rooms::api().unwrap().text()).unwrap()
}

async fn get(visitor: &Visitor, path: &str) -> Seen {
    visitor.ask(Method::GET, path, &[]).await
}

fn json(seen: &Seen) -> Value {
    serde_json::from_str(&seen.body).unwrap_or_else(|_| panic!("{} {}", seen.status, seen.body))
}

#[test]
fn the_description_is_what_reviewers_read() {
    Golden("tests/golden/openapi.json").compare(&format!("{}\n", shanyraq::rooms::api().unwrap().text()));
}

#[test]
fn inv_1_every_route_is_described_and_everything_described_is_a_route() {
    let told = described();
    let of_paths = told["paths"].as_object().unwrap().iter().flat_map(|(path, methods)| methods.as_object().unwrap().keys().map(move |method| format!("{} {path}", method.to_uppercase())));
    let of_paths: BTreeSet<String> = of_paths.collect();
    let routes = routes().unwrap_or_else(|unreadable| panic!("{}", unreadable.join("\n")));
    let of_routes: BTreeSet<String> = routes.iter().filter(|route| route.path.starts_with("/api/v1/") && !route.path.ends_with("openapi.json")).map(|route| format!("{} {}", route.method, route.path)).collect();
    assert_eq!(of_paths, of_routes);
    assert_eq!(told["openapi"], "3.1.0");
}

#[actix_web::test]
async fn the_register_is_read_in_parts() {
    let school = SchoolBuilder::new().build().await;
    let director = Visitor::signed_in(&school.staff.iter().find(|one| one.role == kernel::right::Role::Director).unwrap().login).await;
    let list = format!("/api/v1/schools/{}/pupils", school.code);
    let whole = json(&get(&director, &format!("{list}?limit=200")).await);
    let ids = |part: &Value| part["items"].as_array().unwrap().iter().map(|pupil| pupil["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert!(ids(&whole).len() > 2 && whole["next"].is_null(), "{whole}");
    let (mut in_parts, mut after) = (Vec::new(), String::new());
    for _ in 0..=ids(&whole).len() {
        let part = json(&get(&director, &format!("{list}?limit=2{after}")).await);
        in_parts.extend(ids(&part));
        let Some(next) = part["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(in_parts, ids(&whole));

    let one = json(&get(&director, &format!("{list}/{}", in_parts[0])).await);
    assert_eq!((&one["id"], &one["surname"], one["guardians"].is_array()), (&whole["items"][0]["id"], &whole["items"][0]["surname"], true));
    let classes = json(&get(&director, &format!("/api/v1/schools/{}/classes", school.code)).await);
    let pupils: i64 = classes["items"].as_array().unwrap().iter().map(|class| class["pupils"].as_i64().unwrap()).sum();
    assert_eq!(usize::try_from(pupils).unwrap(), ids(&whole).len());
    let class = classes["items"][0]["id"].as_str().unwrap();
    assert_eq!(ids(&json(&get(&director, &format!("{list}?class={class}&limit=200")).await)).len().to_string(), classes["items"][0]["pupils"].to_string());
}

#[actix_web::test]
async fn what_cannot_be_asked_is_said_as_a_problem() {
    let (school, neighbour) = (SchoolBuilder::new().build().await, SchoolBuilder::new().build().await);
    let director = Visitor::signed_in(&school.staff.iter().find(|one| one.role == kernel::right::Role::Director).unwrap().login).await;
    let list = format!("/api/v1/schools/{}/pupils", school.code);
    let not_here = format!("/api/v1/schools/{}/pupils/{}", school.code, neighbour.pupils[0].id);
    for (path, status, code) in [
        (format!("{list}?limit=0"), StatusCode::UNPROCESSABLE_ENTITY, "web.invalid"),
        (format!("{list}?limit=201"), StatusCode::UNPROCESSABLE_ENTITY, "web.invalid"),
        (format!("{list}?limit=many"), StatusCode::BAD_REQUEST, "web.bad_request"),
        (format!("{list}?after=x"), StatusCode::UNPROCESSABLE_ENTITY, "web.invalid"),
        (format!("{list}?class=x"), StatusCode::UNPROCESSABLE_ENTITY, "web.invalid"),
        (format!("{list}/x"), StatusCode::NOT_FOUND, "web.not_found"),
        (not_here, StatusCode::NOT_FOUND, "web.not_found"),
        (format!("/api/v1/schools/{}/pupils", neighbour.code), StatusCode::NOT_FOUND, "web.not_found"),
    ] {
        let seen = get(&director, &path).await;
        assert_eq!((seen.status, json(&seen)["code"].as_str()), (status, Some(code)), "{path}: {}", seen.body);
    }
    let guardian = Visitor::signed_in(&school.guardians[0].login).await;
    assert_eq!(get(&guardian, &list).await.status, StatusCode::FORBIDDEN);
    assert_eq!(get(&Visitor::nobody(), &list).await.status, StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn the_description_has_a_page_for_everybody() {
    for locale in ["kk", "ru", "en"] {
        let page = get(&Visitor::nobody().reading(locale), "/api").await;
        assert!(page.status == StatusCode::OK && page.body.contains("/api/v1/schools/{school}/pupils") && page.body.contains("Crockford"), "{}", page.body);
    }
    let told = json(&get(&Visitor::nobody(), "/api/v1/openapi.json").await);
    assert_eq!(told, described());
}

#[actix_web::test]
async fn every_list_is_read_in_parts_and_says_its_version() {
    let school = SchoolBuilder::new().pupils(7).teachers(3).build().await;
    let director = Visitor::signed_in(&school.staff.iter().find(|one| one.role == kernel::right::Role::Director).unwrap().login).await;
    let class = json(&get(&director, &format!("/api/v1/schools/{}/classes", school.code)).await)["items"][0]["id"].as_str().unwrap().to_owned();
    two_orders(&school).await;
    let pupil = school.pupils[0].id;
    for (list, least, key) in [("classes", 1, "id"), ("staff", 4, "id"), ("years", 2, "year"), ("enrolments", 7, "pupil"), ("orders", 2, "id"), (&format!("pupils/{pupil}/guardians"), 1, "id")] {
        let path = format!("/api/v1/schools/{}/{list}", school.code);
        let whole = json(&get(&director, &format!("{path}?limit=200")).await);
        let keys = |part: &Value| part["items"].as_array().unwrap_or_else(|| panic!("{list}: {part}")).iter().map(|one| one[key].to_string()).collect::<Vec<_>>();
        assert!(keys(&whole).len() >= least && whole["next"].is_null(), "{list}: {whole}");
        let (mut in_parts, mut after) = (Vec::new(), String::new());
        for _ in 0..=keys(&whole).len() {
            let part = json(&get(&director, &format!("{path}?limit=1{after}")).await);
            in_parts.extend(keys(&part));
            let Some(next) = part["next"].as_str() else { break };
            after = format!("&after={next}");
        }
        assert_eq!(in_parts, keys(&whole), "{list}");
        for wrong in ["limit=0", "limit=201", "after=x"] {
            assert_eq!(get(&director, &format!("{path}?{wrong}")).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{list}?{wrong}");
        }
        let guardian = Visitor::signed_in(&school.guardians[0].login).await;
        assert_eq!(get(&guardian, &path).await.status, StatusCode::FORBIDDEN, "{list}");
    }
    let at = |path: &str| format!("/api/v1/schools/{}/{path}", school.code);
    let count = async |path: &str| json(&get(&director, &at(path)).await)["items"].as_array().unwrap().len();
    assert_eq!(count("enrolments?on=2020-01-01").await, 0, "nobody was here then");
    let whole = count("enrolments").await;
    assert!(count(&format!("enrolments?class={class}")).await <= whole);
    assert_eq!(count("staff?position=teacher&category=master").await, 0);
    let years = json(&get(&director, &at("years?after=2025")).await);
    assert_eq!((years["items"][0]["year"].as_i64(), years["items"][0]["quarters"].as_array().unwrap().len()), (Some(2026), 4));
    for wrong in ["enrolments?on=yesterday", "enrolments?class=x", "classes?grade=13", "classes?language=fr", "staff?category=tsar", "orders?kind=x", "orders?year=1", "years?after=20266"] {
        assert_eq!(get(&director, &at(wrong)).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    let order = json(&get(&director, &at("orders?kind=departure")).await)["items"][0].clone();
    let one = json(&get(&director, &at(&format!("orders/{}", order["id"].as_str().unwrap()))).await);
    assert_eq!((&one["number"], one["lines"].is_array()), (&order["number"], true));
    let neighbour = SchoolBuilder::new().build().await;
    assert_eq!(get(&director, &at(&format!("pupils/{}/guardians", neighbour.pupils[0].id))).await.status, StatusCode::NOT_FOUND);
    let looked = "select count(*) from audit where school_id = $1 and action in ('people.list_staff', 'people.list_pupils', 'people.see_order', 'people.see_pupil')";
    assert!(testkit::database().superuser().await.query_one(looked, &[&school.id]).await.unwrap().get::<_, i64>(0) > 10, "looks are in the trail");
}

/// Two orders.
async fn two_orders(school: &shanyraq::town::School) {
    let orders = "insert into school_order (school_id, id, kind, year, number, dated, made_at) values ($1, gen_random_uuid(), 'admission', 2026, 101, '2026-09-01', now()), ($1, gen_random_uuid(), 'departure', 2026, 102, '2026-09-02', now() + interval '1 second')";
    testkit::database().superuser().await.execute(orders, &[&school.id]).await.unwrap();
}
