//! `/api/v1/me`: who am I; `/api/v1/device-keys`: an app's code exchanged for a token bound to its device.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Json, ServiceConfig, get, post},
};
use kernel::{
    Error,
    id::{PersonId, SchoolId},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use web::{Answer, Failure, Site};

use super::{recognise::proof_of, rules, service};
use crate::{
    MyGuard,
    accounts::{Asking, Limits, Visit},
    schools,
};

/// The routes of the API.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/api/v1/me", get().to(me)).route("/api/v1/device-keys", post().to(connect));
}

#[derive(Debug, Serialize)]
struct Me {
    person_id: PersonId,
    organisations: Vec<Organisation>,
    /// What the key in use may open; nothing where a session asks.
    scopes: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
struct Organisation {
    id: SchoolId,
    code: String,
    name_kk: String,
    name_ru: String,
    name_en: String,
    roles: Vec<&'static str>,
    /// What is open now: by role, and by the key's scopes.
    rights: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Code {
    code: String,
}

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
    Ok(HttpResponse::Ok().json(me))
}

async fn connect(req: HttpRequest, body: Json<Code>) -> Answer {
    let (site, visit) = (Site::of(&req)?, Visit::of(&req));
    site.memory.of::<Limits>().take(Asking::AppCode(visit.address), site.clock.now()).map_err(Failure::TooMany)?;
    let proof = proof_of(&req, site, None).ok_or(Error::Refused("account.proof_refused"))?;
    let connected = service::connect(site, &body.code, &proof, &visit).await?;
    let told = json!({ "id": connected.id, "token": connected.token, "token_type": "DPoP", "scopes": connected.scopes, "expires_at": connected.expires_at.to_string() });
    Ok(HttpResponse::Created().json(told))
}
