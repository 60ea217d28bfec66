//! Who is told what, and what stands in the rows.

use delivery::issue;
use jiff::SignedDuration;
use kernel::db::{DbRole, Scope};
use notice::{ENTERED, LEFT, MEAL};
use testkit::{SchoolBuilder, pool, scope_of};

use super::world::{LEASE, World};

#[tokio::test]
async fn inv_2_every_guardian_gets_a_notice_and_every_phone_a_delivery() {
    let world = World::new().await;
    let guardian = world.guardian(1);
    let second_phone = "insert into push_token (id, person_id, channel, token, locale, registered_at) values (gen_random_uuid(), $1, 'fcm', $2, 'ru', now())";
    world.rows.execute(second_phone, &[&guardian, &format!("second-{guardian}")]).await.unwrap();

    let issued = world.issue(&[world.draft(0, &ENTERED), world.draft(1, &MEAL), world.draft(0, &LEFT)]).await;

    assert_eq!((issued.notices.len(), issued.pushes.len()), (3, 4));
    let of_second = issued.notices.iter().find(|notice| notice.recipient == guardian).unwrap();
    assert_eq!(world.deliveries(of_second.id).await, ["open 0", "open 0"]);
    let stored = world.rows.query_one("select kind, child_id = $2, args->>'price', late from notice where id = $1", &[&of_second.id, &world.school.pupils[1].id]).await.unwrap();
    assert_eq!((stored.get::<_, &str>(0), stored.get::<_, bool>(1), stored.get::<_, &str>(2), stored.get::<_, bool>(3)), ("meal", true, "650 ₸", false));
}

#[tokio::test]
async fn inv_3_a_push_has_its_row_open_and_leased() {
    let world = World::new().await;
    let issued = world.issue_one(0).await;
    let push = &issued.pushes[0];
    assert_eq!(push.lease_until, world.clock.now() + LEASE);
    let key = "select count(*) from delivery where (school_id, notice_id, token_id, created_at, lease_until) = ($1, $2, $3, $4, $5) and outcome is null";
    let found: i64 = world.rows.query_one(key, &[&push.school, &push.notice, &push.token, &push.created_at, &push.lease_until]).await.unwrap().get(0);
    assert_eq!(found, 1);
}

#[tokio::test]
async fn who_is_not_pushed_has_a_row_that_says_why() {
    let world = World::new().await;
    let off = "insert into notice_switch (school_id, guardian_id, child_id, kind, push, changed_at) values ($1, $2, $3, 'entered', 'off', now())";
    world.rows.execute(off, &[&world.school.id, &world.guardian(0), &world.school.pupils[0].id]).await.unwrap();
    world.rows.execute("update push_token set removed_at = now(), removed_reason = 'test' where person_id = $1", &[&world.guardian(1)]).await.unwrap();
    let mut late = world.draft(2, &ENTERED);
    late.late = true;

    let issued = world.issue(&[world.draft(0, &ENTERED), world.draft(0, &LEFT), world.draft(1, &ENTERED), late]).await;

    assert_eq!(issued.notices.len(), 4, "the inbox keeps all");
    let pushed: Vec<_> = issued.pushes.iter().map(|push| push.kind.name).collect();
    assert_eq!(pushed, ["left"], "the switch is for one kind");
    let mut outcomes = Vec::new();
    for notice in &issued.notices {
        outcomes.extend(world.deliveries(notice.id).await);
    }
    assert_eq!(outcomes, ["switched_off 0", "open 0", "no_phone 0", "late 0"]);
}

#[tokio::test]
async fn a_rolled_back_batch_leaves_nothing() {
    let world = World::new().await;
    let tx = world.engine.begin(&scope_of(&world.school)).await.unwrap();
    let issued = issue(&tx, world.clock.now(), LEASE, &[world.draft(0, &ENTERED)]).await.unwrap();
    assert_eq!(issued.pushes.len(), 1);
    tx.rollback().await;
    assert_eq!((world.count("notice").await, world.count("delivery").await), (0, 0));
    world.issue_one(0).await;
    assert_eq!((world.count("notice").await, world.count("delivery").await), (1, 1));
}

#[tokio::test]
async fn nobody_is_told_of_a_child_who_has_no_guardian_or_is_unknown() {
    let world = World::new().await;
    world.rows.execute("update kinship set valid_to = valid_from where pupil_id = $1", &[&world.school.pupils[0].id]).await.unwrap();
    let mut unknown = world.draft(1, &ENTERED);
    unknown.child = kernel::id::fresh(world.clock.now()).into();
    let issued = world.issue(&[world.draft(0, &ENTERED), unknown]).await;
    assert!(issued.notices.is_empty() && issued.pushes.is_empty());
    assert!(world.issue(&[]).await.notices.is_empty());
}

#[tokio::test]
async fn a_neighbour_school_is_neither_told_nor_seen() {
    let (world, neighbour) = (World::new().await, SchoolBuilder::new().build().await);
    let issued = world.issue_one(0).await;

    let web = pool(DbRole::Web);
    let seen_from = async |scope: Scope| {
        let tx = web.begin(&scope).await.unwrap();
        let row: SeenRow = SEEN.one(&tx, (issued.notices[0].id,)).await.unwrap();
        row.seen
    };
    assert_eq!(seen_from(scope_of(&neighbour)).await, Some(0));
    assert_eq!(seen_from(scope_of(&world.school)).await, Some(2));

    let in_foreign_scope = world.engine.run(&scope_of(&neighbour), async |tx| issue(tx, world.clock.now(), SignedDuration::from_secs(1), &[world.draft(0, &ENTERED)]).await).await;
    assert!(in_foreign_scope.unwrap().notices.is_empty());
}

kernel::row! {
    struct SeenRow {
        seen: Option<i64>,
    }
}

const SEEN: kernel::sql::Query<(kernel::id::NoticeId,), SeenRow> =
    kernel::sql::Query::new("test.seen", "select (select count(*) from notice where id = $1) + (select count(*) from delivery where notice_id = $1) as seen");
