//! The JSON API: what all its answers have in common, and its description.
//!
//! Each room that has an `api.rs` describes its operations there (`utoipa`); the server puts the descriptions together and registers them as a
//! [`Document`]. From it come `/api/v1/openapi.json` (OpenAPI 3.1, for programs) and `/api` (for people). `tests/golden/openapi.json` is the
//! same text: a change of the API is read by a reviewer.
//!
//! Always true:
//!  1. Every route below `/api/v1/` is described, and everything described is a route.
//!  2. An answer says its version (`ETag`); who has that version already gets 304 and no body.
//!  3. A list gives at most [`MOST`] entries, and the address of the next ones.

mod document;
mod pages;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, ETAG, EntityTag, Header, HeaderValue, IfNoneMatch, LINK},
    },
};
use kernel::Error;
use ring::digest;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, IntoResponses, ToSchema};

pub use document::{Describe, Document};
pub use pages::routes;

use crate::failure::Answer;

/// So many entries a list gives at most.
pub const MOST: i64 = 200;
const USUAL: i64 = 50;

/// An id: 26 characters of Crockford's base 32, which hold 128 bits; so the first is at most 7.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, pattern = "^[0-7][0-9a-hjkmnp-tv-z]{25}$", example = "01kap2m3n4p5q6r7s8t9v0w1x2")]
pub struct Id(#[allow(dead_code, reason = "stands in descriptions only")] String);

/// What went wrong (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the code tells kinds apart.
    #[schema(rename = "type")]
    pub r#type: String,
    /// The status of the answer.
    pub status: u16,
    /// `room.reason`; never renamed.
    pub code: String,
    /// For people, in the language asked for.
    pub title: Option<String>,
    /// To quote, when it was our fault.
    #[schema(required = false, nullable = false)]
    pub instance: Option<String>,
    /// Fields that could not be taken.
    #[schema(required = false, nullable = false)]
    pub errors: Option<Vec<ProblemField>>,
}

/// A field that could not be taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemField {
    /// Its name.
    pub field: String,
    /// Key of the message.
    pub message: String,
}

/// How every operation may refuse.
#[derive(Debug, IntoResponses)]
#[allow(dead_code, reason = "stands in descriptions only")]
pub enum Refusals {
    /// The request cannot be read.
    #[response(status = 400, content_type = "application/problem+json")]
    Unreadable(Problem),
    /// Nobody is signed in, or the key is over.
    #[response(status = 401, content_type = "application/problem+json")]
    SignIn(Problem),
    /// Signed in, but without the right.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// Not there, or not to be seen.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// A rule says no.
    #[response(status = 409, content_type = "application/problem+json")]
    Refused(Problem),
    /// Something in the request cannot be taken.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
    /// Too many tries; `Retry-After` says how long to wait.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(Problem),
    /// Too much at once; try again.
    #[response(status = 503, content_type = "application/problem+json")]
    Busy(Problem),
}

/// Which part of a list to give.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Part {
    /// Go on after this entry: what the `next` of the last part said.
    #[param(value_type = Option<Id>)]
    pub after: Option<String>,
    /// How many entries to give.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
}

impl Part {
    /// How many entries to give.
    ///
    /// # Errors
    /// For a limit out of its bounds.
    pub fn limit(&self) -> kernel::Result<i64> {
        match self.limit {
            None => Ok(USUAL),
            Some(limit) if (1..=MOST).contains(&limit) => Ok(limit),
            Some(_) => Err(Error::invalid("limit", "api-field-limit")),
        }
    }

    /// After which entry to go on.
    ///
    /// # Errors
    /// For what is no id.
    pub fn after<Id: std::str::FromStr>(&self) -> kernel::Result<Option<Id>> {
        self.after.as_deref().map(|after| after.parse().map_err(|_| Error::invalid("after", "api-field-after"))).transpose()
    }
}

/// A part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Listed<T> {
    /// The entries.
    pub items: Vec<T>,
    /// What to send as `after` for the next part; nothing after the last.
    pub next: Option<String>,
}

