//! Faults by device token, for tests that need to know beforehand.
//!
//! The token's beginning says what happens. Lasting: `gone-` (404 UNREGISTERED),
//! `bad-` (400), `alien-` (403 SENDER_ID_MISMATCH), `thirdparty-` (401
//! THIRD_PARTY_AUTH_ERROR). Passing, for the first N sends to that token, then
//! accepted: `busy-` (429 with Retry-After), `down-` (503), `later-` (503 with
//! Retry-After), `broken-` (500), `stall-`, `reset-`. N is a number right after
//! the prefix (`busy-3-anything`); without one it is the default given by the
//! caller for the first four, and 1 for `stall-` and `reset-`.

use std::collections::HashMap;
use std::time::Duration;

use super::faults::Kind;
use super::verdict::Verdict;

/// Counts the sends to tokens with a passing fault.
#[derive(Debug, Default)]
pub struct Script {
    sends: HashMap<String, u32>,
}

/// What a prefix stands for.
enum Part {
    Lasting(Verdict),
    Passing { kind: Kind, failures: u32 },
}

impl Script {
    /// The scripted verdict, or none if this token behaves like any other now.
    pub fn verdict(
        &mut self,
        token: &str,
        default_failures: u32,
        retry_after: Duration,
    ) -> Option<Verdict> {
        match part(token, default_failures)? {
            Part::Lasting(verdict) => Some(verdict),
            Part::Passing { kind, failures } => {
                let sends = self.sends.entry(token.to_owned()).or_insert(0);
                *sends = sends.saturating_add(1);
                if *sends <= failures {
                    Some(kind.verdict(retry_after))
                } else {
                    Some(Verdict::Accepted)
                }
            }
        }
    }

    /// Starts every count anew.
    pub fn forget(&mut self) {
        self.sends.clear();
    }
}

fn part(token: &str, default_failures: u32) -> Option<Part> {
    let (prefix, rest) = token.split_once('-')?;
    let passing = |kind, otherwise| {
        let written = rest
            .split('-')
            .next()
            .and_then(|number| number.parse().ok());
        Some(Part::Passing {
            kind,
            failures: written.unwrap_or(otherwise),
        })
    };
    match prefix {
        "gone" => Some(Part::Lasting(Verdict::Unregistered)),
        "bad" => Some(Part::Lasting(Verdict::BadToken)),
        "alien" => Some(Part::Lasting(Verdict::SenderMismatch)),
        "thirdparty" => Some(Part::Lasting(Verdict::ThirdPartyAuth)),
        "busy" => passing(Kind::Quota, default_failures),
        "down" => passing(Kind::Unavailable, default_failures),
        "later" => passing(Kind::UnavailableLater, default_failures),
        "broken" => passing(Kind::Internal, default_failures),
        "stall" => passing(Kind::Stall, 1),
        "reset" => passing(Kind::Reset, 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_tells_the_story_of_its_token() {
        let mut script = Script::default();
        let mut story = |token: &str| -> Vec<&'static str> {
            (0..4)
                .map(|_| {
                    script
                        .verdict(token, 2, Duration::from_secs(1))
                        .map_or("chance", |v| v.word())
                })
                .collect()
        };
        let cases = [
            ("gone-a", ["unregistered"; 4]),
            ("bad-a", ["bad_token"; 4]),
            ("alien-a", ["sender_mismatch"; 4]),
            ("thirdparty-a", ["third_party_auth"; 4]),
            ("busy-a", ["quota", "quota", "accepted", "accepted"]),
            ("busy-3-a", ["quota", "quota", "quota", "accepted"]),
            (
                "down-1",
                ["unavailable", "accepted", "accepted", "accepted"],
            ),
            (
                "later-a",
                [
                    "unavailable_later",
                    "unavailable_later",
                    "accepted",
                    "accepted",
                ],
            ),
            ("broken-0-a", ["accepted"; 4]),
            ("stall-a", ["stall", "accepted", "accepted", "accepted"]),
            ("reset-2-a", ["reset", "reset", "accepted", "accepted"]),
            ("ordinary-a", ["chance"; 4]),
            ("nodash", ["chance"; 4]),
        ];
        for (token, expected) in cases {
            assert_eq!(story(token), expected, "{token}");
        }
    }
}
