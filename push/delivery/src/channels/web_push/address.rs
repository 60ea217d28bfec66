//! A subscription: where a browser is reached, and the keys for which messages to it are sealed. And where we may reach at all: the address
//! comes from whoever signed in, so without a rule it would make the hub knock on doors inside its own house.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::{
    Url,
    dns::{Addrs, Name, Resolve, Resolving},
};
use ring::{agreement, rand::SystemRandom};
use thiserror::Error;

/// The longest address that is kept; vendors' have some 200 characters.
const LONGEST_ENDPOINT: usize = 1024;
/// An uncompressed point of P-256.
pub const KEY: usize = 65;
/// The secret that a browser makes with its key.
pub const AUTH: usize = 16;

/// Where messages may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// To names of the internet, over https.
    Internet,
    /// There, and to a simulator on this machine.
    AlsoThisMachine,
}

/// A subscription that cannot be taken, with the field to blame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AddressError {
    /// No address of a push service.
    #[error("the address is no push service's")]
    Endpoint,
    /// No key of a browser.
    #[error("the key is no browser's")]
    Key,
}

/// A browser's subscription, checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Subscription {
    endpoint: Url,
    key: [u8; KEY],
    auth: [u8; AUTH],
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Subscription(***)")
    }
}

impl Subscription {
    /// Reads what a browser gave: its address, its key and its secret, the last two in base64url.
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn parse(endpoint: &str, key: &str, auth: &str, reach: Reach) -> Result<Self, AddressError> {
        let endpoint = Some(endpoint).filter(|endpoint| endpoint.len() <= LONGEST_ENDPOINT).and_then(|endpoint| Url::parse(endpoint).ok());
        let endpoint = endpoint.filter(|endpoint| reach.lets(endpoint)).ok_or(AddressError::Endpoint)?;
        let subscription = Self { endpoint, key: bytes(key)?, auth: bytes(auth)? };
        if subscription.has_a_point() { Ok(subscription) } else { Err(AddressError::Key) }
    }

    /// As kept in the row of a phone: the three parts, one after another.
    pub fn to_stored(&self) -> String {
        format!("{} {} {}", self.endpoint, URL_SAFE_NO_PAD.encode(self.key), URL_SAFE_NO_PAD.encode(self.auth))
    }

    /// Reads it back. Where it may go is asked again at each message ([`Reach::lets`]).
    pub fn stored(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let (endpoint, key, auth) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self { endpoint: Url::parse(endpoint).ok()?, key: bytes(key).ok()?, auth: bytes(auth).ok()? })
    }

    /// Where messages to it are sent.
    pub fn endpoint(&self) -> &Url {
        &self.endpoint
    }

    /// The browser's public key.
    pub fn key(&self) -> &[u8; KEY] {
        &self.key
    }

    /// The browser's secret.
    pub fn auth(&self) -> &[u8; AUTH] {
        &self.auth
    }

    /// Whether the key is a point of the curve: found out by using it.
    fn has_a_point(&self) -> bool {
        let peer = agreement::UnparsedPublicKey::new(&agreement::ECDH_P256, self.key);
        let ours = agreement::EphemeralPrivateKey::generate(&agreement::ECDH_P256, &SystemRandom::new());
        ours.is_ok_and(|ours| agreement::agree_ephemeral(ours, &peer, |_| ()).is_ok())
    }
}

fn bytes<const N: usize>(text: &str) -> Result<[u8; N], AddressError> {
    let decoded = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| AddressError::Key)?;
    decoded.try_into().map_err(|_| AddressError::Key)
}

impl Reach {
    /// Whether a message may be sent there, as far as the address itself says; what its name resolves to, [`PublicOnly`] looks at.
    pub fn lets(self, url: &Url) -> bool {
        let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        bare && (is_of_the_internet(url) || self == Self::AlsoThisMachine && is_this_machine(url))
    }
}

/// A name, not a number, at the usual port: as every vendor's service is.
fn is_of_the_internet(url: &Url) -> bool {
    let name = url.domain().unwrap_or_default().trim_end_matches('.');
    let inside = ["localhost", "local", "internal", "lan", "home.arpa"].iter().any(|end| name == *end || name.ends_with(&format!(".{end}")));
    url.scheme() == "https" && url.port_or_known_default() == Some(443) && name.contains('.') && !inside
}

fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    url.scheme() == "http" && host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Resolves names to addresses of the internet and to no others: a name that its owner points at a machine inside leads nowhere.
pub struct PublicOnly;

impl PublicOnly {
    /// As the HTTP client takes it.
    pub fn shared() -> Arc<Self> {
        Arc::new(Self)
    }
}

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err("the name leads to no address of the internet".into());
            }
            Ok::<Addrs, _>(Box::new(public.into_iter()))
        })
    }
}

fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = a == 0 || a >= 224 || (a == 100 && (64..128).contains(&b)) || (a == 192 && b == 0 && c == 0) || (a == 198 && (18..20).contains(&b));
    !(special || ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_documentation())
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [first, second, ..] = ip.segments();
    // What carries an address of the older kind inside is judged by that.
    if let Some(inner) = ip.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    // Of the newer kind only 2000::/3 is given out, less what is for books, tunnels and translation.
    first & 0xe000 == 0x2000 && !(first == 0x2001 && (second == 0x0db8 || second < 0x0200)) && first != 0x2002
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The standard's example of a browser (RFC 8291, appendix A).
    const KEY: &str = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";

    #[test]
    fn inv_4_no_address_inside_the_house_is_taken() {
        let lets = |reach: Reach, url: &str| Subscription::parse(url, KEY, AUTH, reach).is_ok();
        for good in ["https://fcm.googleapis.com/fcm/send/a:b", "https://updates.push.services.mozilla.com/wpush/v2/x", "https://web.push.apple.com/Q", "https://a.notify.windows.com/w/?token=B"] {
            assert!(lets(Reach::Internet, good) && lets(Reach::AlsoThisMachine, good), "{good}");
        }
        for bad in [
            "http://fcm.googleapis.com/fcm/send/a",
            "https://127.0.0.1/x",
            "https://10.0.0.1/x",
            "https://[::1]/x",
            "https://2130706433/x",
            "https://0x7f000001/x",
            "https://localhost/x",
            "https://db.localhost/x",
            "https://hub.internal/x",
            "https://intranet/x",
            "https://example.kz:8443/x",
            "https://me:secret@example.kz/x",
            "https://example.kz/x#y",
            "ftp://example.kz/x",
            "file:///etc/passwd",
            "",
        ] {
            assert!(!lets(Reach::Internet, bad), "{bad}");
        }
        assert!(lets(Reach::AlsoThisMachine, "http://127.0.0.1:4100/push/a") && !lets(Reach::Internet, "http://127.0.0.1:4100/push/a"));
        assert!(!lets(Reach::AlsoThisMachine, "http://10.0.0.1/push/a") && !lets(Reach::AlsoThisMachine, "http://localhost.example.kz/"));
    }

    #[test]
    fn inv_4_no_name_leads_inside() {
        for inside in ["127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "2001:db8::1"] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["142.250.74.10", "17.188.143.12", "2a00:1450:4001:82a::200a", "2606:4700::1111", "::ffff:142.250.74.10"] {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }

    #[tokio::test]
    async fn inv_4_a_name_that_resolves_inside_is_refused_by_the_resolver() {
        assert!(PublicOnly.resolve("localhost".parse().unwrap()).await.is_err());
    }

    #[test]
    fn what_is_stored_is_read_back_and_never_shown() {
        let subscription = Subscription::parse("https://web.push.apple.com/Q", KEY, AUTH, Reach::Internet).unwrap();
        assert_eq!(Subscription::stored(&subscription.to_stored()), Some(subscription.clone()));
        assert_eq!(format!("{subscription:?}"), "Subscription(***)");
        for broken in ["", "https://web.push.apple.com/Q", "x y z", "https://a.kz/ AA AA"] {
            assert_eq!(Subscription::stored(broken), None, "{broken}");
        }
    }

    #[test]
    fn a_key_that_is_no_point_is_refused() {
        let no_point = URL_SAFE_NO_PAD.encode([4; 65]);
        for (key, auth) in [(no_point.as_str(), AUTH), ("AAAA", AUTH), (KEY, "AAAA"), ("!", AUTH)] {
            assert_eq!(Subscription::parse("https://web.push.apple.com/Q", key, auth, Reach::Internet), Err(AddressError::Key), "{key}");
        }
    }
}
