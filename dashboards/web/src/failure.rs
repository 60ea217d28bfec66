//! What a handler returns when it did not work out, and the one mapping from it to a page or a problem document (RFC 9457).
//!
//! `kernel::Error` turns into a [`Failure`] by `?`. The handler knows neither language nor format; [`crate::shell`] does, and calls
//! [`Failure::render`]. What is our fault is logged there once, with an id that the person sees and can quote.

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError,
    body::BoxBody,
    http::{
        StatusCode,
        header::{ACCEPT, LOCATION, RETRY_AFTER},
    },
};
use askama::Template;
use kernel::{Error, error::FieldError, id};
use serde_json::json;

use crate::{
    i18n::Texts,
    page::{Page, locale_of},
    site::Site,
};

/// What a handler returns.
pub type Answer = Result<HttpResponse, Failure>;

/// Why there is no ordinary answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The use case said so.
    #[error(transparent)]
    Kernel(#[from] Error),
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    SignIn,
    /// Refused until something else is done: a page leads there, a program is told the refusal.
    #[error("{0}, to be mended at {1}")]
    First(Error, &'static str),
    /// Another site caused this request.
    #[error("the request came from another site")]
    CrossSite,
    /// Too many tries; how many seconds to wait.
    #[error("too many tries")]
    TooMany(u32),
    /// A page could not be written.
    #[error("template: {0}")]
    Template(#[from] askama::Error),
    /// Refused before any handler: unreadable address, form, method.
    #[error("refused with {0}")]
    Status(StatusCode),
}

impl Failure {
    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Kernel(Error::NotFound) => StatusCode::NOT_FOUND,
            Self::Kernel(Error::Forbidden(_)) | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::Kernel(Error::Refused(_)) | Self::First(..) => StatusCode::CONFLICT,
            Self::Kernel(Error::Invalid(_)) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Kernel(Error::Busy) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Kernel(error @ Error::Database(_)) if is_overload(error) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Kernel(error @ Error::Database(_)) if is_no_value(error) => StatusCode::BAD_REQUEST,
            Self::Kernel(Error::Database(_) | Error::Broken(_)) | Self::Template(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Status(status) => *status,
        }
    }

    /// The stable code for programs, `room.reason`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Kernel(Error::Refused(code)) | Self::First(Error::Refused(code), _) => code,
            Self::CrossSite => "web.cross_site",
            _ => match self.status() {
                StatusCode::NOT_FOUND => "web.not_found",
                StatusCode::FORBIDDEN => "web.forbidden",
                StatusCode::UNAUTHORIZED => "web.sign_in",
                StatusCode::UNPROCESSABLE_ENTITY => "web.invalid",
                StatusCode::TOO_MANY_REQUESTS => "web.too_many",
                StatusCode::SERVICE_UNAVAILABLE => "web.busy",
                status if status.is_client_error() => "web.bad_request",
                _ => "web.broken",
            },
        }
    }

    /// The answer in the form and language that the request wants.
    pub fn render(&self, req: &HttpRequest) -> HttpResponse {
        let quoted = self.log(req);
        let rendered = if wants_json(req) { None } else { self.page(req, quoted.as_deref()) };
        rendered.unwrap_or_else(|| self.problem(req, quoted.as_deref()))
    }

    /// Logs what is our fault and gives the id to quote.
    fn log(&self, req: &HttpRequest) -> Option<String> {
        if let Self::Kernel(error @ Error::Database(_)) = self && is_no_value(error) {
            tracing::warn!(route = req.match_pattern().unwrap_or_default(), error = %Causes(self), "a request held a value that the database cannot hold");
        }
        if !self.status().is_server_error() {
            return None;
        }
        let now = Site::of(req).map_or(jiff::Timestamp::UNIX_EPOCH, |site| site.clock.now());
        let number = id::show(id::fresh(now));
        tracing::error!(failure = %number, method = %req.method(), route = req.match_pattern().unwrap_or_default(), error = %Causes(self), "request failed");
        Some(number)
    }

    fn page(&self, req: &HttpRequest, quoted: Option<&str>) -> Option<HttpResponse> {
        if matches!(self, Self::SignIn) {
            return Some(to_sign_in(req));
        }
        if let Self::First(_, address) = self {
            return Some(to_first(req, address));
        }
        let site = Site::of(req).ok()?;
        let t = site.texts(locale_of(req));
        let key = self.message_key();
        let view = FailurePage { title: t.text(format!("{key}-title")), body: t.text(format!("{key}-body")), fields: self.fields(&t), quoted: quoted.map(|id| t.with("failure-quote", [("id", id)])), home: t.text("failure-home") };
        let mut response = Page::new(view.title.clone()).narrow().status(self.status()).respond(req, &view).ok()?;
        self.add_headers(response.headers_mut());
        Some(response)
    }

    fn problem(&self, req: &HttpRequest, quoted: Option<&str>) -> HttpResponse {
        let title = Site::of(req).ok().map(|site| site.texts(locale_of(req)).text(format!("{}-title", self.message_key())));
        let fields: Vec<_> = self.invalid_fields().iter().map(|field| json!({"field": field.field, "message": field.message})).collect();
        let mut problem = json!({"type": "about:blank", "status": self.status().as_u16(), "code": self.code(), "title": title});
        if let (Some(object), Some(id)) = (problem.as_object_mut(), quoted) {
            object.insert("instance".into(), json!(format!("urn:shanyraq:failure:{id}")));
        }
        if let (Some(object), false) = (problem.as_object_mut(), fields.is_empty()) {
            object.insert("errors".into(), json!(fields));
        }
        let mut response = HttpResponseBuilder::new(self.status()).content_type("application/problem+json").body(problem.to_string());
        self.add_headers(response.headers_mut());
        response
    }

    fn add_headers(&self, headers: &mut actix_web::http::header::HeaderMap) {
        let wait = match self {
            Self::TooMany(seconds) => *seconds,
            _ if self.status() == StatusCode::SERVICE_UNAVAILABLE => 2,
            _ => return,
        };
        headers.insert(RETRY_AFTER, wait.into());
    }

    /// `failure-…`, or the refusal's own `refused-room-reason`.
    fn message_key(&self) -> String {
        match self {
            Self::Kernel(Error::Refused(code)) | Self::First(Error::Refused(code), _) => format!("refused-{}", code.replace(['.', '_'], "-")),
            _ => format!("failure-{}", self.code().trim_start_matches("web.").replace('_', "-")),
        }
    }

    fn invalid_fields(&self) -> &[FieldError] {
        match self {
            Self::Kernel(Error::Invalid(fields)) => fields,
            _ => &[],
        }
    }

    fn fields(&self, t: &Texts<'_>) -> Vec<String> {
        self.invalid_fields().iter().map(|field| t.text(field.message)).collect()
    }
}

