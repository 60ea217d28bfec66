//! The made-up service account that the client signs its assertions with.
//!
//! Its key is the test-only key kept beside this file, so that start-up is quick
//! and the same everywhere; another PKCS#8 key can be given instead.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::{fs, io};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::rsa::KeyPair;
use ring::signature::{self, KeyPair as _, UnparsedPublicKey};
use serde::Serialize;
use thiserror::Error;

const TEST_ONLY_KEY: &str = include_str!("test_only_key.pem");
const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

/// A key that cannot be used, or a file that cannot be read or written.
#[derive(Debug, Error)]
pub enum AccountError {
    /// Not a PKCS#8 PEM file.
    #[error("the private key is not PEM with a PRIVATE KEY block (PKCS#8)")]
    Pem,
    /// PEM, but no RSA key of 2048 bits or more inside.
    #[error("the private key is not an RSA key that can be used: {0}")]
    Key(ring::error::KeyRejected),
    /// A file could not be read or written.
    #[error("{path}: {cause}")]
    File {
        /// The file.
        path: String,
        /// What the system said.
        cause: io::Error,
    },
}

/// A service account as both sides know it: the client gets the file, the
/// simulator keeps the public key.
#[derive(Debug)]
pub struct ServiceAccount {
    file: File,
    public_key: Vec<u8>,
}

/// The JSON file, with the fields that Google's has.
#[derive(Debug, Serialize)]
struct File {
    #[serde(rename = "type")]
    kind: &'static str,
    project_id: String,
    private_key_id: String,
    private_key: String,
    client_email: String,
    client_id: &'static str,
    auth_uri: String,
    token_uri: String,
    universe_domain: &'static str,
}

impl ServiceAccount {
    /// An account of `project` at the simulator that answers at `base`.
    ///
    /// # Errors
    /// [`AccountError`] when `key_file` is given and cannot be read or used.
    pub fn new(project: &str, base: &str, key_file: Option<&Path>) -> Result<Self, AccountError> {
        let (pem, key_id) = match key_file {
            Some(path) => (
                fs::read_to_string(path).map_err(|cause| file_error(path, cause))?,
                "given",
            ),
            None => (TEST_ONLY_KEY.to_owned(), "test-only"),
        };
        let block = pem_block(&pem)?;
        let key = KeyPair::from_pkcs8(&pem_bytes(block)?).map_err(AccountError::Key)?;
        let file = File {
            kind: "service_account",
            project_id: project.to_owned(),
            private_key_id: key_id.to_owned(),
            private_key: format!("{block}\n"),
            client_email: format!("fcm-simulator@{project}.iam.gserviceaccount.com"),
            client_id: "100000000000000000000",
            auth_uri: format!("{base}/auth"),
            token_uri: format!("{base}/token"),
            universe_domain: "googleapis.com",
        };
        Ok(Self {
            file,
            public_key: key.public_key().as_ref().to_vec(),
        })
    }

    /// Writes the file the client reads, whole or not at all, readable by its owner only.
    ///
    /// # Errors
    /// [`AccountError::File`].
    pub fn write(&self, path: &Path) -> Result<(), AccountError> {
        let unfinished = path.with_extension("unfinished");
        let written = || -> io::Result<()> {
            let mut out = fs::OpenOptions::new()
                .create(true)
                .truncate(true)
                .write(true)
                .mode(0o600)
                .open(&unfinished)?;
            serde_json::to_writer_pretty(&mut out, &self.file)?;
            out.write_all(b"\n")?;
            fs::rename(&unfinished, path)
        };
        written().map_err(|cause| file_error(path, cause))
    }

    /// The project whose messages this account may send.
    #[must_use]
    pub fn project(&self) -> &str {
        &self.file.project_id
    }

    /// The issuer of its assertions.
    #[must_use]
    pub fn client_email(&self) -> &str {
        &self.file.client_email
    }

    /// The audience of its assertions.
    #[must_use]
    pub fn token_uri(&self) -> &str {
        &self.file.token_uri
    }

    /// The name of its key, as in the header of an assertion.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.file.private_key_id
    }

    /// Whether this account signed `signed` (RS256).
    #[must_use]
    pub fn has_signed(&self, signed: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&signature::RSA_PKCS1_2048_8192_SHA256, &self.public_key)
            .verify(signed, signature)
            .is_ok()
    }
}

fn file_error(path: &Path, cause: io::Error) -> AccountError {
    AccountError::File {
        path: path.display().to_string(),
        cause,
    }
}

/// The block without what stands around it; PEM allows an explanation before it.
fn pem_block(pem: &str) -> Result<&str, AccountError> {
    let from = pem.find(BEGIN).ok_or(AccountError::Pem)?;
    let to = pem.find(END).ok_or(AccountError::Pem)?;
    pem.get(from..to + END.len()).ok_or(AccountError::Pem)
}

fn pem_bytes(block: &str) -> Result<Vec<u8>, AccountError> {
    let inside = block
        .strip_prefix(BEGIN)
        .and_then(|rest| rest.strip_suffix(END))
        .ok_or(AccountError::Pem)?;
    let base64: String = inside.split_whitespace().collect();
    STANDARD.decode(base64).map_err(|_| AccountError::Pem)
}
