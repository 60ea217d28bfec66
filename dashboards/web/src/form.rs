//! Forms as browsers post them.

use std::{future::Future, pin::Pin};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::StatusCode,
    web::{Bytes, Query},
};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{csrf, failure::Failure};

/// A posted form whose session token was checked before the handler sees it.
#[derive(Debug)]
pub struct Posted<T>(pub T);

#[derive(Deserialize)]
struct Token {
    csrf: Option<String>,
}

impl<T: DeserializeOwned> FromRequest for Posted<T> {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, bytes) = (req.clone(), Bytes::from_request(req, payload));
        Box::pin(async move {
            let bytes = bytes.await.map_err(|error| Failure::Status(error.as_response_error().status_code()))?;
            let text = std::str::from_utf8(&bytes).map_err(|_| Failure::Status(StatusCode::BAD_REQUEST))?;
            let token: Token = parse(text)?;
            if !csrf::accepts(&req, token.csrf.as_deref()) {
                return Err(Failure::CrossSite);
            }
            parse(text).map(Self)
        })
    }
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Failure> {
    Query::<T>::from_query(text).map(Query::into_inner).map_err(|_| Failure::Status(StatusCode::BAD_REQUEST))
}
