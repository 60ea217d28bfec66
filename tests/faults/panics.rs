//! A thousand panics in the hub: nothing is lost, the process lives on, and a device that panics beyond its budget is parked alone
//! and comes back. And actors that never grow older than five seconds leave the rows of an undisturbed run.

use testkit::eventually;

use crate::{
    TURN,
    house::{House, PATIENCE, Plan},
    load::{Load, deliveries_settle},
    programs::Program,
    verdict::verdict,
};

const PANICS: usize = 1_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_panics_lose_nothing_and_disturb_no_neighbour() {
    let _turn = TURN.lock().await;
    let plan = Plan::large("panics", Program::SabotagedHub);
    // The first turnstile of the first school: its actor panics six times in a row, once more than its budget.
    let victim = "f1gate1in";
    let plan = plan.variable("SHANYRAQ_PANIC_ONE_IN", "32").variable("SHANYRAQ_PANICS", PANICS.to_string()).variable("SHANYRAQ_PANIC_DEVICE", victim);
    let house = House::build(plan).await;
    assert_eq!(house.schools[0].devices[0].code, victim);
    let process = house.hub_process();
    let load = Load::start(&house, 16_000, 300, "--duplicates 3 --reconnects 0.5");

    let db = house.look().await;
    let parked = "select i.opened_at from incident i join device d on d.id = i.device_id where i.kind = 'actor_parked' and d.code = $1";
    let parked = eventually("the incident is raised", PATIENCE, async || db.query_opt(parked, &[&victim]).await.expect("asking").is_some(), |raised| *raised);
    parked.await;
    let summary = load.end(&house).await;
    assert_eq!(summary["unacknowledged"], 0, "{summary}");

    let back = "select min(e.committed_at) - i.opened_at >= interval '20 s',
                  (select count(*) from event o where o.device_id <> d.id and o.committed_at between i.opened_at and min(e.committed_at))
                from incident i join device d on d.id = i.device_id join event e on e.device_id = d.id and e.committed_at > i.opened_at
                where i.kind = 'actor_parked' and d.code = $1 group by i.opened_at, d.id order by i.opened_at limit 1";
    let back = db.query_one(back, &[&victim]).await.expect("the parked device came back");
    let (was_away, neighbours): (bool, i64) = (back.get(0), back.get(1));
    println!("while {victim} was parked its neighbours committed {neighbours} events");
    assert!(was_away && neighbours > 1_000, "{was_away} {neighbours}");

    let panics = house.metric("sabotage_panics_total").expect("the hub answers");
    println!("{panics} panics, {:?} restarts of actors, {:?} parked, {:?} attempts to commit panicked", house.metric("actor_restarts_total"), house.metric("actor_parked_total"), house.metric("commits_failed_total"));
    assert!(panics >= 1_006.0, "{panics} panics");
    assert_eq!(house.hub_process(), process, "the hub was never started again");

    deliveries_settle(&house).await;
    let lost_answers = crate::duplicates::repetitions(&house.push_journal(), &[]);
    assert!(lost_answers.unexplained.is_empty(), "{:?}", lost_answers.unexplained);
    let verdict = verdict(&house, lost_answers.by_lost_answer, &["--complete"]);
    println!("{}", verdict.text);
    assert!(verdict.holds, "{}", verdict.text);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn actors_killed_every_five_seconds_leave_the_rows_of_an_undisturbed_run() {
    let _turn = TURN.lock().await;
    let plan = Plan::small("mortal", Program::SabotagedHub).variable("SHANYRAQ_ACTOR_LIFE_MS", "5000");
    let house = House::build(plan).await;
    let process = house.hub_process();
    let summary = Load::start(&house, 6_000, 300, "--duplicates 3 --reconnects 0.5").end(&house).await;
    assert_eq!(summary["unacknowledged"], 0, "{summary}");

    let devices: usize = house.schools.iter().map(|school| school.devices.len()).sum();
    let restarts = house.metric("actor_restarts_total").expect("the hub answers");
    println!("{restarts} restarts of actors, of {devices} devices' and others'");
    assert!(restarts > 2.0 * f64::from(u32::try_from(devices).expect("few")), "most died more than twice: {restarts}");
    assert_eq!(house.metric("actor_parked_total").unwrap_or_default(), 0.0, "nobody died too often");
    assert_eq!(house.hub_process(), process, "the hub was never started again");

    deliveries_settle(&house).await;
    let verdict = verdict(&house, 0, &["--complete"]);
    println!("{}", verdict.text);
    assert!(verdict.holds, "{}", verdict.text);
    house.stop().await;
}
