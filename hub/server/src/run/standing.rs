//! Listening for changes of rights, so that they count on every instance within a second.
//!
//! The database says whom a change concerns (`identity::changes`). Whoever is concerned is forgotten here, and their open sockets end. The
//! connection may break and words may be lost: after each new connection everything is forgotten and every socket asks anew.

use actix_web::web::Data;
use engine::live::{Ending, Switchboard};
use futures_util::{StreamExt, stream::poll_fn};
use identity::changes::{CHANNEL, Changed};
use std::time::Duration;
use tokio::{sync::mpsc, task::JoinHandle, time};
use tokio_postgres::{AsyncMessage, Config, NoTls};
use web::Site;

const AFTER_TROUBLE: Duration = Duration::from_secs(1);
/// Words that may wait while earlier ones are acted on; the database keeps the rest.
const WAITING: usize = 1_000;

/// Listens for as long as the task lives. `database` is how the application connects.
pub fn listen(database: Config, site: Data<Site>, switchboard: Switchboard) -> JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            if let Err(error) = hear(&database, &site, &switchboard).await {
                tracing::warn!(%error, "changes of rights cannot be heard; they count after half a minute until they can");
            }
            time::sleep(AFTER_TROUBLE).await;
        }
    })
}

async fn hear(database: &Config, site: &Site, switchboard: &Switchboard) -> Result<(), tokio_postgres::Error> {
    let mut database = database.clone();
    if database.get_application_name().is_none() {
        database.application_name("shanyraq_standing");
    }
    database.options("-c role=shanyraq_web").connect_timeout(Duration::from_secs(5)).keepalives_idle(Duration::from_secs(10));
    let (client, mut connection) = database.connect(NoTls).await?;
    let (tell, mut told) = mpsc::channel(WAITING);
    let driven = tokio::spawn(async move {
        let mut messages = poll_fn(move |context| connection.poll_message(context));
        while let Some(Ok(message)) = messages.next().await {
            if let AsyncMessage::Notification(notification) = message
                && tell.send(notification.payload().to_owned()).await.is_err()
            {
                return;
            }
        }
    });
    client.batch_execute(&format!("listen {CHANNEL}")).await?;
    // Whatever was said before nobody heard here.
    act(&Changed::Everybody, site, switchboard);
    while let Some(payload) = told.recv().await {
        act(&Changed::read(&payload), site, switchboard);
    }
    driven.abort();
    tracing::warn!("the connection that changes of rights are heard on has ended; it is made anew");
    Ok(())
}

/// Forgets first: a browser whose socket ended asks at once.
fn act(changed: &Changed, site: &Site, switchboard: &Switchboard) {
    changed.forget(site);
    let ended = match changed {
        Changed::Everybody => switchboard.end(&Ending::Everybody),
        Changed::Persons(persons) => switchboard.end(&Ending::Persons(persons.clone())),
        Changed::Accounts(accounts) => switchboard.end(&Ending::Accounts(accounts.clone())),
        Changed::Schools(schools) => switchboard.end(&Ending::Schools(schools.clone())),
        Changed::Organisations(_) => 0,
    };
    metrics::counter!("standing_changes_total").increment(1);
    metrics::counter!("live_sessions_ended_total").increment(u64::try_from(ended).unwrap_or(u64::MAX));
}
