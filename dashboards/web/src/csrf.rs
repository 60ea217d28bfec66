//! Protection of unsafe requests from other sites. Three fences, any of which holds alone in a current browser:
//! the session cookie is `SameSite=Lax`; `Sec-Fetch-Site` or `Origin` must name our own site ([`check`]); a signed-in person's form
//! carries a token made from their session ([`token`]), which another site cannot read.

use std::fmt;

use actix_web::{
    HttpRequest,
    http::{
        Method,
        header::{HOST, HeaderName, ORIGIN, REFERER, UPGRADE},
    },
};
use ring::digest;

use crate::{cookie, failure::Failure, site::Site};

/// The form field's name.
pub const FIELD: &str = "csrf";

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses an unsafe request that another site caused. Opening a WebSocket is one too, though its handshake is a GET.
///
/// # Errors
/// [`Failure::CrossSite`].
pub fn check(req: &HttpRequest) -> Result<(), Failure> {
    let reads = matches!(*req.method(), Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE);
    let safe = reads && !req.headers().contains_key(UPGRADE);
    if safe || comes_from_us(req) { Ok(()) } else { Err(Failure::CrossSite) }
}

/// The token of this session's forms; nothing without a session.
pub fn token(req: &HttpRequest) -> Option<String> {
    let session = cookie::session_token(req)?;
    let digest = sha256(&format!("shanyraq form token: {session}"));
    Some(digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Whether a form's token is this session's. Without a session there is nothing to steal, and [`check`] alone decides.
pub fn accepts(req: &HttpRequest, given: Option<&str>) -> bool {
    token(req).is_none_or(|want| given.is_some_and(|given| sha256(&want).as_ref() == sha256(given).as_ref()))
}

/// The hidden field of a form: `{{ csrf }}` in a template.
#[derive(Debug, Clone, Default)]
pub struct CsrfField(Option<String>);

/// The hidden field for this request's session.
pub fn field(req: &HttpRequest) -> CsrfField {
    CsrfField(token(req))
}

impl fmt::Display for CsrfField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(token) => write!(f, r#"<input type="hidden" name="{FIELD}" value="{token}">"#),
            None => Ok(()),
        }
    }
}
impl askama::filters::HtmlSafe for CsrfField {}

/// Compared instead of the tokens themselves, the time of comparing tells nothing.
fn sha256(text: &str) -> digest::Digest {
    digest::digest(&digest::SHA256, text.as_bytes())
}

/// A browser says where a request comes from by `Sec-Fetch-Site`, an older one by `Origin` or at least `Referer`;
/// a program that says nothing of it holds no cookie of somebody else.
fn comes_from_us(req: &HttpRequest) -> bool {
    let header = |name: HeaderName| req.headers().get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = header(FETCH_SITE) {
        return matches!(site, "same-origin" | "none");
    }
    match header(ORIGIN).or_else(|| header(REFERER)) {
        Some(origin) => is_ours(req, origin),
        None => true,
    }
}

fn is_ours(req: &HttpRequest, address: &str) -> bool {
    let Some((_, rest)) = address.split_once("://") else { return false };
    let authority = rest.split('/').next().unwrap_or_default();
    let host = req.headers().get(HOST).and_then(|host| host.to_str().ok());
    let public = Site::of(req).ok().and_then(|site| site.url.split_once("://")).map(|(_, authority)| authority);
    !authority.is_empty() && (host == Some(authority) || public == Some(authority))
}