/// A failure with all its causes, for the log.
struct Causes<'a>(&'a Failure);

impl std::fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = std::error::Error::source(self.0);
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

/// A lock or a statement that took too long: trying again may help.
fn is_overload(error: &Error) -> bool {
    matches!(error.sqlstate(), Some("55P03" | "57014" | "53300"))
}

/// A value that the database's types cannot hold (SQLSTATE class 22), such as a day before all calendars: whoever sent it is to change it.
fn is_no_value(error: &Error) -> bool {
    error.sqlstate().is_some_and(|state| state.starts_with("22"))
}

/// Whether the client is a program.
pub fn wants_json(req: &HttpRequest) -> bool {
    let accept = req.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    req.path().starts_with("/api/") || (accept.contains("json") && !accept.contains("text/html"))
}

/// To the sign-in page and then back. A fragment asks the browser to load the whole page anew.
fn to_sign_in(req: &HttpRequest) -> HttpResponse {
    let back = req.uri().path_and_query().map_or("/", |path| path.as_str());
    let address = format!("/sign-in?next={}", encoded(back));
    if crate::page::is_fragment(req) {
        return HttpResponse::Unauthorized().insert_header(("HX-Redirect", "/sign-in")).finish();
    }
    HttpResponse::SeeOther().insert_header((LOCATION, address)).finish()
}

/// To the page where the refusal is mended.
fn to_first(req: &HttpRequest, address: &str) -> HttpResponse {
    if crate::page::is_fragment(req) {
        return HttpResponse::Conflict().insert_header(("HX-Redirect", address)).finish();
    }
    HttpResponse::SeeOther().insert_header((LOCATION, address)).finish()
}

/// Percent-encodes a value of a query.
pub fn encoded(text: &str) -> String {
    let letter = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(letter).collect()
}

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage {
    title: String,
    body: String,
    fields: Vec<String>,
    quoted: Option<String>,
    home: String,
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    /// A bare answer; [`crate::shell`] replaces it by the rendered one.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        HttpResponse::new(self.status())
    }
}

/// The answer of every address that no room knows: `App::default_service(web::to(web::not_found))`.
pub async fn not_found() -> Answer {
    Err(Error::NotFound.into())
}
