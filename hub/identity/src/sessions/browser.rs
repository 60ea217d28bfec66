//! A browser in plain words. Pure. What a browser says of itself is long and half untrue; a person knows theirs by its own name and the
//! name of the machine, which are the same in every language.

/// As much as can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Browser {
    /// The browser's name.
    pub name: Option<&'static str>,
    /// What it runs on.
    pub system: Option<&'static str>,
}

/// Most name their ancestors too: whoever stands first here is meant.
const NAMES: [(&str, &str); 12] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("OPT/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("YaBrowser", "Yandex Browser"),
    ("HuaweiBrowser", "Huawei Browser"),
    ("MiuiBrowser", "Mi Browser"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
];

const SYSTEMS: [(&str, &str); 7] =
    [("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Mac OS", "Mac"), ("Linux", "Linux")];

/// Reads what a browser says of itself.
pub fn browser(user_agent: &str) -> Browser {
    Browser { name: first(user_agent, &NAMES), system: first(user_agent, &SYSTEMS) }
}

fn first(user_agent: &str, known: &[(&str, &'static str)]) -> Option<&'static str> {
    known.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_named_as_its_owner_knows_it() {
        for (user_agent, name, system) in [
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36", Some("Chrome"), Some("Windows")),
            ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36 Edg/142.0", Some("Edge"), Some("Windows")),
            ("Mozilla/5.0 (Linux; Android 13; SM-A145F) AppleWebKit/537.36 SamsungBrowser/23.0 Chrome/115.0 Mobile Safari/537.36", Some("Samsung Internet"), Some("Android")),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1", Some("Safari"), Some("iPhone")),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", Some("Firefox"), Some("Linux")),
            ("curl/8", None, None),
        ] {
            assert_eq!(browser(user_agent), Browser { name, system }, "{user_agent}");
        }
    }
}
