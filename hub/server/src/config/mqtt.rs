//! The broker.

use super::{ConfigError, Secret, read_secret, section::section};
use std::path::PathBuf;

section! {
    /// The broker.
    pub struct Mqtt {
        /// The broker, `mqtt://host:port`.
        url: String = "mqtt://127.0.0.1:1883".into(),
        /// The hub's account at the broker.
        user: String = "hub".into(),
        /// File with its password.
        password_file: Option<PathBuf> = None,
        /// Client ids of the ingest connections are this with `-0`, `-1`, …: fixed, so that a restarted hub inherits its queue.
        client_id: String = "shanyraq-hub".into(),
        /// Ingest connections; each takes an equal share of the 64 shards.
        groups: u8 = 8,
        /// Host that devices and people are told. Unset: the host of `url`.
        device_host: Option<String> = None,
        /// Port that devices and people are told. 0: the port of `url`.
        device_port: u16 = 0,
        /// Where the hub writes the broker's password file whenever the device registry changes; the broker must then read it
        /// again (SIGHUP). Unset: accounts are kept by somebody else.
        accounts_file: Option<PathBuf> = None,
    }
}

/// Host and port of a broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokerAddress {
    /// Name or IP address.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

impl std::fmt::Display for BrokerAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl Mqtt {
    /// Where the hub connects.
    pub fn address(&self) -> Result<BrokerAddress, ConfigError> {
        let invalid = || ConfigError::Invalid { key: "mqtt.url", problem: format!("{:?} is not of the form mqtt://host:port", self.url) };
        let rest = self.url.strip_prefix("mqtt://").ok_or_else(invalid)?;
        let (host, port) = rest.trim_end_matches('/').rsplit_once(':').unwrap_or((rest, "1883"));
        let port = port.parse().map_err(|_number| invalid())?;
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() || host.contains(['/', '@']) {
            return Err(invalid());
        }
        Ok(BrokerAddress { host: host.to_owned(), port })
    }

    /// Where devices are told to connect.
    pub fn device_address(&self) -> Result<BrokerAddress, ConfigError> {
        let own = self.address()?;
        let port = if self.device_port == 0 { own.port } else { self.device_port };
        Ok(BrokerAddress { host: self.device_host.clone().unwrap_or(own.host), port })
    }

    /// The hub's password; empty when no file is named.
    pub fn password(&self) -> Result<Secret, ConfigError> {
        self.password_file.as_ref().map_or_else(|| Ok(Secret::new("")), |file| read_secret("mqtt.password_file", file))
    }

    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        self.address()?;
        if self.groups == 0 || 64 % self.groups != 0 {
            return Err(ConfigError::Invalid { key: "mqtt.groups", problem: format!("{} does not divide the 64 shards: use 1, 2, 4, 8, 16, 32 or 64", self.groups) });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_gives_host_and_port() {
        let cases = [("mqtt://broker:1884", Some(("broker", 1884))), ("mqtt://broker", Some(("broker", 1883))), ("mqtt://[::1]:1883", Some(("::1", 1883))), ("mqtt://:1", None), ("mqtt://a:x", None), ("http://a:1", None)];
        for (url, expected) in cases {
            let address = Mqtt { url: url.into(), ..Mqtt::default() }.address().ok();
            assert_eq!(address, expected.map(|(host, port): (&str, u16)| BrokerAddress { host: host.into(), port }), "{url}");
        }
    }
}
