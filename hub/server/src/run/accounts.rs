//! The broker's accounts follow the device registry, when the configuration names the file.
//!
//! Each second the registry's version is compared; when it moved, or at the start, the whole file is written. Whoever runs the
//! broker makes it read the file again; `up` does so by itself.

use super::{RunError, pools::Pools};
use crate::{config::Config, embedded::broker_accounts::BrokerAccounts};
use fleet::registry::{self, write_accounts_file};
use kernel::db::{Db, Scope};
use std::{path::PathBuf, time::Duration};
use tokio::{task::JoinHandle, time};

const LOOK_EVERY: Duration = Duration::from_secs(1);

struct Follower {
    db: Db,
    file: PathBuf,
    user: String,
    password: crate::config::Secret,
    written: Option<i64>,
}

/// Starts following; without a file there is nothing to do.
pub(super) fn start(config: &Config, pools: &Pools) -> Result<JoinHandle<()>, RunError> {
    let Some(file) = config.mqtt.accounts_file.clone() else { return Ok(tokio::spawn(async {})) };
    let follower = Follower { db: pools.jobs.clone(), file, user: config.mqtt.user.clone(), password: config.mqtt.password()?, written: None };
    Ok(tokio::spawn(follower.follow()))
}

impl Follower {
    async fn follow(mut self) {
        let mut beat = time::interval(LOOK_EVERY);
        beat.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
        loop {
            beat.tick().await;
            if let Err(error) = self.look().await {
                tracing::warn!(%error, "the broker's accounts could not be brought up to date; trying again");
            }
        }
    }

    async fn look(&mut self) -> kernel::Result<()> {
        let hub_line = self.hub_line()?;
        let (written, scope) = (self.written, Scope::schools(identity::schools::all(&self.db).await?));
        let news = self.db.run(&scope, async |tx| {
            // Read before the accounts: a change in between is seen the next time.
            let version = registry::version(tx).await?;
            if written == Some(version) { Ok(None) } else { Ok(Some((version, registry::broker_accounts(tx, &hub_line).await?))) }
        });
        let Some((version, text)) = news.await? else { return Ok(()) };
        let outcome = write_accounts_file(&self.file, &text).map_err(|error| kernel::Error::broken(format!("writing {}: {error}", self.file.display())))?;
        tracing::info!(version, ?outcome, "the broker's accounts follow the registry");
        self.written = Some(version);
        Ok(())
    }

    /// The hub's own line: as it stands in the file while its password is right, so that the file changes only with the registry.
    fn hub_line(&self) -> kernel::Result<String> {
        let mut present = BrokerAccounts::read(&self.file).map_err(|error| kernel::Error::broken(format!("reading {}: {error}", self.file.display())))?;
        present.set_password(&self.user, self.password.reveal());
        Ok(present.line(&self.user).unwrap_or_default())
    }
}
