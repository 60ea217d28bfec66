//! What an answer of a push service means. Pure.

use std::time::Duration;

use jiff::{Timestamp, fmt::rfc2822};

use crate::channels::{Detail, Verdict};

/// How long to wait after 429 without Retry-After.
const DEFAULT_WAIT: Duration = Duration::from_secs(60);

/// What to make of an answer.
#[derive(Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The attempt is over.
    Over(Verdict),
    /// The message is too long for this service: send the shortest.
    Shorten,
}

/// Reads an answer: its status, and the wait that it asked for.
pub fn meaning(status: u16, after: Option<Duration>) -> Meaning {
    let detail: Detail = status.to_string().into();
    Meaning::Over(match status {
        200..=299 => Verdict::Accepted,
        404 | 410 => Verdict::Unregistered(detail),
        413 => return Meaning::Shorten,
        400 => Verdict::Refused(detail),
        // One service's "too many" is no reason to hold back what goes to others.
        429 => Verdict::Later { after: Some(after.unwrap_or(DEFAULT_WAIT)), detail },
        // The rest is the service's trouble or our key's: either may pass, and no browser is to blame.
        _ => Verdict::Later { after, detail },
    })
}

/// Retry-After: seconds, or a date.
pub fn retry_after(value: Option<&str>, now: Timestamp) -> Option<Duration> {
    let value = value?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = rfc2822::parse(value).ok()?.timestamp();
    Some(Duration::try_from(at.duration_since(now)).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn word(status: u16) -> &'static str {
        match meaning(status, None) {
            Meaning::Over(verdict) => verdict.word(),
            Meaning::Shorten => "shorten",
        }
    }

    #[test]
    fn inv_3_only_gone_costs_a_browser_its_subscription() {
        for status in 100..600 {
            assert_eq!(word(status) == "unregistered", [404, 410].contains(&status), "{status}");
        }
        for (status, expected) in [(200, "accepted"), (201, "accepted"), (202, "accepted"), (400, "refused"), (401, "later"), (403, "later"), (413, "shorten"), (429, "later"), (500, "later"), (503, "later"), (301, "later")] {
            assert_eq!(word(status), expected, "{status}");
        }
    }

    #[test]
    fn the_wait_asked_for_is_kept_in_both_its_forms() {
        let now: Timestamp = "2026-10-21T07:27:30Z".parse().unwrap();
        let after = |text| retry_after(Some(text), now).map(|after| after.as_secs());
        assert_eq!(after(" 7 "), Some(7));
        assert_eq!(after("Wed, 21 Oct 2026 07:28:00 GMT"), Some(30));
        assert_eq!(after("Wed, 21 Oct 2026 07:27:00 GMT"), Some(0));
        assert_eq!(after("soon"), None);
        assert_eq!(meaning(429, None), Meaning::Over(Verdict::Later { after: Some(DEFAULT_WAIT), detail: "429".into() }));
    }

    proptest! {
        #[test]
        fn inv_5_no_wait_panics_and_nothing_of_an_answer_is_kept_but_its_status(text in ".{0,40}", status in 100_u16..600) {
            let after = retry_after(Some(&text), Timestamp::UNIX_EPOCH);
            if let Meaning::Over(Verdict::Later { detail, .. } | Verdict::Refused(detail) | Verdict::Unregistered(detail)) = meaning(status, after) {
                prop_assert_eq!(detail, status.to_string());
            }
        }
    }
}
