//! Whose key came with a request.

use actix_web::{HttpRequest, http::header::AUTHORIZATION};
use jiff::SignedDuration;
use kernel::{Error, db::Scope};
use web::{Failure, Site};

use super::{
    proof::{self, Proof, Request},
    service, store,
};
use crate::sessions::{Identity, identity_of};

/// Keys open these addresses and no others.
const API: &str = "/api/";
/// When a key was used is written at most this often.
const USED_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// Who sent a key, with its scopes. Nothing for a request that is no program's: outside of the API keys are not looked at.
///
/// # Errors
/// [`Failure::SignIn`] for a key that opens nothing, is bound to another device, or comes with a proof that is none.
pub(crate) async fn by_key(req: &HttpRequest, site: &Site) -> Result<Option<Identity>, Failure> {
    let sent = req.headers().get(AUTHORIZATION).filter(|_| req.path().starts_with(API));
    let Some(sent) = sent else { return Ok(None) };
    let (scheme, token) = sent.to_str().ok().and_then(|sent| sent.split_once(' ')).ok_or(Failure::SignIn)?;
    let proof = match scheme.to_ascii_lowercase().as_str() {
        "bearer" => None,
        "dpop" => Some(proof_of(req, site, Some(token)).ok_or(Failure::SignIn)?),
        _ => return Err(Failure::SignIn),
    };
    let (hash, now) = (service::hash(token).ok_or(Failure::SignIn)?, site.clock.now());
    let scope = Scope::nothing();
    let identity = site.db.run(&scope, async |tx| {
        let Some(found) = store::KEY_FIND.opt(tx, (hash, now)).await? else { return Ok(None) };
        if found.thumbprint.as_deref() != proof.as_ref().map(|proof| proof.thumbprint.as_slice()) {
            return Ok(None);
        }
        if let Some(proof) = &proof {
            service::remember(tx, proof, now).await?;
        }
        if found.used_at.is_none_or(|used| now.duration_since(used) >= USED_EVERY) {
            store::KEY_USED.run(tx, (found.id, now)).await?;
        }
        let identity = identity_of(tx, found.account_id, found.person_id, found.locale.as_deref(), now).await?;
        Ok(Some(Identity { scopes: Some(found.scopes), second_factor: found.strong, ..identity }))
    });
    match identity.await {
        Ok(Some(identity)) => Ok(Some(identity)),
        Ok(None) | Err(Error::Refused(_)) => Err(Failure::SignIn),
        Err(error) => Err(error.into()),
    }
}

/// The proof that came with a request, if it is one for this very request.
pub(super) fn proof_of(req: &HttpRequest, site: &Site, token: Option<&str>) -> Option<Proof> {
    let mut sent = req.headers().get_all("dpop");
    let (only, more) = (sent.next()?.to_str().ok()?, sent.next());
    let address = format!("{}{}", site.url, req.path());
    let request = Request { method: req.method().as_str(), address: &address, token };
    proof::check(only, request, site.clock.now()).filter(|_| more.is_none())
}
