//! Forms as browsers post them.
//!
//! A form is read only by whom the page is for. The web framework begins all arguments of a handler at once, and whichever fails first is
//! the answer; so a guard announces itself ([`Deciding`]) before any form of the same request is read, and the form waits for it.

use std::{future::Future, ops::Deref, pin::Pin};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::StatusCode,
    web::{Bytes, Query},
};
use jiff::civil::Date;
use serde::{Deserialize, de::DeserializeOwned};
use tokio::sync::watch;

use crate::{csrf, failure::Failure};

/// A posted form whose session token was checked before the handler sees it.
#[derive(Debug)]
pub struct Posted<T>(pub T);

/// A guard that decides about a request. The guard stands before the form in the handler's arguments.
#[derive(Debug)]
pub struct Deciding(watch::Sender<Verdict>);

/// How far the guard is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Open,
    LetIn,
}

/// What a form of the request waits for.
pub(crate) struct Awaited(watch::Receiver<Verdict>);

impl Awaited {
    /// What the forms of this request wait for; nothing where no guard stands before them.
    pub(crate) fn of(req: &HttpRequest) -> Option<Self> {
        req.extensions().get::<Self>().map(|awaited| Self(awaited.0.clone()))
    }
}

impl Deciding {
    /// Announces it. Forms of this request wait from now on.
    pub fn about(req: &HttpRequest) -> Self {
        let (tell, told) = watch::channel(Verdict::Open);
        req.extensions_mut().insert(Awaited(told));
        Self(tell)
    }

    /// The guard lets the request in. Dropped without it, the form is never read.
    pub fn let_in(self) {
        self.0.send_replace(Verdict::LetIn);
    }
}

/// Whether nobody decides, or has let the request in.
pub(crate) async fn is_let_in(awaited: Option<Awaited>) -> bool {
    match awaited {
        Some(Awaited(mut told)) => told.wait_for(|verdict| *verdict == Verdict::LetIn).await.is_ok(),
        None => true,
    }
}

#[derive(Deserialize)]
struct Token {
    csrf: Option<String>,
}

impl<T: DeserializeOwned> FromRequest for Posted<T> {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let awaited = Awaited::of(req);
        let (req, bytes) = (req.clone(), Bytes::from_request(req, payload));
        Box::pin(async move {
            if !is_let_in(awaited).await {
                // The guard's own refusal is the answer; this one is never seen.
                return Err(Failure::Status(StatusCode::FORBIDDEN));
            }
            let bytes = bytes.await.map_err(|error| Failure::Status(error.as_response_error().status_code()))?;
            let text = std::str::from_utf8(&bytes).map_err(|_| Failure::Status(StatusCode::BAD_REQUEST))?;
            if holds_nul(text) {
                return Err(Failure::Status(StatusCode::BAD_REQUEST));
            }
            let token: Token = parse(text)?;
            if !csrf::accepts(&req, token.csrf.as_deref()) {
                return Err(Failure::CrossSite);
            }
            parse(text).map(Self)
        })
    }
}

/// The query of an address, read only by whom the guard lets in: an address that cannot be read tells nothing to anybody else.
#[derive(Debug)]
pub struct Asked<T>(pub T);

impl<T> Asked<T> {
    /// What was asked.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Asked<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned> FromRequest for Asked<T> {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let awaited = Awaited::of(req);
        let req = req.clone();
        Box::pin(async move {
            if !is_let_in(awaited).await {
                // The guard's own refusal is the answer; this one is never seen.
                return Err(Failure::Status(StatusCode::FORBIDDEN));
            }
            parse(req.query_string()).map(Self)
        })
    }
}

/// Reads a day as browsers with a calendar send it, `2026-11-22`, or as people type it, `22.11.2026`.
pub fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    let typed = || {
        let mut parts = text.split(['.', '/', '-']).map(str::trim);
        let (day, month, year) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        parts.next().is_none().then(|| Date::new(year, month, day).ok())?
    };
    let sent = text.len() == 10 && text.is_ascii();
    sent.then(|| text.parse().ok()).flatten().or_else(typed).filter(|day: &Date| (1_900..=2_200).contains(&day.year()))
}

/// Whether an address or a form holds the character that no text of the database can hold. No browser sends it by itself.
pub fn holds_nul(encoded: &str) -> bool {
    encoded.contains("%00") || encoded.contains('\0')
}

/// Reads a form as browsers encode it.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Failure> {
    Query::<T>::from_query(text).map(Query::into_inner).map_err(|_| Failure::Status(StatusCode::BAD_REQUEST))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::day;

    #[test]
    fn a_day_is_read_as_sent_and_as_typed() {
        for text in ["2026-11-02", "02.11.2026", " 2.11.2026 ", "2/11/2026"] {
            assert_eq!(day(text), Some(date(2026, 11, 2)), "{text}");
        }
        for text in ["", "31.02.2026", "2026", "02.11.26", "22-11-2026-1", "0001-01-01", "қараша"] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
