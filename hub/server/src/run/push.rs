//! Push: the dispatcher on a thread of its own, and the listener of the bot.

use super::{RunError, mail, pools::Pools};
use crate::{
    config::Config,
    rooms,
};
use actix::{Addr, Recipient};
use actix_rt::Arbiter;
use actix_web::web::Data;
use delivery::{
    Dispatch, Dispatcher, Push, Stop,
    channels::{
        ByAddress, Channel, Verdict, Via,
        fcm::{self, Fcm, ServiceAccount},
        mail::Mail,
        telegram::{self, Bot, Telegram},
        web_push::{Reach, WebPush},
    },
    dispatch::Settings,
    links::{self, Listener},
    subscriptions::Offer,
};
use futures_util::future::{BoxFuture, FutureExt, ready};
use kernel::{clock::Clock, mode::Mode};
use std::{sync::Arc, time::Duration};
use tokio::{sync::oneshot, task::JoinHandle};
use web::Catalog;

/// The service allows so many requests at a time on one connection.
const STREAMS: usize = 100;
/// How long a stop waits for what is under way.
const LAST_PUSHES: Duration = Duration::from_secs(10);
/// And for the listener to give the bot's ear back.
const LAST_WORD: Duration = Duration::from_secs(5);

/// The running dispatcher.
pub(super) struct Pushes {
    dispatcher: Addr<Dispatcher>,
    thread: Arbiter,
    /// Where there is a bot.
    listening: Option<Listening>,
}

/// The listener of the bot, and by what it is asked to stop.
struct Listening {
    task: JoinHandle<()>,
    stop: oneshot::Sender<()>,
}

/// Starts it.
pub(super) fn start(config: &Config, pools: &Pools, clock: Clock) -> Result<Pushes, RunError> {
    let bot = bot(config)?;
    let channel = Arc::new(ByAddress::new([
        (Via::Fcm, fcm_channel(config, clock.clone())?),
        (Via::WebPush, web_push_channel(config, clock.clone())?),
        (Via::Telegram, telegram_channel(config, bot.clone())?),
        (Via::Mail, mail_channel(config, pools)?),
    ]));
    let settings = Settings { in_flight: config.push.fcm.concurrency, lease: jiff::SignedDuration::from_secs(config.engine.delivery_lease_s), ..Settings::default() };
    let thread = Arbiter::new();
    let dispatcher = Dispatcher::launch(&thread.handle(), settings, pools.jobs.clone(), clock.clone(), channel);
    let listening = bot.map(|bot| listen(config, pools, clock, bot)).transpose()?;
    Ok(Pushes { dispatcher, thread, listening })
}

fn fcm_channel(config: &Config, clock: Clock) -> Result<Arc<dyn Channel>, RunError> {
    let fcm = &config.push.fcm;
    let Some(file) = fcm.service_account_file.as_ref().filter(|_| fcm.enabled) else { return Ok(Arc::new(Off("push.fcm.enabled is false"))) };
    let Some(way_out) = config.mode.way_out() else { return Ok(Arc::new(Off("mode is test"))) };
    let broken = |error: &dyn std::error::Error| RunError::Push(error.to_string());
    let account = ServiceAccount::read(file).map_err(|error| broken(&error))?;
    let settings = fcm::Settings { url: fcm.base_url.clone(), connections: fcm.concurrency.div_ceil(STREAMS) };
    let catalog = Arc::new(Catalog::build(&rooms::locales())?);
    Ok(Arc::new(Fcm::new(way_out, &settings, account, catalog, clock).map_err(|error| broken(&error))?))
}

fn web_push_channel(config: &Config, clock: Clock) -> Result<Arc<dyn Channel>, RunError> {
    let broken = |error: &dyn std::error::Error| RunError::Push(error.to_string());
    let Some(vapid) = config.push.web.key().map_err(|error| broken(&error))? else { return Ok(Arc::new(Off("push.web.enabled is false"))) };
    let Some(way_out) = config.mode.way_out() else { return Ok(Arc::new(Off("mode is test"))) };
    let catalog = Arc::new(Catalog::build(&rooms::locales())?);
    Ok(Arc::new(WebPush::new(way_out, vapid, reach(config), catalog, clock).map_err(|error| broken(&error))?))
}

