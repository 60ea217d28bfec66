//! Quiet hours: what waits, for how long, as how many banners, and what its row says.

use std::sync::{Arc, Mutex};

use actix_web::http::StatusCode;
use delivery::{
    Push,
    channels::{Channel, Verdict},
    push_text,
};
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, tz::TimeZone};
use kernel::Locale;
use notice::{Draft, ENTERED, Kind, MEAL, REQUEST_ANSWERED};
use shanyraq::town::School;
use testkit::{Patience, SchoolBuilder, eventually, scope_of};

use super::world::{AtWork, LEASE, World, login_of};
use crate::visitor::Visitor;

/// Takes everything and remembers what a phone would show.
#[derive(Default)]
struct Taker(Mutex<Vec<(i32, String)>>);

impl Channel for Taker {
    fn send<'a>(&'a self, push: &'a Push) -> BoxFuture<'a, Verdict> {
        let catalog = web::Catalog::build(delivery::LOCALES).unwrap();
        let push = Push { locale: Locale::En, ..push.clone() };
        self.0.lock().unwrap().push((push.stands_for, push_text(&catalog, &push).0));
        Box::pin(async { Verdict::Accepted })
    }
}

impl Taker {
    fn shown(&self) -> Vec<(i32, String)> {
        self.0.lock().unwrap().clone()
    }
}

/// `HH:MM` so many minutes from the world's now, in the school's zone.
fn wall(world: &World, minutes: i64) -> String {
    (world.clock.now() + SignedDuration::from_mins(minutes)).to_zoned(TimeZone::get("Asia/Almaty").unwrap()).strftime("%H:%M").to_string()
}

