//! A sender's token (RFC 8292), as a push service checks it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::Value;
use thiserror::Error;

/// A token may be good for a day at most.
const LONGEST_S: u64 = 24 * 3600;

/// Why a sender was not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum VapidError {
    /// No token, or one that cannot be read.
    #[error("there is no readable token")]
    Unreadable,
    /// Another sender than the one that the browser subscribed to.
    #[error("the key is not the one subscribed to")]
    OtherKey,
    /// The signature is not the key's.
    #[error("the signature is not the key's")]
    Signature,
    /// Meant for another service.
    #[error("the token is for another service")]
    Audience,
    /// Over, or good for too long.
    #[error("the token is over, or good for more than a day")]
    Expiry,
    /// Nobody to turn to.
    #[error("the token names no contact")]
    Contact,
}

/// Checks the header `Authorization` of a send to a subscription made for the sender `key`, at the service `origin`.
///
/// # Errors
/// [`VapidError`].
pub fn check(authorization: Option<&str>, key: &str, origin: &str, now_s: u64) -> Result<(), VapidError> {
    let fields = authorization.and_then(|value| value.strip_prefix("vapid ")).ok_or(VapidError::Unreadable)?;
    let field = |name: &str| fields.split(',').find_map(|field| field.trim().strip_prefix(name)?.strip_prefix('=')).ok_or(VapidError::Unreadable);
    let (token, its_key) = (field("t")?, field("k")?);
    if its_key != key {
        return Err(VapidError::OtherKey);
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(VapidError::Unreadable)?;
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| VapidError::Unreadable);
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, decode(its_key)?).verify(signed.as_bytes(), &decode(signature)?).map_err(|_| VapidError::Signature)?;
    let (header, claims) = signed.split_once('.').ok_or(VapidError::Unreadable)?;
    let json = |text: &str| serde_json::from_slice::<Value>(&decode(text)?).map_err(|_| VapidError::Unreadable);
    if json(header)?.get("alg").and_then(Value::as_str) != Some("ES256") {
        return Err(VapidError::Unreadable);
    }
    claims_hold(&json(claims)?, origin, now_s)
}

fn claims_hold(claims: &Value, origin: &str, now_s: u64) -> Result<(), VapidError> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("aud") != origin {
        return Err(VapidError::Audience);
    }
    let expiry = claims.get("exp").and_then(Value::as_u64).unwrap_or(0);
    if expiry <= now_s || expiry > now_s + LONGEST_S {
        return Err(VapidError::Expiry);
    }
    if text("sub").starts_with("mailto:") || text("sub").starts_with("https://") { Ok(()) } else { Err(VapidError::Contact) }
}

#[cfg(test)]
mod tests {
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};

    use super::*;

    #[test]
    fn inv_1_each_claim_counts() {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).unwrap();
        let key = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        let signed = |alg: &str, claims: Value| {
            let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
            let text = format!("{}.{}", part(serde_json::json!({ "alg": alg })), part(claims));
            let signature = pair.sign(&random, text.as_bytes()).unwrap();
            format!("vapid t={text}.{}, k={key}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
        };
        let claims = |aud: &str, exp: u64, sub: &str| serde_json::json!({ "aud": aud, "exp": exp, "sub": sub });
        let good = signed("ES256", claims("http://a", 200, "mailto:a@b.kz"));
        let asked = |header: &str, key: &str| check(Some(header), key, "http://a", 100);
        assert_eq!(asked(&good, &key), Ok(()));
        assert_eq!(asked(&good, "other"), Err(VapidError::OtherKey));
        assert_eq!(asked(&good.replace("t=e", "t=f"), &key), Err(VapidError::Signature));
        assert_eq!(asked(&signed("ES256", claims("http://b", 200, "mailto:a@b.kz")), &key), Err(VapidError::Audience));
        assert_eq!(asked(&signed("ES256", claims("http://a", 99, "mailto:a@b.kz")), &key), Err(VapidError::Expiry));
        assert_eq!(asked(&signed("ES256", claims("http://a", 100 + LONGEST_S + 1, "mailto:a@b.kz")), &key), Err(VapidError::Expiry));
        assert_eq!(asked(&signed("ES256", claims("http://a", 200, "a@b.kz")), &key), Err(VapidError::Contact));
        assert_eq!(asked(&signed("none", claims("http://a", 200, "mailto:a@b.kz")), &key), Err(VapidError::Unreadable));
        assert_eq!(check(None, &key, "http://a", 100), Err(VapidError::Unreadable));
    }
}
