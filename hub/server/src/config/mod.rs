//! Configuration: one typed struct per concern, from a TOML file and `SHANYRAQ_…` variables.
//!
//! Every key has a default and a description (`shanyraq config --doc` prints both); an unknown key is refused. Secrets are named by
//! file (`…_file`), never written here; a password inside a URL works but is hidden when printed.
//! `SHANYRAQ_HTTP__LISTEN` overrides `listen` of `[http]`, `SHANYRAQ_PUSH__FCM__ENABLED` overrides `enabled` of `[push.fcm]`.
//!
//! To add a key: add a field with its description and default to its section. To add a section: add a file here, a field in
//! [`Config`] and a line in [`Config::document`].

mod database;
mod document;
mod engine;
mod http;
mod identity;
mod log;
mod mail;
mod mqtt;
mod national;
mod overlay;
mod print;
mod push;
mod section;
mod secret;

pub use database::Database;
pub use engine::Engine;
pub use self::identity::{Identity, Secrets};
pub use http::Http;
pub use log::{Log, LogFormat};
pub use mail::{Encryption, Mail};
pub use kernel::mode::Mode;
pub use mqtt::{BrokerAddress, Mqtt};
pub use print::Print;
pub use national::National;
pub use push::{Fcm, Push, Telegram, WebPush};
pub use secret::{Secret, read_secret};

use serde::{Deserialize, Serialize};
use std::{
    io,
    path::{Path, PathBuf},
};

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration file {path} cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is not TOML, or has an unknown key or a wrong value.
    #[error("the configuration {origin} is wrong: {message}")]
    Wrong {
        /// The file, or the variables.
        origin: String,
        /// What is wrong, with the place.
        message: String,
    },
    /// A variable names no key.
    #[error("the variable {variable} names no key of the configuration; `shanyraq config --doc` lists them")]
    UnknownVariable {
        /// The variable.
        variable: String,
    },
    /// A secret's file cannot be read.
    #[error("{key} names {path}, which cannot be read: {source}")]
    Secret {
        /// The key.
        key: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A value is impossible.
    #[error("{key}: {problem}")]
    Invalid {
        /// The key.
        key: &'static str,
        /// What is wrong with it, and what would be right.
        problem: String,
    },
}

/// Everything that can be configured.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// `live`, `demo` (synthetic people only, said on every page) or `test` (no traffic outward).
    pub mode: Mode,
    /// Pages and API.
    pub http: Http,
    /// PostgreSQL.
    pub database: Database,
    /// The broker.
    pub mqtt: Mqtt,
    /// Providers that reach a guardian's phone.
    pub push: Push,
    /// Letters.
    pub mail: Mail,
    /// The way of an event.
    pub engine: Engine,
    /// Documents as PDF.
    pub print: Print,
    /// Signing in.
    pub identity: Identity,
    /// Keys that the database does not hold.
    pub secrets: Secrets,
    /// Files for the national education database.
    pub national: National,
    /// What the program says about itself.
    pub log: Log,
}

