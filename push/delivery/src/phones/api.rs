//! `/api/v1/push-tokens`.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Json, Path, ServiceConfig, delete, post},
};
use identity::MyGuard;
use kernel::{Error, Locale, id::TokenId};
use serde::{Deserialize, Serialize};
use web::{Answer, Site};

use super::service::{self, NewPhone};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/api/v1/push-tokens", post().to(register)).route("/api/v1/push-tokens/{id}", delete().to(remove));
}

/// A phone as an app registers it.
#[derive(Debug, Deserialize)]
struct PhoneBody {
    /// `fcm`.
    channel: String,
    /// The provider's token.
    token: String,
    /// The language that the phone shows; the account's when absent.
    locale: Option<Locale>,
}

/// A registered phone.
#[derive(Debug, Serialize)]
struct Registered {
    id: TokenId,
}

async fn register(req: HttpRequest, guard: MyGuard, body: Json<PhoneBody>) -> Answer {
    let site = Site::of(&req)?;
    let Json(PhoneBody { channel, token, locale }) = body;
    let phone = NewPhone::parse(&channel, &token, locale.unwrap_or(guard.ctx.locale))?;
    let id = service::register(&site.db, &guard.ctx, phone).await?;
    Ok(HttpResponse::Ok().json(Registered { id }))
}

async fn remove(req: HttpRequest, guard: MyGuard, id: Path<String>) -> Answer {
    let site = Site::of(&req)?;
    let id: TokenId = id.parse().map_err(|_| Error::NotFound)?;
    service::remove(&site.db, &guard.ctx, id).await?;
    Ok(HttpResponse::NoContent().finish())
}
