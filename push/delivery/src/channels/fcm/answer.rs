//! What an answer of FCM means. Pure.

use std::time::Duration;

use serde::Deserialize;

use crate::channels::{Detail, Verdict};

/// How long a project waits after 429 without Retry-After: what Google's guide asks for.
const DEFAULT_PAUSE: Duration = Duration::from_secs(60);

/// What to make of an answer.
#[derive(Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The attempt is over.
    Over(Verdict),
    /// The access token was not taken: get another and try once more.
    Reauthenticate,
}

#[derive(Deserialize, Default)]
struct Body {
    #[serde(default)]
    error: Problem,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Problem {
    status: String,
    details: Vec<Part>,
}

/// A part of `error.details`: the FCM error and the list of bad fields share one shape here.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Part {
    error_code: String,
    field_violations: Vec<Violation>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Violation {
    field: String,
}

/// Reads an answer.
pub fn meaning(status: u16, retry_after: Option<Duration>, body: &[u8]) -> Meaning {
    if (200..300).contains(&status) {
        return Meaning::Over(Verdict::Accepted);
    }
    let problem = serde_json::from_slice::<Body>(body).unwrap_or_default().error;
    let detail = || detail(status, &problem);
    Meaning::Over(match (status, problem.code()) {
        (404, "UNREGISTERED") => Verdict::Unregistered(detail()),
        (400, _) if problem.names_the_token() => Verdict::Unregistered(detail()),
        (400, _) | (_, "SENDER_ID_MISMATCH") => Verdict::Refused(detail()),
        (429, _) => Verdict::Paused { after: retry_after.unwrap_or(DEFAULT_PAUSE), detail: detail() },
        (401, code) if code != "THIRD_PARTY_AUTH_ERROR" => return Meaning::Reauthenticate,
        // The rest is the provider's trouble or our configuration's: either may pass, and no phone is to blame.
        _ => Verdict::Later { after: retry_after, detail: detail() },
    })
}

/// Retry-After in seconds. The form with a date is not used by FCM.
pub fn retry_after(value: Option<&str>) -> Option<Duration> {
    value?.trim().parse().ok().map(Duration::from_secs)
}

fn detail(status: u16, problem: &Problem) -> Detail {
    let word = Some(problem.code()).filter(|code| !code.is_empty()).unwrap_or(&problem.status);
    // The word comes from outside: only letters of a constant's name are kept, and not too many.
    let word: String = word.chars().filter(|letter| letter.is_ascii_uppercase() || *letter == '_').take(40).collect();
    format!("{status} {word}").trim_end().to_owned().into()
}

impl Problem {
    fn code(&self) -> &str {
        self.details.iter().map(|part| part.error_code.as_str()).find(|code| !code.is_empty()).unwrap_or_default()
    }

    fn names_the_token(&self) -> bool {
        self.details.iter().flat_map(|part| &part.field_violations).any(|violation| violation.field == "message.token")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fcm(code: &str) -> String {
        format!(r#"{{"error":{{"status":"S","details":[{{"@type":"x","errorCode":"{code}"}}]}}}}"#)
    }

    fn fields(field: &str) -> String {
        format!(r#"{{"error":{{"status":"INVALID_ARGUMENT","details":[{{"fieldViolations":[{{"field":"{field}"}}]}}]}}}}"#)
    }

    fn word(status: u16, body: &str) -> &'static str {
        match meaning(status, None, body.as_bytes()) {
            Meaning::Over(verdict) => verdict.word(),
            Meaning::Reauthenticate => "reauthenticate",
        }
    }

    #[test]
    fn inv_2_only_a_dead_token_costs_a_phone_its_token() {
        let cases = [
            (200, String::new(), "accepted"),
            (404, fcm("UNREGISTERED"), "unregistered"),
            (404, String::new(), "later"),
            (404, "<html>".to_owned(), "later"),
            (400, fields("message.token"), "unregistered"),
            (400, fields("message.data"), "refused"),
            (400, fcm("INVALID_ARGUMENT"), "refused"),
            (403, fcm("SENDER_ID_MISMATCH"), "refused"),
            (403, String::new(), "later"),
            (401, String::new(), "reauthenticate"),
            (401, fcm("THIRD_PARTY_AUTH_ERROR"), "later"),
            (429, fcm("QUOTA_EXCEEDED"), "paused"),
            (500, fcm("INTERNAL"), "later"),
            (503, fcm("UNAVAILABLE"), "later"),
        ];
        for (status, body, expected) in cases {
            assert_eq!(word(status, &body), expected, "{status} {body}");
        }
    }

    #[test]
    fn the_wait_asked_for_is_kept() {
        let asked = retry_after(Some(" 7 "));
        assert_eq!(asked, Some(Duration::from_secs(7)));
        assert_eq!(retry_after(Some("Wed, 21 Oct 2026 07:28:00 GMT")), None);
        let Meaning::Over(Verdict::Paused { after, detail }) = meaning(429, asked, fcm("QUOTA_EXCEEDED").as_bytes()) else { panic!("a pause") };
        assert_eq!((after.as_secs(), &*detail), (7, "429 QUOTA_EXCEEDED"));
        assert_eq!(meaning(429, None, b""), Meaning::Over(Verdict::Paused { after: DEFAULT_PAUSE, detail: "429".into() }));
    }

    proptest! {
        #[test]
        fn no_answer_panics(status in 100_u16..600, body in proptest::collection::vec(any::<u8>(), 0..200)) {
            meaning(status, None, &body);
        }

        #[test]
        fn inv_4_what_is_kept_holds_nothing_from_outside_but_a_constants_name(code in ".{0,60}") {
            let body = serde_json::json!({ "error": { "details": [{ "errorCode": code }] } }).to_string();
            if let Meaning::Over(Verdict::Later { detail, .. }) = meaning(500, None, body.as_bytes()) {
                prop_assert!(detail.len() <= 44 && detail.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_' || c == ' '));
            }
        }
    }
}
