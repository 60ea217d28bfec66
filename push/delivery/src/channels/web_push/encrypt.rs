//! Sealing a message for one browser: RFC 8291 over RFC 8188, one record, its length rounded up so that it does not tell what is said.

use ring::{
    aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    agreement::{self, ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey},
    hkdf::{HKDF_SHA256, KeyType, Salt},
    rand::{self, SystemRandom},
};
use thiserror::Error;

use super::address::{AUTH, KEY, Subscription};

/// As the header says it; the one record is shorter.
const RECORD_SIZE: u32 = 4096;
/// What ends the text of the last record; zeros may follow.
const LAST: u8 = 2;
/// Texts are as long as the next of these steps.
const STEP: usize = 256;
/// The longest text: a vendor takes 4096 bytes in all.
const LONGEST: usize = 3072;

/// How long a sealed message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// Rounded up, so that it does not tell what is said.
    Rounded,
    /// As short as can be.
    Shortest,
}

/// A message that could not be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EncryptError {
    /// Longer than vendors take.
    #[error("the message is too long")]
    TooLong,
    /// The browser's key is no point of the curve, or this machine has no randomness.
    #[error("the message could not be sealed")]
    Sealing,
}

impl From<ring::error::Unspecified> for EncryptError {
    fn from(_: ring::error::Unspecified) -> Self {
        Self::Sealing
    }
}

/// Seals a text for the browser that subscribed: header and record, as the body of a send.
///
/// # Errors
/// [`EncryptError`].
pub fn encrypt(subscription: &Subscription, text: &[u8], length: Length) -> Result<Vec<u8>, EncryptError> {
    if text.len() > LONGEST {
        return Err(EncryptError::TooLong);
    }
    let random = SystemRandom::new();
    let ours = EphemeralPrivateKey::generate(&ECDH_P256, &random)?;
    let public = ours.compute_public_key()?;
    let public: [u8; KEY] = public.as_ref().try_into().map_err(|_| EncryptError::Sealing)?;
    let salt: [u8; 16] = rand::generate(&random)?.expose();
    let theirs = UnparsedPublicKey::new(&ECDH_P256, subscription.key());
    let shared = agreement::agree_ephemeral(ours, &theirs, <[u8]>::to_vec)?;
    let padding = match length {
        Length::Rounded => (text.len() + 1).next_multiple_of(STEP) - text.len() - 1,
        Length::Shortest => 0,
    };
    Exchange { shared: &shared, theirs: subscription.key(), ours: &public, auth: subscription.auth(), salt }.seal(text, padding)
}

/// What both sides know, and the salt of this message.
struct Exchange<'a> {
    shared: &'a [u8],
    theirs: &'a [u8; KEY],
    ours: &'a [u8; KEY],
    auth: &'a [u8; AUTH],
    salt: [u8; 16],
}

impl Exchange<'_> {
    fn seal(&self, text: &[u8], padding: usize) -> Result<Vec<u8>, EncryptError> {
        let (key, nonce) = self.key_and_nonce()?;
        let mut record = Vec::with_capacity(text.len() + 1 + padding + AES_128_GCM.tag_len());
        record.extend_from_slice(text);
        record.push(LAST);
        record.resize(record.len() + padding, 0);
        LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key)?).seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut record)?;
        let mut body = self.salt.to_vec();
        body.extend_from_slice(&RECORD_SIZE.to_be_bytes());
        // The length of a point, which is one byte.
        body.push(65);
        body.extend_from_slice(self.ours);
        body.append(&mut record);
        Ok(body)
    }

    fn key_and_nonce(&self) -> Result<([u8; 16], [u8; 12]), EncryptError> {
        let info: [&[u8]; 3] = [b"WebPush: info\0", self.theirs, self.ours];
        let input: [u8; 32] = expand(self.auth, self.shared, &info)?;
        let key = expand(&self.salt, &input, &[b"Content-Encoding: aes128gcm\0"])?;
        let nonce = expand(&self.salt, &input, &[b"Content-Encoding: nonce\0"])?;
        Ok((key, nonce))
    }
}

fn expand<const N: usize>(salt: &[u8], input: &[u8], info: &[&[u8]]) -> Result<[u8; N], EncryptError> {
    let mut out = [0; N];
    Salt::new(HKDF_SHA256, salt).extract(input).expand(info, Bytes(N))?.fill(&mut out)?;
    Ok(out)
}

struct Bytes(usize);

impl KeyType for Bytes {
    fn len(&self) -> usize {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    use super::*;
    use crate::channels::web_push::Reach;

    fn bytes<const N: usize>(text: &str) -> [u8; N] {
        URL_SAFE_NO_PAD.decode(text).unwrap().try_into().unwrap()
    }

    #[test]
    fn inv_1_the_standards_example_comes_out_byte_for_byte() {
        // RFC 8291, section 5 and appendix A.
        let exchange = Exchange {
            shared: &bytes::<32>("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs"),
            theirs: &bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
            ours: &bytes("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"),
            auth: &bytes("BTBZMqHH6r4Tts7J_aSIgg"),
            salt: bytes("DGv6ra1nlYgDCS1FRnbzlw"),
        };
        let sealed = exchange.seal(b"When I grow up, I want to be a watermelon", 0).unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.encode(sealed),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn the_length_does_not_tell_what_is_said() {
        let key = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
        let subscription = Subscription::parse("https://web.push.apple.com/Q", key, "BTBZMqHH6r4Tts7J_aSIgg", Reach::Internet).unwrap();
        let length = |text: usize| encrypt(&subscription, &vec![b'x'; text], Length::Rounded).map(|body| body.len());
        assert_eq!(length(0), length(255));
        assert_eq!(length(1).unwrap(), 86 + 256 + 16);
        assert_eq!(length(256).unwrap(), 86 + 512 + 16);
        assert!(length(LONGEST).unwrap() <= 4096);
        assert_eq!(length(LONGEST + 1), Err(EncryptError::TooLong));
        assert_eq!(encrypt(&subscription, b"x", Length::Shortest).unwrap().len(), 86 + 2 + 16);
    }
}
