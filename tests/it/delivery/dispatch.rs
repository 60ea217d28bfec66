//! Rows become pushes at a provider that misbehaves, and outcomes come back.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use delivery::{
    Push,
    channels::{Channel, Verdict},
    dispatch::Settings,
};
use futures_util::future::BoxFuture;
use jiff::SignedDuration;
use notice::ENTERED;
use serde_json::json;
use testkit::{Patience, eventually};

use super::world::{AtWork, Provider, World};

#[actix_rt::test]
async fn a_push_goes_out_at_once_and_its_row_says_sent() {
    let (world, provider) = (World::new().await, Provider::start().await);
    let at_work = AtWork::start(&world, provider.channel(&world.clock));
    let issued = world.issue(&[world.draft(0, &ENTERED), world.draft(1, &ENTERED), world.draft(2, &ENTERED)]).await;
    let notices: Vec<_> = issued.notices.iter().map(|notice| notice.id).collect();
    at_work.hand_over(issued).unwrap();
    for notice in notices {
        world.delivery_becomes(notice, "sent 1").await;
    }
    assert_eq!((provider.count("/outcomes/accepted"), provider.count("/tokens_issued")), (3, 1));
    assert_eq!(provider.count("/http/2"), 3);
}

#[actix_rt::test]
async fn inv_1_rows_of_a_dead_instance_are_taken_when_their_lease_is_over_and_not_before() {
    let (world, provider) = (World::new().await, Provider::start().await);
    let dead = world.issue_one(0).await;
    let notice = dead.notices[0].id;
    let at_work = AtWork::start(&world, provider.channel(&world.clock));
    let fresh = world.issue_one(1).await;
    let fresh_notice = fresh.notices[0].id;
    at_work.hand_over(fresh).unwrap();
    world.delivery_becomes(fresh_notice, "sent 1").await;
    assert_eq!(world.deliveries(notice).await, ["open 0"]);

    world.clock.advance(SignedDuration::from_secs(61));
    world.delivery_becomes(notice, "sent 1").await;
    assert_eq!(provider.count("/outcomes/accepted"), 2);
}

#[actix_rt::test]
async fn inv_3_a_failed_push_is_repeated_after_ten_seconds_from_its_row() {
    let (world, provider) = (World::new().await, Provider::start().await);
    world.rename_phone(0, "down-2").await;
    let at_work = AtWork::start(&world, provider.channel(&world.clock));
    let issued = world.issue_one(0).await;
    let notice = issued.notices[0].id;
    at_work.hand_over(issued).unwrap();
    world.delivery_becomes(notice, "open 1 503 UNAVAILABLE").await;

    world.clock.advance(SignedDuration::from_millis(9_900));
    let other = world.issue_one(1).await;
    let other_notice = other.notices[0].id;
    at_work.hand_over(other).unwrap();
    world.delivery_becomes(other_notice, "sent 1").await;
    assert_eq!(world.deliveries(notice).await, ["open 1 503 UNAVAILABLE"], "not before ten seconds");

    world.clock.advance(SignedDuration::from_secs(6));
    world.delivery_becomes(notice, "open 2 503 UNAVAILABLE").await;
    world.clock.advance(SignedDuration::from_secs(31));
    world.delivery_becomes(notice, "sent 3 503 UNAVAILABLE").await;
}

#[actix_rt::test]
async fn a_wait_asked_for_is_kept() {
    let (world, provider) = (World::new().await, Provider::start().await);
    provider.control(&json!({ "retry_after_s": 40 }));
    world.rename_phone(0, "later-1").await;
    let at_work = AtWork::start(&world, provider.channel(&world.clock));
    let issued = world.issue_one(0).await;
    let notice = issued.notices[0].id;
    at_work.hand_over(issued).unwrap();
    world.delivery_becomes(notice, "open 1 503 UNAVAILABLE").await;
    let wait = "select extract(epoch from lease_until - $2)::float8 from delivery where notice_id = $1";
    let wait: f64 = world.rows.query_one(wait, &[&notice, &world.clock.now()]).await.unwrap().get(0);
    assert!((40.0..=45.0).contains(&wait), "{wait}");
}

