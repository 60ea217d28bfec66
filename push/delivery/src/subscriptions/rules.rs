//! What a browser is called, and how the page knows it again. Pure.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};

/// As its owner knows it, by what it says of itself: the browser's name and that of the system, the same in every language.
pub fn label(user_agent: &str) -> String {
    let browser = identity::browser(user_agent);
    browser.name.into_iter().chain(browser.system).collect::<Vec<_>>().join(", ")
}

/// By what a page finds its own browser among those listed, without the page naming where each is reached.
pub fn print(stored: &str) -> String {
    let endpoint = stored.split(' ').next().unwrap_or_default();
    URL_SAFE_NO_PAD.encode(digest(&SHA256, endpoint.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_named_and_known_again() {
        assert_eq!(label("Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36"), "Chrome, Android");
        assert_eq!(label("curl/8"), "");
        assert_eq!(print("https://a.kz/x KEY AUTH"), print("https://a.kz/x OTHER AUTH"));
        assert_ne!(print("https://a.kz/x KEY AUTH"), print("https://a.kz/y KEY AUTH"));
        assert_eq!(print("https://a.kz/x KEY AUTH").len(), 43);
    }
}
