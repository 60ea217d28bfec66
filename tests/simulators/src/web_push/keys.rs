//! A browser's side of a subscription: its private key and secret, and opening a message with them (RFC 8291 over RFC 8188).
//! Written from the standards and shared with no sender.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::elliptic_curve::point::AffineCoordinates;
use p256::{PublicKey, SecretKey};
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use thiserror::Error;

/// Why a message could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OpenError {
    /// Shorter than its own header.
    #[error("the message has no whole header")]
    Header,
    /// Its key is no point of the curve.
    #[error("the message's key is no point of the curve")]
    Key,
    /// It is sealed for another, or was changed on the way.
    #[error("the message does not open with the subscription's keys")]
    Sealed,
    /// No end of the text.
    #[error("the record has no end")]
    Delimiter,
    /// No randomness, or a key that is none.
    #[error("no key could be made")]
    Making,
}

/// A browser's keys.
#[derive(Debug, Clone)]
pub struct Browser {
    secret: SecretKey,
    public: Vec<u8>,
    auth: [u8; 16],
}

impl Browser {
    /// New keys.
    ///
    /// # Errors
    /// [`OpenError::Making`].
    pub fn generate() -> Result<Self, OpenError> {
        let (mut secret, mut auth) = ([0; 32], [0; 16]);
        let random = SystemRandom::new();
        random.fill(&mut secret).map_err(|_| OpenError::Making)?;
        random.fill(&mut auth).map_err(|_| OpenError::Making)?;
        Self::of(&secret, auth)
    }

    /// Keys that are known.
    ///
    /// # Errors
    /// [`OpenError::Making`] when the number is no key.
    pub fn of(secret: &[u8; 32], auth: [u8; 16]) -> Result<Self, OpenError> {
        let secret = SecretKey::from_slice(secret).map_err(|_| OpenError::Making)?;
        let public = secret.public_key().to_sec1_bytes().into_vec();
        Ok(Self { secret, public, auth })
    }

    /// `p256dh`, as a browser tells it.
    #[must_use]
    pub fn key(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.public)
    }

    /// `auth`, as a browser tells it.
    #[must_use]
    pub fn auth(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.auth)
    }

    /// Opens a message.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(&self, body: &[u8]) -> Result<Vec<u8>, OpenError> {
        let (salt, rest) = body.split_at_checked(16).ok_or(OpenError::Header)?;
        let (_record_size, rest) = rest.split_at_checked(4).ok_or(OpenError::Header)?;
        let (length, rest) = rest.split_first().ok_or(OpenError::Header)?;
        let (theirs, record) = rest.split_at_checked(usize::from(*length)).ok_or(OpenError::Header)?;
        let shared = self.shared(theirs)?;
        let input = hkdf(&self.auth, &shared, &[b"WebPush: info\0", self.public.as_slice(), theirs].concat());
        let key = hkdf(salt, &input, b"Content-Encoding: aes128gcm\0");
        let nonce = hkdf(salt, &input, b"Content-Encoding: nonce\0");
        let key = UnboundKey::new(&AES_128_GCM, key.get(..16).ok_or(OpenError::Making)?).map_err(|_| OpenError::Making)?;
        let nonce = nonce.get(..12).and_then(|nonce| Nonce::try_assume_unique_for_key(nonce).ok()).ok_or(OpenError::Making)?;
        let mut record = record.to_vec();
        let text = LessSafeKey::new(key).open_in_place(nonce, Aad::empty(), &mut record).map_err(|_| OpenError::Sealed)?;
        let end = text.iter().rposition(|byte| *byte != 0).filter(|end| text.get(*end) == Some(&2)).ok_or(OpenError::Delimiter)?;
        Ok(text.get(..end).unwrap_or_default().to_vec())
    }

    fn shared(&self, theirs: &[u8]) -> Result<Vec<u8>, OpenError> {
        let theirs = PublicKey::from_sec1_bytes(theirs).map_err(|_| OpenError::Key)?;
        let point = theirs.to_projective() * *self.secret.to_nonzero_scalar();
        Ok(point.to_affine().x().to_vec())
    }
}

/// HKDF with SHA-256 (RFC 5869), the first block of it: 32 bytes, of which the caller takes what it needs.
fn hkdf(salt: &[u8], input: &[u8], info: &[u8]) -> Vec<u8> {
    let extracted = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, salt), input);
    let key = hmac::Key::new(hmac::HMAC_SHA256, extracted.as_ref());
    hmac::sign(&key, &[info, &[1]].concat()).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes<const N: usize>(text: &str) -> [u8; N] {
        URL_SAFE_NO_PAD.decode(text).unwrap().try_into().unwrap()
    }

    #[test]
    fn inv_1_the_standards_example_opens_and_nothing_else_does() {
        // RFC 8291, section 5 and appendix A.
        let browser = Browser::of(&bytes("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), bytes("BTBZMqHH6r4Tts7J_aSIgg")).unwrap();
        assert_eq!(browser.key(), "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
        let message = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
        let message = URL_SAFE_NO_PAD.decode(message).unwrap();
        assert_eq!(browser.open(&message).unwrap(), b"When I grow up, I want to be a watermelon");
        for place in [0, 15, 21, 60, 86, message.len() - 1] {
            let mut changed = message.clone();
            changed[place] ^= 1;
            assert!(browser.open(&changed).is_err(), "byte {place}");
        }
        assert_eq!(Browser::generate().unwrap().open(&message), Err(OpenError::Sealed));
        for short in 0..86 {
            assert!(browser.open(&message[..short]).is_err());
        }
    }
}
