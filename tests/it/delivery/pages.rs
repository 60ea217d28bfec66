//! The pages of delivery: inbox, switches, log.

use actix_web::http::StatusCode;
use kernel::id::NoticeId;
use notice::{Choice, ENTERED, LEFT, MEAL};
use testkit::SchoolBuilder;

use super::world::{World, login_of};
use crate::visitor::Visitor;

async fn is_read(world: &World, notice: NoticeId) -> bool {
    world.rows.query_one("select read_at is not null from notice where id = $1", &[&notice]).await.unwrap().get(0)
}

#[actix_web::test]
async fn inv_1_a_guardian_sees_and_marks_their_own_notices_only() {
    let world = World::new().await;
    let own = world.issue(&[world.draft(0, &ENTERED), world.draft(0, &MEAL)]).await.notices;
    let other = world.issue_one(1).await.notices[0].id;
    let guardian = Visitor::signed_in(login_of(&world, 0)).await;

    let page = guardian.get("/my/inbox").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.shows(&format!("notice-{}", own[0].id)) && page.shows("Сорпа, 650 ₸") && page.shows("2 хабарлама оқылмаған"), "{}", page.body);
    assert!(!page.shows(&other.to_string()));

    guardian.post("/my/inbox/read", &[("notice", &other.to_string())]).await;
    assert!(!is_read(&world, other).await);
    let answer = guardian.post("/my/inbox/read", &[("notice", &own[0].id.to_string()), ("back", "https://elsewhere.example/")]).await;
    assert_eq!((answer.status, answer.location.as_deref()), (StatusCode::SEE_OTHER, Some("/my/inbox")));
    assert!(is_read(&world, own[0].id).await && !is_read(&world, own[1].id).await);
}

#[actix_web::test]
async fn inv_2_mark_all_read_spares_what_came_in_the_meantime() {
    let world = World::new().await;
    let guardian = Visitor::signed_in(login_of(&world, 0)).await;
    let shown = world.issue_one(0).await.notices[0].id;
    world.clock.advance(jiff::SignedDuration::from_secs(1));
    let newer = world.issue_one(0).await.notices[0].id;
    guardian.post("/my/inbox/read", &[("upto", &shown.to_string())]).await;
    assert!(is_read(&world, shown).await && !is_read(&world, newer).await);
}

#[actix_web::test]
async fn the_inbox_goes_on_where_it_stopped_and_keeps_its_filter() {
    let world = World::new().await;
    let mut all = Vec::new();
    for _ in 0..35 {
        world.clock.advance(jiff::SignedDuration::from_secs(1));
        all.push(world.issue(&[world.draft(0, &ENTERED)]).await.notices[0].id);
    }
    world.issue(&[world.draft(0, &MEAL)]).await;
    let guardian = Visitor::signed_in(login_of(&world, 0)).await.reading("ru");

    let first = guardian.get("/my/inbox?kind=entered").await;
    assert!(first.shows(&all[34].to_string()) && first.shows(&all[5].to_string()) && !first.shows(&all[4].to_string()) && !first.shows("Сорпа"));
    let after = format!("kind=entered&#38;after={}", all[5]);
    assert!(first.shows(&after) || first.shows(&after.replace("&#38;", "&amp;")), "{}", first.body);
    let second = guardian.get(&format!("/my/inbox?kind=entered&after={}", all[5])).await;
    let shown = |notice: usize| second.shows(&format!("\"notice-{}\"", all[notice]));
    assert!(shown(4) && shown(0) && !shown(5));
}

#[actix_web::test]
async fn inv_2_a_switch_sent_twice_changes_once_and_the_next_notice_obeys() {
    let world = World::new().await;
    let guardian = Visitor::signed_in(login_of(&world, 0)).await;
    let child = world.school.pupils[0].id.to_string();
    assert!(guardian.get("/my/switches").await.body.matches(" checked").count() >= 3);

    // Every kind but one.
    let others = notice::KINDS.into_iter().filter(|kind| kind.choice == Choice::Free && **kind != ENTERED).map(|kind| (kind.name, "on"));
    let form: Vec<(&str, &str)> = std::iter::once(("child", child.as_str())).chain(others).collect();
    for _ in 0..2 {
        assert_eq!(guardian.post("/my/switches", &form).await.status, StatusCode::SEE_OTHER);
    }
    let audit = "select detail->>'kind', detail->>'push' from audit where school_id = $1 and action = 'delivery.switch'";
    let rows = world.rows.query(audit, &[&world.school.id]).await.unwrap();
    let changes: Vec<(String, String)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(changes, [("entered".to_owned(), "off".to_owned())]);

    let issued = world.issue(&[world.draft(0, &ENTERED), world.draft(0, &LEFT)]).await;
    assert_eq!(issued.pushes.iter().map(|push| push.kind.name).collect::<Vec<_>>(), ["left"]);

    guardian.post("/my/switches", &[("child", &child), ("entered", "on"), ("left", "on"), ("meal", "on"), ("request_answered", "on"), ("announcement", "on")]).await;
    assert_eq!(world.issue_one(0).await.pushes.len(), 1);
}

