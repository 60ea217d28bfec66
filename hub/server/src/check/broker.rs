//! The broker: reachable, and it knows the hub.

use super::Finding;
use crate::config::{BrokerAddress, Config};
use rumqttc::{AsyncClient, ConnectReturnCode, ConnectionError, Event, Incoming, MqttOptions};
use std::{path::Path, time::Duration};

const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn look(config: &Config) -> Vec<Finding> {
    let mut findings = vec![connects(config).await];
    if let Some(file) = &config.mqtt.accounts_file {
        findings.push(accounts_file(file));
    }
    findings
}

async fn connects(config: &Config) -> Finding {
    let (address, password) = match (config.mqtt.address(), config.mqtt.password()) {
        (Ok(address), Ok(password)) => (address, password),
        (Err(error), _) | (_, Err(error)) => return Finding::Bad(error.to_string()),
    };
    // An id of its own: the hub's would throw the running hub out.
    let id = format!("{}-check-{}", config.mqtt.client_id, std::process::id());
    let mut options = MqttOptions::new(id, address.host.clone(), address.port);
    options.set_credentials(config.mqtt.user.clone(), password.reveal()).set_keep_alive(Duration::from_secs(5));
    let (client, mut connection) = AsyncClient::new(options, 1);
    let answer = tokio::time::timeout(PATIENCE, connection.poll()).await;
    drop(client);
    judge(answer, &address, &config.mqtt.user)
}

fn judge(answer: Result<Result<Event, ConnectionError>, tokio::time::error::Elapsed>, address: &BrokerAddress, user: &str) -> Finding {
    match answer {
        Ok(Ok(Event::Incoming(Incoming::ConnAck(_)))) => Finding::Good(format!("the broker at {address} knows the hub as {user}")),
        Ok(Err(ConnectionError::ConnectionRefused(ConnectReturnCode::BadUserNamePassword | ConnectReturnCode::NotAuthorized))) => Finding::Bad(format!(
            "the broker at {address} refuses {user}: make the account (mosquitto_passwd) and put its password into the file named by mqtt.password_file"
        )),
        Ok(Err(error)) => Finding::Bad(format!("the broker at {address} cannot be reached: {error}. Is it running, and is mqtt.url right?")),
        Ok(Ok(other)) => Finding::Bad(format!("the broker at {address} answered strangely: {other:?}")),
        Err(_elapsed) => Finding::Bad(format!("the broker at {address} did not answer within {} s", PATIENCE.as_secs())),
    }
}

fn accounts_file(file: &Path) -> Finding {
    let folder_is_writable = file.parent().is_some_and(|folder| rustix::fs::access(folder, rustix::fs::Access::WRITE_OK).is_ok());
    Finding::of(
        folder_is_writable,
        format!("{} can be written", file.display()),
        format!("the folder of {} cannot be written, so new devices would not reach the broker: make it writable for the hub, or unset mqtt.accounts_file", file.display()),
    )
}
