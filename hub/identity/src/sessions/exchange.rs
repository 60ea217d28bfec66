//! A session goes on under a fresh token: what its owner may do, or how they prove to be themselves, has changed.
//!
//! Where the change happens in the session itself (a password, a passkey), the token is exchanged there. Where somebody else changed what a
//! person may do, the session is marked, and the next page that its browser loads brings the fresh token; requests that a page makes by
//! itself go on under the old one until then, so that of two at once none is refused. From the exchange on the old token is nobody's.

use actix_web::{
    HttpMessage, HttpRequest,
    http::{
        Method,
        header::{HeaderName, UPGRADE},
    },
};
use jiff::Timestamp;
use kernel::{
    Error, Result,
    db::{Scope, Tx},
    id::{AccountId, PersonId, SchoolId, Uuid},
    right::Role,
};
use web::{Site, cookie::Renewed};

use super::{
    store::{SESSION_EXCHANGE, SESSION_NO_PASSKEY, SESSION_PASSKEY, SESSION_RENEW, SESSION_RENEW_HOLDERS, SESSION_RENEW_ROLE},
    token::{self, TokenHash},
};

const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

/// Exchanges a session's token in the caller's transaction and gives the fresh one; the old one is nobody's from then on. The caller forgets
/// the account after the commit ([`super::forget_account`]).
pub(crate) async fn exchange(tx: &Tx, old: &str) -> Result<String> {
    let fresh = token::fresh()?;
    match SESSION_EXCHANGE.run(tx, (hash(old)?, hash(&fresh)?)).await? {
        0 => Err(Error::NotFound),
        _ => Ok(fresh),
    }
}

/// What a person may do has changed: their sessions get a fresh token with the next page.
pub(crate) async fn renew(tx: &Tx, person: PersonId, now: Timestamp) -> Result<()> {
    SESSION_RENEW.run(tx, (person, now)).await.map(drop)
}

/// What a role of a school opens has changed: the same for whoever holds it.
pub(crate) async fn renew_holders(tx: &Tx, school: SchoolId, role: Uuid, now: Timestamp) -> Result<()> {
    SESSION_RENEW_HOLDERS.run(tx, (school, role, now)).await.map(drop)
}

/// What a delivered role opens at a school has changed: the same for whoever holds it there.
pub(crate) async fn renew_role(tx: &Tx, school: SchoolId, role: Role, now: Timestamp) -> Result<()> {
    SESSION_RENEW_ROLE.run(tx, (school, role.as_str(), now)).await.map(drop)
}

/// Whether a browser loads a page: its answer can bring a fresh token, and nothing else of that page is under way.
pub(super) fn loads_a_page(req: &HttpRequest) -> bool {
    let navigates = req.headers().get(FETCH_MODE).is_none_or(|mode| mode == "navigate");
    let by_itself = req.headers().contains_key(UPGRADE) || req.headers().contains_key("hx-request") || ["/api/", "/live/"].iter().any(|start| req.path().starts_with(start));
    *req.method() == Method::GET && navigates && !by_itself
}

/// Exchanges the token of a marked session while its browser loads a page, and gives the hash of the fresh one. Nothing where another request
/// did so at the same moment.
pub(super) async fn exchange_with_page(req: &HttpRequest, site: &Site, old: &str) -> Result<Option<TokenHash>> {
    let fresh = site.db.run(&Scope::nothing(), async |tx| exchange(tx, old).await).await;
    match fresh {
        Ok(fresh) => {
            let hash = token::hash(&fresh);
            req.extensions_mut().insert(Renewed(fresh));
            Ok(hash)
        }
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A passkey was shown in the session of this token.
pub(crate) async fn note_passkey(tx: &Tx, token: &str, now: Timestamp) -> Result<()> {
    SESSION_PASSKEY.run(tx, (hash(token)?, now)).await.map(drop)
}

/// The account's passkeys count no longer in any of its sessions.
pub(crate) async fn forget_passkeys(tx: &Tx, account: AccountId) -> Result<()> {
    SESSION_NO_PASSKEY.run(tx, (account,)).await.map(drop)
}

fn hash(token: &str) -> Result<Vec<u8>> {
    Ok(token::hash(token).ok_or(Error::NotFound)?.0.to_vec())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_fresh_token_comes_with_a_page_and_nothing_else() {
        let page = || TestRequest::get().uri("/my");
        assert!(loads_a_page(&page().to_http_request()) && loads_a_page(&page().insert_header(("sec-fetch-mode", "navigate")).to_http_request()));
        for other in [
            TestRequest::post().uri("/my"),
            TestRequest::get().uri("/api/v1/me"),
            TestRequest::get().uri("/live/my"),
            page().insert_header(("hx-request", "true")),
            page().insert_header(("upgrade", "websocket")),
            page().insert_header(("sec-fetch-mode", "cors")),
        ] {
            assert!(!loads_a_page(&other.to_http_request()));
        }
    }
}
