//! Where a request came from, as audit rows tell it: the address and, in two words, what it was made with.

use std::{net::IpAddr, sync::Arc};

use actix_web::{HttpRequest, http::header::USER_AGENT};
use kernel::ctx::Origin;

/// Named first that is found: many browsers also call themselves by another's name.
const BROWSERS: [(&str, &str); 8] =
    [("Edg", "Edge"), ("OPR/", "Opera"), ("YaBrowser", "Yandex"), ("SamsungBrowser", "Samsung"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome")];
const SYSTEMS: [(&str, &str); 6] = [("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iOS"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux")];

/// Where a request came from. A reverse proxy on this machine is believed about whom it speaks for; nobody else is.
pub fn origin_of(req: &HttpRequest) -> Origin {
    let agent = req.headers().get(USER_AGENT).and_then(|agent| agent.to_str().ok());
    Origin { address: address_of(req), device: agent.map(|agent| Arc::from(device_of(agent))) }
}

/// The same, of what was read off a request before.
pub fn origin_from(address: IpAddr, agent: Option<&str>) -> Origin {
    Origin { address: Some(address), device: agent.map(|agent| Arc::from(device_of(agent))) }
}

fn address_of(req: &HttpRequest) -> Option<IpAddr> {
    let peer = req.peer_addr().map(|peer| peer.ip())?;
    let forwarded = || req.headers().get("x-forwarded-for")?.to_str().ok()?.rsplit(',').next()?.trim().parse().ok();
    Some(if peer.is_loopback() { forwarded().unwrap_or(peer) } else { peer })
}

/// `Firefox, Android`; of a program that is no browser, its first word.
fn device_of(agent: &str) -> String {
    let named = |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    // Safari is told by what it is not: all others say its name too.
    let browser = named(&BROWSERS).or_else(|| agent.contains("Safari").then_some("Safari"));
    match (browser, named(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, _) => agent.chars().take_while(|one| one.is_ascii_alphanumeric() || matches!(one, '-' | '_' | '.')).take(40).collect(),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_device_is_told_in_two_words() {
        for (agent, told) in [
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge, Windows"),
            ("Mozilla/5.0 (Linux; Android 13; SM-A145F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36", "Chrome, Android"),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 10_3 like Mac OS X) AppleWebKit/603 (KHTML, like Gecko) Version/10.0 Mobile Safari/602", "Safari, iOS"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
            ("curl/8.5.0", "curl"),
            ("<script>alert(1)</script>", ""),
        ] {
            assert_eq!(device_of(agent), told, "{agent}");
        }
    }

    #[test]
    fn only_a_proxy_on_this_machine_speaks_for_another() {
        let from = |peer: &str| TestRequest::get().peer_addr(peer.parse().unwrap()).insert_header(("x-forwarded-for", "203.0.113.9, 198.51.100.7")).to_http_request();
        assert_eq!(origin_of(&from("127.0.0.1:9")).address, "198.51.100.7".parse().ok());
        assert_eq!(origin_of(&from("192.0.2.1:9")).address, "192.0.2.1".parse().ok());
    }
}
