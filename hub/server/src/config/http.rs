//! Pages and API.

use super::{ConfigError, section::section};
use std::net::SocketAddr;

section! {
    /// Pages and API.
    pub struct Http {
        /// Address and port to listen on.
        listen: String = "127.0.0.1:8080".into(),
        /// How people reach the pages, without a slash at the end, such as `https://shanyraq.example.kz`.
        /// Unset: `http://` and the address listened on.
        public_url: Option<String> = None,
        /// Worker threads.
        workers: usize = 2,
    }
}

impl Http {
    /// Where to listen.
    pub fn address(&self) -> Result<SocketAddr, ConfigError> {
        let problem = || format!("{:?} is not an address and port such as 127.0.0.1:8080", self.listen);
        self.listen.parse().map_err(|_unparsed| ConfigError::Invalid { key: "http.listen", problem: problem() })
    }

    /// How people reach the pages.
    pub fn public_url(&self) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://{}", self.listen))
    }

    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        self.address()?;
        let Some(url) = &self.public_url else { return Ok(()) };
        if (url.starts_with("http://") || url.starts_with("https://")) && !url.ends_with('/') {
            return Ok(());
        }
        Err(ConfigError::Invalid { key: "http.public_url", problem: format!("{url:?} must begin with http:// or https:// and not end with a slash") })
    }
}
