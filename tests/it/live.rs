//! The live dashboards from outside: who is inside, today's stream, support's board.

use actix_web::http::StatusCode;
use fleet::Seen;
use jiff::{SignedDuration, Timestamp};
use kernel::{
    clock::Clock,
    db::{DbRole, Tx},
};
use protocol::up::{Body, Direction, Meal, Method, Pass, Status};
use safety::Taken;
use shanyraq::town::School;
use testkit::{SchoolBuilder, database, pool, scope_of};

use crate::visitor::Visitor;

fn pass(card: &str, direction: Direction) -> Body {
    Body::Pass(Pass { card: card.to_owned(), direction, method: Method::Card })
}

fn meal(card: &str) -> Body {
    Body::Meal(Meal { card: card.to_owned(), item: "Палау".to_owned(), price_tiyn: 80_000 })
}

/// Records events as the engine does, one second apart, the last one now.
async fn record(school: &School, bodies: &[Body]) -> Vec<safety::Recorded> {
    record_ago(school, bodies, SignedDuration::ZERO).await
}

async fn record_ago(school: &School, bodies: &[Body], ago: SignedDuration) -> Vec<safety::Recorded> {
    let now = Timestamp::from_second(Clock::System.now().as_second()).unwrap() - ago;
    let zone = jiff::tz::TimeZone::get("Asia/Almaty").unwrap();
    let at = |place: usize| now - SignedDuration::from_secs(i64::try_from(bodies.len() - 1 - place).unwrap());
    let taken: Vec<Taken<'_>> = bodies.iter().enumerate().map(|(place, body)| Taken {
        school: school.id, zone: &zone, device: school.devices[0].id, place: "Бас кіреберіс", store: "k1", seq: i64::try_from(place).unwrap() + 1,
        received_at: at(place), occurred_at: at(place), late: false, body,
    }).collect();
    let db = pool(DbRole::Engine);
    let stored = async |tx: &Tx| {
        let (absorbed, rows) = safety::recognise(tx, &taken).await?;
        safety::save(tx, rows).await?;
        Ok(absorbed.recorded)
    };
    db.run(&scope_of(school), stored).await.unwrap()
}

/// Support is nobody's employee of the school: the town's own account.
pub async fn support() -> Visitor {
    let mut owner = database().owner().await;
    shanyraq::town::load(&mut owner, "secret").await.unwrap();
    Visitor::signed_in("support").await
}

