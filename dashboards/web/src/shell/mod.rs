//! The one middleware around all pages and the API: `App::wrap(actix_web::middleware::from_fn(web::shell))`.
//! It refuses unsafe requests from other sites and addresses that no page has, renders failures, and puts the security headers on every answer.

use actix_web::{
    Error, HttpMessage, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{CACHE_CONTROL, HOST, HeaderMap, HeaderName, HeaderValue, STRICT_TRANSPORT_SECURITY, VARY},
    },
    middleware::Next,
};

use crate::{cookie::{self, Renewed}, csrf, failure::Failure, form::holds_nul, site::Site};

/// Wraps everything; see the module.
///
/// # Errors
/// Only what a middleware further in could not turn into an answer.
pub async fn shell<B: MessageBody + 'static>(req: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<BoxBody>, Error> {
    let refused = csrf::check(req.request()).err().or_else(|| holds_nul(&req.uri().to_string()).then_some(Failure::Status(StatusCode::BAD_REQUEST)));
    let mut answer = match refused {
        Some(failure) => {
            let (req, _payload) = req.into_parts();
            let page = failure.render(&req);
            ServiceResponse::new(req, page)
        }
        None => render_failure(next.call(req).await?.map_into_boxed_body()),
    };
    bring_token(&mut answer);
    let policy = content_policy(answer.request());
    let https = Site::of(answer.request()).is_ok_and(Site::is_https);
    protect(answer.headers_mut(), policy, https);
    Ok(answer)
}

/// Gives the browser the token that its session goes on under, unless the handler gave it another or took it away.
fn bring_token(answer: &mut ServiceResponse) {
    let renewed = answer.request().extensions().get::<Renewed>().cloned();
    let Some((Renewed(token), cookie)) = renewed.and_then(|renewed| Some((renewed.clone(), cookie::session(Site::of(answer.request()).ok()?, renewed.0)))) else { return };
    let said_otherwise = answer.response().cookies().any(|given| given.name() == cookie.name());
    if !said_otherwise && !token.is_empty() && answer.response_mut().add_cookie(&cookie).is_err() {
        tracing::error!("a fresh token could not be given to its browser");
    }
}

/// Replaces the bare answer of a failed handler, extractor or route by the rendered one.
fn render_failure(answer: ServiceResponse) -> ServiceResponse {
    let Some(page) = answer.response().error().map(|error| match error.as_error::<Failure>() {
        Some(failure) => failure.render(answer.request()),
        None => foreign_failure(error, answer.request()),
    }) else {
        return answer;
    };
    let (req, _bare) = answer.into_parts();
    ServiceResponse::new(req, page)
}

/// An error of actix itself: an unreadable path is a page that is not there, the rest keeps its status.
fn foreign_failure(error: &Error, req: &HttpRequest) -> HttpResponse {
    match error.as_response_error().status_code() {
        StatusCode::NOT_FOUND => Failure::from(kernel::Error::NotFound).render(req),
        status if status.is_client_error() => Failure::Status(status).render(req),
        _ => Failure::from(kernel::Error::broken(error.to_string())).render(req),
    }
}

fn protect(headers: &mut HeaderMap, policy: HeaderValue, https: bool) {
    let fixed: [(&'static str, &'static str); 5] = [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
        ("cross-origin-opener-policy", "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.insert(HeaderName::from_static("content-security-policy"), policy);
    headers.append(VARY, HeaderValue::from_static("Cookie, Accept-Language, HX-Request"));
    if https {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    // What concerns a person stays out of caches; assets have said their own.
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// Nothing but our own files. The WebSocket's address is spelt out for browsers whose `'self'` does not cover it (Safari before 15.4).
fn content_policy(req: &HttpRequest) -> HeaderValue {
    let host = req.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let plain = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']'));
    let sockets = if plain && !host.is_empty() { format!(" ws://{host} wss://{host}") } else { String::new() };
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; manifest-src 'self'; worker-src 'self'; \
         connect-src 'self'{sockets}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
}

#[cfg(test)]
mod tests;
