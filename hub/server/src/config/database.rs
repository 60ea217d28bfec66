//! PostgreSQL.

use super::{ConfigError, Secret, read_secret, section::section};
use std::path::PathBuf;

section! {
    /// PostgreSQL.
    pub struct Database {
        /// How the application connects: a login that owns nothing. `postgresql://login@host:port/database`, or
        /// `postgresql://login@/database?host=/folder` for a Unix socket.
        url: String = "postgresql://shanyraq_app@127.0.0.1:5432/shanyraq".into(),
        /// File with the password of that login, unless it is in the URL.
        password_file: Option<PathBuf> = None,
        /// How `shanyraq migrate` connects: the login that owns all tables. Unset: as `url`.
        owner_url: Option<String> = None,
        /// File with the password of the owner's login, unless it is in the URL.
        owner_password_file: Option<PathBuf> = None,
        /// Connections for pages and API.
        web_connections: usize = 16,
        /// Connections for the events of devices.
        engine_connections: usize = 6,
        /// Connections for work in the background, delivery included.
        jobs_connections: usize = 6,
    }
}

impl Database {
    /// The application's URL with its password.
    pub fn app_url(&self) -> Result<Secret, ConfigError> {
        with_password(&self.url, "database.password_file", self.password_file.as_ref())
    }

    /// The owner's URL with its password.
    pub fn owner_url(&self) -> Result<Secret, ConfigError> {
        match &self.owner_url {
            Some(url) => with_password(url, "database.owner_password_file", self.owner_password_file.as_ref()),
            None => self.app_url(),
        }
    }

    /// The application's login.
    pub fn app_login(&self) -> Result<String, ConfigError> {
        let config = parse("database.url", &self.url)?;
        config.get_user().map(str::to_owned).ok_or_else(|| invalid("database.url", "it names no login".to_owned()))
    }

    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        self.app_login()?;
        if let Some(url) = &self.owner_url {
            parse("database.owner_url", url)?;
        }
        let pools = [self.web_connections, self.engine_connections, self.jobs_connections];
        if pools.contains(&0) {
            return Err(invalid("database.…_connections", "each pool needs at least one connection".to_owned()));
        }
        Ok(())
    }

    pub(super) fn with_hidden_passwords(mut self) -> Self {
        self.url = hide_password(&self.url);
        self.owner_url = self.owner_url.as_deref().map(hide_password);
        self
    }
}

fn invalid(key: &'static str, problem: String) -> ConfigError {
    ConfigError::Invalid { key, problem }
}

fn parse(key: &'static str, url: &str) -> Result<tokio_postgres::Config, ConfigError> {
    // The driver's message does not repeat the URL, so it cannot show a password.
    url.parse().map_err(|error: tokio_postgres::Error| invalid(key, format!("{error}; expected postgresql://login@host:port/database")))
}

/// Puts the password of the file into the URL, encoded.
fn with_password(url: &str, key: &'static str, file: Option<&PathBuf>) -> Result<Secret, ConfigError> {
    let Some(file) = file else { return Ok(Secret::new(url)) };
    let password: String = read_secret(key, file)?.reveal().bytes().map(encode_byte).collect();
    let (head, tail) = url.split_once('@').ok_or_else(|| invalid(key, "the URL names no login (login@host)".to_owned()))?;
    Ok(Secret::new(format!("{head}:{password}@{tail}")))
}

fn encode_byte(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
}

/// `postgresql://login:password@…` → `postgresql://login:***@…`; also `?password=…` and `password=…`.
fn hide_password(url: &str) -> String {
    let in_authority = match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, rest)), Some((_, tail))) => match rest.rsplit_once('@') {
            Some((authority, _)) => match authority.split_once(':') {
                Some((login, _)) => format!("{scheme}://{login}:***@{tail}"),
                None => url.to_owned(),
            },
            None => url.to_owned(),
        },
        _ => url.to_owned(),
    };
    let Some((head, tail)) = in_authority.split_once("password=") else { return in_authority };
    let rest = tail.find(['&', ' ']).and_then(|end| tail.get(end..)).unwrap_or("");
    format!("{head}password=***{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_hidden_wherever_they_stand() {
        let cases = [
            ("postgresql://app:se:cret@db:5432/x", "postgresql://app:***@db:5432/x"),
            ("postgresql://app:se@cret@db/x", "postgresql://app:***@db/x"),
            ("postgresql://app@/x?host=/run/pg&password=secret&port=1", "postgresql://app@/x?host=/run/pg&password=***&port=1"),
            ("host=/run password=secret user=app", "host=/run password=*** user=app"),
            ("postgresql://app@db/x", "postgresql://app@db/x"),
        ];
        for (url, expected) in cases {
            assert_eq!(hide_password(url), expected);
        }
    }

    #[test]
    fn a_password_from_a_file_reaches_the_driver_unchanged() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        std::fs::write(&file, "a@b:c/d?қ%\n").unwrap();
        let database = Database { url: "postgresql://app@/x?host=/run/pg".into(), password_file: Some(file), ..Database::default() };
        let config: tokio_postgres::Config = database.app_url().unwrap().reveal().parse().unwrap();
        assert_eq!(config.get_password(), Some("a@b:c/d?қ%".as_bytes()));
        assert_eq!(config.get_user(), Some("app"));
    }
}
