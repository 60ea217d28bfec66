//! Makes and signs a list: for whoever hands lists out, and for tests.

use std::collections::BTreeMap;

use protocol::topic::Code;
use ring::{
    rand::{SecureRandom, SystemRandom},
    signature::{Ed25519KeyPair, KeyPair},
};

use super::file::{Hours, MAGIC, Standing, digest_of};

/// Why no list can be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// The key's file holds no key.
    #[error("not an Ed25519 key in PKCS #8")]
    Key,
    /// Too much of something.
    #[error("too many {0}")]
    TooMany(&'static str),
    /// A card of a schedule that is not there.
    #[error("card {0} names a schedule that is not there")]
    NoSchedule(String),
    /// No salt can be made.
    #[error("the system has no randomness")]
    Randomness,
}

/// What a list is to say.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Whose.
    pub school: Code,
    /// Greater than any before.
    pub version: u64,
    /// When it is made, in seconds since 1970.
    pub issued_s: i64,
    /// Until when.
    pub expires_s: i64,
    /// The school's time, in minutes from UTC.
    pub utc_offset_minutes: i16,
    /// Hours that cards can be held to.
    pub schedules: Vec<Vec<Hours>>,
    /// Cards as `protocol::up::card` writes them.
    pub cards: BTreeMap<String, Standing>,
}

impl Draft {
    /// The signed file.
    pub fn sign(&self, key: &Signer) -> Result<Vec<u8>, ComposeError> {
        let mut salt = [0; 16];
        SystemRandom::new().fill(&mut salt).map_err(|_| ComposeError::Randomness)?;
        let mut bytes = MAGIC.to_vec();
        let school = self.school.as_str().as_bytes();
        bytes.push(u8::try_from(school.len()).map_err(|_| ComposeError::TooMany("letters of the school's code"))?);
        bytes.extend(school);
        bytes.extend(self.version.to_le_bytes());
        bytes.extend(self.issued_s.to_le_bytes());
        bytes.extend(self.expires_s.to_le_bytes());
        bytes.extend(self.utc_offset_minutes.to_le_bytes());
        bytes.extend(salt);
        self.add_schedules(&mut bytes)?;
        self.add_cards(&salt, &mut bytes)?;
        bytes.extend(key.0.sign(&bytes).as_ref());
        Ok(bytes)
    }

    fn add_schedules(&self, bytes: &mut Vec<u8>) -> Result<(), ComposeError> {
        // Standings are a byte, and two of its values are taken.
        let count = u8::try_from(self.schedules.len()).ok().filter(|count| *count < 250);
        bytes.push(count.ok_or(ComposeError::TooMany("schedules"))?);
        for schedule in &self.schedules {
            bytes.push(u8::try_from(schedule.len()).map_err(|_| ComposeError::TooMany("hours of a schedule"))?);
            for hours in schedule {
                bytes.extend([hours.days, hours.directions]);
                bytes.extend(hours.from.to_le_bytes());
                bytes.extend(hours.to.to_le_bytes());
            }
        }
        Ok(())
    }

    fn add_cards(&self, salt: &[u8; 16], bytes: &mut Vec<u8>) -> Result<(), ComposeError> {
        let mut entries = BTreeMap::new();
        for (card, standing) in &self.cards {
            if let Standing::Hours(schedule) = standing
                && usize::from(*schedule) >= self.schedules.len()
            {
                return Err(ComposeError::NoSchedule(card.clone()));
            }
            entries.insert(digest_of(salt, card), standing.byte());
        }
        bytes.extend(u32::try_from(entries.len()).map_err(|_| ComposeError::TooMany("cards"))?.to_le_bytes());
        for (digest, standing) in entries {
            bytes.extend(digest);
            bytes.push(standing);
        }
        Ok(())
    }
}

/// A key that signs lists. Never on a terminal.
pub struct Signer(Ed25519KeyPair);

impl Signer {
    /// A new key, as the file to keep it in.
    pub fn generate() -> Result<Vec<u8>, ComposeError> {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| ComposeError::Randomness)?;
        Ok(document.as_ref().to_vec())
    }

    /// Reads that file.
    pub fn read(pkcs8: &[u8]) -> Result<Self, ComposeError> {
        Ed25519KeyPair::from_pkcs8(pkcs8).map(Self).map_err(|_| ComposeError::Key)
    }

    /// What terminals are given.
    pub fn public_key(&self) -> Vec<u8> {
        self.0.public_key().as_ref().to_vec()
    }
}

#[cfg(test)]
impl Signer {
    /// Signs whatever it is.
    pub(crate) fn countersign(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        bytes.extend(self.0.sign(&bytes).as_ref());
        bytes
    }
}
