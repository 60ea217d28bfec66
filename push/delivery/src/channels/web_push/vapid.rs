//! Who sends: a key of this installation's own (P-256), and the token that it signs for each push service (RFC 8292).
//! A browser that subscribed takes messages of this key only, so a key that is lost costs every subscription.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Mutex, PoisonError},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use reqwest::header::HeaderValue;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde::Serialize;
use thiserror::Error;

use crate::channels::pem;

/// How long a token is good; services take a day at most.
const LIFE: SignedDuration = SignedDuration::from_hours(12);
/// A token is signed anew this long before it ends.
const MARGIN: SignedDuration = SignedDuration::from_hours(1);
/// Services remembered; there are a handful in the world, and whoever makes up others shall not fill our memory.
const REMEMBERED: usize = 64;

/// A key file that cannot be used.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The file cannot be read.
    #[error("the key of web push {path} cannot be read: {cause}")]
    File {
        /// Which file.
        path: String,
        /// What the system said.
        cause: std::io::Error,
    },
    /// Not a PEM block.
    #[error("the key of web push is not a PKCS#8 PEM block; make one: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256")]
    Pem,
    /// Not a key of the curve.
    #[error("the key of web push is not a usable P-256 key: {0}")]
    Key(ring::error::KeyRejected),
    /// No randomness.
    #[error("no key of web push could be made")]
    Making,
}

/// The key, with the tokens that it signed.
pub struct Vapid {
    key: EcdsaKeyPair,
    contact: String,
    public: String,
    signed: Mutex<HashMap<String, Signed>>,
}

struct Signed {
    header: HeaderValue,
    renew_at: Timestamp,
}

#[derive(Serialize)]
struct Claims<'a> {
    aud: &'a str,
    exp: i64,
    sub: &'a str,
}

/// A new key, as its file holds it.
///
/// # Errors
/// When this machine has no randomness.
pub fn fresh_key() -> Result<String, KeyError> {
    let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).map_err(|_| KeyError::Making)?;
    Ok(pem::write(key.as_ref()))
}

impl Vapid {
    /// Reads the key's file. `contact` is where a push service finds us when we misbehave: `mailto:…` or `https://…`.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn read(path: &Path, contact: &str) -> Result<Self, KeyError> {
        let text = std::fs::read_to_string(path).map_err(|cause| KeyError::File { path: path.display().to_string(), cause })?;
        Self::parse(&text, contact)
    }

    /// The same from its text.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn parse(text: &str, contact: &str) -> Result<Self, KeyError> {
        let pkcs8 = pem::read(text).ok_or(KeyError::Pem)?;
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pkcs8, &SystemRandom::new()).map_err(KeyError::Key)?;
        let public = URL_SAFE_NO_PAD.encode(key.public_key().as_ref());
        Ok(Self { key, contact: contact.to_owned(), public, signed: Mutex::default() })
    }

    /// The public half, by which a browser subscribes: base64url of the point.
    pub fn public(&self) -> &str {
        &self.public
    }

    /// The header `Authorization` for a service (its origin, as `https://host`), signed before or now.
    ///
    /// # Errors
    /// When the key did not sign.
    pub fn authorization(&self, origin: &str, now: Timestamp) -> Result<HeaderValue, KeyError> {
        let mut signed = self.signed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = signed.get(origin).filter(|known| now < known.renew_at) {
            return Ok(known.header.clone());
        }
        if signed.len() >= REMEMBERED {
            signed.clear();
        }
        let header = self.sign(origin, now)?;
        let renew_at = now.saturating_add(LIFE - MARGIN).unwrap_or(Timestamp::MAX);
        signed.insert(origin.to_owned(), Signed { header: header.clone(), renew_at });
        Ok(header)
    }

    fn sign(&self, origin: &str, now: Timestamp) -> Result<HeaderValue, KeyError> {
        let claims = Claims { aud: origin, exp: now.as_second() + LIFE.as_secs(), sub: &self.contact };
        let claims = serde_json::to_vec(&claims).map_err(|_| KeyError::Making)?;
        let text = format!("{}.{}", URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"ES256"}"#), URL_SAFE_NO_PAD.encode(claims));
        let signature = self.key.sign(&SystemRandom::new(), text.as_bytes()).map_err(|_| KeyError::Making)?;
        let header = format!("vapid t={text}.{}, k={}", URL_SAFE_NO_PAD.encode(signature.as_ref()), self.public);
        let mut header = HeaderValue::from_str(&header).map_err(|_| KeyError::Making)?;
        header.set_sensitive(true);
        Ok(header)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_signed_once_for_each_service_and_renewed_before_it_ends() {
        let vapid = Vapid::parse(&fresh_key().unwrap(), "mailto:us@example.kz").unwrap();
        let now = Timestamp::UNIX_EPOCH;
        let first = vapid.authorization("https://a.kz", now).unwrap();
        assert_eq!(vapid.authorization("https://a.kz", now + SignedDuration::from_hours(10)).unwrap(), first);
        assert_ne!(vapid.authorization("https://b.kz", now).unwrap(), first);
        assert_ne!(vapid.authorization("https://a.kz", now + SignedDuration::from_hours(11)).unwrap(), first);
        assert!(first.to_str().unwrap().ends_with(&format!(", k={}", vapid.public())));
    }

    #[test]
    fn made_up_services_do_not_fill_the_memory() {
        let vapid = Vapid::parse(&fresh_key().unwrap(), "mailto:us@example.kz").unwrap();
        for service in 0..200 {
            vapid.authorization(&format!("https://{service}.kz"), Timestamp::UNIX_EPOCH).unwrap();
        }
        assert!(vapid.signed.lock().unwrap().len() <= REMEMBERED);
    }

    #[test]
    fn a_bad_key_is_refused_with_a_sentence_that_does_not_show_it() {
        for (text, sentence) in [("secret", "openssl genpkey"), ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "not a usable P-256 key")] {
            let said = Vapid::parse(text, "").err().map(|error| error.to_string()).unwrap_or_default();
            assert!(said.contains(sentence) && !said.contains("secret"), "{said}");
        }
    }
}
