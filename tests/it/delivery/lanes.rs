//! A rush of many notices does not delay what happens at a door.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use delivery::{
    Push,
    channels::{Channel, Verdict},
    dispatch::Settings,
};
use futures_util::{FutureExt, future::BoxFuture};
use kernel::id::NoticeId;
use notice::{ENTERED, MEAL};
use serde_json::json;
use testkit::{Patience, eventually};
use tokio::time::Instant;

use super::world::{AtWork, Provider, World};

/// So many notices wait.
const RUSH: usize = 1_500;

/// Notes when the provider took what is urgent, and how many of the rest it took.
struct Timed {
    provider: Arc<dyn Channel>,
    urgent: Mutex<Vec<(NoticeId, Instant)>>,
    rest: AtomicUsize,
}

impl Channel for Timed {
    fn send<'a>(&'a self, push: &'a Push) -> BoxFuture<'a, Verdict> {
        async move {
            let verdict = self.provider.send(push).await;
            if *push.kind == ENTERED {
                self.urgent.lock().unwrap().push((push.notice, Instant::now()));
            } else {
                self.rest.fetch_add(1, Ordering::SeqCst);
            }
            verdict
        }
        .boxed()
    }
}

/// How long entries take, one after the other: the median of some.
async fn entry_latency(world: &World, at_work: &AtWork, timed: &Timed) -> Duration {
    let mut took = Vec::new();
    for _ in 0..15 {
        let issued = world.issue_one(1).await;
        let (notice, begun) = (issued.notices[0].id, Instant::now());
        at_work.hand_over(issued).unwrap();
        let taken = async || timed.urgent.lock().unwrap().iter().find(|(id, _)| *id == notice).map(|(_, at)| *at);
        let at = eventually("the entry is told", Patience::default(), taken, Option::is_some).await;
        took.push(at.unwrap().duration_since(begun));
    }
    took.sort();
    took[took.len() / 2]
}

#[actix_rt::test]
async fn inv_8_entries_take_no_longer_while_a_rush_goes_out() {
    let (world, provider) = (World::new().await, Provider::start().await);
    provider.control(&json!({ "latency": { "latency_ms": 20.0 } }));
    let timed = Arc::new(Timed { provider: provider.channel(&world.clock), urgent: Mutex::default(), rest: AtomicUsize::new(0) });
    let at_work = AtWork::start_with(&world, timed.clone(), Settings { in_flight: 8, ..Settings::default() });
    let alone = entry_latency(&world, &at_work, &timed).await;

    let rush: Vec<_> = (0..RUSH).map(|_| world.draft(0, &MEAL)).collect();
    at_work.hand_over(world.issue(&rush).await).unwrap();
    let beside = entry_latency(&world, &at_work, &timed).await;
    let left = RUSH - timed.rest.load(Ordering::SeqCst);
    assert!(left > RUSH / 5, "the rush was still going: {left} left");
    assert!(beside < alone * 4 + Duration::from_millis(20), "an entry took {beside:?} beside a rush and {alone:?} alone");
    println!("an entry took {alone:?} alone and {beside:?} beside a rush of {RUSH}");
    at_work.stop(Duration::from_secs(2)).await;
}

#[actix_rt::test]
async fn inv_8_an_old_backlog_in_the_rows_does_not_hide_an_entry_that_failed_once() {
    let (world, provider) = (World::new().await, Provider::start().await);
    provider.control(&json!({ "latency": { "latency_ms": 50.0 } }));
    // Their instance died: leased, and over soon.
    let rush: Vec<_> = (0..200).map(|_| world.draft(0, &MEAL)).collect();
    world.issue(&rush).await;
    let entry = world.issue_one(1).await.notices[0].id;
    world.clock.advance(jiff::SignedDuration::from_secs(61));
    let settings = Settings { in_flight: 2, queue: 10, ..Settings::default() };
    let at_work = AtWork::start_with(&world, provider.channel(&world.clock), settings);
    world.delivery_becomes(entry, "sent 1").await;
    assert!(provider.count("/outcomes/accepted") < 100, "taken by its lane and not in its turn");
    at_work.stop(Duration::from_secs(2)).await;
}
