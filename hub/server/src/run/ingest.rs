//! The engine, as configured.

use super::{RunError, pools::Pools};
use crate::config::Config;
use actix::Recipient;
use delivery::Dispatch;
use engine::{Engine, Needs, config::Broker, live::Switchboard};
use jiff::SignedDuration;
use kernel::clock::Clock;
use std::{num::NonZeroUsize, time::Duration};

/// The engine's connections that are not for fast lanes: the patient lane's, and one for registry, board and actors.
const BESIDE_LANES: usize = 2;

/// Starts it; from here on devices are heard.
pub(super) async fn start(config: &Config, pools: &Pools, clock: Clock, switchboard: Switchboard, dispatcher: Recipient<Dispatch>) -> Result<Engine, RunError> {
    let needs = Needs { db: pools.engine.clone(), clock, config: settings(config)?, switchboard, dispatcher };
    Ok(Engine::start(needs).await?)
}

fn settings(config: &Config) -> Result<engine::Config, RunError> {
    let set = &config.engine;
    Ok(engine::Config {
        broker: broker(config)?,
        batch_events: set.batch_max_events,
        batch_wait: Duration::from_millis(set.batch_max_wait_ms),
        lanes: lanes(config),
        lock_wait: Duration::from_millis(set.lock_wait_ms),
        school_budget_per_s: set.school_budget_per_s,
        waiting_events: set.waiting_events,
        late_after: SignedDuration::from_secs(set.late_after_s),
        future_tolerance: SignedDuration::from_secs(set.future_tolerance_s),
        delivery_lease: SignedDuration::from_secs(set.delivery_lease_s),
        gap_patience: Duration::from_secs(set.gap_patience_s),
    })
}

/// As configured, or by processors; never so many that commits wait for each other's connections.
fn lanes(config: &Config) -> usize {
    let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let wanted = if config.engine.lanes == 0 { processors / 2 } else { config.engine.lanes };
    let connections = config.database.engine_connections.saturating_sub(BESIDE_LANES);
    wanted.clamp(1, connections.max(1))
}

fn broker(config: &Config) -> Result<Broker, RunError> {
    let address = config.mqtt.address()?;
    Ok(Broker {
        host: address.host,
        port: address.port,
        user: config.mqtt.user.clone(),
        password: config.mqtt.password()?.reveal().to_owned(),
        client_id: config.mqtt.client_id.clone(),
        groups: config.mqtt.groups,
    })
}