/// Answers with a body and its version, or with 304 to who has it.
///
/// # Errors
/// When the body cannot be written.
pub fn respond(req: &HttpRequest, body: &impl Serialize) -> Answer {
    let body = serde_json::to_vec(body).map_err(|error| Error::broken(error.to_string()))?;
    let version = version_of(&body)?;
    let known = is_known(req, &version);
    let mut answer = HttpResponse::build(if known { StatusCode::NOT_MODIFIED } else { StatusCode::OK });
    // To be asked for each time, and never kept by somebody between.
    answer.insert_header((CACHE_CONTROL, "private, no-cache")).insert_header((ETAG, version.to_string()));
    Ok(if known { answer.finish() } else { answer.content_type("application/json").body(body) })
}

/// The same for a part of a list, with the address of the next part (RFC 8288).
///
/// # Errors
/// When the body cannot be written.
pub fn respond_list(req: &HttpRequest, list: &Listed<impl Serialize>) -> Answer {
    let mut answer = respond(req, list)?;
    if let Some(next) = &list.next {
        let asked = req.query_string().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("after="));
        let query: Vec<&str> = asked.collect();
        let link = format!("<{}?{}>; rel=\"next\"", req.path(), [query.join("&"), format!("after={next}")].join("&").trim_start_matches('&'));
        let link = HeaderValue::try_from(link).map_err(|_| Error::broken("an address that no header holds"))?;
        answer.headers_mut().insert(LINK, link);
    }
    Ok(answer)
}

/// The version is what the body says: two bodies that say the same are one version, wherever their rows changed.
fn version_of(body: &[u8]) -> kernel::Result<EntityTag> {
    let hash = digest::digest(&digest::SHA256, body);
    let hash: [u8; 16] = hash.as_ref().first_chunk().copied().ok_or_else(|| Error::broken("a hash too short"))?;
    Ok(EntityTag::new_strong(format!("{:032x}", u128::from_be_bytes(hash))))
}

fn is_known(req: &HttpRequest, version: &EntityTag) -> bool {
    match IfNoneMatch::parse(req) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(known)) => known.iter().any(|one| one.weak_eq(version)),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::{body::to_bytes, http::header::IF_NONE_MATCH, test::TestRequest};

    use super::*;

    #[actix_web::test]
    async fn inv_2_who_has_a_version_gets_no_body() {
        let list = || Listed { items: vec!["7А"], next: Some("01kap2m3n4p5q6r7s8t9v0w1x2".into()) };
        let first = respond_list(&TestRequest::with_uri("/api/v1/x?q=%D0%B0&after=0&limit=1").to_http_request(), &list()).unwrap();
        assert_eq!(first.headers().get(LINK).unwrap(), "</api/v1/x?q=%D0%B0&limit=1&after=01kap2m3n4p5q6r7s8t9v0w1x2>; rel=\"next\"");
        let version = first.headers().get(ETAG).unwrap().clone();
        let again = |known: HeaderValue| TestRequest::default().insert_header((IF_NONE_MATCH, known)).to_http_request();
        let second = respond_list(&again(version.clone()), &list()).unwrap();
        assert_eq!(second.status(), StatusCode::NOT_MODIFIED);
        assert!(to_bytes(second.into_body()).await.unwrap().is_empty());
        let other = respond(&again(version), &"7Ә").unwrap();
        assert_eq!(other.status(), StatusCode::OK);
        assert_eq!(to_bytes(other.into_body()).await.unwrap(), "\"7Ә\"".as_bytes());
    }

    #[test]
    fn inv_3_a_part_has_bounds() {
        let part = |limit| Part { after: None, limit };
        assert_eq!(part(None).limit().unwrap(), USUAL);
        assert_eq!(part(Some(MOST)).limit().unwrap(), MOST);
        for limit in [0, -1, MOST + 1, i64::MAX] {
            assert!(matches!(part(Some(limit)).limit(), Err(Error::Invalid(_))), "{limit}");
        }
        assert!(matches!(Part { after: Some("x".into()), limit: None }.after::<kernel::id::PersonId>(), Err(Error::Invalid(_))));
    }
}