#[actix_web::test]
async fn each_way_that_is_connected_has_its_column_and_the_others_lead_to_where_they_are() {
    let world = World::new().await;
    let guardian = Visitor::signed_in(login_of(&world, 0)).await;
    let page = guardian.get("/my/switches").await;
    assert!(page.shows("name=\"entered\"") && !page.shows("name=\"telegram.entered\""), "{}", page.body);
    assert!(page.shows("Telegram әлі қосылмаған") && page.shows("href=\"/my/phones#telegram\""), "{}", page.body);

    let chat = "insert into push_token (id, person_id, channel, token, locale, registered_at) values (gen_random_uuid(), $1, 'telegram', abs(hashtextextended($1::uuid::text, 7))::text, 'kk', now())";
    world.rows.execute(chat, &[&world.guardian(0)]).await.unwrap();
    let page = guardian.get("/my/switches").await;
    assert!(page.shows("name=\"telegram.entered\"") && page.shows("Мектепке келді: Telegram") && !page.shows("Telegram әлі қосылмаған"), "{}", page.body);

    // To the chat what happens at the door, to the phone the rest.
    let child = world.school.pupils[0].id.to_string();
    let phone = ["left", "meal", "not_arrived", "card_blocked", "card_unblocked", "blocked_card_used", "request_answered", "announcement"].map(|kind| (kind, "on"));
    let form = [&[("child", child.as_str()), ("telegram", "shown"), ("telegram.entered", "on")][..], &phone[..]].concat();
    for _ in 0..2 {
        assert_eq!(guardian.post("/my/switches", &form).await.status, StatusCode::SEE_OTHER);
    }
    let issued = world.issue(&[world.draft(0, &ENTERED), world.draft(0, &LEFT)]).await;
    let by: Vec<(&str, &str)> = issued.pushes.iter().map(|push| (push.kind.name, push.via.as_str())).collect();
    assert_eq!(by, [("entered", "telegram"), ("left", "fcm")]);

    // A form of a page that showed no such column says nothing of it.
    guardian.post("/my/switches", &[("child", child.as_str()), ("entered", "on")]).await;
    let issued = world.issue(&[world.draft(0, &ENTERED), world.draft(0, &LEFT)]).await;
    let by: Vec<(&str, &str)> = issued.pushes.iter().map(|push| (push.kind.name, push.via.as_str())).collect();
    assert!(by.len() == 2 && by.contains(&("entered", "telegram")) && by.contains(&("entered", "fcm")), "{by:?}");
}

#[actix_web::test]
async fn inv_1_nobody_switches_for_another_ones_child() {
    let world = World::new().await;
    let guardian = Visitor::signed_in(login_of(&world, 0)).await;
    let answer = guardian.post("/my/switches", &[("child", &world.school.pupils[1].id.to_string())]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(world.count("notice_switch").await, 0);
}

#[actix_web::test]
async fn the_log_says_why_somebody_was_not_told() {
    let world = World::new().await;
    let off = "insert into notice_switch (school_id, guardian_id, child_id, kind, push, changed_at) values ($1, $2, $3, 'entered', 'off', now())";
    world.rows.execute(off, &[&world.school.id, &world.guardian(0), &world.school.pupils[0].id]).await.unwrap();
    world.issue(&[world.draft(0, &ENTERED), world.draft(1, &ENTERED)]).await;
    let administrator = world.school.staff.iter().find(|one| one.role == kernel::right::Role::SchoolAdministrator).unwrap();
    let administrator = Visitor::signed_in(&administrator.login).await;

    let path = format!("/{}/deliveries", world.school.code);
    let page = administrator.get(&path).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.shows("Ата-ана бұл түрді өшірген") && page.shows("Жіберіліп жатыр"));
    assert!(!page.shows("Бас есік"), "texts of notices are not shown");

    let surname = world.school.pupils[1].name.split(' ').next().unwrap();
    let found = administrator.get(&format!("{path}?q={}", web::failure::encoded(surname))).await;
    assert!(found.shows(&world.school.pupils[1].name), "{}", found.body);
    assert!(administrator.get(&format!("{path}?day=2020-01-01")).await.shows("Хабарлама табылмады"));
}

#[actix_web::test]
async fn a_stranger_gets_nothing() {
    let (world, neighbour) = (World::new().await, SchoolBuilder::new().teachers(1).build().await);
    let paths = ["/my/inbox".to_owned(), "/my/switches".to_owned(), format!("/{}/deliveries", world.school.code), "/support/deliveries?q=al".to_owned()];
    for path in &paths {
        let nobody = Visitor::nobody().get(path).await;
        assert!(nobody.status == StatusCode::UNAUTHORIZED || nobody.location.is_some_and(|location| location.contains("/sign-in")), "{path}");
    }
    let elsewhere = Visitor::signed_in(&neighbour.staff[0].login).await;
    assert_eq!(elsewhere.get(&paths[2]).await.status, StatusCode::NOT_FOUND);
    let surname = world.school.pupils[0].name.split(' ').next().unwrap();
    world.issue_one(0).await;
    assert!(!elsewhere.get(&format!("/support/deliveries?q={}", web::failure::encoded(surname))).await.shows(&world.school.pupils[0].name));
    let guardian = Visitor::signed_in(login_of(&world, 0)).await;
    assert_eq!(guardian.get(&paths[2]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(guardian.get(&paths[3]).await.status, StatusCode::FORBIDDEN);
}
