//! What the program says about itself.

use super::section::section;
use serde::{Deserialize, Serialize};

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For eyes.
    #[default]
    Text,
    /// For programs: a JSON object a line.
    Json,
}

section! {
    /// What the program says about itself.
    pub struct Log {
        /// `text` for eyes, `json` for programs.
        format: LogFormat = LogFormat::Text,
        /// What is said: a level, or levels by module, such as `info,engine=debug`.
        filter: String = "info".into(),
    }
}
