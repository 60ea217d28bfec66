//! Phones: registered, handed on, removed.

use delivery::phones::{NewPhone, register, remove};
use kernel::{
    Actor, Ctx, Locale,
    clock::Clock,
    ctx::{Origin, SignedIn},
    db::{Db, DbRole, Scope},
    id::{AccountId, PersonId, TokenId, fresh},
};
use testkit::pool;

use super::world::World;

fn as_person(person: PersonId) -> Ctx {
    let signed_in = SignedIn { account: AccountId(fresh(Clock::System.now())), person, grants: Vec::new(), behalf: Default::default() };
    Ctx { actor: Actor::Person(signed_in), role: None, granted: Default::default(), scope: Scope::nothing().with_person(person), locale: Locale::Kk, clock: Clock::System, origin: Origin::default(), reason: None }
}

async fn give(db: &Db, person: PersonId, token: &str, locale: Locale) -> TokenId {
    register(db, &as_person(person), NewPhone::parse("fcm", token, locale).unwrap()).await.unwrap()
}

/// `locale reason` of the rows of a token, oldest first.
async fn rows(world: &World, token: &str) -> Vec<String> {
    let sql = "select locale || ' ' || coalesce(removed_reason, 'open') from push_token where token = $1 order by registered_at, id";
    world.rows.query(sql, &[&token]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn inv_2_registering_twice_changes_nothing_but_the_language() {
    let (world, db) = (World::new().await, pool(DbRole::Web));
    let (person, token) = (world.guardian(0), format!("twice-{}", world.guardian(0)));
    let first = give(&db, person, &token, Locale::Kk).await;
    assert_eq!(give(&db, person, &token, Locale::Ru).await, first);
    assert_eq!(rows(&world, &token).await, ["ru open"]);
}

#[tokio::test]
async fn inv_1_a_phone_that_changes_hands_belongs_to_the_last() {
    let (world, db) = (World::new().await, pool(DbRole::Web));
    let token = format!("hands-{}", world.guardian(0));
    let first = give(&db, world.guardian(0), &token, Locale::Kk).await;
    let second = give(&db, world.guardian(1), &token, Locale::Ru).await;
    assert_ne!(first, second);
    assert_eq!(rows(&world, &token).await, ["kk moved", "ru open"]);
    assert_eq!(world.issue_one(1).await.pushes.iter().filter(|push| push.device_token == token).count(), 1);
    assert!(world.issue_one(0).await.pushes.iter().all(|push| push.device_token != token));
}

#[tokio::test]
async fn inv_3_only_ones_own_phone_can_be_removed() {
    let (world, db) = (World::new().await, pool(DbRole::Web));
    let token = format!("own-{}", world.guardian(0));
    let phone = give(&db, world.guardian(0), &token, Locale::Kk).await;
    remove(&db, &as_person(world.guardian(1)), phone).await.unwrap();
    assert_eq!(rows(&world, &token).await, ["kk open"]);
    for _ in 0..2 {
        remove(&db, &as_person(world.guardian(0)), phone).await.unwrap();
    }
    assert_eq!(rows(&world, &token).await, ["kk removed"]);
}
