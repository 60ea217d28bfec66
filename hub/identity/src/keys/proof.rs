//! A proof that who sends a token holds the key that it is bound to (RFC 9449, DPoP): a JWT signed by that key over this very request. Pure:
//! whether it was seen before is decided where proofs are remembered.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use ring::{digest, signature};
use serde::Deserialize;

/// A proof is taken when it was made at most so long ago, or ahead by a clock that is wrong.
pub const FRESH_FOR: SignedDuration = SignedDuration::from_secs(60);
/// More of a proof is not looked at.
const LONGEST: usize = 4_096;
const LONGEST_ID: usize = 128;

/// The request that a proof is for.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// `GET`.
    pub method: &'a str,
    /// The public address without its query.
    pub address: &'a str,
    /// The token that is sent along; none where one is asked for.
    pub token: Option<&'a str>,
}

/// A good proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The hash of the key that signed it (RFC 7638).
    pub thumbprint: [u8; 32],
    /// The hash of its own id.
    pub id: [u8; 32],
}

#[derive(Deserialize)]
struct Head {
    typ: String,
    alg: String,
    jwk: Jwk,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    crv: String,
    x: String,
    y: Option<String>,
    /// The private half, which nobody is to send.
    d: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Claims {
    jti: String,
    htm: String,
    htu: String,
    iat: i64,
    ath: Option<String>,
}

/// Reads and checks a proof.
pub fn check(sent: &str, request: Request<'_>, now: Timestamp) -> Option<Proof> {
    if sent.len() > LONGEST {
        return None;
    }
    let (signed, tag) = sent.rsplit_once('.')?;
    let (head, claims) = signed.split_once('.')?;
    let (head, claims): (Head, Claims) = (read(head)?, read(claims)?);
    if head.typ != "dpop+jwt" || head.jwk.d.is_some() || !is_signed(&head, signed.as_bytes(), &bytes(tag)?) {
        return None;
    }
    let made = Timestamp::from_second(claims.iat).ok()?;
    let is_fresh = now.duration_since(made).abs() <= FRESH_FOR;
    let of_token = request.token.map(|token| URL_SAFE_NO_PAD.encode(sha256(token.as_bytes())));
    let fits = claims.htm == request.method && claims.htu == request.address && claims.ath == of_token;
    let named = (1..=LONGEST_ID).contains(&claims.jti.len());
    (is_fresh && fits && named).then(|| Proof { thumbprint: head.jwk.thumbprint(), id: sha256(claims.jti.as_bytes()) })
}

fn is_signed(head: &Head, signed: &[u8], tag: &[u8]) -> bool {
    let (x, y) = (bytes(&head.jwk.x), head.jwk.y.as_deref().and_then(bytes));
    match (head.alg.as_str(), head.jwk.kty.as_str(), head.jwk.crv.as_str(), x, y) {
        ("ES256", "EC", "P-256", Some(x), Some(y)) if x.len() == 32 && y.len() == 32 => {
            let point = [&[4][..], &x, &y].concat();
            signature::UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point).verify(signed, tag).is_ok()
        }
        ("EdDSA", "OKP", "Ed25519", Some(x), None) => signature::UnparsedPublicKey::new(&signature::ED25519, x).verify(signed, tag).is_ok(),
        _ => false,
    }
}

impl Jwk {
    /// The hash of the members that make the key, in the order of their names.
    fn thumbprint(&self) -> [u8; 32] {
        let y = self.y.as_ref().map(|y| format!(",\"y\":\"{y}\"")).unwrap_or_default();
        sha256(format!("{{\"crv\":\"{}\",\"kty\":\"{}\",\"x\":\"{}\"{y}}}", self.crv, self.kty, self.x).as_bytes())
    }
}

fn read<T: serde::de::DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&bytes(part)?).ok()
}

fn bytes(part: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part).ok()
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0_u8; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    hash
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ring::signature::{Ed25519KeyPair, KeyPair};
    use serde_json::json;

    use super::*;

    const ADDRESS: &str = "https://school.example.kz/api/v1/me";

    fn now() -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap()
    }

    fn encode(value: &serde_json::Value) -> String {
        URL_SAFE_NO_PAD.encode(value.to_string())
    }

    /// A proof of a device, with what an attacker would change in it.
    fn proof(change: impl FnOnce(&mut serde_json::Value, &mut serde_json::Value)) -> String {
        let key = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
        let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(key.public_key()) });
        let (mut head, mut claims) = (json!({ "typ": "dpop+jwt", "alg": "EdDSA", "jwk": jwk }), json!({ "jti": "one", "htm": "GET", "htu": ADDRESS, "iat": now().as_second(), "ath": URL_SAFE_NO_PAD.encode(sha256(b"token")) }));
        change(&mut head, &mut claims);
        let signed = format!("{}.{}", encode(&head), encode(&claims));
        let tag = URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes()));
        format!("{signed}.{tag}")
    }

    fn taken(sent: &str) -> bool {
        check(sent, Request { method: "GET", address: ADDRESS, token: Some("token") }, now()).is_some()
    }

    #[test]
    fn inv_4_a_proof_is_for_one_request_one_token_one_minute_and_one_key() {
        assert!(taken(&proof(|_, _| {})));
        assert!(taken(&proof(|_, claims| claims["iat"] = json!(now().as_second() - 60))));
        let changes: [(&str, fn(&mut serde_json::Value, &mut serde_json::Value)); 12] = [
            ("another method", |_, claims| claims["htm"] = json!("POST")),
            ("another address", |_, claims| claims["htu"] = json!("https://school.example.kz/api/v1/other")),
            ("another token", |_, claims| claims["ath"] = json!("x")),
            ("no token", |_, claims| claims["ath"] = json!(null)),
            ("too old", |_, claims| claims["iat"] = json!(now().as_second() - 61)),
            ("of the future", |_, claims| claims["iat"] = json!(now().as_second() + 61)),
            ("of no time", |_, claims| claims["iat"] = json!(i64::MAX)),
            ("without an id", |_, claims| claims["jti"] = json!("")),
            ("another kind", |head, _| head["typ"] = json!("JWT")),
            ("no signature asked", |head, _| head["alg"] = json!("none")),
            ("with the private half", |head, _| head["jwk"]["d"] = json!("x")),
            ("another key", |head, _| head["jwk"]["x"] = json!(URL_SAFE_NO_PAD.encode([9; 32]))),
        ];
        for (what, change) in changes {
            assert!(!taken(&proof(change)), "{what}");
        }
        let good = proof(|_, _| {});
        for at in 0..good.len() {
            let mut bent = good.clone().into_bytes();
            bent[at] = if bent[at] == b'A' { b'B' } else { b'A' };
            assert!(!taken(&String::from_utf8(bent).unwrap()) || at >= good.len() - 1, "letter {at} was changed");
        }
    }

    #[test]
    fn a_thumbprint_is_that_of_the_standard() {
        // RFC 8037, appendix A.3.
        let jwk = Jwk { kty: "OKP".into(), crv: "Ed25519".into(), x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo".into(), y: None, d: None };
        assert_eq!(URL_SAFE_NO_PAD.encode(jwk.thumbprint()), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,200}", a in "[A-Za-z0-9_-]{0,60}", b in "[A-Za-z0-9_-]{0,60}") {
            prop_assert!(!taken(&text));
            let dotted = format!("{}.{}.{}", a, b, a);
            prop_assert!(!taken(&dotted));
        }
    }
}