impl Config {
    /// Reads the file (defaults if `None`), then the variables of the process.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let text = match file {
            Some(path) => std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?,
            None => String::new(),
        };
        let origin = file.map_or_else(|| "(defaults)".to_owned(), |path| path.display().to_string());
        Self::parse(&text, &origin, std::env::vars())
    }

    /// Reads this text, then these variables.
    pub fn parse(text: &str, origin: &str, variables: impl Iterator<Item = (String, String)>) -> Result<Self, ConfigError> {
        let wrong = |origin: &str, error: &toml::de::Error| ConfigError::Wrong { origin: origin.to_owned(), message: error.to_string() };
        // Parsed on its own first: its errors point at the file's lines.
        let _of_the_file: Self = toml::from_str(text).map_err(|error| wrong(origin, &error))?;
        let mut table: toml::Table = toml::from_str(text).map_err(|error| wrong(origin, &error))?;
        overlay::apply(&mut table, variables)?;
        let config: Self = table.try_into().map_err(|error: toml::de::Error| wrong("with the SHANYRAQ_… variables", &error))?;
        config.validate()?;
        Ok(config)
    }

    fn validate(&self) -> Result<(), ConfigError> {
        self.http.validate()?;
        self.database.validate()?;
        self.mqtt.validate()?;
        self.push.fcm.validate()?;
        self.push.web.validate()?;
        self.push.telegram.validate()?;
        self.mail.validate()?;
        self.print.validate()?;
        self.identity.validate(&self.secrets)?;
        self.engine.validate()
    }

    /// The effective configuration as TOML, with passwords hidden.
    pub fn shown(&self) -> String {
        let mut shown = self.clone();
        shown.database = shown.database.with_hidden_passwords();
        // Every field is a plain value: this cannot fail, and if it did, saying so beats printing half.
        toml::to_string(&shown).unwrap_or_else(|error| format!("# the configuration cannot be shown: {error}\n"))
    }

    /// Every key with its description and default.
    pub fn document() -> String {
        document::render(&[
            ("", &document::MODE),
            ("http", Http::KEYS),
            ("database", Database::KEYS),
            ("mqtt", Mqtt::KEYS),
            ("push.fcm", Fcm::KEYS),
            ("push.web", WebPush::KEYS),
            ("push.telegram", Telegram::KEYS),
            ("mail", Mail::KEYS),
            ("engine", Engine::KEYS),
            ("print", Print::KEYS),
            ("identity", Identity::KEYS),
            ("secrets", Secrets::KEYS),
            ("national", National::KEYS),
            ("log", Log::KEYS),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::parse(text, "test.toml", variables.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn an_empty_file_gives_the_defaults() {
        let config = parse("", &[]).unwrap();
        assert_eq!(config.http.listen, "127.0.0.1:8080");
        assert_eq!(config.mode, Mode::Live);
    }

    #[test]
    fn a_variable_wins_over_the_file() {
        let text = "[http]\nlisten = \"127.0.0.1:1\"\n[engine]\nlanes = 3\n";
        let config = parse(text, &[("SHANYRAQ_HTTP__LISTEN", "0.0.0.0:80"), ("SHANYRAQ_PUSH__FCM__CONCURRENCY", "7"), ("SHANYRAQ_MODE", "demo"), ("PATH", "/bin")]).unwrap();
        assert_eq!(config.http.listen, "0.0.0.0:80");
        assert_eq!(config.engine.lanes, 3);
        assert_eq!(config.push.fcm.concurrency, 7);
        assert_eq!(config.mode, Mode::Demo);
    }

    #[test]
    fn a_text_that_looks_like_a_number_stays_text() {
        let config = parse("", &[("SHANYRAQ_MQTT__USER", "12")]).unwrap();
        assert_eq!(config.mqtt.user, "12");
    }

    #[test]
    fn mistakes_are_refused_with_the_place() {
        let cases: [(&str, &[(&str, &str)], &str); 7] = [
            ("[http]\nlisten_on = \"x\"\n", &[], "listen_on"),
            ("[htp]\n", &[], "htp"),
            ("mode = \"dmo\"\n", &[], "dmo"),
            ("[http]\nlisten = \"nowhere\"\n", &[], "http.listen"),
            ("[mqtt]\nurl = \"tcp://x\"\n", &[], "mqtt.url"),
            ("", &[("SHANYRAQ_HTTP__PORT", "1")], "SHANYRAQ_HTTP__PORT"),
            ("", &[("SHANYRAQ_ENGINE__LANES", "many")], "lanes"),
        ];
        for (text, variables, expected) in cases {
            let message = parse(text, variables).unwrap_err().to_string();
            assert!(message.contains(expected), "{text:?} {variables:?}: {message}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let config = parse("[database]\nurl = \"postgresql://app:verysecret@db/shanyraq\"\n", &[]).unwrap();
        let shown = config.shown();
        assert!(!shown.contains("verysecret"), "{shown}");
        assert!(shown.contains("app:***@db"), "{shown}");
    }

    #[test]
    fn the_shown_configuration_can_be_read_again() {
        let config = Config::default();
        assert_eq!(parse(&config.shown(), &[]).unwrap().shown(), config.shown());
    }

    #[test]
    fn every_key_is_documented_and_every_documented_key_exists() {
        let document = Config::document();
        let read_back: Config = toml::from_str(&document).unwrap();
        assert_eq!(read_back.shown(), Config::default().shown());
        assert!(!document.contains("# \n"), "a key without description");
        assert_each_key_documented(&document);
    }

    /// Each key of the effective configuration has its line in the document (optional ones are commented out there).
    fn assert_each_key_documented(document: &str) {
        for line in Config::default().shown().lines().filter(|line| !line.is_empty()) {
            assert!(document.lines().any(|documented| documented == line), "{line} is not documented");
        }
    }
}
