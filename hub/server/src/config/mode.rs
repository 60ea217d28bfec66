//! The mode: a hard switch, seen on every page.

use serde::{Deserialize, Serialize};

/// What this installation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Real schools and people.
    #[default]
    Live,
    /// Synthetic people only, said on every page.
    Demo,
    /// No traffic outward.
    Test,
}