/// The bot; nothing where Telegram is off, or nothing may leave.
fn bot(config: &Config) -> Result<Option<Arc<Bot>>, RunError> {
    let telegram = &config.push.telegram;
    let (Some(token), Some(way_out)) = (telegram.token()?, config.mode.way_out()) else { return Ok(None) };
    let settings = telegram::Settings { url: telegram.base_url.clone(), per_second: telegram.per_second };
    Ok(Some(Arc::new(Bot::new(way_out, &settings, token).map_err(|error| RunError::Push(error.to_string()))?)))
}

fn telegram_channel(config: &Config, bot: Option<Arc<Bot>>) -> Result<Arc<dyn Channel>, RunError> {
    let off = if config.push.telegram.enabled { "mode is test" } else { "push.telegram.enabled is false" };
    let Some(bot) = bot else { return Ok(Arc::new(Off(off))) };
    let catalog = Arc::new(Catalog::build(&rooms::locales())?);
    Ok(Arc::new(Telegram::new(bot, catalog, config.http.public_url())))
}

fn mail_channel(config: &Config, pools: &Pools) -> Result<Arc<dyn Channel>, RunError> {
    let off = if config.mail.host.is_some() { "mode is test" } else { "mail.host is unset" };
    let Some(post) = mail::post(config)? else { return Ok(Arc::new(Off(off))) };
    let catalog = Arc::new(Catalog::build(&rooms::locales())?);
    Ok(Arc::new(Mail::new(post, pools.jobs.clone(), config.sign_in_policy()?, catalog, config.http.public_url(), config.mail.notices_per_second)))
}

fn listen(config: &Config, pools: &Pools, clock: Clock, bot: Arc<Bot>) -> Result<Listening, RunError> {
    let catalog = Arc::new(Catalog::build(&rooms::locales())?);
    let listener = Listener::new(bot, config.push.telegram.bot.clone(), pools.jobs.clone(), clock, catalog, config.http.public_url());
    let (stop, asked) = oneshot::channel();
    // Asked, or nobody is left who could ask: both mean the end.
    let task = tokio::spawn(listener.work(async move { asked.await.unwrap_or_default() }));
    Ok(Listening { task, stop })
}

/// What pages offer to who has Telegram; nothing where it is off.
pub(super) fn telegram_offer(config: &Config) -> Option<Data<links::Offer>> {
    let telegram = &config.push.telegram;
    let opened_at = telegram.opened_at.trim_end_matches('/').to_owned();
    telegram.enabled.then(|| Data::new(links::Offer { bot: telegram.bot.clone(), opened_at }))
}

/// A live installation knocks on no door of its own house, whatever address somebody signed in gives.
fn reach(config: &Config) -> Reach {
    match config.mode {
        Mode::Live => Reach::Internet,
        Mode::Demo | Mode::Test => Reach::AlsoThisMachine,
    }
}

/// What pages offer to browsers; nothing where web push is off.
pub(super) fn offer(config: &Config) -> Result<Option<Data<Offer>>, RunError> {
    let vapid = config.push.web.key().map_err(|error| RunError::Push(error.to_string()))?;
    Ok(vapid.map(|vapid| Data::new(Offer { key: vapid.public().to_owned(), reach: reach(config) })))
}

impl Pushes {
    /// Where the engine hands over what it committed.
    pub fn dispatcher(&self) -> Recipient<Dispatch> {
        self.dispatcher.clone().recipient()
    }

    /// Finishes what is under way; the rest stays in its rows.
    pub async fn stop(self) {
        // What it was about to read is read by whoever listens next.
        if let Some(Listening { task, stop }) = self.listening {
            drop(stop);
            if tokio::time::timeout(LAST_WORD, task).await.is_err() {
                tracing::warn!("the listener of the bot did not end in time; its lease will run out");
            }
        }
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
