//! The push simulator's log as facts: which sends it accepted, and for whom.

use std::{
    io::{BufRead, BufReader},
    path::Path,
};

use serde::Deserialize;
use uuid::Uuid;

/// A send that the provider accepted: the phone has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The notice, where its name could be read.
    pub notice: Option<Uuid>,
    /// The phone's token.
    pub token: String,
    /// When, in milliseconds since the epoch.
    pub at_ms: i64,
}

/// All sends.
#[derive(Debug, Default)]
pub struct Provider {
    /// Those accepted.
    pub accepted: Vec<Accepted>,
    /// All others.
    pub declined: usize,
}

#[derive(Debug, Deserialize)]
struct Line {
    kind: String,
    #[serde(default)]
    at: i64,
    #[serde(default)]
    outcome: String,
    notice: Option<String>,
    token: Option<String>,
}

/// Why a log cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// The file cannot be read.
    #[error("cannot read {0}: {1}")]
    Io(String, std::io::Error),
    /// A line is none of ours.
    #[error("{0}, line {1}: {2}")]
    Line(String, usize, serde_json::Error),
}

impl Provider {
    /// Adds a log file.
    pub fn load(&mut self, path: &Path) -> Result<(), Unusable> {
        let name = path.display().to_string();
        let file = std::fs::File::open(path).map_err(|error| Unusable::Io(name.clone(), error))?;
        for (number, line) in BufReader::new(file).lines().enumerate() {
            let line = line.map_err(|error| Unusable::Io(name.clone(), error))?;
            self.add(&line).map_err(|error| Unusable::Line(name.clone(), number + 1, error))?;
        }
        Ok(())
    }

    /// Adds one line.
    pub fn add(&mut self, line: &str) -> Result<(), serde_json::Error> {
        let line: Line = serde_json::from_str(line)?;
        match (line.kind.as_str(), line.outcome.as_str()) {
            ("send", "accepted") => self.accepted.push(Accepted {
                notice: line.notice.as_deref().and_then(id),
                token: line.token.unwrap_or_default(),
                at_ms: line.at,
            }),
            ("send", _) => self.declined += 1,
            _ => {}
        }
        Ok(())
    }
}

/// An id as UUID, or as the 26 letters of Crockford's base32 that the hub shows.
fn id(text: &str) -> Option<Uuid> {
    if let Ok(id) = Uuid::try_parse(text) {
        return Some(id);
    }
    const LETTERS: &[u8] = b"0123456789abcdefghjkmnpqrstvwxyz";
    if text.len() != 26 {
        return None;
    }
    let mut bits = 0_u128;
    for byte in text.bytes() {
        let digit = LETTERS.iter().position(|letter| *letter == byte.to_ascii_lowercase())?;
        bits = (bits << 5) | u128::try_from(digit).ok()?;
    }
    Some(Uuid::from_u128(bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_in_both_forms() {
        let bits = Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0021);
        assert_eq!(id(&bits.to_string()), Some(bits));
        assert_eq!(id("00000000000000000000000011"), Some(Uuid::from_u128(33)));
        assert_eq!(id("nothing"), None);
    }
}
