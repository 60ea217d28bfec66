//! The service account: who we are to Google, and the assertion that proves it (RFC 7523, RS256).

use std::path::Path;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use ring::{rand::SystemRandom, signature};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::channels::pem;

const SCOPE: &str = "https://www.googleapis.com/auth/firebase.messaging";
/// How long an assertion is good for: the longest that Google takes.
const ASSERTION_SECONDS: i64 = 3600;

/// A service account file that cannot be used.
#[derive(Debug, Error)]
pub enum AccountError {
    /// The file cannot be read.
    #[error("the service account file {path} cannot be read: {cause}")]
    File {
        /// Which file.
        path: String,
        /// What the system said.
        cause: std::io::Error,
    },
    /// Not the JSON that Google gives.
    #[error("the service account is not the JSON file that Firebase gives: {0}")]
    Json(#[from] serde_json::Error),
    /// Not a PEM block.
    #[error("private_key of the service account is not a PKCS#8 PEM block")]
    Pem,
    /// Not a usable RSA key.
    #[error("private_key of the service account is not a usable RSA key: {0}")]
    Key(ring::error::KeyRejected),
}

/// A service account with its key read.
pub struct ServiceAccount {
    /// The Firebase project.
    pub project: String,
    /// Where assertions are exchanged.
    pub token_uri: String,
    key_id: String,
    email: String,
    key: signature::RsaKeyPair,
}

#[derive(Deserialize)]
struct File {
    project_id: String,
    private_key_id: String,
    private_key: String,
    client_email: String,
    token_uri: String,
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    typ: &'static str,
    kid: &'a str,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    scope: &'static str,
    aud: &'a str,
    iat: i64,
    exp: i64,
}

impl ServiceAccount {
    /// Reads the JSON file that the Firebase console gives.
    pub fn read(path: &Path) -> Result<Self, AccountError> {
        let json = std::fs::read_to_string(path).map_err(|cause| AccountError::File { path: path.display().to_string(), cause })?;
        Self::parse(&json)
    }

    /// The same from its text.
    pub fn parse(json: &str) -> Result<Self, AccountError> {
        let file: File = serde_json::from_str(json)?;
        let key = signature::RsaKeyPair::from_pkcs8(&pem::read(&file.private_key).ok_or(AccountError::Pem)?).map_err(AccountError::Key)?;
        Ok(Self { project: file.project_id, token_uri: file.token_uri, key_id: file.private_key_id, email: file.client_email, key })
    }

    /// A signed assertion, good for an hour from `now`.
    pub fn assertion(&self, now: Timestamp) -> Result<String, AssertionError> {
        let header = Header { alg: "RS256", typ: "JWT", kid: &self.key_id };
        let iat = now.as_second();
        let claims = Claims { iss: &self.email, scope: SCOPE, aud: &self.token_uri, iat, exp: iat + ASSERTION_SECONDS };
        let mut jwt = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&header)?);
        jwt.push('.');
        jwt.push_str(&URL_SAFE_NO_PAD.encode(serde_json::to_vec(&claims)?));
        let mut signed = vec![0; self.key.public().modulus_len()];
        self.key.sign(&signature::RSA_PKCS1_SHA256, &SystemRandom::new(), jwt.as_bytes(), &mut signed).map_err(|_| AssertionError::Signing)?;
        jwt.push('.');
        jwt.push_str(&URL_SAFE_NO_PAD.encode(signed));
        Ok(jwt)
    }
}

/// Why no assertion could be made.
#[derive(Debug, Error)]
pub enum AssertionError {
    /// The claims could not be written.
    #[error("the assertion could not be written: {0}")]
    Json(#[from] serde_json::Error),
    /// The key did not sign.
    #[error("the service account's key did not sign")]
    Signing,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_file_is_refused_with_a_sentence() {
        let cases = [
            ("{}", "not the JSON file"),
            (r#"{"project_id":"p","private_key_id":"k","private_key":"secret","client_email":"e","token_uri":"t"}"#, "not a PKCS#8 PEM"),
            (
                r#"{"project_id":"p","private_key_id":"k","private_key":"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n","client_email":"e","token_uri":"t"}"#,
                "not a usable RSA key",
            ),
        ];
        for (json, sentence) in cases {
            let said = ServiceAccount::parse(json).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(said.contains(sentence), "{said}");
            assert!(!said.contains("secret"), "{said}");
        }
    }
}
