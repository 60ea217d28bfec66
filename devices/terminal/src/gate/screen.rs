//! What the screen of a gate shows, in one of three languages.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::list::Refusal;

const TEXTS: &str = include_str!("screen.toml");

/// A language of the screen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Kazakh.
    #[default]
    Kk,
    /// Russian.
    Ru,
    /// English.
    En,
}

/// The texts of one language.
#[derive(Debug, Clone, Default)]
pub struct Texts(BTreeMap<String, String>);

impl Texts {
    /// The texts of that language.
    pub fn of(language: Language) -> Self {
        let code = match language {
            Language::Kk => "kk",
            Language::Ru => "ru",
            Language::En => "en",
        };
        let mut all: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(TEXTS).unwrap_or_default();
        Self(all.remove(code).unwrap_or_default())
    }

    /// What is shown to who may pass.
    pub fn open(&self) -> &str {
        self.text("open")
    }

    /// What is shown to who may not.
    pub fn refusal(&self, refusal: Refusal) -> &str {
        self.text(refusal.code())
    }

    fn text(&self, key: &str) -> &str {
        self.0.get(key).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verdict_is_said_in_every_language() {
        for language in [Language::Kk, Language::Ru, Language::En] {
            let texts = Texts::of(language);
            assert_eq!(texts.0.len(), Refusal::ALL.len() + 1);
            assert!(!texts.open().is_empty());
            assert!(Refusal::ALL.iter().all(|refusal| !texts.refusal(*refusal).is_empty()));
        }
    }
}
