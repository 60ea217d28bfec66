//! The engine, as configured.

use super::{RunError, pools::Pools};
use crate::config::Config;
use actix::Recipient;
use delivery::Dispatch;
use engine::{Engine, Needs, config::Broker, live::Switchboard};
use jiff::SignedDuration;
use kernel::clock::Clock;
use std::time::Duration;

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
        lanes: set.lanes,
        lock_wait: Duration::from_millis(set.lock_wait_ms),
        school_budget_per_s: set.school_budget_per_s,
        waiting_events: set.waiting_events,
        late_after: SignedDuration::from_secs(set.late_after_s),
        future_tolerance: SignedDuration::from_secs(set.future_tolerance_s),
        delivery_lease: SignedDuration::from_secs(set.delivery_lease_s),
        gap_patience: Duration::from_secs(set.gap_patience_s),
    })
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
