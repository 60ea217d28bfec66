//! A private Mosquitto on 127.0.0.1.
//!
//! Its limits follow the event path: the in-flight window and the queue hold what a restarting hub leaves waiting, bounded in
//! bytes; nothing depends on its disk, since terminals keep an event until the hub's own acknowledgement.

use super::{EmbeddedError, account, account::Account, broker_accounts::BrokerAccounts, children, folder, programs};
use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};
use tokio::{net::TcpStream, time};

/// The account name of the hub at the broker; devices' codes never equal it.
pub const HUB_USER: &str = "hub";

/// What a device may do follows from its user name; the hub may do everything below `v1`.
/// The same rules for one's own broker are in `deploy/mosquitto/shanyraq.acl`.
pub const ACL: &str = include_str!("../../../../deploy/mosquitto/shanyraq.acl");

/// The limits, the same as for one's own broker.
const LIMITS: &str = include_str!("../../../../deploy/mosquitto/limits.conf");

/// A private broker: its folder and port.
#[derive(Debug, Clone)]
pub struct Mosquitto {
    program: PathBuf,
    account: Option<Account>,
    folder: PathBuf,
    log: PathBuf,
    port: u16,
}

impl Mosquitto {
    /// Prepares the broker's folder: configuration, ACL, and an accounts file in which the hub has `hub_password`.
    pub fn prepare(folder: &Path, log: &Path, port: u16, hub_password: &str) -> Result<Self, EmbeddedError> {
        let program = programs::mosquitto()?;
        let account = account::unprivileged(&["mosquitto", "nobody"])?;
        folder::make(folder, 0o700, account.as_ref())?;
        if let Some(account) = &account {
            folder::require_reachable(folder, account)?;
        }
        let broker = Self { program, account, folder: folder.to_owned(), log: log.to_owned(), port };
        broker.write_file("mosquitto.conf", &broker.configuration())?;
        broker.write_file("acl", ACL)?;
        broker.admit_hub(hub_password)?;
        Ok(broker)
    }

    fn admit_hub(&self, password: &str) -> Result<(), EmbeddedError> {
        let path = self.accounts_file();
        let failed = || EmbeddedError::io(format!("the broker's accounts {}", path.display()));
        let mut accounts = BrokerAccounts::read(&path).map_err(failed())?;
        accounts.set_password(HUB_USER, password);
        accounts.write(&path).map_err(failed())?;
        Ok(())
    }

    fn write_file(&self, name: &str, content: &str) -> Result<(), EmbeddedError> {
        let path = self.folder.join(name);
        folder::replace_file(&path, 0o600, content.as_bytes()).map_err(EmbeddedError::io(format!("writing {}", path.display())))
    }

    fn configuration(&self) -> String {
        let folder = self.folder.display();
        format!(
            "# Written by the hub at every start.\n\
             listener {port} 127.0.0.1\n\
             allow_anonymous false\n\
             password_file {folder}/accounts\n\
             acl_file {folder}/acl\n\
             persistence_location {folder}/\n\
             log_dest stderr\n\
             log_timestamp_format %Y-%m-%dT%H:%M:%SZ\n\
             log_type error\n\
             log_type warning\n\
             log_type notice\n\
             connection_messages false\n\
             {LIMITS}",
            port = self.port,
        )
    }

    /// The accounts file, rewritten by the hub whenever the registry changes.
    pub fn accounts_file(&self) -> PathBuf {
        self.folder.join("accounts")
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))
    }

    /// The command that runs it in the foreground.
    pub fn command(&self) -> Result<Command, EmbeddedError> {
        let mut command = children::leashed(&self.program, self.account.as_ref(), "TERM")?;
        let log = folder::log_file(&self.log)?;
        let errors = log.try_clone().map_err(EmbeddedError::io("the broker's log"))?;
        command.arg("-c").arg(self.folder.join("mosquitto.conf")).current_dir(&self.folder);
        command.stdin(Stdio::null()).stdout(log).stderr(errors);
        Ok(command)
    }

    /// Waits until it accepts connections.
    pub async fn ready(&self, patience: Duration) -> Result<(), EmbeddedError> {
        let deadline = time::Instant::now() + patience;
        loop {
            let error = match TcpStream::connect(self.address()).await {
                Ok(_connected) => return Ok(()),
                Err(error) => error,
            };
            if time::Instant::now() > deadline {
                return Err(EmbeddedError::NotReady { server: "Mosquitto", seconds: patience.as_secs(), log: self.log.clone(), last: error.to_string() });
            }
            time::sleep(Duration::from_millis(25)).await;
        }
    }
}
