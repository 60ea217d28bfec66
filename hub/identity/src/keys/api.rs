//! `/api/v1/me`: who am I; `/api/v1/device-keys`: an app's code exchanged for a token bound to its device.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Json, ServiceConfig, get, post},
};
use jiff::Timestamp;
use kernel::{
    Error,
    id::{PersonId, SchoolId},
};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use web::{
    Answer, Failure, Site,
    api::{self, Id, Refusals},
};

use super::{KeyId, recognise::proof_of, rules, service};
use crate::{
    MyGuard,
    accounts::{Asking, Limits, Visit},
    schools,
};

/// The routes of the API.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/api/v1/me", get().to(me)).route("/api/v1/device-keys", post().to(connect));
}

/// The description of these operations.
#[derive(OpenApi)]
#[openapi(paths(me, connect))]
pub(super) struct Described;

/// Who asks.
#[derive(Debug, Serialize, ToSchema)]
struct Me {
    /// Their person.
    #[schema(value_type = Id)]
    person_id: PersonId,
    /// Where they work, and where their children learn.
    organisations: Vec<Organisation>,
    /// What the key in use may open; nothing where a session asks.
    scopes: Option<Vec<String>>,
}

/// An organisation where somebody has a role.
#[derive(Debug, Serialize, ToSchema)]
struct Organisation {
    #[schema(value_type = Id)]
    id: SchoolId,
    /// As in addresses: `/{school}/…`.
    code: String,
    name_kk: String,
    name_ru: String,
    name_en: String,
    /// The delivered roles that the person has there.
    roles: Vec<&'static str>,
    /// What is open now: by role, and by the key's scopes.
    rights: Vec<String>,
}

/// An app's code.
#[derive(Debug, Deserialize, ToSchema)]
struct Code {
    /// As the page of keys showed it to its owner.
    #[schema(example = "k7wq-m2fd-9xtz")]
    code: String,
}

/// A token for the device that asked.
#[derive(Debug, Serialize, ToSchema)]
struct Connected {
    #[schema(value_type = Id)]
    id: KeyId,
    /// Shown once.
    token: String,
    /// Always `DPoP`.
    token_type: &'static str,
    /// What it opens.
    scopes: Vec<String>,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

#[utoipa::path(get, path = "/api/v1/me", tag = "keys", summary = "Who am I",
    description = "The person behind the key, their organisations, and what is open to them there. Needs no scope.",
    responses((status = 200, description = "The person behind the key", body = Me), Refusals))]
async fn me(req: HttpRequest, guard: MyGuard) -> Answer {
    let (site, identity) = (Site::of(&req)?, &guard.identity);
    let mut ids: Vec<SchoolId> = identity.grants.iter().map(|(school, _)| *school).chain(identity.limited.iter().map(|held| held.school)).collect();
    ids.sort_unstable();
    ids.dedup();
    let organisations = schools::by_ids(site, &ids).await?.into_iter().map(|school| {
        let mut roles: Vec<&'static str> = identity.grants.iter().filter(|(at, _)| *at == school.id).map(|(_, role)| role.as_str()).collect();
        roles.sort_unstable();
        let rights = rules::rights_at(identity, school.id, &site.rights).into_iter().filter(|right| identity.scopes.as_ref().is_none_or(|scopes| scopes.contains(right))).collect();
        Organisation { id: school.id, code: school.code, name_kk: school.name_kk, name_ru: school.name_ru, name_en: school.name_en, roles, rights }
    });
    let me = Me { person_id: identity.person, organisations: organisations.collect(), scopes: identity.scopes.clone() };
    api::respond(&req, &me)
}

#[utoipa::path(post, path = "/api/v1/device-keys", tag = "keys", summary = "Connect an app on a device", security(()),
    description = "Exchanges the code that a person made on the page of keys for a token bound to the device's key pair. The request carries a proof by that key (RFC 9449) in the header `DPoP`. A code works once, within ten minutes.",
    params(("DPoP" = String, Header, description = "The proof of this request by the device's key")),
    request_body = Code,
    responses((status = 201, description = "The token", body = Connected), Refusals))]
async fn connect(req: HttpRequest, body: Json<Code>) -> Answer {
    if !req.headers().contains_key("dpop") {
        return Err(Error::invalid("DPoP", "api-field-missing").into());
    }
    let (site, visit) = (Site::of(&req)?, Visit::of(&req));
    site.memory.of::<Limits>().take(Asking::AppCode(visit.address), site.clock.now()).map_err(Failure::TooMany)?;
    let proof = proof_of(&req, site, None).ok_or(Error::Refused("account.proof_refused"))?;
    let connected = service::connect(site, &body.code, &proof, &visit).await?;
    let service::Connected { id, token, scopes, expires_at } = connected;
    Ok(HttpResponse::Created().json(Connected { id, token, token_type: "DPoP", scopes, expires_at }))
}