async fn be_quiet(world: &World, guardian: &Visitor, from: i64, to: i64) {
    let form = [("quiet_from", wall(world, from)), ("quiet_to", wall(world, to)), ("alarms", "pass".to_owned())];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(guardian.post("/my/quiet", &form).await.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn inv_9_what_waited_in_quiet_hours_comes_as_one_banner_also_after_a_restart() {
    let world = World::new().await;
    let guardian = Visitor::signed_in(login_of(&world, 0)).await;
    be_quiet(&world, &guardian, -10, 59).await;
    let drafts = [world.draft(0, &REQUEST_ANSWERED), world.draft(0, &REQUEST_ANSWERED), world.draft(0, &REQUEST_ANSWERED), world.draft(0, &MEAL), world.draft(0, &ENTERED), world.draft(1, &ENTERED)];
    let mut old = drafts[4].clone();
    old.occurred_at -= SignedDuration::from_mins(30);
    let issued = world.issue(&[&drafts[..], &[old]].concat()).await;
    assert_eq!(issued.pushes.iter().map(|push| push.recipient).collect::<Vec<_>>(), [world.guardian(1)], "the other guardian wants no quiet");
    let notices: Vec<_> = issued.notices.iter().map(|notice| notice.id).collect();
    assert_eq!(world.deliveries(notices[6]).await, ["quiet 0"], "too old by then: the inbox alone");

    // While it is quiet nothing goes out, whoever looks; and a switch may be turned meanwhile.
    let (first, second) = (Arc::new(Taker::default()), Arc::new(Taker::default()));
    let at_work = AtWork::start(&world, first.clone());
    at_work.hand_over(issued).unwrap();
    world.delivery_becomes(notices[5], "sent 1").await;
    let log = Visitor::signed_in(&world.school.staff.iter().find(|one| one.role == kernel::right::Role::SchoolAdministrator).unwrap().login).await;
    let page = log.get(&format!("/{}/deliveries", world.school.code)).await;
    assert!(page.shows("Тыныш уақыт немесе жинақ, күтеді:") && page.shows("Тыныш уақыт: аяқталғанша ескіреді"), "{}", page.body);
    let child = world.school.pupils[0].id.to_string();
    guardian.post("/my/switches", &[("child", &child), ("entered", "on"), ("left", "on"), ("request_answered", "on"), ("announcement", "on")]).await;
    at_work.stop(std::time::Duration::from_secs(1)).await;
    assert_eq!(first.shown().len(), 1);

    world.clock.advance(SignedDuration::from_mins(59) + SignedDuration::from_secs(1));
    let _at_work = AtWork::start(&world, second.clone());
    let outcomes = async || {
        let mut all = Vec::new();
        for notice in &notices[..5] {
            all.extend(world.deliveries(*notice).await);
        }
        all.sort();
        all
    };
    eventually("all are over", Patience::default(), outcomes, |rows| rows == &["collapsed 0", "collapsed 0", "collapsed 0", "sent 1", "switched_off 0 while it waited"]).await;
    assert_eq!(second.shown(), [(4, "4 new notices".to_owned())]);
    let page = log.get(&format!("/{}/deliveries", world.school.code)).await;
    assert!(page.shows("бір болып жіберілді") && page.shows("Бірнеше хабарлама бірге жіберілді") && page.shows("Күткен уақыты:"), "{}", page.body);
}

#[actix_web::test]
async fn inv_3_a_wish_is_kept_once_and_a_wrong_one_is_shown_again() {
    let world = World::new().await;
    let guardian = Visitor::signed_in(login_of(&world, 0)).await;
    for _ in 0..2 {
        be_quiet(&world, &guardian, 60, 120).await;
    }
    let audited = "select count(*) from audit where school_id = $1 and action = 'delivery.set_hours'";
    assert_eq!(world.rows.query_one(audited, &[&world.school.id]).await.unwrap().get::<_, i64>(0), 1);
    assert!(guardian.get("/my/quiet").await.shows(&wall(&world, 60)));
    assert_eq!(world.issue_one(0).await.pushes.len(), 1, "it is not quiet yet");
    let wrong = guardian.post("/my/quiet", &[("quiet_from", "25:00"), ("quiet_to", "07:00")]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.shows("quiet_from-error") && wrong.shows("25:00"), "{}", wrong.body);
    guardian.post("/my/quiet", &[("quiet_from", ""), ("quiet_to", "")]).await;
    assert_eq!(world.count("notice_hours").await, 1, "said for one guardian, and no other");
    let quiet: Option<i32> = world.rows.query_one("select quiet_from from notice_hours where school_id = $1", &[&world.school.id]).await.unwrap().get(0);
    assert_eq!(quiet, None);
}

/// The first pupil comes to another school too, and with them the guardian.
async fn join(world: &World, school: &School) {
    let (pupil, guardian) = (world.school.pupils[0].id, world.guardian(0));
    let belongs = "insert into school_person (school_id, person_id, valid_from) select $1, unnest($2::uuid[]), current_date";
    world.rows.execute(belongs, &[&school.id, &vec![pupil.0, guardian.0]]).await.unwrap();
    let kin = "insert into kinship (school_id, pupil_id, guardian_id, kind, valid_from) values ($1, $2, $3, 'mother', current_date)";
    world.rows.execute(kin, &[&school.id, &pupil, &guardian]).await.unwrap();
}

/// What becomes of a notice of the first pupil at a school: the outcome of its one delivery, and whether it waits.
async fn told_at(world: &World, school: &School, kind: &'static Kind) -> (Option<String>, bool) {
    let draft = Draft { school: school.id, ..world.draft(0, kind) };
    let issued = world.engine.run(&scope_of(school), async |tx| delivery::issue(tx, world.clock.now(), LEASE, &[draft.clone()]).await).await.unwrap();
    let row = world.rows.query_one("select outcome, held_until is not null from delivery where notice_id = $1", &[&issued.notices[0].id]).await.unwrap();
    (row.get(0), row.get(1))
}

#[actix_web::test]
async fn inv_4_and_5_a_wish_holds_at_a_school_that_comes_later() {
    let (world, other) = (World::new().await, SchoolBuilder::new().build().await);
    let guardian = Visitor::signed_in(login_of(&world, 0)).await;
    be_quiet(&world, &guardian, -10, 50).await;
    let child = world.school.pupils[0].id.to_string();
    // All that is shown, but for meals.
    let form = ["entered", "left", "not_arrived", "card_blocked", "card_unblocked", "blocked_card_used", "request_answered", "announcement"].map(|kind| (kind, "on"));
    guardian.post("/my/switches", &[&[("child", child.as_str())][..], &form[..]].concat()).await;

    join(&world, &other).await;
    assert_eq!(told_at(&world, &other, &MEAL).await, (Some("switched_off".to_owned()), false));
    assert_eq!(told_at(&world, &other, &REQUEST_ANSWERED).await, (None, true), "it is quiet there too");
    let strangers = "select count(*) from notice_hours where guardian_id <> $1 and school_id = any($2)";
    let strangers: i64 = world.rows.query_one(strangers, &[&world.guardian(0), &vec![world.school.id.0, other.id.0]]).await.unwrap().get(0);
    assert_eq!(strangers, 0, "nobody else got a wish");

    // The child leaves the first school; what is said meanwhile holds there too when they come back.
    let gone = "update kinship set valid_to = current_date where school_id = $1 and pupil_id = $2";
    world.rows.execute(gone, &[&world.school.id, &world.school.pupils[0].id]).await.unwrap();
    let said = "update notice_switch set push = 'on', changed_at = now() + interval '1 minute' where school_id = $1 and kind = 'meal'";
    world.rows.execute(said, &[&other.id]).await.unwrap();
    let off_still = "select push from notice_switch where school_id = $1 and kind = 'meal'";
    let push = async || world.rows.query_one(off_still, &[&world.school.id]).await.unwrap().get::<_, String>(0);
    assert_eq!(push().await, "off");
    let back = "update kinship set valid_to = null where school_id = $1 and pupil_id = $2";
    world.rows.execute(back, &[&world.school.id, &world.school.pupils[0].id]).await.unwrap();
    assert_eq!(push().await, "on");
}
