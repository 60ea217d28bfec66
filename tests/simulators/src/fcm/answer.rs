//! Verdicts as HTTP answers, in the words and JSON shapes of Google's API.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use hyper::{Response, StatusCode};
use serde_json::{Value, json};

use super::message::Violation;
use super::oauth::GrantError;
use super::verdict::Verdict;

/// An answer with its whole body at hand.
pub type Answer = Response<Full<Bytes>>;

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=UTF-8");
const BAD_CREDENTIALS: &str = "Request had invalid authentication credentials. Expected OAuth 2 access token, \
     login cookie or other valid authentication credential. \
     See https://developers.google.com/identity/sign-in/web/devconsole-project.";

/// 200 with the name of the accepted message.
#[must_use]
pub fn accepted(name: &str) -> Answer {
    respond(
        StatusCode::OK,
        Bytes::from(format!("{{\n  \"name\": \"{name}\"\n}}\n")),
    )
}

/// Any JSON with status 200.
#[must_use]
pub fn ok(body: &Value) -> Answer {
    respond(StatusCode::OK, Bytes::from(format!("{body}\n")))
}

/// The access token just issued.
#[must_use]
pub fn token(access_token: &str, expires_in_s: u64) -> Answer {
    ok(&json!({ "access_token": access_token, "expires_in": expires_in_s, "token_type": "Bearer" }))
}

/// Why no access token was issued.
#[must_use]
pub fn no_token(error: GrantError) -> Answer {
    let body = json!({ "error": error.code(), "error_description": error.to_string() });
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
    respond(status, Bytes::from(body.to_string()))
}

/// The answer to a send; none for a stall or a reset.
#[must_use]
pub fn to_send(verdict: &Verdict, name: &str) -> Option<Answer> {
    Some(match verdict {
        Verdict::Accepted | Verdict::Validated => accepted(name),
        Verdict::Unauthenticated => {
            let mut answer = error(401, "UNAUTHENTICATED", BAD_CREDENTIALS, &[]);
            answer.headers_mut().insert(
                WWW_AUTHENTICATE,
                HeaderValue::from_static(
                    "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"",
                ),
            );
            answer
        }
        Verdict::PermissionDenied => error(
            403,
            "PERMISSION_DENIED",
            "Permission 'cloudmessaging.messages.create' denied on resource of this project (or it may not exist).",
            &[],
        ),
        Verdict::Malformed(violation) => malformed(violation),
        Verdict::BadToken => error(
            400,
            "INVALID_ARGUMENT",
            "The registration token is not a valid FCM registration token",
            &[
                fcm("INVALID_ARGUMENT"),
                violations("message.token", "Invalid registration token"),
            ],
        ),
        Verdict::Unregistered => error(
            404,
            "NOT_FOUND",
            "Requested entity was not found.",
            &[fcm("UNREGISTERED")],
        ),
        Verdict::SenderMismatch => error(
            403,
            "PERMISSION_DENIED",
            "SenderId mismatch",
            &[fcm("SENDER_ID_MISMATCH")],
        ),
        Verdict::ThirdPartyAuth => error(
            401,
            "UNAUTHENTICATED",
            "Auth error from APNS or Web Push Service",
            &[fcm("THIRD_PARTY_AUTH_ERROR")],
        ),
        Verdict::Quota { retry_after } => later(
            error(
                429,
                "RESOURCE_EXHAUSTED",
                "Quota exceeded for messages.",
                &[fcm("QUOTA_EXCEEDED")],
            ),
            *retry_after,
        ),
        Verdict::Unavailable { retry_after } => {
            let answer = error(
                503,
                "UNAVAILABLE",
                "The service is currently unavailable.",
                &[fcm("UNAVAILABLE")],
            );
            match retry_after {
                Some(wait) => later(answer, *wait),
                None => answer,
            }
        }
        Verdict::Internal => error(
            500,
            "INTERNAL",
            "Internal error encountered.",
            &[fcm("INTERNAL")],
        ),
        Verdict::Stall | Verdict::Reset => return None,
    })
}

/// 400 for a body that cannot be understood, of a send or of a control call.
#[must_use]
pub fn malformed(violation: &Violation) -> Answer {
    let Violation { field, description } = violation;
    error(
        400,
        "INVALID_ARGUMENT",
        description,
        &[violations(field, description)],
    )
}

/// 404 for an address nobody serves.
#[must_use]
pub fn no_such_address() -> Answer {
    error(
        404,
        "NOT_FOUND",
        "The simulator serves /token, /v1/projects/*/messages:send, /stats and /control.",
        &[],
    )
}

fn fcm(code: &str) -> Value {
    json!({ "@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": code })
}

fn violations(field: &str, description: &str) -> Value {
    json!({
        "@type": "type.googleapis.com/google.rpc.BadRequest",
        "fieldViolations": [{ "field": field, "description": description }],
    })
}

fn error(code: u16, status: &str, message: &str, details: &[Value]) -> Answer {
    let mut error = json!({ "code": code, "message": message, "status": status });
    if let (Some(fields), false) = (error.as_object_mut(), details.is_empty()) {
        fields.insert("details".to_owned(), Value::from(details));
    }
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    respond(status, Bytes::from(json!({ "error": error }).to_string()))
}

/// Retry-After counts whole seconds; a part of one is rounded up, so that a client never comes too early.
fn later(mut answer: Answer, wait: Duration) -> Answer {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    answer
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from(seconds));
    answer
}

fn respond(status: StatusCode, body: Bytes) -> Answer {
    let mut answer = Response::new(Full::new(body));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, JSON);
    answer
}
