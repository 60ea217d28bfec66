//! Keys of the API: what a program, or an app on a phone, may do in a person's name. A key is made by its owner, shown once, holds a part of
//! what they may do ([`rules::Scopes`]) and ends by itself within a year.
//!
//! A program sends `Authorization: Bearer …`. An app's token is bound to a key pair of its device: the app exchanges a code that its owner made
//! for a token, showing a proof by the private key (RFC 9449, DPoP), and sends `Authorization: DPoP …` with a fresh proof each time. A copied
//! token opens nothing without the key.
//!
//! Owns `account_key`, `account_key_code`, `account_key_proof`. Rights: none; everybody has keys of their own.
//! Always true:
//!  1. The database holds of a token and of a code only the hash, and a token is shown once.
//!  2. A key opens addresses of the API (`/api/…`) and nothing else, and makes no key ([`recognise`]).
//!  3. A key opens what its owner may do at that moment and its scopes name, whichever is less, and nothing after it was revoked or is over.
//!  4. A bound token is refused without a proof by its own key, made within a minute, for this very request, and not seen before.
//!  5. Making, connecting and revoking leave an audit row.

mod api;
mod pages;
mod proof;
mod recognise;
mod rules;
mod service;
mod store;

pub(crate) use recognise::by_key;
pub(crate) use service::revoke_all;
pub use store::STATEMENTS;

kernel::ids! {
    /// A key, as its owner sees it.
    KeyId,
}

/// The description of `/api/v1/me` and `/api/v1/device-keys`.
pub fn described() -> utoipa::openapi::OpenApi {
    <api::Described as utoipa::OpenApi>::openapi()
}

/// `/account/keys…`, `/api/v1/me`, `/api/v1/device-keys`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    pages::routes(cfg);
    api::routes(cfg);
}
