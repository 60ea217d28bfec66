//! `/my/mail`: switches notices by e-mail on. They are switched off as any device is, on the page of phones.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::LOCATION,
    web::{Data, ServiceConfig, post},
};
use identity::{MyGuard, Policy};
use kernel::Error;
use serde::Deserialize;
use web::{Answer, Site, form::Posted};

use super::service::{self, Offer};
use crate::Own;

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/my/mail", post().to(switch_on));
}

#[derive(Debug, Deserialize)]
struct Nothing {}

async fn switch_on(req: HttpRequest, guard: MyGuard, _form: Posted<Nothing>) -> Answer {
    req.app_data::<Data<Offer>>().ok_or(Error::Refused("mailbox.off"))?;
    service::switch_on(&Site::of(&req)?.db, Policy::of(&req), &Own::of(&guard).ctx, guard.identity.account).await?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, "/my/phones?done=mail")).finish())
}
