//! Providers that reach a guardian's phone.

use super::{ConfigError, section::section};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Providers that reach a guardian's phone.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Push {
    /// Firebase Cloud Messaging.
    pub fcm: Fcm,
}

section! {
    /// Firebase Cloud Messaging, HTTP v1.
    pub struct Fcm {
        /// Whether notices go to phones. Without it they are seen in the pages only.
        enabled: bool = false,
        /// The service account's JSON file, from the Firebase console.
        service_account_file: Option<PathBuf> = None,
        /// The service; another address is for a simulator.
        base_url: String = "https://fcm.googleapis.com".into(),
        /// Requests under way at once.
        concurrency: usize = 700,
    }
}

impl Fcm {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        if self.enabled && self.service_account_file.is_none() {
            let problem = "is needed when push.fcm.enabled is true: download it from the Firebase console (project settings, service accounts)".to_owned();
            return Err(ConfigError::Invalid { key: "push.fcm.service_account_file", problem });
        }
        if self.concurrency == 0 {
            return Err(ConfigError::Invalid { key: "push.fcm.concurrency", problem: "must be at least 1".to_owned() });
        }
        Ok(())
    }
}