#[actix_rt::test]
async fn too_many_requests_hold_back_the_whole_project() {
    let (world, provider) = (World::new().await, Provider::start().await);
    provider.control(&json!({ "retry_after_s": 2 }));
    world.rename_phone(0, "busy-1").await;
    let at_work = AtWork::start(&world, provider.channel(&world.clock));
    let busy = world.issue_one(0).await;
    let notice = busy.notices[0].id;
    at_work.hand_over(busy).unwrap();
    world.delivery_becomes(notice, "open 1 429 QUOTA_EXCEEDED").await;
    let asked_at = tokio::time::Instant::now();
    let other = world.issue_one(1).await;
    let other_notice = other.notices[0].id;
    at_work.hand_over(other).unwrap();
    world.delivery_becomes(other_notice, "sent 1").await;
    assert!(asked_at.elapsed() > Duration::from_secs(1), "the other phone waited too");
}

#[actix_rt::test]
async fn a_phone_whose_app_is_gone_loses_its_token_and_no_other_does() {
    let (world, provider) = (World::new().await, Provider::start().await);
    let cases = [(0, "gone", "unregistered 1 404 UNREGISTERED", true), (1, "bad", "unregistered 1 400 INVALID_ARGUMENT", true), (2, "alien", "refused 1 403 SENDER_ID_MISMATCH", false)];
    let at_work = AtWork::start(&world, provider.channel(&world.clock));
    for (pupil, prefix, outcome, removed) in cases {
        world.rename_phone(pupil, prefix).await;
        let issued = world.issue_one(pupil).await;
        let notice = issued.notices[0].id;
        at_work.hand_over(issued).unwrap();
        world.delivery_becomes(notice, outcome).await;
        let is_removed: bool = world.rows.query_one("select removed_at is not null from push_token where person_id = $1", &[&world.guardian(pupil)]).await.unwrap().get(0);
        assert_eq!(is_removed, removed, "{prefix}");
    }
}

#[actix_rt::test]
async fn a_token_removed_while_its_row_waits_ends_the_row() {
    let (world, provider) = (World::new().await, Provider::start().await);
    let notice = world.issue_one(0).await.notices[0].id;
    world.rows.execute("update push_token set removed_at = now(), removed_reason = 'signed_out' where person_id = $1", &[&world.guardian(0)]).await.unwrap();
    let _at_work = AtWork::start(&world, provider.channel(&world.clock));
    world.clock.advance(SignedDuration::from_secs(61));
    world.delivery_becomes(notice, "unregistered 0 removed before").await;
    assert_eq!(provider.count("/sends"), 0);
}

#[actix_rt::test]
async fn a_refused_access_token_is_exchanged_once_and_the_push_goes_out() {
    let (world, provider) = (World::new().await, Provider::start().await);
    let at_work = AtWork::start(&world, provider.channel(&world.clock));
    for (round, tokens) in [(0, 1), (1, 2)] {
        let issued = world.issue_one(round).await;
        let notice = issued.notices[0].id;
        at_work.hand_over(issued).unwrap();
        world.delivery_becomes(notice, "sent 1").await;
        assert_eq!(provider.count("/tokens_issued"), tokens);
        provider.control(&json!({ "revoke_tokens": true }));
    }
}

#[actix_rt::test]
async fn a_provider_that_never_answers_or_hangs_up_is_tried_again() {
    let (world, provider) = (World::new().await, Provider::start().await);
    world.rename_phone(0, "stall-1").await;
    world.rename_phone(1, "reset-1").await;
    let at_work = AtWork::start_with(&world, provider.channel(&world.clock), Settings { attempt: Duration::from_secs(1), ..Settings::default() });
    let (stalled, reset) = (world.issue_one(0).await, world.issue_one(1).await);
    let (stalled_notice, reset_notice) = (stalled.notices[0].id, reset.notices[0].id);
    at_work.hand_over(stalled).unwrap();
    world.delivery_becomes(stalled_notice, "open 1 no answer in time").await;
    at_work.hand_over(reset).unwrap();
    world.delivery_becomes(reset_notice, "open 1 connection lost").await;
    world.clock.advance(SignedDuration::from_secs(16));
    world.delivery_becomes(stalled_notice, "sent 2 no answer in time").await;
    world.delivery_becomes(reset_notice, "sent 2 connection lost").await;
}

