//! 20,000 passes and meals from 200 terminals while hub, broker and database are killed in turn: nothing is lost, nothing counts
//! twice, everybody is told, and no phone hears a thing twice but for a kill.

use kernel::clock::Clock;
use testkit::database;

use crate::{
    TURN,
    duplicates::repetitions,
    house::{House, PUSHES_IN_FLIGHT, Plan},
    load::{Load, MISCHIEF, deliveries_settle},
    programs::Program,
    verdict::verdict,
};

const EVENTS: u64 = 20_000;
const PER_SECOND: u32 = 400;
/// Each of the three is killed so many times.
const ROUNDS: usize = 3;
/// Events that happen between a death and a new life.
const OUTAGE: usize = 300;
/// Outcomes that the dispatcher writes at once: known to it, perhaps not yet to the database.
const OUTCOMES_ON_THEIR_WAY: usize = 256;

#[derive(Debug, Clone, Copy)]
enum Victim {
    Hub,
    Broker,
    Database,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_while_everything_is_killed_in_turn() {
    let _turn = TURN.lock().await;
    let mut house = House::build(Plan::large("kills", Program::Hub)).await;
    assert_eq!(house.schools.iter().map(|school| school.devices.len()).sum::<usize>(), 200);
    let mut load = Load::start(&house, EVENTS, PER_SECOND, MISCHIEF);
    let mut hub_kills_ms = Vec::new();
    let mut next = 1_500;
    for _ in 0..ROUNDS {
        for victim in [Victim::Hub, Victim::Broker, Victim::Database] {
            load.until(next).await;
            match victim {
                Victim::Hub => {
                    hub_kills_ms.push(Clock::System.now().as_millisecond());
                    house.kill_hub();
                }
                Victim::Broker => house.kill_broker(),
                Victim::Database => database().kill(),
            }
            let happened = load.happened();
            println!("{victim:?} killed after {happened} events");
            load.until(happened + OUTAGE).await;
            match victim {
                Victim::Hub => house.restart_hub().await,
                Victim::Broker => house.restart_broker().await,
                Victim::Database => database().restart(),
            }
            next += 2_000;
        }
    }
    let summary = load.end(&house).await;
    assert_eq!(summary["unacknowledged"], 0, "{summary}");
    deliveries_settle(&house).await;

    let repeated = repetitions(&house.push_journal(), &hub_kills_ms);
    println!("repeated: {} by kills of the hub, {} by lost answers", repeated.by_kill, repeated.by_lost_answer);
    assert!(repeated.unexplained.is_empty(), "{:?}", repeated.unexplained);
    let in_flight = ROUNDS * (PUSHES_IN_FLIGHT + OUTCOMES_ON_THEIR_WAY);
    let verdict = verdict(&house, in_flight + repeated.by_lost_answer, &["--complete"]);
    println!("{}", verdict.text);
    assert!(verdict.holds && verdict.told > EVENTS / 4, "{}", verdict.text);
    house.stop().await;
}
