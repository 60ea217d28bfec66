//! The token endpoint: an assertion signed by the service account is exchanged for
//! an access token (RFC 7523, as Google does it).

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use thiserror::Error;

use super::service_account::ServiceAccount;

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const SCOPES: [&str; 2] = [
    "https://www.googleapis.com/auth/firebase.messaging",
    "https://www.googleapis.com/auth/cloud-platform",
];

/// The longest life of an assertion, and how far its clock may be ahead.
const LONGEST_ASSERTION_S: u64 = 3600;
const CLOCK_SKEW_S: u64 = 300;

/// Why no token is issued; the texts are those a client meets at Google.
#[derive(Debug, Clone, Copy, Error, PartialEq, Eq)]
pub enum GrantError {
    /// `grant_type` is missing or another.
    #[error("Invalid grant_type: only urn:ietf:params:oauth:grant-type:jwt-bearer is accepted")]
    GrantType,
    /// The assertion is not three parts of base64url with JSON inside, or not RS256.
    #[error("Invalid JWT: Failed audience check or bad format: not an RS256 JWT.")]
    Format,
    /// The issuer is not the account.
    #[error("Invalid grant: account not found")]
    Issuer,
    /// The key named in the header is not the account's.
    #[error("Invalid JWT: the key id in the header is not a key of this account.")]
    KeyId,
    /// The signature does not fit.
    #[error("Invalid JWT Signature.")]
    Signature,
    /// The audience is not this endpoint.
    #[error("Invalid JWT: Failed audience check. The right audience is the token_uri.")]
    Audience,
    /// Neither of the scopes that allow sending.
    #[error("Invalid OAuth scope or ID token audience provided.")]
    Scope,
    /// Expired, from the future, or too long-lived.
    #[error(
        "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. \
         Check your iat and exp values in the JWT claim."
    )]
    Timeframe,
}

impl GrantError {
    /// OAuth's error code (RFC 6749, 5.2).
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::GrantType => "unsupported_grant_type",
            Self::Scope => "invalid_scope",
            Self::KeyId => "invalid_client",
            Self::Format | Self::Issuer | Self::Signature | Self::Audience | Self::Timeframe => {
                "invalid_grant"
            }
        }
    }

    /// 401 when the client itself is not known, 400 for everything else.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::KeyId => 401,
            _ => 400,
        }
    }
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    #[serde(default)]
    scope: String,
    iat: u64,
    exp: u64,
}

/// Checks a token request (an URL-encoded form) at `now_s` seconds since the epoch.
///
/// # Errors
/// The first reason not to issue a token.
pub fn check(form: &[u8], account: &ServiceAccount, now_s: u64) -> Result<(), GrantError> {
    let form = decode_form(form);
    if form.get("grant_type").map(String::as_str) != Some(GRANT_TYPE) {
        return Err(GrantError::GrantType);
    }
    let assertion = form.get("assertion").ok_or(GrantError::Format)?;
    let (signed, signature) = assertion.rsplit_once('.').ok_or(GrantError::Format)?;
    let (header, claims) = signed.split_once('.').ok_or(GrantError::Format)?;
    let header: Header = decode_part(header)?;
    let claims: Claims = decode_part(claims)?;
    check_key(&header, &claims, account)?;
    let signature = URL_SAFE_NO_PAD
        .decode(signature)
        .map_err(|_| GrantError::Format)?;
    if !account.has_signed(signed.as_bytes(), &signature) {
        return Err(GrantError::Signature);
    }
    check_claims(&claims, account, now_s)
}

fn check_key(header: &Header, claims: &Claims, account: &ServiceAccount) -> Result<(), GrantError> {
    if header.alg != "RS256" {
        return Err(GrantError::Format);
    }
    if claims.iss != account.client_email() {
        return Err(GrantError::Issuer);
    }
    match &header.kid {
        Some(kid) if kid != account.key_id() => Err(GrantError::KeyId),
        _ => Ok(()),
    }
}

fn check_claims(claims: &Claims, account: &ServiceAccount, now_s: u64) -> Result<(), GrantError> {
    if claims.aud != account.token_uri() {
        return Err(GrantError::Audience);
    }
    if !claims.scope.split(' ').any(|scope| SCOPES.contains(&scope)) {
        return Err(GrantError::Scope);
    }
    let begun = claims.iat <= now_s.saturating_add(CLOCK_SKEW_S);
    let alive = claims.exp > now_s;
    let short = claims.exp.saturating_sub(claims.iat) <= LONGEST_ASSERTION_S;
    if begun && alive && short {
        Ok(())
    } else {
        Err(GrantError::Timeframe)
    }
}

fn decode_part<T: for<'de> Deserialize<'de>>(part: &str) -> Result<T, GrantError> {
    let bytes = URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| GrantError::Format)?;
    serde_json::from_slice(&bytes).map_err(|_| GrantError::Format)
}

/// `application/x-www-form-urlencoded`, a repeated field's last value wins.
fn decode_form(form: &[u8]) -> HashMap<String, String> {
    let pairs = form.split(|byte| *byte == b'&');
    pairs
        .map(|pair| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let mut half = || decode_percent(halves.next().unwrap_or_default());
            (half(), half())
        })
        .collect()
}

fn decode_percent(text: &[u8]) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'+' => out.push(b' '),
            b'%' => match hex_byte(rest) {
                Some((decoded, after)) => {
                    out.push(decoded);
                    rest = after;
                }
                None => out.push(b'%'),
            },
            _ => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn hex_byte(text: &[u8]) -> Option<(u8, &[u8])> {
    let (digits, rest) = text.split_at_checked(2)?;
    let digits = std::str::from_utf8(digits).ok()?;
    Some((u8::from_str_radix(digits, 16).ok()?, rest))
}

/// The access tokens that are good now.
#[derive(Debug, Default)]
pub struct AccessTokens {
    expiry_ms: HashMap<String, u64>,
}

impl AccessTokens {
    /// Issues a token named by `bits`, good until `expiry_ms`.
    pub fn issue(&mut self, bits: u64, now_ms: u64, expiry_ms: u64) -> String {
        self.expiry_ms.retain(|_, expiry| *expiry > now_ms);
        let token = format!("ya29.simulated-{bits:016x}");
        self.expiry_ms.insert(token.clone(), expiry_ms);
        token
    }

    /// Whether a token was issued, has not expired and was not revoked.
    #[must_use]
    pub fn is_good(&self, token: &str, now_ms: u64) -> bool {
        self.expiry_ms
            .get(token)
            .is_some_and(|expiry| *expiry > now_ms)
    }

    /// Revokes every token; tells how many there were.
    pub fn revoke_all(&mut self) -> usize {
        let count = self.expiry_ms.len();
        self.expiry_ms.clear();
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_decoded() {
        let form = decode_form(b"grant_type=urn%3Aietf%3Ax&a=b+c%&empty=&alone");
        assert_eq!(form["grant_type"], "urn:ietf:x");
        assert_eq!(form["a"], "b c%");
        assert_eq!(form["empty"], "");
        assert_eq!(form["alone"], "");
    }

    #[test]
    fn a_token_lives_until_its_expiry_or_revocation() {
        let mut tokens = AccessTokens::default();
        let token = tokens.issue(1, 0, 1000);
        assert!(tokens.is_good(&token, 999));
        assert!(!tokens.is_good(&token, 1000));
        assert!(!tokens.is_good("ya29.other", 0));
        assert_eq!(tokens.revoke_all(), 1);
        assert!(!tokens.is_good(&token, 0));
    }
}
