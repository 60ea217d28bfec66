//! One's own account from outside: the password, the devices.

use actix_web::{http::StatusCode, test::TestRequest};
use jiff::SignedDuration;
use shanyraq::town::DEMO_PASSWORD;
use testkit::{SchoolBuilder, database};

use crate::identity::{House, director, with};

const NEW: &str = "kestrel over the steppe";

/// What the trail tells of a person's own account, in order.
pub async fn trail(school: kernel::id::Uuid, person: kernel::id::Uuid) -> Vec<String> {
    let db = database().superuser().await;
    let rows = db.query("select action from audit where school_id = $1 and person_id = $2 and action like 'identity.%' order by at, id", &[&school, &person]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

#[actix_web::test]
async fn inv_7_a_changed_password_ends_every_session_and_renews_this_one() {
    let house = House::new();
    let school = SchoolBuilder::new().build().await;
    let guardian = &school.guardians[0];
    let (here, elsewhere) = (house.sign_in(&guardian.login).await, house.sign_in(&guardian.login).await);
    house.clock.advance(SignedDuration::from_secs(1));
    let changed = house.post("/account/password", &here, &[("old", DEMO_PASSWORD), ("new", NEW), ("again", NEW)]).await;
    assert_eq!((changed.status, changed.location.as_deref()), (StatusCode::SEE_OTHER, Some("/account?done=password")), "{}", changed.body);
    let fresh = changed.session.expect("a fresh token");
    assert!(fresh != here);
    for over in [&here, &elsewhere] {
        assert_eq!(house.get("/api/v1/children", Some(over)).await.status, StatusCode::UNAUTHORIZED);
    }
    let page = house.get("/account?done=password", Some(&fresh)).await;
    assert!(page.status == StatusCode::OK && page.body.contains("Құпиясөз өзгерді") && page.body.contains(&guardian.login), "{}", page.body);
    assert_eq!(house.try_password(&guardian.login, DEMO_PASSWORD, [10, 0, 0, 1]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(house.try_password(&guardian.login, NEW, [10, 0, 0, 1]).await.status, StatusCode::SEE_OTHER);
    let trail = trail(school.id.0, guardian.id.0).await;
    assert!(trail.contains(&"identity.password_changed".to_owned()), "{trail:?}");
}

#[actix_web::test]
async fn a_password_that_will_not_do_is_told_next_to_its_field() {
    let house = House::new();
    let school = SchoolBuilder::new().build().await;
    let login = &school.guardians[0].login;
    let session = house.sign_in(login).await;
    for (old, new, again, said) in [
        ("not it", NEW, NEW, "Қазіргі құпиясөз қате"),
        (DEMO_PASSWORD, NEW, "something else", "басқаша терілді"),
        (DEMO_PASSWORD, "kestrel", "kestrel", "тым қысқа"),
        (DEMO_PASSWORD, "Qwertyuiop", "Qwertyuiop", "бәрі біледі"),
        (DEMO_PASSWORD, "1231231231", "1231231231", "бәрі біледі"),
    ] {
        let refused = house.post("/account/password", &session, &[("old", old), ("new", new), ("again", again)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{new}");
        assert!(refused.body.contains(said) && !refused.body.contains(&format!("\"{new}\"")), "{new}: {}", refused.body);
    }
    assert_eq!(house.try_password(login, DEMO_PASSWORD, [10, 0, 0, 1]).await.status, StatusCode::SEE_OTHER, "nothing was changed");
}

#[actix_web::test]
async fn guessing_the_old_password_is_slowed_as_at_the_door() {
    let house = House::new();
    let school = SchoolBuilder::new().build().await;
    let session = house.sign_in(&school.guardians[0].login).await;
    for _ in 0..5 {
        house.post("/account/password", &session, &[("old", "guess"), ("new", NEW), ("again", NEW)]).await;
    }
    let waiting = house.post("/account/password", &session, &[("old", DEMO_PASSWORD), ("new", NEW), ("again", NEW)]).await;
    assert!(waiting.status == StatusCode::UNPROCESSABLE_ENTITY && waiting.body.contains("Бірнеше минуттан кейін"), "{}", waiting.body);
}

/// The ids that the page of devices names.
fn ids(page: &str) -> Vec<String> {
    page.split("/account/devices/").skip(1).filter_map(|rest| rest.split('/').next()).filter(|id| id.len() == 26).map(str::to_owned).collect()
}

#[actix_web::test]
async fn inv_4_devices_are_shown_by_an_id_and_ended_by_their_owner_only() {
    let house = House::new();
    let (school, neighbour) = (SchoolBuilder::new().build().await, SchoolBuilder::new().build().await);
    let (owner, stranger) = (&school.guardians[0].login, &neighbour.guardians[0].login);
    let (here, elsewhere, theirs) = (house.sign_in(owner).await, house.sign_in(owner).await, house.sign_in(stranger).await);
    house.clock.advance(SignedDuration::from_secs(1));
    let page = house.get("/account/devices", Some(&here)).await.body;
    let [other] = &ids(&page)[..] else { panic!("one device beside this one: {page}") };
    assert!(!page.contains(&here) && !page.contains(&elsewhere), "no token is shown");
    let end = format!("/account/devices/{other}/end");
    assert_eq!(house.post(&end, &theirs, &[]).await.status, StatusCode::SEE_OTHER, "a stranger learns nothing");
    assert_eq!(house.get("/api/v1/children", Some(&elsewhere)).await.status, StatusCode::OK, "and ends nothing");
    for _ in 0..2 {
        assert_eq!(house.post(&end, &here, &[]).await.location.as_deref(), Some("/account/devices?done=ended"));
    }
    assert_eq!(house.get("/api/v1/children", Some(&elsewhere)).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(house.get("/api/v1/children", Some(&here)).await.status, StatusCode::OK);
    let trail = trail(school.id.0, school.guardians[0].id.0).await;
    assert_eq!(trail.iter().filter(|action| *action == "identity.session_ended").count(), 1, "{trail:?}");
}

#[actix_web::test]
async fn all_other_devices_end_at_once() {
    let house = House::new();
    let school = SchoolBuilder::new().build().await;
    let login = &school.guardians[0].login;
    let (here, one, two) = (house.sign_in(login).await, house.sign_in(login).await, house.sign_in(login).await);
    assert_eq!(house.post("/account/devices/end-others", &here, &[]).await.status, StatusCode::SEE_OTHER);
    for (session, status) in [(&one, StatusCode::UNAUTHORIZED), (&two, StatusCode::UNAUTHORIZED), (&here, StatusCode::OK)] {
        assert_eq!(house.get("/api/v1/children", Some(session)).await.status, status);
    }
    assert!(house.get("/account/devices", Some(&here)).await.body.contains("Басқа құрылғыдан кірілмеген"));
}

#[actix_web::test]
async fn nobody_is_led_to_the_sign_in() {
    let house = House::new();
    for path in ["/account", "/account/password", "/account/devices", "/account/second-factor", "/account/second-factor/enrol"] {
        let seen = house.get(path, None).await;
        assert!(seen.location.is_some_and(|to| to.starts_with("/sign-in?next=/account")), "{path}");
    }
}

#[actix_web::test]
async fn inv_6_new_rights_come_with_a_fresh_token() {
    let house = House::new();
    let school = SchoolBuilder::new().build().await;
    let (boss, parent) = (house.sign_in(director(&school)).await, house.sign_in(&school.guardians[0].login).await);
    let page = format!("/{}/accounts/{}", school.code, school.guardians[0].id);
    let mut session = parent;
    for (act, fields) in [("grant", vec![("role", "librarian")]), ("end", vec![("role", "librarian")])] {
        assert_eq!(house.post(&format!("{page}/{act}"), &boss, &fields).await.status, StatusCode::SEE_OTHER);
        let by_script = house.send(with(TestRequest::get().uri("/my").insert_header(("hx-request", "true")), Some(&session))).await;
        assert_eq!((by_script.status, by_script.session), (StatusCode::OK, None), "what a page asks by itself goes on");
        let loaded = house.get("/account", Some(&session)).await;
        let fresh = loaded.session.expect("a fresh token");
        assert!(fresh != session && loaded.status == StatusCode::OK);
        assert!(loaded.body.contains(&house.form_token(&fresh)) && !loaded.body.contains(&house.form_token(&session)), "its forms are of the fresh token");
        assert_eq!(house.get("/api/v1/children", Some(&session)).await.status, StatusCode::UNAUTHORIZED, "{act}: the old one is refused at once");
        let again = house.get("/account", Some(&fresh)).await;
        assert_eq!((again.status, again.session), (StatusCode::OK, None), "exchanged once");
        session = fresh;
    }
    assert_eq!(house.post("/account/devices/end-others", &session, &[]).await.status, StatusCode::SEE_OTHER);
}
