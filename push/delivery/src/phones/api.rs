//! `/api/v1/push-tokens`.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Json, Path, ServiceConfig, delete, post},
};
use identity::MyGuard;
use kernel::{Error, Locale, id::TokenId};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use web::{
    Answer, Site,
    api::{Id, Refusals},
};

use super::service::{self, NewPhone};

/// The description of these operations.
#[derive(OpenApi)]
#[openapi(paths(register, remove))]
pub(super) struct Described;

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/api/v1/push-tokens", post().to(register)).route("/api/v1/push-tokens/{id}", delete().to(remove));
}

/// A phone as an app registers it.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = Phone)]
struct PhoneBody {
    /// Through whom it is reached.
    #[schema(pattern = "^fcm$", example = "fcm")]
    channel: String,
    /// The provider's token.
    #[schema(min_length = 1, max_length = 4096, pattern = "^[!-~]+$")]
    token: String,
    /// The language that the phone shows; the account's when absent.
    #[schema(value_type = Option<String>, pattern = "^(kk|ru|en)$")]
    locale: Option<Locale>,
}

/// A registered phone.
#[derive(Debug, Serialize, ToSchema)]
struct Registered {
    #[schema(value_type = Id)]
    id: TokenId,
}

#[utoipa::path(post, path = "/api/v1/push-tokens", tag = "phones", summary = "Register a phone for notices",
    description = "Registered again, a token changes nothing but its language. Scope: `own`.",
    request_body = PhoneBody,
    responses((status = 200, description = "The phone is registered", body = Registered), Refusals))]
async fn register(req: HttpRequest, guard: MyGuard, body: Json<PhoneBody>) -> Answer {
    let site = Site::of(&req)?;
    let Json(PhoneBody { channel, token, locale }) = body;
    let phone = NewPhone::parse(&channel, &token, locale.unwrap_or(guard.ctx.locale))?;
    let id = service::register(&site.db, &guard.ctx, phone).await?;
    Ok(HttpResponse::Ok().json(Registered { id }))
}

#[utoipa::path(delete, path = "/api/v1/push-tokens/{id}", tag = "phones", summary = "Forget a phone", description = "It gets no more notices. Scope: `own`.",
    params(("id" = Id, Path, description = "What registering it gave")),
    responses((status = 204, description = "The phone is forgotten"), Refusals))]
async fn remove(req: HttpRequest, guard: MyGuard, id: Path<String>) -> Answer {
    let site = Site::of(&req)?;
    let id: TokenId = id.parse().map_err(|_| Error::NotFound)?;
    service::remove(&site.db, &guard.ctx, id).await?;
    Ok(HttpResponse::NoContent().finish())
}
