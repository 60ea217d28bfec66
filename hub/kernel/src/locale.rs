//! The languages of the product.

use serde::{Deserialize, Serialize};

/// A language a person reads. Kazakh is the default everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Locale {
    /// Kazakh.
    #[default]
    Kk,
    /// Russian.
    Ru,
    /// English.
    En,
}

impl Locale {
    /// All languages, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Kk, Self::Ru, Self::En];

    /// As in SQL, HTML and cookies.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kk => "kk",
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    /// Reads a language tag, `kk`, `ru-RU`; nothing for languages we do not speak.
    pub fn parse(tag: &str) -> Option<Self> {
        let language = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        Self::ALL.into_iter().find(|locale| locale.as_str() == language)
    }

    /// The stored language, which a CHECK keeps to ours.
    pub fn stored(tag: &str) -> Self {
        Self::parse(tag).unwrap_or_default()
    }
}
