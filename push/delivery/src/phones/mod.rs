//! Phones: the tokens under which a person's phones and browsers are reached.
//! Owns `push_token` (rows come here; dispatch removes those whose app is gone).
//! Rights: none; everybody signed in registers and removes their own phones.
//! Always true:
//!  1. A token belongs to one person at a time (unique index `push_token_open`): registering it takes it from whoever signed in
//!     on that phone before.
//!  2. Registering twice changes nothing but the language; removing twice is removing once.
//!  3. A person sees and removes their own tokens only (policy `own` of `push_token`).

mod api;
mod service;
mod store;

pub use api::routes;
pub use service::{NewPhone, register, remove};
pub use store::STATEMENTS;

/// The description of the API of phones.
pub fn described() -> utoipa::openapi::OpenApi {
    <api::Described as utoipa::OpenApi>::openapi()
}
