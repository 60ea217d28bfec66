//! The site as browsers know it. Passkeys belong to its name, and to a name only: an address of numbers has none, so that an installation
//! reached by number has no passkeys. One exception loosens nothing: an installation that listens on this machine's own number (the demo) may
//! be opened as `localhost` with the same port, which no other machine can be.

use std::net::IpAddr;

use actix_web::{HttpRequest, http::header::HOST};
use kernel::{Error, Result};
use web::Site;
use webauthn_rs::prelude::{Url, Webauthn, WebauthnBuilder};

const LOCALHOST: &str = "localhost";

/// Whether this page can ask for passkeys: it was reached by name, and by https or on this machine.
pub fn is_possible(req: &HttpRequest) -> bool {
    origin_of(req).is_some()
}

/// Who asks browsers for passkeys.
///
/// # Errors
/// `account.passkeys_unavailable` where the site has no name.
pub fn relying_party(req: &HttpRequest) -> Result<Webauthn> {
    let origin = origin_of(req).ok_or(Error::Refused("account.passkeys_unavailable"))?;
    let name = origin.domain().unwrap_or_default();
    let built = WebauthnBuilder::new(name, &origin).and_then(|builder| builder.rp_name("Shanyraq").build());
    built.map_err(|error| Error::broken(error.to_string()))
}

fn origin_of(req: &HttpRequest) -> Option<Url> {
    let host = req.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    origin(&Site::of(req).ok()?.url, host)
}

/// The origin that has passkeys, of the site's public address and the host that the browser asked for.
fn origin(site: &str, host: &str) -> Option<Url> {
    let url = Url::parse(site).ok()?;
    match url.domain() {
        Some(name) => (url.scheme() == "https" || name == LOCALHOST).then_some(url),
        None => {
            let number: IpAddr = url.host_str()?.trim_matches(['[', ']']).parse().ok()?;
            let here = Url::parse(&format!("http://{host}")).ok()?;
            let same_door = here.domain() == Some(LOCALHOST) && here.port_or_known_default() == url.port_or_known_default();
            (number.is_loopback() && url.scheme() == "http" && same_door).then_some(here)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_passkeys_and_a_number_has_none_but_for_this_machine() {
        for (site, host, expected) in [
            ("https://school.example.kz", "school.example.kz", Some("https://school.example.kz/")),
            ("https://school.example.kz:8443", "anything", Some("https://school.example.kz:8443/")),
            ("http://localhost:8080", "localhost:8080", Some("http://localhost:8080/")),
            ("http://127.0.0.1:8080", "localhost:8080", Some("http://localhost:8080/")),
            ("http://[::1]:8080", "localhost:8080", Some("http://localhost:8080/")),
            ("http://127.0.0.1:8080", "127.0.0.1:8080", None),
            ("http://127.0.0.1:8080", "localhost:9090", None),
            ("http://127.0.0.1:8080", "localhost.evil.example:8080", None),
            ("http://127.0.0.1:8080", "localhost:8080@evil.example", None),
            ("http://127.0.0.1:8080", "", None),
            ("http://192.168.1.5:8080", "localhost:8080", None),
            ("https://192.168.1.5", "localhost", None),
            ("http://school.example.kz", "school.example.kz", None),
            ("no address", "localhost", None),
        ] {
            assert_eq!(origin(site, host).as_ref().map(Url::as_str), expected, "{site} {host}");
        }
    }
}
