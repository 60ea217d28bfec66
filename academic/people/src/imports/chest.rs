//! What a list says, sealed: names and numbers of children that nobody has looked at yet do not stand in the database in the clear.

use identity::{Policy, Sealer};
use kernel::{Error, Result, id::Uuid};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::rules::{Plan, Problem, RowIn};

/// Seals and opens the lines and rows of one import.
#[derive(Debug, Clone)]
pub struct Chest {
    sealer: Sealer,
    import: Uuid,
}

/// A row with what was found out about it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// What the file said, or what was mended.
    pub row: RowIn,
    /// What is wrong, or should be looked at.
    pub problems: Vec<Problem>,
    /// What it writes.
    pub plan: Option<Plan>,
}

impl Chest {
    /// The chest of an import.
    pub fn of(sealer: &Sealer, import: Uuid) -> Self {
        Self { sealer: sealer.clone(), import }
    }

    /// The installation's own, for an import.
    ///
    /// # Errors
    /// `people.no_iin_key` where the installation has no key.
    pub fn by(policy: &Policy, import: Uuid) -> Result<Self> {
        Ok(Self::of(policy.sealer.as_ref().ok_or(Error::Refused("people.no_iin_key"))?, import))
    }

    /// Seals something.
    pub fn seal(&self, what: &impl Serialize) -> Result<Vec<u8>> {
        let plain = serde_json::to_vec(what).map_err(|_| Error::broken("a row cannot be written down"))?;
        self.sealer.seal_list(self.import, &plain)
    }

    /// Seals bytes as they are.
    pub fn seal_bytes(&self, bytes: &[u8]) -> Result<Vec<u8>> {
        self.sealer.seal_list(self.import, bytes)
    }

    /// Opens them.
    pub fn open_bytes(&self, sealed: &[u8]) -> Result<Vec<u8>> {
        self.sealer.open_list(self.import, sealed)
    }

    /// Opens it.
    pub fn open<T: DeserializeOwned>(&self, sealed: &[u8]) -> Result<T> {
        let plain = self.sealer.open_list(self.import, sealed)?;
        serde_json::from_slice(&plain).map_err(|_| Error::broken("a row of an import cannot be read"))
    }
}
