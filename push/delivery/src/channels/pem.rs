//! A private key in a PEM block (PKCS#8), as consoles and `openssl genpkey` give it.

use base64::{Engine, engine::general_purpose::STANDARD};

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

/// The bytes of the first block; nothing where there is none.
pub fn read(pem: &str) -> Option<Vec<u8>> {
    let (_, rest) = pem.split_once(BEGIN)?;
    let (block, _) = rest.split_once(END)?;
    let block: String = block.split_whitespace().collect();
    STANDARD.decode(block).ok()
}

/// A block with these bytes.
pub fn write(pkcs8: &[u8]) -> String {
    format!("{BEGIN}\n{}\n{END}\n", STANDARD.encode(pkcs8))
}