#[actix_rt::test]
async fn inv_4_old_news_is_given_up_without_a_send() {
    let (world, provider) = (World::new().await, Provider::start().await);
    let notice = world.issue_one(0).await.notices[0].id;
    let _at_work = AtWork::start(&world, provider.channel(&world.clock));
    world.clock.advance(ENTERED.expires_after);
    world.delivery_becomes(notice, "expired 0").await;
    assert_eq!(provider.count("/sends"), 0);
}

/// Panics at the first send, accepts the rest.
#[derive(Default)]
struct Clumsy {
    sends: AtomicUsize,
}

impl Channel for Clumsy {
    fn send<'a>(&'a self, _: &'a Push) -> BoxFuture<'a, Verdict> {
        Box::pin(async {
            assert!(self.sends.fetch_add(1, Ordering::SeqCst) > 0, "the first send of all");
            Verdict::Accepted
        })
    }
}

#[actix_rt::test]
async fn inv_6_a_panic_is_one_sends_failure() {
    let world = World::new().await;
    let at_work = AtWork::start(&world, Arc::new(Clumsy::default()));
    let first = world.issue_one(0).await;
    let first_notice = first.notices[0].id;
    at_work.hand_over(first).unwrap();
    world.delivery_becomes(first_notice, "open 1 panic").await;
    let second = world.issue_one(1).await;
    let second_notice = second.notices[0].id;
    at_work.hand_over(second).unwrap();
    world.delivery_becomes(second_notice, "sent 1").await;
    world.clock.advance(SignedDuration::from_secs(16));
    world.delivery_becomes(first_notice, "sent 2 panic").await;
}

/// Never answers.
#[derive(Default)]
struct Deaf {
    sends: AtomicUsize,
}

impl Channel for Deaf {
    fn send<'a>(&'a self, _: &'a Push) -> BoxFuture<'a, Verdict> {
        self.sends.fetch_add(1, Ordering::SeqCst);
        Box::pin(std::future::pending())
    }
}

#[actix_rt::test]
async fn a_stop_gives_back_what_waits_so_that_the_next_takes_it_at_once() {
    let (world, provider) = (World::new().await, Provider::start().await);
    let deaf = Arc::new(Deaf::default());
    let stopped = AtWork::start_with(&world, deaf.clone(), Settings { in_flight: 1, ..Settings::default() });
    let issued = world.issue(&[world.draft(0, &ENTERED), world.draft(1, &ENTERED), world.draft(2, &ENTERED)]).await;
    let notices: Vec<_> = issued.notices.iter().map(|notice| notice.id).collect();
    stopped.hand_over(issued).unwrap();
    eventually("one is under way", Patience::default(), async || deaf.sends.load(Ordering::SeqCst), |sends| *sends == 1).await;
    stopped.stop(Duration::from_millis(100)).await;

    let _next = AtWork::start(&world, provider.channel(&world.clock));
    let sent = async || {
        let mut rows = Vec::new();
        for notice in &notices {
            rows.extend(world.deliveries(*notice).await);
        }
        rows.sort();
        rows
    };
    eventually("two of three are sent at once", Patience::default(), sent, |rows| rows == &["open 0", "sent 1", "sent 1"]).await;
    world.clock.advance(SignedDuration::from_secs(61));
    eventually("the one under way after its lease", Patience::default(), sent, |rows| rows == &["sent 1", "sent 1", "sent 1"]).await;
}

#[actix_rt::test]
async fn inv_5_what_was_switched_off_while_it_waited_is_not_sent_again() {
    let (world, provider) = (World::new().await, Provider::start().await);
    world.rename_phone(0, "down-1").await;
    let at_work = AtWork::start(&world, provider.channel(&world.clock));
    let issued = world.issue_one(0).await;
    let notice = issued.notices[0].id;
    at_work.hand_over(issued).unwrap();
    world.delivery_becomes(notice, "open 1 503 UNAVAILABLE").await;
    let off = "insert into notice_switch (school_id, guardian_id, child_id, kind, push, changed_at) values ($1, $2, $3, 'entered', 'off', now())";
    world.rows.execute(off, &[&world.school.id, &world.guardian(0), &world.school.pupils[0].id]).await.unwrap();
    world.clock.advance(SignedDuration::from_secs(16));
    world.delivery_becomes(notice, "switched_off 1 while it waited").await;
    assert_eq!(provider.count("/sends"), 1);
}
