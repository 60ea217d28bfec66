//! The token of a session: made here, kept by the browser, known to the database by its hash only.

use kernel::{Error, Result};
use ring::{
    digest,
    rand::{SecureRandom, SystemRandom},
};

/// SHA-256 of a token: the key of its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

/// A fresh token: 256 random bits, as 64 hexadecimal digits.
///
/// # Errors
/// When the operating system gives no randomness.
pub fn fresh() -> Result<String> {
    let mut bits = [0_u8; 32];
    SystemRandom::new().fill(&mut bits).map_err(|_| Error::broken("no randomness"))?;
    Ok(bits.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The hash of what a browser sent; nothing for what cannot be a token.
pub fn hash(token: &str) -> Option<TokenHash> {
    let plausible = token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    let digest = digest::digest(&digest::SHA256, token.as_bytes());
    <[u8; 32]>::try_from(digest.as_ref()).ok().filter(|_| plausible).map(TokenHash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inv_1_a_token_has_256_random_bits_and_only_its_hash_is_kept() {
        let (one, other) = (fresh().unwrap(), fresh().unwrap());
        assert!(one != other && one.len() == 64);
        assert_ne!(hash(&one), hash(&other));
        assert_eq!(hash(&one), hash(&one));
    }

    #[test]
    fn what_is_no_token_has_no_hash() {
        for text in ["", "abc", &"g".repeat(64), &"a".repeat(65)] {
            assert_eq!(hash(text), None);
        }
    }
}
