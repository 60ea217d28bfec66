//! What is too large to be sealed anew at each rotation: it gets a key of its own, once, and the realm's key seals only that one.
//! Without the sealed key the rest is noise. A backup that holds both opens until it expires, or until the master key it was made under is gone.

use ring::{
    aead::{AES_256_GCM, LessSafeKey, UnboundKey},
    rand::{SecureRandom, SystemRandom},
};

use super::{DATA_KEY, open, seal};
use crate::{Error, Result};

/// What everything enclosed is bound to; whose it is, is told by where its key is sealed.
const BOUND_TO: &[u8] = b"shanyraq enclosure";

/// Something enclosed, and the key that opens it: to be sealed by [`super::Keys::seal`] and stored nowhere else.
pub struct Enclosure {
    /// The key.
    pub key: Vec<u8>,
    /// The rest.
    pub body: Vec<u8>,
}

impl Enclosure {
    /// Encloses bytes with a key that nothing else has.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn of(plain: &[u8]) -> Result<Self> {
        let mut key = vec![0_u8; DATA_KEY];
        SystemRandom::new().fill(&mut key).map_err(|_| Error::broken("no randomness"))?;
        let body = seal(&cipher(&key)?, BOUND_TO, plain)?;
        Ok(Self { key, body })
    }

    /// What is in it.
    ///
    /// # Errors
    /// When the key is another's, or a bit was changed.
    pub fn opened(&self) -> Result<Vec<u8>> {
        open(&cipher(&self.key)?, BOUND_TO, &self.body)
    }
}

fn cipher(key: &[u8]) -> Result<LessSafeKey> {
    Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).map_err(|_| Error::broken("the key of an enclosure has another length"))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_enclosure_opens_with_its_own_key_only_and_unchanged() {
        let (one, other) = (Enclosure::of(b"a doctor's paper").unwrap(), Enclosure::of(b"a doctor's paper").unwrap());
        assert_eq!(one.opened().unwrap(), b"a doctor's paper");
        assert!(one.key != other.key && one.body != other.body);
        assert!(!one.body.windows(6).any(|part| part == b"doctor"));
        assert!(Enclosure { key: other.key, body: one.body.clone() }.opened().is_err());
        let mut changed = one.body.clone();
        changed[20] ^= 1;
        assert!(Enclosure { key: one.key, body: changed }.opened().is_err());
    }
}
