//! The guardian's pages from outside: what a parent reads on the phone, and what a stranger does not.

use actix_web::http::StatusCode;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use kernel::{clock::Clock, id::Uuid};
use shanyraq::town::{Pupil, School};
use testkit::{SchoolBuilder, database};

use crate::visitor::Visitor;

/// Puts rows as the engine would.
struct Day<'a> {
    school: &'a School,
    child: &'a Pupil,
}

impl Day<'_> {
    fn device(&self, kind: &str) -> Uuid {
        self.school.devices.iter().find(|device| device.kind == kind).expect("such a device").id.0
    }

    async fn pass(&self, seq: i64, at: Timestamp, direction: &str) {
        let db = database().superuser().await;
        let (school, child, device) = (self.school.id.0, self.child.id.0, self.device("turnstile"));
        db.execute(
            "insert into pass (school_id, person_id, occurred_at, device_id, store, seq, received_at, direction, method, late) values ($1, $2, $3, $4, 's', $5, now(), $6, 'card', false)",
            &[&school, &child, &at, &device, &seq, &direction],
        )
        .await
        .unwrap();
        db.execute(
            "insert into presence (school_id, person_id, direction, since, device_id, store, seq) values ($1, $2, $3, $4, $5, 's', $6)
             on conflict (school_id, person_id) do update set direction = excluded.direction, since = excluded.since, seq = excluded.seq where presence.since < excluded.since",
            &[&school, &child, &direction, &at, &device, &seq],
        )
        .await
        .unwrap();
    }

    async fn meal(&self, seq: i64, at: Timestamp, item: &str, tiyn: i64) {
        let db = database().superuser().await;
        db.execute(
            "insert into meal (school_id, person_id, occurred_at, device_id, store, seq, received_at, item, price_tiyn, late) values ($1, $2, $3, $4, 's', $5, now(), $6, $7, true)",
            &[&self.school.id.0, &self.child.id.0, &at, &self.device("till"), &seq, &item, &tiyn],
        )
        .await
        .unwrap();
    }
}

fn shown(at: Timestamp) -> String {
    at.to_zoned(TimeZone::get("Asia/Almaty").unwrap()).strftime("%H:%M").to_string()
}

fn guardian_of<'a>(school: &'a School, child: &Pupil) -> &'a str {
    &school.guardians.iter().find(|guardian| child.guardians.contains(&guardian.id)).expect("a guardian").login
}

/// Noon of today at the school: far from both midnights, whenever the test runs.
fn noon() -> Timestamp {
    let now = Clock::System.now().to_zoned(TimeZone::get("Asia/Almaty").unwrap());
    now.date().at(12, 0, 0, 0).to_zoned(now.time_zone().clone()).unwrap().timestamp()
}

#[actix_web::test]
async fn a_parent_sees_where_the_child_is_and_what_the_day_brought() {
    let school = SchoolBuilder::new().build().await;
    let child = &school.pupils[0];
    let day = Day { school: &school, child };
    let parent = Visitor::signed_in(guardian_of(&school, child)).await;

    let before = parent.get("/my").await;
    assert_eq!(before.status, StatusCode::OK);
    assert!(before.shows("Бүгін мектепке келген жоқ") && before.shows(&child.name), "{}", before.body);
    assert!(before.shows(r#"data-live="/live/my""#) && before.shows(&format!("id=\"timeline-{}\"", child.id)) && before.shows(&format!("id=\"child-state-{}\"", child.id)));

    let (came, ate, left) = (noon() - SignedDuration::from_hours(4), noon() - SignedDuration::from_hours(1), noon());
    day.pass(1, came, "in").await;
    let inside = parent.get("/my").await;
    assert!(inside.shows(&format!("Мектепте. Кіргені: {}", shown(came))) && inside.shows("sh-in"), "{}", inside.body);

    day.meal(2, ate, "Палау <ет>", 80_000).await;
    day.pass(3, left, "out").await;
    let after = parent.get("/my").await;
    for part in [format!("Мектептен шықты: {}", shown(left)), "Палау &#60;ет&#62;".to_owned(), "800\u{a0}₸".to_owned(), "дерек кеш келді".to_owned()] {
        assert!(after.shows(&part), "{part} in {}", after.body);
    }
    let (first, last) = (after.body.find(&shown(left)).unwrap(), after.body.rfind(&shown(came)).unwrap());
    assert!(first < last, "the newest stands first");
    assert!(parent.clone().reading("ru").get("/my").await.shows("Выход из школы в"), "account without a language follows the cookie");
}

#[actix_web::test]
async fn inv_1_a_stranger_does_not_find_the_child() {
    let (school, neighbour) = (SchoolBuilder::new().build().await, SchoolBuilder::new().build().await);
    let child = &school.pupils[0];
    Day { school: &school, child }.pass(1, noon(), "in").await;
    let page = format!("/my/{}", child.id);
    let other_parent = school.guardians.iter().find(|guardian| !child.guardians.contains(&guardian.id)).unwrap();
    for stranger in [&other_parent.login, &neighbour.guardians[0].login, &school.staff[0].login] {
        let stranger = Visitor::signed_in(stranger).await;
        assert_eq!(stranger.get(&page).await.status, StatusCode::NOT_FOUND);
        assert!(!stranger.get("/my").await.shows(&child.id.to_string()));
    }
    assert_eq!(Visitor::nobody().get(&page).await.location, Some(format!("/sign-in?next=/my/{}", child.id)));
    assert_eq!(Visitor::signed_in(guardian_of(&school, child)).await.get(&page).await.status, StatusCode::OK);
}

#[actix_web::test]
async fn a_kinship_that_ended_shows_nothing_any_more() {
    let school = SchoolBuilder::new().build().await;
    let child = &school.pupils[0];
    let login = guardian_of(&school, child);
    let db = database().superuser().await;
    db.execute("update kinship set valid_to = current_date - 2 where pupil_id = $1", &[&child.id.0]).await.unwrap();
    let former = Visitor::signed_in(login).await;
    assert_eq!(former.get(&format!("/my/{}", child.id)).await.status, StatusCode::NOT_FOUND);
    assert!(former.get("/my").await.shows("Сізге бала тіркелмеген"));
}

#[actix_web::test]
async fn the_history_goes_back_day_by_day_and_tears_none() {
    let school = SchoolBuilder::new().build().await;
    let child = &school.pupils[0];
    let day = Day { school: &school, child };
    for back in 0..25 {
        for (place, direction) in [(0, "in"), (1, "out"), (2, "in")] {
            let at = noon() - SignedDuration::from_hours(24 * back) - SignedDuration::from_hours(place);
            day.pass(back * 3 + place + 1, at, direction).await;
        }
    }
    let parent = Visitor::signed_in(guardian_of(&school, child)).await;
    let mut path = format!("/my/{}", child.id);
    let (mut days, mut lines, mut pages) = (0, 0, 0);
    loop {
        let page = parent.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        days += page.body.matches("sh-panel-title").count();
        lines += page.body.matches("id=\"ev-").count();
        pages += 1;
        let next = page.body.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
        match next {
            Some(next) => path = next.to_owned(),
            None => break,
        }
    }
    assert_eq!((days, lines), (25, 75), "every day once, every line once");
    assert!(pages > 1);
    assert_eq!(parent.get(&format!("/my/{}?after=yesterday", child.id)).await.status, StatusCode::NOT_FOUND);
}