#[actix_web::test]
async fn the_school_sees_who_is_inside_and_what_happened() {
    let school = SchoolBuilder::new().pupils(22).build().await;
    let [first, second] = [&school.pupils[0], &school.pupils[21]];
    record(&school, &[pass(&first.card, Direction::In), pass(&second.card, Direction::In), meal(&first.card), pass(&second.card, Direction::Out)]).await;

    let director = Visitor::signed_in(&school.staff[0].login).await;
    let home = director.get(&format!("/{}", school.code)).await;
    assert!(home.shows(r#"<b id="inside">1</b>"#) && home.shows("Палау, 800\u{a0}₸") && home.shows(&second.name), "{}", home.body);
    assert!(home.shows(&format!("data-live=\"/live/school/{}\"", school.code)));

    let presence = director.get(&format!("/{}/presence", school.code)).await;
    assert!(presence.shows(r#"<b id="inside">1</b>"#), "{}", presence.body);
    let classes = pool(DbRole::Web).run(&scope_of(&school), async |tx| people::classes::classes(tx, school.id).await).await.unwrap();
    let class = classes.iter().find(|class| class.label() == first.class).unwrap();
    let chosen = director.get(&format!("/{}/presence?class={}", school.code, class.id)).await;
    assert!(chosen.shows(&first.name) && !chosen.shows(&second.name), "{}", chosen.body);

    for (query, seen, unseen) in [
        ("?kind=meal", &first.name, &second.name),
        ("?kind=out", &second.name, &first.name),
        (&*format!("?class={}", class.id), &first.name, &second.name),
        (&*format!("?q={}", web::failure::encoded(&first.name)), &first.name, &second.name),
    ] {
        let page = director.get(&format!("/{}/stream{query}", school.code)).await;
        assert!(page.shows(seen), "{query}");
        assert!(first.name == second.name || !page.shows(unseen), "{query}");
        assert!(!page.shows("data-live="), "a chosen part stands still: {query}");
    }
    assert!(director.get(&format!("/{}/stream", school.code)).await.shows("data-live="));
    let file = director.get(&format!("/{}/stream.xlsx", school.code)).await;
    assert!(file.status.is_success() && file.body.starts_with("PK"));
}

#[actix_web::test]
async fn who_was_not_seen_to_leave_yesterday_is_not_inside_today() {
    let school = SchoolBuilder::new().pupils(22).build().await;
    let [forgotten, late] = [&school.pupils[0], &school.pupils[21]];
    record_ago(&school, &[pass(&forgotten.card, Direction::In)], SignedDuration::from_hours(19)).await;
    record_ago(&school, &[pass(&late.card, Direction::In)], SignedDuration::from_hours(17)).await;
    let director = Visitor::signed_in(&school.staff[0].login).await;
    for page in ["", "/presence"] {
        let page = director.get(&format!("/{}{page}", school.code)).await;
        assert!(page.shows(r#"<b id="inside">1</b>"#), "{}", page.body);
    }
}

#[actix_web::test]
async fn inv_1_the_stream_goes_on_where_it_stopped() {
    let school = SchoolBuilder::new().pupils(60).build().await;
    let bodies: Vec<Body> = school.pupils.iter().flat_map(|pupil| [pass(&pupil.card, Direction::In), meal(&pupil.card)]).collect();
    record(&school, &bodies).await;
    let director = Visitor::signed_in(&school.staff[0].login).await;

    let mut ids = Vec::new();
    let mut path = format!("/{}/stream", school.code);
    loop {
        let page = director.get(&path).await;
        ids.extend(page.body.split("id=\"ev-").skip(1).map(|rest| rest[..rest.find('"').unwrap()].to_owned()));
        let Some(next) = page.body.split("rel=\"next\" href=\"").nth(1) else { break };
        path = next[..next.find('"').unwrap()].replace("&#38;", "&").replace("&amp;", "&");
    }
    let once: std::collections::BTreeSet<&String> = ids.iter().collect();
    assert_eq!((ids.len(), once.len()), (120, 120));
}

#[actix_web::test]
async fn inv_2_a_live_line_is_the_pages_line() {
    let school = SchoolBuilder::new().build().await;
    let recorded = record(&school, &[pass(&school.pupils[0].card, Direction::In)]).await;
    let catalog = web::Catalog::build(&shanyraq::rooms::locales()).unwrap();
    let fragment = live::school_fragment(&catalog.texts(kernel::Locale::Kk), &recorded, 1_204);
    assert!(fragment.contains("<b id=\"inside\" hx-swap-oob=\"true\">1\u{a0}204</b>"), "{fragment}");
    let line = &fragment[fragment.find("<li").unwrap()..fragment.find("</ol>").unwrap()];

    let director = Visitor::signed_in(&school.staff[0].login).await;
    let page = director.get(&format!("/{}/stream", school.code)).await;
    assert!(page.shows(line), "{line}\n{}", page.body);
}

#[actix_web::test]
async fn only_its_own_staff_look_into_a_school() {
    let (school, neighbour) = (SchoolBuilder::new().teachers(1).build().await, SchoolBuilder::new().build().await);
    let pages = |code: &str| ["", "/presence", "/stream", "/stream.xlsx"].map(|page| format!("/{code}{page}"));
    for employee in &school.staff {
        let visitor = Visitor::signed_in(&employee.login).await;
        for page in pages(&school.code) {
            assert_eq!(visitor.get(&page).await.status, StatusCode::OK, "{page}");
        }
        for page in pages(&neighbour.code) {
            assert_eq!(visitor.get(&page).await.status, StatusCode::NOT_FOUND, "{page}");
        }
        assert_eq!(visitor.get("/support/devices").await.status, StatusCode::FORBIDDEN);
    }
    let parent = Visitor::signed_in(&school.guardians[0].login).await;
    for page in pages(&school.code).iter().map(String::as_str).chain(["/support/devices", "/support/connect", "/support/devices/new"]) {
        assert!(parent.get(page).await.status.is_client_error(), "{page}");
        assert_eq!(Visitor::nobody().get(page).await.status, StatusCode::SEE_OTHER, "{page}");
    }
}

#[actix_web::test]
async fn support_sees_the_worst_device_first_in_every_language() {
    let school = SchoolBuilder::new().entrances(1).tills(1).build().await;
    let now = Clock::System.now();
    let seen = |place: usize, status: Status, queue: i64| Seen {
        school: school.id, device: school.devices[place].id, status, status_since: now, seen_at: now, last_event_at: Some(now), latency_ms: Some(31),
        clock_offset_ms: Some(-2_000), queue: Some(queue), reader_errors: None, temperature_c: None, disk_free_percent: None, link_percent: None,
        rx_bytes: None, tx_bytes: None, firmware: None, store: None,
    };
    let reports = [seen(0, Status::Online, 0), seen(1, Status::Online, 900), seen(2, Status::Offline, 3)];
    pool(DbRole::Engine).run(&scope_of(&school), async |tx| fleet::save_health(tx, now, &reports).await).await.unwrap();

    let visitor = support().await;
    for locale in ["kk", "ru", "en"] {
        let board = visitor.clone().reading(locale).get(&format!("/support/devices?school={}", school.code)).await;
        let place = |device: usize| board.body.find(&format!("id=\"dev-{}\"", school.devices[device].id)).expect("on the board");
        assert!(place(2) < place(1) && place(1) < place(0), "{}", board.body);
    }
    for (state, device) in [("silent", 2), ("troubled", 1), ("well", 0)] {
        let board = visitor.get(&format!("/support/devices?school={}&state={state}", school.code)).await;
        let shown: Vec<bool> = school.devices.iter().map(|device| board.shows(&format!("dev-{}", device.id))).collect();
        assert_eq!(shown.iter().position(|shown| *shown), Some(device), "{state}");
        assert_eq!(shown.iter().filter(|shown| **shown).count(), 1, "{state}");
    }
}

#[actix_web::test]
async fn the_board_goes_on_where_it_stopped_and_exports_all() {
    let school = SchoolBuilder::new().entrances(60).build().await;
    assert!(school.devices.len() > 100, "more than a page");
    let visitor = support().await;
    let first = visitor.get(&format!("/support/devices?school={}", school.code)).await;
    let next = first.body.split("rel=\"next\" href=\"").nth(1).expect("there is more");
    let second = visitor.get(&next[..next.find('"').unwrap()].replace("&#38;", "&").replace("&amp;", "&")).await;
    for device in &school.devices {
        let row = format!("id=\"dev-{}\"", device.id);
        assert_ne!(first.shows(&row), second.shows(&row), "each device stands on one page: {}", device.code);
    }
    assert!(!second.shows("rel=\"next\""));
    let file = visitor.get(&format!("/support/devices.xlsx?school={}", school.code)).await;
    assert!(file.status.is_success() && file.body.starts_with("PK"));
}

#[actix_web::test]
async fn inv_2_a_live_row_is_the_pages_row() {
    let school = SchoolBuilder::new().entrances(1).tills(1).build().await;
    let now = Clock::System.now();
    let catalog = web::Catalog::build(&shanyraq::rooms::locales()).unwrap();
    let statuses = pool(DbRole::Web).run(&scope_of(&school), async |tx| fleet::statuses(tx, now).await).await.unwrap();
    let fragment = live::support_fragment(&catalog.texts(kernel::Locale::Kk), now, &statuses);
    assert_eq!(fragment.matches(" hx-swap-oob=\"true\"").count(), 3);

    let board = support().await.get(&format!("/support/devices?school={}", school.code)).await;
    for row in fragment.replace(" hx-swap-oob=\"true\"", "").split_inclusive("</tr>").filter(|row| row.contains("<tr")) {
        assert!(board.shows(row.trim()), "{row}\n{}", board.body);
    }
}

#[actix_web::test]
async fn support_registers_a_device_once_however_often_the_form_is_sent() {
    let school = SchoolBuilder::new().build().await;
    let visitor = support().await;
    let form = visitor.get("/support/devices/new").await;
    let id = form.body.split("name=\"id\" value=\"").nth(1).map(|rest| rest[..26].to_owned()).unwrap();
    let school_id = school.id.to_string();
    let fields = [("id", id.as_str()), ("school", &school_id), ("kind", "turnstile"), ("name", "Спортзал"), ("place", "")];

    let wrong = visitor.post("/support/devices/new", &[("id", &id), ("school", ""), ("kind", "turnstile"), ("name", ""), ("place", "x")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.shows("Мектепті таңдаңыз.") && wrong.shows("value=\"x\""), "{}", wrong.body);
    let made = visitor.post("/support/devices/new", &fields).await;
    assert!(made.shows("id=\"password\""), "{}", made.body);
    let again = visitor.post("/support/devices/new", &fields).await;
    assert_eq!(again.location.as_deref(), Some(&*format!("/support/devices/{id}")));

    let page = visitor.get(&format!("/support/devices/{id}")).await;
    assert!(page.shows("Спортзал"), "{}", page.body);
    assert_eq!(visitor.post(&format!("/support/devices/{id}/name"), &[("name", "Зал"), ("place", "2-қабат")]).await.status, StatusCode::SEE_OTHER);
    assert!(visitor.get(&format!("/support/devices/{id}")).await.shows("2-қабат"));
    visitor.post(&format!("/support/devices/{id}/retire"), &[]).await;
    assert!(visitor.post(&format!("/support/devices/{id}/password"), &[]).await.status.is_client_error());
    assert_eq!(visitor.get("/support/devices/00000000000000000000000000").await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn a_stranger_gets_commands_with_the_password_once() {
    let school = SchoolBuilder::new().build().await;
    let visitor = support().await;
    let form = visitor.get("/support/connect").await;
    let id = form.body.split("name=\"id\" value=\"").nth(1).map(|rest| rest[..26].to_owned()).unwrap();
    let school_id = school.id.to_string();

    let steps = visitor.post("/support/connect", &[("id", &id), ("school", &school_id)]).await;
    let password = steps.body.split("-P &#39;").nth(1).map(|rest| rest[..20].to_owned()).expect("the password stands in the commands");
    assert!(school.pupils.iter().any(|pupil| steps.shows(&pupil.card)), "{}", steps.body);
    let later = visitor.get(&format!("/support/connect/{id}")).await;
    assert!(!later.shows(&password) && later.shows("ҚҰПИЯСӨЗ"));
    assert_eq!(visitor.post("/support/connect", &[("id", &id), ("school", &school_id)]).await.status, StatusCode::SEE_OTHER);
    assert!(visitor.get(&format!("/support/connect/{id}/arrived")).await.status.is_success());
}
