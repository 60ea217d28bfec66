//! `/my/telegram/code`: the code for a chat, shown once, with the way to the bot.

use actix_web::{
    HttpRequest,
    web::{Data, ServiceConfig, post},
};
use askama::Template;
use identity::MyGuard;
use kernel::Error;
use serde::Deserialize;
use web::{Answer, Page, Site, Texts, form::Posted};

use super::service::{self, Offer};
use crate::Own;

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/my/telegram/code", post().to(code));
}

#[derive(Template)]
#[template(path = "link_code.html")]
struct View<'a> {
    t: Texts<'a>,
    code: String,
    address: String,
    bot: String,
}

#[derive(Debug, Deserialize)]
struct Nothing {}

/// The answer itself shows the code: it stands in no address and nowhere to be fetched again. Sent twice, the second code is the one that works.
async fn code(req: HttpRequest, guard: MyGuard, _form: Posted<Nothing>) -> Answer {
    let offer = req.app_data::<Data<Offer>>().ok_or(Error::Refused("links.off"))?;
    let code = service::make_code(&Site::of(&req)?.db, &Own::of(&guard).ctx).await?;
    let t = web::page::texts(&req)?;
    let view = View { code: code.shown(), address: offer.address(code.plain()), bot: offer.bot.clone(), t: t.clone() };
    Page::new(t.text("links-code-title")).narrow().respond(&req, &view)
}
