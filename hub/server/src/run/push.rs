//! Push: the dispatcher on a thread of its own.

use super::{RunError, pools::Pools};
use crate::{
    config::Config,
    rooms,
};
use actix::{Addr, Recipient};
use actix_rt::Arbiter;
use delivery::{
    Dispatch, Dispatcher, Push, Stop,
    channels::{
        Channel, Verdict,
        fcm::{self, Fcm, ServiceAccount},
    },
    dispatch::Settings,
};
use futures_util::future::{BoxFuture, FutureExt, ready};
use kernel::clock::Clock;
use std::{sync::Arc, time::Duration};
use web::Catalog;

/// The service allows so many requests at a time on one connection.
const STREAMS: usize = 100;
/// How long a stop waits for what is under way.
const LAST_PUSHES: Duration = Duration::from_secs(10);

/// The running dispatcher.
pub(super) struct Pushes {
    dispatcher: Addr<Dispatcher>,
    thread: Arbiter,
}

/// Starts it.
pub(super) fn start(config: &Config, pools: &Pools, clock: Clock) -> Result<Pushes, RunError> {
    let channel = channel(config, clock.clone())?;
    let settings = Settings { in_flight: config.push.fcm.concurrency, lease: jiff::SignedDuration::from_secs(config.engine.delivery_lease_s), ..Settings::default() };
    let thread = Arbiter::new();
    let dispatcher = Dispatcher::launch(&thread.handle(), settings, pools.jobs.clone(), clock, channel);
    Ok(Pushes { dispatcher, thread })
}

fn channel(config: &Config, clock: Clock) -> Result<Arc<dyn Channel>, RunError> {
    let fcm = &config.push.fcm;
    let Some(file) = fcm.service_account_file.as_ref().filter(|_| fcm.enabled) else { return Ok(Arc::new(Off("push.fcm.enabled is false"))) };
    let Some(way_out) = config.mode.way_out() else { return Ok(Arc::new(Off("mode is test"))) };
    let broken = |error: &dyn std::error::Error| RunError::Push(error.to_string());
    let account = ServiceAccount::read(file).map_err(|error| broken(&error))?;
    let settings = fcm::Settings { url: fcm.base_url.clone(), connections: fcm.concurrency.div_ceil(STREAMS) };
    let catalog = Arc::new(Catalog::build(&rooms::locales())?);
    Ok(Arc::new(Fcm::new(way_out, &settings, account, catalog, clock).map_err(|error| broken(&error))?))
}

impl Pushes {
    /// Where the engine hands over what it committed.
    pub fn dispatcher(&self) -> Recipient<Dispatch> {
        self.dispatcher.clone().recipient()
    }

    /// Finishes what is under way; the rest stays in its rows.
    pub async fn stop(self) {
        if let Err(error) = self.dispatcher.send(Stop { within: LAST_PUSHES }).await {
            tracing::warn!(%error, "the dispatcher had ended already");
        }
        self.thread.stop();
    }
}

/// No pushes go out: each is closed in the delivery log with the reason.
struct Off(&'static str);

impl Channel for Off {
    fn send<'a>(&'a self, _: &'a Push) -> BoxFuture<'a, Verdict> {
        ready(Verdict::Refused(self.0.into())).boxed()
    }
}
